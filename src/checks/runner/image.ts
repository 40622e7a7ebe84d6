import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { isHealthCheck, jobProbe } from "../../probes/job.ts";
import { type LabelledTool, labelledToolsProbe } from "../../probes/labelled-tools.ts";
import type { Probe } from "../../probes/probe.ts";
import { type RegistryFacts, registryProbe } from "../../probes/registry.ts";
import { type SelfContainerFacts, selfContainerProbe } from "../../probes/self-container.ts";
import { findVersion } from "../../versions.ts";
import { type Check, defineCheck, type Family, type Moment, type Proof, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { notInHealthCheck } from "../health-check.ts";
import { registryTargets } from "../network/registry-targets.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { isDefaultImage, isImage, parseImage } from "./image-reference.ts";
import { intro, type OtherImage, unknowns, versionIn, whyUnknown, words } from "./image-words.ts";

type Reason = keyof typeof words;

interface Seen {
	readonly self: SelfContainerFacts;
	readonly policy: Policy;
	readonly situation: Situation;
}

/** @param registry Asks the image's registry, if the policy wants that registry checked. Only then can an image be `outdated`. */
function imageCheck(registry?: Probe<RegistryFacts>): Check {
	return defineCheck({
		id: "runner/image",
		title: "The job container comes from its profile's image",
		intro,
		reasons: words,
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
			if (isHealthCheck(job)) return notInHealthCheck("no job container whose image could be judged");
			if (self.state !== "found") {
				const message = whyUnknown(self, container.mode);
				// A daemon that does not run this container is a legitimate setup, not a problem.
				const isError = container.mode !== "host" && self.why === "engine-error";
				if (!isError) return { kind: "skip", reason: "not-applicable", message };
				const { detail = "no answer" } = self;
				const evidence = [{ source: "GET /containers/{self}/json", text: detail }];
				return undecided(unknowns, "engine-error", { what: message }, { observed: detail, evidence });
			}
			if (!self.image && !self.imageId) return nothingSeen("runner/image", "the image");
			const seen: Seen = { self, policy, situation: situationOf(container, job) };
			const published = "registry" in facts ? (facts.registry as RegistryFacts) : undefined;
			return (
				otherImage(seen) ??
				stale(seen, moment) ??
				outdated(seen, published) ??
				mismatch(self, labelled.tools) ?? { kind: "pass", message: code(nameOf(self)), evidence: evidenceOf(self) }
			);
		},
	});
}

export const runnerImage = imageCheck();

/** The check of a run. It asks the registry too if the policy lists the image under `registries`. */
export const runnerImageFamily: Family = {
	id: runnerImage.id,
	title: runnerImage.title,
	intro,
	reasons: words,
	expand({ image, registries }) {
		const { targets } = registryTargets(registries);
		const named = targets.find(({ images }) => images.some(({ name }) => name === image));
		return [imageCheck(named && registryProbe(named))];
	},
};

function nameOf({ image, imageId }: SelfContainerFacts): string {
	return image || imageId || "?";
}

function evidenceOf(self: SelfContainerFacts): Proof {
	const { image = "", imageId = "", imageDigests = [], imageCreated } = self;
	const source = "GET /containers/{self}/json";
	return [
		{ source, text: `Image ${image}` },
		{ source, text: `Id ${imageId}` },
		...imageDigests.slice(0, 2).map((digest) => ({ source: "GET /images/{id}/json", text: `RepoDigest ${digest}` })),
		...(imageCreated ? [{ source: "GET /images/{id}/json", text: `Created ${imageCreated}` }] : []),
	];
}

