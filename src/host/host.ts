/**
 * The one seam to the machine. Probes see the world only through a `Host`, so a test gives them a
 * fake one, and nothing else in the program can touch a file, a process or a socket.
 * Whatever takes a path rejects with `DeadMount` if the path is on a mount that does not answer: the probe is over then, unless it
 * also looks elsewhere.
 */
export interface Host {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** `process.platform`: `linux`, `darwin`, … */
	readonly platform: string;
	/** `process.arch`: `x64`, `arm64`, … */
	readonly arch: string;
	/** Version of the Node that runs us, without the `v`. */
	readonly nodeVersion: string;
	/** Path of the Node that runs us. */
	readonly execPath: string;
	/** Effective user, group and supplementary groups; `undefined` where the platform has none. */
	readonly uid: number | undefined;
	readonly gid: number | undefined;
	readonly groups: readonly number[];
	readonly pid: number;
	readonly ppid: number;
	/** Home directory from the user database, if the uid has an entry there. HOME is in `env`. */
	readonly userHome: string | undefined;
	readonly hostname: string;
	/** Size of memory and number of CPUs as the kernel tells them, without cgroup limits. */
	readonly totalMemory: number;
	readonly cpuCount: number;
	cwd(): string;

	/** Where programs run that get no `cwd`: an empty directory outside of the workspace, made when it is first needed. */
	emptyDirectory(): Promise<string>;
	/** Runs a program. Every way to end is an outcome, except for `DeadMount`. */
	run(command: readonly string[], options: RunOptions): Promise<RunOutcome>;
	/** Looks at a path without following a link. */
	lstat(path: string): Promise<FileOutcome>;
	/** Looks at what a path leads to. */
	stat(path: string): Promise<FileOutcome>;
	/** May we read (`r`), write (`w`) or execute (`x`) it, as the kernel sees it? */
	access(path: string, mode: "r" | "w" | "x"): Promise<AccessOutcome>;
	/** At most `maxBytes` (64 KiB) of a file. `latin1` gives one character for each byte, for binary files. */
	readText(path: string, maxBytes?: number, encoding?: "utf8" | "latin1"): Promise<ReadOutcome<string>>;
	/** The same of a file in a directory that we do not trust: only a regular file that really is in `root`. */
	readInside(root: string, path: string, maxBytes?: number, encoding?: "utf8" | "latin1"): Promise<InsideOutcome>;
	readLink(path: string): Promise<ReadOutcome<string>>;
	realPath(path: string): Promise<ReadOutcome<string>>;
	list(path: string): Promise<ReadOutcome<readonly string[]>>;
	/** Free space and inodes of the file system that holds `path`. */
	space(path: string, signal: AbortSignal): Promise<ReadOutcome<Space>>;
	/** Writes some bytes into a new file in `directory` and removes it again. */
	tryWrite(directory: string): Promise<ReadOutcome<null>>;
	/** A short look for directories below `root` that we may not empty; `undefined` if it may take long, or `root` cannot be read. */
	leftovers(root: string): Promise<Leftovers | undefined>;
	/** Puts a small file with a new name into `directory`. For `smoke` alone, which takes it away again. */
	placeFile(directory: string): Promise<ReadOutcome<PlacedFile>>;
	/** Makes a directory with a new name in `directory`, for `smoke` alone, which takes it away again with all that is in it. */
	placeDirectory(directory: string): Promise<ReadOutcome<PlacedFile>>;
	/** Has a shell run this command if this process is killed, to remove what `smoke` created. @returns takes that back. */
	ifKilled(command: string): () => void;
	/** A name that nothing else has. */
	newId(): string;
	/** The newest records of the kernel's log, without waiting for new ones. */
	kernelLog(): Promise<ReadOutcome<readonly string[]>>;
	/** Path of the program that does the steps of `smoke`. */
	readonly smokeProgram: string;
	/** One HTTP request over a unix socket or tcp. Every failure is an outcome, except for `DeadMount`. */
	request(request: HttpRequest): Promise<HttpOutcome>;
	/** Resolves when it is known that calls on this path are answered, whether it exists or not. */
	reach(path: string): Promise<void>;
	/** How many mounts this process has; 0 if they cannot be listed, and outside Linux. */
	readonly mountCount: number;
	/** The mounts of a kind that may never answer, as far as a path led to them. */
	askedMounts(): readonly AskedMount[];
}

/** A mount whose calls wait for a server or a process (NFS, FUSE, …), without end if need be. */
export interface AskedMount {
	readonly target: string;
	/** `nfs4`, `fuse.sshfs` */
	readonly fsType: string;
	/** What is mounted: `server:/export`. */
	readonly source: string;
	/** `in-use`: this program was just loaded from it; `unasked`: no process could be started to ask it. */
	readonly state: "answers" | "not-answering" | "in-use" | "unasked";
	/** Milliseconds that it took to answer, or in which it did not. */
	readonly ms: number;
	/** Paths that were wanted while it did not answer; the first eight. */
	readonly wanted: readonly string[];
}

/** `denied`: the kernel said no, or there is no such file. `unreadable`: it could not say. */
export type AccessOutcome =
	| { readonly kind: "granted" | "denied" }
	| { readonly kind: "unreadable"; readonly code: string };

/** A file or directory that was not there before. */
export interface PlacedFile {
	/** Without its directory. */
	readonly name: string;
	/** Takes it away. Never throws: what is gone already is as good. */
	remove(): Promise<void>;
}

