import { own } from "../own.ts";
import { nearest } from "../policy/nearest.ts";

/** A command line taken apart: `check --profile titan` or `explain docker/socket`. */
export interface Arguments {
	readonly command: string;
	readonly words: readonly string[];
	readonly flags: Readonly<Record<string, string>>;
}

/** Somebody typed what this program does not know; the message says what, and what there is. */
export class UsageError extends Error {
	override readonly name = "UsageError";
}

/** By its name: `run.js` and `more.js` have each a class of their own. */
export function isUsageError(error: unknown): error is UsageError {
	return error instanceof Error && error.name === "UsageError";
}

/** Flags that take no value. */
export const switches: ReadonlySet<string> = new Set(["posture", "skip-others", "fix", "dry-run"]);

/** Flags that may stand without a value, and what they say then. */
const bare: Readonly<Record<string, string>> = { smoke: "docker" };

/**
 * Takes `argv` (without node and script) apart. Every flag has a value, `--name value` or `--name=value`, but switches and those that may be bare.
 * @param known Command -> its flags. The first command is meant where none is named.
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[], known: Readonly<Record<string, readonly string[]>>): Arguments {
	const commands = Object.keys(known);
	const first = argv[0];
	const named = first !== undefined && !first.startsWith("-");
	const command = named ? first : (commands[0] ?? "");
	const allowed = flagsOf(command, known);
	const words: string[] = [];
	const flags: Record<string, string> = {};
	const rest = named ? argv.slice(1) : argv;
	for (let index = 0; index < rest.length; index++) {
		const word = rest[index] ?? "";
		if (!word.startsWith("--")) {
			words.push(word);
			continue;
		}
		const [name = "", inline] = splitFlag(word.slice(2));
		if (!allowed.includes(name)) {
			const list = allowed.map((flag) => `--${flag}`).join(", ");
			throw new UsageError(
				`unknown flag \`--${name}\`${suggestion(name, allowed, "--")}; \`${command}\` takes${list === "" ? " no flags" : `: ${list}`}`,
			);
		}
		const isLast = rest[index + 1]?.startsWith("--") ?? true;
		const given = inline ?? (switches.has(name) ? "true" : isLast ? own(bare, name) : undefined);
		const value = given ?? rest[++index];
		if (value === undefined) throw new UsageError(`the flag \`--${name}\` needs a value`);
		if (name in flags) throw new UsageError(`the flag \`--${name}\` was given twice`);
		flags[name] = value;
	}
	return { command, words, flags };
}

/** The flags of a command. @throws UsageError if there is no such command. */
export function flagsOf(command: string, known: Readonly<Record<string, readonly string[]>>): readonly string[] {
	const flags = own(known, command);
	if (flags) return flags;
	const commands = Object.keys(known);
	throw new UsageError(
		`unknown command \`${command}\`${suggestion(command, commands)}; there are: ${commands.join(", ")}`,
	);
}

function splitFlag(text: string): [string, string | undefined] {
	const equals = text.indexOf("=");
	return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

function suggestion(word: string, known: readonly string[], prefix = ""): string {
	const like = nearest(word, known);
	return like === undefined ? "" : `, did you mean \`${prefix}${like}\`?`;
}
