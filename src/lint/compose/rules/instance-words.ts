import { code, titleWith } from "../../../checks/text.ts";
import { reason } from "../../../checks/words.ts";
import { environmentLines, serviceLines } from "../lines.ts";
import type { Service } from "../model.ts";
import { configAtTop, configInService, type JobNetwork, joinLines, networkText } from "./job-network.ts";

interface Localhost {
	readonly service: Service;
	readonly url: string;
	/** What has the address: a variable, `--instance`, a key. */
	readonly variable: string;
	/** The service of the forge in this file. */
	readonly forge: string | undefined;
	readonly port: string;
}

interface UnreachableFromJobs extends JobNetwork {
	readonly url: string;
	readonly host: string;
	readonly variable: string;
}

export const intro =
	"Looks at the address of the forge that the service gets: can the runner's container connect to it, and the containers of its jobs, which are in networks of their own?";

export const words = {
	"unreachable-from-jobs": reason<UnreachableFromJobs>({
		level: "fail",
		title: "Job containers cannot resolve the name of the forge",
		headline: ({ host }) => titleWith("Job containers cannot resolve ", host),
		why: "The runner passes the address on to its jobs. `actions/checkout` fails with `Could not resolve host`, and artifacts with `getaddrinfo ENOTFOUND`.",
		expected: "an address that every container of the machine can resolve, or jobs in the forge's network",
		tell: (seen) => ({
			what: `${code(seen.variable)} of ${code(seen.service.name)} is ${code(seen.url)}. Only containers of the file's networks resolve ${code(seen.host)}, and jobs run in ${networkText(seen.network)}.`,
			fix: {
				...fixOf(seen),
				otherwise: {
					text: "Give the runner the address that people use in their browsers, and register it again: the address is kept in `.runner`.",
					kind: "runner",
				},
			},
		}),
	}),

	localhost: reason<Localhost>({
		level: "fail",
		title: "The runner looks for the forge in its own container",
		headline: ({ url }) => titleWith("", url, " is the runner's own container"),
		why: "In a container, `localhost` is the container itself. The runner cannot register: `Cannot ping the Gitea instance server`, `connection refused`.",
		expected: "an address of the forge that other containers can connect to",
		tell: ({ service, url, variable, forge, port }) => {
			const isVariable = /^[A-Z_]+$/.test(variable);
			return {
				what: `${code(variable)} of ${code(service.name)} is ${code(url)}, which is the runner's own container.`,
				fix: {
					text: "Give the runner the address that people use in their browsers, so that jobs can use it as well.",
					...(forge !== undefined &&
						isVariable && {
							otherwise: {
								text: "In the network of this file, the name of the forge's service works for the runner. Its jobs have to join that network.",
								config: serviceLines(service, environmentLines({ [variable]: `http://${forge}:${port}` })),
								kind: "runner" as const,
							},
						}),
					kind: "runner",
				},
			};
		},
	}),
};

function fixOf({ service, system, join, configFile }: JobNetwork) {
	const restart = "Restart the runner while no job runs.";
	if (join === undefined) {
		return {
			text: "Let jobs join a network of the forge: `container.network` of the configuration names it.",
			kind: "runner" as const,
		};
	}
	if (configFile !== undefined) {
		return {
			text: `Let jobs join the forge's network. They can then reach every service in it. ${restart}`,
			config: joinLines(configFile, join),
			kind: "runner" as const,
		};
	}
	if (system === "forgejo") {
		return {
			text: `Let jobs join the forge's network: start the runner with \`--config\`, and write this configuration. ${restart}`,
			config: joinLines("config.yaml", join),
			kind: "runner" as const,
		};
	}
	return {
		text: `Let jobs join the forge's network (Compose 2.23.1 or later). They can then reach every service in it. ${restart}`,
		config: serviceLines(service, configInService, configAtTop(join)),
		kind: "runner" as const,
	};
}