export interface RunOptions {
	readonly signal: AbortSignal;
	/** Default: `emptyDirectory`. */
	readonly cwd?: string;
	/** Secret-like variables that the program cannot do without; it gets no others. */
	readonly needs?: RegExp;
	/** The program may be one of the workspace, or be led there: an input says that the workspace can be trusted. */
	readonly isTrusted?: boolean;
	/** Added to what the program gets of our environment (`child-environment.ts`); `undefined` removes a name. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Bytes kept of each stream; what comes later is read and dropped. Default 64 KiB. */
	readonly maxOutput?: number;
	/** What the program reads from its standard input; without it, stdin is empty. */
	readonly input?: string;
}

/** How a program ended. `stdout` and `stderr` hold what it printed until then. */
export type RunOutcome = {
	readonly stdout: string;
	readonly stderr: string;
	/** Milliseconds from the start to the end. */
	readonly ms: number;
} & (
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "signalled"; readonly signal: string }
	/** `code` is the errno: ENOENT means program, interpreter or cwd missing. */
	| { readonly kind: "not-started"; readonly code: string }
	/** The deadline came; the process group got SIGKILL. `abandoned`: it outlived even that. */
	| { readonly kind: "timed-out"; readonly abandoned: boolean }
);

export type FileKind = "file" | "directory" | "socket" | "link" | "device" | "other";

export type FileOutcome =
	| {
			readonly kind: FileKind;
			/** Permission bits, e.g. 0o660. */
			readonly mode: number;
			readonly uid: number;
			readonly gid: number;
			readonly size: number;
			/** Number of the file in its file system, and when it was last changed in any way (`ctime`, milliseconds of Unix time). */
			readonly inode?: number;
			readonly changed?: number;
			/** When its content was last changed (`mtime`, milliseconds of Unix time). */
			readonly modified?: number;
			/** Major and minor device number of a device node. */
			readonly device?: { readonly major: number; readonly minor: number };
	  }
	| { readonly kind: "absent" }
	| { readonly kind: "unreadable"; readonly code: string };

/** `absent` and `unreadable` stay apart: "it is not there" and "could not find out". */
export type ReadOutcome<T> =
	| { readonly kind: "ok"; readonly value: T }
	| { readonly kind: "absent" }
	| { readonly kind: "unreadable"; readonly code: string };

/** `refused`: it leads out of the directory (`outside`), or is a FIFO, a device, a directory (`irregular`). Nothing of it was read. */
export type InsideOutcome = ReadOutcome<string> | { readonly kind: "refused"; readonly why: "outside" | "irregular" };

export interface Leftovers {
	/** How many directories were looked at. */
	readonly looked: number;
	/** The first few that keep what is in them. */
	readonly blocked: readonly BlockedDirectory[];
}

export interface BlockedDirectory {
	readonly path: string;
	/** Permission bits. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
}

export interface Space {
	/** Bytes that an unprivileged user can still write (`bavail`, not `bfree`). */
	readonly freeBytes: number;
	readonly totalBytes: number;
	/** Free inodes; `undefined` where the file system has no fixed number of them (btrfs, overlay of it). */
	readonly freeInodes: number | undefined;
	readonly totalInodes: number | undefined;
	/** `statfs` or `df`: Node 16 has no statfs, and most do not tell in which size FUSE counts its blocks. */
	readonly source: string;
}

export interface TlsOptions {
	/** Must the certificate be one that we trust, by `ca` or by the system's authorities? */
	readonly verify: boolean;
	/** Paths of PEM files. */
	readonly ca?: string;
	readonly cert?: string;
	readonly key?: string;
}

/** A proxy that a request goes through: by a tunnel where the target speaks TLS. */
export interface HttpProxy {
	readonly host: string;
	readonly port: number;
	/** Does the proxy itself speak TLS? */
	readonly tls?: boolean;
	/** Value of the header `Proxy-Authorization`. */
	readonly authorization?: string;
}

export interface HttpRequest {
	/** Where to connect: a unix socket, or host and port, with TLS if `tls` is given. */
	readonly to:
		| { readonly socket: string }
		| { readonly host: string; readonly port: number; readonly tls?: TlsOptions };
	/** For a target with host and port. */
	readonly proxy?: HttpProxy;
	readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly signal: AbortSignal;
	/** Bytes of body kept. Default 1 MiB. */
	readonly maxBody?: number;
}

/** A server's certificate. */
export interface Certificate {
	/** From when to when it is valid, ISO 8601. */
	readonly from: string;
	readonly until: string;
	/** It names its server in the common name only, which Node accepts, and programs written in Go do not. */
	readonly commonNameOnly?: true;
}

export type HttpOutcome =
	| {
			readonly kind: "answered";
			readonly status: number;
			readonly headers: Readonly<Record<string, string>>;
			readonly body: string;
			/** The body was longer than `maxBody`. */
			readonly truncated: boolean;
			/** Of the server, if it speaks TLS. */
			readonly certificate?: Certificate;
	  }
	/**
	 * The connection failed or broke: `code` is the errno or the parser's code (`HPE_INVALID_CONSTANT`).
	 * `at` proxy: it was the proxy that could not be reached, or that refused a tunnel (`HTTP_407`).
	 */
	| { readonly kind: "failed"; readonly code: string; readonly message: string; readonly at?: "proxy" }
	| { readonly kind: "timed-out" };
