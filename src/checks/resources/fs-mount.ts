import type { AskedMount } from "../../host/host.ts";
import { type MountsFacts, mountsProbe } from "../../probes/mounts.ts";
import { defineCheck, type Evidence, isProof, type Verdict } from "../check.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code, listed as listedNames } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { intro, unknowns, words } from "./fs-mount-words.ts";

export const fsMount = defineCheck({
	id: "fs/mount",
	title: "Every mount on the paths of this run answers",
	intro,
	reasons: words,
	needs: { mounts: mountsProbe },
	judge({ mounts }: { mounts: MountsFacts }): Verdict<keyof typeof words> {
		const evidence = mounts.asked.map(evidenceOf);
		const [mount, ...others] = mounts.asked.filter(({ state }) => state === "not-answering");
		if (mount) return finding(words, "not-answering", { mount, others }, { observed: "no answer", evidence });
		const unasked = mounts.asked.filter(({ state }) => state === "unasked");
		if (unasked.length > 0) {
			return undecided(unknowns, "unasked", { mounts: unasked }, { observed: "not asked", evidence });
		}
		if (!isProof(evidence)) {
			const { listed } = mounts;
			if (listed === undefined) {
				return { kind: "skip", reason: "not-applicable", message: "Only Linux lists its mounts with their types." };
			}
			if (!(listed > 0)) return nothingSeen("fs/mount", "/proc/self/mountinfo");
			const message = "No mount on the paths of this run is of a type that waits for a server";
			const text = `${listed} ${listed === 1 ? "mount" : "mounts"}, none of such a type on these paths`;
			return { kind: "pass", message, evidence: [{ source: "/proc/self/mountinfo", text }] };
		}
		const names = listedNames(mounts.asked.map(({ target }) => code(target)));
		return { kind: "pass", message: `${names} ${mounts.asked.length === 1 ? "answers" : "answer"}`, evidence };
	},
});

function evidenceOf({ target, fsType, source, state, ms, wanted }: AskedMount): Evidence {
	return { source: `${target} (${fsType}, ${source})`, text: textOf(state, ms, wanted) };
}

function textOf(state: AskedMount["state"], ms: number, wanted: readonly string[]): string {
	switch (state) {
		case "answers":
			return `answered after ${ms} ms`;
		case "in-use":
			return "this program was just loaded from it";
		case "unasked":
			return "not asked: no process could be started";
		case "not-answering":
			return `no answer within ${ms} ms; wanted: ${wanted.join(", ")}`;
	}
}
