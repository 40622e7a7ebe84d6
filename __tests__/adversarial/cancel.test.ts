import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasGuard } from "../support/has-guard.ts";

let folder: string;
let workspace: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "cancel-"));
	workspace = join(folder, "workspace");
	mkdirSync(workspace);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** Until something is there; a run that never gets so far fails the test by its deadline. */
async function until<T>(look: () => T | undefined | false): Promise<T> {
	while (true) {
		const seen = look();
		if (seen !== undefined && seen !== false) return seen;
		await sleep(10);
	}
}

interface Started {
	readonly child: ChildProcess;
	readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly output: string }>;
}

function start(words: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
	const child = spawn(process.execPath, words, {
		cwd: workspace,
		env: { PATH: process.env.PATH, HOME: folder, ...env },
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

const cli = resolve("dist/cli.js");
const main = resolve("dist/main.js");

/** Process ids of what a hostile tool and its children are. */
function alive(pids: readonly string[]): readonly string[] {
	return pids.filter(
		(pid) => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")),
	);
}

describe("a run with hung tools", () => {
	/** Two tools that ignore every signal and have a child of the same kind. */
	function hang(): Readonly<Record<string, string>> {
		for (const name of ["one", "two"]) {
			const script = `#!/bin/sh\ntrap '' HUP INT TERM\nsleep 600 &\necho $$ $! > '${folder}/${name}.pids'\nwhile :; do sleep 600; done\n`;
			writeFileSync(join(folder, name), script, { mode: 0o755 });
		}
		return { PATH: `${folder}:${process.env.PATH}` };
	}
	const pids = (): readonly string[] | undefined => {
		const files = ["one", "two"].map((name) => join(folder, `${name}.pids`));
		const texts = files.map((file) => (existsSync(file) ? readFileSync(file, "utf8").trim() : ""));
		return texts.some((text) => !text.includes(" ")) ? undefined : texts.flatMap((text) => text.split(" "));
	};
	const tools = "{ one: '*', two: '*' }";
	const entries = [
		["the terminal", [cli, "--profile", "generic", "--tools", tools, "--timeout", "40s"], {}],
		["the action", [main], { INPUT_PROFILE: "generic", INPUT_TOOLS: tools, INPUT_TIMEOUT: "40s" }],
	] as const;

	for (const signal of signals)
		it.each(entries)(`is ended by ${signal}, with all of its processes: %s`, async (_, words, env) => {
			const { child, ended } = start(words, { ...hang(), ...env });
			const started = await until(pids);
			child.kill(signal);
			expect(await ended).toEqual({ code: 128 + constants.signals[signal], signal: null, output: "" });
			expect(alive(started)).toEqual([]);
		});

	it.each(entries)("is ended by SIGKILL, with all of its processes: %s", async (_, words, env) => {
		const { child, ended } = start(words, { ...hang(), ...env });
		const started = await until(pids);
		await until(() => hasGuard(child.pid));
		child.kill("SIGKILL");
		expect(await ended).toMatchObject({ signal: "SIGKILL" });
		await until(() => alive(started).length === 0);
		expect(alive(started)).toEqual([]);
	});
});

it.each(signals)("%s ends a run that only waits for the forge", async (signal) => {
	let asked = false;
	const forge = createServer(() => {
		asked = true;
	}).listen(0, "127.0.0.1");
	const { port } = (await until(() => forge.address() ?? undefined)) as AddressInfo;
	const address = `http://127.0.0.1:${port}`;
	const env = { GITHUB_SERVER_URL: address, GITHUB_API_URL: `${address}/api/v1`, INPUT_TOKEN: "t0ken-of-nobody" };
	const job = {
		GITHUB_ACTIONS: "true",
		GITEA_ACTIONS: "true",
		GITHUB_REPOSITORY: "o/r",
		GITHUB_RUN_ID: "1",
		GITHUB_JOB: "j",
	};
	const { child, ended } = start([main], { ...env, ...job, GITHUB_WORKSPACE: workspace, INPUT_TIMEOUT: "40s" });
	try {
		await until(() => asked);
		const sent = performance.now();
		child.kill(signal);
		expect(await ended).toEqual({ code: 128 + constants.signals[signal], signal: null, output: "" });
		expect(performance.now() - sent).toBeLessThan(3000);
	} finally {
		forge.closeAllConnections();
		forge.close();
	}
});

/** An engine on a socket that stops at a request until it is told to go on, as one does that is busy. */
async function engine(stopsAt: RegExp) {
	const containers = new Set<string>();
	const orders: string[] = [];
	let stopped: (() => void) | undefined;
	const answerTo = (method: string, url: URL): { status: number; value?: unknown } | "nothing" => {
		const name = url.pathname.split("/")[2] ?? "";
		if (url.pathname === "/images/json") return { status: 200, value: [{ RepoTags: ["small:1"], Size: 5 }] };
		if (url.pathname === "/containers/create") {
			const wanted = url.searchParams.get("name");
			if (wanted === null) return { status: 400, value: { message: "no command specified" } };
			containers.add(wanted);
			return { status: 201, value: { Id: "a" } };
		}
		if (method === "DELETE") return { status: containers.delete(name) ? 204 : 404 };
		if (url.pathname.endsWith("/start")) return { status: containers.has(name) ? 204 : 404 };
		// It runs for ever.
		if (url.pathname.endsWith("/wait")) return "nothing";
		return { status: 404, value: { message: "no such thing" } };
	};
	const carryOut = (method: string, url: URL, response: ServerResponse): void => {
		const answer = answerTo(method, url);
		if (answer !== "nothing" && !response.destroyed)
			response.writeHead(answer.status).end(JSON.stringify(answer.value ?? {}));
	};
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "", "http://d");
		const order = `${request.method} ${url.pathname}${url.search}`;
		orders.push(order);
		request.resume().on("end", () => {
			const go = () => carryOut(request.method ?? "", url, response);
			if (!stopsAt.test(order)) return go();
			stopped = go;
		});
	});
	const socket = join(folder, "docker.sock");
	await new Promise<void>((listening) => server.listen(socket, listening));
	return {
		containers,
		orders,
		env: { DOCKER_HOST: `unix://${socket}` },
		isStopped: () => stopped !== undefined,
		/** Carries out the request, whether anyone waits for its answer or not. */
		goOn: () => stopped?.(),
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}

describe("what `smoke` created", () => {
	const words = [cli, "--profile", "generic", "--smoke", "true", "--docker", "required"];
	const files = () => readdirSync(workspace).filter((name) => name.startsWith(".runner-check"));

	for (const signal of signals)
		it(`is removed at ${signal}, although the container is only being created`, async () => {
			await using busy = await engine(/create\?name/);
			const { child, ended } = start(words, busy.env);
			await until(busy.isStopped);
			expect(files()).toHaveLength(1);
			child.kill(signal);
			// What an engine has begun, it brings to its end.
			const carriedOut = sleep(500).then(busy.goOn);
			expect(await ended).toMatchObject({ code: 128 + constants.signals[signal], output: "" });
			await carriedOut;
			expect(busy.containers.size).toBe(0);
			expect(busy.orders.filter((order) => order.startsWith("DELETE /containers/runner-check-smoke"))).toHaveLength(1);
			expect(files()).toEqual([]);
		});

	it.each(["start", "wait"])("is removed if the signal comes at its %s", async (order) => {
		await using busy = await engine(new RegExp(`POST .*/${order}$`));
		const { child, ended } = start(words, busy.env);
		await until(busy.isStopped);
		expect(busy.containers.size).toBe(1);
		child.kill("SIGTERM");
		expect(await ended).toMatchObject({ code: 143, output: "" });
		expect(busy.containers.size).toBe(0);
		expect(files()).toEqual([]);
	});

	it("is nothing if the signal comes before", async () => {
		await using busy = await engine(/images/);
		const { child, ended } = start(words, busy.env);
		await until(busy.isStopped);
		child.kill("SIGINT");
		expect(await ended).toMatchObject({ code: 130, output: "" });
		expect(busy.orders.filter((order) => /smoke/.test(order))).toEqual([]);
		expect(files()).toEqual([]);
	});

	it("is removed as far as it can be if the engine does not answer any more, and the run ends", async () => {
		await using dead = await engine(/create\?name|DELETE/);
		const { child, ended } = start(words, dead.env);
		await until(dead.isStopped);
		const sent = performance.now();
		child.kill("SIGTERM");
		expect(await ended).toMatchObject({ code: 143, output: "" });
		expect(performance.now() - sent).toBeLessThan(6000);
		expect(files()).toEqual([]);
	});

	it("is removed after a deadline that comes while the container is being created", async () => {
		await using busy = await engine(/create\?name/);
		const { ended } = start([...words, "--timeout", "3s", "--format", "lines"], busy.env);
		await until(busy.isStopped);
		// Four fifths of the time are for the container, and the last one is for its end.
		const carriedOut = sleep(2600).then(busy.goOn);
		expect(await ended).toMatchObject({ code: 1, signal: null });
		await carriedOut;
		expect(busy.orders.filter((order) => order.startsWith("DELETE /containers/runner-check-smoke"))).toHaveLength(1);
		expect(busy.containers.size).toBe(0);
		expect(files()).toEqual([]);
	});

	it("is left to a second signal, which ends the run at once", async () => {
		await using busy = await engine(/create\?name|DELETE/);
		const { child, ended } = start(words, busy.env);
		await until(busy.isStopped);
		child.kill("SIGTERM");
		await sleep(300);
		const sent = performance.now();
		child.kill("SIGINT");
		expect(await ended).toMatchObject({ code: null, signal: "SIGINT" });
		expect(performance.now() - sent).toBeLessThan(1000);
	});
});
