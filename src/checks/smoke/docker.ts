import { containerProbe } from "../../probes/container.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { smokeStepsProbe } from "../../probes/smoke-steps.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { wantsDocker } from "../docker/situation.ts";
import { finding, skipped, undecided } from "../words.ts";
import { intro, unknowns, words } from "./docker-words.ts";
import { details, isNamed, leftBehind, noProgram, notDone, ofSmoke, proofOf, stepEvidence } from "./part.ts";

/** Does `docker run` work, as jobs use it? Only a container that was started shows it. */
export const smokeDocker = ofSmoke(
	"docker",
	defineCheck({
		id: "smoke/docker",
		title: "A job can start a container",
		intro,
		reasons: words,
		needs: { smoke: smokeStepsProbe, engine: dockerEngineProbe, container: containerProbe },
		after: ["docker/cli", "docker/daemon", "docker/api-version"],
		applies: wantsDocker,
		judge({ smoke, engine, container }, policy): Verdict<keyof typeof words> {
			const became = smoke.parts?.docker;
			if (became?.kind === "not-done" && engine.version?.kind !== "ok" && !isNamed(policy)) {
				return { kind: "skip", reason: "absent", message: "No Docker daemon answers." };
			}
			const without = notDone("docker", smoke);
			if (without) return without;
			if (became?.kind === "absent") {
				if (became.what === "image") return skipped(words, "no-image", {});
				if (!isNamed(policy)) return { kind: "skip", reason: "absent", message: "`docker` is not on the PATH." };
				return undecided(unknowns, "no-cli", { mode: container.mode }, noProgram("docker"));
			}
			if (became?.kind === "forbidden") {
				const { message } = became;
				const evidence = [{ source: "GET /images/json", text: message }];
				return finding(words, "forbidden", { answer: message }, details(message, evidence));
			}
			const [step] = became?.kind === "done" ? became.steps : [];
			const image = became?.kind === "done" ? (became.subject ?? "") : "";
			if (!step) return undecided(unknowns, "not-run", { error: "nothing" }, details("nothing", []));
			const evidence = [stepEvidence(step), ...leftBehind(smoke)];
			const error = errorIn(step.output);
			if (step.end === "hung") return finding(words, "timeout", { image }, details("no end", evidence));
			if (step.end !== "exited" || step.code === undefined)
				return undecided(unknowns, "not-run", { error }, details(error, evidence));
			if (step.code === 0) {
				return {
					kind: "pass",
					message: `a container started in ${step.ms ?? "some"} ms`,
					evidence: proofOf([step], smoke),
				};
			}
			if (lacksProgram(error)) {
				const message = "a container was made; its image has no `true` to run";
				return { kind: "pass", message, evidence: [{ source: step.sequence, text: error }] };
			}
			const reason = isDenied(error) ? "forbidden" : "cannot-start";
			return reason === "forbidden"
				? finding(words, reason, { answer: error }, details(error, evidence))
				: finding(words, reason, { image, error }, details(error, evidence));
		},
	}),
);

/** What the daemon said, without what the CLI adds. */
function errorIn(output: string): string {
	const text = output.replace(/\n*(?:See 'docker|Run 'docker|time=")[\s\S]*$/, "").trim();
	return text
		.slice(Math.max(0, text.search(/Error response from daemon: /)))
		.replace(/^Error response from daemon: /, "");
}

/** The runtime looked for the program in the container that it had made, or the kernel could not run it there. */
function lacksProgram(error: string): boolean {
	return (
		/exec(?:: |ve |\s+\S+: )[^\n]*(?:executable file not found|no such file or directory|exec format error)/i.test(
			error,
		) && /\btrue\b/.test(error)
	);
}

function isDenied(error: string): boolean {
	return /^(?:<html|forbidden|unauthorized|authorization denied|access denied|403)|authorization denied by plugin|\b403 forbidden\b|denied by (?:policy|proxy)/i.test(
		error,
	);
}
