import type { ComposeFile } from "../compose/read.ts";
import { labelsOf as serviceLabels } from "../compose/rules/labels.ts";
import { jobPlace, type RunnerService, setting, socketMount } from "../compose/runner.ts";
import type { RunnerConfigFacts } from "../facts.ts";
import { isYes } from "../read/go-values.ts";
import { parseLabel } from "../read/labels.ts";
import { isPrivileged, socketSharing } from "../setup/docker-access.ts";
import { labelsOf, setupsOf, usesDocker } from "../setup/setup.ts";

/** What a label gives to its jobs beyond their own container. */
export type Power =
	/** The socket of the machine's Docker daemon: root on the machine. */
	| "socket"
	/** The socket of a daemon that is in a privileged container of its own. */
	| "nested-socket"
	/** Containers with all privileges: root on the machine. */
	| "privileged"
	/** No container: the runner's user on its machine. */
	| "host"
	/** No container: what the runner's own container can do. */
	| "runner-container";

/** A label of a runner, and what it gives. */
export interface LabelPowers {
	readonly label: string;
	readonly powers: readonly Power[];
	/** The file that says so. */
	readonly file: string;
}

/** The labels of all runners in these files, with what they give to jobs. */
export function labelPowers(config: RunnerConfigFacts, composes: readonly ComposeFile[] = []): readonly LabelPowers[] {
	const all = [...ofSetups(config), ...composes.flatMap(({ runners }) => runners.flatMap(ofService))];
	const found = new Map<string, LabelPowers>();
	// Two runners with one label: a job may get either.
	for (const one of all) {
		const known = found.get(one.label);
		found.set(one.label, known ? { ...known, powers: [...new Set([...known.powers, ...one.powers])] } : one);
	}
	return [...found.values()];
}

function ofSetups(config: RunnerConfigFacts): readonly LabelPowers[] {
	return setupsOf(config).flatMap((setup) => {
		const file = setup.config?.path ?? setup.registration?.path ?? "";
		const sharing = setup.config ? socketSharing(setup).kind : "unknown";
		const areAllPrivileged = isPrivileged(setup);
		// The user of a runner that starts containers can use the socket, and so can its jobs.
		const canUseSocket = setup.config !== undefined && usesDocker(setup) === "yes";
		return labelsOf(setup).map(({ label }) => {
			const powers: Power[] = [];
			if (label.kind === "docker" && sharing === "mounted") powers.push("socket");
			if (label.kind === "docker" && areAllPrivileged) powers.push("privileged");
			if (label.kind === "host") powers.push("host");
			if (label.kind === "host" && canUseSocket) powers.push("socket");
			return { label: label.name, powers, file };
		});
	});
}

/** The labels with which Gitea's runner registers if it is given none. */
const defaultLabels = ["ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04"].map(
	(name) => `${name}:docker://docker.gitea.com/runner-images:${name}`,
);

function ofService(runner: RunnerService): readonly LabelPowers[] {
	const given = serviceLabels(runner).map(({ text }) => text);
	const texts = given.length > 0 || runner.system === "forgejo" ? given : defaultLabels;
	return texts.flatMap((text) => {
		const parsed = parseLabel(text, runner.system);
		if (parsed.kind !== "label") return [];
		const { name, kind } = parsed.label;
		return [{ label: name, powers: powersOf(runner, kind), file: runner.service.place.file }];
	});
}

function powersOf(runner: RunnerService, kind: string): readonly Power[] {
	if (kind === "host") return socketMount(runner) ? ["runner-container", "socket"] : ["runner-container"];
	if (kind !== "docker") return [];
	const host = setting(runner, ["container", "docker_host"], "docker-host");
	const privileged = isYes(setting(runner, ["container", "privileged"], "privileged") ?? "");
	const place = jobPlace(runner).kind;
	// Gitea's runner hands its socket on unless it is told not to; Forgejo's only if it is told to.
	const isUnix = /^(?:automount|unix:|\/)/.test(host ?? "-");
	const isShared = isUnix || (host === "" && runner.system === "gitea");
	return [
		...(isShared && place === "machine" ? (["socket"] as const) : []),
		...(isShared && place === "own" ? (["nested-socket"] as const) : []),
		...(privileged ? (["privileged"] as const) : []),
	];
}
