import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolFamily } from "../../../src/checks/toolchain/tool.ts";
import { collectFacts } from "../../../src/collect.ts";
import { judgeAll, probesOf } from "../../../src/engine.ts";
import type { Host } from "../../../src/host/host.ts";
import { createRealHost } from "../../../src/host/real-host.ts";
import { createPolicy, createRequest, createTool } from "../../support/builders.ts";

/** A recorded run of a real tool. A negative exit is a signal. */
interface Recording {
	readonly area: string;
	readonly name: string;
	readonly exit: number;
	readonly stdout: string;
	readonly stderr: string;
}

const recordings: readonly Recording[] = readFileSync(
	join(import.meta.dirname, "../../fixtures/toolchain/recordings.jsonl"),
	"utf8",
)
	.split("\n")
	.filter(Boolean)
	.map((line) => JSON.parse(line));

/** Recording -> the command that it stands for and what has to be said of it. */
const table: Readonly<Record<string, readonly [command: string, expected: string, tool?: string]>> = {
	"rust/missing-rustc-bash": ["rustc --version", "missing"],
	"rust/missing-cargo-bash": ["cargo --version", "missing"],
	"rust/missing-rustup-bash": ["rustup --version", "missing"],
	"rust/missing-rustc-sh": ["rustc --version", "missing"],
	"rust/missing-cargo-sh": ["cargo --version", "missing"],
	"rust/missing-rustup-sh": ["rustup --version", "missing"],
	"rust/nodefault-rustc": ["rustc --version", "no-default-toolchain"],
	"rust/nodefault-cargo": ["cargo --version", "no-default-toolchain"],
	"rust/nodefault-rustfmt": ["rustfmt --version", "no-default-toolchain"],
	"rust/nodefault-cargo-clippy": ["cargo-clippy --version", "no-default-toolchain"],
	"rust/toolchainfile-missing-offline-cargo": ["cargo --version", "toolchain-not-installed"],
	"rust/envtoolchain-missing": ["rustc --version", "toolchain-not-installed"],
	"rust/envtoolchain-bogus": ["rustc --version", "toolchain-not-installed"],
	"rust/plus-missing": ["cargo +nightly --version", "toolchain-not-installed"],
	"rust/toolchainfile-invalid": ["rustc --version", "broken"],
	"rust/toolchainfile-path-missing": ["rustc --version", "toolchain-not-installed"],
	"rust/component-missing-rustfmt": ["rustfmt --version", "component-missing"],
	"rust/component-missing-cargo-nextest": ["cargo nextest --version", "component-missing", "cargo-nextest"],
	"rust/component-missing-cargo-llvm-cov": ["cargo llvm-cov --version", "component-missing", "cargo-llvm-cov"],
	"rust/ok-cargo-vV": ["cargo -vV", "1.95.0"],
	"rust/toolchain-without-rustc-cargobuild": ["cargo --version", "component-missing"],
	"rust/settings-garbage": ["rustc --version", "broken"],
	"rust/rustup-home-unwritable-first-use": ["rustc --version", "broken"],
	"rust/rustup-home-uncreatable": ["rustc --version", "broken"],
	"rust/home-unset": ["rustc --version", "1.95.0"],
	"rust/ulimit-v": ["cargo --version", "broken"],
	"node/missing-node-bash": ["node --version", "missing"],
	"node/missing-npm-bash": ["npm --version", "missing"],
	"node/missing-git-bash": ["git --version", "missing"],
	"node/missing-node-sh": ["node --version", "missing"],
	"node/missing-git-sh": ["git --version", "missing"],
	"node/missing-node-env": ["node --version", "missing"],
	"node/npm-without-node": ["npm --version", "broken"],
	"node/version-12.22.12": ["node --version", "12.22.12"],
	"node/version-16.20.2": ["node --version", "16.20.2"],
	"node/nodeoptions-bad": ["node --version", "broken"],
	"node/ulimit-v": ["node --version", "broken"],
	"node/shlib-missing-node": ["node --version", "missing-library"],
	"node/musl-glibc-node-ldmusl": ["node --version", "missing-library"],
	"node/wrongarch-bash": ["node --version", "wrong-architecture"],
	"node/wrongarch-sh": ["node --version", "wrong-architecture"],
	"node/npm10.9.2-on-node18.20.4": ["npm --version", "10.9.2"],
	"node/npm11-on-node12": ["npm --version", "broken"],
	"node/npm-copied-shim": ["npm --version", "broken"],
	"misc/glibc-too-old-git": ["git --version", "missing-library"],
	"misc/git-lfs-missing": ["git lfs version", "component-missing", "git-lfs"],
	"disk/enospc-sqlite-npm-cache": ["npm --version", "11.19.1"],
	"docker/cli20.10.24_--version": ["docker --version", "20.10.24"],
	"docker/cli24.0.9_--version": ["docker --version", "24.0.9"],
	"docker/cli26.1.5_--version": ["docker --version", "26.1.5"],
	"docker/cli28.2.2_--version": ["docker --version", "28.2.2"],
	"docker/cli29.7.2_--version": ["docker --version", "29.7.2"],
	"docker/podmanshim_--version": ["docker --version", "4.3.1"],
	"docker/podmanshim_missing-podman": ["docker --version", "broken"],
	"docker/missing-docker-bash": ["docker --version", "missing"],
	"docker/missing-docker-sh": ["docker --version", "missing"],
	"registry/docker20.10.24_config-invalid_version": ["docker version --format {{.Server.Version}}", "20.10.24"],
	"nvidia/smi470-nodriver-version": ["nvidia-smi --version", "broken"],
	"nvidia/smi550-nodriver-version": ["nvidia-smi --version", "broken"],
	"nvidia/smi550-ok-version": ["nvidia-smi --version", "550.163.01"],
	"nvidia/sample_linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04_version": ["nvidia-smi --version", "610.57.04"],
	"nvidia/sample_linux-x86_64__nvidia-h100-mig__590.48.01_version": ["nvidia-smi --version", "590.48.01"],
};

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "toolchain-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine with nothing but what lies in the folder. */
function machineOf(bin: string): Host {
	const real = createRealHost({ PATH: bin, HOME: folder });
	const inside = (path: string) => path.startsWith(folder);
	return {
		...real,
		stat: async (path) => (inside(path) ? real.stat(path) : { kind: "absent" }),
		lstat: async (path) => (inside(path) ? real.lstat(path) : { kind: "absent" }),
		list: async () => ({ kind: "absent" }),
	};
}

