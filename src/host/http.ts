import { setMaxListeners } from "node:events";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { isIP, type Socket } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { errnoText } from "../errno-text.ts";
import { codeOf, readText } from "./files.ts";
import type { Certificate, HttpOutcome, HttpProxy, HttpRequest, TlsOptions } from "./host.ts";
import { lookupFor } from "./lookup.ts";

type Failure = Extract<HttpOutcome, { readonly kind: "failed" }>;

/** A target with a name and a port. */
type Tcp = Exclude<HttpRequest["to"], { readonly socket: string }>;

/** How a target is reached. */
interface Way extends RequestOptions {
	/** Default: plain HTTP. */
	readonly send?: (options: RequestOptions) => ClientRequest;
}

/**
 * Node makes the name for TLS of the host if it is not given, even if there is no TLS. To see whether it is an address, it compiles
 * a regular expression that takes 4 ms.
 */
const withoutTls = { servername: "" };

const timedOut: HttpOutcome = { kind: "timed-out" };

/** One HTTP request over a Unix socket or TCP, through a proxy if there is one, on a connection of its own. Never rejects. */
export async function request(wanted: HttpRequest): Promise<HttpOutcome> {
	const { to, proxy, signal } = wanted;
	if (signal.aborted) return timedOut;
	// One signal ends any number of requests: Node would warn of the eleventh, on stderr.
	setMaxListeners(0, signal);
	try {
		if ("socket" in to) return await exchange(wanted, socketOptions(to.socket));
		return proxy ? await throughProxy(wanted, to, proxy) : await exchange(wanted, await tcpOptions(to, signal));
	} catch (error) {
		// A certificate file that cannot be read, or a header that cannot be sent.
		return failed(error);
	}
}

/** No file has a NUL in its name; Node 22 would throw that at the whole process. */
function socketOptions(path: string): RequestOptions {
	if (path.includes("\0")) throw Object.assign(new Error("the path of the socket contains a NUL"), { code: "EINVAL" });
	return { socketPath: path, ...withoutTls };
}

async function tcpOptions({ host, port, tls }: Tcp, signal: AbortSignal): Promise<Way> {
	const place = { host, port, lookup: lookupFor(signal), autoSelectFamily: true };
	return tls ? { ...place, ...(await https()), ...(await tlsOptions(tls)) } : { ...place, ...withoutTls };
}

/** Loading TLS takes 10 ms, and most runs need none. */
async function https(): Promise<Way> {
	const { request: send } = await import("node:https");
	return { protocol: "https:", send };
}

async function tlsOptions({ ca, cert, key, verify }: TlsOptions): Promise<ConnectionOptions> {
	const read = async (path: string | undefined) => (path === undefined ? undefined : readPem(path));
	const [caText, certText, keyText] = await Promise.all([read(ca), read(cert), read(key)]);
	return { ca: caText, cert: certText, key: keyText, rejectUnauthorized: verify };
}

/** A bundle of all public authorities has 250 kB. */
const maxPem = 4 * 1024 * 1024;

/** As bytes: Node takes an empty text for no authorities at all, and would trust its own. */
async function readPem(path: string): Promise<Buffer> {
	const text = await readText(path, maxPem);
	if (text.kind === "ok") return Buffer.from(text.value);
	const code = text.kind === "absent" ? "ENOENT" : text.code;
	throw Object.assign(new Error(`${path}: ${errnoText(code)}`), { code });
}

/** A target that speaks TLS is reached through a tunnel; the proxy fetches anything else for us. */
async function throughProxy(wanted: HttpRequest, to: Tcp, proxy: HttpProxy): Promise<HttpOutcome> {
	const { host, port, tls, authorization } = proxy;
	const way = await tcpOptions({ host, port, ...(tls && { tls: { verify: true } }) }, wanted.signal);
	const authority = `${to.host.includes(":") ? `[${to.host}]` : to.host}:${to.port}`;
	const login = authorization !== undefined && { "proxy-authorization": authorization };
	if (!to.tls) {
		const headers = { host: authority, ...wanted.headers, ...login };
		const outcome = await exchange({ ...wanted, path: `http://${authority}${wanted.path}`, headers }, way);
		return outcome.kind === "failed" ? { ...outcome, at: "proxy" } : outcome;
	}
	const secure = { ...(await tlsOptions(to.tls)), ...(!isIP(to.host) && { servername: to.host }) };
	const tunnel = await openTunnel({ ...way, path: authority, headers: { host: authority, ...login } }, wanted.signal);
	if ("kind" in tunnel) return tunnel;
	const { connect } = await import("node:tls");
	const createConnection = () => connect({ ...secure, host: to.host, socket: tunnel });
	// An agent, even none (`false`), would connect by itself.
	const place = { host: to.host, port: to.port, agent: undefined, createConnection };
	return exchange(wanted, { ...(await https()), ...place });
}

