import { clean, harmless, oneLine, segmentsOf } from "./text.ts";

/** How a log or terminal wants its lines. */
export interface LogOptions {
	/** Columns. Prose wraps here; commands, paths and links stay whole, so that they can be copied. */
	readonly width: number;
	/** False: ASCII only. */
	readonly unicode: boolean;
	readonly color: boolean;
	/** For the log of a job: folds with `::group::`, which a terminal does not understand. */
	readonly groups: boolean;
}

/** Parameter of the terminal sequence for each style. */
const styles = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", cyan: "36" } as const;
export type Style = keyof typeof styles;

const asciiFor: Readonly<Record<string, string>> = {
	"✔": "ok",
	"✖": "x",
	"▲": "!",
	"·": "-",
	"—": "-",
	"–": "-",
	"…": "...",
	"≥": ">=",
	"≤": "<=",
	"’": "'",
	"“": '"',
	"”": '"',
	"→": "->",
};

interface Word {
	/** What counts for the width. */
	readonly plain: string;
	readonly painted: string;
}

interface TextOptions {
	/** Starts the first line; the others are indented below its end. */
	readonly prefix?: string;
	readonly prefixStyle?: Style;
	readonly style?: Style;
	/** Characters of the text that are shown. */
	readonly limit?: number;
}

/** Writes the lines of one log. Texts are cleaned on the way in, and no line that comes out is a command but our own. */
export interface LogWriter {
	/** Everything written so far, with a line feed at the end. */
	toString(): string;
	/** A text of a report as a wrapped paragraph; backquotes mark code. */
	text(text: string, options?: TextOptions): void;
	/** Lines to be copied: never wrapped. */
	verbatim(text: string, indent: number, style?: Style): void;
	/** An empty line, never two. */
	gap(): void;
	/**
	 * Ends the group that Gitea's runner keeps open around every step: a page shows it folded, the verdict included. If no
	 * group is open, Gitea, Forgejo and GitHub ignore the line.
	 */
	endGroup(): void;
	/** Folds what `body` writes. */
	group(title: string, body: () => void): void;
}

export function createLogWriter(options: LogOptions): LogWriter {
	const lines: string[] = [];
	const push = (line: string): void => {
		lines.push(harmless(line).trimEnd());
	};
	const paint = (text: string, style: Style | undefined): string =>
		options.color && style && text !== "" ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
	const printable = (text: string): string =>
		options.unicode ? text : text.replace(/[^\t\n -~]/gu, (character) => asciiFor[character] ?? "?");

	const wordsOf = (text: string, style: Style | undefined): readonly Word[] => {
		const words: Word[] = [];
		let glued = false;
		for (const segment of segmentsOf(text)) {
			// Without color the backquotes stay: they tell a command from the sentence around it.
			const marked = segment.code && !options.color ? `\`${segment.text}\`` : segment.text;
			const parts = printable(marked).split(" ");
			parts.forEach((part, index) => {
				if (part === "") return;
				const word = { plain: part, painted: paint(part, segment.code ? "cyan" : style) };
				// A comma right after code belongs to the code's last word.
				const last = index === 0 && glued ? words.pop() : undefined;
				words.push(last ? { plain: last.plain + word.plain, painted: last.painted + word.painted } : word);
			});
			glued = parts[parts.length - 1] !== "";
		}
		return words;
	};

	return {
		toString: () => `${lines.join("\n")}\n`,
		text(text, { prefix = "", prefixStyle, style, limit } = {}) {
			const opening = printable(prefix);
			let line = paint(opening, prefixStyle);
			let length = opening.length;
			let isStart = true;
			for (const word of wordsOf(oneLine(text, limit), style)) {
				if (!isStart && length + 1 + word.plain.length > options.width) {
					push(line);
					line = " ".repeat(opening.length);
					length = opening.length;
					isStart = true;
				}
				line += isStart ? word.painted : ` ${word.painted}`;
				length += word.plain.length + (isStart ? 0 : 1);
				isStart = false;
			}
			if (line.trim() !== "") push(line);
		},
		verbatim(text, indent, style = "cyan") {
			const body = printable(clean(text)).trimEnd();
			for (const line of body.split("\n")) push(" ".repeat(indent) + paint(line, style));
		},
		gap() {
			if (lines.length > 0 && lines[lines.length - 1] !== "") lines.push("");
		},
		endGroup() {
			if (options.groups) lines.push("::endgroup::");
		},
		group(title, body) {
			lines.push(options.groups ? `::group::${printable(title)}` : paint(printable(title), "bold"));
			body();
			if (options.groups) lines.push("::endgroup::");
		},
	};
}
