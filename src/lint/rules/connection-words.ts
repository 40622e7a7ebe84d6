import { code, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";

interface Incomplete {
	readonly file: string;
	/** Of the connection. */
	readonly name: string;
	readonly key: "url" | "uuid" | "token";
	readonly problem: "empty" | "malformed";
}

interface Conflict {
	readonly file: string;
	/** `server.connections.main`, `cache` */
	readonly section: string;
	readonly key: string;
	readonly urlKey: string;
}

export const intro =
	"Looks at `server.connections` and at the secrets of Forgejo's runner 12 and later. Each connection needs `url`, `uuid`, and one of `token` and `token_url`.";

const wanted: Readonly<Record<Incomplete["key"], string>> = {
	url: "an address of the forge that begins with `http://` or `https://`",
	uuid: "the UUID that the forge shows for the runner",
	token: "`token`, or `token_url` with a path such as `file:/etc/forgejo-runner/token`",
};

export const words = {
	incomplete: reason<Incomplete>({
		level: "fail",
		title: "A connection of Forgejo's runner is incomplete",
		headline: ({ name, key, problem }) =>
			problem === "empty"
				? titleWith(`No ${key} for the connection `, name)
				: titleWith(`Wrong ${key} of the connection `, name),
		why: ({ name, key, problem }) =>
			problem === "empty"
				? `The runner exits at startup: ${code(`connection "${name}" is invalid: ${key === "token" ? "token and token_url are empty" : `${key} is empty`}`)}.`
				: `The runner exits at startup: ${code(`connection "${name}" is invalid`)}.`,
		expected: ({ key }) => wanted[key],
		tell: ({ file, name, key, problem }) => ({
			what: `The connection ${code(name)} in ${code(file)} has ${problem === "empty" ? `no ${code(key)}${key === "token" ? " and no `token_url`" : ""}` : `a ${code(key === "token" ? "token_url" : key)} that the runner cannot read`}.`,
			fix: {
				text:
					key === "url"
						? "Write the address of the forge, as people use it in their browsers."
						: "Copy the value from the forge: it shows `uuid` and `token` when the runner is created, in the settings under Actions, Runners.",
				kind: "runner",
			},
		}),
	}),

	conflict: reason<Conflict>({
		level: "fail",
		title: "A secret is given twice",
		headline: ({ key, urlKey }) => titleWith(`Both ${key} and `, urlKey, " are given"),
		why: ({ key, urlKey }) => `The runner exits at startup: ${code(`${key} and ${urlKey} are mutually exclusive`)}.`,
		expected: ({ key, urlKey }) => `one of \`${key}\` and \`${urlKey}\``,
		tell: ({ file, section, key, urlKey }) => ({
			what: `${code(section)} in ${code(file)} has ${code(key)} and ${code(urlKey)}.`,
			fix: {
				text: `Remove ${code(key)}, and keep the secret in the file that ${code(urlKey)} names.`,
				kind: "runner",
			},
		}),
	}),
};
