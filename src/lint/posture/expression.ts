/**
 * The condition of a job, tried with what is known of an event that a stranger caused: may the job run then? A value is known, or
 * known to differ from everything that a condition can name, or unknown.
 */

/** What is known of a value. */
export type Known =
	| { readonly kind: "constant"; readonly value: string | number | boolean | null }
	| { readonly kind: "list"; readonly items: readonly Known[] }
	/** The stranger's own: their login, their repository. It equals no constant, and only what has the same tag. */
	| { readonly kind: "own"; readonly tag: string }
	/** The repository's own: it may be any constant, but nothing of the stranger's. */
	| { readonly kind: "ours"; readonly tag: string }
	/** A text that begins like this. */
	| { readonly kind: "beginning"; readonly text: string }
	/** One of these texts. */
	| { readonly kind: "among"; readonly texts: readonly string[] }
	| { readonly kind: "unknown" };

/** `undefined`: it depends on what is unknown. */
export type Truth = boolean | undefined;

/** What a context is: `github.event_name`, in lowercase. `undefined`: unknown. */
export type Contexts = (path: string) => Known | undefined;

const unknown: Known = { kind: "unknown" };
const constant = (value: string | number | boolean | null): Known => ({ kind: "constant", value });

/** No condition is longer. */
const maxLength = 4000;

/** Is the condition of an `if` true? `undefined` if it depends on what is unknown, or has a form that is unknown here. */
export function truthOf(condition: string, contexts: Contexts): Truth {
	const text = condition.trim();
	if (text === "") return true;
	if (text.length > maxLength) return undefined;
	const inside = /^\$\{\{([\s\S]*)\}\}$/.exec(text)?.[1] ?? text;
	// Text around an expression makes a text of it, which is true, or so the forge takes it.
	if (inside.includes("${{")) return undefined;
	try {
		const parser = new Parser(tokensOf(inside), contexts);
		return truth(parser.parse());
	} catch (error) {
		if (error instanceof UnknownForm) return undefined;
		throw error;
	}
}

class UnknownForm extends Error {}

type Token =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "number"; readonly value: number }
	| { readonly kind: "name"; readonly text: string }
	| { readonly kind: "sign"; readonly text: string };

const pattern =
	/\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?(?![\w.]))|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|<=|>=|[!<>()[\].,*]))/y;

function tokensOf(text: string): readonly Token[] {
	const tokens: Token[] = [];
	pattern.lastIndex = 0;
	while (pattern.lastIndex < text.trimEnd().length) {
		const match = pattern.exec(text);
		if (!match) throw new UnknownForm();
		const [, quoted, digits, name, sign] = match;
		if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.split("''").join("'") });
		else if (digits !== undefined) tokens.push({ kind: "number", value: Number(digits) });
		else if (name !== undefined) tokens.push({ kind: "name", text: name });
		else tokens.push({ kind: "sign", text: sign ?? "" });
	}
	return tokens;
}

/** Reads and evaluates in one go: there is nothing to do with the tree afterwards. */
class Parser {
	private at = 0;
	private depth = 0;
	private readonly tokens: readonly Token[];
	private readonly contexts: Contexts;

	constructor(tokens: readonly Token[], contexts: Contexts) {
		this.tokens = tokens;
		this.contexts = contexts;
	}

	parse(): Known {
		const value = this.either();
		if (this.at < this.tokens.length) throw new UnknownForm();
		return value;
	}

	private either(): Known {
		let left = this.both();
		while (this.takes("||")) left = or(left, this.both());
		return left;
	}

	private both(): Known {
		let left = this.compared();
		while (this.takes("&&")) left = and(left, this.compared());
		return left;
	}

	private compared(): Known {
		let left = this.unary();
		for (;;) {
			if (this.takes("==")) left = fromTruth(equal(left, this.unary()));
			else if (this.takes("!=")) left = not(fromTruth(equal(left, this.unary())));
			else if (["<", "<=", ">", ">="].some((sign) => this.takes(sign))) {
				this.unary();
				left = unknown;
			} else return left;
		}
	}

	private unary(): Known {
		if (++this.depth > 200) throw new UnknownForm();
		const value = this.takes("!") ? not(this.unary()) : this.primary();
		this.depth--;
		return value;
	}

	private primary(): Known {
		const token = this.tokens[this.at++];
		if (!token) throw new UnknownForm();
		if (token.kind === "text") return constant(token.text);
		if (token.kind === "number") return constant(token.value);
		if (token.kind === "sign") {
			if (token.text !== "(") throw new UnknownForm();
			const value = this.either();
			this.expect(")");
			return value;
		}
		const name = token.text.toLowerCase();
		if (name === "true" || name === "false") return constant(name === "true");
		if (name === "null") return constant(null);
		return this.takes("(") ? this.call(name) : this.context(name);
	}

