import { interpolate, type Lookup } from "./interpolate.ts";

/** The variables of an env file, in its order. */
export type EnvFile = ReadonlyMap<string, EnvValue>;

interface EnvValue {
	readonly text: string;
	/** Variables in the value that are set nowhere. */
	readonly unset: readonly string[];
	/** From 1. */
	readonly line: number;
}

/** What a statement begins with: `export NAME=`, `NAME:`, or a name alone, whose value comes from the environment. */
const statement = /^(?:export\s+)?([\p{L}\p{N}_.[\]\-\t ]*?)[\t\v\f\r ]*(=|:|\n|$)[\t\v\f\r ]*/u;

/**
 * Reads an env file as Compose does: comments, `export`, quotes, values over several lines, variables in values.
 * @returns `undefined` if Compose refuses the file.
 */
export function readEnvFile(text: string, lookup: Lookup): EnvFile | undefined {
	const found = new Map<string, EnvValue>();
	const inFile: Lookup = (name) => lookup(name) ?? found.get(name)?.text;
	let rest = text.replace(/^\ufeff/, "");
	let line = 1;
	const take = (length: number): string => {
		const taken = rest.slice(0, length);
		line += taken.split("\n").length - 1;
		rest = rest.slice(length);
		return taken;
	};
	for (;;) {
		take(/^(?:\s|#[^\n]*)*/.exec(rest)?.[0].length ?? 0);
		if (rest === "") return found;
		const started = line;
		const match = statement.exec(rest);
		const name = match?.[1] ?? "";
		if (!match || name === "" || /\s/.test(name)) return undefined;
		take(match[0].length);
		if (match[2] !== "=" && match[2] !== ":") {
			const value = lookup(name);
			if (value !== undefined) found.set(name, { text: value, unset: [], line: started });
			continue;
		}
		const quoted = readValue(rest);
		if (!quoted) return undefined;
		take(quoted.length);
		if (quoted.literal) {
			found.set(name, { text: quoted.text, unset: [], line: started });
			continue;
		}
		const value = interpolate(quoted.text, inFile);
		if (value.invalid) return undefined;
		found.set(name, { text: value.text, unset: value.unset, line: started });
	}
}

interface RawValue {
	readonly text: string;
	/** In single quotes, so nothing is expanded. */
	readonly literal: boolean;
	/** Characters up to the end of the value. */
	readonly length: number;
}

function readValue(text: string): RawValue | undefined {
	const quote = text[0];
	if (quote !== "'" && quote !== '"') {
		const line = /^[^\n]*/.exec(text)?.[0] ?? "";
		const value = (line.split(" #")[0] ?? "").trimEnd();
		return { text: value, literal: false, length: Math.min(line.length + 1, text.length) };
	}
	let value = "";
	for (let at = 1; at < text.length; at++) {
		const char = text[at] ?? "";
		if (char === quote) {
			return { text: quote === '"' ? unescaped(value) : value, literal: quote === "'", length: at + 1 };
		}
		if (char === "\\" && at + 1 < text.length) {
			at++;
			value += text[at] === quote ? quote : `\\${text[at]}`;
			continue;
		}
		value += char;
	}
	return undefined;
}

const escapes: Readonly<Record<string, string>> = {
	a: "\u0007",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
	"\\": "\\",
	'"': '"',
	$: "$$",
};

/** The escapes that Compose expands in double quotes. */
function unescaped(text: string): string {
	return text.replace(/\\([abfnrtv$"\\])/g, (_, char: string) => escapes[char] ?? char);
}
