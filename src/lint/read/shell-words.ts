/** One word of `container.options`, and its place in the text. */
export interface Word {
	readonly text: string;
	readonly offset: number;
}

export type Words =
	| { readonly kind: "ok"; readonly words: readonly Word[] }
	/** What is never closed, and the place where it was opened. */
	| { readonly kind: "unterminated"; readonly what: "'" | '"' | "\\"; readonly offset: number };

const blanks = " \n\t";

/**
 * Splits a text into words as the runner does: spaces, tabs and newlines separate, quotes and backslashes work as in a shell,
 * nothing is expanded, and there are no comments.
 */
export function splitWords(text: string): Words {
	const words: Word[] = [];
	let word = "";
	let start = -1;
	let at = 0;
	const begin = (): void => {
		if (start < 0) start = at;
	};
	while (at < text.length) {
		const char = text[at] ?? "";
		if (blanks.includes(char)) {
			if (start >= 0) words.push({ text: word, offset: start });
			word = "";
			start = -1;
			at++;
		} else if (char === "\\") {
			if (at + 1 >= text.length) return { kind: "unterminated", what: "\\", offset: at };
			// A backslash before a newline joins the lines.
			if (text[at + 1] !== "\n") {
				begin();
				word += text[at + 1];
			}
			at += 2;
		} else if (char === "'") {
			begin();
			const end = text.indexOf("'", at + 1);
			if (end < 0) return { kind: "unterminated", what: "'", offset: at };
			word += text.slice(at + 1, end);
			at = end + 1;
		} else if (char === '"') {
			begin();
			const quoted = readDoubleQuoted(text, at + 1);
			if (!quoted) return { kind: "unterminated", what: '"', offset: at };
			word += quoted.text;
			at = quoted.end;
		} else {
			begin();
			word += char;
			at++;
		}
	}
	if (start >= 0) words.push({ text: word, offset: start });
	return { kind: "ok", words };
}

/** Reads up to the closing quote; a backslash escapes only `$`, a backquote, `"`, itself and a newline. */
function readDoubleQuoted(text: string, from: number): { text: string; end: number } | undefined {
	let word = "";
	for (let at = from; at < text.length; at++) {
		const char = text[at] ?? "";
		if (char === '"') return { text: word, end: at + 1 };
		const next = text[at + 1];
		if (char === "\\" && next !== undefined && '$`"\n\\'.includes(next)) {
			if (next !== "\n") word += next;
			at++;
		} else {
			word += char;
		}
	}
	return undefined;
}
