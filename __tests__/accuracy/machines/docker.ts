import type { HttpOutcome, RunOutcome } from "../../../src/host/host.ts";
import { answered, executable, exited, type FakeMachine, file } from "../../support/fake-host.ts";
import { smokeRun } from "../../support/smoke-run.ts";
import { type Recording, readRecordings, type State } from "../states.ts";
import {
	type Change,
	directory,
	ended,
	engineAnswer,
	engineInfo,
	engineVersion,
	refused,
	timedOut,
	variablesOf,
} from "./machine.ts";

const byName = new Map(readRecordings("docker").map((recording) => [recording.name, recording]));

/** A recorded answer of the API: the body of `curl -i`. */
function apiAnswer(daemon: string, path: string): unknown {
	const printed = byName.get(`api_${daemon}_GET_${path}`)?.stdout;
	if (printed === undefined) throw new Error(`no answer of ${daemon} to /${path}`);
	return JSON.parse(printed.slice(printed.search(/\r?\n\r?\n/)).trim());
}

/** A daemon of which version and info were recorded. Podman names itself in a header. */
function daemon(name: string, changes: object = {}): NonNullable<Change["request"]> {
	const version = apiAnswer(name, "version");
	const info = { ...(apiAnswer(name, "info") as object), ...changes };
	return (request) => {
		const outcome = engineAnswer(request, version, info);
		if (outcome.kind !== "answered" || name !== "podman") return outcome;
		return { ...outcome, headers: { ...outcome.headers, server: "Libpod/4.3.1 (linux)" } };
	};
}

const always =
	(outcome: HttpOutcome): NonNullable<Change["request"]> =>
	() =>
		outcome;

const daemonOfPath: Readonly<Record<string, string>> = {
	"/run/docker.sock": "live20.10",
	"/lab/d-26/docker.sock": "d26",
	"/lab/d-28/docker.sock": "d28",
	"/lab/d-29/docker.sock": "d29",
	"/run/podman/podman.sock": "podman",
};

/** `docker version` as text -> what `--format {{json .}}` prints: only the fields about the API's version. */
function versionJson({ exit, stdout, stderr }: Recording): RunOutcome {
	const [client = "", server] = stdout.split(/^Server:/m);
	const [, version = ""] = /^ Version:\s+(\S+)/m.exec(client) ?? [];
	const [, used = "", newest] = /^ API version:\s+(\S+)(?: \(downgraded from (\S+)\))?/m.exec(client) ?? [];
	const value = {
		Client: { Version: version, ApiVersion: used, DefaultAPIVersion: newest ?? used },
		...(server !== undefined && { Server: {} }),
	};
	return exited(version === "" ? stdout : JSON.stringify(value), Math.abs(exit), stderr);
}

/** The CLI of this release, as far as it was recorded on the state's machine. */
function cliOf(recordings: readonly Recording[]): NonNullable<Change["run"]> {
	const release = recordings.map(({ name }) => /^cli([\d.]+)_/.exec(name)?.[1]).find(Boolean);
	const version = byName.get(`cli${release}_--version`) ?? recordings.find(({ name }) => /--version$/.test(name));
	const told = recordings.find(({ name }) => name.endsWith("_version") && /^cli/.test(name));
	return ([path, ...args]) => {
		if (!path?.endsWith("/docker")) return undefined;
		if (args[0] === "--version" && version) return ended(version);
		if (args[0] === "version" && told) return told.exit < 0 ? timedOut : versionJson(told);
		return undefined;
	};
}

/** An error that the CLI passes on: `Error response from daemon: …`. */
function passedOn(recordings: readonly Recording[]): string {
	const text = recordings.map(({ stderr }) => stderr).find((one) => one.includes("Error response from daemon: "));
	return text?.split("Error response from daemon: ")[1]?.trim() ?? "";
}

