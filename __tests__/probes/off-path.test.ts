import { describe, expect, it } from "vitest";
import { toolFamily } from "../../src/checks/toolchain/tool.ts";
import { judgeAll } from "../../src/engine.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { parseRange } from "../../src/policy/ranges.ts";
import type { Facts } from "../../src/probes/probe.ts";
import { unexpandedEntries } from "../../src/probes/program-search.ts";
import { type ToolFacts, toolProbe } from "../../src/probes/tools.ts";
import { createJob } from "../checks/runner/facts.ts";
import { collect, createPolicy, createRequest, createTool } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine } from "../support/fake-host.ts";

const bin = "/home/ci/.cargo/bin";
const inBin = (...names: string[]) => Object.fromEntries(names.map((name) => [`${bin}/${name}`, executable()]));

/** Judges every tool of a policy on a machine, as a run does. */
async function judgeTools(policy: Policy, machine: FakeMachine): Promise<string[]> {
	const host = createHost({ userHome: "/home/ci", ...machine });
	const names = Object.keys(policy.tools);
	const answers = names.map(async (name): Promise<[string, Facts[string]]> => {
		const value = await collect(toolProbe(name, [name, "--version"]), host, createRequest({ policy }));
		return [`tool:${name}`, { ok: true, value, ms: 1 }];
	});
	const facts = Object.fromEntries([...(await Promise.all(answers)), ["job", { ok: true, value: createJob(), ms: 1 }]]);
	const results = judgeAll(toolFamily.expand(policy), facts as Facts, policy, { started: "2026-11-24T06:00:00.000Z" });
	return results.map(({ id, status, reason }) => `${id} ${reason ?? status}`);
}

function policyOf(names: readonly string[], overrides: Parameters<typeof createTool>[1] = {}): Policy {
	return createPolicy({ tools: Object.fromEntries(names.map((name) => [name, createTool(name, overrides)])) });
}

const look = (name: string, machine: FakeMachine, policy = policyOf([name])): Promise<ToolFacts> =>
	collect(
		toolProbe(name, [name, "--version"]),
		createHost({ userHome: "/home/ci", ...machine }),
		createRequest({ policy }),
	);

describe("entries that nobody expands", () => {
	it.each([
		["~/.cargo/bin", ["/home/ci/.cargo/bin"]],
		["$HOME/.cargo/bin", ["/home/ci/.cargo/bin"]],
		["${HOME}/.cargo/bin/", ["/home/ci/.cargo/bin"]],
		["%h/.cargo/bin", ["/home/ci/.cargo/bin"]],
		["$CARGO_HOME/bin", ["/opt/cargo/bin"]],
		["$NOWHERE/bin", []],
		["~other/bin", []],
		["/opt/~/bin", []],
		["/opt/$x/bin", []],
		["/home/$WHO/bin", ["/home/ci/bin"]],
		['"/opt/cargo/bin"', ["/opt/cargo/bin"]],
		["'~/bin'", ["/home/ci/bin"]],
		["/opt/cargo/bin ", ["/opt/cargo/bin"]],
		["/opt/cargo/bin;/opt/go/bin", ["/opt/cargo/bin", "/opt/go/bin"]],
		["$PATH", []],
		["/opt/cargo/bin/", []],
	])("%s", (entry, meant) => {
		const host = createHost({
			userHome: "/home/ci",
			env: { PATH: `/usr/bin:${entry}`, CARGO_HOME: "/opt/cargo", WHO: "ci" },
		});
		expect(unexpandedEntries(host).map((one) => one.meant)).toEqual(meant);
	});
});

