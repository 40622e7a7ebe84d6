import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { ansiToHtml } from "../support/gitea-log.ts";
import { takePicture } from "./browser.ts";

/** What people really write: a scheme in capitals, a mount that is not allowed, and a comment behind a value. */
const files = {
	"config.yaml": `runner:
  labels:
    - "builder:Docker://ghcr.io/team/builder:1.4"
container:
  options: -v /srv/models:/models
`,
	"gitea-runner.service": `[Unit]
After=docker.service network-online.target

[Service]
ExecStart=/usr/local/bin/gitea-runner daemon --config /etc/gitea-runner/config.yaml
Restart=always # keep it up
`,
};

/** The lint in a terminal, by the program that people run. */
test("lint", { timeout: 60_000 }, async () => {
	const folder = await mkdtemp(join(tmpdir(), "lint-picture-"));
	try {
		for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
		const command = ["lint", ...Object.keys(files), "--runner-version", "3.3.1"];
		const printed = await output(folder, command);
		expect(printed).toContain("2 errors, 1 warning");
		const shown = `$ runner-check ${command.join(" ")}\n\n${printed.trimEnd()}`;
		takePicture("terminal.html", ansiToHtml(shown), "docs/images/lint.png", 860);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

function output(cwd: string, parameters: readonly string[]): Promise<string> {
	const env = { PATH: process.env.PATH, FORCE_COLOR: "1", COLUMNS: "100", LANG: "C.UTF-8" };
	return new Promise((done) => {
		execFile(process.execPath, [resolve("dist/cli.js"), ...parameters], { cwd, env }, (_, stdout) => done(stdout));
	});
}
