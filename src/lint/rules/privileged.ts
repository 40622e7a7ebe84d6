import { finding } from "../../checks/words.ts";
import { entryAt } from "../read/tree.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { releasesThatDropGpus } from "../setup/docker-access.ts";
import { flagAt } from "../setup/setup.ts";
import { settings } from "../setup/subjects.ts";
import { intro, words } from "./privileged-words.ts";

/** `container.privileged`. */
export const privileged = defineRule({
	id: "config/privileged",
	title: "Job containers are not privileged",
	intro,
	reasons: words,
	subject: settings,
	fine: "job containers are not privileged",
	find(setup, context) {
		const { config } = setup;
		const entry = entryAt(config?.root, "container", "privileged");
		if (!config || !entry || !flagAt(config.root, "container", "privileged")) return [];
		const details = at(placeIn(config.path, entry), "`privileged: true`");
		return [
			finding(words, "privileged", { file: config.path, dropGpus: releasesThatDropGpus(setup, context) }, details),
		];
	},
});
