import type { LabelledTool } from "../../probes/labelled-tools.ts";
import type { SelfContainerFacts } from "../../probes/self-container.ts";
import { findVersion } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { configFile, restartRunner, type Situation } from "../docker/situation.ts";
import { code, cut, operand, shellQuote } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { parseImage } from "./image-reference.ts";
import { labelConfig } from "./labels.ts";

export interface OtherImage {
	/** The image that the job runs in: a reference or an id. */
	readonly image: string;
	/** The image that the profile names. */
	readonly wanted: string;
	/** What alone differs, if the repository is right. */
	readonly part: "tag" | "digest" | undefined;
	/** The guide's profiles have the names of their labels. */
	readonly profile: string;
	readonly situation: Situation;
}

interface Stale {
	readonly image: string;
	readonly ageDays: number;
	readonly maxDays: number;
	readonly profile: string;
	readonly situation: Situation;
}

interface Outdated {
	readonly image: string;
	/** Digest that the registry has for this name. */
	readonly newest: string;
	readonly situation: Situation;
}

type LabelMismatch = LabelledTool;

export const intro = `Asks the Docker daemon which image this container comes from (\`GET /containers/{self}/json\`, then \`GET /images/{id}/json\`), and compares that with the profile's \`image\`. A file system does not tell where it came from, but the daemon knows. The container is looked up by \`JOB_CONTAINER_NAME\`, by the id in its cgroup and mounts, and by its hostname. The result has to agree with the hostname, so a name that was passed on to a nested container is not believed.

Names are compared like Docker reads them: \`debian\` is \`docker.io/library/debian:latest\`. An image that was started by digest passes if the profile names a tag of the same repository, and an image that also has the expected name passes under any other.

It is skipped on the host, without a Docker socket, and with a daemon that does not run this container (Docker-in-Docker, a remote daemon).`;

const localCopy = "A runner uses its local copy of a tag as long as it has one";

