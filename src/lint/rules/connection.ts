import type { Finding } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import type { ConfigFile } from "../facts.ts";
import { type Entry, entryAt, entryOf, isNull, type Tree } from "../read/tree.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { connectionsOf, textAt } from "../setup/setup.ts";
import { count, type Subject } from "../setup/subjects.ts";
import { intro, words } from "./connection-words.ts";

type Problem = Finding<keyof typeof words>;

/** The connections of Forgejo's runner, and the secrets that it takes in one of two ways. */
const connections: Subject = {
	seen(setup) {
		const { config, system } = setup;
		if (!config?.root || system !== "forgejo") return [];
		const amount = connectionsOf(setup).length;
		const cache = entryAt(config.root, "cache")?.value;
		const keys = ["secret", "secret_url"].filter((key) => textAt(cache, key) !== "");
		return [
			...(amount > 0 ? [{ source: config.path, text: count(amount, "connection") }] : []),
			...keys.map((key) => ({ source: config.path, text: `\`cache.${key}\`` })),
		];
	},
	missing: "No connection of Forgejo's runner was read.",
};

/** The connections of Forgejo's runner, and its secrets: it ends at its start if one of them is incomplete or given twice. */
export const connection = defineRule({
	id: "config/connection",
	title: "Every connection of Forgejo's runner is complete",
	intro,
	reasons: words,
	subject: connections,
	fine: "every connection is complete, and every secret is given once",
	find(setup) {
		const { config } = setup;
		if (!config?.root || setup.system !== "forgejo") return [];
		return [...connectionsOf(setup).flatMap((entry) => judge(config, entry)), ...twoSecrets(config)];
	},
});

function judge(config: ConfigFile, entry: Entry): readonly Problem[] {
	const { key: name, value } = entry;
	// `config/type` reports what is neither a map nor empty.
	if (value.kind !== "map" && !isNull(value)) return [];
	const missing = (key: "url" | "uuid" | "token", problem: "empty" | "malformed", found?: Entry): Problem =>
		finding(
			words,
			"incomplete",
			{ file: config.path, name, key, problem },
			at(placeIn(config.path, found ?? entry), problem === "empty" ? `no \`${key}\`` : `\`${key}\` is malformed`),
		);
	const url = textAt(value, "url");
	const uuid = textAt(value, "uuid");
	const problems: Problem[] = [];
	if (url === "") problems.push(missing("url", "empty", entryOf(value, "url")));
	else if (!isAddress(url)) problems.push(missing("url", "malformed", entryOf(value, "url")));
	if (uuid === "") problems.push(missing("uuid", "empty", entryOf(value, "uuid")));
	else if (!isUuid(uuid)) problems.push(missing("uuid", "malformed", entryOf(value, "uuid")));
	return [...problems, ...judgeToken(config, entry, missing)];
}

function judgeToken(
	config: ConfigFile,
	{ key: name, value }: Entry,
	missing: (key: "token", problem: "empty" | "malformed", found?: Entry) => Problem,
): readonly Problem[] {
	const [token, url] = [textAt(value, "token"), textAt(value, "token_url")];
	if (token === "" && url === "")
		return [missing("token", "empty", entryOf(value, "token") ?? entryOf(value, "token_url"))];
	if (token !== "" && url !== "") {
		return [conflict(config, value, `server.connections.${name}`, "token", "token_url")];
	}
	return url !== "" && !url.startsWith("file:") ? [missing("token", "malformed", entryOf(value, "token_url"))] : [];
}

function twoSecrets(config: ConfigFile): readonly Problem[] {
	const cache = entryAt(config.root, "cache")?.value;
	return textAt(cache, "secret") !== "" && textAt(cache, "secret_url") !== ""
		? [conflict(config, cache, "cache", "secret", "secret_url")]
		: [];
}

function conflict(config: ConfigFile, tree: Tree | undefined, section: string, key: string, urlKey: string): Problem {
	const entry = entryOf(tree, urlKey);
	const place = entry ? placeIn(config.path, entry) : { file: config.path };
	return finding(words, "conflict", { file: config.path, section, key, urlKey }, at(place, "both"));
}

/** As Go's `url.ParseRequestURI` takes it, with one of the two schemes that the runner accepts. */
function isAddress(text: string): boolean {
	return /^https?:\/\/[^\s\u0000-\u001f]*$/i.test(text);
}

/** The forms that the runner's library reads. */
function isUuid(text: string): boolean {
	const plain = text.replace(/^urn:uuid:/i, "").replace(/^\{(.*)\}$/, "$1");
	return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(plain) || /^[0-9a-f]{32}$/i.test(text);
}
