import { cut } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { entryAt } from "../read/tree.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { numberAt, textAt } from "../setup/setup.ts";
import type { Subject } from "../setup/subjects.ts";
import { intro, words } from "./tool-cache-words.ts";

/** How the runner keeps tools. */
const mode: Subject = {
	seen({ config }) {
		const written = textAt(config?.root, "runner", "tool_cache_mode");
		if (!config || written === "") return [];
		const jobs = numberAt(config.root, "runner", "capacity") ?? 1;
		return [{ source: config.path, text: `\`tool_cache_mode: ${cut(written, 40)}\`, \`capacity: ${jobs}\`` }];
	},
	missing: "No `runner.tool_cache_mode` was read.",
};

/** `runner.tool_cache_mode: shared` is made for one job at a time. */
export const toolCache = defineRule({
	id: "config/tool-cache",
	title: "No two jobs write to the tool cache at once",
	intro,
	reasons: words,
	subject: mode,
	fine: "no two jobs write to the tool cache at once",
	find({ config }) {
		const entry = entryAt(config?.root, "runner", "tool_cache_mode");
		const capacity = numberAt(config?.root, "runner", "capacity") ?? 1;
		if (!config || !entry || capacity < 2 || textAt(config.root, "runner", "tool_cache_mode") !== "shared") return [];
		const details = at(placeIn(config.path, entry), `\`shared\` and \`capacity: ${capacity}\``);
		return [finding(words, "shared-with-capacity", { file: config.path, capacity }, details)];
	},
});
