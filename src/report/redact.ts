/**
 * Keeps secrets and hostile bytes out of everything that leaves the program. Facts pass through here before they are
 * judged, so that no verdict, report or renderer ever sees more than this lets through.
 */

/** Characters kept of one text. What a tool prints beyond it says nothing new. */
const maxText = 4096;
/** Characters looked at: a secret that begins within the kept part must be recognised whole. */
const maxLooked = 16 * 1024;
const mark = "***";

const secretName =
	/token|secret|passw|passphrase|pwd|credential|private|apikey|api_key|access_key|auth|session|cookie/i;
/** Names of settings that a secret-like word merely occurs in; their values are no secrets. */
const harmlessName =
	/^(?:GITHUB_ACTOR|GIT_AUTHOR.*|.*_AUTHOR|SSH_AUTH_SOCK|SESSION_MANAGER|.*XDG_SESSION.*|DESKTOP_SESSION|PWD|OLDPWD|INIT_CWD)$/i;

const patterns: readonly (readonly [RegExp, string])[] = [
	// user:password@ of a URL, also where the password itself holds an @.
	[/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,500}@/gi, `$1${mark}@`],
	[/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8192}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, mark],
	[
		/\b(?:gh[opsur]_|github_pat_|glpat-|gl[a-z]{2,6}-|npm_|pypi-|dckr_[po]at_|dop_v1_|hf_|sk-|xox[a-z]-|AKIA|ASIA)[A-Za-z0-9_-]{10,250}/g,
		mark,
	],
	[/\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,2000})?/g, mark],
	[/\b(bearer\s+)[A-Za-z0-9+/=._~-]{16,4000}/gi, `$1${mark}`],
	[/\b(authorization"?\s{0,3}[=:]\s{0,3}"?(?:[a-z]{1,20}\s+)?)[^\s"',;]{6,4000}/gi, `$1${mark}`],
	[
		/((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|"auth)"?\s{0,3}[=:]\s{0,3})(?:"[^"\n]{4,2000}"|'[^'\n]{4,2000}'|[^\s"',;&]{6,2000})/gi,
		`$1${mark}`,
	],
];

/** How each of the patterns begins, in any case: one look for them all, as hardly a text of a healthy machine holds any. */
const suspicious =
	/:\/\/[^\s/]+@|-----BEGIN|\b(?:gh[opsur]_|github_pat_|gl[a-z]{2,6}-|npm_|pypi-|dckr_|dop_v1_|hf_|sk-|xox|AKIA|ASIA|eyJ)|bearer\s|authorization|(?:password|passwd|passphrase|secret|token|key|"auth)"?\s{0,3}[=:]/i;

/** Anything but plain ASCII, newlines and tabs. */
const unusual = /[^\n\t -~]/;
/** CSI and OSC sequences of a terminal. */
const ansi = /\u001b(?:\[[0-?]{0,64}[ -/]{0,16}[@-~]|\][^\u0007\u001b]{0,1000}(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** Control characters but for newline and tab; line separators; what is invisible or turns the direction of text. */
const unseen =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export interface Redactor {
	/** A text without secrets and control characters, of bounded length. */
	text(text: string): string;
	/** The same for every string in a value, its keys included. */
	deep<T>(value: T): T;
}

/** @param env The environment: the values of names that sound like secrets, and the passwords of URLs, are secrets wherever they turn up. */
export function createRedactor(env: Readonly<Record<string, string | undefined>>): Redactor {
	const secrets = secretsOf(env);
	const text = (raw: string): string => {
		let clean = raw.slice(0, maxLooked);
		if (unusual.test(clean)) clean = clean.replace(/\r\n?/g, "\n").replace(ansi, "").replace(unseen, "");
		for (const secret of secrets) if (clean.includes(secret)) clean = clean.split(secret).join(mark);
		if (suspicious.test(clean))
			for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
		return clean.length > maxText ? `${clean.slice(0, maxText)}…` : clean;
	};
	// Facts say the same names and paths again and again.
	const known = new Map<string, string>();
	const textOnce = (raw: string): string => {
		const clean = known.get(raw) ?? text(raw);
		known.set(raw, clean);
		return clean;
	};
	const deep = (value: unknown): unknown => {
		if (typeof value === "string") return textOnce(value);
		if (Array.isArray(value)) return value.map(deep);
		if (value === null || typeof value !== "object") return value;
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [textOnce(key), deep(entry)]));
	};
	return { text, deep: deep as Redactor["deep"] };
}

/** Longest first, so that a secret that holds another is replaced whole. */
function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
	const found = new Set<string>();
	for (const [name, value = ""] of Object.entries(env)) {
		if (secretName.test(name) && !harmlessName.test(name)) addSecret(found, value);
		for (const part of passwordsOf(value)) addSecret(found, part);
	}
	return [...found].sort((a, b) => b.length - a.length);
}

function addSecret(found: Set<string>, value: string): void {
	// A short value (`true`, `1`, `none`) would blot out half of the report, and guards nothing. A path is where a secret lies.
	if (value.length < 6 || /^(?:true|false|\/[\w./-]*)$/i.test(value)) return;
	found.add(value);
	for (const line of value.split("\n")) if (line.trim().length >= 12) found.add(line.trim());
}

/** The password of each URL in a value, as written and decoded. */
function passwordsOf(value: string): readonly string[] {
	if (!value.includes("@")) return [];
	const passwords: string[] = [];
	for (const match of value.matchAll(/:\/\/([^\s/?#]{1,500})@/g)) {
		const userinfo = match[1] ?? "";
		const password = userinfo.slice(userinfo.indexOf(":") + 1);
		passwords.push(password, decode(password));
	}
	return passwords;
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
