import { code, listed, titleWith } from "../../../checks/text.ts";
import { reason } from "../../../checks/words.ts";
import type { Answer } from "../../../knowledge/runner-versions.ts";
import { configLines, whileNoJobRuns } from "../../rules/fixes.ts";
import { environmentLines, serviceLines } from "../lines.ts";
import type { Service } from "../model.ts";

interface NoImageNamed {
	readonly service: Service;
	readonly variable: string;
	/** The labels without an image. */
	readonly labels: readonly string[];
	/** All labels of the variable. */
	readonly all: readonly string[];
}

interface DifferFromConfig {
	readonly service: Service;
	readonly variable: string;
	readonly here: readonly string[];
	readonly inConfig: readonly string[];
	readonly file: string;
	/** Does the variable win in this release? */
	readonly wins: Answer;
}

export const intro =
	"Looks at the labels in the environment of the service: do they name images, and are they those of the runner's configuration?";

/** An image of the runner's own project with Node.js, for a label that stands for a system. */
function imageFor(label: string): string {
	const ubuntu = /^ubuntu-(latest|\d\d\.\d\d)$/.exec(label)?.[1];
	return ubuntu === undefined ? "node:22-bookworm" : `docker.gitea.com/runner-images:ubuntu-${ubuntu}`;
}

const quotedList = (labels: readonly string[]): string => listed(labels.slice(0, 5).map(code));

export const words = {
	"no-image-named": reason<NoImageNamed>({
		level: "warn",
		title: "Labels of the service name no image",
		headline: ({ labels }) => titleWith("The label ", labels[0] ?? "", " of the service names no image"),
		why: "Such jobs run in the runner's own container, an Alpine Linux without Node.js: `actions/checkout` ends with `Cannot find: node in PATH`. This applies to Gitea's runner; Forgejo's runs such a label in Docker.",
		expected: "labels such as `ubuntu-latest:docker://IMAGE`, or `ubuntu-latest:host` if that is intended",
		tell: ({ service, variable, labels, all }) => ({
			what: `${code(variable)} of ${code(service.name)} has ${labels.length === 1 ? "the label" : "the labels"} ${quotedList(labels)} without an image.`,
			fix: {
				text: `Name the image that jobs of the label run in. A runner that is registered already takes new labels from the variable in 2.1.0 and later. ${whileNoJobRuns}`,
				config: serviceLines(
					service,
					environmentLines({
						[variable]: all
							.map((label) => (labels.includes(label) ? `${label}:docker://${imageFor(label)}` : label))
							.join(","),
					}),
				),
				kind: "runner",
			},
		}),
	}),

	"differ-from-config": reason<DifferFromConfig>({
		level: "warn",
		title: "The variable and the configuration have other labels",
		headline: ({ variable }) => titleWith("", variable, " and the configuration differ"),
		why: ({ wins }) =>
			wins === "yes"
				? "The variable wins, so the labels of the configuration serve no job."
				: wins === "no"
					? "The labels of the configuration win in this release; from 2.1.0 on, the variable does. An upgrade alone changes which jobs the runner takes."
					: "Before 2.1.0 the labels of the configuration win, from 2.1.0 on the variable does. An upgrade alone changes which jobs the runner takes.",
		expected: "the labels in one place",
		tell: ({ service, variable, here, inConfig, file }) => ({
			what: `${code(variable)} of ${code(service.name)} has ${quotedList(here)}; \`runner.labels\` in ${code(file)} has ${quotedList(inConfig)}.`,
			fix: {
				text: `Keep the labels in the configuration, and remove ${code(variable)} from the service. If the labels of the variable are the right ones, these are the lines. ${whileNoJobRuns}`,
				config: configLines(
					file,
					`runner:\n  labels:\n${here.map((label) => `    - ${JSON.stringify(label)}`).join("\n")}`,
				),
				kind: "runner",
			},
		}),
	}),
};