export const words = {
	"default-image": reason<OtherImage>({
		level: "fail",
		title: "The job runs in the runner's default image",
		why: "The default image has none of the builder's tools, so the job fails late, at the first one that is missing. A runner uses it if `runs-on` matches none of its labels, or if the matching label names no image.",
		expected: ({ wanted }) => wanted,
		tell: (seen) => ({
			what: `The job runs in the default image ${code(seen.image)} instead of ${code(seen.wanted)}.`,
			fix: nameImage(seen),
		}),
	}),
	"wrong-image": reason<OtherImage>({
		level: "fail",
		title: "The job runs in another image than its profile names",
		headline: ({ part }) =>
			part === undefined
				? "The job runs in another image than its profile names"
				: `The job's image has another ${part} than its profile names`,
		why: "This image has other tools and versions: what passes here may fail in the right one, and the other way around.",
		expected: ({ wanted }) => wanted,
		tell: (seen) => ({
			what: `The job runs in ${code(seen.image)}, but the profile ${code(seen.profile)} names ${code(seen.wanted)}${seen.part ? `: the ${seen.part} differs` : ""}.`,
			fix: nameImage(seen),
		}),
	}),
	stale: reason<Stale>({
		level: "warn",
		title: "The image is older than its profile allows",
		headline: ({ ageDays, maxDays }) => `The image is ${daysOf(ageDays)} old (at most ${daysOf(maxDays)})`,
		why: `Its tools and base system get no fixes. Often a newer image was published long ago, and this host never pulled it. ${localCopy}.`,
		expected: ({ maxDays }) => `built within ${daysOf(maxDays)}`,
		tell: ({ image, ageDays, maxDays, profile, situation }) => ({
			what: `The image ${code(image)} was built ${daysOf(ageDays)} ago; the profile ${code(profile)} allows ${daysOf(maxDays)}.`,
			fix: pull(image, " If no newer image exists, rebuild it.", situation),
		}),
		more: "Judged only if the profile sets `image-max-age`. An image without a date (reproducible builds are dated 1970 or 1980) cannot be judged, which is an error and not a pass: give it the label `org.opencontainers.image.created`.",
	}),
	outdated: reason<Outdated>({
		level: "warn",
		title: "The registry has a newer image of this name",
		why: ({ image }) => `This job lacks what was fixed in the image since.${isPinned(image) ? "" : ` ${localCopy}.`}`,
		expected: ({ newest }) => newest,
		tell: ({ image, situation }) => ({
			what: `The registry has a newer image under this name than ${code(image)}, in which this job runs.`,
			fix: pull(image, "", situation),
		}),
		more: "Asked only if the policy names the image among its `registries`, because that takes a request to the registry. Nothing is pulled.",
	}),
	"label-mismatch": reason<LabelMismatch>({
		level: "warn",
		title: "An image label states another version than the tool",
		headline: ({ tool, stated, printed }) =>
			`${code(cut(tool, 12))} is ${cut(versionIn(printed), 10)}, but the label says ${cut(stated, 10)}`,
		why: "Anyone who chooses the image by its label gets another version. Either the label is wrong, or another installation of the tool comes first on this job's PATH.",
		expected: ({ tool, stated }) => `${tool} ${stated}`,
		tell: ({ label, stated, tool, printed }) => ({
			what: `The image's label ${code(label)} says ${stated}, but ${code(tool)} is ${versionIn(printed)}.`,
			fix: {
				text: "Find out which program runs. If it is the image's own, set label and version from one `ARG` in its Dockerfile, and rebuild the image.",
				commands: [`command -v ${operand(tool)}`],
				kind: "image",
			},
		}),
		more: `Labels \`matric.builder.<tool>-version\` are compared with what the profile's tools report, as far as the label goes: \`1.92\` matches 1.92.1. A Rust toolchain that the workspace chooses (\`rust-toolchain.toml\`, \`RUSTUP_TOOLCHAIN\`) is not compared. One \`ARG\` sets both:

\`\`\`dockerfile
ARG RUST_VERSION=1.92.0
RUN rustup toolchain install \${RUST_VERSION} --profile minimal
LABEL matric.builder.rust-version=\${RUST_VERSION}
\`\`\``,
	}),
};

/** The version in what a tool printed, or all of that. */
export function versionIn(printed: string): string {
	return findVersion(printed)?.text ?? printed;
}

/** Why the daemon cannot say which image this is; on the host, no image is used. */
export function whyUnknown({ why, detail }: SelfContainerFacts, mode: string): string {
	if (mode === "host") return "The job runs on the host, not in an image.";
	switch (why) {
		case "engine-error":
			return `The Docker daemon failed to describe this container: ${detail ?? "no answer"}`;
		case "other-engine":
			return "The Docker daemon that answers here does not run this container, so it does not know its image.";
		case "forbidden":
			return `The Docker daemon, or a proxy in front of it, does not let this job inspect its own container (${detail}).`;
		default:
			return "Without a Docker daemon to ask, nothing tells which image this container comes from.";
	}
}

