/** Something in the inputs or in the policy that is wrong: where, what was found, what is allowed. */
export interface Mistake {
	/** ``input `timeout` `` or `.gitea/runner-check.yml:12:5`. */
	readonly place: string;
	readonly found: string;
	readonly allowed: string;
}

export function describeMistake({ place, found, allowed }: Mistake): string {
	return `${place}: found ${withoutQueries(found)}; allowed: ${allowed}`;
}

/** The query of an address may hold a key, whatever it is called. */
export function withoutQueries(text: string): string {
	return text.replace(/(:\/\/[^\s?"'`]*\?)[^\s"'`]+/g, "$1…");
}

/** What was found, as one short line of code. */
export function quoted(text: string): string {
	const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
	return `\`${short.replace(/\s+/g, " ")}\``;
}

/** The inputs or the policy ask for something that is not there. Holds every mistake, not only the first. */
export class ConfigurationError extends Error {
	readonly mistakes: readonly Mistake[];
	override readonly name = "ConfigurationError";
	constructor(mistakes: readonly Mistake[]) {
		super(mistakes.map(describeMistake).join("\n"));
		this.mistakes = mistakes;
	}
}

/** By its name: `run.js` and `more.js` have each a class of their own. */
export function isConfigurationError(error: unknown): error is ConfigurationError {
	return error instanceof Error && error.name === "ConfigurationError";
}
