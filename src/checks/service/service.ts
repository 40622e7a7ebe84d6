import type { ServiceExpectation } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { isLoopback } from "../../probes/proxy.ts";
import { type ServiceFacts, type ServiceReply, serviceProbe } from "../../probes/service.ts";
import {
	type Check,
	defineCheck,
	type Evidence,
	type Family,
	type Finding,
	type Remedy,
	type Verdict,
} from "../check.ts";
import { addOption, type Situation, situationOf } from "../docker/situation.ts";
import { causeOf, describeFailure, tellFailure } from "../network/connection.ts";
import { code, listed, shellQuote } from "../text.ts";

type Reason = "refused" | "timeout" | "http-error" | "unexpected-body" | "model-missing";

const reasons: Check<Reason>["reasons"] = {
	refused: { level: "fail", title: "The service cannot be reached" },
	timeout: { level: "fail", title: "The service does not answer in time" },
	"http-error": { level: "fail", title: "The service answers with an error" },
	"unexpected-body": { level: "fail", title: "The service answers something else" },
	"model-missing": { level: "fail", title: "The service lacks a model" },
};

/** One check for each service of the policy: it answers, and has its models. */
export const serviceFamily: Family = {
	id: "service/*",
	title: "The service answers, and has its models",
	reasons,
	expand: ({ services }) => services.map(checkOf),
};

function checkOf(service: ServiceExpectation): Check {
	const { name, url, models } = service;
	return defineCheck({
		id: `service/${name}`,
		title: models.length === 0 ? `${code(name)} answers` : `${code(name)} answers, and has ${listed(models.map(code))}`,
		reasons,
		needs: { service: serviceProbe(name, url), container: containerProbe, job: jobProbe },
		judge: ({ service: facts, container, job }) =>
			judgeService({ service, facts, situation: situationOf(container, job) }),
	});
}

interface Case {
	readonly service: ServiceExpectation;
	readonly facts: ServiceFacts;
	readonly situation: Situation;
}

function judgeService(seen: Case): Verdict<Reason> {
	const { service, facts } = seen;
	const { answer, url, via } = facts;
	switch (answer.kind) {
		case "no-url":
			return {
				kind: "undecided",
				message: `The address of ${code(service.name)} in the policy is no http or https URL.`,
			};
		case "other-proxy":
			return {
				kind: "skip",
				reason: "not-applicable",
				message: `A proxy applies to ${code(url)} that this check does not speak to: ${code(via ?? "?")}.`,
			};
		case "timed-out":
			return finding(seen, "timeout", {
				message: `${code(service.name)} gives no answer at ${code(url)} within the deadline.`,
				observed: tellFailure(answer),
				remedy: {
					text: `Look at what the service is busy with, and whether something on the way drops packets.${isOllama(seen) ? " An Ollama that loads a large model still answers this address at once." : ""}`,
					commands: [ask(url), ...serviceLog(seen)],
					kind: "host",
				},
			});
		case "failed": {
			const what = causeOf(answer) === "not-http" ? "unexpected-body" : "refused";
			return finding(seen, what, {
				message: `${code(service.name)} cannot be reached at ${code(url)}: ${describeFailure(answer, via)}.`,
				observed: tellFailure(answer),
				remedy: startIt(seen),
			});
		}
		case "answered":
			return judgeReply(seen, answer);
	}
}

function judgeReply(seen: Case, reply: ServiceReply): Verdict<Reason> {
	const { service, facts } = seen;
	const { url } = facts;
	if (reply.status >= 400) {
		return finding(seen, "http-error", {
			message: `${code(service.name)} answers ${code(url)} with status ${reply.status}.`,
			observed: `status ${reply.status}`,
			remedy: {
				text:
					reply.status === 401 || reply.status === 403
						? "The service wants a login, or another one. For a health check, name an address in the policy that answers without."
						: "Look at the service's log, and whether the address in the policy is right.",
				commands: [ask(url), ...serviceLog(seen)],
				kind: "host",
			},
		});
	}
	if (service.models.length > 0) return judgeModels(seen, reply);
	return {
		kind: "pass",
		message: `${code(service.name)} answers ${reply.status} in ${reply.ms} ms`,
		evidence: evidenceOf(seen),
	};
}

function judgeModels(seen: Case, reply: ServiceReply): Verdict<Reason> {
	const { service, facts } = seen;
	const { models } = reply;
	if (!models) {
		return finding(seen, "unexpected-body", {
			message: `${code(service.name)} answers at ${code(facts.url)}, but lists no models there${reply.truncated ? ": the answer is too long" : ""}.`,
			observed: reply.body === "" || reply.body === undefined ? "an empty answer" : reply.body,
			remedy: {
				text: "Name the address that lists the models: of Ollama that is `/api/tags`, of servers in OpenAI's manner `/v1/models`. If it is that already, something else listens there.",
				config: {
					file: ".gitea/runner-check.yml",
					language: "yaml",
					text: `services:\n  - { name: ${service.name}, url: "${originOf(facts.url)}/api/tags" }`,
				},
				commands: [ask(facts.url)],
				kind: "workflow",
			},
		});
	}
	const there = new Set(models.map(withTag));
	const missing = service.models.filter((model) => !there.has(withTag(model)));
	if (missing.length === 0) {
		return {
			kind: "pass",
			message: `${code(service.name)} has ${listed(service.models.map(code))}`,
			evidence: evidenceOf(seen),
		};
	}
	const near = models.filter((model) => missing.some((wanted) => nameOf(wanted) === nameOf(model)));
	return finding(seen, "model-missing", {
		message: `${code(service.name)} lacks ${listed(missing.map(code))}${near.length === 0 ? "" : `; it has ${listed(near.map(code))}`}.`,
		observed: models.length === 0 ? "no models" : models.slice(0, 20).join(", "),
		remedy: pull(seen, missing),
	});
}

