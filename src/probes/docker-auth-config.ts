import type { Host } from "../host/host.ts";
import { own } from "../own.ts";
import { bounded, objectOf } from "./docker-endpoint.ts";

/** Logins in the variable DOCKER_AUTH_CONFIG. Each is a secret: it is sent to its registry and never becomes a fact. */
export type AuthConfig =
	| { readonly kind: "unset" }
	/** The Docker CLI ignores the whole variable. */
	| { readonly kind: "malformed"; readonly why: string }
	/** Registry, as the variable names it -> `user:password` in base64. */
	| { readonly kind: "ok"; readonly logins: Readonly<Record<string, string>> };

/** The first release of the Docker CLI that reads the variable. */
export const readsAuthConfigFrom = [28, 3] as const;

/**
 * Reads it as the Docker CLI does, which is strict: one JSON object with `auths` alone, in which each login has `auth` alone. Seen with
 * Docker CLI 28.5, which names what it does not accept.
 */
export function readAuthConfig({ env }: Host): AuthConfig {
	const text = env.DOCKER_AUTH_CONFIG?.trim();
	if (!text) return { kind: "unset" };
	const malformed = (why: string): AuthConfig => ({ kind: "malformed", why });
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		// Never the parser's words: they quote the text.
		return malformed("it is not one JSON document");
	}
	const config = objectOf(json);
	if (!config) return malformed("it is not a JSON object");
	if (Object.keys(config).some((key) => key !== "auths")) return malformed("it has another key than `auths`");
	const auths = config.auths === undefined || config.auths === null ? {} : objectOf(config.auths);
	if (!auths) return malformed("its `auths` is not an object");
	for (const [index, name] of Object.keys(auths).entries()) {
		const problem = problemOf(own(auths, name));
		if (problem) return malformed(`its ${ordinal(index)} login ${problem}`);
	}
	const logins = Object.entries(auths).map(([name, entry]) => [bounded(name, 200), String(objectOf(entry)?.auth)]);
	return { kind: "ok", logins: Object.fromEntries(logins) };
}

function problemOf(entry: unknown): string | undefined {
	const login = objectOf(entry);
	if (!login || Object.keys(login).some((key) => key !== "auth")) return "has another key than `auth`";
	const { auth } = login;
	if (typeof auth !== "string" || auth === "") return "has no `auth`";
	return isLogin(auth) ? undefined : "is not a user and a password in base64";
}

/** Is it `user:password` in base64? Line breaks in it do no harm. */
export function isLogin(auth: string): boolean {
	const text = auth.replace(/[\r\n]/g, "");
	return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, "base64").indexOf(":") > 0;
}

function ordinal(index: number): string {
	return ["first", "second", "third"][index] ?? `${index + 1}th`;
}
