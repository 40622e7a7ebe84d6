import { containerProbe } from "../../probes/container.ts";
import { type CacheServerFacts, cacheServerProbe } from "../../probes/forge-cache.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { configFile, restartRunner, type Situation, setVariables, situationOf } from "../docker/situation.ts";
import { causeOf, describeFailure, tellFailure } from "../network/connection.ts";
import { code } from "../text.ts";

type Reason = "unreachable" | "unauthorized";

export const runnerCacheServer = defineCheck({
	id: "runner/cache-server",
	title: "The runner's cache server can be reached from the job",
	reasons: {
		unreachable: { level: "warn", title: "The runner's cache server cannot be reached" },
		unauthorized: { level: "warn", title: "The runner's cache server refuses the job's token" },
	},
	needs: { cache: cacheServerProbe, container: containerProbe, job: jobProbe },
	judge({ cache, container, job }): Verdict<Reason> {
		const { answer, url = "" } = cache;
		const situation = situationOf(container, job);
		switch (answer.kind) {
			case "not-asked":
				return { kind: "skip", reason: "not-applicable", message: "This job is offered no cache server to ask." };
			case "other-proxy":
				return {
					kind: "skip",
					reason: "not-applicable",
					message: `A proxy applies to the cache server that this check does not speak to: ${code(cache.via ?? "?")}.`,
				};
			case "timed-out":
				return unreachable(cache, situation, `${code(url)} gives no answer within the deadline`);
			case "failed":
				return unreachable(cache, situation, `${code(url)} cannot be reached: ${describeFailure(answer, cache.via)}`);
			case "answered":
				break;
		}
		const { status } = answer;
		if (status >= 500) return unreachable(cache, situation, `${code(url)} answers with status ${status}`);
		if ((status === 401 || status === 403) && cache.hadToken) return unauthorized(cache, situation, status);
		const untried = status === 401 || status === 403 ? ", and wants a token that this step does not have" : "";
		return { kind: "pass", message: `${code(url)} answers${untried}`, evidence: evidenceOf(cache) };
	},
});

const why =
	"`actions/cache` and the setup actions go on without a cache, after waiting for it in every job: builds are slow, and no step fails for it.";

function evidenceOf({ url = "", via, answer }: CacheServerFacts): readonly Evidence[] {
	const source = `GET ${url}/…/_apis/artifactcache/cache${via === undefined ? "" : ` through ${via}`}`;
	switch (answer.kind) {
		case "not-asked":
			return [];
		case "answered":
			return [{ source, text: `${answer.status} ${answer.body}`.trim() }];
		default:
			return [{ source, text: tellFailure(answer) }];
	}
}

function unreachable(cache: CacheServerFacts, situation: Situation, message: string): Finding<Reason> {
	return {
		kind: "finding",
		reason: "unreachable",
		message: `The runner's cache server ${message}.`,
		why,
		expected: "a cache server that answers the job",
		observed: evidenceOf(cache)[0]?.text ?? "",
		evidence: evidenceOf(cache),
		remedy: mendConnection(cache, situation),
	};
}

function mendConnection({ answer, isLoopback, url = "" }: CacheServerFacts, situation: Situation): Remedy {
	const host = /^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url)?.[1] ?? "";
	if (answer.kind === "failed" && causeOf(answer) === "proxy") {
		return {
			text: "Let the cache server be reached without the proxy: add its address at the end of what `NO_PROXY` holds already, in both spellings.",
			...setVariables(situation, { NO_PROXY: host, no_proxy: host }),
			kind: "runner",
		};
	}
	const loopback = isLoopback && situation.inContainer ? " This address is the job container itself." : "";
	return {
		text: `The runner announces this address; it has to be one that leads from the job containers to the runner.${loopback} Where the runner itself runs in a container, fix its port and publish it (\`-p 8088:8088\`), and name the host's address.`,
		config: {
			file: configFile,
			language: "yaml",
			text: "cache:\n  host: 192.0.2.10   # of the host, as job containers reach it\n  port: 8088",
		},
		commands: restartRunner(situation),
		kind: "runner",
		otherwise: {
			text: "If no workflow needs a cache, switch it off: then nothing waits for it.",
			config: { file: configFile, language: "yaml", text: "cache:\n  enabled: false" },
			kind: "runner",
		},
	};
}

function unauthorized(cache: CacheServerFacts, situation: Situation, status: number): Finding<Reason> {
	return {
		kind: "finding",
		reason: "unauthorized",
		message: `The runner's cache server ${code(cache.url ?? "")} refuses the token of this job (status ${status}).`,
		why,
		expected: "an answer to the token that the runner gave this job",
		observed: evidenceOf(cache)[0]?.text ?? "",
		evidence: evidenceOf(cache),
		remedy: {
			text: "Runner and cache server have to share a secret. With a cache server of its own (`gitea-runner cache-server`), set the same `external_secret` for both, and restart both.",
			config: {
				file: configFile,
				language: "yaml",
				text: "cache:\n  external_server: http://192.0.2.10:8088/\n  external_secret: the same for both",
			},
			commands: restartRunner(situation),
			kind: "runner",
			otherwise: {
				text: "Without `external_server`, a restart of the runner gives its own cache server and the jobs a new common secret.",
				commands: restartRunner(situation),
				kind: "runner",
			},
		},
	};
}
