import type { Position, Problem } from "./tree.ts";

/** The labels that workflows ask for, and the forge's runners if a token can list them. */
export interface WorkflowFacts {
	readonly files: readonly WorkflowFile[];
	readonly forge?: ForgeAnswer;
}

export interface WorkflowFile {
	readonly path: string;
	readonly problem?: Problem;
	/** Why nobody looked: the deadline came first, or it is a glob that matches more files than are read, or none. */
	readonly unread?: "late" | "too-many" | "no-match";
	/** Names of the events in `on`. */
	readonly events: readonly string[];
	/** The same events with their places, and the kinds of each that start a run. */
	readonly triggers?: readonly WorkflowTrigger[];
	readonly jobs: readonly WorkflowJob[];
}

export interface WorkflowTrigger extends Position {
	readonly event: string;
	/** `types`: `opened`, `labeled`; absent or empty: the usual ones. */
	readonly types?: readonly string[];
}

export interface WorkflowJob extends Position {
	readonly id: string;
	/** Sets of labels that one runner must have: one set, or one for each value of a matrix. */
	readonly wants: readonly (readonly WantedLabel[])[];
	/** `runs-on` depends on values that only a run knows. */
	readonly unknown: boolean;
	/** Names of the secrets that the job or its workflow uses, except the automatic token; `inherit` for all. */
	readonly secrets: readonly string[];
	/** Secrets that only steps with a condition use. */
	readonly conditionalSecrets?: readonly { readonly condition: string; readonly secrets: readonly string[] }[];
	/** `if`, as it is written. */
	readonly condition?: string;
	/** Ids of the jobs that it needs. */
	readonly needs?: readonly string[];
	/** The workflow that it calls, as it is written. */
	readonly uses?: string;
	/** Secrets that it passes to that workflow by name. Absent if it calls none, and in reports of earlier versions. */
	readonly passes?: readonly PassedSecret[];
	/** It names its labels nowhere, and calls no workflow. `meant`: a key that may be a misspelled `runs-on`. */
	readonly withoutRunsOn?: { readonly meant?: string };
	/** Name of its `environment`, whose protection only the forge knows. */
	readonly environment?: string;
	/** What `permissions` of the job or its workflow give its token; absent: they say nothing. */
	readonly token?: "read" | "write";
}

export interface PassedSecret {
	/** What the called workflow knows it by. */
	readonly name: string;
	/** The secrets in its value. */
	readonly secrets: readonly string[];
}

export interface WantedLabel extends Position {
	readonly text: string;
}

/** What the forge's API answered about its runners. */
export interface ForgeAnswer {
	/** The scopes that answered: `repository`, `organization`, `instance`. */
	readonly scopes: readonly string[];
	readonly runners: readonly ForgeRunner[];
	/** Scopes that did not answer, and why. */
	readonly refused: readonly { readonly scope: string; readonly why: string }[];
	/** The list has every runner, because the instance answered. */
	readonly complete: boolean;
}

export interface ForgeRunner {
	readonly name: string;
	readonly labels: readonly string[];
	readonly online: boolean;
	readonly disabled: boolean;
	/** It runs a job now. */
	readonly busy?: boolean;
}