/** The socket of a tunnel through a proxy, or why it could not be opened. */
function openTunnel(way: Way, signal: AbortSignal): Promise<Socket | HttpOutcome> {
	return new Promise((resolve) => {
		const outgoing = open({ ...way, method: "CONNECT" }, signal);
		outgoing.on("error", (error) => resolve(signal.aborted ? timedOut : { ...failed(error), at: "proxy" }));
		outgoing.on("connect", ({ statusCode = 0, statusMessage = "" }, socket) => {
			if (statusCode === 200) return resolve(socket);
			socket.destroy();
			const message = `the proxy answers ${statusCode} ${statusMessage}`.trim();
			resolve({ kind: "failed", code: `HTTP_${statusCode}`, message, at: "proxy" });
		});
		outgoing.end();
	});
}

/** Answers such as `100 Continue`, which announce the one that is asked for. Without end, they would take all of the CPU until the deadline. */
const maxInterim = 100;
/** Under the code that the parser has for what its user refuses. */
const endless = Object.assign(new Error("the server announces an answer without end"), { code: "HPE_USER" });

/** An agent of its own, so that no connection is shared or kept. `signal` does not work: Node 16 forgets it once the request is sent. */
function open({ send = httpRequest, ...options }: Way, signal: AbortSignal): ClientRequest {
	const outgoing = send({ agent: false, ...options });
	const destroy = (): unknown => outgoing.destroy();
	let interim = 0;
	outgoing.on("information", () => {
		if (++interim > maxInterim) outgoing.destroy(endless);
	});
	signal.addEventListener("abort", destroy, { once: true });
	return outgoing.once("close", () => signal.removeEventListener("abort", destroy));
}

function exchange(wanted: HttpRequest, way: Way): Promise<HttpOutcome> {
	const { method = "GET", path, signal, maxBody = 1024 * 1024 } = wanted;
	const headers = { connection: "close", ...wanted.headers };
	return new Promise((resolve) => {
		const outgoing = open({ ...way, method, path, headers }, signal);
		const fail = (error: unknown): void => resolve(signal.aborted ? timedOut : failed(error));
		outgoing.on("error", fail);
		outgoing.on("response", (response) => readAnswer(response, maxBody).then(resolve, fail));
		outgoing.on("upgrade", (_, socket) => {
			socket.destroy();
			resolve({ kind: "failed", code: "EPROTO", message: "the server switched protocols" });
		});
		outgoing.end(wanted.body);
	});
}

/** Events, since a loop over the response (`for await`) takes longer than everything else that is done with it. */
function readAnswer(response: IncomingMessage, limit: number): Promise<HttpOutcome> {
	return new Promise((resolve, reject) => {
		// One piece that doubles: a server can send a million pieces of one byte, and each would be an object.
		let kept = Buffer.alloc(0);
		let size = 0;
		// Before the end, which closes the connection.
		const certificate = certificateOf(response.socket);
		const answer = (): void => {
			const headers = Object.fromEntries(
				Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
			);
			const body = kept.toString("utf8", 0, Math.min(size, limit));
			const truncated = size > limit;
			resolve({ kind: "answered", status: response.statusCode ?? 0, headers, body, truncated, ...certificate });
		};
		response.on("data", (chunk: Buffer) => {
			if (size + chunk.length > kept.length)
				kept = Buffer.concat([kept], Math.min(limit, Math.max(2 * kept.length, size + chunk.length)));
			chunk.copy(kept, size);
			size += chunk.length;
			if (size <= limit) return;
			answer();
			response.destroy();
		});
		response.on("end", answer);
		// Also when the connection breaks off in the middle.
		response.on("error", reject);
	});
}

function certificateOf(socket: Socket | Partial<TLSSocket>): { readonly certificate?: Certificate } {
	if (!("getPeerCertificate" in socket)) return {};
	const { valid_from: from, valid_to: until, subjectaltname: names } = socket.getPeerCertificate?.() ?? {};
	const [start, end] = [Date.parse(from ?? ""), Date.parse(until ?? "")];
	if (Number.isNaN(start) || Number.isNaN(end)) return {};
	const commonNameOnly = names === undefined && { commonNameOnly: true as const };
	return {
		certificate: { from: new Date(start).toISOString(), until: new Date(end).toISOString(), ...commonNameOnly },
	};
}

/** A host with several addresses fails with as many errors: the first speaks for them. */
function failed(error: unknown): Failure {
	const inner: unknown = (error as { errors?: readonly unknown[] } | undefined)?.errors?.[0] ?? error;
	return { kind: "failed", code: codeOf(inner), message: inner instanceof Error ? inner.message : String(inner) };
}
