import { leave } from "./leave.ts";

/**
 * What is thrown in an event, or rejected where nobody waits, never reaches a `catch`: Node would print it as it is, with any
 * secret in its message.
 * @param tell Says it without secrets.
 * @param code The exit code.
 */
export function onCrash(tell: (error: unknown) => void, code: number): void {
	const end = (error: unknown): void => {
		try {
			tell(error);
		} catch {
			process.stderr.write("runner-check crashed, and could not say how without secrets\n");
		}
		leave(code);
	};
	// Without these, it would be an uncaught exception too.
	process.once("unhandledRejection", end);
	process.once("uncaughtException", end);
}
