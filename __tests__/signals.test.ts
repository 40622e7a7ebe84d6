import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasGuard } from "./support/has-guard.ts";
import { patience } from "./support/patience.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "signals-"));
	// It says who it is, and ends for nobody.
	writeFileSync(join(folder, "hung"), `#!/bin/sh\ntrap '' TERM INT HUP\necho $$ > '${folder}/pid'\nsleep 60 & wait\n`);
	chmodSync(join(folder, "hung"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** More than a zombie that waits for its parent. */
function isAlive(pid: string): boolean {
	return existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Starts the built program, sends it a signal while a tool of the profile hangs, and says how both ended. */
async function interrupt(words: readonly string[], signal: NodeJS.Signals) {
	const env = {
		PATH: `${folder}:${process.env.PATH}`,
		RUNNER_TEMP: folder,
		INPUT_PROFILE: "generic",
		INPUT_TOOLS: 'hung: "*"',
		INPUT_TIMEOUT: "30s",
	};
	const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
	const code = new Promise((resolve) => child.once("close", resolve));
	const pid = await new Promise<string>((resolve) => {
		const timer = setInterval(() => {
			const text = existsSync(join(folder, "pid")) ? readFileSync(join(folder, "pid"), "utf8").trim() : "";
			if (text === "") return;
			clearInterval(timer);
			resolve(text);
		}, 20);
	});
	if (signal === "SIGKILL") await expect.poll(() => hasGuard(child.pid), patience).toBe(true);
	child.kill(signal);
	return { code: await code, output, isToolAlive: isAlive(pid), pid };
}

const check = ["dist/cli.js", "--profile", "generic", "--tools", 'hung: "*"', "--timeout", "30s"];

describe.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)("%s", (signal) => {
	it.each([
		["the terminal", check],
		["the action", ["dist/main.js"]],
	])("ends a run of %s and the tools that it started, and tells no verdict", async (_, words) => {
		const ended = await interrupt(words, signal);
		expect(ended).toMatchObject({ code: 128 + constants.signals[signal], output: "", isToolAlive: false });
		expect(existsSync(join(folder, "runner-check"))).toBe(false);
	});
});

it("leaves no tool behind when it is killed, as a runner cancels a host job", async () => {
	const { code, pid } = await interrupt(["dist/main.js"], "SIGKILL");
	expect(code).toBe(null);
	await expect.poll(() => isAlive(pid), patience).toBe(false);
});
