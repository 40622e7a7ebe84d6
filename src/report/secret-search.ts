import { encodedForms, escapedForms, viewsOf } from "./secret-forms.ts";
import type { Range } from "./secret-shapes.ts";

/**
 * Finds known secrets in every encoding, in one pass over a text however many there are: the first four characters of each form are
 * looked up in a table.
 */

export interface KnownSecret {
	readonly text: string;
	/**
	 * `anywhere`; `token`: not within a longer run of letters and digits; `word`: nor in a name or a path. A short secret or a word
	 * turns up in harmless texts.
	 */
	readonly match: "anywhere" | "token" | "word";
}

interface Needle extends KnownSecret {
	/** Base64 or hex: hide all of the run that it is in. */
	readonly isEncoded: boolean;
}

const headLength = 4;
/** Characters that the beginning of a secret has at the least, where a text was cut off. */
const minCut = 8;
/** Shorter texts are names, which begin like a secret by chance: nothing cuts so early without saying so. */
const minCutText = 64;
/** A form that is shorter than its secret, as its escapes were undone, needs as many characters. */
const minForm = 6;
/** Shorter words come together by chance where blanks are removed. */
const minJoined = 12;
const tableSize = 1 << 16;

export class SecretSearch {
	private readonly filter = new Uint8Array(tableSize);
	private readonly byHead = new Map<string, Needles>();

	constructor(secrets: Iterable<KnownSecret>) {
		const all = new Map<string, Needle>();
		const add = (text: string, match: KnownSecret["match"], isEncoded: boolean): void => {
			if (text.length >= headLength && !all.has(text)) all.set(text, { text, match, isEncoded });
		};
		for (const { text, match } of secrets) {
			add(text, match, false);
			for (const form of escapedForms(text)) if (form.length >= Math.min(text.length, minForm)) add(form, match, false);
			for (const form of encodedForms(text)) add(form, "anywhere", true);
		}
		const groups = new Map<string, Needle[]>();
		for (const needle of all.values()) {
			const head = needle.text.slice(0, headLength);
			this.filter[slotOf(head, 0)] = 1;
			const group = groups.get(head);
			if (group) group.push(needle);
			else groups.set(head, [needle]);
		}
		for (const [head, group] of groups) this.byHead.set(head, new Needles(group));
	}

	/** The places of secrets, in order, without overlaps. */
	find(text: string): readonly Range[] {
		if (this.byHead.size === 0 || text.length < headLength) return [];
		const found: Range[] = [];
		for (const view of viewsOf(text)) {
			const { places, isJoined = false } = view;
			/** The end of the last run of base64 or hex that is hidden whole. */
			let hiddenTo = 0;
			this.look(view.text, isJoined, (from, to, isEncoded) => {
				if (isEncoded && from < hiddenTo) return;
				// Without blanks, a run has no end.
				const [first, end] = isEncoded && !isJoined ? runAround(view.text, from, to) : [from, to];
				if (isEncoded) hiddenTo = end;
				const [start, stop] = places ? [places[first] ?? 0, places[end] ?? text.length] : [first, end];
				const shown = isJoined ? start + text.slice(start, stop).trimEnd().length : stop;
				found.push(isEncoded && isJoined ? runAround(text, start, shown) : [start, shown]);
			});
		}
		return merged(found);
	}

	private look(text: string, isJoined: boolean, hide: (from: number, to: number, isEncoded: boolean) => void): void {
		const { filter } = this;
		const last = text.length - headLength;
		for (let at = 0; at <= last; at++) {
			if (filter[slotOf(text, at)] === 0) continue;
			const [needle, to] = this.byHead.get(text.slice(at, at + headLength))?.at(text, at, isJoined) ?? [];
			if (needle && to !== undefined) hide(at, to, needle.isEncoded);
		}
	}
}

/** Forms that begin alike, in order, so that the one that a text goes on with is found by halving. */
class Needles {
	private readonly sorted: readonly Needle[];
	/** For each, the longest other that it begins with. */
	private readonly shorter: readonly number[];

