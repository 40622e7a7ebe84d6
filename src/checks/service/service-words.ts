import type { NoAnswer } from "../../probes/ask-url.ts";
import { isLoopback } from "../../probes/proxy.ts";
import type { Remedy } from "../check.ts";
import { addOption, recreateRunner, type Situation } from "../docker/situation.ts";
import { bypassProxy, causeOf, curl, describeFailure, hostIn } from "../network/connection.ts";
import { code, cut, listed, operand, shellQuote, yamlValue } from "../text.ts";
import { reason, unknown } from "../words.ts";

interface Service {
	readonly name: string;
	/** Its address, without user, password and query. */
	readonly url: string;
	/** Models that it should have. */
	readonly models: readonly string[];
	readonly situation: Situation;
}

interface NoConnection extends Service {
	readonly answer: Extract<NoAnswer, { kind: "failed" }>;
	readonly via: string | undefined;
}

interface HttpError extends Service {
	readonly status: number;
}

interface NoModelList extends Service {
	/** The profile that names the service. */
	readonly profile: string;
	/** The answer was too long to be read whole. */
	readonly isTruncated: boolean;
}

interface ModelMissing extends Service {
	readonly missing: readonly string[];
	/** Models that it has, with the name of a missing one and another tag. */
	readonly near: readonly string[];
}

export const intro =
	"The check sends one `GET`. Any status below 400 counts as an answer, and a redirect is not followed. A user and a password in the address are sent as such, and never shown. With `models`, the answer has to list them, like Ollama at `/api/tags` or a server with OpenAI's API at `/v1/models`. A model without a tag means `:latest`.";

const why = "Steps that need the service fail late, often as a test that times out.";

export const words = {
	refused: reason<NoConnection>({
		level: "fail",
		title: "The service cannot be reached",
		headline: ({ name }) => `The service ${code(cut(name, 28))} cannot be reached`,
		why,
		expected: expectedOf,
		tell: (seen) => ({ what: cannotBeReached(seen), fix: connect(seen) }),
	}),
	timeout: reason<Service>({
		level: "fail",
		title: "The service does not answer in time",
		headline: ({ name }) => `The service ${code(cut(name, 22))} does not answer in time`,
		why,
		expected: expectedOf,
		tell: (seen) => ({
			what: `${code(seen.name)} does not answer at ${code(seen.url)} within the deadline.`,
			fix: {
				text: `Check whether the service is busy, and whether a firewall drops packets.${isOllama(seen) ? " An Ollama that is loading a large model still answers this address immediately." : ""}`,
				commands: [curl(seen.url), ...logOf(seen)],
				kind: "host",
			},
		}),
		more: "The deadline is the input `timeout`.",
	}),
	"http-error": reason<HttpError>({
		level: "fail",
		title: "The service answers with an error",
		headline: ({ name, status }) => `The service ${code(cut(name, 22))} answers with status ${status}`,
		why,
		expected: expectedOf,
		tell: (seen) => ({
			what: `${code(seen.name)} answers ${code(seen.url)} with status ${seen.status}.`,
			fix: {
				text:
					seen.status === 401 || seen.status === 403
						? "Use an address in the policy that answers without a login, such as one for health checks: the service requires a login, or another one."
						: "Check the service's log, and whether the address in the policy is right.",
				commands: [curl(seen.url), ...logOf(seen)],
				kind: "host",
			},
		}),
	}),
	"unexpected-body": reason<NoModelList | NoConnection>({
		level: "fail",
		title: "The service's answer is not the expected one",
		headline: (seen) =>
			"answer" in seen
				? `The service ${code(cut(seen.name, 26))} does not speak HTTP`
				: `The service ${code(cut(seen.name, 28))} lists no models`,
		why,
		expected: expectedOf,
		tell: (seen) =>
			"answer" in seen
				? { what: cannotBeReached(seen), fix: correctAddress(seen) }
				: {
						what: `${code(seen.name)} answers at ${code(seen.url)}, but lists no models there${seen.isTruncated ? ": the answer is too long" : ""}.`,
						fix: nameModelList(seen),
					},
	}),
	"model-missing": reason<ModelMissing>({
		level: "fail",
		title: "The service lacks a model",
		headline: ({ name, missing }) =>
			missing.length === 1
				? `${code(cut(name, 18))} does not have ${code(cut(missing[0] ?? "", 22))}`
				: `${code(cut(name, 30))} lacks ${missing.length} models`,
		why: "Steps that use the model fail late, with an error of the service in the middle of a test.",
		expected: ({ models }) => listed(models),
		tell: (seen) => ({
			what: `${code(seen.name)} does not have ${listed(seen.missing.map(code))}${seen.near.length === 0 ? "" : `; it has ${listed(seen.near.map(code))}`}.`,
			fix: getModels(seen),
		}),
	}),
};

