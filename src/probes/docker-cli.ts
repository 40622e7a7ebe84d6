import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { trusting } from "../host/workspace.ts";
import { jsonOf } from "../json-of.ts";
import { apiOfRelease, type CliApi, compareApi } from "../knowledge/docker-cli-releases.ts";
import { findVersion } from "../versions.ts";
import { bounded, configDirectory, objectOf, readConfig } from "./docker-endpoint.ts";
import { dockerEngineProbe, type EngineFacts } from "./docker-engine.ts";
import type { Probe } from "./probe.ts";
import { whyNotStarted } from "./program-file.ts";
import { type ToolFacts, toolProbe } from "./tools.ts";

/** Facts about the Docker CLI beyond its path and output, which are facts of the tool. */
export interface DockerCliFacts {
	/** What answered `docker --version`; `untrusted`: it is the workspace's, and was not run. Podman's package `podman-docker` puts a script of that name on the PATH. */
	readonly product: "docker" | "podman" | "other" | "none" | "untrusted";
	/** `20.10.24`, of the product. */
	readonly version?: string;
	/** What this release speaks, if it is known. */
	readonly api?: CliApi;
	/** DOCKER_API_VERSION: pins the version and disables negotiation. */
	readonly pinned?: string;
	/** What `docker version` said. Run only if release and engine leave something open, or do not seem to fit. */
	readonly said?: CliStatement;
	readonly plugins: readonly CliPlugin[];
	/** A directory of plugins, or a file in one, that cannot be looked at, so that plugins may be there. */
	readonly unread?: { readonly path: string; readonly code: string };
	/** Some of the directories of plugins are on a mount that does not answer. */
	readonly pluginsOnDeadMount?: true;
}

export type CliStatement =
	| {
			readonly kind: "told";
			/** The newest version that it speaks. */
			readonly newestApi: string;
			/** The one that it used. */
			readonly usedApi: string;
			/** Its error, if it did not reach the engine. */
			readonly error?: string;
	  }
	| { readonly kind: "failed"; readonly error: string }
	| { readonly kind: "timed-out" };

export interface CliPlugin {
	/** `buildx` */
	readonly name: string;
	readonly path: string;
	readonly state: "executable" | "not-executable" | "dangling-link" | "broken";
	/** Why a plugin is broken: the kernel does not start it. Of plugins that profiles ask for. */
	readonly why?: string;
}

const onDeadMount = { plugins: [], pluginsOnDeadMount: true } as const;

/** The same probe as that of a tool named `docker`, so it runs once for both. */
export const dockerToolProbe: Probe<ToolFacts> = toolProbe("docker", ["docker", "--version"]);

/** Source: `docker --version`, the table of releases, the plugin directories and, if needed, `docker version`. */
export const dockerCliProbe: Probe<DockerCliFacts> = {
	name: "docker-cli",
	async collect(host: Host, { trusts }, signal: AbortSignal, ask): Promise<DockerCliFacts> {
		const [tool, found, engine] = await Promise.all([
			ask(dockerToolProbe),
			unlessDead(findPlugins(host), () => onDeadMount),
			unlessDead(ask(dockerEngineProbe), () => undefined),
		]);
		const known = identify(tool);
		const pinned = host.env.DOCKER_API_VERSION;
		const path = tool.found?.path;
		const said =
			path !== undefined && known.product === "docker" && engine && leavesOpen(known.api, pinned, engine)
				? await askCli(trusts ? trusting(host) : host, path, signal)
				: undefined;
		return { ...known, ...(pinned && { pinned: bounded(pinned, 100) }), ...(said && { said }), ...found };
	},
};

/** What answers to `docker --version`. */
export function identify({ run }: ToolFacts): Pick<DockerCliFacts, "product" | "version" | "api"> {
	if (run.kind === "untrusted") return { product: "untrusted" };
	if (run.kind !== "ran" || run.outcome.kind !== "exited" || run.outcome.code !== 0) return { product: "none" };
	const { stdout, stderr } = run.outcome;
	const version = findVersion(stdout);
	const named = version && { version: version.text };
	if (/\bpodman\b/i.test(stdout) || /emulate docker cli using podman/i.test(stderr)) {
		return { product: "podman", ...named };
	}
	if (!/^docker version/im.test(stdout)) return { product: "other", ...named };
	const api = version && apiOfRelease(version.numbers);
	return { product: "docker", ...named, ...(api && { api }) };
}

/**
 * Would the API version of CLI and engine be a guess? Then, or if they do not seem to fit, the CLI itself has to tell. A
 * healthy pair costs no process.
 */
