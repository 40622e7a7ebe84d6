import { type CreateFlag, createFlags, longName } from "../../knowledge/create-flags.ts";
import { own } from "../../own.ts";
import { nearest } from "../../policy/nearest.ts";
import { isDuration } from "./go-values.ts";
import { splitWords, type Words } from "./shell-words.ts";

/** One option in `container.options`. */
export interface GivenFlag {
	/** Long name without dashes. */
	readonly name: string;
	/** As it is written: `-v`, `--gpus`. */
	readonly written: string;
	/** `undefined`: a switch without a value. */
	readonly value: string | undefined;
	/** Its place in the text of the options. */
	readonly offset: number;
	/** The place of its value. */
	readonly valueOffset: number;
	/** First release of the runner that knows it. */
	readonly since?: string;
	/** It reaches out of the container: 3.0.0 to 3.3.0 drop it from unprivileged containers, even from the owner's own file. */
	readonly reachesHost?: true;
}

/** Why the runner cannot read the options, and the place. */
export type OptionProblem =
	| { readonly kind: "unterminated"; readonly what: "'" | '"' | "\\"; readonly offset: number }
	| { readonly kind: "unknown"; readonly flag: string; readonly meant: string | undefined; readonly offset: number }
	| { readonly kind: "no-value"; readonly flag: string; readonly offset: number }
	| {
			readonly kind: "bad-value";
			readonly flag: string;
			readonly value: string;
			readonly expected: string;
			readonly offset: number;
	  };

export interface Options {
	readonly flags: readonly GivenFlag[];
	/** The first thing that the runner cannot read; it reads nothing after it. */
	readonly problem?: OptionProblem;
}

/** Reads `container.options` as the runner does: splits words, parses options of `docker create`, ignores other words. */
export function readOptions(text: string): Options {
	const split: Words = splitWords(text);
	if (split.kind === "unterminated") return { flags: [], problem: split };
	const flags: GivenFlag[] = [];
	const { words } = split;
	for (let index = 0; index < words.length; index++) {
		const word = words[index];
		if (!word) break;
		if (word.text === "--") break;
		if (!word.text.startsWith("-") || word.text === "-") continue;
		const isLong = word.text.startsWith("--");
		const outcome = isLong
			? readLong(word.text, word.offset, words[index + 1])
			: readShort(word.text, word.offset, words[index + 1]);
		for (const flag of outcome.flags) flags.push(flag);
		if (outcome.problem) return { flags, problem: outcome.problem };
		if (outcome.tookNext) index++;
	}
	return { flags };
}

interface ReadFlag {
	readonly flags: readonly GivenFlag[];
	readonly tookNext: boolean;
	readonly problem?: OptionProblem;
}

type Next = { readonly text: string; readonly offset: number } | undefined;

function readLong(written: string, offset: number, next: Next): ReadFlag {
	const equals = written.indexOf("=");
	const name = equals < 0 ? written.slice(2) : written.slice(2, equals);
	const flag = own(createFlags, name);
	if (!flag) {
		const meant = nearest(name, Object.keys(createFlags));
		const problem = { kind: "unknown", flag: `--${name}`, meant: meant && `--${meant}`, offset } as const;
		return { flags: [], tookNext: false, problem };
	}
	if (equals >= 0) {
		return given(name, `--${name}`, written.slice(equals + 1), offset, offset + equals + 1, false);
	}
	if (flag.type === "flag") return given(name, `--${name}`, undefined, offset, offset, false);
	if (!next) return { flags: [], tookNext: false, problem: { kind: "no-value", flag: `--${name}`, offset } };
	return given(name, `--${name}`, next.text, offset, next.offset, true);
}

/** `-it`, `-v/a:/b`, `-v=/a:/b`, `-v /a:/b` */
function readShort(written: string, offset: number, next: Next): ReadFlag {
	const flags: GivenFlag[] = [];
	for (let at = 1; at < written.length; at++) {
		const letter = written[at] ?? "";
		const name = longName(letter);
		const flag = name === undefined ? undefined : createFlags[name];
		if (name === undefined || !flag) {
			// `-gpus all` lacks a dash.
			const word = written.slice(1).split("=")[0] ?? "";
			const long = word.length > 2 ? nearest(word, Object.keys(createFlags)) : undefined;
			const shown = long ? `-${word}` : `-${letter}`;
			const problem = { kind: "unknown", flag: shown, meant: long && `--${long}`, offset } as const;
			return { flags, tookNext: false, problem };
		}
		const rest = written.slice(at + 1);
		if (rest.startsWith("=")) {
			return prepend(flags, given(name, `-${letter}`, rest.slice(1), offset, offset + at + 2, false));
		}
		if (flag.type === "flag") {
			flags.push(...given(name, `-${letter}`, undefined, offset, offset, false).flags);
			continue;
		}
		if (rest !== "") return prepend(flags, given(name, `-${letter}`, rest, offset, offset + at + 1, false));
		if (!next) return { flags, tookNext: false, problem: { kind: "no-value", flag: `-${letter}`, offset } };
		return prepend(flags, given(name, `-${letter}`, next.text, offset, next.offset, true));
	}
	return { flags, tookNext: false };
}

function prepend(flags: readonly GivenFlag[], last: ReadFlag): ReadFlag {
	return { ...last, flags: [...flags, ...last.flags] };
}

function given(
	name: string,
	written: string,
	value: string | undefined,
	offset: number,
	valueOffset: number,
	tookNext: boolean,
): ReadFlag {
	const flag = createFlags[name];
	const expected = value === undefined || !flag ? undefined : expectedOf(flag, value);
	if (value !== undefined && expected !== undefined) {
		const problem = { kind: "bad-value", flag: written, value, expected, offset: valueOffset } as const;
		return { flags: [], tookNext, problem };
	}
	const { since, reachesHost } = flag ?? {};
	const known = { ...(since !== undefined && { since }), ...(reachesHost && { reachesHost }) };
	return { flags: [{ name, written, value, offset, valueOffset, ...known }], tookNext };
}

/** What a value should have been; `undefined`: it is valid. */
function expectedOf(flag: CreateFlag, value: string): string | undefined {
	if (flag.pattern !== undefined) return patternOf(flag).test(value) ? undefined : flag.expected;
	switch (flag.type) {
		case "flag":
			return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value) ? undefined : "`true` or `false`";
		case "number":
			return /^[+-]?(?:0[xob])?[\d_a-fA-F]+$/.test(value) && /\d/.test(value) ? undefined : "a whole number";
		case "bytes":
			return /^\d+(?:\.\d*)? ?(?:[kmgtpKMGTP]?[iI]?[bB]?)$/.test(value) ? undefined : "a size such as `8g` or `512m`";
		case "duration":
			return isDuration(value) ? undefined : "a duration such as `30s` or `1m30s`";
		default:
			return undefined;
	}
}

const patterns = new Map<CreateFlag, RegExp>();

function patternOf(flag: CreateFlag): RegExp {
	const pattern = patterns.get(flag) ?? new RegExp(flag.pattern ?? "", flag.ignoreCase ? "i" : "");
	patterns.set(flag, pattern);
	return pattern;
}

/** Is the switch on? `--privileged`, `--privileged=true`. */
export function isOn(flag: GivenFlag): boolean {
	return flag.value === undefined || /^(?:1|t|T|TRUE|true|True)$/.test(flag.value);
}
