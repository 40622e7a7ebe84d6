import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { defineCheck, type Remedy } from "../check.ts";
import { restartCommand } from "./labels.ts";

/** CAP_SYS_ADMIN, the key to nearly everything else. */
const sysAdmin = 21;
/** Linux has 38 capabilities, 41 since 5.9; Docker grants 14. A container with this many was given them all, or all but a few. */
const nearlyAll = 35;

export const runnerPrivileged = defineCheck({
	id: "runner/privileged",
	title: "The job container is not privileged",
	reasons: { privileged: { level: "fail", title: "the job container holds all capabilities of the host's root" } },
	needs: { container: containerProbe, job: jobProbe },
	applies: (policy) => policy.privileged === "forbidden",
	judge({ container, job }, policy) {
		if (container.mode === "host") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "The job runs on the host: there is no container to judge.",
			};
		}
		const { boundingCapabilities, capabilities } = container;
		// A plain user holds none, but a setuid program gets what the bounding set leaves: that is the container's power.
		const mask = boundingCapabilities ?? capabilities;
		if (mask === undefined) {
			return { kind: "undecided", message: "Could not read the capabilities of this process in `/proc/self/status`." };
		}
		if (container.mode === "unknown") {
			if (policy.runsIn !== "any") {
				return {
					kind: "skip",
					reason: "needs:runner/mode",
					message: "Cannot be judged before it is known whether this is a container.",
				};
			}
			return { kind: "undecided", message: "Could not find out whether this is a container or the host." };
		}
		const count = countCapabilities(mask);
		const name = boundingCapabilities === undefined ? "CapEff" : "CapBnd";
		const evidence = [{ source: "/proc/self/status", text: `${name}: ${mask} (${count} capabilities)` }];
		if (!isPrivileged(container)) {
			return { kind: "pass", message: `${count} capabilities, as of an ordinary container`, evidence };
		}
		return {
			kind: "finding",
			reason: "privileged",
			message: `The job container is privileged: it holds ${count} capabilities, \`CAP_SYS_ADMIN\` among them.`,
			why: "It is root on the runner's host in all but name: any job, and any dependency that it runs, can mount the host's disks and load kernel modules.",
			expected: "an unprivileged container",
			observed: `${count} capabilities`,
			evidence,
			remedy: remedyOf(job),
		};
	},
});

function remedyOf(job: JobFacts): Remedy {
	const otherwise = {
		text: "If jobs of this label cannot do without, say so in its profile: `privileged: allowed`.",
		kind: "workflow",
	} as const;
	switch (job.system) {
		case "gitea":
		case "forgejo":
			return {
				text: "Take it back in the runner's `config.yaml`, then restart the runner. Where a job needs one power only, grant that alone in `container.options`, such as `--cap-add` or `--device`.",
				config: { file: "config.yaml", language: "yaml", text: "container:\n  privileged: false" },
				commands: [restartCommand(job)],
				kind: "runner",
				otherwise,
			};
		case "act":
			return { text: "Start the run without `--privileged`.", kind: "runner", otherwise };
		case "github":
			return {
				text: "Take `--privileged` out of the job's `container.options`.",
				kind: "workflow",
				otherwise,
			};
		case "none":
			return { text: "Start the container without `--privileged` and `--cap-add ALL`.", kind: "host", otherwise };
	}
}

/** Was this container given all the power that there is? False where that could not be read. */
export function isPrivileged({ boundingCapabilities, capabilities }: ContainerFacts): boolean {
	const mask = boundingCapabilities ?? capabilities;
	return mask !== undefined && hasCapability(mask, sysAdmin) && countCapabilities(mask) >= nearlyAll;
}

/** Is bit `bit` of a hexadecimal mask set? The masks are wider than the 32 bits of JavaScript's operators. */
function hasCapability(mask: string, bit: number): boolean {
	const digit = Number.parseInt(mask[mask.length - 1 - Math.floor(bit / 4)] ?? "0", 16);
	return ((digit >> (bit % 4)) & 1) === 1;
}

function countCapabilities(mask: string): number {
	let count = 0;
	for (let bit = 0; bit < mask.length * 4; bit++) if (hasCapability(mask, bit)) count++;
	return count;
}
