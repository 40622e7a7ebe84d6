/** Tells other services about the fleet: a POST for each change, a ping at the end, metrics for a Pushgateway. */
import type { Host, HttpRequest } from "../host/host.ts";
import { within } from "../probes/deadline.ts";
import { hostOf, loginOf, proxyFor, urlOf } from "../probes/proxy.ts";

const requestMs = 10_000;
const tries = 2;

interface Message {
	readonly method: NonNullable<HttpRequest["method"]>;
	/** Appended to the path of the address. */
	readonly path?: string;
	readonly body?: string;
	readonly type?: string;
	/** The same whenever this is told again, so that the receiver can drop a repetition. */
	readonly key?: string;
}

/**
 * Sends a message to an address that an input names. The address is a secret: to know it is all that many services ask for.
 * @returns why it did not arrive, without the address.
 */
export async function sendTo(
	host: Host,
	address: string,
	message: Message,
	signal: AbortSignal,
): Promise<string | undefined> {
	const url = urlOf(address);
	if (!url) return "it is not an http or https address";
	let why = "";
	for (let attempt = 1; attempt <= tries && !signal.aborted; attempt++) {
		const outcome = await within(requestMs, signal, (limited) => host.request(requestTo(host, url, message, limited)));
		if (outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300) return undefined;
		if (outcome.kind === "answered") {
			why = `it answered with HTTP status ${outcome.status}`;
			// Asked the same again, it would say the same.
			if (outcome.status < 500 && outcome.status !== 429) return why;
		} else why = outcome.kind === "timed-out" ? "it did not answer in time" : `no connection (${outcome.code})`;
	}
	return why === "" ? "the run ended first" : why;
}

function requestTo(
	host: Host,
	url: URL,
	{ method, path = "", body, type, key }: Message,
	signal: AbortSignal,
): HttpRequest {
	const isSecure = url.protocol === "https:";
	const proxy = proxyFor(host.env, url)?.target;
	const login = loginOf(url);
	return {
		to: {
			host: hostOf(url),
			port: Number(url.port) || (isSecure ? 443 : 80),
			...(isSecure && { tls: { verify: true } }),
		},
		...(proxy && { proxy }),
		method,
		path: path === "" ? `${url.pathname}${url.search}` : `${url.pathname.replace(/\/+$/, "")}${path}${url.search}`,
		headers: {
			host: url.host,
			"user-agent": "runner-check",
			...(login !== undefined && { authorization: login }),
			...(body !== undefined && {
				"content-type": type ?? "application/json",
				"content-length": String(Buffer.byteLength(body)),
			}),
			...(key !== undefined && { "idempotency-key": key }),
		},
		...(body !== undefined && { body }),
		signal,
		maxBody: 4096,
	};
}
