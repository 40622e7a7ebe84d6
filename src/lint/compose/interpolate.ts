/** A text of a compose file after its variables were replaced. */
export interface Interpolated {
	/** The text as Compose passes it on. A variable that is not set is empty. */
	readonly text: string;
	/** Variables without a value here. They may well have one in the shell that calls Compose. */
	readonly unset: readonly string[];
	/** Variables whose values are in the text. */
	readonly used: readonly string[];
	/** Compose refuses the text: `${1x}`. A variable that is required and missing is no such problem: it is just not set here. */
	readonly invalid: boolean;
}

/** A variable's value; `undefined`: it is not set. */
export type Lookup = (name: string) => string | undefined;

/** `$$`, `$NAME`, `${NAME}` with what follows the name, and `${` with anything else, which Compose refuses. */
const reference = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?].*)?)\}|()))/gi;

/** Values inside defaults inside defaults; nobody nests deeper. */
const maxDepth = 20;

/** Replaces variables as Compose does: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:+other}`, `${X:?error}`, `$$`. */
export function interpolate(text: string, lookup: Lookup): Interpolated {
	const reader = new Interpolation(lookup);
	const replaced = reader.replace(text, 0);
	return { text: replaced, unset: [...reader.unset], used: [...reader.used], invalid: reader.invalid };
}

class Interpolation {
	readonly unset = new Set<string>();
	readonly used = new Set<string>();
	invalid = false;
	private readonly lookup: Lookup;

	constructor(lookup: Lookup) {
		this.lookup = lookup;
	}

	replace(text: string, depth: number): string {
		if (!text.includes("$") || depth > maxDepth) return text;
		return text.replace(reference, (whole: string, escaped, plain, braced) => {
			if (escaped !== undefined) return "$";
			if (plain !== undefined) return this.value(plain);
			if (braced === undefined) {
				this.invalid = true;
				return "";
			}
			// The pattern is greedy: `${A}/${B:-x}` is one match.
			const end = closingBrace(whole);
			const rest = this.replace(whole.slice(end + 1), depth + 1);
			return this.substitute(whole.slice(2, end), depth) + rest;
		});
	}

	/** `NAME`, or a name with an operator: the first one in the text counts. */
	private substitute(inside: string, depth: number): string {
		const [, name = "", operator, other = ""] = /^([_a-z][_a-z0-9]*)(?:(:?[-+?])(.*))?$/is.exec(inside) ?? [];
		if (operator === undefined) return this.value(name);
		const value = this.lookup(name);
		const counts = value !== undefined && (!operator.startsWith(":") || value !== "");
		switch (operator.slice(-1)) {
			case "-":
				return counts ? this.value(name) : this.replace(other, depth + 1);
			case "+":
				return counts ? this.replace(other, depth + 1) : (value ?? "");
			default:
				return counts ? this.value(name) : this.unknown(name);
		}
	}

	private value(name: string): string {
		const value = this.lookup(name);
		if (value === undefined) return this.unknown(name);
		this.used.add(name);
		return value;
	}

	private unknown(name: string): string {
		this.unset.add(name);
		return "";
	}
}

/** The brace that closes the first one. */
function closingBrace(text: string): number {
	let open = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === "{") open++;
		if (text[at] === "}" && --open === 0) return at;
	}
	return text.length - 1;
}
