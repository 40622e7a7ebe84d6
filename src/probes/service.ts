import { now, since } from "../clock.ts";
import type { Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { askUrl, type NoAnswer, shownUrl, systemAuthorities } from "./ask-url.ts";
import { bounded, objectOf } from "./docker-endpoint.ts";
import type { Ask, Probe } from "./probe.ts";
import { loginOf, urlOf } from "./proxy.ts";
import { withholdsLogins } from "./withheld.ts";

/** How a service answered. */
export interface ServiceFacts {
	/** A stranger's policy names it, so it got no login, and its answer is not shown. */
	readonly withheld?: true;
	/** Without user, password and query. */
	readonly url: string;
	readonly answer: NoAnswer | ServiceReply | { readonly kind: "no-url" };
	readonly via?: string;
}

export interface ServiceReply {
	readonly kind: "answered";
	readonly status: number;
	/** Names of the models that it lists, at most a thousand; absent if the answer has no such list. */
	readonly models?: readonly string[];
	/** The beginning of an answer without a list of models. */
	readonly body?: string;
	/** The answer was too long to be read whole. */
	readonly truncated?: boolean;
	readonly ms: number;
}

/** A list of a thousand models has about half a megabyte. */
const maxBody = 4 * 1024 * 1024;

/** One `GET` of the service's address, without following redirects. A user and a password in the address are sent as such. */
export function serviceProbe(name: string, address: string): Probe<ServiceFacts> {
	return {
		name: `service:${name}`,
		async collect(host: Host, request, signal: AbortSignal, ask: Ask): Promise<ServiceFacts> {
			const url = urlOf(address);
			if (!url) return { url: "", answer: { kind: "no-url" } };
			const withheld = await withholdsLogins("services", request, ask);
			const authorization = withheld ? undefined : loginOf(url);
			const started = now();
			const {
				via,
				trustedBy: _by,
				untrusted: _code,
				...answer
			} = await askUrl(host, url, {
				headers: { accept: "application/json, */*", ...(authorization !== undefined && { authorization }) },
				authorities: systemAuthorities(host),
				maxBody,
				signal,
			});
			return {
				...(withheld && { withheld }),
				url: shownUrl(url),
				...(via !== undefined && { via }),
				answer:
					answer.kind === "answered"
						? {
								...replyOf(answer.status, withheld ? withoutText(answer.body) : answer.body, answer.truncated),
								ms: since(started),
							}
						: answer,
			};
		},
	};
}

/** Only a list of models: whatever else an address in this network answers is not for a stranger. */
function withoutText(body: string): string {
	return modelsOf(body) ? body : "";
}

function replyOf(status: number, body: string, truncated: boolean): Omit<ServiceReply, "ms"> {
	const models = modelsOf(body);
	return {
		kind: "answered",
		status,
		...(models ? { models } : { body: bounded(body.trim(), 300) }),
		...(truncated && { truncated }),
	};
}

/** Ollama's `/api/tags` (`models[].name`), or the list of a server with OpenAI's API (`data[].id`). */
function modelsOf(body: string): readonly string[] | undefined {
	const reply = objectOf(jsonOf(body));
	const list = [reply?.models, reply?.data].find(Array.isArray) as readonly unknown[] | undefined;
	return list
		?.map((entry) => objectOf(entry)?.name ?? objectOf(entry)?.id)
		.filter((name): name is string => typeof name === "string")
		.slice(0, 1000)
		.map((name) => bounded(name, 200));
}
