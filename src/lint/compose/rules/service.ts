import type { Finding } from "../../../checks/check.ts";
import { finding } from "../../../checks/words.ts";
import { runnerImageOf } from "../../../knowledge/runner-images.ts";
import { compareVersions, findVersion } from "../../../versions.ts";
import { entryAt, scalarAt } from "../../read/tree.ts";
import { at } from "../../rule.ts";
import type { Service } from "../model.ts";
import { defineComposeRule, releaseOf } from "../rule.ts";
import { mountAt, type RunnerService, startText, variableOf } from "../runner.ts";
import { intro, words } from "./service-words.ts";

type Problem = Finding<keyof typeof words>;

/** How the service is run: what it keeps, what restarts it, which release it is. */
export const composeService = defineComposeRule({
	id: "compose/service",
	title: "The service keeps its registration, restarts, and names a release",
	intro,
	reasons: words,
	find(runner, context): readonly Problem[] {
		return [
			...nothingKept(runner),
			...noRestart(runner),
			...tokenInFile(runner, releaseOf(runner, context)),
			...renamedImage(runner),
			...floatingTag(runner),
		];
	},
});

/** A runner for one job: nothing of it has to stay. */
function isShortLived({ service }: RunnerService): boolean {
	const on = (name: string): boolean => {
		const variable = service.environment.get(name);
		return variable !== undefined && !/^(?:false|0|)$/i.test(variable.text);
	};
	return (
		on("GITEA_RUNNER_EPHEMERAL") || on("GITEA_RUNNER_ONCE") || /\bone-job\b|--ephemeral|--once/.test(startText(service))
	);
}

function nothingKept(runner: RunnerService): readonly Problem[] {
	const { service, image, config, project } = runner;
	if (!image || isShortLived(runner) || project.missing.length > 0) return [];
	// Credentials that are in the configuration or the command have no file of their own.
	if (/--token-url|--uuid/.test(startText(service))) return [];
	if (config.kind === "unread" || (config.kind === "read" && entryAt(config.root, "server", "connections"))) return [];
	const folder = image.image.data;
	const given = variableOf(runner, "state")?.variable;
	if (given && given.unset.length > 0) return [];
	const inConfig = config.kind === "read" ? scalarAt(config.root, "runner", "file")?.text : undefined;
	const file = given?.text || inConfig || ".runner";
	const path = file.startsWith("/") ? file : `${folder}/${file}`;
	const mount = mountAt(service, path);
	if (mount ? mount.source !== "" : service.mounts.some(({ unset }) => unset.length > 0)) return [];
	const kept = path.slice(0, path.lastIndexOf("/"));
	// Two runners with one registration would take each other's place.
	const isTaken =
		project.volumes.has("runner-data") || project.services.some((one) => one !== service && isLike(one, service));
	const seen = { service, folder: kept, path, volume: isTaken ? `${service.name}-data` : "runner-data" };
	return [finding(words, "nothing-kept", seen, at(service.place, `nothing mounted at \`${kept}\``))];
}

function isLike(one: Service, other: Service): boolean {
	const nameOf = ({ image }: Service) => image && runnerImageOf(image.text)?.name;
	return nameOf(one) !== undefined && nameOf(one) === nameOf(other);
}

function noRestart(runner: RunnerService): readonly Problem[] {
	const { service } = runner;
	const { restart } = service;
	if (isShortLived(runner) || service.restartPolicy || (restart && restart.unset.length > 0)) return [];
	if (restart && !/^(?:no|false|)$/i.test(restart.text)) return [];
	// A loop of its own starts the runner again.
	if (/\b(?:while|until)\b/.test(startText(service))) return [];
	return [
		finding(words, "no-restart", { service }, at(restart?.place ?? service.place, restart ? "`no`" : "no `restart`")),
	];
}

function tokenInFile(runner: RunnerService, release: string | undefined): readonly Problem[] {
	const { service, image } = runner;
	const known = variableOf(runner, "token");
	if (known?.variable?.literal && known.variable.filled) {
		const knowsFile =
			image !== undefined && `${known.name}_FILE` in image.image.variables && isAtLeast(release, "0.2.6");
		const seen = { service, written: known.name, knowsFile };
		return [finding(words, "token-in-file", seen, at(known.variable.place, "a token"))];
	}
	const flag = /(--(?:token|secret))[\s=]+["']?\*{20,}/.exec(startText(service))?.[1];
	if (flag === undefined || !service.command || service.command.unset.length > 0) return [];
	return [
		finding(words, "token-in-file", { service, written: flag, knowsFile: false }, at(service.command.place, "a token")),
	];
}

function isAtLeast(release: string | undefined, bound: string): boolean {
	const found = release === undefined ? undefined : findVersion(release);
	const other = findVersion(bound);
	return !found || !other || compareVersions(found, other) >= 0;
}

function renamedImage({ service, image }: RunnerService): readonly Problem[] {
	const { renamed } = image?.image ?? {};
	if (!image || !renamed || image.name !== renamed.from || !service.image) return [];
	const seen = {
		service,
		image: service.image.text,
		to: image.registry + renamed.to,
		since: renamed.since,
		variant: image.variant,
	};
	return [finding(words, "renamed-image", seen, at(service.image.place, `\`${service.image.text}\``))];
}

function floatingTag({ service, image }: RunnerService): readonly Problem[] {
	if (!image || !service.image || service.image.unset.length > 0) return [];
	const { text } = service.image;
	const tag = tagOf(service);
	if (
		text.includes("@") ||
		(tag !== undefined && !/(?:^|-)(?:latest|nightly)(?:-|$)/.test(tag) && !/^dind(?:-rootless)?$/.test(tag))
	)
		return [];
	const name = text
		.split(":")
		.slice(0, tag === undefined ? undefined : -1)
		.join(":");
	const seen = {
		service,
		image: text,
		name,
		renamed: image.image.renamed?.from === image.name ? image.registry + image.image.renamed.to : undefined,
		system: image.image.system,
		variant: image.variant,
		vegardit: image.image.command === "replaces",
	};
	return [finding(words, "floating-tag", seen, at(service.image.place, tag === undefined ? "no tag" : `\`${tag}\``))];
}

function tagOf({ image }: Service): string | undefined {
	return /:([\w.-]+)$/.exec((image?.text ?? "").split("@")[0] ?? "")?.[1];
}
