import { describe, expect, it } from "vitest";
import { rustConsistency } from "../../../src/checks/toolchain/rust-consistency.ts";
import { judgeAll } from "../../../src/engine.ts";
import type { RustFacts, RustTool } from "../../../src/probes/rust.ts";
import { createPolicy, createTool, judge } from "../../support/builders.ts";
import { createJob } from "../runner/facts.ts";

function tool(name: string, version: string, overrides: Partial<RustTool> = {}): RustTool {
	return { path: `/root/.cargo/bin/${name}`, version, rustup: true, instead: false, ...overrides };
}

function facts(overrides: Partial<RustFacts> = {}): RustFacts {
	return {
		uid: 1000,
		mode: "container",
		rustc: tool("rustc", "1.95.0"),
		cargo: tool("cargo", "1.95.0"),
		cargoHome: { kind: "writable", path: "/usr/local/cargo" },
		toolchains: { kind: "listed", home: "/usr/local/rustup", names: ["1.95.0-x86_64-unknown-linux-gnu"] },
		...overrides,
	};
}

const verdictOf = (overrides?: Partial<RustFacts>) =>
	judge(rustConsistency, { rust: facts(overrides), job: createJob() });
const notWritable = {
	kind: "not-writable",
	path: "/home/runner/.cargo",
	at: "/home/runner/.cargo/registry/cache",
	exists: true,
	mode: 0o755,
	uid: 0,
	gid: 0,
} as const;

describe("what fits", () => {
	it("passes with one of them, and with patch releases and nightlies of one release", () => {
		expect(verdictOf({ rustc: undefined as never })).toMatchObject({ kind: "pass" });
		const nightly = { rustc: tool("rustc", "1.97.0-nightly"), cargo: tool("cargo", "1.97.0-nightly") };
		expect(verdictOf(nightly)).toMatchObject({ kind: "pass" });
		expect(verdictOf({ cargo: tool("cargo", "1.95.1") })).toMatchObject({ kind: "pass" });
	});

	it("has nothing to say where there is neither", () => {
		const { rustc: _, cargo: __, ...rest } = facts();
		expect(judge(rustConsistency, { rust: rest, job: createJob() })).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
		});
	});

	it("is asked only where the profile has Rust, and after its tools", () => {
		expect(rustConsistency.applies?.(createPolicy())).toBe(false);
		expect(rustConsistency.applies?.(createPolicy({ tools: { cargo: createTool("cargo") } }))).toBe(true);
		expect(rustConsistency.after).toEqual(["tool/rustc", "tool/cargo"]);
	});
});

it("a mismatch is a warning", () => {
	const policy = createPolicy({ tools: { cargo: createTool("cargo") } });
	const rust = facts({ cargo: tool("cargo", "1.80.0") });
	const answers = {
		rust: { ok: true, value: rust, ms: 1 } as const,
		job: { ok: true, value: createJob(), ms: 1 } as const,
	};
	const [result] = judgeAll([rustConsistency], answers, policy, { started: "2026-11-24T06:00:00.000Z" });
	expect(result).toMatchObject({ status: "warn", reason: "rustc-cargo-mismatch" });
});

it("a distribution may ship another cargo with its rustc", () => {
	const shipped = (name: string, version: string, directory = "/usr/bin") =>
		tool(name, version, { path: `${directory}/${name}`, rustup: false });
	const rustc = shipped("rustc", "1.63.0");
	for (const directory of ["/bin", "/usr/lib/rust-1.80/bin"]) {
		const old = { rustc: shipped("rustc", "1.48.0", directory), cargo: shipped("cargo", "1.46.0", directory) };
		expect(verdictOf(old)).toMatchObject({ kind: "pass" });
	}
	const linked = { path: "/usr/local/bin/cargo", realPath: "/usr/bin/cargo", rustup: false };
	expect(verdictOf({ rustc, cargo: tool("cargo", "1.65.0", linked) })).toMatchObject({ kind: "pass" });
	expect(verdictOf({ rustc, cargo: shipped("cargo", "1.65.0") })).toMatchObject({ kind: "pass" });
	for (const cargo of [
		shipped("cargo", "1.65.0", "/usr/local/bin"),
		tool("cargo", "1.65.0", { path: "/usr/bin/cargo" }),
	]) {
		expect(verdictOf({ rustc, cargo })).toMatchObject({ reason: "rustc-cargo-mismatch" });
	}
});

it("compares nothing where a version is not known", () => {
	const { version: _, ...silent } = tool("cargo", "");
	expect(verdictOf({ cargo: silent })).toMatchObject({
		kind: "pass",
		message: "rustc 1.95.0 and cargo; cargo writes to `/usr/local/cargo`",
	});
});

it("never advises to remove what a distribution ships", () => {
	const cargo = tool("cargo", "1.95.0");
	for (const mode of ["host", "container"] as const) {
		const rustc = tool("rustc", "1.63.0", { path: "/usr/bin/rustc", rustup: false });
		const said = JSON.stringify(verdictOf({ mode, rustc, cargo }));
		expect(said).toContain("rustc-cargo-mismatch");
		expect(said).not.toMatch(/remove|purge|uninstall/i);
	}
});

