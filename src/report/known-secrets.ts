import { decoded, passwordOf, userinfoIn } from "./userinfo.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Lists, as to compile one long expression costs more than to look for each word in a hundred names. */
const secretWords =
	list(`token secret passw passphrase pwd credential private apikey api_key api-key access_key access-key auth session
	cookie webhook key_base64 key_pem`);
/** Looked for at the end alone: `SSH_KEY` and `GH_PAT`, but neither `KEYBOARD` nor `PATH`. */
const secretEnds = list("key pat sig signature");
/** Names of settings that a secret-like word merely occurs in; their values are no secrets. */
const harmlessNames = new Set(
	list(`github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdmsession pwd oldpwd init_cwd
	xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_session_bus_address bypass compass`),
);
const harmlessEnds = list("_author public_key cache_key primary_key");

function list(words: string): readonly string[] {
	return words.split(/\s+/);
}

/** Names that say where a secret lies. */
const placeName =
	/[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i;
/** A word or a number, which texts are full of. People choose such passwords; no machine chooses such a token. */
const plainValue = /^(?:[A-Z]?[a-z]{1,10}|\d{1,15}(?:\.\d{1,15})?)$/;
const passwordName = /passw|passphrase|pwd|secret|pass$/i;

/** A shorter value (`true`, `1`, `none`) would blot out half of the report, and guards nothing. */
const minLength = 6;
/** Lines of a longer secret, such as a private key, are secrets too from this length on. */
const minLine = 12;

/** Does a variable or a parameter of this name hold a secret? */
export function isSecretName(name: string): boolean {
	const lower = name.toLowerCase();
	if (!secretWords.some((word) => lower.includes(word)) && !hasSecretEnd(lower)) return false;
	return !harmlessNames.has(lower) && !harmlessEnds.some((end) => lower.endsWith(end));
}

/** `db_pass`, `deploy-key`, `gh_pat_2`, `sshpass`. */
function hasSecretEnd(name: string): boolean {
	const bare = name.replace(/[_-]?\d$/, "");
	if (bare.endsWith("pass")) return true;
	return secretEnds.some((end) => bare.endsWith(end) && /^$|[_-]$/.test(bare.slice(0, -end.length)));
}

/**
 * What is secret in every text: the values of variables with secret-like names, the logins of addresses, and `known`;
 * as it is, in URL encoding and in JSON. Longest first, so that a secret that holds another is replaced whole.
 */
export function secretsOf(env: Env, known: readonly string[]): readonly string[] {
	const found = new Set<string>();
	for (const [name, value = ""] of Object.entries(env)) {
		if (isSecretName(name) && !isHarmless(name, value)) addSecret(found, value);
		for (const userinfo of loginsIn(name, value)) addLogin(found, userinfo);
	}
	for (const secret of known) addSecret(found, secret);
	return [...found].sort((a, b) => b.length - a.length);
}

function isHarmless(name: string, value: string): boolean {
	if (plainValue.test(value)) return !passwordName.test(name);
	return placeName.test(name) && /^(?:~|\.{0,2})\/[\w./@ -]*$/.test(value);
}

function loginsIn(name: string, value: string): readonly string[] {
	if (!value.includes("@")) return [];
	// An address of a proxy has nothing behind its host that could hold an @.
	const proxy = /proxy$/i.test(name) ? /^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(value)?.[1] : undefined;
	return proxy === undefined ? userinfoIn(value) : [proxy];
}

function addLogin(found: Set<string>, userinfo: string): void {
	const password = passwordOf(userinfo);
	// `ssh://forgejo@…` is a user without a password.
	if (password === userinfo && plainValue.test(userinfo)) return;
	addSecret(found, password);
	addSecret(found, decoded(password));
}

function addSecret(found: Set<string>, value: string): void {
	if (value.length < minLength) return;
	for (const form of formsOf(value)) found.add(form);
	if (!value.includes("\n")) return;
	for (const line of value.split("\n")) if (line.trim().length >= minLine) found.add(line.trim());
}

/** Most tokens look the same in any encoding. */
function formsOf(secret: string): readonly string[] {
	if (/^[\w.~-]*$/.test(secret)) return [secret];
	const inJson = JSON.stringify(secret).slice(1, -1);
	return [secret, inJson, inUrl(secret)];
}

function inUrl(secret: string): string {
	try {
		return encodeURIComponent(secret);
	} catch {
		// Half a surrogate.
		return secret;
	}
}
