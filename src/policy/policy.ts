import type { Smoke } from "../smoke/parts.ts";
import type { VersionRange } from "../versions.ts";
import type { PlatformName } from "./platforms.ts";

/** Whether absence, presence, or neither is a finding. */
export type Requirement = "required" | "optional" | "forbidden";
type Level = "off" | "warn" | "fail";

/** What a tool must be. */
export interface ToolExpectation {
	readonly version: VersionRange;
	/** Command that prints the version, `[name, "--version"]` unless said otherwise. */
	readonly command: readonly string[];
	/**
	 * Where the command is from, if it is the workspace's own: `untrusted` is not run; `workspace` is trusted, and runs there. Any other
	 * is our own or the machine's.
	 */
	readonly commandFrom?: "untrusted" | "workspace";
	/** If it is missing, that is not a finding; if it is broken, it is. */
	readonly optional: boolean;
	/** Versions that files of the repository ask for. */
	readonly alsoWanted?: readonly AlsoWanted[];
}

/** A version that a file of the repository asks for. */
export interface AlsoWanted {
	readonly version: VersionRange;
	/** `rust-toolchain.toml line 2` */
	readonly source: string;
	/** The source whose range excludes this one: `policy`, or the source of another entry. */
	readonly contradicts?: string;
}

/** A floor for the file system that holds `path`. */
export interface DiskExpectation {
	/** `workspace`, `temp`, `home`, `docker-root`, `tool-cache` or an absolute path. */
	readonly path: string;
	/** Bytes. */
	readonly free?: number;
	readonly inodes?: number;
}

/** What the GPUs must be; only `require` is asked of everyone. */
export interface GpuExpectation {
	readonly require: Requirement;
	readonly count?: number;
	/** Bytes of each GPU. */
	readonly memory?: number;
	/** Bytes that at least `count` (or one) of them must have free. */
	readonly freeMemory?: number;
	readonly driver?: VersionRange;
	readonly computeCapability?: VersionRange;
}

/** A service that must answer. */
export interface ServiceExpectation {
	readonly name: string;
	readonly url: string;
	/** Models that an Ollama has to have pulled. */
	readonly models: readonly string[];
}

/** What a team declares about its machines, for every profile. */
export interface Expectation {
	readonly name: string;
	readonly wants: Wanted;
	/** The team's own words: why, and what to do. */
	readonly why?: string;
	readonly fix?: string;
	/** Set if a file of the workspace states it; see `ToolExpectation.commandFrom`. */
	readonly from?: "untrusted" | "workspace";
}

export type Wanted =
	| {
			readonly kind: "file";
			/** Absolute, or relative to the workspace. */
			readonly path: string;
			readonly exists: boolean;
			readonly type?: "file" | "directory" | "link" | "socket" | "device";
			/** Permission bits. */
			readonly mode?: number;
			/** A number is a uid. */
			readonly owner?: string | number;
			readonly contains?: string;
	  }
	/** `matches`: `*` stands for any characters. */
	| {
			readonly kind: "env";
			readonly variable: string;
			readonly set: boolean;
			readonly is?: string;
			readonly matches?: string;
	  }
	| {
			readonly kind: "command";
			readonly command: readonly string[];
			readonly exit: number;
			/** A part of what it prints. */
			readonly stdout?: string;
			readonly timeoutMs: number;
	  }
	/** `is`: a value or a range; without it, the setting has to exist. */
	| { readonly kind: "sysctl"; readonly setting: string; readonly is?: string }
	| { readonly kind: "platform"; readonly platform: PlatformName };

interface Acceptance {
	/** Check id or `id:reason`. */
	readonly check: string;
	readonly reason: string;
	/** Last day on which it holds, `YYYY-MM-DD`, UTC. */
	readonly until: string;
}

/** The effective expectations about one runner: plain data, so that it survives JSON in a report. */
export interface Policy {
	/** Name of the profile. */
	readonly profile: string;
	readonly runsIn: "container" | "host" | "any";
	readonly tools: Readonly<Record<string, ToolExpectation>>;
	readonly docker: { readonly require: Requirement; readonly plugins: readonly string[] };
	readonly gpu: GpuExpectation;
	/** Image reference that the job container must come from. */
	readonly image?: string;
	readonly imageMaxAgeDays?: number;
	readonly toolCache?: "persistent";
	readonly privileged: "allowed" | "forbidden";
	readonly disk: readonly DiskExpectation[];
	/** Bytes of memory that have to be available. */
	readonly memory?: number;
	/** Number of CPUs; a quota gives fractions of them. */
	readonly cpus?: number;
	/** Bytes that `/dev/shm` has to be able to hold. */
	readonly shm?: number;
	/** Files that a process has to be able to hold open. */
	readonly openFiles?: number;
	/** Hosts or image references that must be pullable. */
	readonly registries: readonly string[];
	readonly services: readonly ServiceExpectation[];
	/** What the policy file expects of every machine; absent if it expects nothing. */
	readonly expect?: readonly Expectation[];
	/** Which of these lists are from a policy in the workspace that nobody vouches for: in a pull request from a fork, they get no login. */
	readonly untrusted?: readonly ("registries" | "services")[];
	/** The input `smoke`: which of a job's work is done to see whether it works. Never from a policy file. */
	readonly smoke?: Smoke;
	/** Ids or globs of checks that are shown as skipped. */
	readonly skip: readonly string[];
	readonly severity: Readonly<Record<string, Level>>;
	readonly accept: readonly Acceptance[];
	/**
	 * Where each expectation came from, by its path in this value: `tools.rustc` -> `input tools`.
	 * What is not named here is the built-in profile's.
	 */
	readonly sources: Readonly<Record<string, string>>;
}
