import type { UrlAnswer } from "./ask-url.ts";
import { dockerEngineProbe, type InsecureRegistries } from "./docker-engine.ts";
import type { Ask } from "./probe.ts";
import { hostOf, isLoopback, numberOf, urlOf } from "./proxy.ts";

/**
 * Why a registry cannot be asked with verified TLS. `none`: what listens there does not use TLS, or nothing listens at the port
 * for TLS.
 */
export function troubleWithTls(url: URL, answer: UrlAnswer): "none" | "certificate" | undefined {
	if (answer.kind !== "failed" || answer.at === "proxy" || isOldTls(answer)) return undefined;
	if (/^(?:EPROTO|ERR_SSL_.*|ECONNRESET|EPIPE)$/.test(answer.code)) return "none";
	if (answer.code === "ECONNREFUSED" && url.port === "" && !isLoopback(hostOf(url))) return "none";
	const certificate =
		/^(?:CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|INVALID_)/;
	return certificate.test(answer.code) ? "certificate" : undefined;
}

/** A certificate that Node accepts and Docker refuses: it names its server in the common name only. Go accepts none since 1.17. */
export const commonNameOnly = "CERT_COMMON_NAME_ONLY";

/** Does the other end speak TLS, but no version (or no key) that is still accepted? Node before 20 says it in the message only. */
export function isOldTls({ code, message }: { readonly code: string; readonly message: string }): boolean {
	if (!/^(?:EPROTO|ERR_SSL_)/.test(code)) return false;
	return /unsupported.protocol|alert.protocol.version|version.too.low|no.protocols.available|(?:dh|ee|ca).key.too.small|insufficient.security/i.test(
		`${code} ${message}`,
	);
}

/**
 * May the daemon ask this registry without verified TLS (`insecure-registries`)? `false` if the daemon does not answer in time:
 * then the registry's own answer is reported.
 * @param registry As images name it: `registry.lan:5000`.
 */
export async function isInsecure(registry: string, ask: Ask, signal: AbortSignal): Promise<boolean> {
	const engine = ask(dockerEngineProbe).catch(() => undefined);
	const info = (await Promise.race([engine, endOf(signal)]))?.info;
	const known = info?.kind === "ok" ? info.value.insecureRegistries : undefined;
	return known !== undefined && isListed(registry, known);
}

/** Resolves when a signal aborts. */
export function endOf(signal: AbortSignal): Promise<undefined> {
	if (signal.aborted) return Promise.resolve(undefined);
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}

function isListed(registry: string, { names, networks }: InsecureRegistries): boolean {
	if (names.some((name) => name.toLowerCase() === registry)) return true;
	const url = urlOf(`https://${registry}`);
	const address = url && bitsOf(hostOf(url));
	return address !== undefined && networks.some((network) => isWithin(address, network));
}

/** Is an address, as bits, in a network such as `192.168.0.0/16` or `fd00::/8`? */
function isWithin(address: string, network: string): boolean {
	const [base = "", length = ""] = network.split("/");
	const bits = bitsOf(base);
	if (bits === undefined || bits.length !== address.length || Number(length) > bits.length) return false;
	return address.startsWith(bits.slice(0, Number(length)));
}

/** The bits of an address, 32 or 128; `undefined` for a name. */
function bitsOf(address: string): string | undefined {
	const number = numberOf(address);
	if (number !== undefined) return number.toString(2).padStart(32, "0");
	// Node's form of an IPv6 address has no IPv4 part, and at most one gap.
	const url = address.includes(":") ? urlOf(`http://[${address}]`) : undefined;
	if (!url) return undefined;
	const [head = [], tail = []] = hostOf(url)
		.split("::")
		.map((part) => part.split(":").filter(Boolean));
	const gap = Array.from({ length: 8 - head.length - tail.length }, () => "0");
	return [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}