/** Ollama takes a name without a tag for `:latest`, and does not look at capitals. */
function withTag(model: string): string {
	const name = model.toLowerCase();
	return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

function nameOf(model: string): string {
	return model.toLowerCase().replace(/:[^/]+$/, "");
}

function finding(
	seen: Case,
	reason: Reason,
	about: { readonly message: string; readonly observed: string; readonly remedy: Remedy },
): Finding<Reason> {
	const { models } = seen.service;
	return {
		kind: "finding",
		reason,
		why:
			reason === "model-missing"
				? "Steps that ask for the model fail late, with an error of the service in the middle of a test."
				: "Steps that need the service fail late, often as a test that times out.",
		expected: models.length === 0 ? "an answer below status 400" : listed(models),
		evidence: evidenceOf(seen),
		...about,
	};
}

function evidenceOf({ facts }: Case): readonly Evidence[] {
	const { answer, url, via } = facts;
	const text =
		answer.kind === "answered"
			? [`status ${answer.status}`, answer.models ? `${answer.models.length} models` : answer.body]
					.filter(Boolean)
					.join(", ")
			: answer.kind === "no-url"
				? "not asked"
				: tellFailure(answer);
	return [{ source: `GET ${url}${via === undefined ? "" : ` through ${via}`}`, text }];
}

function isOllama({ service, facts }: Case): boolean {
	return /ollama/i.test(service.name) || /:11434(?:\/|$)|\/api\/tags$/.test(facts.url);
}

function isLocal({ facts }: Case): boolean {
	return isLoopback(hostOf(facts.url));
}

function hostOf(url: string): string {
	return (/^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url)?.[1] ?? "").replace(/^\[(.*)\]$/, "$1");
}

function originOf(url: string): string {
	return /^https?:\/\/[^/]+/.exec(url)?.[0] ?? url;
}

function ask(url: string): string {
	return `curl -sS -m 10 -i ${shellQuote(url)} | head -20`;
}

function serviceLog(seen: Case): readonly string[] {
	return isOllama(seen)
		? ["systemctl status ollama", "sudo journalctl -u ollama --since -1h --no-pager | tail -50"]
		: [];
}

function startIt(seen: Case): Remedy {
	const { facts, situation } = seen;
	const { answer } = facts;
	const cause = answer.kind === "failed" ? causeOf(answer) : "other";
	const host = hostOf(facts.url);
	if (situation.inContainer && isLocal(seen)) {
		const port = /:(\d+)$/.exec(originOf(facts.url))?.[1] ?? "";
		return {
			text: `In a job container, \`localhost\` is the container itself and not its host. Give the host a name there and use it in the policy and the tests: \`http://host.docker.internal${port === "" ? "" : `:${port}`}\`. ${isOllama(seen) ? "Ollama listens on the host's `127.0.0.1` only, until `OLLAMA_HOST=0.0.0.0` is set for it." : "The service has to listen on more than the host's `127.0.0.1`."}`,
			...addOption(situation, "--add-host=host.docker.internal:host-gateway"),
		};
	}
	switch (cause) {
		case "unresolvable":
			return {
				text: `Correct the name in the policy, or make it known here. The name of a container is known only in its own Docker network.`,
				commands: [`getent hosts ${shellQuote(host)}`],
				kind: "host",
			};
		case "untrusted":
		case "no-tls":
			return {
				text: "Correct `http` or `https` in the policy's address, or make the authority of the certificate known to this machine.",
				commands: [ask(facts.url)],
				kind: "host",
			};
		case "proxy":
			return {
				text: "A service of the own network needs no proxy: name it in `NO_PROXY`.",
				commands: [`curl -sS -m 10 --noproxy '*' -i ${shellQuote(facts.url)} | head -20`],
				kind: "runner",
			};
		default:
			return isOllama(seen)
				? {
						text: isLocal(seen)
							? "Start Ollama, and let it start with the machine."
							: "Start Ollama there. It listens on its own `127.0.0.1` only, until `OLLAMA_HOST=0.0.0.0` is set for it.",
						commands: ["sudo systemctl enable --now ollama", ask(facts.url)],
						kind: "host",
					}
				: {
						text: "Start the service, or correct its address in the policy.",
						commands: ["ss -ltnp", ask(facts.url)],
						kind: "host",
					};
	}
}

function pull(seen: Case, missing: readonly string[]): Remedy {
	if (!isOllama(seen)) {
		return {
			text: "Let the service load the model, or correct its name in the policy.",
			commands: [ask(seen.facts.url)],
			kind: "host",
		};
	}
	const { facts } = seen;
	const where =
		facts.url === "" || (isLocal(seen) && /:11434(?:\/|$)/.test(facts.url))
			? ""
			: `OLLAMA_HOST=${shellQuote(originOf(facts.url))} `;
	return {
		text: "Pull the model on the machine that Ollama runs on, as part of setting up the runner and not in the job.",
		commands: missing.map((model) => `${where}ollama pull ${shellQuote(model)}`),
		kind: "host",
	};
}
