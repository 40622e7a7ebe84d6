import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { isHealthCheck, jobProbe } from "../../probes/job.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { notInHealthCheck } from "../health-check.ts";
import { finding, undecided } from "../words.ts";
import { placeUnknown } from "./mode.ts";
import { intro, unknowns, words } from "./privileged-words.ts";

/** The number of CAP_SYS_ADMIN, which opens nearly everything else. */
const sysAdmin = 21;
/** Linux has 38 capabilities, 41 since 5.9; Docker grants 14. A container with this many got all of them, or all but a few. */
const nearlyAll = 35;

export const runnerPrivileged = defineCheck({
	id: "runner/privileged",
	title: "The job container is not privileged",
	intro,
	reasons: words,
	needs: { container: containerProbe, job: jobProbe },
	applies: (policy) => policy.privileged === "forbidden",
	judge({ container, job }, policy): Verdict<keyof typeof words> {
		if (isHealthCheck(job)) return notInHealthCheck("no job container that could be privileged");
		if (container.mode === "host") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "The job runs on the host, not in a container.",
			};
		}
		if (container.mode === "unknown") return placeUnknown("runner/privileged", container, policy);
		const { boundingCapabilities, capabilities } = container;
		// An ordinary user has none, but a setuid program can get what is in the bounding set.
		const mask = boundingCapabilities ?? capabilities;
		if (mask === undefined) {
			const evidence = [{ source: "/proc/self/status", text: "neither CapBnd nor CapEff" }];
			return undecided(unknowns, "capabilities", {}, { observed: "no capabilities to read", evidence });
		}
		const count = countCapabilities(mask);
		const name = boundingCapabilities === undefined ? "CapEff" : "CapBnd";
		const evidence: Proof = [{ source: "/proc/self/status", text: `${name}: ${mask} (${count} capabilities)` }];
		if (!isPrivileged(container)) {
			return { kind: "pass", message: `${count} capabilities, like an ordinary container`, evidence };
		}
		const seen = { count, profile: policy.profile, situation: situationOf(container, job) };
		return finding(words, "privileged", seen, { observed: `${count} capabilities`, evidence });
	},
});

/** Does this container have all capabilities, or nearly all? False if they could not be read. */
export function isPrivileged({ boundingCapabilities, capabilities }: ContainerFacts): boolean {
	const mask = boundingCapabilities ?? capabilities;
	return mask !== undefined && hasCapability(mask, sysAdmin) && countCapabilities(mask) >= nearlyAll;
}

/** The masks are hexadecimal, and wider than the 32 bits of JavaScript's bit operators. */
function hasCapability(mask: string, bit: number): boolean {
	const digit = Number.parseInt(mask[mask.length - 1 - Math.floor(bit / 4)] ?? "0", 16);
	return ((digit >> (bit % 4)) & 1) === 1;
}

function countCapabilities(mask: string): number {
	let count = 0;
	for (let bit = 0; bit < mask.length * 4; bit++) if (hasCapability(mask, bit)) count++;
	return count;
}
