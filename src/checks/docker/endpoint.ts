import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerEndpointProbe, type EndpointFacts, type TlsFile } from "../../probes/docker-endpoint.ts";
import { dockerEngineProbe, type EngineFacts } from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { causeOf } from "../network/connection.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding, skipped } from "../words.ts";
import { intro, origin, words } from "./endpoint-words.ts";
import { isKeptBack } from "./kept-back.ts";
import { type Situation, situationOf, wantsDocker } from "./situation.ts";

type Reason = keyof typeof words;

export const dockerEndpoint = defineCheck({
	id: "docker/endpoint",
	title: "The Docker CLI uses a valid and safe address",
	intro,
	reasons: words,
	needs: { endpoint: dockerEndpointProbe, engine: dockerEngineProbe, container: containerProbe, job: jobProbe },
	applies: wantsDocker,
	judge({ endpoint: facts, engine, container, job }, { docker }): Verdict<Reason> {
		const { endpoint, address } = facts;
		const answers = engine.version.kind === "ok";
		const situation = situationOf(container, job);
		const evidence = evidenceOf(facts);
		switch (endpoint.kind) {
			case "invalid":
				return finding(words, "invalid-host", { facts, invalid: endpoint, situation }, { observed: address, evidence });
			case "ssh":
				return skipped(words, "ssh-unsupported", { facts });
			case "unix": {
				const missing = (endpoint.files ?? []).filter(({ role, state }) => role === "ca" && state !== "present");
				if (missing.length > 0) return filesMissing(facts, missing, situation);
				return { kind: "pass", message: `${code(address)} (${origin(facts)})`, evidence };
			}
			case "tcp": {
				const { host, tls, files = [] } = endpoint;
				const harmless = tls === "none" ? whyHarmless(engine, docker) : undefined;
				if (harmless !== undefined) {
					const message = `${code(address)} is reached without TLS, but ${harmless}: see \`docker/daemon\`.`;
					return { kind: "skip", reason: "not-applicable", message };
				}
				if (tls === "none" && !isLoopback(host)) {
					const unset = { source: "environment", text: "DOCKER_TLS_VERIFY and DOCKER_TLS are not set" };
					return finding(
						words,
						"tcp-without-tls",
						{ facts, host, situation },
						{ observed: `${address} without TLS`, evidence: [...evidence, unset] },
					);
				}
				if (facts.source === "default" && !answers) {
					const seen = { facts, invalid: undefined, situation };
					return finding(words, "invalid-host", seen, { observed: address, evidence });
				}
				const missing = files.filter(({ state }) => state !== "present");
				// The CLI needs the authority's file. A server that wants no client certificate is rare, but an answer proves it.
				if (missing.some(({ role }) => role === "ca") || (missing.length > 0 && !answers)) {
					return filesMissing(facts, missing, situation);
				}
				if (!tls) return nothingSeen("docker/endpoint", "whether TLS is used");
				const how = tls === "none" ? "without TLS, but on this machine only" : "with TLS";
				return { kind: "pass", message: `${code(address)}, ${how} (${origin(facts)})`, evidence };
			}
		}
	},
});

/** Why the missing TLS is not what a job suffers from; `undefined`: it is. */
function whyHarmless(engine: EngineFacts, docker: Policy["docker"]): string | undefined {
	const { version } = engine;
	if (version.kind === "failed") {
		const cause = causeOf(version);
		if (cause === "unresolvable") return "no machine has this name";
		// A daemon that refuses may wait at the port for TLS.
		if (["EHOSTUNREACH", "ENETUNREACH"].includes(version.code)) return "no way leads there";
	}
	return isKeptBack(engine, docker) ? "what answers there lets jobs do nothing" : undefined;
}

/** `127.0.0.1`, `localhost`, `::1`: no traffic leaves the machine. */
function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function filesMissing(facts: EndpointFacts, missing: readonly TlsFile[], situation: Situation): Verdict<Reason> {
	return finding(
		words,
		"tls-files-missing",
		{ facts, missing, situation },
		{
			observed: missing.map(({ role, state }) => `${role}.pem ${state}`).join(", "),
			evidence: [...evidenceOf(facts), ...missing.map(({ path, state }) => ({ source: path, text: state }))],
		},
	);
}

function evidenceOf({ address, written, source, context, config }: EndpointFacts): Proof {
	const from = {
		DOCKER_HOST: "environment, DOCKER_HOST",
		DOCKER_CONTEXT: `environment, DOCKER_CONTEXT=${context}`,
		config: `${config.path}, currentContext ${context}`,
		default: "Docker's default",
	}[source];
	const ignored =
		config.state === "unreadable" || config.state === "invalid"
			? [{ source: config.path, text: `${config.state}: the CLI warns and continues without it` }]
			: [];
	const text = written === undefined ? address : `${written}, read as ${address}`;
	return [{ source: from, text }, ...ignored];
}
