import { containerProbe } from "../../probes/container.ts";
import { smokeProbe } from "../../probes/smoke.ts";
import { smokeStepsProbe } from "../../probes/smoke-steps.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { finding, undecided } from "../words.ts";
import { intro, unknowns, words } from "./git-words.ts";
import {
	brief,
	details,
	failedStep,
	isNamed,
	leftBehind,
	noProgram,
	notDone,
	ofSmoke,
	proofOf,
	stepEvidence,
} from "./part.ts";

/** Does git work in the workspace's file system? Only a repository in it shows that. */
export const smokeGit = ofSmoke(
	"git",
	defineCheck({
		id: "smoke/git",
		title: "A job can commit, clone and check out in its workspace",
		intro,
		reasons: words,
		needs: { smoke: smokeStepsProbe, place: smokeProbe, container: containerProbe },
		after: ["tool/git", "fs/writable", "disk/free", "disk/inodes"],
		judge({ smoke, place: { workspace }, container }, policy): Verdict<keyof typeof words> {
			const without = notDone("git", smoke);
			if (without) return without;
			const became = smoke.parts.git;
			if (became?.kind !== "done") {
				return isNamed(policy)
					? undecided(unknowns, "no-git", { mode: container.mode }, noProgram("git"))
					: { kind: "skip", reason: "absent", message: "`git` is not on the PATH." };
			}
			const failed = failedStep(became);
			if (!failed) {
				const ms = became.steps.reduce((sum, step) => sum + (step.ms ?? 0), 0);
				const message = `a repository was made, committed to, cloned and checked out in ${ms} ms`;
				return { kind: "pass", message, evidence: proofOf(became.steps, smoke) };
			}
			const evidence = [stepEvidence(failed), ...leftBehind(smoke)];
			const { end, output, code } = failed;
			const command = failed.command
				.replace(/-C \S+ /, "")
				.split(" ")
				.slice(0, 2)
				.join(" ");
			if (end === "hung") return finding(words, "timeout", { command, workspace }, details("no end", evidence));
			const error = brief(output.trim()) || `exit code ${code ?? "unknown"}`;
			return end === "exited"
				? finding(words, "failed", { command, error, workspace }, details(error, evidence))
				: undecided(unknowns, "not-run", { error }, details(error, evidence));
		},
	}),
);
