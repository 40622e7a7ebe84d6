import { secretsOf } from "./known-secrets.ts";
import { unescapedView } from "./secret-forms.ts";
import { isPlain } from "./secret-names.ts";
import { merged, replaced, SecretSearch } from "./secret-search.ts";
import { type Range, secretsIn } from "./secret-shapes.ts";
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

/** The userinfo of a URL that was cut off before its @. */
const cutUserinfo =
	/\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:…|$))[^\s/?#@"'<>`…]{1,4000}(?=…|$)/gi;
/** Facts under these names are texts. A whole text that is one word is a word of ours anywhere else: `answered`, `container`. */
const textKeys =
	/^(?:\d+|stdout|stderr|text|message|body|output|line|what|found|observed|title|headline|why|version|value|name|names|labels?|error|log)$/i;

/** Anything but newlines, tabs, and characters that are surely seen: of ASCII, Latin, punctuation, arrows and mathematics. */
const unusual = /[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/;
/** Terminal sequences and invisible characters. `clean` of `render/text.ts` removes them later, which would join the text on both sides. */
const ansi =
	/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

export interface Redactor {
	/** A text of others without secrets and control characters, of bounded length. */
	text(text: string): string;
	/** The same, of any length. */
	whole(text: string): string;
	/** The same as `text` for every string in a value, its keys included. */
	deep<T>(value: T): T;
	/**
	 * For what we made of redacted texts: known secrets and the logins of addresses only. What merely has the shape of a secret
	 * may be words of ours, such as "its own token: anyone who has it".
	 */
	again<T>(value: T): T;
	/** A text of ours whose columns count: each character of a known secret becomes a star. */
	stars(text: string): string;
}

/**
 * @param env The environment: the values of names that sound like secrets, and the logins of addresses, are secrets wherever they turn up.
 * @param known Other known secrets.
 */
export function createRedactor(
	env: Readonly<Record<string, string | undefined>>,
	known: readonly string[] = [],
): Redactor {
	const secrets = secretsOf(env, known).map((secret) => ({ ...secret, text: visible(secret.text) }));
	const search = new SecretSearch(secrets);
	const plain = new Set(secrets.map(({ text }) => text).filter(isPlain));
	const withoutKnown = (raw: string): string => {
		const clean = visible(raw);
		return replaceUserinfo(replaced(clean, search.find(clean), marked), `${mark}@`);
	};
	const whole = (raw: string): string => withoutShapes(withoutKnown(raw));
	const text = (raw: string): string => {
		const clean = whole(raw.slice(0, maxLooked));
		return clean.length > maxText ? `${clean.slice(0, maxText)}…` : clean;
	};
	// One look at the whole is cheaper than one at each of its strings. A login has an @ even where something is hidden in it.
	const isClean = (json: string): boolean => !json.includes("@") && search.find(json).length === 0;
	const again = <T>(value: T): T => (isClean(JSON.stringify(value)) ? value : everywhere(withoutKnown, plain)(value));
	const stars = (raw: string): string => replaced(raw, search.find(raw), (hidden) => hidden.replace(/\S/g, "*"));
	return { text, whole, deep: everywhere(text, plain), again, stars };
}

function marked(): string {
	return mark;
}

/** Hides what has the shape of a secret, also within JSON in a text, or in the query of a URL. */
function withoutShapes(text: string): string {
	const found: Range[] = secretsIn(text);
	const view = unescapedView(text);
	const { places } = view ?? {};
	if (view && places) for (const [from, to] of secretsIn(view.text)) found.push([places[from] ?? 0, places[to] ?? 0]);
	return replaced(text, merged(found), marked).replace(cutUserinfo, `$1${mark}`);
}

/**
 * Does it to every string in a value, and to each of them once: facts say the same names and paths again and again.
 * @param plain Secrets that are words: a password `answered` must not change a fact that says so, nor a key of ours.
 */
function everywhere(change: (text: string) => string, plain: ReadonlySet<string>): <T>(value: T) => T {
	const known = new Map<string, string>();
	const once = (text: string): string => {
		const changed = known.get(text) ?? change(text);
		known.set(text, changed);
		return changed;
	};
	const deep = (value: unknown, key: string): unknown => {
		if (typeof value === "string") return plain.has(value) && !textKeys.test(key) ? value : once(value);
		if (Array.isArray(value)) return value.map((entry, index) => deep(entry, String(index)));
		if (value === null || typeof value !== "object") return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, entry]) => [plain.has(name) ? name : once(name), deep(entry, name)]),
		);
	};
	return (value) => deep(value, "0") as typeof value;
}

function visible(text: string): string {
	if (!unusual.test(text)) return text;
	return text.replace(/\r\n?/g, "\n").replace(ansi, "").replace(unseen, "");
}
