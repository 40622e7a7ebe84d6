/** A text, or a list of texts, in a TOML file. */
export interface TomlEntry {
	/** `["target", "cfg(unix)", "linker"]` */
	readonly path: readonly string[];
	/** Other values (numbers, dates) are left out, also in lists. */
	readonly value: string | readonly string[];
	/** Counted from 1. */
	readonly line: number;
}

export interface TomlEntries {
	/** In the order of the file. */
	readonly entries: readonly TomlEntry[];
	/** The line from which on this is not TOML, so that nothing more was read. */
	readonly brokenAt?: number;
}

/** Lists and inline tables in each other: more is not written by people. */
const maxDepth = 20;

/**
 * The texts of a TOML file with their lines: tables, dotted and quoted keys, inline tables and lists. It is as small as cargo's own
 * configuration allows, and does not tell every file that is not TOML: cargo does.
 */
export function tomlEntries(text: string): TomlEntries {
	const reader = new Reader(text.replace(/^\uFEFF/, ""));
	try {
		reader.readFile();
		return { entries: reader.entries };
	} catch {
		return { entries: reader.entries, brokenAt: reader.line() };
	}
}

/** What a value that is not a text becomes. */
const other = Symbol("another kind of value");
type Value = string | readonly Value[] | typeof other;

class Reader {
	readonly entries: TomlEntry[] = [];
	private readonly text: string;
	private at = 0;
	/** What `line` counted last. */
	private counted = { to: 0, line: 1 };

	constructor(text: string) {
		this.text = text;
	}

	/** The line of the place that is being read. */
	line(): number {
		const breaks = this.text.slice(this.counted.to, this.at).split("\n").length - 1;
		this.counted = { to: this.at, line: this.counted.line + breaks };
		return this.counted.line;
	}

	readFile(): void {
		let table: readonly string[] = [];
		for (this.skipBlank(); this.at < this.text.length; this.skipBlank()) {
			if (this.takes("[")) {
				const isList = this.takes("[");
				table = this.readKey();
				this.expect(isList ? "]]" : "]");
			} else {
				this.readPair(table, 0);
			}
			this.match(/[ \t]*(?:#[^\n]*)?/y);
			if (this.at < this.text.length) this.match(/\r?\n/y);
		}
	}

	private readPair(table: readonly string[], depth: number): void {
		const line = this.line();
		const path = [...table, ...this.readKey()];
		this.expect("=");
		const value = this.readValue(path, depth);
		if (typeof value === "string") this.entries.push({ path, value, line });
		else if (value !== other) this.entries.push({ path, value: value.filter((one) => typeof one === "string"), line });
	}

	private readKey(): readonly string[] {
		const parts: string[] = [];
		do {
			this.skipSpace();
			const quote = this.text[this.at];
			parts.push(quote === '"' || quote === "'" ? this.readText() : this.match(/[\w-]+/y));
			this.skipSpace();
		} while (this.takes("."));
		return parts;
	}

	private readValue(path: readonly string[], depth: number): Value {
		if (depth > maxDepth) throw new Error("too deep");
		this.skipSpace();
		const first = this.text[this.at];
		if (first === '"' || first === "'") return this.readText();
		if (this.takes("[")) return this.readList(path, depth);
		if (this.takes("{")) return this.readTable(path, depth);
		this.match(/[^\s,#\]}]+(?: [\d:.]+)?/y);
		return other;
	}

	private readList(path: readonly string[], depth: number): readonly Value[] {
		const values: Value[] = [];
		for (this.skipBlank(); !this.takes("]"); this.skipBlank()) {
			values.push(this.readValue(path, depth + 1));
			this.skipBlank();
			if (!this.takes(",") && this.text[this.at] !== "]") throw new Error("a list without end");
		}
		return values;
	}

	private readTable(path: readonly string[], depth: number): typeof other {
		for (this.skipBlank(); !this.takes("}"); this.skipBlank()) {
			this.readPair(path, depth + 1);
			this.skipBlank();
			if (!this.takes(",") && this.text[this.at] !== "}") throw new Error("a table without end");
		}
		return other;
	}

	private readText(): string {
		if (this.takes("'''")) return this.until("'''");
		if (this.takes("'")) return this.closed(/[^'\n]*/y, "'");
		if (this.takes('"""')) return unescaped(this.closed(/(?:[^"\\]|\\[\s\S]|"(?!""))*/y, '"""'));
		this.expect('"');
		return unescaped(this.closed(/(?:[^"\\\n]|\\.)*/y, '"'));
	}

	private closed(pattern: RegExp, end: string): string {
		const text = this.match(pattern);
		this.expect(end);
		return text;
	}

	private until(end: string): string {
		const stop = this.text.indexOf(end, this.at);
		if (stop < 0) throw new Error("a text without end");
		const text = this.text.slice(this.at, stop);
		this.at = stop + end.length;
		return text.replace(/^\r?\n/, "");
	}

	private skipSpace(): void {
		this.match(/[ \t]*/y);
	}

	/** Space, line breaks and comments. */
	private skipBlank(): void {
		this.match(/(?:\s|#[^\n]*)*/y);
	}

	private takes(text: string): boolean {
		if (!this.text.startsWith(text, this.at)) return false;
		this.at += text.length;
		return true;
	}

	private expect(text: string): void {
		if (!this.takes(text)) throw new Error(`no ${text}`);
	}

	/** @param pattern Sticky. @throws where it does not match here. */
	private match(pattern: RegExp): string {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0];
		if (found === undefined) throw new Error("not TOML");
		this.at += found.length;
		return found;
	}
}

const escapes: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001b" };

function unescaped(text: string): string {
	return text
		.replace(/^\r?\n/, "")
		.replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|([ \t]*\r?\n\s*)|([\s\S]))/gi, (_all, short, long, fold, single) => {
			if (fold !== undefined) return "";
			const code = Number.parseInt(short ?? long ?? "", 16);
			if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : "?";
			return escapes[single] ?? single;
		});
}
