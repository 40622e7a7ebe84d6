import type { Host, HttpOutcome } from "../../host/host.ts";
import { within } from "../../probes/deadline.ts";
import { forgeApi, forgeRequest, isPrivateWay, type TrustedApi } from "../../probes/forge-request.ts";
import { systemOf } from "../../probes/job.ts";
import { hostOf, proxyFor, urlOf } from "../../probes/proxy.ts";
import type { ForgeCache } from "./cache.ts";

/** Requests of one run. GitHub gives a job's token 1000 an hour and repository. */
const maxRequests = 900;
const requestMs = 30_000;
/** Bytes of one answer with data, and of a log. What is longer is cut, and said to be. */
const maxData = 4 * 1024 * 1024;
const maxLog = 8 * 1024 * 1024;

/** What a forge answered. `refused` has the status and the forge's own words. */
export type ForgeReply =
	| { readonly kind: "ok"; readonly status: number; readonly data: unknown }
	| { readonly kind: "refused"; readonly status: number; readonly why: string }
	/** No answer, or the limit of requests is reached: it makes no sense to go on asking. */
	| { readonly kind: "failed"; readonly why: string };

type LogReply =
	| { readonly kind: "ok"; readonly text: string; readonly isCut: boolean }
	| Exclude<ForgeReply, { readonly kind: "ok" }>;

/** The API of one repository. The token goes to the forge only. */
export interface ForgeClient {
	readonly system: "gitea" | "forgejo" | "github";
	/** `owner/name` */
	readonly repository: string;
	/** A path within the repository: `["actions", "runs"]`, with a query. */
	get(path: readonly string[], query?: Readonly<Record<string, string | number>>): Promise<ForgeReply>;
	/** The same with what an earlier run has kept: the forge sends only what has changed, where it gives ETags. */
	ask(
		cache: ForgeCache,
		path: readonly string[],
		query?: Readonly<Record<string, string | number>>,
	): Promise<ForgeReply>;
	send(method: "POST" | "PATCH" | "DELETE", path: readonly string[], body?: unknown): Promise<ForgeReply>;
	/** The log of a job. Follows one redirect, without the token: GitHub keeps logs elsewhere. */
	log(job: string): Promise<LogReply>;
	/** How many requests were made. */
	readonly requests: number;
}

/** Why there is no client, as a sentence. */
export type NoForge = { readonly why: string };

/** A client for the forge of this job. */
export function forgeClient(host: Host, token: string | undefined, signal: AbortSignal): ForgeClient | NoForge {
	const { env } = host;
	const repository = env.GITHUB_REPOSITORY ?? "";
	if (token === undefined) return { why: "The input `token` is empty, so the forge cannot be asked." };
	if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return { why: "GITHUB_REPOSITORY does not name a repository." };
	const forge = forgeApi(env);
	if (forge.kind === "none") return { why: "GITHUB_API_URL is not the address of a forge." };
	if (forge.kind === "refused")
		return {
			why:
				forge.why === "insecure"
					? "GITHUB_API_URL does not use TLS, so the token is not sent there."
					: "GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there.",
		};
	const system = systemOf(env);
	return new Client(
		host,
		forge.api,
		token,
		repository,
		system === "github" || system === "forgejo" ? system : "gitea",
		signal,
	);
}

class Client implements ForgeClient {
	requests = 0;
	readonly repository: string;
	readonly system: ForgeClient["system"];
	readonly #host: Host;
	readonly #api: TrustedApi;
	readonly #token: string;
	readonly #signal: AbortSignal;
	/** Set once: what follows would be refused as well. */
	#limited: string | undefined;

	constructor(
		host: Host,
		api: TrustedApi,
		token: string,
		repository: string,
		system: ForgeClient["system"],
		signal: AbortSignal,
	) {
		this.repository = repository;
		this.system = system;
		this.#host = host;
		this.#api = api;
		this.#token = token;
		this.#signal = signal;
	}

