import { giteaRunnerVersion, holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Remedy } from "../check.ts";
import { labelConfig, restartCommand } from "./labels.ts";

export const runnerMode = defineCheck({
	id: "runner/mode",
	title: "The job runs where its profile says: in a container, or on the host",
	reasons: {
		"host-instead-of-container": { level: "fail", title: "the job runs on the host, its profile wants a container" },
		"container-instead-of-host": { level: "fail", title: "the job runs in a container, its profile wants the host" },
	},
	needs: { container: containerProbe, job: jobProbe },
	applies: (policy) => policy.runsIn !== "any",
	judge({ container, job }, policy) {
		const where = placeOf(container);
		if (container.mode === "unknown") {
			return {
				kind: "undecided",
				message: "Could not find out whether this is a container or the host.",
				evidence: evidenceOf(container, job),
			};
		}
		if (container.mode === policy.runsIn) {
			return { kind: "pass", message: `Runs ${where}`, evidence: evidenceOf(container, job) };
		}
		const subject = job.inJob ? "The job" : "This check";
		const found = { kind: "finding", observed: where, evidence: evidenceOf(container, job) } as const;
		if (policy.runsIn === "container") {
			return {
				...found,
				reason: "host-instead-of-container",
				message: `${subject} runs ${where}; the profile \`${policy.profile}\` wants it in a container.`,
				why: "Nothing isolates it: it uses the machine's tools instead of the image's, changes the machine, and leaves its traces to the next job.",
				expected: "in a container",
				remedy: intoContainer(job, policy),
			};
		}
		return {
			...found,
			reason: "container-instead-of-host",
			message: `${subject} runs ${where}; the profile \`${policy.profile}\` wants it on the host itself.`,
			why: "It sees the image's tools and files instead of the machine's, and `localhost` is the container: services and devices of the host are out of reach.",
			expected: "on the host",
			remedy: ontoHost(job, policy),
		};
	},
});

function placeOf({ mode, insideContainer }: ContainerFacts): string {
	if (mode === "container") return "in a container";
	return insideContainer === undefined ? "on the host" : "in host mode, inside the container of the runner itself";
}

function evidenceOf({ witness, insideContainer }: ContainerFacts, job: JobFacts): Evidence[] {
	const evidence: Evidence[] = [{ source: "where we are", text: witness }];
	if (insideContainer !== undefined) evidence.push({ source: "the runner's own container", text: insideContainer });
	if (witness !== "JOB_CONTAINER_NAME" && job.system === "gitea") {
		evidence.push({ source: "JOB_CONTAINER_NAME", text: job.containerName ?? "not set" });
	}
	return evidence;
}

/** The profiles of the guide are named like their labels; for others the label is in the workflow's `runs-on`. */
function intoContainer(job: JobFacts, policy: Policy): Remedy {
	const image = policy.image ?? "<image>";
	switch (job.system) {
		case "gitea":
			return {
				text: `Give the label an image in the runner's \`config.yaml\`, then restart the runner. These labels run on the host: one without \`docker://\` (\`${policy.profile}\`, \`${policy.profile}:host\`)${misspelt(job)}. Do not edit the labels in \`.runner\`: those of \`config.yaml\` overwrite them at every start.`,
				config: labelConfig(`${policy.profile}:docker://${image}`),
				commands: [restartCommand(job)],
				kind: "runner",
				otherwise: anotherLabel("container"),
			};
		case "forgejo":
			return {
				text: "Give the label an image in the runner's `config.yaml`, then restart the runner. A label that ends in `:host` runs on the host.",
				config: labelConfig(`${policy.profile}:docker://${image}`),
				commands: [restartCommand(job)],
				kind: "runner",
				otherwise: anotherLabel("container"),
			};
		case "github":
			return {
				text: "Name the image in the workflow: a job without `container` runs on the runner's machine itself.",
				config: {
					file: "the workflow",
					language: "yaml",
					text: `jobs:\n  ${jobKey(job)}:\n    container: ${JSON.stringify(image)}`,
				},
				kind: "workflow",
			};
		case "act":
			return {
				text: `Start the run with an image, whatever \`runs-on\` says: \`--image=${image}\` for \`gitea-runner exec\`, \`-P ${policy.profile}=${image}\` for \`act\`. The image \`-self-hosted\` stands for the host.`,
				kind: "runner",
			};
		case "none":
			return {
				text: `Outside of a job this only says where you started it. Start it in the image of the profile${policy.image === undefined ? "" : ` (\`${policy.image}\`)`}, let a job of that label do it, or choose the profile of this machine with \`--profile\`.`,
				kind: "host",
			};
	}
}

function ontoHost(job: JobFacts, policy: Policy): Remedy {
	switch (job.system) {
		case "gitea":
			return {
				text: `Make it a \`host\` label in the runner's \`config.yaml\`, then restart the runner. A label with \`:docker://\` runs in a container, and so does a job whose \`runs-on\` matches no label of the runner: it gets the default image (\`runner.default_image\`). Look for a misspelt label there too, and do not edit those in \`.runner\`: \`config.yaml\` overwrites them at every start.`,
				config: labelConfig(`${policy.profile}:host`),
				commands: [restartCommand(job)],
				kind: "runner",
				otherwise: anotherLabel("host"),
			};
		case "forgejo":
			return {
				text: `Make it a \`host\` label in the runner's \`config.yaml\`, then restart the runner. A label without a type (\`${policy.profile}\`) runs in a container.`,
				config: labelConfig(`${policy.profile}:host`),
				commands: [restartCommand(job)],
				kind: "runner",
				otherwise: anotherLabel("host"),
			};
		case "github":
			return {
				text: "Take `container` out of the job, or run the runner on the machine itself if it runs in a container.",
				kind: "workflow",
			};
		case "act":
			return {
				text: `Start the run on the host: \`--image=-self-hosted\` for \`gitea-runner exec\`, \`-P ${policy.profile}=-self-hosted\` for \`act\`.`,
				kind: "runner",
			};
		case "none":
			return {
				text: "Outside of a job this only says where you started it. Start it on the machine itself, or choose another profile with `--profile`.",
				kind: "host",
			};
	}
}

/** What a misspelt schema does depends on the runner's version; where that is not known, the version is named. */
function misspelt(job: JobFacts): string {
	const example = "one with a misspelt schema (`dokcer://` for `docker://`)";
	const opaque = holdsFor(runnerKnowledge("opaque-labels"), giteaRunnerVersion(job));
	if (opaque === "no") return "";
	return opaque === "yes" ? `, and ${example}` : `, and from runner 2.1.0 on ${example}`;
}

function anotherLabel(kind: "container" | "host"): Omit<Remedy, "otherwise"> {
	return {
		text: `If the runner is right, the job asks for the wrong label: name one of kind \`${kind === "host" ? "host" : "docker"}\` in its \`runs-on\`, or the profile of the label that it does run on.`,
		kind: "workflow",
	};
}

function jobKey(job: JobFacts): string {
	return job.job !== undefined && /^[\w-]+$/.test(job.job) ? job.job : "<job>";
}
