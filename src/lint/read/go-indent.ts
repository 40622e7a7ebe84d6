/** A text some of whose lines were moved to the right: line -> by how many columns. */
export interface Moved {
	readonly text: string;
	readonly moved: ReadonlyMap<number, number>;
}

/** More than any key is indented. */
const far = 80;

/**
 * In brackets and in quotes, Go reads lines that begin anywhere; the package wants them indented deeper than their key. So those
 * lines are moved to the right, which changes no value. `undefined`: this is not what the package complains about.
 */
export function movedRight(
	{ text, moved }: Moved,
	{ message, pos: [offset] }: { readonly message: string; readonly pos: readonly [number, number] },
): Moved | undefined {
	const lines = text.split("\n");
	const at = text.slice(0, offset).split("\n").length;
	const quote = /^Missing closing (["'])quote/.exec(message)?.[1];
	const [from, to] = quote === undefined ? [at, endOfBrackets(lines, at)] : [at + 1, endOfQuote(text, offset, quote)];
	if (quote === undefined && !/must be sufficiently indented/.test(message)) return undefined;
	if (to === undefined || to < from || moved.has(from)) return undefined;
	const now = new Map(moved);
	for (let line = from; line <= to; line++) {
		if (now.has(line) || (lines[line - 1] ?? "").trim() === "") continue;
		now.set(line, far);
		lines[line - 1] = " ".repeat(far) + lines[line - 1];
	}
	return { text: lines.join("\n"), moved: now };
}

/** The line, at least this one, that seems to have the closing bracket. */
function endOfBrackets(lines: readonly string[], from: number): number | undefined {
	const index = lines.findIndex(
		(line, at) => at >= from - 1 && (/^\s*[\]}]/.test(line) || /[\]}]\s*(?:#.*)?$/.test(line)),
	);
	return index < 0 ? undefined : index + 1;
}

/** The line of the next quote that closes. */
function endOfQuote(text: string, from: number, quote: string): number | undefined {
	const closing = quote === '"' ? /(?:[^"\\]|\\[\s\S])*"/y : /(?:[^']|'')*'(?!')/y;
	closing.lastIndex = from;
	const found = closing.exec(text);
	return found ? text.slice(0, closing.lastIndex).split("\n").length : undefined;
}
