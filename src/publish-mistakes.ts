import { error as annotate, warning } from "@actions/core";
import { describeMistake, type Mistake } from "./mistake.ts";
import { plainText } from "./render/text.ts";
import { createRedactor } from "./report/redact.ts";

/** One annotation for each mistake in inputs or policy. */
export function publishMistakes(mistakes: readonly Mistake[]): void {
	const { text } = createRedactor(process.env);
	for (const mistake of mistakes) annotate(plainText(text(describeMistake(mistake))), { title: "runner-check inputs" });
}

/** What could not be done. It names paths, which come from inputs, and those may hold anything. */
export function publishWarning(message: string): void {
	const { text } = createRedactor(process.env);
	warning(plainText(text(message)));
}

/** The same of what an input asks for, which is an error. */
export function publishError(message: string): void {
	const { text } = createRedactor(process.env);
	annotate(plainText(text(message)));
}

/** A bug of ours, as an annotation. */
export function publishCrash(error: unknown): void {
	const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
	const { text } = createRedactor(process.env);
	annotate(`runner-check crashed, which is a bug in it: ${plainText(text(told))}`);
}
