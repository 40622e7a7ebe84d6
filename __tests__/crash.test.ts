import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "crash-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secrets = ["Canary-env-5f2c9e71", "Canary-flag-83ab10d2", "Canary-url-c0ffee12"];
const message = `cannot read ${secrets[0]}, ${secrets[1]}, https://joe:${secrets[2]}@git.example/x`;

/** Bugs of ours, planted into the built program. */
const bugs: Readonly<Record<string, string>> = {
	"thrown where it is caught": `const path = require("node:path"), { isAbsolute } = path;
		path.isAbsolute = (place) => { if (place === "/planted") throw new Error(message); return isAbsolute(place); };`,
	"thrown in an event": "setImmediate(() => setImmediate(() => { throw new Error(message); }));",
	"rejected where nobody waits": "setImmediate(() => setImmediate(() => { Promise.reject(new Error(message)); }));",
	"no error at all": "setImmediate(() => setImmediate(() => { throw message; }));",
};

it("a crash that cannot be told is not told", () => {
	const bug = `process.env = new Proxy(process.env, { ownKeys() { throw new Error(${JSON.stringify(message)}); } });`;
	writeFileSync(join(folder, "bug.cjs"), bug);
	const argv = ["--require", join(folder, "bug.cjs"), "dist/cli.js", "--profile", "nonsense"];
	const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
	expect(stdout).toBe("");
	expect(stderr).toBe("runner-check crashed, and could not say how without secrets\n");
	expect(status).toBe(3);
});

describe.each(Object.entries(bugs))("a crash, %s", (_, bug) => {
	it.each([
		["the terminal", "dist/cli.js", 3],
		["the action", "dist/main.js", 1],
	])("of %s tells what happened without secrets", (_, program, code) => {
		writeFileSync(join(folder, "bug.cjs"), `const message = ${JSON.stringify(message)};\n${bug}\n`);
		const words = program === "dist/cli.js" ? ["--token", secrets[1] ?? "", "--profile", "generic"] : [];
		const env = {
			PATH: process.env.PATH ?? "",
			RUNNER_TEMP: folder,
			GITHUB_WORKSPACE: "/planted",
			DEPLOY_TOKEN: secrets[0] ?? "",
			INPUT_TOKEN: secrets[1] ?? "",
		};
		const argv = ["--require", join(folder, "bug.cjs"), program, ...words];
		const { status, stdout, stderr } = spawnSync(process.execPath, argv, { env, encoding: "utf8" });
		expect(stdout + stderr).toContain("cannot read ***, ***, https://***@git.example/x");
		expect(stdout + stderr).not.toContain("Canary");
		expect(status).toBe(code);
	});
});