function otherImage(seen: Seen): Verdict<Reason> | undefined {
	const { self, policy, situation } = seen;
	if (policy.image === undefined) return undefined;
	const { image = "", imageId = "", imageTags = [], imageDigests } = self;
	if (policy.image.replace(/^sha256:/, "") === imageId.replace(/^sha256:/, "")) return undefined;
	const other = (reason: "default-image" | "wrong-image", part?: OtherImage["part"]): Verdict<Reason> => {
		const about = { image: nameOf(self), wanted: policy.image ?? "", part, profile: policy.profile, situation };
		return finding(words, reason, about, { observed: image, evidence: evidenceOf(self) });
	};
	const wanted = parseImage(policy.image);
	if (!wanted) return other("wrong-image");
	// One image has many names. That it was started by another name does not make it another image.
	const names = [image, ...imageTags, ...(imageDigests ?? [])].flatMap((name) => parseImage(name) ?? []);
	const actual = parseImage(image);
	if (names.some((name) => isImage(name, wanted) && (name.tag !== undefined || wanted.digest !== undefined))) {
		return undefined;
	}
	if (actual && isImage(actual, wanted)) return undefined;
	const isSameRepository = actual?.repository === wanted.repository;
	if (wanted.digest !== undefined && imageDigests === undefined && isSameRepository) {
		const details = { observed: "no digest", evidence: evidenceOf(self) };
		return undecided(unknowns, "no-digest", { image, wanted: policy.image }, details);
	}
	if (actual && isDefaultImage(actual) && !isSameRepository) return other("default-image");
	if (!isSameRepository) return other("wrong-image");
	return other("wrong-image", wanted.digest === undefined ? "tag" : "digest");
}

const dayMs = 86_400_000;

function stale({ self, policy, situation }: Seen, moment: Moment): Verdict<Reason> | undefined {
	const { imageMaxAgeDays: maxDays, profile } = policy;
	if (maxDays === undefined) return undefined;
	const image = nameOf(self);
	const evidence = evidenceOf(self);
	const created = [self.imageCreated, self.imageLabels?.["org.opencontainers.image.created"]].find(isDate);
	if (created === undefined) {
		const isDescribed = self.imageTags !== undefined;
		const observed = isDescribed ? "no build date" : "no description of the image";
		return undecided(unknowns, "no-date", { image, maxDays, isDescribed }, { observed, evidence });
	}
	const age = (Date.parse(moment.started) - Date.parse(created)) / dayMs;
	if (age <= maxDays) return undefined;
	const about = { image, ageDays: Math.floor(age), maxDays, profile, situation };
	return finding(words, "stale", about, { observed: `built ${created}`, evidence });
}

/** If the registry does not answer for the image, that is the finding of its own check. */
function outdated({ self, policy, situation }: Seen, registry: RegistryFacts | undefined): Verdict<Reason> | undefined {
	const look = registry?.looks.find(({ image }) => image === policy.image);
	const newest = look?.answer.kind === "answered" ? look.answer.digest : undefined;
	const local = self.imageDigests ?? [];
	if (newest === undefined || local.length === 0 || local.some((digest) => digest.endsWith(`@${newest}`)))
		return undefined;
	return finding(
		words,
		"outdated",
		{ image: nameOf(self), newest, situation },
		{
			observed: local.map((digest) => digest.replace(/^.*@/, "")).join(", "),
			evidence: [...evidenceOf(self), { source: `HEAD ${look?.url ?? ""}`, text: newest }],
		},
	);
}

/** Reproducible builds are dated 1970 or 1980, and an engine without a date reports the year 1. */
function isDate(text: string | undefined): text is string {
	return text !== undefined && Date.parse(text) > Date.parse("2000-01-01T00:00:00Z");
}

function mismatch(self: SelfContainerFacts, tools: readonly LabelledTool[]): Verdict<Reason> | undefined {
	const wrong = tools.filter(differs);
	const first = wrong[0];
	if (!first) return undefined;
	const evidence = wrong.flatMap(({ label, stated, tool, printed }) => [
		{ source: `label of ${self.image}`, text: `${label}=${stated}` },
		{ source: tool, text: printed.split("\n")[0] ?? "" },
	]);
	return finding(words, "label-mismatch", first, { observed: `${first.tool} ${versionIn(first.printed)}`, evidence });
}

/** A label may state only a part of the version: `1.92` matches 1.92.1. */
function differs({ stated, printed, pinnedBy }: LabelledTool): boolean {
	// The workspace chose another toolchain on purpose.
	if (pinnedBy !== undefined) return false;
	const label = findVersion(stated) ?? findVersion(`${stated}.0`);
	const tool = findVersion(printed);
	if (!label || !tool) return false;
	const parts = /\d+(?:\.\d+){0,2}/.exec(stated)?.[0].split(".").length ?? 3;
	return label.numbers.slice(0, parts).some((number, index) => number !== tool.numbers[index]);
}
