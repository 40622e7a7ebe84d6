import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type LabelledTool, labelledToolsProbe } from "../../probes/labelled-tools.ts";
import type { Probe } from "../../probes/probe.ts";
import { type RegistryFacts, registryProbe } from "../../probes/registry.ts";
import { type SelfContainerFacts, selfContainerProbe } from "../../probes/self-container.ts";
import { findVersion } from "../../versions.ts";
import {
	type Check,
	defineCheck,
	type Evidence,
	type Family,
	type Finding,
	type Moment,
	type Remedy,
	type Verdict,
} from "../check.ts";
import { registryTargets } from "../network/registry-targets.ts";
import { code, shellQuote } from "../text.ts";
import { isDefaultImage, isImage, parseImage } from "./image-reference.ts";
import { labelConfig, restartCommand } from "./labels.ts";

type Reason = "default-image" | "wrong-image" | "stale" | "outdated" | "label-mismatch";

/**
 * The daemon's word on the image: what a job sees of its own file system does not say where that came from.
 * @param registry Asks the registry of the image, where the policy wants that registry looked at: only then is it known whether
 * a newer image has been published.
 */
export function imageCheck(registry?: Probe<RegistryFacts>): Check {
	return defineCheck({
		id: "runner/image",
		title: "The job container comes from the image that its profile names",
		reasons: {
			"default-image": { level: "fail", title: "The job runs in the runner's default image" },
			"wrong-image": { level: "fail", title: "The job runs in another image than its profile names" },
			stale: { level: "warn", title: "The image is older than its profile allows" },
			outdated: { level: "warn", title: "The registry has a newer image of this name" },
			"label-mismatch": { level: "warn", title: "A label of the image states another version than the tool itself" },
		},
		needs: {
			self: selfContainerProbe,
			container: containerProbe,
			job: jobProbe,
			labelled: labelledToolsProbe,
			...(registry && { registry }),
		},
		after: ["docker/daemon"],
		judge(facts, policy, moment): Verdict<Reason> {
			const { self, container, job, labelled } = facts;
			const cannotTell = withoutSelf(self, container.mode);
			if (cannotTell) return cannotTell;
			const published = "registry" in facts ? (facts.registry as RegistryFacts) : undefined;
			return (
				otherImage(self, job, policy) ??
				stale(self, policy, moment) ??
				outdated(self, policy, published) ??
				mismatch(self, labelled.tools) ?? {
					kind: "pass",
					message: code(self.image || self.imageId || "?"),
					evidence: evidenceOf(self),
				}
			);
		},
	});
}

export const runnerImage = imageCheck();

/** The check of a run. It asks the registry too if the policy lists the image under `registries`. */
export const runnerImageFamily: Family = {
	id: runnerImage.id,
	title: runnerImage.title,
	reasons: runnerImage.reasons,
	expand({ image, registries }) {
		const { targets } = registryTargets(registries);
		const named = targets.find(({ images }) => images.some(({ name }) => name === image));
		return [imageCheck(named && registryProbe(named))];
	},
};

/** Nothing to judge, or nobody to ask. A daemon that is not the one that runs us is a way to work, not a fault. */
function withoutSelf(self: SelfContainerFacts, mode: string): Verdict<Reason> | undefined {
	if (self.state === "found") return undefined;
	const skip = (message: string): Verdict<Reason> => ({ kind: "skip", reason: "not-applicable", message });
	if (mode === "host") return skip("The job runs on the host: there is no image.");
	switch (self.why) {
		case "engine-error":
			return {
				kind: "undecided",
				message: `The Docker daemon failed to say what this container is: ${self.detail ?? "no answer"}`,
			};
		case "other-engine":
			return skip(
				"The Docker daemon that answers here is not the one that runs this container: it does not know its image.",
			);
		case "forbidden":
			return skip(
				`The Docker daemon, or a proxy before it, does not let this job look at its own container (${self.detail}).`,
			);
		default:
			return skip("Without a Docker daemon to ask, nothing says which image this container comes from.");
	}
}

function evidenceOf(self: SelfContainerFacts): Evidence[] {
	const { image = "", imageId = "", imageDigests = [], imageCreated } = self;
	const source = "GET /containers/{self}/json";
	return [
		{ source, text: `Image ${image}` },
		{ source, text: `Id ${imageId}` },
		...imageDigests.slice(0, 2).map((digest) => ({ source: "GET /images/{id}/json", text: `RepoDigest ${digest}` })),
		...(imageCreated ? [{ source: "GET /images/{id}/json", text: `Created ${imageCreated}` }] : []),
	];
}

