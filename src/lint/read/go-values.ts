import type { KeyType } from "../../knowledge/config-keys.ts";
import type { Scalar } from "./tree.ts";

/** How Go, and the YAML parser that the runner uses, read the text of a scalar. */

/** A duration: `1h30m`, `-1s`, `0`; never `1d`, and never a bare number other than 0. */
export function isDuration(text: string): boolean {
	return /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}

const secondsOf: Readonly<Record<string, number>> = {
	ns: 1e-9,
	us: 1e-6,
	µs: 1e-6,
	μs: 1e-6,
	ms: 1e-3,
	s: 1,
	m: 60,
	h: 3600,
};

/** A duration in seconds; `undefined`: Go cannot read it. */
export function goSeconds(text: string): number | undefined {
	if (!isDuration(text)) return undefined;
	const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
	const sum = parts.reduce((total, [, number, unit]) => total + Number(number) * (secondsOf[unit ?? ""] ?? 0), 0);
	return text.startsWith("-") ? -sum : sum;
}

/** A plain scalar as a whole number: decimal, `0x`, `0o`, `0b`, with `_`; a fraction is cut off. */
export function wholeNumber(text: string): number | undefined {
	if (!/^[+-]?[\d.]/.test(text)) return undefined;
	const bare = text.replace(/_/g, "");
	const number = /^[+-]?0[0-7]+$/.test(bare)
		? Number.parseInt(bare, 8)
		: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(bare) || /^0(?:x[\da-fA-F]+|o[0-7]+|b[01]+)$/.test(bare)
			? Math.trunc(Number(bare))
			: Number.NaN;
	return Math.abs(number) < 2 ** 63 ? number : undefined;
}

/** Does a word that stands for a boolean mean `true`? */
export function isYes(text: string): boolean {
	return /^(?:true|yes|on|y)$/i.test(text);
}

/** A boolean. YAML 1.1's words count even in quotes, `true` and `false` do not. */
function isBoolean(text: string, plain: boolean): boolean {
	if (/^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.test(text)) return true;
	return plain && /^(?:true|True|TRUE|false|False|FALSE)$/.test(text);
}

/** A size in bytes: `10GB`, `512MB`, `1024`. */
function isSize(text: string): boolean {
	return /^\s*\d+(?:\.\d*)?\s*[kmgtpKMGTP]?[iI]?[bB]?\s*$/.test(text);
}

/** Can Go's parser put the scalar into a key of this type? */
export function fits({ text, plain }: Scalar, type: KeyType): boolean {
	switch (type) {
		case "flag":
			return isBoolean(text, plain);
		case "number":
			return plain && wholeNumber(text) !== undefined;
		case "port": {
			const number = plain ? wholeNumber(text) : undefined;
			return number !== undefined && number >= 0 && number <= 65_535;
		}
		case "duration":
			return (plain || text !== "0") && isDuration(text) && !(plain && wholeNumber(text) !== undefined);
		case "size":
			return isSize(text);
		default:
			return true;
	}
}
