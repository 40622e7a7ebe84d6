import type { Remedy } from "../../checks/check.ts";
import { code, cut, operand, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { configLines } from "./fixes.ts";

/** A label as it is written, and its file. */
interface Written {
	readonly file: string;
	readonly text: string;
}

interface Empty extends Written {
	readonly line: number;
}

interface BadScheme extends Written {
	readonly problem: SchemeProblem;
	readonly system: RunnerSystem;
}

/** Why the runner does not understand what follows the name of a label. */
export type SchemeProblem =
	/** Not a scheme. `treatedAs`: what the runner does with such a label. */
	| {
			readonly kind: "unknown";
			readonly scheme: string;
			/** The label that was probably meant. */
			readonly meant: string | undefined;
			readonly treatedAs: "refused" | "host-label" | "ignored" | "depends-on-release";
	  }
	/** A name with a colon in it, which only newer releases of Gitea's runner accept. */
	| { readonly kind: "colon-in-name" }
	/** `name:host:something`, which Forgejo's runner refuses. */
	| { readonly kind: "host-with-argument" };

interface NoImage extends Written {
	readonly image: string;
	/** The label with a valid image reference; `undefined`: nothing tells which image was meant. */
	readonly fixed: string | undefined;
}

interface Duplicate extends Written {
	readonly firstLine: number;
}

interface Space extends Written {
	/** The labels that were meant: several if commas separate them. */
	readonly meant: readonly string[];
}

interface FloatingTag extends Written {
	readonly image: string;
}

export const intro =
	"A label is `name:host` or `name:docker://image`. A problem in a label never shows where it was made: the job waits, or runs somewhere else. The labels of the configuration are judged; if it has none, those of `.runner`.";

const validLabel = "`name:host` or `name:docker://image`";

export const words = {
	empty: reason<Empty>({
		level: "fail",
		title: "A label is empty",
		headline: ({ line }) => `The label on line ${line} is empty`,
		why: "The runner ignores it with `ignored invalid label`. If a label was meant here, its jobs wait forever.",
		expected: validLabel,
		tell: ({ text }) => ({
			what: text.trim() === "" ? "An entry of the labels has no text." : `The label ${code(shown(text))} has no name.`,
			fix: { text: "Write a label, or remove the entry.", kind: "runner" },
		}),
	}),

	"bad-schema": reason<BadScheme>({
		level: "fail",
		title: "A label's scheme is invalid",
		headline: ({ text }) => titleWith("The label ", labelName(text), " has an invalid scheme"),
		why: whyBadScheme,
		expected: ({ problem, text }) =>
			problem.kind === "host-with-argument" ? `\`${labelName(text)}:host\`` : validLabel,
		tell: (seen) => ({ what: whatBadScheme(seen), fix: fixBadScheme(seen) }),
		more: "The scheme is the word between the first two colons. A name with a colon in it, such as `pool:3f2a`, is valid from runner 2.1.0 on and not reported.",
	}),

	"no-image": reason<NoImage>({
		level: "fail",
		title: "A container label has no valid image",
		headline: ({ text, image }) =>
			image === ""
				? titleWith("The label ", labelName(text), " names no image")
				: titleWith("The label ", labelName(text), " has an invalid image"),
		why: ({ image }) =>
			image === ""
				? "Its jobs run in the runner's default image (`docker.gitea.com/runner-images:ubuntu-latest`), which has none of your tools. Nothing reports it."
				: "Every job with this label fails during setup with `invalid reference format`.",
		expected: "an image reference such as `ghcr.io/team/builder:1.0`",
		tell: ({ file, text, image, fixed }) => ({
			what:
				image === ""
					? `The label ${code(shown(text))} asks for a container but names no image.`
					: `${code(shown(image))} is not an image reference: ${whyNotImage(image)}.`,
			fix: {
				text:
					image === ""
						? "Name the image after `docker://`."
						: "Write the reference in the form that `docker pull` accepts.",
				...(fixed !== undefined && { config: labelLines(file, [fixed]) }),
				kind: "runner",
			},
		}),
	}),

	duplicate: reason<Duplicate>({
		level: "warn",
		title: "Two labels have the same name",
		headline: ({ text }) => titleWith("The label ", labelName(text), " occurs twice"),
		why: "The runner keeps both and uses the last one. A reader who finds the first expects another image.",
		expected: "each name once",
		tell: ({ text, firstLine }) => ({
			what: `The label ${code(shown(labelName(text)))} already occurs on line ${firstLine}.`,
			fix: { text: "Remove one of the two.", kind: "runner" },
		}),
	}),

	space: reason<Space>({
		level: "fail",
		title: "A label contains a space",
		headline: ({ text }) => titleWith("The label ", text, " contains a space"),
		why: ({ meant }) =>
			meant.length > 1
				? "To the runner this is one label. No job asks for such a name, so the jobs for all of them wait with `No matching online runner with label`."
				: "The space is part of the name, so `runs-on` never matches it. `register --labels` makes such labels if a space follows a comma.",
		expected: ({ meant }) => (meant.length > 1 ? "one label per entry" : code(shown(meant[0] ?? ""))),
		tell: ({ file, text, meant }) => ({
			what:
				meant.length > 1
					? `The entry ${code(`"${shown(text)}"`)} holds several labels, separated by commas.`
					: `The label ${code(`"${shown(text)}"`)} contains a space.`,
			fix: {
				text:
					meant.length > 1
						? "Write one label per line. `register --labels` takes commas, without spaces."
						: "Write the label without spaces.",
				config: labelLines(file, meant),
				kind: "runner",
			},
		}),
	}),

	"token-in-label": reason<{ readonly line: number }>({
		level: "fail",
		title: "A label contains a token or a password",
		headline: ({ line }) => `The label on line ${line} contains a token or password`,
		why: "Labels are public: the forge shows them to everyone who can see its runners, and every job's log prints them.",
		expected: "a name that is not secret",
		tell: () => ({
			what: "The label contains what looks like a token or a password.",
			fix: {
				text: "Remove it from the label, and revoke it: it has been published. Give a registry's password to `docker login` as the runner's user, and the registration token to `register --token`.",
				kind: "runner",
			},
		}),
	}),

	"floating-tag": reason<FloatingTag>({
		level: "warn",
		title: "A label's image has a floating tag",
		headline: ({ text }) => titleWith("The image of ", labelName(text), " has a floating tag"),
		why: "The image can change at any time: the same commit builds today and fails tomorrow, and two runners that pulled on different days differ. The runner does not fetch a newer image by itself unless `container.force_pull` is set.",
		expected: "the tag of a release, or a digest",
		tell: ({ text, image }) => ({
			what: `The label ${code(shown(labelName(text)))} uses ${code(shown(image))}, ${image.endsWith(":latest") ? "whose tag is `latest`" : "which has no tag and so means `latest`"}.`,
			fix: {
				text: "Name the tag of a release, or append today's digest to the image: `image@sha256:digest`. The command prints it.",
				commands: [`docker buildx imagetools inspect --format '{{.Manifest.Digest}}' ${operand(image)}`],
				kind: "runner",
			},
		}),
	}),

	"no-image-named": reason<Written>({
		level: "warn",
		title: "A label that stands for an image names none",
		headline: ({ text }) => titleWith("The label ", text, " names no image"),
		why: "Its jobs run on the runner's own system. If the runner is a container, that is an Alpine without node, and actions fail with `Cannot find: node in PATH`. This applies to Gitea's runner; with Forgejo's, the label means its default image.",
		expected: ({ text }) => code(`${shown(text)}:docker://IMAGE`),
		tell: ({ file, text }) => ({
			what: `The label ${code(shown(text))} has no scheme, so Gitea's runner takes it for a label of the host.`,
			fix: {
				text: "Name the image.",
				config: labelLines(file, [`${text}:docker://${imageFor(text)}`]),
				kind: "runner",
				otherwise: {
					text: "If the jobs should run on the runner's own system, say so.",
					config: labelLines(file, [`${text}:host`]),
					kind: "runner",
				},
			},
		}),
		more: "Only names that stand for an image everywhere are reported, such as `ubuntu-latest`, `debian-12`, `node20` and `docker`.",
	}),

	"image-without-node": reason<FloatingTag>({
		level: "warn",
		title: "A label's image has no node",
		headline: ({ text }) => titleWith("The image of ", labelName(text), " has no node"),
		why: 'JavaScript actions cannot start in it, `actions/checkout` first of all: `exec: "node": executable file not found in $PATH`.',
		expected: "an image with node, such as `node:22-bookworm`",
		tell: ({ file, text, image }) => ({
			what: `The label ${code(shown(labelName(text)))} uses ${code(shown(image))}, which does not contain node.`,
			fix: {
				text: "Name an image that has node.",
				config: labelLines(file, [
					`${labelName(text)}:docker://${/ubuntu/.test(image) ? imageFor(image) : "node:22-bookworm"}`,
				]),
				kind: "runner",
				otherwise: { text: "Build an image of your own from this one, with node in it.", kind: "image" },
			},
		}),
		more: "Only images of Docker's library are reported that surely have no node; an image with the same name in another registry or account may have it.",
	}),
};

/** The image that Gitea provides for a name, or one with node. */
function imageFor(name: string): string {
	const version = /ubuntu[-:]?(2[024]\.04)/.exec(name)?.[1];
	if (version !== undefined) return `docker.gitea.com/runner-images:ubuntu-${version}`;
	if (/^node/i.test(name)) return `node:${/\d+/.exec(name)?.[0] ?? "22"}-bookworm`;
	return /ubuntu/.test(name) ? "docker.gitea.com/runner-images:ubuntu-24.04" : "node:22-bookworm";
}

function shown(text: string): string {
	return cut(text, 200);
}

/** What stands before the first colon. */
export function labelName(text: string): string {
	return text.split(":")[0] ?? "";
}

function labelLines(file: string, labels: readonly string[]) {
	const lines = labels.map((label) => `    - ${JSON.stringify(label)}`);
	return configLines(file, ["runner:", "  labels:", ...lines].join("\n"));
}

function whatBadScheme({ text, problem, system }: BadScheme): string {
	const label = code(shown(text));
	switch (problem.kind) {
		case "unknown": {
			const isWord = /^[\w-]{1,20}$/.test(problem.scheme);
			return `The scheme of the label ${label} is invalid: ${isWord ? code(problem.scheme) : "what follows the name"} is neither \`host\` nor \`docker\`.`;
		}
		case "colon-in-name":
			return `${system === "forgejo" ? "Forgejo's runner" : "This release of the runner"} takes what follows the colon in ${label} for a scheme.`;
		case "host-with-argument":
			return `Nothing may follow \`host\` in the label ${label}.`;
	}
}

function whyBadScheme({ text, problem }: BadScheme): string {
	const becomesHost = `the label becomes a host label with the name ${code(shown(text))}, and jobs for ${code(shown(labelName(text)))} wait with \`No matching online runner with label\``;
	const isIgnored = "the runner ignores it with `unsupported schema`";
	if (problem.kind === "host-with-argument") {
		return "Forgejo's runner refuses the label with `schema: host does not have arguments`.";
	}
	if (problem.kind === "colon-in-name")
		return "It ignores the label with `unsupported schema`, so its jobs wait forever.";
	switch (problem.treatedAs) {
		case "refused":
			return "The runner refuses the label with `unsupported schema`.";
		case "host-label":
			return `The runner does not refuse it: ${becomesHost}.`;
		case "ignored":
			return `In this release, ${isIgnored}, so its jobs wait forever.`;
		case "depends-on-release":
			return `From runner 2.1.0 on, ${becomesHost}. Before that, ${isIgnored}.`;
	}
}

function fixBadScheme({ file, text, problem, system }: BadScheme): Remedy {
	switch (problem.kind) {
		case "unknown":
			return {
				text:
					problem.meant?.endsWith(`:docker://${text}`) === true
						? "Write a name and `docker://` before the image."
						: "Write the scheme in lowercase letters, with `docker://` before an image.",
				...(problem.meant !== undefined && { config: labelLines(file, [problem.meant]) }),
				kind: "runner",
			};
		case "colon-in-name":
			return {
				text: "Remove the colon from the name.",
				config: labelLines(file, [`${text.split(":").join("-")}:host`]),
				kind: "runner",
				...(system === "gitea" && {
					otherwise: { text: "Upgrade the runner to 2.1.0 or later, which accepts such names.", kind: "host" },
				}),
			};
		case "host-with-argument":
			return {
				text: "End the label after `host`.",
				config: labelLines(file, [`${labelName(text)}:host`]),
				kind: "runner",
			};
	}
}

function whyNotImage(image: string): string {
	if (/^[a-z]+:\/\//.test(image)) return "it must not begin with a URL scheme such as `https://`";
	if (image.toLowerCase() !== image) return "it must not contain uppercase letters";
	return "its form is `host/path:tag`";
}
