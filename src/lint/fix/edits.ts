import type { Edit } from "../../checks/check.ts";
import type { Position } from "../read/tree.ts";

/** An edit in its text, from offset to offset. */
export interface Replacement {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/** A text in which edits find their places. */
export class EditableText {
	readonly text: string;
	private readonly starts: readonly number[];
	/** What an anchor names is used elsewhere as well, where it may be right. */
	private readonly hasAnchors: boolean;

	constructor(text: string) {
		this.text = text;
		this.starts = [0, ...[...text.matchAll(/\n/g)].map((match) => (match.index ?? 0) + 1)];
		this.hasAnchors = /(?:^|[\s[{,:])&[^\s,\]}]/m.test(text);
	}

	/** The edits of one problem; `undefined`: one of them does not fit its place, so none is made. */
	find(edits: readonly Edit[]): readonly Replacement[] | undefined {
		if (this.hasAnchors) return undefined;
		const found = edits.flatMap((edit) => this.findOne(edit) ?? []);
		return found.length < edits.length ? undefined : found;
	}

	/** Line and column, as in `Position`. */
	positionOf(offset: number): Position {
		let line = 1;
		let high = this.starts.length;
		while (line < high) {
			const middle = (line + high + 1) >> 1;
			if ((this.starts[middle - 1] ?? 0) <= offset) line = middle;
			else high = middle - 1;
		}
		return { line, column: offset - (this.starts[line - 1] ?? 0) + 1 };
	}

	private findOne({ line, column, from, to, remark }: Edit): Replacement | undefined {
		const { text } = this;
		const start = (this.starts[line - 1] ?? Number.NaN) + column - 1;
		const here = from.find((one) => one !== "" && text.startsWith(one, start));
		if (here === undefined) return undefined;
		const end = start + here.length;
		const rest = /.*/.exec(text.slice(end))?.[0].replace(/\r$/, "") ?? "";
		// A longer word is another one.
		if (!remark) return /^[\w"']/.test(rest) ? undefined : { start, end, text: to };
		const written = /^\s+[#;]+\s*(.*?)\s*$/.exec(rest)?.[1];
		// After a backslash, the next line belongs to the remark.
		if (written === undefined || written.endsWith("\\")) return undefined;
		const indent = text.slice(this.starts[line - 1], start);
		const above = written === "" ? "" : `# ${written}${/\r?\n/.exec(text)?.[0] ?? "\n"}${indent}`;
		return { start, end: end + rest.length, text: `${above}${to}` };
	}
}

/**
 * Makes edits in a text, from its end to its start. What overlaps an earlier one waits: its place may be another one then.
 * @param groups The edits of each problem.
 * @returns the new text, and for how many problems it was changed.
 */
export function withEdits(text: string, groups: readonly (readonly Edit[])[]): { text: string; made: number } {
	const editable = new EditableText(text);
	const chosen: Replacement[] = [];
	const taken = new Set<number>();
	let made = 0;
	for (const group of groups) {
		const found = editable.find(group);
		const lines = found?.map(({ start }) => editable.positionOf(start).line) ?? [];
		if (!found || lines.some((line) => taken.has(line))) continue;
		for (const line of lines) taken.add(line);
		for (const one of found) chosen.push(one);
		made++;
	}
	let rest = text.length;
	const parts: string[] = [];
	for (const { start, end, text: by } of chosen.sort((a, b) => b.start - a.start)) {
		parts.push(text.slice(end, rest), by);
		rest = start;
	}
	parts.push(text.slice(0, rest));
	return { text: parts.reverse().join(""), made };
}
