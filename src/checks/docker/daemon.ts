import { holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerEndpointProbe, type EndpointFacts } from "../../probes/docker-endpoint.ts";
import {
	type ApiRequest,
	dockerEngineProbe,
	type EngineFacts,
	type EngineVersion,
	isDenied,
	isPodman,
} from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Finding, type Proof, type Verdict } from "../check.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { intro, words } from "./daemon-words.ts";
import { describeAnswer, describeVersion } from "./describe-engine.ts";
import { whatIsKept } from "./kept-back.ts";
import { type Situation, situationOf, wantsDocker } from "./situation.ts";

type Reason = keyof typeof words;

interface Case {
	readonly engine: EngineFacts;
	readonly endpoint: EndpointFacts;
	readonly situation: Situation;
	readonly evidence: Proof;
}

export const dockerDaemon = defineCheck({
	id: "docker/daemon",
	title: "A Docker daemon answers",
	intro,
	reasons: words,
	needs: { engine: dockerEngineProbe, endpoint: dockerEndpointProbe, container: containerProbe, job: jobProbe },
	after: ["docker/endpoint", "docker/socket"],
	applies: wantsDocker,
	judge({ engine, endpoint, container, job }, policy): Verdict<Reason> {
		const seen: Case = { engine, endpoint, situation: situationOf(container, job), evidence: evidenceOf(engine) };
		const { version } = engine;
		switch (version.kind) {
			case "no-endpoint":
				return {
					kind: "skip",
					reason: "not-applicable",
					message: `This check cannot ask a daemon at ${code(engine.endpoint)}.`,
				};
			case "failed": {
				const { code: errno, message } = version;
				if (endpoint.endpoint.kind === "unix" && errno === "ENOENT" && policy.docker.require === "optional") {
					return { kind: "skip", reason: "absent", message: "Docker is not set up." };
				}
				// Half a megabyte without an end is not a version.
				if (errno === "EMSGSIZE") return notDocker(seen, message);
				// The queue of a unix socket is full: a daemon exists, but accepts nothing.
				if (errno === "EAGAIN") return noAnswer(seen);
				const { situation, evidence } = seen;
				const observed = `${errno}: ${message}`;
				return finding(words, "unreachable", { errno, endpoint, situation }, { observed, evidence });
			}
			case "timed-out":
				return noAnswer(seen);
			case "not-docker":
				return notDocker(seen, version.body);
			case "http-error":
				return httpError(seen, version, "/version");
			case "ok":
				return judgeVersion(seen, version.value, policy);
		}
	},
});

function judgeVersion(seen: Case, answer: EngineVersion, policy: Policy): Verdict<Reason> {
	const { engine, evidence } = seen;
	const { info, endpoint: address } = engine;
	const { version, apiVersion, minApiVersion } = answer;
	const fixedIn = fixedInOf(version);
	if (fixedIn !== undefined) {
		return finding(words, "known-bad", { version, fixedIn }, { observed: version, evidence });
	}
	// A proxy that denies /info works as configured. An engine that fails at it is broken, whatever its name is.
	if (info.kind === "http-error" && info.status >= 500) return httpError(seen, info, "/info");
	const forbidden = judgeRequests(seen, policy);
	if (forbidden) return forbidden;
	if (isPodman(answer)) {
		return finding(words, "podman", { address, version: answer }, { observed: `Podman ${version}`, evidence });
	}
	if (!version || !apiVersion) return nothingSeen("docker/daemon", "the version");
	const system = info.kind === "ok" && info.value.operatingSystem !== "" ? ` on ${info.value.operatingSystem}` : "";
	const rootless = info.kind === "ok" && info.value.securityOptions.some((option) => option.includes("rootless"));
	const minimum = minApiVersion === undefined ? "" : `, minimum ${minApiVersion}`;
	return {
		kind: "pass",
		message: `Docker ${version}${rootless ? " (rootless)" : ""}${system}, API ${apiVersion}${minimum}`,
		evidence,
	};
}

function judgeRequests({ engine, evidence }: Case, { docker }: Policy): Finding<"forbidden"> | undefined {
	const kept = whatIsKept(engine, docker);
	if (!kept) return undefined;
	const { first, denied, isUseless } = kept;
	const seen = { address: engine.endpoint, denied, isUseless, status: first.status, body: first.body };
	const level = isUseless && docker.require === "required" ? "fail" : "warn";
	return finding(words, "forbidden", seen, { observed: `${first.status} for ${first.request}`, evidence, level });
}

/** The first later release that sets up container jobs; `undefined`: this one does. */
function fixedInOf(version: string): string | undefined {
	const entry = runnerKnowledge("setup-job-broken");
	return entry.ranges.find((range) => holdsFor({ ...entry, ranges: [range] }, version) === "yes")?.before;
}

function noAnswer({ engine, endpoint, evidence }: Case): Verdict<Reason> {
	const seen = { address: engine.endpoint, endpoint: endpoint.endpoint };
	return finding(words, "timeout", seen, { observed: "none", evidence });
}

function notDocker({ engine, endpoint, evidence }: Case, body: string): Verdict<Reason> {
	const seen = { address: engine.endpoint, endpoint: endpoint.endpoint, body };
	return finding(words, "not-docker", seen, { observed: body.slice(0, 200), evidence });
}

function httpError(
	{ engine, endpoint, situation, evidence }: Case,
	{ status, body }: { readonly status: number; readonly body: string },
	path: string,
): Verdict<Reason> {
	const details = { observed: `${status} ${body.slice(0, 200)}`.trim(), evidence };
	const address = engine.endpoint;
	if (status === 401 || status === 403 || status === 407) {
		const denied = [{ request: `GET ${path}`, status }];
		return finding(words, "forbidden", { address, denied, isUseless: true, status, body }, details);
	}
	const wantsTls = status === 400 && /https server/i.test(body);
	return finding(
		words,
		"http-error",
		{ address, path, status, wantsTls, endpoint: endpoint.endpoint, situation },
		details,
	);
}

function evidenceOf({ version, info, endpoint, requests = [] }: EngineFacts): Proof {
	const first = { source: `GET /version on ${endpoint}`, text: describeVersion(version) };
	const told = describeAnswer(info, ({ operatingSystem, driver, dockerRootDir }) =>
		[operatingSystem, driver && `storage ${driver}`, dockerRootDir].filter(Boolean).join(", "),
	);
	// If both fail alike, once is enough.
	const more = told === first.text ? [] : [{ source: `GET /info on ${endpoint}`, text: told }];
	const asked = version.kind === "ok" ? requests.map((one) => tellRequest(one, endpoint)) : [];
	return [first, ...more, ...asked];
}

function tellRequest(answer: ApiRequest, endpoint: string): Evidence {
	const { request, status, body } = answer;
	const invalid =
		request.startsWith("POST") && status !== 404 && !isDenied(answer) ? "rejected as invalid, as it should be: " : "";
	return { source: `${request} on ${endpoint}`, text: `${invalid}${status} ${body.slice(0, 200)}`.trim() };
}
