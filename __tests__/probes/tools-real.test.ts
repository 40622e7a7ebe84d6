import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diagnose } from "../../src/checks/toolchain/diagnose.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { type ToolFacts, toolProbe } from "../../src/probes/tools.ts";
import { createRequest } from "../support/builders.ts";
import { patience } from "../support/patience.ts";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "tools-real-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a program into a directory of its own. */
function install(name: string, content: string | Buffer, mode = 0o755): string {
	const bin = mkdtempSync(join(folder, "bin-"));
	writeFileSync(join(bin, name), content);
	chmodSync(join(bin, name), mode);
	return bin;
}

async function look(
	name: string,
	bin: string,
	{ signal = AbortSignal.timeout(10_000), env = {}, workspace = join(folder, "workspace") } = {},
): Promise<ToolFacts> {
	const host = createRealHost({ PATH: `${bin}:/usr/bin:/bin`, HOME: folder, ...env });
	const request = createRequest({ workspace });
	return toolProbe(name, [name, "--version"]).collect(host, request, signal, () =>
		Promise.reject(new Error("not asked")),
	);
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

describe("real programs", () => {
	it("ends one that hangs and ignores SIGTERM, at the deadline", async () => {
		const pidFile = join(folder, "pid");
		const write = `echo $$ > ${pidFile}.new && mv ${pidFile}.new ${pidFile}`;
		const bin = install("tool", `#!/bin/sh\ntrap '' TERM\n${write}\nwhile :; do sleep 1; done\n`);
		const deadline = new AbortController();
		const facts = look("tool", bin, { signal: deadline.signal });
		await expect.poll(() => existsSync(pidFile), patience).toBe(true);
		deadline.abort();
		expect(diagnose(await facts)).toMatchObject({ reason: "timeout" });
		const pid = Number(readFileSync(pidFile, "utf8"));
		await expect.poll(() => isAlive(pid), patience).toBe(false);
	});

	it("does not wait for a child that keeps the output open", async () => {
		const bin = install("tool", "#!/bin/sh\nsleep 60 &\necho tool 1.2.3\n");
		expect(diagnose(await look("tool", bin))).toMatchObject({ kind: "works" });
	});

	it("keeps little of ten megabytes", async () => {
		const bin = install("tool", "#!/bin/sh\necho tool 1.2.3\nhead -c 10000000 /dev/zero | tr '\\0' x\n");
		const facts = await look("tool", bin);
		expect(diagnose(facts)).toMatchObject({ kind: "works", version: { text: "1.2.3" } });
		expect(JSON.stringify(facts).length).toBeLessThan(8000);
	});

	it("is not misled by a workspace that does not exist", async () => {
		const bin = install("tool", "#!/bin/sh\necho tool 1.2.3\n");
		expect(diagnose(await look("tool", bin, { workspace: "/no/such/place" }))).toMatchObject({ kind: "works" });
	});

	it("hands no standard input on: nothing waits for an answer", async () => {
		const bin = install("tool", "#!/bin/sh\nread answer\necho tool 1.2.3\n");
		expect(diagnose(await look("tool", bin))).toMatchObject({ kind: "works" });
	});
});

describe.runIf(process.platform === "linux")("files that are no programs for this machine", () => {
	/** A copy of a real program with some bytes changed. */
	function changed(change: (bytes: Buffer) => void): string {
		const bytes = readFileSync("/bin/true");
		change(bytes);
		return install("tool", bytes);
	}

	it("tells a binary of another architecture", async () => {
		const foreign = process.arch === "arm64" ? 62 : 183;
		const facts = await look(
			"tool",
			changed((bytes) => bytes.writeUInt16LE(foreign, 18)),
		);
		expect(facts.file).toMatchObject({ format: "elf", machine: process.arch === "arm64" ? "x64" : "arm64" });
		expect(diagnose(facts)).toMatchObject({ reason: "wrong-architecture", variant: "architecture" });
	});

	it("tells a binary whose loader is missing", async () => {
		const bin = changed((bytes) => {
			const at = bytes.indexOf("/lib");
			bytes.write("/no", at);
		});
		const facts = await look("tool", bin);
		expect(facts.file).toMatchObject({ format: "elf", machine: process.arch, interpreterFound: false });
		expect(diagnose(facts)).toMatchObject({ reason: "missing-library", variant: "loader" });
	});

	it.each<[string, string, string, string]>([
		["an empty file", "", "unreadable-version", "silent"],
		["a page of HTML", "<!DOCTYPE html>\n<html>\n", "broken", "not-a-program"],
		["a script without its interpreter", "#!/no/such/perl\n", "broken", "interpreter"],
		["a script with line ends of Windows", "#!/bin/sh\r\necho 1.2.3\r\n", "broken", "windows-lines"],
		["a script of env without its interpreter", "#!/usr/bin/env no-such-thing\n", "broken", "interpreter"],
	])("tells %s", async (_, content, reason, variant) => {
		expect(diagnose(await look("tool", install("tool", content)))).toMatchObject({ reason, variant });
	});

	it("tells a file without the executable bit", async () => {
		const facts = await look("tool", install("tool", "#!/bin/sh\necho 1.2.3\n", 0o644));
		expect(diagnose(facts)).toMatchObject({ reason: "not-executable" });
	});
});

const rustup = `${process.env.HOME}/.cargo/bin/rustup`;
const { kind: ofRustup } = await createRealHost({}).access(rustup, "x");

describe.runIf(ofRustup === "granted")("the real rustup", () => {
	function proxies(how: "link" | "copy"): string {
		const bin = mkdtempSync(join(folder, "rustup-"));
		if (how === "copy") copyFileSync(rustup, join(bin, "rustc"));
		else symlinkSync(rustup, join(bin, "rustc"));
		return bin;
	}

	it.each(["link", "copy"] as const)("is not set up by being asked (%s)", async (how) => {
		const home = mkdtempSync(join(folder, "home-"));
		const facts = await look("rustc", proxies(how), { env: { HOME: home } });
		expect(diagnose(facts)).toMatchObject({ reason: "no-default-toolchain", variant: "never-set-up" });
		expect(readdirSync(home)).toEqual([]);
	});

	it("downloads nothing for a workspace that pins a toolchain", async () => {
		const home = mkdtempSync(join(folder, "home-"));
		const workspace = mkdtempSync(join(folder, "workspace-"));
		mkdirSync(join(home, ".rustup"));
		writeFileSync(join(home, ".rustup/settings.toml"), 'version = "12"\n');
		writeFileSync(join(workspace, "rust-toolchain.toml"), '[toolchain]\nchannel = "1.70.0"\n');
		const facts = await look("rustc", proxies("link"), { env: { HOME: home }, workspace });
		expect(diagnose(facts)).toMatchObject({ reason: "toolchain-not-installed" });
		expect(readdirSync(join(home, ".rustup"))).toEqual(["settings.toml"]);
	});
});