describe("what a PATH lacks in one directory", () => {
	const tools = ["git", "cargo", "sqlx", "rustc", "cargo-nextest"];
	const git = {
		files: { "/usr/bin/git": executable() },
		programs: { "/usr/bin/git --version": exited("git version 2.39.5") },
	};

	it.each(["/usr/bin:/bin", "~/.cargo/bin:/usr/bin:/bin", "$HOME/.cargo/bin:/usr/bin"])(
		"is one finding: %s",
		async (PATH) => {
			const machine = { env: { PATH }, ...git, files: { ...git.files, ...inBin(...tools.slice(1)) } };
			expect(await judgeTools(policyOf(tools), machine)).toEqual([
				"tool/git pass",
				"tool/cargo needs:tool/sqlx",
				"tool/sqlx off-path",
				"tool/rustc needs:tool/sqlx",
				"tool/cargo-nextest needs:tool/sqlx",
			]);
		},
	);

	it("is not one with what is missing, or in another directory", async () => {
		const elsewhere = { "/home/ci/.local/bin/jq": executable(), "/opt/jq/bin/rustc": executable() };
		const machine = { env: { PATH: "/bin" }, files: { ...elsewhere, ...inBin("sqlx") } };
		expect(await judgeTools(policyOf(["sqlx", "jq", "ffmpeg"]), machine)).toEqual([
			"tool/sqlx off-path",
			"tool/jq off-path",
			"tool/ffmpeg missing",
		]);
	});

	it("waits for nothing that is not reported", async () => {
		const machine = { env: { PATH: "/bin" }, files: inBin("sqlx", "dbmate", "just") };
		const policy = policyOf(["sqlx", "dbmate", "just"]);
		const quiet = {
			...policy,
			skip: ["tool/sqlx"],
			tools: { ...policy.tools, dbmate: createTool("dbmate", { optional: true }) },
		};
		expect(await judgeTools(quiet, machine)).toEqual([
			"tool/sqlx disabled",
			"tool/dbmate absent",
			"tool/just off-path",
		]);
	});

	it("does not count what is on PATH and cannot be executed", async () => {
		const machine = {
			env: { PATH: "/bin" },
			files: { ...inBin("sqlx", "just"), "/bin/sqlx": { ...executable(), mode: 0o600 } },
		};
		expect(await judgeTools(policyOf(["sqlx", "just"]), machine as FakeMachine)).toEqual([
			"tool/sqlx not-executable",
			"tool/just off-path",
		]);
	});
});

describe("the entry that should have led there", () => {
	it("is named, with its directory as it has to be written, wherever it is", async () => {
		const machine = { env: { PATH: "~/tools/bin:/usr/bin" }, files: { "/home/ci/tools/bin/gen": executable() } };
		expect(await look("gen", machine)).toMatchObject({
			elsewhere: ["/home/ci/tools/bin/gen"],
			unexpanded: { entry: "~/tools/bin", meant: "/home/ci/tools/bin" },
			pathText: "~/tools/bin:/usr/bin",
		});
	});

	it("may be `$PATH` itself, for a program of the system", async () => {
		const files = { "/usr/bin/gen": executable() };
		expect(await look("gen", { env: { PATH: "$PATH:/opt/ci/bin" }, files })).toMatchObject({
			unexpanded: { entry: "$PATH", meant: "/usr/bin" },
		});
		expect(await look("gen", { env: { PATH: "/opt/ci/bin" }, files })).not.toHaveProperty("unexpanded");
	});

	it("is none where the tool is in another directory, or PATH is fine", async () => {
		const files = inBin("just");
		expect(await look("just", { env: { PATH: "~/go/bin:/usr/bin" }, files })).not.toHaveProperty("unexpanded");
		expect(await look("just", { env: { PATH: "/usr/bin" }, files })).not.toHaveProperty("unexpanded");
	});

	const old = {
		env: { PATH: "~/.cargo/bin:/usr/bin" },
		files: { "/usr/bin/rustc": executable(), "/usr/bin/cargo": executable(), ...inBin("rustc", "cargo") },
		programs: {
			"/usr/bin/rustc --version": exited("rustc 1.63.0"),
			"/usr/bin/cargo --version": exited("cargo 1.65.0"),
		},
	};
	const recent = { version: parseRange(">=1.92") ?? expect.fail() };

	it("explains a version that another installation has", async () => {
		expect(await judgeTools(policyOf(["rustc", "cargo"], recent), old)).toEqual([
			"tool/rustc out-of-range",
			"tool/cargo needs:tool/rustc",
		]);
		expect(await judgeTools(policyOf(["rustc", "cargo"]), old)).toEqual(["tool/rustc pass", "tool/cargo pass"]);
		const last = { ...old, env: { PATH: "/usr/bin:~/.cargo/bin" } };
		expect(await look("rustc", last)).not.toHaveProperty("unexpanded");
	});
});

it("finds what NixOS and Nix put outside the PATH of a service", async () => {
	for (const directory of [
		"/run/current-system/sw/bin",
		"/home/ci/.nix-profile/bin",
		"/nix/var/nix/profiles/default/bin",
	]) {
		const files = { [`${directory}/jq`]: executable() };
		const facts = await look("jq", { env: { PATH: "/nix/store/0-coreutils/bin", HOME: "/home/ci" }, files });
		expect(facts.elsewhere).toEqual([`${directory}/jq`]);
	}
});
