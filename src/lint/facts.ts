import type { RunnerSystem } from "../knowledge/config-keys.ts";
import type { Position, Problem, Scalar, Tree } from "./read/tree.ts";

/** The files of a runner's configuration as plain data. Secrets are stars by now. */
export interface RunnerConfigFacts {
	/** Empty: no configuration was named, and none is where runners keep it. */
	readonly files: readonly SourceFile[];
	/** Version of the runner that reads the files, and where that is known from; absent if it is unknown. */
	readonly runnerVersion?: { readonly text: string; readonly source: string };
	/** Comments in the files that take findings out. Absent in reports of earlier versions. */
	readonly ignores?: readonly Ignore[];
}

/** A comment that takes findings out: `# runner-check: ignore config/label:floating-tag -- we pin by digest in CI`. */
export interface Ignore {
	readonly file: string;
	/** The line that it is for: its own, or the next one with content if it is alone on its line. */
	readonly target: number;
	/** `config/label:floating-tag`, `config/label` */
	readonly patterns: readonly string[];
}

export type SourceFile =
	| ConfigFile
	| RegistrationFile
	| UnitFile
	| { readonly kind: "absent"; readonly path: string }
	/** It exists and cannot be read: `code` is the errno. */
	| { readonly kind: "unreadable"; readonly path: string; readonly code: string }
	/** Nothing in it can be read as a file: a directory, a FIFO. */
	| { readonly kind: "other"; readonly path: string; readonly what: string }
	/** It can be read, but belongs to something else: a compose file, GitHub's own `.runner`. */
	| { readonly kind: "foreign"; readonly path: string; readonly what: string }
	| TemplateFile;

/** A file that something else still has to fill in. */
interface TemplateFile extends Position {
	readonly kind: "template";
	readonly path: string;
	/** The form of its placeholders: `{{ … }}`. */
	readonly form: string;
}

/** A `config.yaml`. */
export interface ConfigFile {
	readonly kind: "config";
	readonly path: string;
	readonly system: RunnerSystem;
	/** Absent for an empty file, and for one that is not YAML: then `problem` says why. */
	readonly root?: Tree;
	readonly problem?: Problem;
	/** Permission bits; 0 if they are unknown. */
	readonly mode: number;
	/** `runner.file`, if it is an absolute path on this machine. */
	readonly registration?: { readonly path: string; readonly found: "yes" | "no" };
}

/** A `.runner`, which the runner writes when it is registered. Its token is not in the facts. */
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
	/** A unit of a user's service manager, not of the system's. */
	readonly ofUser: boolean;
	/** The settings that systemd reads. */
	readonly settings: readonly UnitSetting[];
	/** What systemd ignores, with a warning in its journal. Absent in reports of earlier versions. */
	readonly ignored?: readonly IgnoredLine[];
	/** A section's header that is broken: systemd does not load the unit. */
	readonly brokenHeader?: Position;
	/** What this machine knows about the user and the directories of the unit; absent on another machine. */
	readonly machine?: UnitMachine;
}

export interface UnitSetting extends Position {
	readonly section: string;
	readonly name: string;
	readonly value: string;
}

/** A line that systemd ignores, and why. */
export type IgnoredLine = Position &
	(
		| { readonly why: "outside" | "no-equals" | "no-name" }
		| { readonly why: "section"; readonly name: string }
		| { readonly why: "wrong-section"; readonly name: string; readonly section: string; readonly right: string }
		| { readonly why: "unknown-key"; readonly name: string; readonly section: string; readonly meant: string }
		/** A comment behind the value. `bare`: the value without it. */
		| { readonly why: "remark"; readonly name: string; readonly bare: string }
		| { readonly why: "value"; readonly name: string; readonly value: string; readonly expected: string }
	);

export interface UnitMachine {
	/** Configurations that are where runners keep them on this machine. Absent in reports of earlier versions. */
	readonly configs?: readonly string[];
	/** The unit's user is in this machine's user database. */
	readonly userKnown: boolean;
	/** Is the user in the group `docker`? Absent if this machine does not know the user or the group. */
	readonly inDockerGroup?: boolean;
	/** Directories with tools on this machine that a login shell would have on its PATH. */
	readonly toolchains: readonly string[];
	/** The `.runner` in the unit's working directory; absent if that directory does not exist here or cannot be read. */
	readonly registration?: { readonly path: string; readonly found: "yes" | "no" };
}