	private call(name: string): Known {
		const parameters: Known[] = [];
		if (!this.takes(")")) {
			do parameters.push(this.either());
			while (this.takes(","));
			this.expect(")");
		}
		const [first = unknown, second = unknown] = parameters;
		switch (name) {
			case "always":
			case "success":
				return constant(true);
			case "contains":
				return fromTruth(contains(first, second));
			case "startswith":
				return fromTruth(startsWith(first, second));
			case "fromjson":
				return fromJson(first);
			default:
				return unknown;
		}
	}

	/** `github.event.pull_request.labels.*.name`, `github['event_name']` */
	private context(name: string): Known {
		let path = /^(?:gitea|forge|forgejo)$/.test(name) ? "github" : name;
		for (;;) {
			if (this.takes(".")) {
				const part = this.tokens[this.at++];
				if (part?.kind === "name") path += `.${part.text.toLowerCase()}`;
				else if (part?.kind === "sign" && part.text === "*") path += ".*";
				else throw new UnknownForm();
			} else if (this.takes("[")) {
				const part = this.either();
				this.expect("]");
				path += part.kind === "constant" ? `.${String(part.value).toLowerCase()}` : ".?";
			} else return this.contexts(path) ?? unknown;
		}
	}

	private takes(sign: string): boolean {
		const token = this.tokens[this.at];
		if (token?.kind !== "sign" || token.text !== sign) return false;
		this.at++;
		return true;
	}

	private expect(sign: string): void {
		if (!this.takes(sign)) throw new UnknownForm();
	}
}

function fromTruth(value: Truth): Known {
	return value === undefined ? unknown : constant(value);
}

function truth(value: Known): Truth {
	if (value.kind === "unknown") return undefined;
	return (
		value.kind !== "constant" ||
		!(value.value === null || value.value === "" || value.value === 0 || value.value === false)
	);
}

function not(value: Known): Known {
	const known = truth(value);
	return known === undefined ? unknown : constant(!known);
}

function and(left: Known, right: Known): Known {
	if (truth(left) === false) return left;
	if (truth(left) === true) return right;
	return truth(right) === false ? constant(false) : unknown;
}

function or(left: Known, right: Known): Known {
	if (truth(left) === true) return left;
	if (truth(left) === false) return right;
	return truth(right) === true ? constant(true) : unknown;
}

function textOf(value: Known): string | undefined {
	return value.kind === "constant" ? String(value.value ?? "").toLowerCase() : undefined;
}

function equal(left: Known, right: Known): Truth {
	if (left.kind === "unknown" || right.kind === "unknown") return undefined;
	if (left.kind === "own" && right.kind === "own") return left.tag === right.tag;
	if (left.kind === "ours" && right.kind === "ours") return left.tag === right.tag || undefined;
	if (left.kind === "constant" && right.kind === "constant") return sameConstant(left.value, right.value);
	const [plain, other] = left.kind === "constant" ? [left, right] : [right, left];
	const text = textOf(plain);
	if (text === undefined) return left.kind === "own" || right.kind === "own" ? false : undefined;
	switch (other.kind) {
		case "own":
			return false;
		case "beginning":
			return text.startsWith(other.text) ? undefined : false;
		case "among":
			return other.texts.includes(text) ? (other.texts.length === 1 ? true : undefined) : false;
		default:
			return undefined;
	}
}

/** Texts are compared without regard to case, and `'true'` is not `true`. */
function sameConstant(left: unknown, right: unknown): Truth {
	if (typeof left === "string" && typeof right === "string") return left.toLowerCase() === right.toLowerCase();
	if (typeof left === typeof right || left === null || right === null) return left === right;
	const [a, b] = [Number(left), Number(right)];
	return Number.isNaN(a) || Number.isNaN(b) ? false : a === b;
}

function contains(whole: Known, part: Known): Truth {
	if (whole.kind === "list") {
		const answers = whole.items.map((item) => equal(item, part));
		if (answers.includes(true)) return true;
		return answers.includes(undefined) ? undefined : false;
	}
	const [text, searched] = [textOf(whole), textOf(part)];
	return text === undefined || searched === undefined ? undefined : text.includes(searched);
}

function startsWith(whole: Known, part: Known): Truth {
	const searched = textOf(part);
	if (searched === undefined) return undefined;
	const text = textOf(whole);
	if (text !== undefined) return text.startsWith(searched);
	if (whole.kind !== "beginning") return undefined;
	if (whole.text.startsWith(searched)) return true;
	return searched.startsWith(whole.text) ? undefined : false;
}

function fromJson(value: Known): Known {
	if (value.kind !== "constant" || typeof value.value !== "string") return unknown;
	try {
		return ofJson(JSON.parse(value.value));
	} catch {
		return unknown;
	}
}

function ofJson(value: unknown): Known {
	if (Array.isArray(value)) return { kind: "list", items: value.map(ofJson) };
	return value === null || ["string", "number", "boolean"].includes(typeof value)
		? constant(value as string | number | boolean | null)
		: unknown;
}
