import { code, titleWith } from "../../../checks/text.ts";
import { reason } from "../../../checks/words.ts";
import { composeText, serviceLines, yamlKey } from "../lines.ts";
import { configAtTop, configInService, type JobNetwork, joinLines, networkText } from "./job-network.ts";

interface Unreachable extends JobNetwork {
	/** `cache.host`; empty: the runner looks for its own address. */
	readonly host: string;
}

export const intro =
	"Looks at a runner in a container whose jobs run in containers next to it: can they connect to its cache server? A runner that shares the machine's network, or whose jobs join one of its networks, is fine.";

export const words = {
	"unreachable-from-jobs": reason<Unreachable>({
		level: "warn",
		title: "Job containers cannot connect to the runner's cache",
		headline: ({ service }) => titleWith("Jobs cannot connect to the cache of ", service.name),
		why: "Docker keeps networks apart. Each `actions/cache` step waits for its timeout, continues without a cache, and prints `getCacheEntry failed: connect ETIMEDOUT`.",
		expected: "jobs that join a network of the runner, or an address of the machine with a published port",
		tell: (seen) => ({ what: what(seen), fix: fix(seen) }),
	}),
};

function what({ service, host, network }: Unreachable): string {
	const jobs = networkText(network);
	return host === ""
		? `The runner in ${code(service.name)} tells jobs the address of its own container, and its jobs run in ${jobs}.`
		: `The cache of ${code(service.name)} is announced as ${code(host)}, and no published port leads there from jobs in ${jobs}.`;
}

/** With a network whose name is known, the lines can be pasted; otherwise the cache has to be published. */
function fix({ service, configFile, join, system }: Unreachable) {
	const restart = "Restart the runner while no job runs.";
	if (configFile !== undefined && join !== undefined) {
		return {
			text: `Let jobs join the runner's network. They can then reach every service in it. ${restart}`,
			config: joinLines(configFile, join),
			kind: "runner" as const,
		};
	}
	const option = system === "forgejo" ? "`--config /config.yaml`" : "`CONFIG_FILE`";
	const name = `${service.name}-jobs`;
	if (configFile === undefined && system === "gitea") {
		// The lines replace those of the service, so they name the networks that it is in already.
		const kept = [...service.networks.keys()].map(yamlKey);
		const isDefault = service.networks.has("default");
		return {
			text: `Give the runner a network that its jobs join, and a configuration that names it (${option}; Compose 2.23.1 or later). ${restart}`,
			config: serviceLines(
				service,
				[...configInService, `networks: [${[...kept, "jobs"].join(", ")}]`],
				[
					...configAtTop(name),
					"networks:",
					"  jobs:",
					`    name: ${composeText(name)}`,
					...(isDefault ? ["  default:"] : []),
				],
			),
			kind: "runner" as const,
		};
	}
	return {
		text: `Write a configuration (${option}) with \`cache.host\`, an address of the machine, and with a fixed port, and publish that port. ${restart}`,
		config: serviceLines(service, ["ports:", '  - "8088:8088"']),
		kind: "runner" as const,
	};
}
