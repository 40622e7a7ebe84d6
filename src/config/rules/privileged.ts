import { defineRule } from "../rule.ts";
import { flagAt } from "../setup.ts";
import { entryAt } from "../tree.ts";

/** `container.privileged`. */
export const privileged = defineRule<"privileged">({
	id: "config/privileged",
	title: "Job containers are not privileged",
	reasons: {
		privileged: { level: "warn", title: "every job may do everything on the runner's machine" },
	},
	fine: "job containers are not privileged",
	find({ config }) {
		const entry = entryAt(config?.root, "container", "privileged");
		if (!config || !entry || !flagAt(config.root, "container", "privileged")) return [];
		return [
			{
				reason: "privileged",
				file: config.path,
				line: entry.line,
				column: entry.column,
				message: "`container.privileged` is set: every job container is privileged",
				why: "A privileged container reaches the machine's disks and devices. Whoever may push a workflow is root on the runner, and on every other job's data.",
				expected: "`privileged: false`",
				found: "`privileged: true`",
				remedy: {
					text: "Switch it off. Building images needs only the Docker socket; GPUs need only `--gpus` in `container.options` (but for runners 3.0.0 to 3.3.0, which drop it: upgrade).",
					kind: "runner",
					config: { file: config.path, language: "yaml", text: "container:\n  privileged: false" },
					otherwise: {
						text: "Where it has to be so, keep such a runner apart, for trusted repositories only, and accept the finding in the policy with a reason and an end.",
						kind: "runner",
					},
				},
			},
		];
	},
});
