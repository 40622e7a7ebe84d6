import type { RunnerSystem } from "../knowledge/config-keys.ts";
import type { Position, Problem, Scalar, Tree } from "./tree.ts";

/** What the files of a runner's configuration say. Plain data without secrets: those are starred out before they get here. */
export interface RunnerConfigFacts {
	/** Whether any configuration was named, or found where runners keep it. */
	readonly files: readonly SourceFile[];
	/** Version of the runner that reads the files, and who says so; not there where nobody does. */
	readonly runnerVersion?: { readonly text: string; readonly source: string };
}

export type SourceFile =
	| ConfigFile
	| RegistrationFile
	| UnitFile
	| { readonly kind: "absent"; readonly path: string }
	/** It is there and cannot be read: `code` is the errno. */
	| { readonly kind: "unreadable"; readonly path: string; readonly code: string }
	/** Readable and none of ours: a compose file, a binary, GitHub's own `.runner`. */
	| { readonly kind: "other"; readonly path: string; readonly what: string };

/** A `config.yaml`. */
export interface ConfigFile {
	readonly kind: "config";
	readonly path: string;
	readonly system: RunnerSystem;
	/** `undefined` for an empty file, and for one that cannot be read as YAML: then `problem` says why. */
	readonly root?: Tree;
	readonly problem?: Problem;
	/** Permission bits; 0 where they could not be found out. */
	readonly mode: number;
	/** `runner.file`, where it names an absolute path on this machine: is it there? */
	readonly registration?: { readonly path: string; readonly found: "yes" | "no" };
}

/** A `.runner`, which the runner writes when it is registered. Its token stays where it is. */
export interface RegistrationFile {
	readonly kind: "registration";
	readonly path: string;
	readonly labels: readonly Scalar[];
	readonly problem?: Problem;
	readonly readableByAll: boolean;
	/** Permission bits. */
	readonly mode: number;
}

/** A systemd unit, or a drop-in that changes one. */
export interface UnitFile {
	readonly kind: "unit";
	readonly path: string;
	/** `gitea-runner.service`, also for its drop-ins. */
	readonly unit: string;
	readonly dropIn: boolean;
	/** A unit of a user's own service manager, not of the system's. */
	readonly ofUser: boolean;
	readonly settings: readonly UnitSetting[];
	readonly problem?: Problem;
	/** What this machine knows of what the unit names; not there where it cannot know, as on another machine. */
	readonly machine?: UnitMachine;
}

export interface UnitSetting extends Position {
	readonly section: string;
	readonly name: string;
	readonly value: string;
}

export interface UnitMachine {
	/** The unit's user is in this machine's user database. */
	readonly userKnown: boolean;
	/** Is the user in the group `docker`? `undefined` where the user or the group is not known here. */
	readonly inDockerGroup?: boolean;
	/** Directories with toolchains that exist here and that a login shell would have on its PATH. */
	readonly toolchains: readonly string[];
	/** The `.runner` in the unit's working directory; `undefined` where that directory is not here or not readable. */
	readonly registration?: { readonly path: string; readonly found: "yes" | "no" };
}