	constructor(needles: readonly Needle[]) {
		this.sorted = [...needles].sort((a, b) => (a.text < b.text ? -1 : 1));
		const shorter: number[] = [];
		this.sorted.forEach(({ text }, index) => {
			let before = index - 1;
			while (before >= 0 && !text.startsWith(this.sorted[before]?.text ?? "")) before = shorter[before] ?? -1;
			shorter.push(before);
		});
		this.shorter = shorter;
	}

	/** The longest that the text goes on with, and where it ends: whole, or cut off with the text. */
	at(text: string, at: number, isJoined: boolean): readonly [Needle, number] | undefined {
		let [low, high] = [0, this.sorted.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (isAfter(this.sorted[middle]?.text ?? "", text, at)) high = middle;
			else low = middle + 1;
		}
		for (let index = low - 1; index >= 0; index = this.shorter[index] ?? -1) {
			const needle = this.sorted[index] as Needle;
			const to = at + needle.text.length;
			const isWanted =
				!isJoined || needle.isEncoded || (needle.match === "anywhere" && needle.text.length >= minJoined);
			if (isWanted && text.startsWith(needle.text, at) && isAlone(text, at, to, needle.match)) return [needle, to];
		}
		for (const needle of [this.sorted[low - 1], this.sorted[low]]) {
			const end = needle && cutEnd(text, at, needle.text);
			if (end !== undefined) return [needle as Needle, end];
		}
		return undefined;
	}
}

/** Does it come after the rest of the text in the order of characters? */
function isAfter(form: string, text: string, at: number): boolean {
	for (let index = headLength; index < form.length; index++) {
		// Beyond the end of the text, it is NaN.
		const difference = form.charCodeAt(index) - text.charCodeAt(at + index);
		if (difference !== 0) return !(difference < 0);
	}
	return false;
}

/** A number for four characters. Two of them may have the same. */
function slotOf(text: string, at: number): number {
	const a = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8);
	const b = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 8);
	return (Math.imul(a, 0x9e37) ^ Math.imul(b, 0x85eb) ^ (a >>> 7)) & (tableSize - 1);
}

/** Where a text that begins with a secret was cut off; `undefined`: it was not. */
function cutEnd(text: string, at: number, secret: string): number | undefined {
	let length = headLength;
	while (length < secret.length && at + length < text.length && text[at + length] === secret[length]) length++;
	const end = at + length;
	if (length < minCut || length === secret.length) return undefined;
	if (text[end] === "…" || text.startsWith("...", end)) return end;
	if (end < text.length) return undefined;
	const isName = end < minCutText && /^[a-z ._/-]*$/i.test(text.slice(at));
	return isName ? undefined : end;
}

function isAlone(text: string, from: number, to: number, match: KnownSecret["match"]): boolean {
	if (match === "anywhere") return true;
	const [before, after] = [text[from - 1] ?? "", text.slice(to, to + 2)];
	if (match === "token") return !/[A-Za-z0-9]/.test(before) && !/^[A-Za-z0-9]/.test(after);
	return !/[\w./@-]/.test(before) && !/^(?:[\w/-]|\.\w)/.test(after);
}

/** All of the base64 or hex that a place is in: its neighbors hold bits of the secret, too. */
function runAround(text: string, from: number, to: number): Range {
	const isPart = (at: number): boolean => /[A-Za-z0-9+/=_-]/.test(text[at] ?? "");
	let [first, end] = [from, to];
	while (first > 0 && text[first - 1] !== "=" && isPart(first - 1)) first--;
	while (end < text.length && isPart(end)) end++;
	return [first, end];
}

/** In order, joined where they touch or overlap. */
export function merged(ranges: readonly Range[]): readonly Range[] {
	const joined: [number, number][] = [];
	for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
		const last = joined[joined.length - 1];
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else joined.push([from, to]);
	}
	return joined;
}

/** A text with something else in these places. @param ranges In order, without overlaps. */
export function replaced(text: string, ranges: readonly Range[], instead: (hidden: string) => string): string {
	if (ranges.length === 0) return text;
	const parts: string[] = [];
	let done = 0;
	for (const [from, to] of ranges) {
		parts.push(text.slice(done, from), instead(text.slice(from, to)));
		done = to;
	}
	return parts.join("") + text.slice(done);
}
