import { containerProbe } from "../../probes/container.ts";
import { smokeStepsProbe } from "../../probes/smoke-steps.ts";
import { defineCheck, type Evidence, type Verdict } from "../check.ts";
import { finding, undecided } from "../words.ts";
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
import { rustTroubleIn } from "./rust-trouble.ts";
import { intro, unknowns, words } from "./rust-words.ts";

/** Can a job build and run Rust? Only a build shows it. */
export const smokeRust = ofSmoke(
	"rust",
	defineCheck({
		id: "smoke/rust",
		title: "A job can build and run a Rust crate",
		intro,
		reasons: words,
		needs: { smoke: smokeStepsProbe, container: containerProbe },
		after: ["tool/cargo", "tool/rustc", "rust/build", "rust/consistency", "fs/writable", "disk/free", "disk/inodes"],
		judge({ smoke, container: { mode } }, policy): Verdict<keyof typeof words> {
			const without = notDone("rust", smoke);
			if (without) return without;
			const became = smoke.parts.rust;
			if (became?.kind !== "done") {
				return isNamed(policy)
					? undecided(unknowns, "no-cargo", { mode }, noProgram("cargo"))
					: { kind: "skip", reason: "absent", message: "`cargo` is not on the PATH." };
			}
			const leftOut: readonly Evidence[] = (became.leftOut ?? []).map((line) => ({
				source: "left out",
				text: line,
			}));
			const failed = failedStep(became);
			if (!failed) {
				const places = became.steps.map(
					({ sequence, ms }) => `${sequence.replace(/^rust /, "")} in ${ms ?? "some"} ms`,
				);
				const [first, ...rest] = proofOf(became.steps, smoke);
				return {
					kind: "pass",
					message: `a crate was built and run ${places.join(", ")}`,
					evidence: [first, ...rest, ...leftOut],
				};
			}
			const evidence = [stepEvidence(failed), ...leftOut, ...leftBehind(smoke)];
			const { end, output, sequence: place, command } = failed;
			if (end === "hung") return finding(words, "timeout", { place }, details("no end", evidence));
			const error = errorIn(output);
			if (end !== "exited") return undecided(unknowns, "not-run", { error }, details(error, evidence));
			const trouble = rustTroubleIn(output);
			const directory = /--target-dir (\S+?)\/\.runner-check-/.exec(command)?.[1] ?? "/tmp";
			const seen = { place, directory, trouble, error, mode };
			return finding(words, trouble.reason, seen, details(error, evidence));
		},
	}),
);

/** The first error with its causes: that is what cargo prints last, after its progress. */
function errorIn(output: string): string {
	const lines = output.split("\n").map((line) => line.trim());
	const at = lines.findIndex((line) => /^error(?:\[\w+\])?: /.test(line));
	const told = lines
		.slice(Math.max(0, at))
		.filter(
			(line) =>
				line !== "" &&
				!/^(?:= note: .{300}|= note: some arguments|note: To improve|For more information|Compiling |Finished |\|)/.test(
					line,
				),
		);
	return brief(told.slice(0, 6).join(" ")) || "nothing";
}
