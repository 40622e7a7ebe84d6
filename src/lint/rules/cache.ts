import type { Finding } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import type { ConfigFile } from "../facts.ts";
import { entryAt, scalarAt } from "../read/tree.ts";
import { applies, at, type Context, defineRule, placeIn } from "../rule.ts";
import { connectionsOf, flagAt, type Setup, textAt, userOf, usesDocker } from "../setup/setup.ts";
import { settings } from "../setup/subjects.ts";
import { intro, words } from "./cache-words.ts";

type Reason = keyof typeof words;

/** The cache server: can jobs reach it, and is its secret kept? */
export const cache = defineRule({
	id: "config/cache",
	title: "Jobs can use the cache server, and its secret is kept",
	intro,
	reasons: words,
	subject: settings,
	fine: "jobs can reach the cache server, and its secret is kept",
	find(setup, context) {
		const { config } = setup;
		if (!config?.root) return [];
		const enabled = scalarAt(config.root, "cache", "enabled");
		const isOff = enabled !== undefined && !flagAt(config.root, "cache", "enabled");
		return [
			...tokensInFile(setup, config),
			...(isOff ? [] : [...unreachableHost(setup, config), ...externalWithoutSecret(setup, config, context)]),
			...secretInFile(setup, config, context),
		];
	},
});

function unreachableHost(setup: Setup, config: ConfigFile): readonly Finding<Reason>[] {
	const host = scalarAt(config.root, "cache", "host");
	const inOwnNetwork = usesDocker(setup) === "yes" && textAt(config.root, "container", "network") !== "host";
	if (!host || !isUnreachable(host.text, inOwnNetwork)) return [];
	const seen = { file: config.path, host: host.text };
	return [finding(words, "host-unspecified", seen, at(placeIn(config.path, host), `\`${host.text}\``))];
}

/** An address that means "everything" or "myself". */
function isUnreachable(host: string, inOwnNetwork: boolean): boolean {
	const bare = host.trim().replace(/^\[|\]$/g, "");
	if (/^(?:0\.0\.0\.0|::|0|0:0:0:0:0:0:0:0)$/.test(bare)) return true;
	return inOwnNetwork && /^(?:localhost|127(?:\.\d+){1,3}|::1)$/i.test(bare);
}

function externalWithoutSecret(setup: Setup, config: ConfigFile, context: Context): readonly Finding<Reason>[] {
	const server = scalarAt(config.root, "cache", "external_server");
	const needsSecret = applies("external-cache-needs-secret", setup, context);
	if (!server?.text || !needsSecret) return [];
	const knowsSecretFile = applies("external-secret-file", setup, context) !== undefined;
	const hasFile = knowsSecretFile && textAt(config.root, "cache", "external_secret_file") !== "";
	if (hasFile || textAt(config.root, "cache", "external_secret") !== "") return [];
	const seen = {
		file: config.path,
		server: server.text,
		knowsSecretFile,
		versions: needsSecret.versions,
		user: userOf(setup),
	};
	return [finding(words, "external-without-secret", seen, at(placeIn(config.path, server), "no secret"))];
}

function secretInFile(setup: Setup, config: ConfigFile, context: Context): readonly Finding<Reason>[] {
	const key = setup.system === "gitea" ? "external_secret" : "secret";
	const entry = entryAt(config.root, "cache", key);
	const isOpen = (config.mode & 0o004) !== 0;
	if (!entry || !isOpen || textAt(config.root, "cache", key) === "") return [];
	const knowsSecretFile = applies("external-secret-file", setup, context) !== undefined;
	const seen = { file: config.path, key: `cache.${key}`, mode: config.mode, knowsSecretFile, user: userOf(setup) };
	const observed = `\`${key}\` in a file with mode ${config.mode.toString(8)}`;
	return [finding(words, "secret-in-file", seen, at(placeIn(config.path, entry), observed))];
}

/** The tokens of Forgejo's connections are worth more than the secret of the cache. */
function tokensInFile(setup: Setup, config: ConfigFile): readonly Finding<Reason>[] {
	if ((config.mode & 0o004) === 0) return [];
	return connectionsOf(setup).flatMap(({ key: name, value }) => {
		const entry = entryAt(value, "token");
		if (!entry || textAt(value, "token") === "") return [];
		const key = `server.connections.${name}.token`;
		const seen = { file: config.path, key, mode: config.mode, knowsSecretFile: false, user: userOf(setup) };
		const observed = `\`token\` in a file with mode ${config.mode.toString(8)}`;
		return [finding(words, "secret-in-file", seen, at(placeIn(config.path, entry), observed))];
	});
}
