import { reason } from "../../checks/words.ts";
import { configLines } from "./fixes.ts";

interface Privileged {
	readonly file: string;
	/** Releases that drop `--gpus` from unprivileged containers, if this may be one of them. */
	readonly dropGpus: string | undefined;
}

export const intro = "Looks at `container.privileged`.";

export const words = {
	privileged: reason<Privileged>({
		level: "warn",
		title: "Every job container is privileged",
		why: "A privileged container has access to the machine's disks and devices. Anyone who can push a workflow is root on the runner and can read the data of every other job.",
		expected: "`privileged: false`",
		tell: ({ file, dropGpus }) => ({
			what: "`container.privileged` is `true`, so every job can do anything on the runner's machine.",
			fix: {
				text: `Turn it off. Building images needs only the Docker socket, and GPUs need only \`--gpus\` in \`container.options\`${dropGpus === undefined ? "" : ` (runners ${dropGpus} drop that option, so upgrade them first)`}.`,
				config: configLines(file, "container:\n  privileged: false"),
				kind: "runner",
				otherwise: {
					text: "If jobs need it (Docker in Docker), reserve this runner for trusted repositories, and accept the finding in the policy with a reason and an end date.",
					kind: "workflow",
				},
			},
		}),
	}),
};
