import type { Remedy } from "../check.ts";
import { holdsHere, restartRunner, type Situation } from "../docker/situation.ts";
import { lookAt } from "../find-out.ts";
import { code, titleWith, yamlValue } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { labelConfig } from "./labels.ts";

export interface Misplaced {
	readonly inJob: boolean;
	/** The job's key in its workflow, where that is a plain word. */
	readonly jobKey: string | undefined;
	/** The guide's profiles have the names of their labels. */
	readonly profile: string;
	/** The image that the profile names. */
	readonly image: string | undefined;
	readonly situation: Situation;
}

export const intro = `Finds out whether the job runs in a container or on the host, and compares that with the profile's \`runs-in\`. It looks at \`JOB_CONTAINER_NAME\`, \`/run/.containerenv\`, the cgroup, the mounts and the path of the event file, in this order; any of them may be missing. \`/.dockerenv\` does not count: machines made from images have it too.

A workspace below \`<16 digits>/hostexecutor\` proves host mode, whatever else is found: a runner in a container runs the jobs of its \`host\` labels inside its own container. System containers (LXC, systemd-nspawn) count as machines. If not even \`/proc\` can be read, the result is \`error\`.

The runner's own health check (\`GITEA_RUNNER_HEALTH_CHECK\`) is not a job: there, this check is skipped.`;

const keepRegistration = "Do not edit labels in `.runner`: `config.yaml` overwrites them at every start.";

export const words = {
	"host-instead-of-container": reason<Misplaced>({
		level: "fail",
		title: "The job runs on the host instead of in a container",
		headline: ({ inJob, situation }) =>
			situation.inRunnerContainer
				? `${subject(inJob)} runs in the runner's own container`
				: `${subject(inJob)} runs on the host instead of in a container`,
		why: "Nothing isolates it: it uses the tools that are installed there instead of the image's, changes them, and leaves files for the next job.",
		expected: "in a container",
		tell: (seen) => ({
			what: `${subject(seen.inJob)} runs ${placeOf(seen.situation)}, but the profile ${code(seen.profile)} expects a container.`,
			fix: intoContainer(seen),
		}),
		more: "With Gitea's runner, the label decides. These lead to the host: a label without an image, a misspelled scheme (since 2.1.0), labels that were edited in `.runner`, and a job that asks for another label than you think.",
	}),
	"container-instead-of-host": reason<Misplaced>({
		level: "fail",
		title: "The job runs in a container instead of on the host",
		headline: ({ inJob }) => `${subject(inJob)} runs in a container instead of on the host`,
		why: "It sees the image's tools and files instead of the machine's. `localhost` is the container, so it cannot reach services and devices of the host.",
		expected: "on the host",
		tell: (seen) => ({
			what: `${subject(seen.inJob)} runs ${placeOf(seen.situation)}, but the profile ${code(seen.profile)} expects the host.`,
			fix: ontoHost(seen),
		}),
	}),
};

export const unknowns = {
	/** `id`: the check that has to know; absent for this one. */
	place: unknown<{ readonly id?: string }>({
		title: "Unknown whether this is a container or the host",
		headline: ({ id }) =>
			id === undefined
				? "Unknown whether this is a container or the host"
				: titleWith("", id, " cannot tell a container from the host"),
		why: "A job on the host is not isolated: it uses and changes what is installed there, and leaves files for the next job.",
		expected: "`/proc/self/cgroup` and `/proc/self/mountinfo`, or `JOB_CONTAINER_NAME`",
		tell: () => ({
			what: "Could not find out whether this is a container or the host.",
			fix: lookAt("/proc/self/mountinfo", "EACCES"),
		}),
	}),
};

function subject(inJob: boolean): string {
	return inJob ? "The job" : "This check";
}

/** `in a container`, `on the host` */
export function placeOf({ inContainer, inRunnerContainer }: Situation): string {
	if (inContainer) return "in a container";
	return inRunnerContainer ? "in host mode, inside the runner's own container" : "on the host";
}