function otherImage(self: SelfContainerFacts, job: JobFacts, policy: Policy): Verdict<Reason> | undefined {
	if (policy.image === undefined) return undefined;
	const { image = "", imageId = "", imageTags = [], imageDigests } = self;
	if (policy.image.replace(/^sha256:/, "") === imageId.replace(/^sha256:/, "")) return undefined;
	const wanted = parseImage(policy.image);
	if (!wanted) return wrongImage(self, job, policy, policy.image, undefined);
	// One image has many names. That it was started under another one does not make it another image.
	const names = [image, ...imageTags, ...(imageDigests ?? [])].flatMap((name) => parseImage(name) ?? []);
	const actual = parseImage(image);
	if (names.some((name) => isImage(name, wanted) && (name.tag !== undefined || wanted.digest !== undefined))) {
		return undefined;
	}
	if (actual && isImage(actual, wanted)) return undefined;
	if (wanted.digest !== undefined && imageDigests === undefined && actual?.repository === wanted.repository) {
		return {
			kind: "undecided",
			message: `The daemon did not tell the digest of this container's image (it has it no more, or did not answer in time); ${code(policy.image)} asks for one.`,
			evidence: evidenceOf(self),
		};
	}
	const sameRepository = actual?.repository === wanted.repository;
	if (actual && isDefaultImage(actual) && !sameRepository) {
		return {
			...otherThan(self, policy.image),
			reason: "default-image",
			message: `The job runs in the default image ${code(image)}, not in ${code(policy.image)}.`,
			why: "None of the builder's tools are in it: the job fails late, at the first one that is missing. A runner takes this image when `runs-on` matches none of its labels, or when the label that matches names no image.",
			remedy: nameImage(job, policy, policy.image),
		};
	}
	const part = wanted.digest === undefined ? "tag" : "digest";
	return wrongImage(self, job, policy, policy.image, sameRepository ? part : undefined);
}

function otherThan(self: SelfContainerFacts, wanted: string) {
	return { kind: "finding", expected: wanted, observed: self.image ?? "", evidence: evidenceOf(self) } as const;
}

/** @param part What alone differs, where the repository is the right one. */
function wrongImage(
	self: SelfContainerFacts,
	job: JobFacts,
	policy: Policy,
	wanted: string,
	part: "tag" | "digest" | undefined,
): Finding<Reason> {
	return {
		...otherThan(self, wanted),
		reason: "wrong-image",
		message: `The job runs in ${code(self.image || (self.imageId ?? "?"))}; the profile ${code(policy.profile)} names ${code(wanted)}${part ? `: the ${part} differs` : ""}.`,
		why: "Its tools and their versions are those of another image, so what passes here may fail where the right one is used, and the other way round.",
		remedy: nameImage(job, policy, wanted),
	};
}

function nameImage(job: JobFacts, policy: Policy, image: string): Remedy {
	const otherwise = {
		text: "If this is the image that the jobs should have, name it in the policy or in the input `image`.",
		kind: "workflow",
	} as const;
	if (job.system === "github") {
		return {
			text: "Name the image in the workflow: on GitHub the job's `container` decides.",
			config: { file: "the workflow", language: "yaml", text: `container: ${JSON.stringify(image)}` },
			kind: "workflow",
			otherwise,
		};
	}
	if (job.system === "none" || job.system === "act") {
		return {
			text: "Start the container from that image.",
			commands: [`docker pull ${shellQuote(image)}`],
			kind: "runner",
			otherwise,
		};
	}
	return {
		text: "Give the label that image in the runner's `config.yaml`, and see that the workflow's `runs-on` names exactly that label; then restart the runner. A label that ends in `:docker` or `:docker://` has no image, and a job's own `container:` in the workflow goes before the label's.",
		config: labelConfig(`${policy.profile}:docker://${image}`),
		commands: [restartCommand(job)],
		kind: "runner",
		otherwise,
	};
}

const dayMs = 86_400_000;

