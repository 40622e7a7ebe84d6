import { reason } from "../../checks/words.ts";
import { configLines } from "./fixes.ts";

interface SharedWithCapacity {
	readonly file: string;
	readonly capacity: number;
}

export const intro = "Compares `runner.tool_cache_mode` with `runner.capacity`.";

export const words = {
	"shared-with-capacity": reason<SharedWithCapacity>({
		level: "warn",
		title: "Concurrent jobs share one tool cache",
		headline: ({ capacity }) => `${capacity} concurrent jobs share one tool cache`,
		why: "Two jobs that install the same version at the same time corrupt it for all later jobs.",
		expected: "`tool_cache_mode: none`, or `capacity: 1`",
		tell: ({ file, capacity }) => ({
			what: `\`runner.tool_cache_mode\` is \`shared\`, and ${capacity} jobs can run at the same time.`,
			fix: {
				text: "Install the tools in the image and set the mode to `none`, or run one job at a time.",
				config: configLines(file, "runner:\n  tool_cache_mode: none"),
				kind: "runner",
			},
		}),
	}),
};
