import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withEdits } from "../../src/lint/fix/edits.ts";
import type { LintResult } from "../../src/lint/lint.ts";
import { brief, lint } from "../lint/support/lint.ts";
import { which } from "./support/run.ts";

/** What systemd itself says about a unit, held against what the lint says. */
const hasSystemd = (await which("systemd-analyze")) !== undefined;

let folder = "";
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "unit-truth-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function unit(service: string, head = "[Unit]\nAfter=network-online.target docker.service\n"): string {
	// systemd-analyze looks for the program.
	return `${head}[Service]\nExecStart=/bin/true gitea-runner daemon --config /etc/x.yaml\nRestart=always\nRestartSec=5s\n${service}`;
}

async function verify(text: string): Promise<string> {
	const path = join(folder, "gitea-runner.service");
	await writeFile(path, text);
	return new Promise((done) => {
		execFile("systemd-analyze", ["verify", path], { timeout: 60_000 }, (_error, stdout, stderr) =>
			done(stdout + stderr),
		);
	});
}

/** A line that systemd names as `path:LINE: …`. */
function linesIn(said: string): readonly number[] {
	const found = [...said.matchAll(/gitea-runner\.service:(\d+): /g)].map((match) => Number(match[1]));
	return [...new Set(found)].sort((a, b) => a - b);
}

const edits = (results: readonly LintResult[]) => results.flatMap((one) => (one.edits ? [one.edits] : []));

describe.skipIf(!hasSystemd)("systemd and the lint agree about", () => {
	test.for([
		["a comment behind a time", unit("TimeoutStopSec=30m # long\n")],
		["a comment behind a choice", unit("KillMode=mixed # all\n")],
		["a misspelled choice", unit("KillMode=mixt\n")],
		["no time", unit("TimeoutStopSec=never\n")],
		["a time in words", unit("TimeoutStopSec=1h 30min 5 seconds\n")],
		["no section", `Description=x\n${unit("")}`],
		["no assignment", unit("what is this\n")],
		["an unknown section", `[Sevice]\nA=b\n${unit("")}`],
		["a section of one's own", `[X-Team]\nA=b\n${unit("")}`],
		["a key of another section", unit("After=docker.service\n")],
		["a misspelled key", unit("TimeoutStopSecs=3\n")],
		["a switch", unit("PrivateTmp=maybe\n")],
		["a relative file of variables", unit("EnvironmentFile=env\n")],
		["a relative directory", unit("WorkingDirectory=runner\n")],
		["the home", unit("WorkingDirectory=~\n")],
		["a healthy unit", unit("TimeoutStopSec=3h\nKillMode=mixed\nPrivateTmp=yes\nLimitNOFILE=65536\n")],
	] as const)("%s", async ([, text]) => {
		const said = await verify(text);
		const results = await lint({ "gitea-runner.service": text });
		const found = results.filter(({ reason }) => reason === "ignored-line" || reason === "fatal-value");
		const lines = [...new Set(found.map(({ location }) => location?.line ?? 0))].sort((a, b) => a - b);
		expect(lines, `${said}\n${brief(results).join("\n")}`).toEqual(linesIn(said));
		const fixed = withEdits(text, edits(results));
		const left = await lint({ "gitea-runner.service": fixed.text });
		const nowSaid = await verify(fixed.text);
		expect(linesIn(nowSaid).length, nowSaid).toBe(linesIn(said).length - fixed.made);
		expect(edits(left)).toEqual([]);
	});
});