function expectedOf({ models }: Service): string {
	return models.length === 0 ? "an answer below status 400" : listed(models);
}

function cannotBeReached({ name, url, answer, via }: NoConnection): string {
	return `${code(name)} cannot be reached at ${code(url)}: ${describeFailure(answer, via)}.`;
}

function isOllama({ name, url }: Service): boolean {
	return /ollama/i.test(name) || /:11434(?:\/|$)|\/api\/tags$/.test(url);
}

function isLocal({ url }: Service): boolean {
	return isLoopback(hostIn(url));
}

/** Is `localhost` here the job's container, or the runner's own, instead of the machine? */
function isOtherLocalhost(seen: Service): boolean {
	const { inContainer, inRunnerContainer } = seen.situation;
	return (inContainer || inRunnerContainer) && isLocal(seen);
}

function originOf(url: string): string {
	return /^https?:\/\/[^/]+/.exec(url)?.[0] ?? url;
}

function logOf(seen: Service): readonly string[] {
	return isOllama(seen)
		? ["systemctl status ollama", "sudo journalctl -u ollama --since -1h --no-pager | tail -50"]
		: [];
}

/** Ollama has no login, so an address for all networks deserves a warning. */
function listensLocally(subject: string): string {
	return `${subject} listens only on its machine's \`127.0.0.1\` until \`OLLAMA_HOST=0.0.0.0\` is set for its service, which opens it to the whole network.`;
}

function connect(seen: NoConnection): Remedy {
	const { url, answer, situation } = seen;
	if (isOtherLocalhost(seen)) return reachHost(seen);
	switch (causeOf(answer)) {
		case "unresolvable":
			return {
				text: "Correct the name in the policy, or make it resolve here. A container's name is known only in its own Docker network.",
				commands: [`getent hosts ${operand(hostIn(url))}`],
				kind: "host",
			};
		case "untrusted":
		case "no-tls":
			return {
				text: "Correct `http` or `https` in the policy's address, or make the certificate's authority known to this machine.",
				commands: [curl(url)],
				kind: "host",
			};
		case "proxy":
			return avoidProxy(url, situation);
		case "no-route":
			return {
				text: "Check the address in the policy, and the network on the way to it: routes and firewalls. Nothing there accepts or refuses the connection.",
				commands: [curl(url)],
				kind: "host",
			};
		case "broken":
			return {
				text: "Check the service's log, and whether the address in the policy is right: something there accepts the connection and closes it.",
				commands: [curl(url), ...logOf(seen)],
				kind: "host",
			};
		default:
			return start(seen);
	}
}

function avoidProxy(url: string, situation: Situation): Remedy {
	const { text, commands = [], ...bypass } = bypassProxy("the service", hostIn(url), situation);
	const direct = `curl -sS -m 10 --noproxy '*' -i ${operand(url)} | head -20`;
	return {
		...bypass,
		text: `${text} A service in a private network needs no proxy; the first command asks it directly.`,
		commands: [direct, ...commands],
	};
}

/** The host's name in containers that were started with the option. The host itself does not know it. */
const hostName = "host.docker.internal";

