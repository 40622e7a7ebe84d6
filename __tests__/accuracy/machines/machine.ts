import type { HttpOutcome, HttpRequest, RunOptions, RunOutcome, Space } from "../../../src/host/host.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { createTool } from "../../support/builders.ts";
import { answered, createHost, executable, exited, type FakeMachine, file } from "../../support/fake-host.ts";
import type { Recording } from "../states.ts";

/** What a state changes in the healthy machine. */
export interface Change {
	readonly machine?: FakeMachine;
	readonly policy?: Partial<Policy>;
	readonly workspace?: string;
	/** The input `smoke` is set. */
	readonly smoke?: true;
	/** What a program answers; `undefined`: as on the healthy machine. */
	readonly run?: (command: readonly string[], options: RunOptions) => RunOutcome | undefined;
	/** What a server answers; `undefined`: as on the healthy machine. */
	readonly request?: (request: HttpRequest) => HttpOutcome | undefined;
}

export const workspace = "/srv/runner/workspace/team/project";
const home = "/home/runner";
const gib = 2 ** 30;

export function space(overrides: Partial<Space> = {}): { kind: "ok"; value: Space } {
	const value = { freeBytes: 200 * gib, totalBytes: 400 * gib, freeInodes: 20e6, totalInodes: 26e6, source: "statfs" };
	return { kind: "ok", value: { ...value, ...overrides } };
}

const limits = (files: number): string =>
	`Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${files}                 ${files}              files     \n`;

/** Each tool of the healthy machine: what it prints for its version. */
const versions: Readonly<Record<string, string>> = {
	"rustc --version": "rustc 1.95.0 (59807616e 2026-04-14)\n",
	"cargo --version": "cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n",
	"docker --version": "Docker version 26.1.5+dfsg1, build a72d7cd\n",
	"git --version": "git version 2.39.5\n",
	"node --version": "v22.11.0\n",
};

/** The answers of Docker 26.1.5, with a storage driver that is not a finding. */
export const engineVersion = {
	Platform: { Name: "" },
	Version: "26.1.5+dfsg1",
	ApiVersion: "1.45",
	MinAPIVersion: "1.24",
	Os: "linux",
	Arch: "amd64",
	Components: [{ Name: "Engine", Version: "26.1.5+dfsg1" }],
};
export const engineInfo = {
	Name: "titan",
	OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
	Driver: "overlay2",
	DockerRootDir: "/var/lib/docker",
	Runtimes: { runc: {} },
	DefaultRuntime: "runc",
	CgroupDriver: "systemd",
	SecurityOptions: ["name=seccomp,profile=builtin"],
};

/** What a Docker daemon answers, whatever its release. */
export function engineAnswer({ path, method = "GET" }: HttpRequest, version: unknown, info: unknown): HttpOutcome {
	const [, route = ""] = /^(?:\/v\d+\.\d+)?(\/[^?]*)/.exec(path) ?? [];
	const headers = { "api-version": "1.45", server: "Docker/26.1.5 (linux)", "content-type": "application/json" };
	if (method !== "GET" && method !== "HEAD") return answered({ message: "invalid JSON: unexpected EOF" }, 400, headers);
	const known: Readonly<Record<string, unknown>> = {
		"/version": version,
		"/info": info,
		"/_ping": "OK",
		"/system/df": { LayersSize: 0, Images: [], BuildCache: [] },
		"/volumes": { Volumes: [], Warnings: null },
		"/networks": [],
		"/containers/json": [],
		"/images/json": [],
	};
	return route in known ? answered(known[route], 200, headers) : answered({ message: "page not found" }, 404, headers);
}

const server = { host: "forge.example", port: 443 };

function healthyAnswer(request: HttpRequest): HttpOutcome {
	if ("socket" in request.to) {
		const there = request.to.socket === "/var/run/docker.sock";
		return there ? engineAnswer(request, engineVersion, engineInfo) : refused("ENOENT", "connect ENOENT");
	}
	if (request.to.host === server.host) return answered({ version: "1.27.0" });
	return refused("ECONNREFUSED", "connect ECONNREFUSED");
}

export function refused(code: string, message: string, at?: "proxy"): HttpOutcome {
	return { kind: "failed", code, message, ...(at && { at }) };
}

/** How a recorded program ended. */
export function ended({ exit, stdout, stderr }: Pick<Recording, "exit" | "stdout" | "stderr">): RunOutcome {
	if (exit >= 0) return exited(stdout, exit, stderr);
	const signal = { [-5]: "SIGTRAP", [-6]: "SIGABRT", [-15]: "SIGTERM" }[exit] ?? "SIGKILL";
	return { kind: "signalled", signal, stdout, stderr, ms: 1 };
}

export const timedOut: RunOutcome = { kind: "timed-out", abandoned: false, stdout: "", stderr: "", ms: 10_000 };

