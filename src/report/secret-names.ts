import { commonWords, formatWords, nameRules, openEnds, openNames } from "../knowledge/secret-names.ts";

const list = (words = "", separator = " "): readonly string[] => words.split(separator).filter((word) => word !== "");

const words = new Set(nameRules.flatMap((rule) => list(rule.words)));
const lastWords = new Set(nameRules.flatMap((rule) => list(rule.last)));
const pairs = new Set(nameRules.flatMap((rule) => list(rule.pairs, "|")));
const patterns = nameRules.flatMap(({ pattern }) => pattern ?? []);
const formats = new Set(list(formatWords));
const openNameSet = new Set(list(openNames));
const openEndSet = new Set(list(openEnds, "|"));
const common = new Set(list(commonWords));

/** No name is longer. What is looked at is its end. */
const maxName = 200;
const known = new Map<string, boolean>();

/** Does a variable, setting, parameter or flag of this name hold a secret? */
export function isSecretName(name: string): boolean {
	const before = known.get(name);
	if (before !== undefined) return before;
	const answer = judge(name.slice(-maxName));
	// Names come from outside, too.
	if (known.size < 5000) known.set(name, answer);
	return answer;
}

function judge(name: string): boolean {
	const lower = name.toLowerCase();
	// The working directory; `Pwd=` is the password of a connection string.
	if (openNameSet.has(lower) || name === "PWD") return false;
	const parts = wordsOf(name);
	if (parts.some((word) => words.has(word) || patterns.some((pattern) => pattern.test(word)))) {
		return !openEndSet.has(parts.slice(-2).join(" "));
	}
	if (parts.some((word, index) => pairs.has(`${word} ${parts[index + 1]}`))) return true;
	while (
		parts.length > 1 &&
		(formats.has(parts[parts.length - 1] ?? "") || /^\d+$/.test(parts[parts.length - 1] ?? ""))
	)
		parts.pop();
	return lastWords.has(parts[parts.length - 1] ?? "") && !openEndSet.has(parts.slice(-2).join(" "));
}

/** `ghPAT_2` -> `gh`, `pat`, `2`. */
function wordsOf(name: string): string[] {
	return name
		.replace(/([a-z0-9])([A-Z])/g, "$1_$2")
		.replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter((word) => word !== "");
}

/** Names that say where a secret is. */
const placeName =
	/[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i;
const addressName = /[_-](?:URL|URI|ENDPOINT|HOST|SERVER|ISSUER|DOMAIN)$/i;
const webhookName = /hook|dsn|conn/i;
/** A word or a number, which texts are full of. People choose such passwords; no machine chooses such a token. */
const plainValue = /^(?:[A-Z]?[a-z]{1,10}|[A-Z]{1,6}|\d{1,15}(?:\.\d{1,15})?)$/;
const passwordName = /passw|passphrase|passcode|pwd|secret|pass$|cred|(?:^|[^a-z])(?:pw|psw|pin)(?:[^a-z]|$)/i;

/** A shorter value guards nothing, and would blot out half of the report. */
export const minSecret = 4;
const minNumber = 6;

/** Is it a word or a number that a text may contain by chance? */
export function isPlain(value: string): boolean {
	return plainValue.test(value);
}

/** A boolean, or a word that our own sentences contain. */
export function isCommon(value: string): boolean {
	return common.has(value.toLowerCase());
}

/** Is the value no secret, although its name says so? `TOKEN_FILE=/run/token`, `AUTH_METHOD=kerberos`, `USE_PASSWORD=true`. */
export function isHarmlessValue(name: string, value: string): boolean {
	if (value.length < minSecret || /^[*•…\s.]*$/.test(value)) return true;
	if (isPlain(value)) {
		if (!passwordName.test(name) || isCommon(value)) return true;
		return /^[\d.]+$/.test(value) && value.length < minNumber;
	}
	if (placeName.test(name)) return /^(?:~|\.{0,2})\/[\w./@ -]*$/.test(value);
	return (
		addressName.test(name) && !webhookName.test(name) && /^https?:\/\/[^/?#@\s]+(?:\/[\w.-]{0,20}){0,5}$/.test(value)
	);
}