export const unknowns = {
	"engine-error": unknown<{ readonly what: string }>({
		title: "The Docker daemon failed to describe this container",
		why: "If the job's image is another one than the profile names, its tools are others too.",
		expected: "the container's image",
		tell: ({ what }) => ({
			what: `${what.replace(/\.$/, "")}.`,
			fix: {
				text: "Ask it by hand, and look into the daemon's log.",
				commands: ['docker inspect "$(hostname)"', "sudo journalctl --unit docker --since -10min | tail -n 50"],
				kind: "host",
			},
		}),
	}),
	"no-digest": unknown<{ readonly image: string; readonly wanted: string }>({
		title: "The digest of the job's image is unknown",
		why: "If it is another image than the pinned one, jobs build with other tools than those that were reviewed.",
		expected: ({ wanted }) => wanted,
		tell: ({ image, wanted }) => ({
			what: `The daemon did not report the digest of this container's image, and ${code(wanted)} asks for one. Either the daemon no longer has the image, or it did not answer in time.`,
			fix: {
				text: "Pull the image again: only an image from a registry has a digest, not one that was built or loaded here. The second command prints the digest.",
				commands: [
					`docker pull ${shellQuote(wanted)}`,
					`docker image inspect --format '{{.RepoDigests}}' ${shellQuote(image || wanted)}`,
				],
				kind: "host",
			},
		}),
	}),
	"no-date": unknown<{ readonly image: string; readonly maxDays: number; readonly isDescribed: boolean }>({
		title: "The age of the job's image is unknown",
		why: "An old image has old tools and known vulnerabilities, and nobody notices.",
		expected: ({ maxDays }) => `built at most ${daysOf(maxDays)} ago`,
		tell: ({ image, maxDays, isDescribed }) =>
			isDescribed
				? {
						what: `The image ${code(image)} has no build date, so its age cannot be compared with ${daysOf(maxDays)}. Reproducible builds have none.`,
						fix: {
							text: "Give the image a date when it is built, in the label `org.opencontainers.image.created`.",
							commands: ['docker build --label "org.opencontainers.image.created=$(date --utc +%Y-%m-%dT%H:%M:%SZ)" .'],
							kind: "image",
							otherwise: {
								text: "Remove `image-max-age` from the profile if the image is reproducible on purpose.",
								kind: "workflow",
							},
						},
					}
				: {
						what: `The daemon did not report when the image ${code(image)} was built. Either it no longer has the image, or it did not answer in time.`,
						fix: {
							text: "Ask it by hand. If the image is gone because it was pulled again or pruned while this job runs, the next job can be judged.",
							commands: [`docker image inspect --format '{{.Created}}' ${shellQuote(image)}`],
							kind: "host",
						},
					},
	}),
};

function nameImage({ wanted, profile, situation }: OtherImage): Remedy {
	const otherwise = {
		text: "If this is the image that jobs should have, name it in the policy or in the input `image`.",
		kind: "workflow",
	} as const;
	switch (situation.system) {
		case "github":
			return {
				text: "Name the image in the job's `container`, which decides on GitHub.",
				config: {
					file: "the workflow's job",
					language: "yaml",
					text: `container: ${JSON.stringify(wanted)}`,
				},
				kind: "workflow",
				otherwise,
			};
		case "none":
		case "act":
			return {
				text: "Start the container from the expected image.",
				commands: [`docker pull ${operand(wanted)}`],
				kind: "host",
				otherwise,
			};
		default:
			return {
				text: "Give the label this image in the runner's `config.yaml`, and compare it with the workflow's `runs-on` letter by letter. A label that ends in `:docker` or `:docker://` has no image. A job's own `container:` in the workflow takes precedence over the label.",
				config: labelConfig(`${profile}:docker://${wanted}`),
				commands: restartRunner(situation),
				kind: "runner",
				otherwise,
			};
	}
}

function pull(image: string, hint: string, situation: Situation): Remedy {
	if (isPinned(image)) {
		return {
			text: `Name a newer digest where the image is chosen: in the runner's label or in the workflow. The job's image is pinned by its digest, so pulling changes nothing.${hint}`,
			kind: "runner",
		};
	}
	return {
		text: `Pull the image: the next job uses it.${hint}`,
		...(parseImage(image) && { commands: [`docker pull ${operand(image)}`] }),
		kind: "host",
		otherwise: {
			text: "Let the runner look for a newer image before every job.",
			config: { file: configFile, language: "yaml", text: "container:\n  force_pull: true" },
			commands: restartRunner(situation),
			kind: "runner",
		},
	};
}

/** Is the image named by its digest? */
function isPinned(image: string): boolean {
	return image.includes("@");
}

function daysOf(count: number): string {
	return `${count} ${count === 1 ? "day" : "days"}`;
}