describe("cargo-home-full", () => {
	const full = { freeBytes: 0, freeInodes: 10, target: "/srv", shared: [] as string[] };
	const judged = (shared: string[], policy = createPolicy(), inodes = 10) =>
		judge(
			rustConsistency,
			{
				rust: facts({
					cargoHome: { kind: "writable", path: "/srv/cargo", full: { ...full, shared, freeInodes: inodes } },
				}),
				job: createJob(),
			},
			policy,
		);

	it("is a failure of its own on a disk of its own", () => {
		expect(judged([])).toMatchObject({ kind: "finding", reason: "cargo-home-full" });
	});

	it("waits for the check that reports the same disk", () => {
		const policy = createPolicy({ disk: [{ path: "workspace", free: 2 ** 30 }] });
		expect(judged(["workspace"], policy)).toMatchObject({ reason: "needs:disk/free" });
		expect(judged(["home"], policy)).toMatchObject({ reason: "needs:fs/writable" });
		expect(judged(["home"], createPolicy({ skip: ["fs/*"] }))).toMatchObject({ reason: "cargo-home-full" });
		expect(judged(["tool-cache"])).toMatchObject({ reason: "cargo-home-full" });
	});

	it("does not matter without cargo, or offline", () => {
		const cargoHome = { kind: "writable", path: "/srv/cargo", full } as const;
		expect(verdictOf({ cargoHome, cargo: undefined as never })).toMatchObject({ kind: "pass" });
		expect(verdictOf({ cargoHome, offline: true })).toMatchObject({ kind: "pass" });
	});
});

describe("pinned-toolchain-missing", () => {
	const pinned = { file: "rust-toolchain.toml", line: 2, channel: "1.70.0" };

	it("warns of a download in every job, and says where it is asked for", () => {
		expect(verdictOf({ pinned })).toMatchObject({
			reason: "pinned-toolchain-missing",
			location: { file: "rust-toolchain.toml", line: 2 },
		});
		expect(verdictOf({ pinned, rustc: tool("rustc", "1.95.0", { instead: true }) })).toMatchObject({ kind: "finding" });
		const strange = verdictOf({ pinned: { ...pinned, channel: "a;id" } });
		expect(JSON.stringify(strange)).toContain("--profile minimal 'a;id'");
	});

	it.each<[string, Partial<RustFacts>]>([
		["it is installed", { pinned: { ...pinned, channel: "1.95.0" } }],
		["it is a toolchain of its own", { pinned: { ...pinned, channel: "1.95.0-x86_64-unknown-linux-gnu" } }],
		["RUSTUP_TOOLCHAIN wins over the file", { pinned, override: "stable" }],
		[
			"rustup has no part in it",
			{ pinned, rustc: tool("rustc", "1.95.0", { rustup: false }), cargo: tool("cargo", "1.95.0", { rustup: false }) },
		],
		[
			"the directory cannot be read, and rustup does not complain",
			{ pinned, toolchains: { kind: "unknown", home: "/r", code: "EACCES" } },
		],
	])("is quiet where %s", (_, overrides) => {
		expect(verdictOf(overrides)).toMatchObject({ kind: "pass" });
	});

	it("knows a nightly of one day from the nightly", () => {
		const names = ["nightly-2026-01-01-x86_64-unknown-linux-gnu"];
		const toolchains = { kind: "listed", home: "/r", names } as const;
		expect(verdictOf({ toolchains, pinned: { ...pinned, channel: "nightly" } })).toMatchObject({ kind: "finding" });
		expect(verdictOf({ toolchains, pinned: { ...pinned, channel: "nightly-2026-01-01" } })).toMatchObject({
			kind: "pass",
		});
	});
});

describe("cargo-home-not-writable", () => {
	it("comes before what is only a warning", () => {
		expect(verdictOf({ cargoHome: notWritable, cargo: tool("cargo", "1.80.0") })).toMatchObject({
			reason: "cargo-home-not-writable",
		});
	});

	it.each([
		["the home of root", { path: "/root/.cargo", at: "/root/.cargo" }],
		["a directory of the system", { path: "/usr/local/cargo", at: "/usr/local/cargo/registry" }],
		["another user's", { uid: 1001 }],
		["of an owner that cannot be seen", { uid: undefined as never }],
	])("%s is not given away", (_, overrides) => {
		const verdict = verdictOf({ mode: "host", cargoHome: { ...notWritable, ...overrides } });
		expect(JSON.stringify(verdict)).not.toContain("chown");
		expect(JSON.stringify(verdict)).toContain("Environment=CARGO_HOME=");
	});

	it("does not matter offline, where an image brings the crates", () => {
		const cargoHome = { ...notWritable, crates: true } as const;
		expect(verdictOf({ cargoHome, offline: true })).toMatchObject({ kind: "pass" });
		expect(verdictOf({ cargoHome })).toMatchObject({ reason: "cargo-home-not-writable" });
		expect(verdictOf({ cargoHome: notWritable, offline: true })).toMatchObject({ reason: "cargo-home-not-writable" });
		expect(verdictOf({ cargoHome: { kind: "no-home" }, offline: true })).toMatchObject({ kind: "finding" });
	});

	it("does not matter without cargo", () => {
		expect(verdictOf({ cargoHome: notWritable, cargo: undefined as never })).toMatchObject({ kind: "pass" });
	});

	it("is undecided where it could not be found out", () => {
		expect(verdictOf({ cargoHome: { kind: "unknown", path: "/x", code: "EIO" } })).toMatchObject({ kind: "undecided" });
	});
});
