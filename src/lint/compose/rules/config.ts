import type { Finding } from "../../../checks/check.ts";
import { finding } from "../../../checks/words.ts";
import { type RunnerImage, readsVariable } from "../../../knowledge/runner-images.ts";
import { own } from "../../../own.ts";
import { editDistance, nearest } from "../../../policy/nearest.ts";
import { compareVersions, findVersion } from "../../../versions.ts";
import { at } from "../../rule.ts";
import { isOpenVariable } from "../mask-service.ts";
import type { Value } from "../model.ts";
import { defineComposeRule, releaseOf } from "../rule.ts";
import { type RunnerService, startText } from "../runner.ts";
import { intro, type UnreadVariable, words } from "./config-words.ts";

type Problem = Finding<keyof typeof words>;

/** What the service gives the runner, and whether the image reads it. */
export const composeConfig = defineComposeRule({
	id: "compose/config",
	title: "The image reads the configuration, command and variables of the service",
	intro,
	reasons: words,
	find(runner, context): readonly Problem[] {
		return [
			...notUsed(runner),
			...ignoredCommand(runner),
			...noCommand(runner),
			...unreadVariables(runner, releaseOf(runner, context)),
		];
	},
});

function notUsed(runner: RunnerService): readonly Problem[] {
	const { service, image, config, configMounts, system } = runner;
	if (!image || runner.idle) return [];
	const { variable, flag } = image.image.config;
	const [mounted] = configMounts;
	if (config.kind === "none" && mounted) {
		const seen = { service, system, path: mounted.path, variable, flag, command: service.command?.words ?? [] };
		const observed = variable === undefined ? `no \`${flag}\`` : `no \`${variable}\``;
		return [finding(words, "not-used", seen, at(mounted.mount.place, observed))];
	}
	// It is told of a file that no mount has; the runner ends with `open config file`. An image of one's own may have it.
	const wrong = config.kind === "unread" && !config.mounted && config.path !== "" && !service.build;
	if (!wrong || config.kind !== "unread") return [];
	const given = variable === undefined ? undefined : service.environment.get(variable);
	const place = given?.place ?? service.command?.place ?? service.place;
	const seen = {
		service,
		system,
		path: mounted?.path,
		named: config.path,
		variable,
		flag,
		command: service.command?.words ?? [],
	};
	return [finding(words, "not-used", seen, at(place, `\`${config.path}\``))];
}

function ignoredCommand({ service, image }: RunnerService): readonly Problem[] {
	const { command } = service;
	if (image?.image.command !== "ignored" || !command || command.empty || service.entrypoint) return [];
	const text = command.words.join(" ");
	const config = /(?:^|\s)(?:--config|-c)(?:\s+|=)(\S+)/.exec(text)?.[1];
	const variable = image.image.config.variable ?? "";
	const seen = { service, command: text, config: service.environment.get(variable) ? undefined : config, variable };
	return [finding(words, "ignored-command", seen, at(command.place, `\`${text.slice(0, 80)}\``))];
}

/** The image starts nothing by itself: its program prints its help and ends. */
function noCommand({ service, idle, configMounts }: RunnerService): readonly Problem[] {
	if (!idle) return [];
	const { command } = service;
	const hasCommand = command && !command.empty;
	const seen = { service, config: configMounts[0]?.path };
	return [
		finding(
			words,
			"no-command",
			seen,
			at(command?.place ?? service.place, hasCommand ? "no `daemon`" : "no `command`"),
		),
	];
}

/** Names that are meant for a runner. */
const ofRunner =
	/^(?:(?:GITEA|FORGEJO|ACT)_(?:ACT_)?RUNNER_|(?:GITEA|FORGEJO)_(?:INSTANCE|URL|TOKEN|SERVER)|RUNNER_(?:NAME|TOKEN|LABELS?|URL|CONFIG)|(?:GITEA_)?CONFIG(?:_FILE|_PATH)?$|INSTANCE_URL$)/;

function unreadVariables({ service, image }: RunnerService, release: string | undefined): readonly Problem[] {
	// A command of one's own, or a script, can read any variable.
	if (!image || (image.image.command !== "ignored" && startText(service).includes("$"))) return [];
	if (image.image.command === "replaces" && service.command) return [];
	const found = [...service.environment].flatMap(([name, { place }]): readonly Unread[] => {
		const known = own(image.image.variables, name);
		if (known?.before !== undefined && isAtLeast(release, known.before)) {
			return [
				{
					place,
					seen: {
						service,
						names: [name],
						meant: undefined,
						instead: known.instead,
						since: known.before,
						value: undefined,
					},
				},
			];
		}
		if (!ofRunner.test(name) || readsVariable(image.image, name) || startText(service).includes(name)) return [];
		const meant = meantBy(name, image.image, service.environment);
		// A value with variables that are not set here is known in part only.
		const given = service.environment.get(name);
		const isKnown = meant !== undefined && given?.unset.length === 0 && isOpenVariable(name);
		const value = isKnown ? given.text : undefined;
		return [{ place, seen: { service, names: [name], meant, instead: undefined, since: undefined, value } }];
	});
	// An image that reads none of them: that is one problem, not one for each.
	const [first] = found;
	const isOne = image.image.command === "required" && first && found.every(({ seen }) => seen.meant === undefined);
	const problems = isOne
		? [{ ...first, seen: { ...first.seen, names: found.flatMap(({ seen }) => seen.names) } }]
		: found;
	return problems.map(({ place, seen }) =>
		finding(words, "unread-variable", seen, at(place, seen.names.map((name) => `\`${name}\``).join(", "))),
	);
}

interface Unread {
	readonly place: Value["place"];
	readonly seen: UnreadVariable;
}

/** Variables that people believe in, where the nearest name is another one. */
const meanings: Readonly<Record<string, string>> = {
	GITEA_RUNNER_TOKEN: "GITEA_RUNNER_REGISTRATION_TOKEN",
	GITEA_TOKEN: "GITEA_RUNNER_REGISTRATION_TOKEN",
	RUNNER_TOKEN: "GITEA_RUNNER_REGISTRATION_TOKEN",
	GITEA_RUNNER_CONFIG: "CONFIG_FILE",
	GITEA_RUNNER_CONFIG_FILE: "CONFIG_FILE",
	GITEA_CONFIG_FILE: "CONFIG_FILE",
	CONFIG_PATH: "CONFIG_FILE",
	CONFIG: "CONFIG_FILE",
	GITEA_URL: "GITEA_INSTANCE_URL",
	GITEA_SERVER_URL: "GITEA_INSTANCE_URL",
	INSTANCE_URL: "GITEA_INSTANCE_URL",
	RUNNER_NAME: "GITEA_RUNNER_NAME",
	RUNNER_LABELS: "GITEA_RUNNER_LABELS",
};

function meantBy(name: string, image: RunnerImage, given: ReadonlyMap<string, unknown>): string | undefined {
	const current = Object.entries(image.variables).flatMap(([known, { before }]) =>
		before === undefined ? [known] : [],
	);
	// Names that begin alike are not the same: `GITEA_RUNNER_INSECURE` is not `GITEA_RUNNER_ONCE`.
	const close = current.filter((known) => known.startsWith(name) || editDistance(name, known) <= 3);
	const likely = own(meanings, name) ?? nearest(name, close);
	return likely !== undefined && current.includes(likely) && !given.has(likely) ? likely : undefined;
}

function isAtLeast(release: string | undefined, bound: string): boolean {
	const found = release === undefined ? undefined : findVersion(release);
	const other = findVersion(bound);
	return found !== undefined && other !== undefined && compareVersions(found, other) >= 0;
}
