/** What the parent process has the child do, as JSON on its standard input. */
export interface SmokePlan {
	/** They run side by side. */
	readonly sequences: readonly Sequence[];
}

/** Steps one after the other, until one fails. */
export interface Sequence {
	/** `rust in the workspace` */
	readonly name: string;
	readonly steps: readonly Step[];
}

export interface Step {
	/** Program, by its absolute path, and arguments. */
	readonly command: readonly string[];
	/** As a person would type it, if the command itself has more. */
	readonly shown?: string;
	readonly cwd: string;
	/** Added to the child's own environment. */
	readonly env: Readonly<Record<string, string>>;
	/** Absolute path -> text, written before the program starts. */
	readonly files?: Readonly<Record<string, string>>;
}

/** What the child tells, one line of JSON each. A step that began and did not end was still running when the child was killed. */
export type StepEvent =
	| { readonly began: string; readonly step: number }
	| {
			readonly ended: string;
			readonly step: number;
			/** Exit code; `null` if a signal ended it. */
			readonly code?: number | null;
			/** Why it did not start. */
			readonly error?: string;
			readonly ms: number;
			readonly output: string;
	  };

/** Bytes kept of what a step prints. The first error explains the others. */
export const maxOutput = 16 * 1024;
