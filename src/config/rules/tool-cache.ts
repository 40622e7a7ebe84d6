import { defineRule } from "../rule.ts";
import { numberAt, textAt } from "../setup.ts";
import { entryAt } from "../tree.ts";

/** `runner.tool_cache_mode: shared` is made for one job at a time. */
export const toolCache = defineRule<"shared-with-capacity">({
	id: "config/tool-cache",
	title: "The tool cache is not written by two jobs at once",
	reasons: {
		"shared-with-capacity": { level: "warn", title: "jobs that run at the same time share one tool cache" },
	},
	fine: "no two jobs write one tool cache",
	find({ config }) {
		const entry = entryAt(config?.root, "runner", "tool_cache_mode");
		const capacity = numberAt(config?.root, "runner", "capacity") ?? 1;
		if (!config || !entry || capacity < 2 || textAt(config.root, "runner", "tool_cache_mode") !== "shared") return [];
		return [
			{
				reason: "shared-with-capacity",
				file: config.path,
				line: entry.line,
				column: entry.column,
				message: `\`runner.tool_cache_mode: shared\` with a capacity of ${capacity}: jobs share one tool cache`,
				why: "Two jobs that install the same version at the same time corrupt it for all jobs after them.",
				expected: "`tool_cache_mode: none`, or `capacity: 1`",
				found: `\`shared\` and \`capacity: ${capacity}\``,
				remedy: {
					text: "Build the tools into the image and let the mode be `none`, or run one job at a time.",
					kind: "runner",
					config: { file: config.path, language: "yaml", text: "runner:\n  tool_cache_mode: none" },
				},
			},
		];
	},
});
