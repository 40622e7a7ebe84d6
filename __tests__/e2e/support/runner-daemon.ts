import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { builderImage } from "./builder-image.ts";
import { dockerGroup, hostUser } from "./engine.ts";
import { registrationToken } from "./gitea-server.ts";
import { must } from "./run.ts";
import type { World } from "./world.ts";

export const runnerName = "titan-1";
/** Its labels: the first lands in a container, the second on the host. */
export const runnerLabels = ["matric-builder", "titan"];

export interface DaemonOptions {
	/** The address of the forge. */
	instance: string;
	/** `container.docker_host` of its configuration; otherwise the socket of the running engine. */
	dockerHost?: string;
	/** `runner.shutdown_timeout`; otherwise the runner's default, which waits for nothing. */
	shutdownTimeout?: string;
	/** `runner.timeout`, how long a job may take; otherwise three hours. */
	jobTimeout?: string;
	/** How many jobs it runs at once; otherwise one. */
	capacity?: number;
	/** The runner's program, if it is not that of the world. */
	program?: string;
	/** A folder with runner-check, which job containers get at the same path: the hooks of a runner that knows hooks. */
	hooks?: string;
	/** The socket of another engine than the one that all tests share. */
	socket?: string;
	/** Where its jobs have their workspaces; otherwise in its own folder, and in volumes of the engine. Its user must be able to write there. */
	workspaces?: string;
	/** `container.network`; otherwise the host's. An empty text is a network for each job. */
	network?: string;
	/** `container.options`. */
	containerOptions?: string;
	/** A file that it and its host jobs have as /etc/resolv.conf. */
	resolver?: string;
	/** Folders that job containers get at the same path. */
	volumes?: readonly string[];
	/** A program that starts it, with its arguments, such as one that counts processes. */
	startedBy?: readonly string[];
}

/** The real runner as a service with a user of its own: registered, and waiting for tasks. */
export class RunnerDaemon implements AsyncDisposable {
	/** Its log so far. */
	output = "";
	/** Its home, with the directories of its jobs. */
	readonly folder: string;
	/** The file that `register` wrote. */
	readonly registration: string;
	readonly #process: ChildProcess;

	private constructor(folder: string, process: ChildProcess) {
		this.folder = folder;
		this.registration = join(folder, ".runner");
		this.#process = process;
		for (const stream of [process.stdout, process.stderr]) {
			stream?.setEncoding("utf8").on("data", (text: string) => {
				this.output += text;
			});
		}
	}

	/** Registers a new runner and starts it, with the umask and the open home directory of a stock install. */
	static async start(world: World, options: DaemonOptions): Promise<RunnerDaemon> {
		const folder = await mkdtemp(join(world.folder, "runner-"));
		await chmod(folder, 0o755);
		await cp(world.hostHome, folder, { recursive: true, verbatimSymlinks: true });
		const config = join(folder, "config.yaml");
		await writeFile(config, configuration(world, folder, options));
		await must("chown", ["--recursive", `${hostUser}:${hostUser}`, folder]);

		// The inner `setpriv` ends it when the tests are killed; a change of the user would take that back.
		const identity = [`--reuid=${hostUser}`, `--regid=${hostUser}`, `--groups=${dockerGroup}`];
		const runner = [
			...identity,
			"setpriv",
			"--pdeathsig=KILL",
			options.program ?? world.giteaRunner,
			"--config",
			config,
		];
		const env = {
			PATH: world.hostPath,
			HOME: folder,
			LANG: "C.UTF-8",
			DOCKER_HOST: `unix://${options.socket ?? world.socket}`,
		};
		const place = { cwd: folder, env };
		const forge = ["--instance", options.instance, "--token", registrationToken];
		const mounted = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
		const resolving =
			options.resolver === undefined ? [] : ["unshare", "--mount", "sh", "-c", mounted, options.resolver];
		const setpriv = [...resolving, "setpriv", ...runner];
		const register = [...setpriv, "register", "--no-interactive", ...forge, "--name", runnerName];
		await must("sh", ["-c", 'umask 022 && exec "$@"', "sh", ...register], place);
		const [program = "", ...rest] = [...(options.startedBy ?? []), ...setpriv, "daemon"];
		const daemon = spawn(program, rest, { ...place, stdio: ["ignore", "pipe", "pipe"] });
		const started = new RunnerDaemon(folder, daemon);
		await started.said("declare successfully");
		return started;
	}

	/** Waits until its log has a text. */
	async said(text: string): Promise<void> {
		for (let tries = 0; tries < 300 && !this.#ended; tries++) {
			if (this.output.includes(text)) return;
			await sleep(100);
		}
		throw new Error(`the runner did not say "${text}":\n${this.output}`);
	}

	/** What nobody but the runner may see. */
	async token(): Promise<string> {
		return JSON.parse(await readFile(this.registration, "utf8")).token;
	}

	/** Ends it as a service manager does, and waits for its end. */
	async stop(): Promise<void> {
		if (this.#ended) return;
		const ended = once(this.#process, "exit");
		this.#process.kill("SIGTERM");
		await ended;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.stop();
	}

	get #ended(): boolean {
		return this.#process.exitCode !== null || this.#process.signalCode !== null;
	}
}

/** Its configuration, as JSON, which is YAML. It asks and reports often, so that the tests are quick. */
function configuration(world: World, folder: string, options: DaemonOptions): string {
	const [container, host] = runnerLabels;
	const volumes = [
		...(options.volumes ?? []).map((path) => `${path}:${path}`),
		...(options.hooks === undefined ? [] : [`${options.hooks}:${options.hooks}:ro`]),
	];
	const containerOptions = [...volumes.map((volume) => `--volume ${volume}`), options.containerOptions ?? ""];
	return JSON.stringify({
		runner: {
			labels: [`${container}:docker://${builderImage}`, `${host}:host`],
			fetch_interval: "200ms",
			fetch_interval_max: "200ms",
			state_report_interval: "500ms",
			capacity: options.capacity ?? 1,
			...(options.jobTimeout === undefined ? {} : { timeout: options.jobTimeout }),
			...(options.shutdownTimeout === undefined ? {} : { shutdown_timeout: options.shutdownTimeout }),
			...(options.hooks !== undefined && {
				hooks: {
					job_started: join(options.hooks, "hooks/job-started.sh"),
					job_completed: join(options.hooks, "hooks/job-completed.sh"),
				},
			}),
		},
		cache: { dir: join(folder, "cache"), host: "127.0.0.1" },
		// The engine of the tests has no network of its own.
		container: {
			docker_host: options.dockerHost ?? `unix://${options.socket ?? world.socket}`,
			network: options.network ?? "host",
			options: containerOptions.join(" ").trim(),
			valid_volumes: [
				...(options.volumes ?? []),
				...(options.hooks === undefined ? [] : [options.hooks]),
				...(options.workspaces === undefined ? [] : [`${options.workspaces}/**`]),
			],
			...(options.workspaces !== undefined && { bind_workdir: true, workdir_parent: options.workspaces }),
		},
		host: { workdir_parent: options.workspaces ?? join(folder, "jobs") },
	});
}
