import type {
	FileOutcome,
	Host,
	HttpOutcome,
	HttpRequest,
	ReadOutcome,
	RunOptions,
	RunOutcome,
	Space,
} from "../../src/host/host.ts";

/** A fake machine. Everything that is not named is absent: no file, no program, no listener. */
export interface FakeMachine extends Partial<Omit<Host, "cwd">> {
	readonly workingDirectory?: string;
	/** Path -> content, or what `lstat` says. */
	readonly files?: Readonly<Record<string, string | FileOutcome>>;
	readonly links?: Readonly<Record<string, string>>;
	readonly directories?: Readonly<Record<string, readonly string[]>>;
	readonly spaces?: Readonly<Record<string, ReadOutcome<Space>>>;
	readonly writable?: Readonly<Record<string, ReadOutcome<null>>>;
	/** The command, joined by blanks -> how it ends. */
	readonly programs?: Readonly<
		Record<string, RunOutcome | ((options: RunOptions) => RunOutcome | Promise<RunOutcome>)>
	>;
	/** `GET /version` -> what answers. */
	readonly api?: Readonly<Record<string, HttpOutcome | ((request: HttpRequest) => HttpOutcome | Promise<HttpOutcome>)>>;
}

/** How a program ended that printed `stdout` and exited with `code`. */
export function exited(stdout: string, code = 0, stderr = ""): RunOutcome {
	return { kind: "exited", code, stdout, stderr, ms: 1 };
}

export function answered(
	body: unknown,
	status = 200,
	headers: Record<string, string> = {},
): Extract<HttpOutcome, { kind: "answered" }> {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	return { kind: "answered", status, headers, body: text, truncated: false };
}

/** A plain file, directory, socket … as `lstat` sees it. */
export function file(
	overrides: Partial<Exclude<FileOutcome, { kind: "absent" } | { kind: "unreadable" }>> = {},
): FileOutcome {
	return { kind: "file", mode: 0o644, uid: 0, gid: 0, size: 0, ...overrides };
}

export function executable(): FileOutcome {
	return file({ mode: 0o755 });
}

/** A `Host` without a machine: Linux, root, nothing installed, until `machine` says otherwise. */
export function createHost(machine: FakeMachine = {}): Host {
	const files = machine.files ?? {};
	const links = machine.links ?? {};
	const look = (path: string): FileOutcome => {
		const entry = files[path];
		if (entry === undefined) {
			if (path in links) return file({ kind: "link", mode: 0o777 });
			return machine.directories?.[path] ? file({ kind: "directory", mode: 0o755 }) : { kind: "absent" };
		}
		return typeof entry === "string" ? file({ size: entry.length }) : entry;
	};
	const follow = (path: string): string => (path in links ? follow(links[path] ?? "") : path);
	return {
		env: {},
		platform: "linux",
		arch: "x64",
		nodeVersion: "22.11.0",
		execPath: "/usr/local/bin/node",
		uid: 0,
		gid: 0,
		groups: [0],
		pid: 4242,
		ppid: 4241,
		userHome: "/root",
		hostname: "builder",
		totalMemory: 64 * 2 ** 30,
		cpuCount: 16,
		emptyDirectory: async () => "/tmp/runner-check-empty",
		cwd: () => machine.workingDirectory ?? "/workspace/fortemi/fortemi",
		async run(command, options) {
			const program = machine.programs?.[command.join(" ")];
			if (program === undefined) return { kind: "not-started", code: "ENOENT", stdout: "", stderr: "", ms: 0 };
			return typeof program === "function" ? program(options) : program;
		},
		lstat: async (path) => look(path),
		stat: async (path) => look(follow(path)),
		async access(path, mode) {
			const outcome = look(follow(path));
			if (outcome.kind === "absent" || outcome.kind === "unreadable") return { kind: "denied" };
			return { kind: (outcome.mode & { r: 0o444, w: 0o222, x: 0o111 }[mode]) === 0 ? "denied" : "granted" };
		},
		async readText(path) {
			const entry = files[follow(path)];
			if (typeof entry === "string") return { kind: "ok", value: entry };
			if (entry === undefined) return { kind: "absent" };
			return { kind: "unreadable", code: entry.kind === "unreadable" ? entry.code : "EACCES" };
		},
		async readInside(root, path, maxBytes, encoding) {
			const real = follow(path);
			const look = files[real];
			if (look !== undefined && !real.startsWith(`${root}/`)) return { kind: "refused", why: "outside" };
			const irregular = typeof look === "object" && !["file", "absent", "unreadable"].includes(look.kind);
			return irregular ? { kind: "refused", why: "irregular" } : this.readText(path, maxBytes, encoding);
		},
		async readLink(path) {
			const target = links[path];
			return target === undefined ? { kind: "absent" } : { kind: "ok", value: target };
		},
		async realPath(path) {
			const target = follow(path);
			return look(target).kind === "absent" ? { kind: "absent" } : { kind: "ok", value: target };
		},
		async list(path) {
			const entries = machine.directories?.[path];
			return entries ? { kind: "ok", value: entries } : { kind: "absent" };
		},
		space: async (path) => machine.spaces?.[path] ?? { kind: "absent" },
		tryWrite: async (directory) => machine.writable?.[directory] ?? { kind: "absent" },
		leftovers: async () => undefined,
		placeFile: async () => ({ kind: "absent" }),
		placeDirectory: async () => ({ kind: "absent" }),
		ifKilled: () => () => undefined,
		newId: () => "5d0f0d7e-0000-4000-8000-000000000000",
		kernelLog: async () => ({ kind: "absent" }),
		smokeProgram: "/action/dist/smoke.js",
		async request(request) {
			const answer = machine.api?.[`${request.method ?? "GET"} ${request.path}`];
			if (answer === undefined) return { kind: "failed", code: "ENOENT", message: "connect ENOENT" };
			return typeof answer === "function" ? answer(request) : answer;
		},
		reach: async () => undefined,
		mountCount: 24,
		askedMounts: () => [],
		...machine,
	};
}
