import type { Reason } from "../../checks/check.ts";
import { socketSharing } from "../docker-access.ts";
import type { RunnerConfigFacts } from "../facts.ts";
import type { Mistake } from "../lint.ts";
import { labelsOf, setupsOf, usesDocker } from "../setup.ts";
import type { WantedLabel, WorkflowFile, WorkflowJob } from "../workflow-facts.ts";

export const untrustedSocketReasons: Readonly<Record<string, Reason>> = {
	"untrusted-socket": {
		level: "warn",
		title: "a job of pull requests has the Docker socket and secrets",
	},
};

/** How a label's jobs come to the Docker socket. */
type Access = "mounted" | "host";

/** Labels whose jobs can reach the machine's Docker socket. */
export function socketLabels(config: RunnerConfigFacts): ReadonlyMap<string, Access> {
	const labels = new Map<string, Access>();
	for (const setup of setupsOf(config)) {
		if (!setup.config) continue;
		const isMounted = socketSharing(setup).kind === "mounted";
		for (const { label } of labelsOf(setup)) {
			if (label.kind === "docker" && isMounted) labels.set(label.name, "mounted");
			// The user of a runner that starts containers may use the socket, and so may its jobs on the machine itself.
			if (label.kind === "host" && usesDocker(setup) === "yes") labels.set(label.name, "host");
		}
	}
	return labels;
}

/** Jobs that run a stranger's code beside a socket that is as good as root, and hold secrets. */
export function jobsWithSocketAndSecrets(
	files: readonly WorkflowFile[],
	labels: ReadonlyMap<string, Access>,
): readonly Mistake[] {
	return files
		.filter((file) => file.events.some((event) => event === "pull_request" || event === "pull_request_target"))
		.flatMap((file) =>
			file.jobs.flatMap((job): readonly Mistake[] => {
				const wanted = job.wants.flat().find(({ text }) => labels.has(text));
				return wanted && job.secrets.length > 0
					? [mistake(file, job, wanted, labels.get(wanted.text) ?? "mounted")]
					: [];
			}),
		);
}

function mistake(file: WorkflowFile, job: WorkflowJob, label: WantedLabel, access: Access): Mistake {
	const names = job.secrets
		.slice(0, 5)
		.map((name) => `\`${name}\``)
		.join(", ");
	const how =
		access === "mounted" ? "has the Docker socket of its machine" : "runs on a machine whose Docker socket it can use";
	return {
		id: "workflow/untrusted-socket",
		reason: "untrusted-socket",
		level: "warn",
		file: file.path,
		line: label.line,
		column: label.column,
		message: `the job \`${job.id}\` runs for pull requests, ${how} (\`${label.text}\`), and uses secrets: ${names}`,
		why: "Who opens a pull request decides what the job does. With the socket that code is root on the runner: it reads the secrets of this job and of every other one there.",
		expected: "jobs of pull requests without secrets, or on a runner without the socket",
		found: `\`${label.text}\` with ${names}`,
		remedy: {
			text: 'Build pull requests on a runner whose `container.docker_host` is `"-"`, and keep what needs secrets for `push`.',
			kind: "workflow",
			config: { file: "config.yaml", language: "yaml", text: 'container:\n  docker_host: "-"' },
			otherwise: {
				text: "Let the forge ask for an approval before it runs workflows of strangers, and say so in the policy: `workflow/untrusted-socket: off`.",
				kind: "forge",
			},
		},
	};
}
