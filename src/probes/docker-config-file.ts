import { isLogin } from "./docker-auth-config.ts";
import { objectOf } from "./docker-endpoint.ts";

/** The CLI's `config.json`. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * The settings, and why the CLI cannot read them, if it cannot: it warns then, and goes on without logins. Of a value with the wrong type,
 * it keeps the rest (seen with Docker CLI 28.2).
 */
export function readConfigFile(text: string): { readonly settings?: Settings; readonly why?: string } {
	if (text.trim() === "") return { settings: {} };
	const json = parseFirst(text);
	if (json === null) return { settings: {} };
	const settings = objectOf(json);
	if (!settings) return { why: "it is not a JSON object" };
	const wrong = Object.entries(types).find(([key, { has }]) => settings[key] != null && !has(settings[key]));
	if (wrong) return { settings, why: `its \`${wrong[0]}\` is not ${wrong[1].name}` };
	const entries = Object.entries(objectOf(settings.auths) ?? {});
	// The CLI decodes all logins at once, and a malformed one costs it the whole file.
	const bad = entries.find(([, entry]) => {
		const auth = objectOf(entry)?.auth;
		return auth != null && auth !== "" && !(typeof auth === "string" && isLogin(auth));
	});
	return bad
		? { settings, why: "the `auth` of one of its logins is not a user and a password in base64" }
		: { settings };
}

interface Type {
	readonly name: string;
	has(value: unknown): boolean;
}

const text: Type = { name: "a text in quotes", has: (value) => typeof value === "string" };
const texts: Type = { name: "an object of texts", has: (value) => everyIn(objectOf(value), text.has) };

/** What people write with another type: `"experimental": true`, or the `features` of daemon.json. */
const types: Readonly<Record<string, Type>> = {
	auths: {
		name: "an object",
		has: (value) => everyIn(objectOf(value), (entry) => objectOf(entry ?? {}) !== undefined),
	},
	credsStore: text,
	credHelpers: texts,
	currentContext: text,
	HttpHeaders: texts,
	experimental: text,
	features: texts,
	aliases: texts,
	cliPluginsExtraDirs: { name: "a list", has: (value) => Array.isArray(value) && value.every(text.has) },
};

function everyIn(value: Settings | undefined, has: (entry: unknown) => boolean): boolean {
	return value !== undefined && Object.values(value).every(has);
}

/** The first JSON value of a text: the CLI reads no further. */
function parseFirst(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const end = / at position (\d+)/.exec(String(error))?.[1];
		if (end === undefined) return undefined;
		try {
			return JSON.parse(text.slice(0, Number(end)));
		} catch {
			return undefined;
		}
	}
}