function leavesOpen(api: CliApi | undefined, pinned: string | undefined, { version }: EngineFacts): boolean {
	if (version.kind !== "ok") return false;
	const { apiVersion, minApiVersion = "0.0" } = version.value;
	if (pinned) return compareApi(pinned, apiVersion) > 0 || compareApi(pinned, minApiVersion) < 0;
	return !api || compareApi(api.max, minApiVersion) < 0 || compareApi(apiVersion, api.min) < 0;
}

/** The address of the engine, and a proxy that it may be behind. */
const needs = /^(?:DOCKER_.*|(?:HTTPS?|ALL|NO)_PROXY)$/i;

async function askCli(host: Host, path: string, signal: AbortSignal): Promise<CliStatement> {
	const outcome = await host.run([path, "version", "--format", "{{json .}}"], { signal, maxOutput: 16 * 1024, needs });
	if (outcome.kind === "timed-out") return { kind: "timed-out" };
	const error = bounded(outcome.stderr.trim() || outcome.stdout.trim(), 500);
	const client = objectOf(objectOf(jsonOf(outcome.stdout))?.Client);
	const used = client?.ApiVersion;
	const newest = client?.DefaultAPIVersion;
	if (typeof used !== "string" || typeof newest !== "string") return { kind: "failed", error };
	// Without a daemon, some releases still exit with 0, but then they report no server.
	const reached = outcome.kind === "exited" && outcome.code === 0 && objectOf(objectOf(jsonOf(outcome.stdout))?.Server);
	return {
		kind: "told",
		newestApi: bounded(newest, 20),
		usedApi: bounded(used, 20),
		...(!reached && { error }),
	};
}

const systemPluginDirectories = [
	"/usr/local/lib/docker/cli-plugins",
	"/usr/local/libexec/docker/cli-plugins",
	"/usr/lib/docker/cli-plugins",
	"/usr/libexec/docker/cli-plugins",
];

/** Looks where the CLI looks, in its order, and starts nothing: of two plugins with one name, the first counts. */
async function findPlugins(host: Host): Promise<Pick<DockerCliFacts, "plugins" | "unread">> {
	const directory = configDirectory(host);
	const { pluginDirectories } = await readConfig(host, directory);
	const directories = [...pluginDirectories, `${directory}/cli-plugins`, ...systemPluginDirectories];
	const found = await Promise.all(directories.map((place) => pluginsIn(host, place)));
	const byName = new Map<string, CliPlugin>();
	for (const plugin of found.flatMap(({ plugins }) => plugins)) {
		const known = byName.get(plugin.name);
		// The CLI takes a broken one for the plugin, whatever comes later.
		const counts = known && ["executable", "broken"].includes(known.state);
		if (!known || (!counts && plugin.state === "executable")) byName.set(plugin.name, plugin);
	}
	const unread = found.find((place) => place.unread)?.unread;
	return { plugins: [...byName.values()], ...(unread && { unread }) };
}

/** The plugins that a profile can ask for. */
const askedFor = ["buildx", "compose"];

/** The CLI finds a plugin by its path too, so a directory that cannot be listed may still serve some. */
async function pluginsIn(host: Host, directory: string): Promise<Pick<DockerCliFacts, "plugins" | "unread">> {
	const entries = await host.list(directory);
	if (entries.kind === "absent") return { plugins: [] };
	const names =
		entries.kind === "ok"
			? entries.value.flatMap((entry) => /^docker-([a-z][a-z0-9]*)$/.exec(entry)?.[1] ?? []).slice(0, 50)
			: askedFor;
	const looks = await Promise.all(
		[...names].sort().map((name) => lookAt(host, directory, name, entries.kind === "ok")),
	);
	const unread = looks.find((look) => look !== undefined && "code" in look);
	return {
		plugins: looks.filter((look) => look !== undefined && "state" in look),
		...(unread && { unread }),
	};
}

/** @param isListed Its directory names the file, so that a file which is not there is a link without a target. */
async function lookAt(
	host: Host,
	directory: string,
	name: string,
	isListed: boolean,
): Promise<CliPlugin | NonNullable<DockerCliFacts["unread"]> | undefined> {
	const path = `${directory}/docker-${name}`;
	const target = await host.stat(path);
	if (target.kind === "unreadable") return { path, code: target.code };
	if (target.kind === "absent") return isListed ? { name, path, state: "dangling-link" } : undefined;
	const access = await host.access(path, "x");
	if (access.kind === "unreadable") return { path, code: access.code };
	if (access.kind !== "granted") return { name, path, state: "not-executable" };
	const why =
		askedFor.includes(name) && target.kind === "file" ? await whyNotStarted(host, path, target.size) : undefined;
	return { name, path, ...(why === undefined ? { state: "executable" } : { state: "broken", why }) };
}
