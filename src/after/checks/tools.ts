import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import { containerProbe } from "../../probes/container.ts";
import { atStart, ifLooked, only } from "../facts.ts";
import { intro, words } from "./tools-words.ts";
import { notSeenBefore } from "./unseen.ts";

/** Tool -> its version and the program that a job would start. */
export type ToolVersions = Readonly<Record<string, { readonly version: string; readonly path: string }>>;
export const toolVersions = only<ToolVersions>("tool-versions");

export const afterTools: Check = defineCheck({
	id: "after/tools",
	title: "The tools have the versions of the start",
	intro,
	reasons: words,
	needs: { before: atStart(toolVersions), now: ifLooked(toolVersions), container: containerProbe },
	judge({ before, now, container }): Verdict<"changed"> {
		const both = Object.entries(before ?? {}).flatMap(([name, was]) => {
			const is = now?.[name];
			return is ? [{ name, was, is }] : [];
		});
		if (both.length === 0) return notSeenBefore("versions of tools");
		const evidence = both.map(
			({ name, was, is }): Evidence => ({
				source: `${name} --version`,
				text:
					was.version === is.version
						? `${is.version}, as at the start`
						: `${was.version} at the start, ${is.version} now`,
			}),
		);
		const changed = both.filter(({ was, is }) => was.version !== is.version);
		const [first] = changed;
		if (!first)
			return isProof(evidence)
				? { kind: "pass", message: "The tools are as they were", evidence }
				: notSeenBefore("versions of tools");
		// A container is the job's own, and so is a directory that the job put in front of PATH.
		const isOwn = container.mode === "container" || changed.every(({ was, is }) => was.path !== is.path);
		const observed = `${first.name} ${first.is.version}`;
		return finding(
			words,
			"changed",
			{ ...first, isOwn },
			{
				observed,
				evidence: evidence.filter(({ text }) => text.includes("now")),
				...(isOwn && { by: "job" }),
			},
		);
	},
});
