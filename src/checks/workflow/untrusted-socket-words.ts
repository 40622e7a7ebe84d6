import { code, listed, titleWith } from "../text.ts";
import { reason } from "../words.ts";

/** How the jobs of a label come to the Docker socket: in their container, or as the runner's user on the machine. */
export type SocketAccess = "mounted" | "host";

interface UntrustedSocket {
	readonly job: string;
	readonly label: string;
	readonly access: SocketAccess;
	/** Names of the secrets that the job uses. */
	readonly secrets: readonly string[];
}

export const intro =
	"Looks at jobs of `pull_request` and `pull_request_target`: do they run where the Docker socket is, and do they use secrets? The configuration of the runner (`runner-config`) tells which labels have the socket.";

export const words = {
	"untrusted-socket": reason<UntrustedSocket>({
		level: "warn",
		title: "Pull requests get the Docker socket and secrets",
		headline: ({ job }) => titleWith("Pull requests give ", job, " the socket and secrets"),
		why: "Anyone who opens a pull request decides what the job does. With the socket, that code is root on the runner and reads the secrets of this job and of every other one there.",
		expected: "jobs of pull requests without secrets, or on a runner without the socket",
		tell: ({ job, label, access, secrets }) => ({
			what: `The job ${code(job)} runs for pull requests on ${code(label)}, ${access === "mounted" ? "which mounts the Docker socket" : "on a machine whose Docker socket it can use"}, and uses the ${secrets.length === 1 ? "secret" : "secrets"} ${listed(secrets.slice(0, 5).map(code))}.`,
			fix: {
				text: `Build pull requests ${access === "host" ? "in containers, " : ""}on a runner whose \`container.docker_host\` is \`"-"\`, and keep jobs that need secrets for \`push\`.`,
				config: { file: "config.yaml", language: "yaml", text: 'container:\n  docker_host: "-"' },
				kind: "workflow",
				otherwise: {
					text: "Make the forge ask for an approval before it runs workflows of outside contributors. Then turn this check off in the policy: `workflow/untrusted-socket: off`.",
					kind: "forge",
				},
			},
		}),
	}),
};
