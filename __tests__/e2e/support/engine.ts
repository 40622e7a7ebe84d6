import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { chown, mkdir, readFile, rm } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { builderImage, builderPath } from "./builder-image.ts";
import { runFolder } from "./cache.ts";
import { unpackedPackages } from "./debian.ts";
import { must, run } from "./run.ts";
import type { World } from "./world.ts";

/** The group that owns the engine's socket. No machine has it, so that membership is always explicit, by number. */
export const dockerGroup = 4711;
/** The ordinary user who runs host jobs on a well set up host, a member of that group. The tests themselves run as root. */
export const hostUser = 4242;

/** What the tests take from Debian, side by side: an engine with its client's plugin, and a client of an older generation. */
export async function dockerParts(): Promise<{ engine: string; oldClient: string; buildx: string; client: string }> {
	const [current, old] = await Promise.all([
		unpackedPackages("trixie", ["docker.io", "docker-cli", "docker-buildx", "containerd"]),
		// trixie's runc needs a newer libc than bookworm has; the older one runs on both.
		unpackedPackages("bookworm", ["docker.io", "runc"]),
	]);
	return {
		engine: [`${current}/usr/sbin`, `${current}/usr/bin`, `${old}/usr/sbin`].join(":"),
		client: `${current}/usr/bin/docker`,
		oldClient: `${old}/usr/bin/docker`,
		buildx: `${current}/usr/libexec/docker/cli-plugins/docker-buildx`,
	};
}

export interface EngineOptions {
	/** A folder of the engine's own. */
	folder: string;
	/** The programs: `dockerParts().engine`. */
	path: string;
	env?: NodeJS.ProcessEnv;
	args?: readonly string[];
}

/** A real dockerd that shares nothing with the machine but the kernel. */
export class Engine implements AsyncDisposable {
	readonly #folder: string;
	readonly #daemon: ChildProcess;

	private constructor(folder: string, daemon: ChildProcess) {
		this.#folder = folder;
		this.#daemon = daemon;
	}

	get socket(): string {
		return join(this.#folder, "docker.sock");
	}

	static async start({ folder, path, env, args = [] }: EngineOptions): Promise<Engine> {
		await mkdir(folder, { recursive: true });
		const log = join(folder, "dockerd.log");
		const flags = {
			host: `unix://${folder}/docker.sock`,
			"data-root": `${folder}/data`,
			"exec-root": `${folder}/exec`,
			pidfile: `${folder}/dockerd.pid`,
			iptables: "false", // jobs use the machine's network, so no rule of the machine's firewall is touched
			bridge: "none",
		};
		const dockerd = ["dockerd", ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`), ...args];
		// It also ends when the tests are killed.
		const daemon = spawn("setpriv", ["--pdeathsig=TERM", ...dockerd], {
			env: { ...env, PATH: `${path}:${process.env.PATH}` },
			stdio: ["ignore", openSync(log, "a"), openSync(log, "a")],
		});
		const engine = new Engine(folder, daemon);
		if (await answers(engine.socket, daemon)) {
			await chown(engine.socket, 0, dockerGroup);
			return engine;
		}
		const said = (await readFile(log, "utf8")).slice(-4000);
		await engine[Symbol.asyncDispose]();
		throw new Error(`dockerd did not start:\n${said}`);
	}

	/** Ends it without warning: its socket stays behind, and nobody listens. */
	async crash(): Promise<void> {
		await this.#end("SIGKILL");
		// Where nobody reaps its containerd, the next daemon takes it for alive, and waits for it.
		await rm(`${this.#folder}/exec/containerd/containerd.pid`, { force: true });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#end("SIGTERM");
		// What dockerd left mounted would make the folder undeletable.
		await run("sh", ["-c", 'grep -o " $1/[^ ]*" /proc/self/mounts | sort -r | xargs -r umount -l', "sh", this.#folder]);
		await rm(this.#folder, { recursive: true, force: true });
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		if (this.#daemon.exitCode !== null || this.#daemon.signalCode !== null) return;
		const ended = once(this.#daemon, "exit");
		this.#daemon.kill(signal);
		await ended; // its containerd ends with it
	}
}

/** Waits until somebody answers on a socket, as long as the daemon lives that is to do so, and no longer than half a minute. */
export async function answers(socket: string, daemon: ChildProcess): Promise<boolean> {
	for (let tries = 0; tries < 300 && daemon.exitCode === null; tries++) {
		if (await answersNow(socket)) return true;
		await sleep(100);
	}
	return false;
}

function answersNow(socketPath: string): Promise<boolean> {
	return new Promise((resolve) => {
		get({ socketPath, path: "/_ping" }, (response) => resolve(response.resume().statusCode === 200)).once("error", () =>
			resolve(false),
		);
	});
}

/** Starts an engine that holds the builder image. Workspaces of its jobs lie in `volumes`, which is made. */
export async function engineWithImage(
	parts: Pick<World, "image" | "client"> & { path: string; volumes: string },
): Promise<Engine> {
	const { path, image, client, volumes } = parts;
	// The image is too big for memory, so the engine's data lie on the disk; but volumes, where workspaces are, do not.
	const folder = await runFolder("engine");
	const engine = await Engine.start({ folder, path });
	try {
		await mkdir(volumes);
		await must("mount", ["--bind", volumes, `${folder}/data/volumes`]);
		await importImage({ client, image }, engine.socket);
		return engine;
	} catch (error) {
		await engine[Symbol.asyncDispose]();
		throw error;
	}
}

/** Gives the builder image to an engine. */
export async function importImage({ client, image }: Pick<World, "client" | "image">, socket: string): Promise<void> {
	const setPath = `--change=ENV PATH=${builderPath}`;
	await must(client, [`--host=unix://${socket}`, "import", setPath, image, builderImage]);
}
