import { own } from "../../own.ts";
import type { NoAnswer } from "../../probes/ask-url.ts";
import { commonNameOnly, isOldTls } from "../../probes/registry-insecure.ts";
import type { Remedy } from "../check.ts";
import { type Situation, setVariables } from "../docker/situation.ts";
import { code, operand, shellQuote } from "../text.ts";

type Failure = Extract<NoAnswer, { kind: "failed" }>;

/** Why a connection failed. */
export type Cause =
	/** The name does not resolve. */
	| "unresolvable"
	/** The certificate is not trusted. */
	| "untrusted"
	/** TLS fails before any certificate is shown, usually because the port does not use TLS. */
	| "no-tls"
	/** It speaks only versions of TLS that are not accepted any more. */
	| "old-tls"
	| "refused"
	| "no-route"
	/** The connection was accepted and then closed. */
	| "broken"
	| "not-http"
	/** The proxy on the way fails or refuses. */
	| "proxy"
	| "other";

const unknownAuthority = "its certificate is signed by an unknown authority";
const otherName = "its certificate is for another name";

const certificates: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: "its certificate has expired",
	CERT_NOT_YET_VALID: "its certificate is not valid yet",
	ERR_TLS_CERT_ALTNAME_INVALID: otherName,
	HOSTNAME_MISMATCH: otherName,
	[commonNameOnly]: "its certificate names it in the common name only",
	DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
	SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
	UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
	CERT_REVOKED: "its certificate has been revoked",
	CERT_UNTRUSTED: "its certificate is not trusted",
	CERT_REJECTED: "its certificate is rejected",
	CERT_SIGNATURE_FAILURE: "its certificate has an invalid signature",
	CERT_CHAIN_TOO_LONG: "its certificate chain is too long",
	INVALID_CA: "its certificate chain contains an invalid authority",
	INVALID_PURPOSE: "its certificate was issued for another purpose",
};

/** Sorts the error code of a failed connection. */
export function causeOf(failure: Failure): Cause {
	const { code: errno, at } = failure;
	if (at === "proxy") return "proxy";
	if (isOldTls(failure)) return "old-tls";
	if (own(certificates, errno) !== undefined) return "untrusted";
	if (/^(?:EPROTO|ERR_SSL_.*)$/.test(errno)) return "no-tls";
	if (errno.startsWith("HPE_")) return "not-http";
	switch (errno) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
		case "EAI_FAIL":
		case "EAI_NODATA":
		case "EAI_NONAME":
			return "unresolvable";
		case "ECONNREFUSED":
			return "refused";
		case "EHOSTUNREACH":
		case "ENETUNREACH":
		case "ETIMEDOUT":
		case "EADDRNOTAVAIL":
			return "no-route";
		case "ECONNRESET":
		case "EPIPE":
			return "broken";
		default:
			return "other";
	}
}

/** Has the certificate expired, or is it not valid yet? Then a wrong clock may be the reason, too. */
export function isOutdated(errno: string): boolean {
	return errno === "CERT_HAS_EXPIRED" || errno === "CERT_NOT_YET_VALID";
}

/** Is the certificate for another name? */
export function isOtherName(errno: string): boolean {
	return own(certificates, errno) === otherName;
}

/** What a sentence about a server ends in: `nothing listens there (connection refused)`. */
export function describeFailure(failure: Failure, via?: string): string {
	switch (causeOf(failure)) {
		case "unresolvable":
			return failure.code === "ENOTFOUND" ? "its name does not resolve" : "no nameserver answered for its name";
		case "untrusted":
			return own(certificates, failure.code) ?? "its certificate is not trusted";
		case "no-tls":
			return "the TLS handshake fails, usually because the port does not use TLS";
		case "old-tls":
			return "it offers no version of TLS that is still accepted (1.2 or newer), or only weak keys";
		case "refused":
			return "nothing listens there (connection refused)";
		case "no-route":
			return failure.code === "ETIMEDOUT" ? "the connection timed out" : "this network has no route to it";
		case "broken":
			return "it closes the connection without an answer";
		case "not-http":
			return "what answers there does not speak HTTP";
		case "proxy":
			return describeProxyFailure(failure, via);
		case "other":
			return code(failure.code);
	}
}

function describeProxyFailure({ code: errno }: Failure, via: string | undefined): string {
	const proxy = `the proxy${via === undefined ? "" : ` ${code(via)}`}`;
	switch (errno) {
		case "HTTP_407":
			return `${proxy} requires a user name and a password`;
		case "HTTP_403":
			return `${proxy} forbids it`;
		case "ECONNREFUSED":
			return `nothing listens at ${proxy} (connection refused)`;
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `the name of ${proxy} does not resolve`;
		default:
			return errno.startsWith("HTTP_")
				? `${proxy} cannot connect to it (status ${errno.slice("HTTP_".length)})`
				: `${proxy} fails with ${code(errno)}`;
	}
}

/** A failed connection as evidence. */
export function tellFailure(answer: NoAnswer): string {
	switch (answer.kind) {
		case "timed-out":
			return "no answer within the deadline";
		case "other-proxy":
			return "not asked";
		case "failed":
			return `${answer.code}: ${answer.message}`;
	}
}

/** The host of an address: `git.example.com`, `::1`. Empty if the address has none. */
export function hostIn(url = ""): string {
	return (/^https?:\/\/(\[[^\]]*\]|[^/:]+)/.exec(url)?.[1] ?? "").replace(/^\[(.*)\]$/, "$1");
}

/** Asks an address by hand. */
export function curl(url: string): string {
	return `curl -sS -m 10 -i ${operand(url)} | head -20`;
}

/** Shows whose certificate a server presents, who signed it, and until when it is valid. */
export function showCertificate(host: string, port: string): string {
	return `openssl s_client -connect ${shellQuote(`${host}:${port}`)} -servername ${shellQuote(host)} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
}

/** Makes the authority in `ca.crt` known to everything on Debian or Ubuntu. */
export const installAuthority: readonly string[] = [
	"sudo install -m 644 ca.crt /usr/local/share/ca-certificates/own-ca.crt",
	"sudo update-ca-certificates",
];

/** The same in an image, and for Node, which has its own list of authorities. */
export const addAuthorityToImage = {
	file: "Dockerfile",
	language: "dockerfile",
	text: [
		"COPY ca.crt /usr/local/share/ca-certificates/own-ca.crt",
		"RUN update-ca-certificates",
		"ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt",
	].join("\n"),
} as const satisfies Remedy["config"];

/** @param server Who is to be reached without the proxy: "the forge". */
export function bypassProxy(server: string, host: string, situation: Situation): Remedy {
	return {
		text: `Exclude ${server} from the proxy, in both spellings. If \`NO_PROXY\` already has a value, append the name to it.`,
		...setVariables(situation, { NO_PROXY: host, no_proxy: host }),
		kind: "runner",
	};
}

/** Why a server was not asked. @param server "the forge" */
export function otherProxy(server: string, via: string | undefined): string {
	return `Requests to ${server} go through the proxy ${code(via ?? "?")}, of a kind this check does not support.`;
}
