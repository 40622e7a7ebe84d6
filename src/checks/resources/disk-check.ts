import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DisksFacts, disksProbe } from "../../probes/disks.ts";
import { spaceUsersProbe } from "../../probes/space-users.ts";
import { type Check, defineCheck, isProof, type Verdict } from "../check.ts";
import { demandOf } from "../demand.ts";
import { listed, upperFirst } from "../text.ts";
import { finding, undecidedOf } from "../words.ts";
import { evidenceOf, isLow, type Level, levelsOf, type Quantity, type UnreadableLevel } from "./disk-levels.ts";
import { type DiskWords, isInMemory, notMeasured } from "./disk-words.ts";
import { placeName } from "./places.ts";
import { fillersEvidence, fillersOf } from "./space-users.ts";

interface DiskCheck {
	readonly id: string;
	readonly title: string;
	readonly intro: string;
	readonly words: DiskWords;
	readonly quantity: Quantity;
	/** The check that already reports that this place cannot be read. */
	reportedBy?(level: UnreadableLevel, disks: DisksFacts, policy: Policy): string | undefined;
}

/** A check of all places of a policy with one result: the worst decides, and all are in the evidence. */
export function diskCheck({ id, title, intro, words, quantity, reportedBy }: DiskCheck): Check {
	return defineCheck({
		id,
		title,
		intro,
		reasons: words,
		needs: { disks: disksProbe, container: containerProbe },
		details: { of: ["low"], needs: { users: spaceUsersProbe } },
		applies: (policy: Policy) => policy.disk.some((entry) => entry[quantity.key] !== undefined),
		judge({ disks, container, users }, policy): Verdict<"low" | "unreadable"> {
			const levels = levelsOf(disks, policy, quantity);
			const evidence = evidenceOf(levels, quantity);
			const [worst, ...others] = levels.filter(isLow);
			if (worst) {
				const keys = [`disk.${worst.name}.${quantity.key}`, `disk.${worst.name}`, "disk"];
				const demand = demandOf(policy, quantity.format(worst.floor), ...keys);
				const unread = levels.flatMap(({ state, name }) => (state === "unreadable" ? [name] : []));
				const by = quantity.key === "free" ? "bytes" : "files";
				const fillers = isInMemory(worst) ? undefined : fillersOf(users, worst.place.totalBytes, by);
				const low = {
					level: worst,
					others: others.map(({ name }) => name),
					unread,
					demand,
					mode: container.mode,
					fillers,
				};
				const details = [...evidence, ...(fillers ? fillersEvidence(fillers, users) : [])];
				return finding(words, "low", low, { observed: quantity.format(worst.free), evidence: details });
			}
			const unreadable = levels.find((level) => level.state === "unreadable");
			if (unreadable) {
				const reporter = reportedBy?.(unreadable, disks, policy);
				if (reporter !== undefined) {
					return { kind: "skip", reason: `needs:${reporter}`, message: `Cannot be read, as \`${reporter}\` reports.` };
				}
				const observed = unreadable.place.code;
				return finding(words, "unreadable", { level: unreadable, profile: policy.profile }, { observed, evidence });
			}
			const dead = levels.filter((level) => level.state === "dead-mount");
			if (dead.length > 0) {
				const message = `Cannot be measured on a mount that does not answer: ${namesOf(dead)}.`;
				return { kind: "waits-for-mount", message };
			}
			const unknown = levels.filter((level) => level.state === "no-facts");
			if (unknown.length > 0) {
				const seen = { places: namesOf(unknown), quantity };
				return undecidedOf(notMeasured, seen, { observed: "not measured", evidence });
			}
			if (!isProof(evidence) || levels.every((level) => level.state === "not-visible")) {
				return { kind: "skip", reason: "not-applicable", message: `Not visible from here: ${namesOf(levels)}.` };
			}
			const message = upperFirst(levels.flatMap((level) => noteOf(level, quantity)).join("; "));
			return { kind: "pass", message, evidence };
		},
	});
}

function namesOf(levels: readonly Level[]): string {
	return listed(levels.map(({ name }) => placeName(name)));
}

function noteOf(level: Level, { format }: Quantity): readonly string[] {
	const name = placeName(level.name);
	switch (level.state) {
		case "enough":
			return [`${format(level.free)} free for ${name} (${format(level.floor)} asked for)`];
		case "uncounted":
			return [`${name} has no fixed number of inodes${level.place.mount ? ` (${level.place.mount.fsType})` : ""}`];
		case "not-visible":
			return [`${name} is not visible from here`];
		default:
			return [];
	}
}
