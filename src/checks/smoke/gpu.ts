import { containerProbe } from "../../probes/container.ts";
import { smokeStepsProbe } from "../../probes/smoke-steps.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { finding, skipped, undecided } from "../words.ts";
import { intro, unknowns, words } from "./gpu-words.ts";
import { details, leftBehind, notDone, ofSmoke, proofOf, stepEvidence } from "./part.ts";

/** Does CUDA find a GPU? Only a program that asks it shows that. */
export const smokeGpu = ofSmoke(
	"gpu",
	defineCheck({
		id: "smoke/gpu",
		title: "A CUDA program of a job finds a GPU",
		intro,
		reasons: words,
		needs: { smoke: smokeStepsProbe, container: containerProbe },
		after: ["gpu/driver", "gpu/visibility", "gpu/cuda"],
		applies: (policy) => policy.gpu.require !== "forbidden",
		judge({ smoke, container: { mode } }): Verdict<keyof typeof words> {
			const without = notDone("gpu", smoke);
			if (without) return without;
			const became = smoke.parts.gpu;
			if (became?.kind !== "done") {
				return became?.kind === "absent" && became.what === "GPU"
					? { kind: "skip", reason: "absent", message: "There is no device of an NVIDIA GPU." }
					: skipped(words, "no-compiler", {});
			}
			const [compiled, ran] = became.steps;
			const last = ran ?? compiled;
			if (!last) return skipped(words, "no-compiler", {});
			const { end, code, output } = last;
			const evidence = [stepEvidence(last), ...leftBehind(smoke)];
			const said = output.trim() || `exit code ${code ?? "unknown"}`;
			if (end === "hung") return finding(words, "timeout", {}, details("no end", evidence));
			if (ran?.end === "exited") {
				switch (code) {
					case 0:
						if (!/^\d+ devices/.test(said)) break;
						return { kind: "pass", message: `CUDA finds ${said}`, evidence: proofOf(became.steps, smoke) };
					case 3:
						return finding(words, "library-missing", { error: said, mode }, details(said, evidence));
					case 4: {
						const [, call = "cuInit", digits = "", error = ""] = /^(\w+): (\d+) ?(\S*)/m.exec(said) ?? [];
						const number = Number(digits);
						return number === 100
							? finding(words, "no-device", { mode }, details(said, evidence))
							: finding(words, "cuda-init-failed", { call, number, error, mode }, details(said, evidence));
					}
					case 5:
						return finding(words, "no-device", { mode }, details(said, evidence));
				}
			}
			const compiler = became.subject ?? "the compiler";
			return undecided(unknowns, "not-tried", { compiler, error: said }, details(said, evidence));
		},
	}),
);
