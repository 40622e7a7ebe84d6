import { finding } from "../../checks/words.ts";
import { entryAt } from "../read/tree.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { numberAt, textAt, usesDocker } from "../setup/setup.ts";
import { type Subject, settings } from "../setup/subjects.ts";
import { intro, words } from "./capacity-words.ts";

/**
 * Docker's default address pools hold 31 networks: 15 of 172.17.0.0/16 to 172.31.0.0/16 and 16 in 192.168.0.0/16.
 * The default bridge takes one.
 */
const networks = 30;

/** Jobs on the host take no network. Without a `capacity`, there is one job at a time. */
const jobsInContainers: Subject = {
	seen: (setup) => (usesDocker(setup) === "no" ? [] : settings.seen(setup)),
	missing: "No configuration of jobs in containers was read.",
};

/** Each concurrent job takes a network from the daemon's pools. */
export const capacity = defineRule({
	id: "config/capacity",
	title: "Docker has a network for every concurrent job",
	intro,
	reasons: words,
	subject: jobsInContainers,
	fine: "Docker has enough networks for all concurrent jobs",
	find(setup) {
		const { config } = setup;
		const entry = entryAt(config?.root, "runner", "capacity");
		const jobs = numberAt(config?.root, "runner", "capacity") ?? 1;
		if (!config || !entry || jobs < networks) return [];
		// Jobs share a network that is named; jobs on the host have none.
		if (textAt(config.root, "container", "network") !== "" || usesDocker(setup) === "no") return [];
		return [
			finding(words, "address-pool", { jobs, networks }, at(placeIn(config.path, entry), `\`capacity: ${jobs}\``)),
		];
	},
});
