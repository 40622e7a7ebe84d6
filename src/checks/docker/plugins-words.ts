import { errnoText } from "../../errno-text.ts";
import type { CliPlugin } from "../../probes/docker-cli.ts";
import type { Remedy } from "../check.ts";
import { lookAt } from "../find-out.ts";
import { code, listed, shellQuote } from "../text.ts";
import { type ReasonWords, reason, unknown } from "../words.ts";
import { type CliPackage, type CliPlace, installCli } from "./install-cli.ts";

export const intro =
	"Looks for the plugins that the profile asks for (the built-in builders: `buildx`) where the CLI looks for them: in `cliPluginsExtraDirs` of its configuration, in `~/.docker/cli-plugins`, then in `lib` and `libexec/docker/cli-plugins` below `/usr/local` and `/usr`. They are not started: the first bytes of a file tell whether it can be. The evidence lists the plugins that exist.";

export type PluginName = "buildx" | "compose";

interface Missing {
	/** The missing plugins, this one first. */
	readonly missing: readonly PluginName[];
	/** All that the profile asks for. */
	readonly wanted: readonly PluginName[];
	/** Files of this name that the CLI cannot use. */
	readonly unusable: readonly CliPlugin[];
	readonly place: CliPlace;
}

interface Broken {
	readonly broken: readonly CliPlugin[];
	readonly place: CliPlace;
}

export const words = {
	"buildx-missing": pluginMissing({
		title: "`docker buildx` is not available",
		why: "`docker buildx` fails with `unknown command: docker buildx`. `docker build` falls back to the legacy builder or fails, and `docker/build-push-action` does not work.",
		more: "Before Docker 28, the error is `'buildx' is not a docker command`.",
	}),
	"compose-missing": pluginMissing({
		title: "`docker compose` is not available",
		why: "`docker compose` fails with `unknown command: docker compose`.",
		more: "Before Docker 28, the error is `'compose' is not a docker command`. The old `docker-compose` (with a hyphen) is another program and does not replace the plugin.",
	}),
	"plugin-broken": reason<Broken>({
		level: "warn",
		title: "A plugin of the Docker CLI does not start",
		headline: ({ broken: [first] }) => `The plugin \`${first?.name}\` of the Docker CLI does not start`,
		why: ({ broken: [first] }) =>
			`The CLI leaves it out, so \`docker ${first?.name}\` fails with \`unknown command: docker ${first?.name}\`. \`docker info\` lists it under \`Invalid Plugins\`.`,
		expected: "a program of this machine",
		tell: ({ broken, place }) => ({
			what: `${broken.map(({ path, why }) => `${code(path)} exists and is executable, but ${why ?? "it is broken"}`).join("; ")}.`,
			fix: replace(broken, place),
		}),
		more: "Usual causes are a download for another architecture, an error page that was saved as the plugin, and a download that was cut off. The check reads the head of the file and starts nothing.",
	}),
};

/** The CLI prefers a plugin in the user's directory to that of a package, so the broken file has to go. */
function replace(broken: readonly CliPlugin[], place: CliPlace): Remedy {
	const install = installCli(
		place,
		broken.map(({ name }) => packageOf(name as PluginName)),
	);
	return {
		...install,
		text: `Move the file away: it hides a plugin from a package. Then install the plugin again. ${install.text}`,
		commands: [
			...broken.map(
				({ path }) =>
					`${place.inContainer ? "" : "sudo "}mv ${shellQuote(path)} ${shellQuote(`${path.replace(/\/docker-/, "/broken-docker-")}`)}`,
			),
			...(install.commands ?? []),
		],
	};
}

function pluginMissing(words: Pick<ReasonWords<Missing>, "title" | "why" | "more">): ReasonWords<Missing> {
	return reason<Missing>({
		level: "warn",
		...words,
		expected: ({ wanted }) => listed(wanted),
		tell: ({ missing, unusable, place }) => ({
			what: whatIsMissing(missing, unusable),
			fix: repair(unusable, place) ?? installCli(place, missing.map(packageOf)),
		}),
	});
}

function whatIsMissing([first, ...others]: readonly PluginName[], unusable: readonly CliPlugin[]): string {
	const name = code(first ?? "");
	const what =
		unusable.length === 0
			? `The plugin ${name} of the Docker CLI is not installed.`
			: `The plugin ${name} of the Docker CLI cannot be used: ${unusable.map(describe).join(", ")}.`;
	return others.length === 0 ? what : `${what} ${listed(others.map(code))} is also missing.`;
}

function describe({ path, state }: CliPlugin): string {
	const problem =
		state === "dangling-link" ? "is a link to a file that does not exist" : "cannot be executed by this user";
	return `${code(path)} ${problem}`;
}

function packageOf(name: PluginName): CliPackage {
	return `docker-${name}-plugin`;
}

/** A file that is not executable needs no installation. */
function repair(unusable: readonly CliPlugin[], { inContainer }: CliPlace): Remedy | undefined {
	const file = unusable.find(({ state }) => state === "not-executable");
	return (
		file && {
			text: "Make the file executable for every user: the CLI silently ignores a plugin that it cannot start.",
			commands: [`${inContainer ? "" : "sudo "}chmod a+rx ${shellQuote(file.path)}`],
			kind: inContainer ? "image" : "host",
		}
	);
}

export const unknowns = {
	unread: unknown<{ readonly missing: readonly PluginName[]; readonly path: string; readonly errno: string }>({
		title: "Unknown whether a plugin of the Docker CLI is there",
		headline: ({ missing: [first = "buildx"] }) => `Unknown whether \`docker ${first}\` is available`,
		why: "If a plugin is missing, its commands fail with `unknown command`.",
		expected: ({ missing }) => listed(missing),
		tell: ({ missing, path, errno }) => ({
			what: `The CLI would look for ${listed(missing.map(code))} at ${code(path)} too, which cannot be read: ${errnoText(errno)}.`,
			fix: lookAt(path, errno),
		}),
	}),
};
