import { seriousWarnings } from "../../knowledge/docker-warnings.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { defineCheck, isProof, type Proof, type Verdict } from "../check.ts";
import { finding, undecided } from "../words.ts";
import { describeAnswer } from "./describe-engine.ts";
import { fitToEngine } from "./engine-service.ts";
import { wantsDocker } from "./situation.ts";
import { intro, unknowns, words } from "./warnings-words.ts";

export const dockerWarnings = defineCheck({
	id: "docker/warnings",
	title: "The Docker daemon reports no serious warning",
	intro,
	reasons: words,
	needs: { engine: dockerEngineProbe },
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine }): Verdict<keyof typeof words> {
		const { version, info } = engine;
		if (version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers." };
		}
		if (info.kind === "http-error" && [401, 403].includes(info.status)) {
			const message = "A proxy in front of the Docker daemon denies `/info`.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		if (info.kind !== "ok") {
			const observed = describeAnswer(info, () => "");
			const evidence = [{ source: `GET /info on ${engine.endpoint}`, text: observed }];
			return fitToEngine(undecided(unknowns, "no-info", {}, { observed, evidence }), engine);
		}
		const { warnings, dockerRootDir: rootDir } = info.value;
		const source = "GET /info, Warnings";
		const reported = warnings.map((text) => ({ source, text: firstLine(text) }));
		const evidence: Proof = isProof(reported) ? reported : [{ source, text: "none" }];
		const [first, ...rest] = seriousWarnings(warnings);
		if (!first) {
			const message = warnings.length === 0 ? "no warnings" : `${warnings.length} warnings, none that matters to jobs`;
			return { kind: "pass", message, evidence };
		}
		const text = firstLine(first.text);
		const others = rest.map((warning) => firstLine(warning.text));
		const seen = { kind: first.kind, text, others, rootDir };
		return fitToEngine(finding(words, "daemon-warnings", seen, { observed: text, evidence }), engine);
	},
});

/** `WARNING: API is accessible on http://0.0.0.0:2375 without encryption.`, without the first word and the period. */
function firstLine(text: string): string {
	const line = text.split("\n")[0] ?? "";
	return line.replace(/^(?:WARNING|\[DEPRECATION NOTICE\]|DEPRECATED):\s*/i, "").replace(/\.\s*$/, "");
}
