import { maskText } from "./mask.ts";
import { maskProse } from "./secret-text.ts";

/** `[from, to]` in a line. */
type Range = readonly [number, number];

/** A key of a block or flow map, with the dash or bracket before it. */
const key = /(^[\s-]*|[{,]\s*)(["']?[\w.-]{1,60}["']?\s*:)(?=\s|$)/g;
/** Keys whose values are labels and actions. */
const openKey = /(?:^[\s-]*|[{,]\s*)["']?(?:runs-on|uses|labels)["']?\s*:\s+/g;
/** One value: a list, a string in quotes, or a plain one. A quote or bracket must be closed. */
const value = /\[[^[\]{}]*\]|"[^"]*"|'[^']*'|(?:\$\{\{[^{}]*\}\}|[^\s"'[\]{},#])(?:\$\{\{[^{}]*\}\}|[^{},#])*/y;
const label = /"[^"]*"|'[^']*'|[^\s"'[\]{},#]+/y;

/**
 * A line of a workflow, which may contain secrets that do not belong there: keys, labels and actions are shown, the rest is
 * hidden.
 * @param labelAt Offset of a label in the line.
 */
export function maskWorkflowLine(raw: string, labelAt?: number): string {
	const values = [...raw.matchAll(openKey)].map((match) => valueAt(raw, value, match.index + match[0].length));
	const shown: readonly Range[] = [
		...[...raw.matchAll(key)].map((match): Range => [match.index, match.index + match[0].length]),
		...values,
		...(labelAt === undefined ? [] : [valueAt(raw, label, labelAt)]),
	];
	let line = raw.replace(/[^\s[\]{},:"']/g, "*");
	for (const [from, to] of shown) line = line.slice(0, from) + withoutSecrets(raw.slice(from, to)) + line.slice(to);
	return line;
}

function valueAt(raw: string, pattern: RegExp, at: number): Range {
	pattern.lastIndex = at;
	return [at, at + (pattern.exec(raw)?.[0].length ?? 0)];
}

function withoutSecrets(text: string): string {
	return maskProse(maskText(text));
}
