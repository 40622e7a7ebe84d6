import { stopsContainers } from "../../checks/docker/situation.ts";
import { reason } from "../../checks/words.ts";
import { restartDocker, turnOff } from "./fixes.ts";

interface AddressPool {
	readonly jobs: number;
	/** How many networks Docker has without a setting. */
	readonly networks: number;
}

export const intro = "Compares `runner.capacity` with the number of networks that Docker has by default.";

export const words = {
	"address-pool": reason<AddressPool>({
		level: "warn",
		title: "More concurrent jobs than Docker has networks",
		headline: ({ jobs, networks }) => `${jobs} concurrent jobs, but Docker has ${networks} networks`,
		why: "Each job gets a network of its own. Jobs beyond that number fail during setup with `all predefined address pools have been fully subnetted`. Networks that earlier jobs left behind count too.",
		expected: ({ networks }) => `fewer than ${networks} jobs, or larger address pools in the daemon`,
		tell: ({ jobs, networks }) => ({
			what: `\`runner.capacity\` is ${jobs}, and Docker has ${networks} networks by default.`,
			fix: {
				text: `Give the daemon an address pool with more and smaller networks, or lower the capacity. ${stopsContainers}`,
				config: {
					file: "/etc/docker/daemon.json",
					language: "json",
					text: '{ "default-address-pools": [{ "base": "10.200.0.0/16", "size": 24 }] }',
				},
				commands: [restartDocker],
				kind: "host",
				otherwise: {
					text: "If the daemon already has such pools, accept the finding or turn this check off.",
					...turnOff("config/capacity"),
				},
			},
		}),
		more: "Jobs share a network that is named in `container.network`, so it is one network for all of them.",
	}),
};
