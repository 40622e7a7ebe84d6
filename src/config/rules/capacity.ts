import { defineRule } from "../rule.ts";
import { numberAt, textAt, usesDocker } from "../setup.ts";
import { entryAt } from "../tree.ts";

/**
 * Docker's default address pools hold 31 networks: 15 of 172.17.0.0/16 to 172.31.0.0/16 and 16 in 192.168.0.0/16.
 * The default bridge takes one.
 */
const networksOfDefaultPools = 30;

/** Each concurrent job takes a network of the daemon's pools. */
export const capacity = defineRule<"address-pool">({
	id: "config/capacity",
	title: "Docker has a network for every job that may run",
	reasons: {
		"address-pool": { level: "warn", title: "more jobs may run at once than Docker has networks for by default" },
	},
	fine: "there are networks for as many jobs as may run",
	find(setup) {
		const { config } = setup;
		const entry = entryAt(config?.root, "runner", "capacity");
		const jobs = numberAt(config?.root, "runner", "capacity") ?? 1;
		if (!config || !entry || jobs < networksOfDefaultPools) return [];
		// A network that is named is shared by all jobs; jobs of the host have none.
		if (textAt(config.root, "container", "network") !== "" || usesDocker(setup) === "no") return [];
		return [
			{
				reason: "address-pool",
				file: config.path,
				line: entry.line,
				column: entry.column,
				message: `${jobs} jobs may run at once, each in a network of its own, and Docker has ${networksOfDefaultPools} by default`,
				why: "The jobs beyond that fail in their set-up with `all predefined address pools have been fully subnetted`. Networks that stay behind count too.",
				expected: `fewer than ${networksOfDefaultPools} jobs, or wider address pools of the daemon`,
				found: `\`capacity: ${jobs}\``,
				remedy: {
					text: "Lower the capacity, or give the daemon pools with more and smaller networks and restart it.",
					kind: "host",
					config: {
						file: "/etc/docker/daemon.json",
						language: "json",
						text: '{ "default-address-pools": [{ "base": "10.200.0.0/16", "size": 24 }] }',
					},
					otherwise: {
						text: "Where the daemon has such pools already, accept the finding in the policy, or switch it off with `config/capacity: off` in its `severity`.",
						kind: "runner",
					},
				},
			},
		];
	},
});
