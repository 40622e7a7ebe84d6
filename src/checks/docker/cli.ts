import { containerProbe } from "../../probes/container.ts";
import { dockerCliProbe, dockerToolProbe } from "../../probes/docker-cli.ts";
import { jobProbe } from "../../probes/job.ts";
import { osProbe } from "../../probes/os.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { isExhausted } from "../find-out.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { waitsOnPathFor } from "../toolchain/leaders.ts";
import { pathOf } from "../toolchain/paths.ts";
import { notRun, sameCause } from "../toolchain/tool-words.ts";
import { finding, undecided } from "../words.ts";
import { intro, podman, resultOf, unknowns, words } from "./cli-words.ts";
import type { CliPlace } from "./install-cli.ts";
import { serviceOfJob, wantsDocker } from "./situation.ts";

export const dockerCli = defineCheck({
	id: "docker/cli",
	title: "The Docker CLI is installed and starts",
	intro,
	reasons: words,
	needs: { tool: dockerToolProbe, cli: dockerCliProbe, container: containerProbe, job: jobProbe, os: osProbe },
	applies: wantsDocker,
	judge({ tool, cli, container, job, os }, policy): Verdict<keyof typeof words> {
		const place: CliPlace = { inContainer: container.mode === "container", os: os.name };
		const evidence = evidenceOf(tool);
		const { run } = tool;
		if (run.kind === "untrusted") return { kind: "skip", reason: "untrusted", message: notRun("docker", run) };
		if (run.kind === "search-timed-out") {
			const { directory } = run;
			return undecided(unknowns, "search", { directory, errno: "ETIMEDOUT" }, { observed: "no answer", evidence });
		}
		if (run.kind !== "ran") {
			const unread = tool.unusable.find(({ kind }) => kind === "unreadable");
			if (unread) {
				const { path: directory, code: errno = "" } = unread;
				return undecided(unknowns, "search", { directory, errno }, { observed: errno, evidence });
			}
			const [unusable] = tool.unusable;
			const [elsewhere] = tool.elsewhere;
			if (unusable) return finding(words, "broken", { tool, place }, { observed: unusable.kind, evidence });
			if (elsewhere) {
				const first = waitsOnPathFor("docker", tool, policy);
				if (first !== undefined) {
					return { kind: "skip", reason: `needs:tool/${first}`, message: sameCause("docker", first) };
				}
				return finding(words, "off-path", { tool, service: serviceOfJob(job) }, { observed: elsewhere, evidence });
			}
			if (policy.docker.require === "optional") {
				return { kind: "skip", reason: "absent", message: "`docker` is not on the PATH." };
			}
			return finding(words, "missing", { place }, { observed: "none", evidence });
		}
		const { outcome } = run;
		if (outcome.kind === "timed-out") {
			const { ms } = outcome;
			return undecided(
				unknowns,
				"no-answer",
				{ ms },
				{ observed: `no answer within ${Math.round(ms / 100) / 10} s`, evidence },
			);
		}
		if (outcome.kind === "not-started" && isExhausted(outcome.code)) {
			const { code: errno } = outcome;
			return undecided(unknowns, "not-started", { errno }, { observed: errno, evidence });
		}
		if (outcome.kind !== "exited" || outcome.code !== 0) {
			return finding(words, "broken", { tool, place, outcome }, { observed: resultOf(outcome), evidence });
		}
		const { product, version } = cli;
		if (product === "other" && version === undefined) {
			return finding(words, "broken", { tool, place, outcome }, { observed: "no version", evidence });
		}
		if (product === "podman") {
			const path = tool.found?.path ?? "docker";
			return finding(words, "podman-shim", { path, version, place }, { observed: podman(version), evidence });
		}
		if (product !== "docker" && product !== "other") return nothingSeen("docker/cli", "the product");
		return { kind: "pass", message: `docker ${version ?? "(a build without a version number)"}`, evidence };
	},
});

function evidenceOf(tool: ToolFacts): Proof {
	return [
		answerOf(tool),
		...tool.unusable.map(({ path, kind, code }) => ({ source: path, text: code ?? kind })),
		...tool.elsewhere.map((path) => ({ source: path, text: "an executable, not on the PATH" })),
	];
}

function answerOf(tool: ToolFacts): Evidence {
	const { found, run } = tool;
	if (run.kind !== "ran") return { source: "PATH", text: pathOf(tool) };
	const { stdout, stderr } = run.outcome;
	const said = [stdout.trim(), stderr.trim()].filter((part) => part !== "").join("\n");
	const text = said === "" ? "no output" : said.slice(0, 1000);
	return { source: `${found?.path ?? "docker"} --version`, text: `${resultOf(run.outcome)}: ${text}` };
}
