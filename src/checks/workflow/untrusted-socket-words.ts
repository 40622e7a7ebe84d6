import type { Remedy } from "../check.ts";
import { code, listed, titleWith } from "../text.ts";
import { reason } from "../words.ts";

/** How the jobs of a label come to the Docker socket: in their container, or as the runner's user on the machine. */
export type SocketAccess = "mounted" | "host";

interface UntrustedSocket {
	readonly job: string;
	readonly label: string;
	readonly access: SocketAccess;
	/** Names of the secrets that the job uses; `inherit` for all. */
	readonly secrets: readonly string[];
	readonly event: string;
	/** The file and line of the event. */
	readonly opened: string;
	/** The workflow that has the job. */
	readonly file: string;
	/** The workflow that has the event. */
	readonly opens: string;
	/** The condition of the job, if it has one. `label`: it asks for a label of the pull request. */
	readonly condition: "none" | "label" | "other";
}

export const intro =
	"Looks at jobs of `pull_request` and `pull_request_target` that strangers can start: do they run where the Docker socket is, and do they use secrets? A job is fine if its condition keeps strangers out: `github.event_name == 'push'`, a comparison of the head repository with `github.repository`, of the actor with a name, `types: [labeled]`. The configuration of the runner (`runner-config`) tells which labels have the socket. `runner-check lint --posture` shows every way of a stranger to a runner.";

export const words = {
	"untrusted-socket": reason<UntrustedSocket>({
		level: "warn",
		title: "Pull requests get the Docker socket and secrets",
		headline: ({ job }) => titleWith("Pull requests give ", job, " the socket and secrets"),
		why: ({ event }) =>
			event === "pull_request"
				? "Anyone who opens a pull request decides what the job does. A fork gets no secrets of its own; with the socket, its code is root on the runner and reads those of every other job there."
				: "Anyone who opens a pull request starts the job, and decides what it does if the job checks the pull request out. With the socket, that code is root on the runner and reads the secrets of this job and of every other one there.",
		expected: "jobs of pull requests without secrets, or on a runner without the socket",
		tell: ({ job, label, access, secrets, event, opened, file, opens, condition }) => ({
			what: `The job ${code(job)} runs for ${code(event)} (${opened}) on ${code(label)}, ${access === "mounted" ? "which mounts the Docker socket" : "on a machine whose Docker socket it can use"}, and uses ${secretsText(secrets)}.${condition === "label" ? " The label that its condition asks for stays when new commits are pushed, and nobody has looked at those." : ""}`,
			fix: {
				text: `Build pull requests ${access === "host" ? "in containers, " : ""}on a runner whose \`container.docker_host\` is \`"-"\`, and keep jobs that need secrets for \`push\`.`,
				config: { file: "config.yaml", language: "yaml", text: 'container:\n  docker_host: "-"' },
				kind: "workflow",
				otherwise:
					condition === "label" ? onlyLabeled(event, opens) : keepForksOut(job, event, file, condition === "other"),
			},
		}),
	}),
};

type Otherwise = NonNullable<Remedy["otherwise"]>;

/** The event that sets the label starts the job, and no other. */
function onlyLabeled(event: string, file: string): Otherwise {
	return {
		text: "Start the job only when somebody sets a label, and have the label set again for new commits.",
		config: { file, language: "yaml", text: `on:\n  ${event}:\n    types: [labeled]` },
		kind: "workflow",
	};
}

function keepForksOut(job: string, event: string, file: string, hasCondition: boolean): Otherwise {
	const isSame = "github.event.pull_request.head.repo.full_name == github.repository";
	return {
		text: `Keep pull requests of forks out of the job${hasCondition ? ` with the condition \`${isSame}\`` : ""}.`,
		...(!hasCondition &&
			/^[A-Za-z_][\w-]*$/.test(job) && {
				config: {
					file,
					language: "yaml" as const,
					text: `jobs:\n  ${job}:\n    if: github.event_name != '${event}' || ${isSame}`,
				},
			}),
		kind: "workflow",
	};
}

function secretsText(secrets: readonly string[]): string {
	if (secrets.includes("inherit")) return "all secrets";
	return `the ${secrets.length === 1 ? "secret" : "secrets"} ${listed(secrets.slice(0, 5).map(code))}`;
}