/** Variables in front of a command: `A=1 docker ps` -> `{ A: "1" }`; `A=None` is one that is not set. */
export function variablesOf(command: string): Record<string, string | undefined> {
	const head = /^(?:[A-Za-z_]\w*=(?:[^\s]*)\s+)*/.exec(command)?.[0] ?? "";
	return Object.fromEntries(
		head
			.split(/\s+/)
			.filter(Boolean)
			.map((pair) => {
				const at = pair.indexOf("=");
				const value = pair.slice(at + 1);
				return [pair.slice(0, at), value === "None" ? undefined : value];
			}),
	);
}

/** A job in host mode on a machine without faults, changed by what the state says. */
export function machineOf(change: Change): { host: ReturnType<typeof createHost>; policy: Policy; workspace: string } {
	const { machine = {}, policy = {} } = change;
	const at = change.workspace ?? workspace;
	const root = { kind: "ok", value: null } as const;
	const directories = [at, "/tmp", home, "/home", "/srv", "/", "/dev/shm", "/var/lib/docker", "/usr/bin", "/etc"];
	const host = createHost({
		workingDirectory: at,
		uid: 1000,
		gid: 1000,
		groups: [1000, 998],
		userHome: home,
		hostname: "titan",
		...machine,
		env: {
			PATH: "/usr/local/bin:/usr/bin:/bin",
			HOME: home,
			CI: "true",
			GITHUB_ACTIONS: "true",
			GITEA_ACTIONS: "true",
			GITEA_ACTIONS_RUNNER_VERSION: "v3.4.0",
			GITEA_ACTIONS_CAPABILITIES: "job-summary",
			GITHUB_SERVER_URL: `https://${server.host}`,
			GITHUB_API_URL: `https://${server.host}/api/v1`,
			GITHUB_EVENT_NAME: "push",
			GITHUB_WORKSPACE: at,
			GITHUB_STEP_SUMMARY: "/tmp/summary.md",
			GITHUB_EVENT_PATH: "/srv/runner/0123456789abcdef/act/workflow/event.json",
			RUNNER_NAME: "titan",
			RUNNER_TEMP: "/tmp",
			...machine.env,
		},
		files: {
			...Object.fromEntries(
				Object.keys(versions).map((command) => [`/usr/bin/${command.split(" ")[0]}`, executable()]),
			),
			...Object.fromEntries(directories.map((path) => [path, directory(1000)])),
			"/var/run/docker.sock": file({ kind: "socket", mode: 0o660, gid: 998 }),
			"/etc/group": "root:x:0:\ndocker:x:998:runner\nrunner:x:1000:\n",
			"/etc/passwd": "root:x:0:0::/root:/bin/sh\nrunner:x:1000:1000::/home/runner:/bin/sh\n",
			"/proc/meminfo": "MemTotal:       65536000 kB\nMemFree:        32768000 kB\nMemAvailable:   50000000 kB\n",
			"/proc/self/status": "Name:\tnode\nCapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\n",
			"/proc/self/cgroup": "0::/system.slice/runner.service\n",
			"/proc/self/mountinfo": "28 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n",
			"/proc/self/uid_map": "         0          0 4294967295\n",
			"/proc/self/limits": limits(524_288),
			"/proc/4241/limits": limits(524_288),
			"/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
			...machine.files,
		},
		directories: { "/dev": [], ...machine.directories },
		spaces: { ...Object.fromEntries(directories.map((path) => [path, space()])), ...machine.spaces },
		writable: { ...Object.fromEntries(directories.map((path) => [path, root])), ...machine.writable },
		placeFile: async () => ({ kind: "ok", value: { name: ".runner-check-0", remove: async () => undefined } }),
		async run(command, options) {
			const changed = change.run?.(command, options);
			if (changed) return changed;
			const [path = "", ...args] = command;
			const version = versions[[path.slice(path.lastIndexOf("/") + 1), ...args].join(" ")];
			const absent: RunOutcome = { kind: "not-started", code: "ENOENT", stdout: "", stderr: "", ms: 0 };
			return version === undefined ? absent : exited(version);
		},
		async request(request) {
			return change.request?.(request) ?? healthyAnswer(request);
		},
	});
	const tools = Object.fromEntries(["rustc", "cargo", "docker", "node", "git"].map((name) => [name, createTool(name)]));
	return {
		host,
		workspace: at,
		policy: {
			profile: "accuracy",
			runsIn: "host",
			tools,
			docker: { require: "required", plugins: [] },
			gpu: { require: "optional" },
			privileged: "allowed",
			disk: [{ path: "workspace", free: 40 * gib, inodes: 1_000_000 }],
			openFiles: 1024,
			memory: gib,
			registries: [],
			services: [],
			skip: [],
			severity: {},
			accept: [],
			sources: {},
			...(change.smoke && { smoke: { parts: ["docker"], all: false } }),
			...policy,
		},
	};
}

export function directory(uid = 0, mode = 0o755): ReturnType<typeof file> {
	return file({ kind: "directory", mode, uid, gid: uid });
}
