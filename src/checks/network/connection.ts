import { own } from "../../own.ts";
import type { NoAnswer } from "../../probes/ask-url.ts";
import { code } from "../text.ts";

type Failure = Extract<NoAnswer, { kind: "failed" }>;

/** What lies behind the code of a connection that failed. */
export type Cause =
	/** The name has no address here. */
	| "unresolvable"
	/** The certificate is not one that we trust. */
	| "untrusted"
	/** TLS fails before any certificate: most often the other side speaks none. */
	| "no-tls"
	| "refused"
	/** No way leads there. */
	| "no-way"
	/** The connection was accepted and broken off. */
	| "broken"
	| "not-http"
	/** The proxy on the way is the trouble. */
	| "proxy"
	| "other";

const certificates: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: "its certificate has expired",
	CERT_NOT_YET_VALID: "its certificate is not valid yet",
	ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
	HOSTNAME_MISMATCH: "its certificate is for another name",
	DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
	SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that is not known here",
	UNABLE_TO_GET_ISSUER_CERT: "its certificate is signed by an authority that is not known here",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by an authority that is not known here",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by an authority that is not known here",
	CERT_REVOKED: "its certificate has been revoked",
	CERT_UNTRUSTED: "its certificate is not trusted",
	CERT_REJECTED: "its certificate is rejected",
	CERT_SIGNATURE_FAILURE: "the signature of its certificate is wrong",
	CERT_CHAIN_TOO_LONG: "the chain of its certificates is too long",
	INVALID_CA: "an authority of its certificate is none",
	INVALID_PURPOSE: "its certificate is made for another purpose",
};

export function causeOf({ code: errno, at }: Failure): Cause {
	if (at === "proxy") return "proxy";
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
			return "no-way";
		case "ECONNRESET":
		case "EPIPE":
			return "broken";
		default:
			return "other";
	}
}

/** Half a sentence about a server: `nobody listens there`. */
export function describeFailure(failure: Failure, via?: string): string {
	switch (causeOf(failure)) {
		case "unresolvable":
			return failure.code === "ENOTFOUND"
				? "nobody here knows an address for that name"
				: "no nameserver could say an address for that name";
		case "untrusted":
			return own(certificates, failure.code) ?? "its certificate is not trusted";
		case "no-tls":
			return "TLS fails there: most often that is a port without TLS";
		case "refused":
			return "nobody listens there";
		case "no-way":
			return "no way leads there from this network";
		case "broken":
			return "the connection is accepted and broken off at once";
		case "not-http":
			return "what answers there does not speak HTTP";
		case "proxy":
			return proxyTrouble(failure, via);
		case "other":
			return code(failure.code);
	}
}

function proxyTrouble({ code: errno }: Failure, via: string | undefined): string {
	const proxy = `the proxy${via === undefined ? "" : ` ${code(via)}`}`;
	switch (errno) {
		case "HTTP_407":
			return `${proxy} wants a user and a password`;
		case "HTTP_403":
			return `${proxy} forbids it`;
		case "ECONNREFUSED":
			return `nobody listens at ${proxy}`;
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `the name of ${proxy} has no address here`;
		default:
			return errno.startsWith("HTTP_")
				? `${proxy} gets no connection (status ${errno.slice("HTTP_".length)})`
				: `${proxy} fails with ${code(errno)}`;
	}
}

/** The answer of a connection as evidence. */
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
