import { isCommon, isHarmlessValue, isPlain, isSecretName, minSecret } from "./secret-names.ts";
import type { KnownSecret } from "./secret-search.ts";
import { secretsIn } from "./secret-shapes.ts";
import { decoded, passwordOf, userinfoIn } from "./userinfo.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Lines of a longer secret, such as a private key, are secrets too from this length on. */
const minLine = 12;
/** A shorter secret is hidden only where nothing continues it. */
const minAnywhere = 6;

/** What everybody may see, and what texts are full of. People choose such passwords, too. */
const publicNames =
	"USER LOGNAME HOSTNAME HOME SHELL LANG TERM RUNNER_NAME RUNNER_OS RUNNER_ARCH GITHUB_ACTOR GITHUB_JOB GITHUB_WORKFLOW GITHUB_REPOSITORY GITHUB_REF_NAME GITHUB_SERVER_URL".split(
		" ",
	);

/**
 * What is secret in every text: the values of variables with secret-like names, whatever has the shape of a secret in any other
 * variable, the logins of addresses, and `known`.
 */
export function secretsOf(env: Env, known: readonly string[]): readonly KnownSecret[] {
	const found = new Map<string, KnownSecret>();
	const isPublic = publicWordsOf(env);
	const add = (value: string): void => {
		for (const text of [value, ...linesOf(value)]) {
			if (text.length < minSecret || (isPlain(text) && (isCommon(text) || isPublic.has(text)))) continue;
			found.set(text, { text, match: matchOf(text) });
		}
	};
	for (const [name, value = ""] of Object.entries(env)) {
		if (isSecretName(name) && !isHarmlessValue(name, value)) add(value);
		for (const [from, to] of secretsIn(value)) add(value.slice(from, to));
		// Forgejo's runner puts a key into the path.
		if (name === "ACTIONS_CACHE_URL") add(/^https?:\/\/[^/]+\/+(.*?)\/*$/.exec(value)?.[1] ?? "");
		for (const userinfo of loginsIn(name, value)) {
			const password = passwordOf(userinfo);
			// `ssh://forgejo@…` is a user without a password.
			if (password === userinfo && isPlain(userinfo)) continue;
			add(password);
			add(decoded(password));
		}
	}
	for (const secret of known) add(secret);
	return [...found.values()];
}

function matchOf(text: string): KnownSecret["match"] {
	if (isPlain(text)) return "word";
	return text.length < minAnywhere ? "token" : "anywhere";
}

function linesOf(value: string): readonly string[] {
	if (!value.includes("\n")) return [];
	return value
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line.length >= minLine);
}

function publicWordsOf(env: Env): ReadonlySet<string> {
	return new Set(publicNames.flatMap((name) => (env[name] ?? "").split(/[^\w-]+/)).filter((word) => word !== ""));
}

function loginsIn(name: string, value: string): readonly string[] {
	if (!value.includes("@")) return [];
	// An address of a proxy has nothing behind its host that could hold an @.
	const proxy = /proxy$/i.test(name) ? /^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(value)?.[1] : undefined;
	return proxy === undefined ? userinfoIn(value) : [proxy];
}
