import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = resolve("dist/main.js");
let folder: string;
let workspace: string;
let temp: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "smoke-"));
	workspace = join(folder, "workspace");
	temp = join(folder, "temp");
	for (const path of [workspace, temp, join(folder, "bin")]) mkdirSync(path);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A tool that says its version, and then does what the script says. */
function tool(name: string, script: string): void {
	const text = `#!/bin/sh\n[ "$1" = --version ] && { echo "${name} 1.2.3"; exit; }\n${script}\n`;
	writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
}

interface Started {
	readonly child: ChildProcess;
	readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly output: string }>;
}

function start(smoke: string, env: Readonly<Record<string, string>> = {}): Started {
	const child = spawn(process.execPath, [main], {
		cwd: workspace,
		env: {
			PATH: `${folder}/bin:${process.env.PATH}`,
			HOME: folder,
			GITHUB_WORKSPACE: workspace,
			RUNNER_TEMP: temp,
			INPUT_PROFILE: "generic",
			INPUT_SMOKE: smoke,
			INPUT_TIMEOUT: "40s",
			...env,
		},
		stdio: ["ignore", "pipe", "pipe"],
		timeout: 50_000,
		killSignal: "SIGKILL",
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
	const ended = new Promise<Awaited<Started["ended"]>>((end) =>
		child.once("close", (code, signal) => end({ code, signal, output })),
	);
	return { child, ended };
}

async function until(look: () => boolean): Promise<void> {
	while (!look()) await sleep(20);
}

/** What is left in the two directories that `smoke` works in. */
const left = () =>
	[workspace, temp].flatMap((at) => readdirSync(at)).filter((name) => name.startsWith(".runner-check"));
const pid = () => (existsSync(`${folder}/pid`) ? readFileSync(`${folder}/pid`, "utf8").trim() : "");
const lives = (id: string) => existsSync(`/proc/${id}/stat`) && !/\) Z /.test(readFileSync(`/proc/${id}/stat`, "utf8"));
const hangs = (name: string) =>
	tool(name, `trap '' HUP INT TERM\nsleep 600 &\necho $$ > '${folder}/pid'\nwhile :; do sleep 600; done`);

describe("a build that hangs", () => {
	for (const signal of ["SIGTERM", "SIGINT", "SIGKILL"] as const)
		it(`is ended by ${signal}, and nothing of it is left`, async () => {
			hangs("cargo");
			const { child, ended } = start("rust, git");
			await until(() => pid() !== "");
			expect(left().length).toBeGreaterThan(0);
			child.kill(signal);
			const { output } = await ended;
			expect(output).toBe("");
			await until(() => left().length === 0 && !lives(pid()));
			expect(left()).toEqual([]);
		});

	it("is ended at the deadline, and named", async () => {
		hangs("cargo");
		const { code, output } = await start("rust", { INPUT_TIMEOUT: "4s", INPUT_SKIP: "tool/*, docker/*" }).ended;
		expect(code).toBe(1);
		expect(output).toContain("smoke/rust:timeout");
		expect(left()).toEqual([]);
		expect(lives(pid())).toBe(false);
	});
});

it("a container that was only created is removed by a shell if the run is killed", async () => {
	tool(
		"docker",
		`case "$1" in run) echo $$ > '${folder}/pid'; sleep 600 ;; rm) echo "$@" >> '${folder}/removed' ;; esac`,
	);
	const engine = createServer((request, response) => {
		request.resume().on("end", () => {
			const value =
				request.url === "/images/json"
					? [{ RepoTags: ["small:1"], Size: 1 }]
					: { ApiVersion: "1.45", Version: "26.1.5" };
			response.writeHead(request.method === "GET" ? 200 : 400).end(JSON.stringify(value));
		});
	});
	const socket = join(folder, "docker.sock");
	await new Promise<void>((listening) => engine.listen(socket, listening));
	try {
		const { child, ended } = start("docker", { DOCKER_HOST: `unix://${socket}` });
		await until(() => pid() !== "");
		child.kill("SIGKILL");
		await ended;
		await until(() => existsSync(`${folder}/removed`));
		expect(readFileSync(`${folder}/removed`, "utf8")).toMatch(/^rm --force runner-check-run-/);
	} finally {
		engine.closeAllConnections();
		await new Promise((closed) => engine.close(closed));
	}
});

it("programs get no token, and what they print is inert and without secrets", async () => {
	const canary = "c4n4ry-0f-a-t0ken-that-nobody-has";
	tool(
		"cargo",
		`env > '${folder}/seen'\nprintf '::set-output name=x::y\\n  ::add-path::/evil\\n##[error]evil\\n::stop-commands::x\\nthe password is ${canary}\\n\\033[2J'\nexit 101`,
	);
	const { output } = await start("rust", { INPUT_TOKEN: canary, GITHUB_TOKEN: canary, DEPLOY_PASSWORD: canary }).ended;
	const seen = readFileSync(`${folder}/seen`, "utf8");
	expect(seen).not.toContain(canary);
	expect(seen).not.toMatch(/^(?:INPUT|GITHUB|ACTIONS)_/m);
	expect(output).not.toContain(canary);
	expect(output).toContain("::group::smoke/rust");
	const commands = output.split("\n").filter((line) => /^\s*::|##\[/.test(line.replace(/\u001b\[\d*m/g, "")));
	expect(commands.filter((line) => !/^::(?:group|endgroup|error|warning)\b/.test(line))).toEqual([]);
	expect(output).not.toContain("\u001b[2J");
	expect(left()).toEqual([]);
});

it("a program of an untrusted workspace is not started", async () => {
	tool("cargo", `echo ran > '${folder}/ran-cargo'\nexit 0`);
	mkdirSync(join(workspace, ".cargo"));
	writeFileSync(join(workspace, ".cargo/config.toml"), '[build]\nrustc-wrapper = "./wrap"\n');
	writeFileSync(join(workspace, "wrap"), `#!/bin/sh\ntouch '${folder}/ran-wrap'\n`, { mode: 0o755 });
	const { output } = await start("rust").ended;
	expect(existsSync(`${folder}/ran-cargo`)).toBe(false);
	expect(existsSync(`${folder}/ran-wrap`)).toBe(false);
	expect(output).toContain("smoke/rust");
});
