import { now, since } from "../clock.ts";
import type { Certificate, Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { askUrl, type NoAnswer, shownUrl, systemAuthorities, type UrlAnswer } from "./ask-url.ts";
import { within } from "./deadline.ts";
import { bounded, objectOf, withoutCredentials } from "./docker-endpoint.ts";
import { askGitAboutForge, doubtAboutGit, type GitTrust } from "./git-trust.ts";
import { jobProbe } from "./job.ts";
import type { Ask, Probe } from "./probe.ts";
import { hostOf, isLoopback, urlOf } from "./proxy.ts";

/** How this job's forge answers. */
export interface ForgeFacts {
	/** The forge as the runner names it, without credentials; absent if it names none (`https://` of `exec`). */
	readonly url?: string;
	readonly host?: string;
	/** The address means this machine, or this container. */
	readonly isLoopback?: boolean;
	/** `not-asked`: not a job of Gitea's or Forgejo's runner. */
	readonly answer: { readonly kind: "not-asked" } | NoAnswer | ForgeReply;
	/** What was asked. */
	readonly asked?: string;
	readonly via?: string;
	/** The file of authorities that trust the certificate, if Node's own do not. */
	readonly trustedBy?: string;
	/** Why Node does not trust the certificate, if `trustedBy` does. */
	readonly untrusted?: string;
	/** Only asked if git may have other authorities than Node. */
	readonly git?: GitTrust;
}

export interface ForgeReply {
	readonly kind: "answered";
	readonly status: number;
	/** `version` of the answer: `1.27.0`. */
	readonly version?: string;
	/** Is the answer JSON, like the forge's errors? */
	readonly isJson: boolean;
	/** Where it redirects to, without query. */
	readonly location?: string;
	/** The beginning of an answer without a version. */
	readonly body?: string;
	/** Seconds that this machine's clock is at least ahead (+) or behind (-); absent if the answer has no time. */
	readonly clockAheadSeconds?: number;
	readonly certificate?: Certificate;
}

/** Longest wait for the forge and the cache server, because every job asks them. */
export const forgeDeadlineMs = 3000;

/**
 * `GET {api}/version` of the forge, in a job of Gitea's or Forgejo's runner (or of a run without a server whose forge is on
 * this machine). Sources: GITHUB_SERVER_URL, GITHUB_API_URL. No token is sent.
 */
export const forgeProbe: Probe<ForgeFacts> = {
	name: "forge",
	async collect(host: Host, request, signal: AbortSignal, ask: Ask): Promise<ForgeFacts> {
		const { env } = host;
		const server = urlOf(env.GITHUB_SERVER_URL);
		const named = server && {
			url: shownUrl(server).replace(/\/$/, ""),
			host: hostOf(server),
			isLoopback: isLoopback(hostOf(server)),
		};
		const { inJob, system } = await ask(jobProbe);
		const hasForge = system === "gitea" || system === "forgejo" || (system === "act" && named?.isLoopback === true);
		if (!inJob || !hasForge) return { ...named, answer: { kind: "not-asked" } };
		const malformed = ["GITHUB_SERVER_URL", "GITHUB_API_URL"].find((variable) => isMalformed(env[variable]));
		if (malformed !== undefined) return unaskable(malformed, env[malformed]);
		if (!named) return { answer: { kind: "not-asked" } };

		const api = urlOf(env.GITHUB_API_URL) ?? new URL(`${named.url}/api/v1`);
		const url = new URL(`${api.origin}${api.pathname.replace(/\/$/, "")}/version`);
		const doubt = server?.protocol === "https:" ? doubtAboutGit(host) : undefined;
		const sent = now();
		const answer = await within(Math.min(request.timeoutMs, forgeDeadlineMs), signal, (ownSignal) =>
			askUrl(host, url, {
				headers: { accept: "application/json" },
				authorities: systemAuthorities(host),
				maxBody: 16 * 1024,
				signal: ownSignal,
			}),
		);
		const read = readAnswer(answer, url.protocol === "https:", Date.now(), since(sent));
		const doubtful = answer.kind === "answered" && answer.untrusted === undefined ? await doubt : undefined;
		const git =
			doubtful &&
			(await within(Math.min(request.timeoutMs, forgeDeadlineMs), signal, (ownSignal) =>
				askGitAboutForge(host, named.url, doubtful, request.workspace, ownSignal),
			));
		return { ...named, asked: shownUrl(url), ...read, ...(git && { git }) };
	},
};

/** Invalid, and not the `https://` or `https:///api/v1` of a run without a forge. */
export function isMalformed(address = ""): boolean {
	return address !== "" && !/^https?:\/\/(?:\/|$)/i.test(address) && urlOf(address) === undefined;
}

function unaskable(variable: string, address = ""): ForgeFacts {
	const message = `${variable} is not a valid address`;
	return {
		url: bounded(withoutCredentials(address), 300),
		answer: { kind: "failed", code: "ERR_INVALID_URL", message },
	};
}

function readAnswer(
	{ via, trustedBy, untrusted, ...answer }: UrlAnswer,
	isSecure: boolean,
	received: number,
	tookMs: number,
): Omit<ForgeFacts, "url" | "host"> {
	const about = {
		...(via !== undefined && { via }),
		...(trustedBy !== undefined && { trustedBy }),
		...(untrusted !== undefined && { untrusted }),
	};
	if (answer.kind !== "answered") return { ...about, answer };
	const { status, headers, body, certificate } = answer;
	const json = objectOf(jsonOf(body));
	if (status === 403 && via !== undefined && !isSecure && !isOfForge(json)) {
		return { ...about, answer: { kind: "failed", code: "HTTP_403", message: "the proxy answers 403", at: "proxy" } };
	}
	const version = typeof json?.version === "string" ? bounded(json.version, 100) : undefined;
	const location = urlOf(headers.location);
	const ahead = clockAhead(headers, received, tookMs);
	return {
		...about,
		answer: {
			kind: "answered",
			status,
			isJson: json !== undefined,
			...(version === undefined ? { body: bounded(body.trim(), 300) } : { version }),
			...(location && { location: shownUrl(location) }),
			...(ahead !== undefined && { clockAheadSeconds: ahead }),
			...(certificate && { certificate }),
		},
	};
}

/**
 * `Date` has whole seconds, and the answer took some time: what both explain does not count as a difference.
 * @returns Seconds with one decimal.
 */
function clockAhead(headers: Readonly<Record<string, string>>, received: number, tookMs: number): number | undefined {
	// As this machine's clock is now: it may have been set in the meantime.
	const sent = received - tookMs;
	const date = Date.parse(headers.date ?? "");
	// A cache in between passes on the time at which it got the answer.
	if (Number.isNaN(date) || headers.age !== undefined) return undefined;
	const difference = sent > date + 1000 ? sent - date - 1000 : received < date ? received - date : 0;
	return Math.round(difference / 100) / 10;
}

/**
 * A forge that requires a login says so, and where its API is described. A proxy that forwards plain HTTP and refuses
 * an address answers in the forge's place, sometimes in JSON too.
 */
function isOfForge(json: Readonly<Record<string, unknown>> | undefined): boolean {
	const { message, url } = json ?? {};
	if (typeof message !== "string") return false;
	return (typeof url === "string" && url.includes("/api/swagger")) || /signed in|sign in|token|log ?in/i.test(message);
}