function intoContainer({ profile, image, jobKey, situation }: Misplaced): Remedy {
	const label = code(`${profile}:docker://${image ?? "IMAGE"}`);
	const config = image === undefined ? {} : { config: labelConfig(`${profile}:docker://${image}`) };
	switch (situation.system) {
		case "gitea":
			return {
				text: `Give the label an image in the runner's \`config.yaml\`, as in ${label}. A label without \`docker://\` runs on the host: ${code(profile)} alone means ${code(`${profile}:host`)}.${misspelled(situation)} ${keepRegistration}`,
				...config,
				commands: restartRunner(situation),
				kind: "runner",
				otherwise: anotherLabel("docker"),
			};
		case "forgejo":
			return {
				text: `Give the label an image in the runner's \`config.yaml\`, as in ${label}. A label that ends in \`:host\` runs on the host.`,
				...config,
				commands: restartRunner(situation),
				kind: "runner",
				otherwise: anotherLabel("docker"),
			};
		case "github":
			return {
				text: "Name the image in the workflow: a job without `container` runs on the runner's machine.",
				...(image !== undefined && { config: containerConfig(jobKey, image) }),
				kind: "workflow",
			};
		case "act":
			return {
				text: `Start the run with an image: ${code(`gitea-runner exec --image=${image ?? "IMAGE"}`)} or ${code(`act -P ${profile}=${image ?? "IMAGE"}`)}. The image \`-self-hosted\` means the host.`,
				kind: "runner",
			};
		case "none":
			return {
				text: `Outside a job, this only says where you started it. Start it in the profile's image${image === undefined ? "" : ` (${code(image)})`}, run it in a job with that label, or choose this machine's profile with \`--profile\`.`,
				kind: "host",
			};
	}
}

function containerConfig(jobKey: string | undefined, image: string): NonNullable<Remedy["config"]> {
	const container = `container: ${JSON.stringify(image)}`;
	return jobKey === undefined
		? { file: "the workflow's job", language: "yaml", text: container }
		: { file: "the workflow", language: "yaml", text: `jobs:\n  ${yamlValue(jobKey)}:\n    ${container}` };
}

function ontoHost({ profile, situation }: Misplaced): Remedy {
	const makeHostLabel = {
		config: labelConfig(`${profile}:host`),
		commands: restartRunner(situation),
		kind: "runner",
		otherwise: anotherLabel("host"),
	} as const;
	switch (situation.system) {
		case "gitea":
			return {
				text: `Make it a \`host\` label in the runner's \`config.yaml\`: a label with \`:docker://\` runs in a container. So does a job whose \`runs-on\` matches none of the runner's labels (look for a typo): it gets the default image (\`runner.default_image\`). ${keepRegistration}`,
				...makeHostLabel,
			};
		case "forgejo":
			return {
				text: `Make it a \`host\` label in the runner's \`config.yaml\`. A label without a scheme (${code(profile)}) runs in a container.`,
				...makeHostLabel,
			};
		case "github":
			return {
				text: "Remove `container` from the job. If the runner itself runs in a container, install it on the machine instead.",
				kind: "workflow",
			};
		case "act":
			return {
				text: `Start the run on the host: \`gitea-runner exec --image=-self-hosted\` or ${code(`act -P ${profile}=-self-hosted`)}.`,
				kind: "runner",
			};
		case "none":
			return {
				text: "Outside a job, this only says where you started it. Start it on the machine itself, or choose another profile with `--profile`.",
				kind: "host",
			};
	}
}

function misspelled(situation: Situation): string {
	const example = "a label with a misspelled scheme (`dokcer://`)";
	switch (holdsHere("opaque-labels", situation)) {
		case "yes":
			return ` So does ${example}.`;
		case "no":
			return "";
		case "unknown":
			return ` Since runner 2.1.0, so does ${example}.`;
	}
}

function anotherLabel(kind: "docker" | "host"): Omit<Remedy, "otherwise"> {
	return {
		text: `If the runner is right, the job asks for the wrong label: name one of kind \`${kind}\` in its \`runs-on\`, or choose the profile of the label it runs on.`,
		kind: "workflow",
	};
}