/** A program that prints and ends as the recorded one did. */
function standIn(bin: string, program: string, { exit, stdout, stderr }: Recording): void {
	mkdirSync(bin, { recursive: true });
	writeFileSync(join(bin, "stdout"), stdout);
	writeFileSync(join(bin, "stderr"), stderr);
	const end = exit < 0 ? `kill ${exit} $$` : `exit ${exit}`;
	writeFileSync(join(bin, program), `#!/bin/sh\n/bin/cat ${bin}/stdout\n/bin/cat ${bin}/stderr >&2\n${end}\n`);
	chmodSync(join(bin, program), 0o755);
}

async function judgedOn(host: Host, tool: string, command: readonly string[]): Promise<string> {
	const policy = createPolicy({ tools: { [tool]: createTool(tool, { command }) } });
	const checks = toolFamily.expand(policy);
	const request = createRequest({ policy, workspace: join(folder, "workspace") });
	const facts = await collectFacts(probesOf(checks), host, request);
	const [result] = judgeAll(checks, facts, policy, { started: "2026-11-24T06:00:00.000Z" });
	return result?.status === "pass" ? (result.evidence[0]?.text ?? "") : `${result?.status}:${result?.reason}`;
}

describe("recorded runs of real tools", () => {
	it.each(recordings.map((recording) => [`${recording.area}/${recording.name}`, recording] as const))(
		"%s",
		async (key, recording) => {
			const [line, expected, name] = table[key] ?? expect.fail(`${key} is not in the table`);
			const command = line.split(" ");
			const program = command[0] ?? "";
			const bin = join(folder, key.replace(/[^\w.-]/g, "_"));
			standIn(bin, program, recording);
			const healthy = /^\d/.test(expected);
			expect(await judgedOn(machineOf(bin), name ?? program, command)).toBe(healthy ? expected : `fail:${expected}`);
		},
	);

	it("has a recording for every line of the table", () => {
		const known = recordings.map(({ area, name }) => `${area}/${name}`);
		expect(Object.keys(table).filter((key) => !known.includes(key))).toEqual([]);
	});
});

describe("tools that are not there", () => {
	it.each(["rustc", "cargo", "docker", "node", "git", "npm"])("%s", async (tool) => {
		const empty = join(folder, "empty");
		mkdirSync(empty, { recursive: true });
		expect(await judgedOn(machineOf(empty), tool, [tool, "--version"])).toBe("fail:missing");
	});
});
