/** What to say of something that was thrown: anything can be. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** What to say of a file that could not be written. @param what "the job summary" */
export function couldNotWrite(what: string, error: unknown): string {
	return `runner-check could not write ${what}: ${String(error)}`;
}