	async get(path: readonly string[], query: Readonly<Record<string, string | number>> = {}): Promise<ForgeReply> {
		return replyOf(await this.#ask("GET", this.#address(path, query)));
	}

	async ask(
		cache: ForgeCache,
		path: readonly string[],
		query: Readonly<Record<string, string | number>> = {},
	): Promise<ForgeReply> {
		const address = this.#address(path, query);
		const kept = cache.answer(address);
		const outcome = await this.#ask("GET", address, undefined, maxData, kept?.etag);
		if (kept && typeof outcome !== "string" && outcome.kind === "answered" && outcome.status === 304) {
			cache.keepAnswer(address, kept);
			return { kind: "ok", status: 304, data: kept.data };
		}
		const reply = replyOf(outcome);
		const etag = typeof outcome !== "string" && outcome.kind === "answered" ? outcome.headers.etag : undefined;
		if (reply.kind === "ok" && etag !== undefined && etag.length <= 200)
			cache.keepAnswer(address, { etag, data: reply.data });
		return reply;
	}

	async send(method: "POST" | "PATCH" | "DELETE", path: readonly string[], body?: unknown): Promise<ForgeReply> {
		return replyOf(await this.#ask(method, this.#path(path), body));
	}

	async log(job: string): Promise<LogReply> {
		const first = await this.#ask("GET", this.#path(["actions", "jobs", job, "logs"]), undefined, maxLog);
		if (typeof first !== "string" && first.kind === "answered" && first.status >= 300 && first.status < 400)
			return logOf(await this.#elsewhere(first.headers.location));
		return logOf(first);
	}

	#address(path: readonly string[], query: Readonly<Record<string, string | number>>): string {
		const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
		return `${this.#path(path)}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
	}

	#path(parts: readonly string[]): string {
		return `/${["repos", ...this.repository.split("/"), ...parts].map(encodeURIComponent).join("/")}`;
	}

	/** @returns the outcome, or why nothing was asked. */
	async #ask(
		method: "GET" | "POST" | "PATCH" | "DELETE",
		path: string,
		body?: unknown,
		maxBody = maxData,
		etag?: string,
	): Promise<HttpOutcome | string> {
		if (this.#limited !== undefined) return this.#limited;
		if (this.requests >= maxRequests) return `this run made ${maxRequests} requests, which is its limit`;
		this.requests++;
		const outcome = await within(requestMs, this.#signal, (signal) => {
			const request = forgeRequest(this.#api, path, this.#token, signal);
			const text = body === undefined ? undefined : JSON.stringify(body);
			const sized = text !== undefined && {
				"content-type": "application/json",
				"content-length": String(Buffer.byteLength(text)),
			};
			return this.#host.request({
				...request,
				...this.#proxied(this.#api),
				method,
				headers: { ...request.headers, ...sized, ...(etag !== undefined && { "if-none-match": etag }) },
				...(text !== undefined && { body: text }),
				maxBody,
			});
		});
		if (outcome.kind === "answered") this.#limited = limitIn(outcome);
		return outcome;
	}

	#proxied(url: URL): { readonly proxy?: NonNullable<ReturnType<typeof proxyFor>>["target"] & object } {
		const target = proxyFor(this.#host.env, url)?.target;
		return target ? { proxy: target } : {};
	}

	async #elsewhere(location: string | undefined): Promise<HttpOutcome | string> {
		const url = urlOf(location);
		if (!url || !isPrivateWay(url)) return "the forge sends logs to an address that is not used: it has no TLS";
		const isSecure = url.protocol === "https:";
		return within(requestMs, this.#signal, (signal) =>
			this.#host.request({
				to: {
					host: hostOf(url),
					port: Number(url.port) || (isSecure ? 443 : 80),
					...(isSecure && { tls: { verify: true } }),
				},
				...this.#proxied(url),
				path: `${url.pathname}${url.search}`,
				headers: { host: url.host, "user-agent": "runner-check" },
				signal,
				maxBody: maxLog,
			}),
		);
	}
}

/** Why nothing more may be asked. GitHub says so by a header with 403 or 429, others by 429. */
function limitIn({ status, headers }: Extract<HttpOutcome, { kind: "answered" }>): string | undefined {
	const isUsedUp = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
	if (status !== 429 && !(status === 403 && isUsedUp)) return undefined;
	const reset = Number(headers["x-ratelimit-reset"]);
	const until =
		Number.isSafeInteger(reset) && reset > 0 && reset < 1e10 ? ` until ${new Date(reset * 1000).toISOString()}` : "";
	return `the forge's rate limit is used up${until}`;
}

function failureOf(outcome: Exclude<HttpOutcome, { kind: "answered" }> | string): {
	readonly kind: "failed";
	readonly why: string;
} {
	if (typeof outcome === "string") return { kind: "failed", why: outcome };
	return {
		kind: "failed",
		why:
			outcome.kind === "timed-out"
				? "the forge did not answer in time"
				: `no connection to the forge (${outcome.code})`,
	};
}

function replyOf(outcome: HttpOutcome | string): ForgeReply {
	if (typeof outcome === "string" || outcome.kind !== "answered") return failureOf(outcome);
	const { status, body, truncated } = outcome;
	if (status < 200 || status > 299) return { kind: "refused", status, why: refusalIn(body, status) };
	if (truncated) return { kind: "refused", status, why: "the answer has more than 4 MiB" };
	if (body.trim() === "") return { kind: "ok", status, data: undefined };
	try {
		return { kind: "ok", status, data: JSON.parse(body) };
	} catch {
		return { kind: "refused", status, why: "the answer is not JSON" };
	}
}

function logOf(outcome: HttpOutcome | string): LogReply {
	if (typeof outcome === "string" || outcome.kind !== "answered") return failureOf(outcome);
	const { status, body, truncated } = outcome;
	if (status < 200 || status > 299) return { kind: "refused", status, why: refusalIn(body, status) };
	return { kind: "ok", text: body, isCut: truncated };
}

/** The forge's own words for its refusal. */
function refusalIn(body: string, status: number): string {
	try {
		const { message } = JSON.parse(body.slice(0, 10_000)) as { readonly message?: unknown };
		if (typeof message === "string" && message !== "") return `${status}: ${message.slice(0, 200)}`;
	} catch {}
	return `HTTP status ${status}`;
}