function reachHost(seen: Service): Remedy {
	const port = /:\d+$/.exec(originOf(seen.url))?.[0] ?? "";
	const listen = isOllama(seen)
		? listensLocally("Ollama")
		: "The service must listen on more than the host's `127.0.0.1`.";
	const option = `--add-host=${hostName}:host-gateway`;
	const address = code(`http://${hostName}${port}`);
	if (seen.situation.inRunnerContainer) {
		const { text, ...recreate } = recreateRunner(option);
		return {
			...recreate,
			text: `${text} Then use ${address} in the policy and in the tests: here, \`localhost\` is the runner's container. ${listen}`,
		};
	}
	return {
		text: `Give the host a name in job containers, and use it in the policy and in the tests: ${address}. In a job container, \`localhost\` is the container itself. ${listen}`,
		...addOption(seen.situation, option),
	};
}

function start(seen: Service): Remedy {
	if (!isOllama(seen)) {
		return {
			text: "Start the service, or correct its address in the policy.",
			commands: ["ss -ltnp", curl(seen.url)],
			kind: "host",
		};
	}
	return {
		text: isLocal(seen)
			? "Start Ollama, now and at every boot."
			: `Start Ollama on its machine. ${listensLocally("It")}`,
		commands: ["sudo systemctl enable --now ollama", curl(seen.url)],
		kind: "host",
	};
}

function correctAddress(seen: NoConnection): Remedy {
	if (isOtherLocalhost(seen)) return reachHost(seen);
	return {
		text: "Correct the service's address in the policy: something else listens there.",
		commands: ["ss -ltnp", curl(seen.url)],
		kind: "host",
	};
}

function nameModelList(seen: NoModelList): Remedy {
	const { name, url, models, profile } = seen;
	const address = JSON.stringify(`${originOf(url)}${isOllama(seen) ? "/api/tags" : "/v1/models"}`);
	return {
		text: "Use the address that lists the models, here or in the input `services`: `/api/tags` of Ollama, `/v1/models` of a server with OpenAI's API. If it is that already, something else listens there.",
		config: {
			file: ".gitea/runner-check.yml",
			language: "yaml",
			text: `profiles:\n  ${yamlValue(profile)}:\n    services:\n      - { name: ${yamlValue(name)}, url: ${address}, models: [${models.map(yamlValue).join(", ")}] }`,
		},
		commands: [curl(url)],
		kind: "workflow",
	};
}

function getModels(seen: ModelMissing): Remedy {
	if (!isOllama(seen)) {
		return {
			text: "Let the service load the model, or correct its name in the policy.",
			commands: [curl(seen.url)],
			kind: "host",
		};
	}
	const address = originOf(seen.url).replace(`//${hostName}`, "//localhost");
	const isDefaultAddress = isLoopback(hostIn(address)) && address.endsWith(":11434");
	const where = isDefaultAddress ? "" : `OLLAMA_HOST=${shellQuote(address)} `;
	return {
		text: "Pull the model when you set up the runner, not in the job: there it costs every run its time, or its deadline.",
		commands: seen.missing.map((model) => `${where}ollama pull ${operand(model)}`),
		kind: "host",
	};
}

export const unknowns = {
	"invalid-address": unknown<{ readonly name: string }>({
		title: "The address of a service is not a URL",
		headline: ({ name }) => `The address of ${code(cut(name, 28))} is not a URL`,
		why: "The service is not asked. If it does not answer, the jobs that need it fail.",
		expected: "an address such as `http://ollama:11434`",
		tell: ({ name }) => ({
			what: `The address of ${code(name)} in the policy is not an http or https URL.`,
			fix: {
				text: `Correct the \`url\` of ${code(name)} in the policy: it begins with \`http://\` or \`https://\`, then comes the host.`,
				kind: "workflow",
			},
		}),
	}),
};

/** A service that a stranger's policy must not get a login for. */
export function withheld(name: string, status: number): string {
	return `${code(cut(name, 64))} answers ${status}. In a pull request from a fork, a service that only the workspace's policy names gets no login. To trust this workspace, set the input \`trust-policy: true\`.`;
}