/** What is at the socket's path, and how a connection to it ends. Names of the recordings that show the same. */
const socketStates: readonly (readonly [RegExp, Parameters<typeof file>[0] | undefined, HttpOutcome])[] = [
	[/no socket|default socket is missing/, undefined, refused("ENOENT", "connect ENOENT")],
	[/a directory instead/, { kind: "directory", mode: 0o755 }, refused("ECONNREFUSED", "connect ECONNREFUSED")],
	[/a file instead/, { kind: "file" }, refused("ECONNREFUSED", "connect ECONNREFUSED")],
	[/closed to this user/, { kind: "socket", mode: 0o600 }, refused("EACCES", "connect EACCES")],
	[/without a listener/, { kind: "socket", mode: 0o660 }, refused("ECONNREFUSED", "connect ECONNREFUSED")],
	[/daemon does not answer/, { kind: "socket", mode: 0o660 }, { kind: "timed-out" }],
	// From `node_garbage` and `node_eof`.
	[
		/another protocol/,
		{ kind: "socket", mode: 0o660 },
		refused("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"),
	],
	[/closes the connection/, { kind: "socket", mode: 0o660 }, refused("ECONNRESET", "socket hang up")],
];

/** Answers of something at the socket, from what the CLI passed on. */
function httpState(name: string, recordings: readonly Recording[]): HttpOutcome | undefined {
	const kind =
		/\((h\w+)\)$/.exec(name)?.[1] ?? (/404 page/.test(name) ? "h404" : /web page/.test(name) ? "h200html" : "");
	const said = passedOn(recordings);
	const html = { "content-type": "text/html" };
	switch (kind) {
		case "h403json":
			return answered({ message: said }, 403);
		case "h403html":
			return answered(said, 403, html);
		case "h500json":
			return answered({ message: said }, 500);
		case "h500empty":
			return answered("", 500);
		case "h503html":
			return answered(said, 503, html);
		case "h404":
			return answered(said, 404, { "content-type": "text/plain" });
		case "h200html":
			// The CLI shows only its first character.
			return answered("<html><body>ok</body></html>", 200, html);
	}
	return undefined;
}

/** Machines of `docker`. */
export function dockerMachine(state: State): Change {
	const { name, recordings } = state;
	const [recording] = recordings;
	if (!recording) throw new Error(name);
	const env = variablesOf(recording.command);
	const run = cliOf(recordings);
	const address = env.DOCKER_HOST ?? /--unix-socket (\S+)/.exec(recording.command)?.[1];
	const path = pathOf(address ?? /socketPath:([^}]+)\}/.exec(recording.command)?.[1]);
	const reader = /closed to this user/.test(name) ? { uid: 1234, gid: 1234, groups: [1234] } : {};
	const machine = (files: FakeMachine["files"] = {}): FakeMachine => ({
		...reader,
		env: { ...env, ...(address?.startsWith("/") && !env.DOCKER_HOST && { DOCKER_HOST: `unix://${address}` }) },
		files,
	});

	const http = httpState(name, recordings);
	if (http) return { run, machine: machine({ [path]: socket() }), request: onSocket(always(http)) };

	const special = specialMachine(state, env, run);
	if (special) return special;

	const found = socketStates.find(([pattern]) => pattern.test(name));
	if (found) {
		const [, look, outcome] = found;
		const files = {
			"/var/run/docker.sock": { kind: "absent" } as const,
			[path]: look ? file(look) : { kind: "absent" as const },
		};
		const named = recording.command.includes("socketPath") ? { DOCKER_HOST: `unix://${path}` } : {};
		const base = machine(files);
		return { run, machine: { ...base, env: { ...base.env, ...named } }, request: onSocket(always(outcome)) };
	}
	const known =
		daemonOfPath[path] ?? /^Docker API of (\S+)$/.exec(name)?.[1] ?? (/Podman's API/.test(name) ? "podman" : undefined);
	const at = path === "/var/run/docker.sock" ? "/run/docker.sock" : path;
	if (known === undefined && path !== "/var/run/docker.sock") throw new Error(`no machine for ${name}`);
	return {
		run,
		machine: machine({ [at]: socket(), [path]: socket() }),
		request: onSocket(daemon(known ?? "live20.10")),
	};
}

function socket(): ReturnType<typeof file> {
	return file({ kind: "socket", mode: 0o660, gid: 998 });
}

function onSocket(reply: NonNullable<Change["request"]>): NonNullable<Change["request"]> {
	return (request) => ("socket" in request.to ? reply(request) : undefined);
}

function onTcp(reply: NonNullable<Change["request"]>): NonNullable<Change["request"]> {
	return (request) => ("socket" in request.to || request.to.host === "forge.example" ? undefined : reply(request));
}

