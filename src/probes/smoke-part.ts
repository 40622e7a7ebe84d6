import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import type { Sequence } from "../smoke/plan.ts";
import type { Ask, Probe } from "./probe.ts";
import type { ToolFacts } from "./tools.ts";

export type PartFacts =
	/** Nothing was started, because it is not here: a program, an image, a GPU. */
	| { readonly kind: "absent"; readonly what: string }
	/** Nothing was started, because a program of the workspace would have been. `by`: what names it. */
	| { readonly kind: "untrusted"; readonly by: string }
	/** The engine, or a proxy in front of it, denies it. */
	| { readonly kind: "forbidden"; readonly message: string }
	/** It could not be prepared, or the process that does the steps did not do them. */
	| { readonly kind: "not-done"; readonly message: string }
	| {
			readonly kind: "done";
			/** What it is about: the image, the compiler. */
			readonly subject?: string;
			/** What of the workspace's configuration was left out, because it is untrusted. */
			readonly leftOut?: readonly string[];
			/** How many steps there were to do. */
			readonly planned: number;
			readonly steps: readonly StepFacts[];
	  };

export interface StepFacts {
	/** `rust in the workspace` */
	readonly sequence: string;
	/** As a person would type it. */
	readonly command: string;
	/** `hung`: it was killed at the deadline. */
	readonly end: "exited" | "signalled" | "not-started" | "hung";
	readonly code?: number;
	/** What it printed, or why it did not start. */
	readonly output: string;
	readonly ms?: number;
}

/** What a part gets. */
export interface Preparing {
	readonly host: Host;
	readonly request: Request;
	readonly ask: Ask;
	/** Unlike any other run's. */
	readonly id: string;
	/** A new directory in the workspace, by its real path. */
	workspace(): Promise<string>;
	/** A new directory in the job's temporary directory. */
	temp(): Promise<string>;
}

/** The work of one part, or why there is none. */
export type Prepared =
	| Exclude<PartFacts, { kind: "done" }>
	| {
			readonly kind: "ready";
			readonly subject?: string;
			readonly leftOut?: readonly string[];
			readonly sequences: readonly Sequence[];
			/** Removes what the directories do not hold. @param became `undefined` if it was broken off. @returns what could not be removed. */
			readonly remove?: (became: PartFacts | undefined) => Promise<string | undefined>;
	  };

/** The path of a program that a part needs, or why it is not run. */
export async function programFor(
	{ ask, request }: Preparing,
	name: string,
	probe: Probe<ToolFacts>,
): Promise<string | Exclude<PartFacts, { kind: "done" }>> {
	const { run, found } = await ask(probe);
	if (run.kind === "untrusted" && !request.trusts) return { kind: "untrusted", by: run.by };
	if (found) return found.path;
	return run.kind === "search-timed-out"
		? { kind: "not-done", message: `${run.directory} did not answer` }
		: { kind: "absent", what: name };
}
