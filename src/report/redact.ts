import { secretsOf } from "./known-secrets.ts";
import { replaceUserinfo } from "./userinfo.ts";

/**
 * Keeps secrets and hostile bytes out of everything that leaves the program. Facts pass through here before they are
 * judged, and what was made of them once more: checks are made of the policy as it is.
 */

/** Characters kept of one text. What a tool prints beyond it says nothing new. */
const maxText = 4096;
/** Characters looked at: a secret that begins within the kept part must be recognized whole. */
const maxLooked = 16 * 1024;
const mark = "***";

const patterns: readonly (readonly [RegExp, string])[] = [
	// The userinfo of a URL that was cut off before its @.
	[
		/\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:…|$))[^\s/?#@"'<>`…]{1,4000}(?=…|$)/gi,
		`$1${mark}`,
	],
	[/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8192}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, mark],
	[
		/\b(?:gh[opsur]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-|npm_|pypi-|dckr_[po]at_|dop_v1_|hf_|sk-|xox[a-z]-|AKIA|ASIA)[A-Za-z0-9_-]{10,250}/g,
		mark,
	],
	[/\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,2000})?/g, mark],
	[/\b(bearer\s+)[A-Za-z0-9+/=._~-]{16,4000}/gi, `$1${mark}`],
	[/\b(authorization"?\s{0,3}[=:]\s{0,3}"?(?:[a-z]{1,20}\s+)?)[^\s"',;]{6,4000}/gi, `$1${mark}`],
	// The closing quote may have been cut off.
	[
		/((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|"auth)"?\s{0,3}[=:]\s{0,3})(?:"[^"\n]{4,2000}"?|'[^'\n]{4,2000}'?|[^\s"',;&]{6,2000})/gi,
		`$1${mark}`,
	],
];

/** How each of the patterns begins, in any case: one look for them all, as hardly a text of a healthy machine holds any. */
const suspicious =
	/:\/\/[^\s/?#@:]{0,200}:[^\s/]|-----BEGIN|\b(?:gh[opsur]_|github_pat_|gl[a-z]{2,5}-|npm_|pypi-|dckr_|dop_v1_|hf_|sk-|xox|AKIA|ASIA|eyJ)|bearer\s|authorization|(?:password|passwd|passphrase|secret|token|key|"auth)"?\s{0,3}[=:]/i;

/** Anything but newlines, tabs, and characters that are surely seen: of ASCII, Latin, punctuation, arrows and mathematics. */
const unusual = /[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/;
/** Terminal sequences and invisible characters. `clean` of `render/text.ts` removes them later, which would join the text on both sides. */
const ansi =
	/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

export interface Redactor {
	/** A text of others without secrets and control characters, of bounded length. */
	text(text: string): string;
	/** The same for every string in a value, its keys included. */
	deep<T>(value: T): T;
	/**
	 * For what we made of redacted texts: known secrets and the logins of addresses only. What merely has the shape of a secret
	 * may be words of ours, such as "its own token: anyone who has it".
	 */
	again<T>(value: T): T;
}

/**
 * @param env The environment: the values of names that sound like secrets, and the logins of addresses, are secrets wherever they turn up.
 * @param known Other known secrets.
 */
export function createRedactor(
	env: Readonly<Record<string, string | undefined>>,
	known: readonly string[] = [],
): Redactor {
	const secrets = secretsOf(env, known).map(visible).filter(Boolean);
	const heads = secrets.map((secret) => secret.slice(0, minCut));
	const withoutKnown = (raw: string): string => {
		let clean = visible(raw);
		for (let index = 0; index < secrets.length; index++) {
			if (clean.includes(heads[index] ?? "")) clean = withoutSecret(clean, secrets[index] ?? "");
		}
		return replaceUserinfo(clean, `${mark}@`);
	};
	const text = (raw: string): string => {
		let clean = withoutKnown(raw.slice(0, maxLooked));
		if (suspicious.test(clean))
			for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
		return clean.length > maxText ? `${clean.slice(0, maxText)}…` : clean;
	};
	// One look at the whole is cheaper than one at each of its strings. A login has an @ even where something is hidden in it.
	const isClean = (json: string): boolean => !json.includes("@") && !heads.some((head) => json.includes(head));
	const again = <T>(value: T): T => (isClean(JSON.stringify(value)) ? value : everywhere(withoutKnown)(value));
	return { text, deep: everywhere(text), again };
}

/** Does it to every string in a value, and to each of them once: facts say the same names and paths again and again. */
function everywhere(change: (text: string) => string): <T>(value: T) => T {
	const known = new Map<string, string>();
	const once = (text: string): string => {
		const changed = known.get(text) ?? change(text);
		known.set(text, changed);
		return changed;
	};
	const deep = (value: unknown): unknown => {
		if (typeof value === "string") return once(value);
		if (Array.isArray(value)) return value.map(deep);
		if (value === null || typeof value !== "object") return value;
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [once(key), deep(entry)]));
	};
	return deep as <T>(value: T) => T;
}

function visible(text: string): string {
	if (!unusual.test(text)) return text;
	return text.replace(/\r\n?/g, "\n").replace(ansi, "").replace(unseen, "");
}

/** Characters that the beginning of a secret has at the least. */
const minCut = 8;
/** Shorter texts are names, which begin like a secret by chance: nothing cuts so early without saying so. */
const minCutText = 64;

function withoutSecret(text: string, secret: string): string {
	return withoutCutSecret(text.split(secret).join(mark), secret);
}

/** Probes read a bounded part of what a tool prints, so that a secret may have lost its end at the end of a text. */
function withoutCutSecret(text: string, secret: string): string {
	const end = text.endsWith("…") ? text.length - 1 : text.length;
	const head = secret.slice(0, minCut);
	const first = Math.max(0, end - secret.length + 1);
	for (let at = text.indexOf(head, first); at >= 0; at = text.indexOf(head, at + 1)) {
		const cut = text.slice(at, end);
		if (!secret.startsWith(cut)) continue;
		const isName = end === text.length && end < minCutText && /^[a-z ._/-]*$/i.test(cut);
		return isName ? text : text.slice(0, at) + mark + text.slice(end);
	}
	return text;
}
