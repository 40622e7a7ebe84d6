import { splitWords, type Word } from "../read/shell-words.ts";
import { announcesSecret, isClosedVariable, secretIn, starLetters } from "./secret-text.ts";

/** A word of a command line, and its place. */
interface RawWord {
	/** Without its quotes. */
	readonly text: string;
	readonly from: number;
	readonly to: number;
	/** It has a quote that is never closed, so its end is unknown. */
	readonly open: boolean;
}

/**
 * Hides the secrets of a command line (`container.options`, `ExecStart`) behind stars. Spaces, quotes and backslashes stay, so
 * that it splits into the same words as before.
 * @param variables Every `name=value` is a variable, as in `Environment`.
 */
export function maskCommand(text: string, variables = false): string {
	// A single word has no other word that could announce it as a secret.
	if (!/[\s=:]/.test(text)) return text;
	let masked = "";
	let done = 0;
	let before = variables ? "-e" : "";
	for (const word of wordsOf(text)) {
		const raw = text.slice(word.from, word.to);
		const start = secretStart(raw, word.text, before);
		const isMount = before === "--mount" || word.text.startsWith("--mount=");
		// `Authorization: Basic x` are three words.
		const goesOn = start === 0 && /^(?:basic|bearer|digest|token)$/i.test(word.text);
		if (!variables && !goesOn) before = word.text;
		if (start === undefined) continue;
		const end = word.open ? text.length : isMount ? word.from + endOfField(raw, start) : word.to;
		masked += text.slice(done, word.from + start) + starLetters(text.slice(word.from + start, end));
		done = end;
		if (word.open) break;
	}
	return masked + text.slice(done);
}

/** Later fields of a mount stay: a rule looks for the target. */
function endOfField(raw: string, start: number): number {
	const next = raw.slice(start).search(/,(?:type|source|src|target|dst|destination|readonly|ro)\b/);
	return next < 0 ? raw.length : start + next;
}

/** The offset of the secret in a word; `undefined`: it has none. */
function secretStart(raw: string, text: string, before: string): number | undefined {
	if (before === "--health-cmd") return 0;
	if (text.startsWith("--health-cmd=")) return after(raw, "--health-cmd=");
	if (announcesSecret(before) && !text.startsWith("-")) return isShellVariable(text) ? undefined : 0;
	const name = variableOf(text, before);
	if (name !== undefined && isClosedVariable(name)) return after(raw, `${name}=`);
	if (/^(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)$/.test(before) && !/^\d+:\d+$/.test(text)) {
		const user = /^[^:]+:/.exec(text)?.[0];
		if (user !== undefined) return after(raw, user);
	}
	const start = secretIn(raw);
	// Quotes can be in the middle of a name: `PASS"WORD"=x`.
	return start ?? (secretIn(text) === undefined ? undefined : 0);
}

/** Only the name of a variable, which the shell of a script fills in: nobody has to hide that. */
function isShellVariable(text: string): boolean {
	return /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\});?$/.test(text);
}

/** The name of the variable that a word sets: `-eNAME=x`, `--env=NAME=x`, and `NAME=x` after `-e`. */
function variableOf(text: string, before: string): string | undefined {
	if (!text.includes("=")) return undefined;
	const inFlag = /^(?:-[A-Za-z]*?e=?|--?env\w*=)([^\s=]+)=/.exec(text)?.[1];
	if (inFlag !== undefined) return inFlag;
	if (!/^(?:-[A-Za-z]*e|--?env\w*)=?$/.test(before)) return undefined;
	return /^([^\s=-][^\s=]*)=/.exec(text)?.[1];
}

function after(raw: string, text: string): number {
	const at = raw.indexOf(text);
	return at < 0 ? 0 : at + text.length;
}

function wordsOf(text: string): readonly RawWord[] {
	const split = splitWords(text);
	if (split.kind === "ok") return split.words.map((word, index) => toRaw(text, word, split.words[index + 1]?.offset));
	const { offset } = split;
	// After an unterminated quote, every word is judged by itself: the closing quote was forgotten somewhere before.
	const [first, ...others] = [...text.slice(offset).matchAll(/\S+/g)].map((match) => {
		const from = offset + match.index;
		return { text: match[0], from, to: from + match[0].length, open: false };
	});
	const closed = wordsOf(text.slice(0, offset));
	const last = closed[closed.length - 1];
	if (!first) return closed;
	// `-e NAME="x`: the quote is in the middle of a word.
	if (last?.to !== first.from) return [...closed, { ...first, text: first.text.slice(1), open: true }, ...others];
	const joined = { text: last.text + first.text.slice(1), from: last.from, to: first.to, open: true };
	return [...closed.slice(0, -1), joined, ...others];
}

function toRaw(text: string, { text: plain, offset }: Word, next: number | undefined): RawWord {
	return { text: plain, from: offset, to: offset + text.slice(offset, next).trimEnd().length, open: false };
}
