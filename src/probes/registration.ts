import type { Host } from "../host/host.ts";
import { containerProbe } from "./container.ts";
import { bounded } from "./docker-endpoint.ts";
import { jobProbe } from "./job.ts";
import type { Ask, Probe } from "./probe.ts";

/** What a job could learn about the runner's registration. Names and modes; no values, and no contents of files. */
export interface RegistrationFacts {
	/** Set variables that hold a token with which anyone can register a runner. */
	readonly tokenVariables: readonly string[];
	/** Host mode only. */
	readonly files: readonly RunnerFile[];
}

export interface RunnerFile {
	readonly path: string;
	/** `registration`: `.runner`, with the runner's own token. `config`: may hold secrets of the cache or of registries. */
	readonly role: "registration" | "config" | "token";
	/** Permission bits. */
	readonly mode: number;
	readonly uid: number;
	/** Every user can read it: its mode and those of all directories above it allow that. */
	readonly readableByAll: boolean;
}

/** `GITEA_RUNNER_REGISTRATION_TOKEN` and the same for other runners; GitHub's `config.sh` reads the second. */
const tokenVariable = /^(?:[A-Z]+_)*RUNNER_REGISTRATION_TOKEN$|^ACTIONS_RUNNER_INPUT_TOKEN$/;

/**
 * Source: the names of the environment's variables, and the modes of files where runners keep them. In host mode, the parent
 * of this process is the runner itself, so its working directory and its `--config` are the best places to look.
 */
export const registrationProbe: Probe<RegistrationFacts> = {
	name: "registration",
	async collect(host: Host, _request, _signal, ask: Ask): Promise<RegistrationFacts> {
		const tokenVariables = Object.keys(host.env)
			.filter((name) => name.includes("TOKEN") && tokenVariable.test(name) && host.env[name])
			.map((name) => bounded(name, 100))
			.slice(0, 20);
		const [{ mode }, { system }] = await Promise.all([ask(containerProbe), ask(jobProbe)]);
		// GitHub's runner keeps no secret in `.runner`, and closes the files with secrets.
		if (mode !== "host" || system === "github") return { tokenVariables, files: [] };
		const candidates = await candidatesOf(host);
		const files = await Promise.all(candidates.map(({ role, path }) => lookAt(host, role, path)));
		return { tokenVariables, files: files.flat() };
	},
};

interface Candidate {
	readonly role: RunnerFile["role"];
	readonly path: string;
}

const programNames = ["act_runner", "act-runner", "gitea-runner", "forgejo-runner"];

async function candidatesOf(host: Host): Promise<readonly Candidate[]> {
	const [cwd, commandLine] = await Promise.all([
		host.readLink(`/proc/${host.ppid}/cwd`),
		host.readText(`/proc/${host.ppid}/cmdline`),
	]);
	const home = host.env.HOME || host.userHome;
	const parent = cwd.kind === "ok" ? cwd.value : undefined;
	const named = commandLine.kind === "ok" ? configOf(commandLine.value.split("\0")) : undefined;
	const tokenFile = host.env.GITEA_RUNNER_REGISTRATION_TOKEN_FILE;
	const directories = [parent, home, "/home/runner", ...programNames.map((name) => `/var/lib/${name}`)];
	const configs = [
		named?.startsWith("/") ? named : named && parent && `${parent}/${named}`,
		parent && `${parent}/config.yaml`,
		...programNames.flatMap((name) => [`/etc/${name}/config.yaml`, home && `${home}/.config/${name}/config.yaml`]),
	];
	return [
		...unique(directories).map(
			(path): Candidate => ({ role: "registration", path: `${path.replace(/\/$/, "")}/.runner` }),
		),
		...unique(configs).map((path): Candidate => ({ role: "config", path })),
		...unique([tokenFile?.startsWith("/") ? tokenFile : undefined]).map((path): Candidate => ({ role: "token", path })),
	];
}

/** The file after `--config` or `-c`, if the parent is a runner: a shell has a `-c` too. Its other arguments may hold a token. */
function configOf(command: readonly string[]): string | undefined {
	if (!/runner[^/]*$/.test(command[0] ?? "")) return undefined;
	const inOne = command.find((argument) => argument.startsWith("--config="));
	if (inOne !== undefined) return inOne.slice("--config=".length);
	const index = command.findIndex((argument) => argument === "--config" || argument === "-c");
	return index < 0 ? undefined : command[index + 1];
}

function unique(paths: readonly (string | undefined)[]): readonly string[] {
	return [...new Set(paths.filter((path): path is string => Boolean(path)))];
}

/** Nothing for a path that is absent, not a file, or closed to this process. */
async function lookAt(host: Host, role: RunnerFile["role"], path: string): Promise<RunnerFile[]> {
	const real = await host.realPath(path);
	if (real.kind !== "ok") return [];
	const file = await host.stat(real.value);
	if (file.kind !== "file") return [];
	const readableByAll = (file.mode & 0o004) !== 0 && (await isOpenToAll(host, real.value));
	return [{ path: bounded(path, 500), role, mode: file.mode, uid: file.uid, readableByAll }];
}

/** Can every user pass through all directories above the file? A closed home directory protects its files. */
export async function isOpenToAll(host: Host, path: string): Promise<boolean> {
	const parts = path.split("/").slice(1, -1);
	const directories = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
	const outcomes = await Promise.all(directories.map((directory) => host.stat(directory)));
	return outcomes.every((outcome) => !("mode" in outcome) || (outcome.mode & 0o001) !== 0);
}
