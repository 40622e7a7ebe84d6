import { contextShapes, tokenShapes } from "../knowledge/secret-shapes.ts";
import { isCommon, isHarmlessValue, isPlain, isSecretName } from "./secret-names.ts";

/** `[from, to]` in a text. */
export type Range = readonly [from: number, to: number];

const tokens = new RegExp(`(?<![A-Za-z0-9])(?:${tokenShapes.map(({ pattern }) => pattern.source).join("|")})`, "g");
/**
 * What a text holds that has any of the shapes: hardly a text of a healthy machine does, and one look is cheaper than many. A part
 * of each token, and what every context has.
 */
const mayHoldToken =
	/gh[opsur]_|github_pat_|gl[a-z]{1,6}[-_]|GR1348941|ATBB|AT(?:ATT|CTT)3|xox|xapp-|AKIA|ASIA|ABIA|ACCA|ABSK|bedrock-api-key-|AIza|ya29\.|GOCSPX-|1\/\/0|\dQ~|AZDO|npm_|pypi-|rubygems_|cio|oy2|CLOJARS_|dckr_|SWM|K10|AKCp|cmVmdGtu|sk-|hf_|api_org_|gsk_|xai-|pplx-|r8_|nvapi-|lsv2_|[sr]k_|whsec_|sq0|shp|FLWSECK|SG\.|key-|-us\d|xkeysib-|SK[0-9a-f]|:AA|[MNO][\w-]{23,27}\.|do[opr]_v1_|HRKU-|fm[12]|fo1_|nfp_|pscale_|sb[p_]|v1\.0-|LTAI|AVNS_|hv[sbr]\.|atlasv1|pul-|dp\.|tskey-|ops_eyJ|A3-|dapi|ico-|sntr|NR[AIJ]|dt0c01|sq[pau]_|CCIP|bk[upac]|[ps]at\.|PMAK-|lin_api_|ntn_|secret_|figd_|sgp_|EZ[AT]K|shippo_|aio_|pat[A-Za-z0-9]{14}\.|duffel_|fio-u-|sha256~|API-|pn[bu]_|rdme_|tk-us-|tfp_|dnkey-|_mmk|p8e-|age-secret|eyJ/i;
const mayHoldContext =
	/-----BEGIN|Private-Lines|authorization|cookie|bearer\s|password\s|\s-[A-Za-z]{0,4}[uU][\s=]|user(?:pass|pwd)?[\s=]|\s-[paw]|pass:|>[^<]{4,2000}<\/|<add\s|'|\$\w{1,8}\$|https:\/\//i;

/** A name and what separates it from its value: `name=`, `"name": `, `name =>`. */
const pair = /(?<![\w.-])([\w.-]{1,200})\\{0,7}["']?\]?\s{0,3}(=>|:=|==?|:(?!\/\/))\s{0,3}/g;
const flag = /(?<![\w-])--?([A-Za-z_][\w-]{1,60})\s{1,3}(?=[^\s-])/g;
const quote = /\\{0,7}["'`]/y;
/** A comma, an ampersand or a quote is part of a password, unless another name or the end follows. */
const bareValue = /(?:[^\s"'`,;&]|[,;&](?!\s|$|[\w.-]{1,60}=)|["'`](?![\s,;:)}\]>]|$)){1,4000}/y;
const restOfLine = /[^\n]{1,4000}/y;
/** A reference to a variable. */
const reference = /^\$\{\w{1,100}\}$/;
/** Words that sentences and lists use, too: a name of their own only in an assignment. */
const weakNames = new Set("key keys auth session sessions pass pin pw sig signature salt private cookie".split(" "));
const maxQuoted = 4000;

/**
 * The places of everything in a text that looks like a secret; they may overlap.
 * @param hasLines `NAME=value` at the start of a line is what `env` prints: the rest of the line is the value.
 */
export function secretsIn(text: string, hasLines = true): Range[] {
	const found = shapesIn(text);
	addPairs(found, text, hasLines);
	return found;
}

/** The same without names and their values: in a label, `signing-key:docker://…` is a name and an image. */
export function shapesIn(text: string): Range[] {
	const found: Range[] = [];
	if (mayHoldToken.test(text)) addMatches(found, text, tokens);
	if (mayHoldContext.test(text)) for (const { pattern } of contextShapes) addMatches(found, text, pattern);
	return found;
}

function addMatches(found: Range[], text: string, pattern: RegExp): void {
	for (const match of text.matchAll(pattern)) {
		const start = match.index + (match[1]?.length ?? 0);
		const end = match.index + match[0].length;
		if (!/^[*…]+$/.test(text.slice(start, end))) found.push([start, end]);
	}
}

function addPairs(found: Range[], text: string, hasLines: boolean): void {
	if (/[=:]/.test(text)) {
		for (const match of text.matchAll(pair)) {
			const [whole, name = "", sign = ""] = match;
			if (!isSecretName(name)) continue;
			const start = match.index + whole.length;
			const isLine = hasLines && sign === "=" && /^[A-Z_][A-Z0-9_]*$/.test(name) && startsLine(text, match.index);
			const value = valueAt(text, start, isLine);
			if (value && !isHarmlessPair(name, sign, text.slice(...value), value[0] > start)) found.push(value);
		}
	}
	if (!text.includes("-")) return;
	for (const match of text.matchAll(flag)) {
		const name = match[1] ?? "";
		if (!isSecretName(name)) continue;
		const value = valueAt(text, match.index + match[0].length, false);
		if (value && !isHarmlessPair(name, " ", text.slice(...value), true)) found.push(value);
	}
}

function startsLine(text: string, at: number): boolean {
	const before = text.slice(Math.max(0, at - 20), at);
	return /(?:^|\n)[ \t]*(?:export |declare -x |- )?$/.test(before) && (at < 20 || before.includes("\n") || at === 0);
}

/** The value of a name, without its quotes. The closing quote may have been cut off. */
function valueAt(text: string, start: number, isLine: boolean): Range | undefined {
	quote.lastIndex = start;
	const mark = quote.exec(text)?.[0];
	if (mark !== undefined) {
		const from = start + mark.length;
		return from < text.length ? [from, endOfQuoted(text, from, mark)] : undefined;
	}
	const pattern = isLine ? restOfLine : bareValue;
	pattern.lastIndex = start;
	const value = pattern.exec(text)?.[0].replace(/[…\s]+$/, "");
	return value ? [start, start + value.length] : undefined;
}

function endOfQuoted(text: string, from: number, mark: string): number {
	const limit = Math.min(text.length, from + maxQuoted);
	for (let at = from; at < limit; at++) {
		if (text[at] === "\n" || text[at] === "…") return at;
		if (text.startsWith(mark, at)) return at;
		// An escaped character, where the quotes themselves are not escaped.
		if (text[at] === "\\" && mark.length === 1) at++;
	}
	return limit;
}

function isHarmlessPair(name: string, sign: string, value: string, isQuoted: boolean): boolean {
	if (reference.test(value) || isHarmlessValue(name, value)) return true;
	if (isPlain(value) && isCommon(value)) return true;
	const bare = name.replace(/^[-.]+/, "").toLowerCase();
	if (!weakNames.has(bare)) return false;
	// `?key=…` is a key; `keys=a,b` are names.
	if (bare.startsWith("key")) return sign !== "=" || bare === "keys";
	return sign !== "=" && !isQuoted && (isPlain(value) || !/\d/.test(value));
}