function stale(self: SelfContainerFacts, policy: Policy, moment: Moment): Verdict<Reason> | undefined {
	const { imageMaxAgeDays } = policy;
	if (imageMaxAgeDays === undefined) return undefined;
	const created = [self.imageCreated, self.imageLabels?.["org.opencontainers.image.created"]].find(isDate);
	if (created === undefined) {
		if (self.imageTags === undefined) {
			return {
				kind: "undecided",
				message: `The daemon did not tell when the image ${code(self.image ?? "?")} was built: it has it no more, or did not answer in time.`,
				evidence: evidenceOf(self),
			};
		}
		return {
			kind: "undecided",
			message: `The image ${code(self.image ?? "?")} does not say when it was built, so nobody knows whether it is older than ${daysOf(imageMaxAgeDays)}. A reproducible build has no date: give it the label \`org.opencontainers.image.created\`, or take \`image-max-age\` out of the profile.`,
			evidence: evidenceOf(self),
		};
	}
	const age = (Date.parse(moment.started) - Date.parse(created)) / dayMs;
	if (age <= imageMaxAgeDays) return undefined;
	const image = self.image ?? "";
	return {
		kind: "finding",
		reason: "stale",
		message: `The image ${code(image)} was built ${daysOf(Math.floor(age))} ago; the profile ${code(policy.profile)} allows ${daysOf(imageMaxAgeDays)}.`,
		why: "Its tools and base system get no fixes any more. Often a newer one has long been published and this host never pulled it: a runner uses the local copy of a tag as long as it has one.",
		expected: `built within ${daysOf(imageMaxAgeDays)}`,
		observed: `built ${created}`,
		evidence: evidenceOf(self),
		remedy: pullAnew(
			"Pull it on the runner's host, where the next job takes it. If nothing newer comes, the image has to be built anew.",
			image,
		),
	};
}

/** A registry that did not answer for the image says nothing of its age: that is the finding of its own check. */
function outdated(
	self: SelfContainerFacts,
	policy: Policy,
	registry: RegistryFacts | undefined,
): Finding<Reason> | undefined {
	const look = registry?.looks.find(({ image }) => image === policy.image);
	const newest = look?.answer.kind === "answered" ? look.answer.digest : undefined;
	const local = self.imageDigests ?? [];
	if (newest === undefined || local.length === 0 || local.some((digest) => digest.endsWith(`@${newest}`)))
		return undefined;
	const image = self.image ?? "";
	return {
		kind: "finding",
		reason: "outdated",
		message: `The registry has a newer ${code(image)} than the one that this job runs in.`,
		why: "A runner uses the local copy of a tag as long as it has one: what was mended in the image since then is not in this job.",
		expected: newest,
		observed: local.map((digest) => digest.replace(/^.*@/, "")).join(", "),
		evidence: [...evidenceOf(self), { source: `HEAD ${look?.url ?? ""}`, text: newest }],
		remedy: pullAnew("Pull it on the runner's host, where the next job takes it.", image),
	};
}

function pullAnew(text: string, image: string): Remedy {
	return {
		text,
		commands: [`docker pull ${shellQuote(image)}`],
		kind: "host",
		otherwise: {
			text: "`force_pull` lets the runner look for a newer image before every job.",
			config: { file: "config.yaml", language: "yaml", text: "container:\n  force_pull: true" },
			kind: "runner",
		},
	};
}

/** Reproducible builds are dated 1970 or 1980, and an engine that has no date says the year 1. */
function isDate(text: string | undefined): text is string {
	return text !== undefined && Date.parse(text) > Date.parse("2000-01-01T00:00:00Z");
}

function daysOf(count: number): string {
	return `${count} ${count === 1 ? "day" : "days"}`;
}

function mismatch(self: SelfContainerFacts, tools: readonly LabelledTool[]): Finding<Reason> | undefined {
	const wrong = tools.filter(differs);
	const first = wrong[0];
	if (!first) return undefined;
	const printed = findVersion(first.printed)?.text ?? first.printed;
	return {
		kind: "finding",
		reason: "label-mismatch",
		message: `The image's label ${code(first.label)} says ${first.stated}, but ${code(first.tool)} is ${printed}.`,
		why: "Whoever chooses the image by its label gets another version. Either it was built with a wrong label, or another installation of the tool comes first on this job's PATH.",
		expected: `${first.tool} ${first.stated}`,
		observed: `${first.tool} ${printed}`,
		evidence: wrong.flatMap(({ label, stated, tool, printed: text }) => [
			{ source: `label of ${self.image}`, text: `${label}=${stated}` },
			{ source: tool, text: text.split("\n")[0] ?? "" },
		]),
		remedy: {
			text: "See which program answers and where it comes from. If it is the image's own, let its Dockerfile set label and version from one `ARG`, and build it anew.",
			commands: [`command -v ${shellQuote(first.tool)}`],
			kind: "image",
		},
	};
}

/** A label may state less than the whole version: `1.92` is met by 1.92.1. */
function differs({ stated, printed, pinnedBy }: LabelledTool): boolean {
	// The workspace chose another toolchain on purpose.
	if (pinnedBy !== undefined) return false;
	const label = findVersion(stated) ?? findVersion(`${stated}.0`);
	const tool = findVersion(printed);
	if (!label || !tool) return false;
	const parts = /\d+(?:\.\d+){0,2}/.exec(stated)?.[0].split(".").length ?? 3;
	return label.numbers.slice(0, parts).some((number, index) => number !== tool.numbers[index]);
}