function pathOf(address: string | undefined): string {
	const path = address?.replace(/^unix:\/\//, "") ?? "";
	return path.startsWith("/") ? path : "/var/run/docker.sock";
}

const home = "/home/runner";
const plugins = "/usr/libexec/docker/cli-plugins";

/** States that are not about what answers at a socket. */
function specialMachine(
	{ name, recordings }: State,
	env: Record<string, string | undefined>,
	run: NonNullable<Change["run"]>,
): Change | undefined {
	const what = name.replace(/^CLI [\d.]+,? ?/, "");
	const said = recordings.map(({ stdout, stderr }) => `${stdout}${stderr}`).join("\n");
	switch (what) {
		case "no docker CLI":
			return { machine: { files: { "/usr/bin/docker": { kind: "absent" } } }, run: absentDocker };
		case "docker is the shim of Podman":
		case "shim of Podman without Podman": {
			const shim = byName.get(what.endsWith("without Podman") ? "podmanshim_missing-podman" : "podmanshim_--version");
			return {
				run: ([path, ...args]) =>
					path?.endsWith("/docker") && shim && args[0] === "--version" ? ended(shim) : undefined,
			};
		}
		case "without buildx":
		case "without compose":
			return { run, policy: { docker: { require: "required", plugins: [what.slice("without ".length)] } } };
		case "with buildx and compose":
		case "with plugins that do not start": {
			const works = what.startsWith("with buildx");
			const version: Readonly<Record<string, Recording | undefined>> = {
				"docker-buildx": byName.get("cli29.7.2_buildx-version"),
				"docker-compose": byName.get("cli29.7.2_compose-version"),
			};
			const names = Object.keys(version);
			return {
				policy: { docker: { require: "required", plugins: ["buildx", "compose"] } },
				machine: {
					directories: { [plugins]: names },
					files: Object.fromEntries(names.map((plugin) => [`${plugins}/${plugin}`, executable()])),
				},
				run: (command, options) => {
					const plugin = names.find(
						(one) => command[0] === `${plugins}/${one}` || command[1] === one.slice("docker-".length),
					);
					const recorded = plugin === undefined ? undefined : version[plugin];
					if (!plugin || !recorded) return run(command, options);
					// "failed to fetch metadata: exit status 3"
					if (!works) return exited("", Number(/exit status (\d+)/.exec(said)?.[1]));
					const vendor = { SchemaVersion: "0.1.0", Vendor: "Docker Inc.", Version: "v1", ShortDescription: plugin };
					return command[1] === "docker-cli-plugin-metadata" ? exited(JSON.stringify(vendor)) : ended(recorded);
				},
			};
		}
		case "~/.docker closed to this user":
		case "~/.docker and the socket closed to this user":
			return closedConfig(what.includes("socket"), run);
		case "without HOME":
			return { run, machine: { env: { HOME: undefined } } };
		case "a context that is gone":
			return {
				run,
				machine: {
					files: {
						[`${home}/.docker`]: directory(1000),
						[`${home}/.docker/config.json`]: '{"currentContext":"desktop-linux"}',
					},
				},
			};
		case "DOCKER_CONTEXT names no context":
			return { run, machine: { env } };
		case "nothing listens on the TCP port":
			return {
				run,
				machine: { env },
				request: onTcp(always(refused("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:2375"))),
			};
		case "the name in DOCKER_HOST does not exist":
			return { run, machine: { env }, request: onTcp(always(refused("ENOTFOUND", "getaddrinfo ENOTFOUND docker"))) };
		case "no route to the daemon":
			return {
				run,
				machine: { env },
				request: onTcp(always(refused("ENETUNREACH", "connect ENETUNREACH 198.51.100.7:2375"))),
			};
		case "without TLS, daemon with TLS":
			return {
				run,
				machine: { env },
				request: onTcp(always(answered(`${passedOn(recordings)}\n`, 400, { "content-type": "text/plain" }))),
			};
		case "with TLS, daemon without":
			return {
				run,
				machine: { env, files: certificates(env) },
				request: onTcp(always(refused("EPROTO", "write EPROTO wrong version number"))),
			};
		case "the daemon's certificate is for another name":
			return {
				run,
				machine: { env, files: certificates(env) },
				request: onTcp(
					always(refused("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames")),
				),
			};
		case "daemon with a proxy of its own":
			return {
				run,
				request: onSocket(
					daemon("d26", { HttpProxy: "http://registry.test:3128", HttpsProxy: "http://registry.test:3128" }),
				),
			};
	}
	if (/^DOCKER_HOST is not an endpoint|^DOCKER_HOST with ssh|^files of TLS are missing/.test(what)) {
		// PATH was emptied to hide `ssh`, which the healthy machine does not have.
		const { PATH: _, ...rest } = env;
		return { run, machine: { env: rest } };
	}
	if (what.startsWith("Docker on tcp without TLS")) {
		const warning = /API is accessible on .*/.exec(said)?.[0] ?? "";
		const release = said.includes("20.10.24") ? "live20.10" : "d29";
		return {
			run,
			machine: { env },
			request: onTcp(daemon(release, { Driver: "vfs", Warnings: [`WARNING: ${warning}`] })),
		};
	}
	if (name.startsWith("job container of Docker")) return inJobContainer();
	if (/^Docker [\d.]+ (?:that starts|on a runc)/.test(name)) return starting(recordings);
	return undefined;
}

function absentDocker([path]: readonly string[]): RunOutcome | undefined {
	return path?.endsWith("/docker") ? { kind: "not-started", code: "ENOENT", stdout: "", stderr: "", ms: 0 } : undefined;
}

function certificates(env: Record<string, string | undefined>): NonNullable<FakeMachine["files"]> {
	return Object.fromEntries(["ca", "cert", "key"].map((role) => [`${env.DOCKER_CERT_PATH}/${role}.pem`, file()]));
}

/** `~/.docker` of root, closed to the job's user; the socket too, if it says so. */
function closedConfig(andSocket: boolean, run: NonNullable<Change["run"]>): Change {
	const config = `${home}/.docker`;
	const closed = { kind: "unreadable", code: "EACCES" } as const;
	return {
		run,
		machine: {
			uid: 1234,
			gid: 1234,
			groups: andSocket ? [1234] : [1234, 998],
			files: {
				[config]: directory(0, 0o700),
				[`${config}/config.json`]: closed,
				...(andSocket && { "/var/run/docker.sock": file({ kind: "socket", mode: 0o600 }) }),
			},
			access: async (path) => ({ kind: path.startsWith(config) ? "denied" : "granted" }),
			list: async (path) =>
				path.startsWith(config) ? closed : path === "/dev" ? { kind: "ok", value: [] } : { kind: "absent" },
		},
		...(andSocket && { request: onSocket(always(refused("EACCES", "connect EACCES"))) }),
	};
}

/** The machine seen from a job container: Docker created a directory where the socket's mount had no source. */
function inJobContainer(): Change {
	return {
		policy: { runsIn: "container" },
		machine: {
			uid: 0,
			gid: 0,
			groups: [0],
			env: {
				JOB_CONTAINER_NAME: "GITEA-ACTIONS-TASK-1",
				GITHUB_EVENT_PATH: "/var/run/act/workflow/event.json",
			},
			files: { "/var/run/docker.sock": directory() },
		},
		request: onSocket(always(refused("ECONNREFUSED", "connect ECONNREFUSED"))),
	};
}

/** A daemon that is asked to start a container, through the API or by its CLI, and does what `docker run` showed. */
function starting(recordings: readonly Recording[]): Change {
	const [recording] = recordings;
	if (!recording) throw new Error("no recording");
	const image = { RepoTags: ["probe:1"], Size: 2_745_000, Id: `sha256:${"c".repeat(64)}` };
	const fails = recording.exit !== 0;
	return {
		smoke: true,
		run: (_command, { input }) => (input === undefined ? undefined : smokeRun(input, () => recording)),
		request: onSocket(({ method = "GET", path }) => {
			if (path.startsWith("/images/json")) return answered([image]);
			if (path.startsWith("/containers/create")) return answered({ Id: "d".repeat(64), Warnings: [] }, 201);
			if (method === "POST" && path.endsWith("/start"))
				return fails ? answered({ message: passedOn(recordings) }, 500) : answered("", 204);
			if (method === "POST" && path.endsWith("/wait")) return answered({ StatusCode: 0 });
			return method === "DELETE"
				? answered("", 204)
				: engineAnswer({ method, path, to: { socket: "" }, signal: never }, engineVersion, engineInfo);
		}),
	};
}

const never = new AbortController().signal;

/** Version and info of the healthy machine's Docker, for machines of other areas. */
export function engineWith(info: object): NonNullable<Change["request"]> {
	return onSocket((request) => engineAnswer(request, engineVersion, { ...engineInfo, ...info }));
}
