import { promises as fs } from "node:fs";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { codeOf } from "./files.ts";
import type { HttpOutcome, HttpProxy, HttpRequest, TlsOptions } from "./host.ts";
import { lookupFor } from "./lookup.ts";

/** One HTTP request to a host and port, through a proxy if there is one, on a connection of its own. Never rejects. */
export async function requestOverTcp(to: Tcp, wanted: HttpRequest): Promise<HttpOutcome> {
	try {
		if (wanted.proxy) return await throughProxy(wanted, to, wanted.proxy);
		return await send(wanted, await connectionOf(to, wanted.signal));
	} catch (error) {
		// A certificate file that cannot be read, or a header that cannot be sent.
		return failed(error);
	}
}

interface Connection {
	readonly options: RequestOptions & { readonly servername?: string };
	readonly send: typeof httpRequest;
}

/** A target that has a name and a port. */
type Tcp = Exclude<HttpRequest["to"], { readonly socket: string }>;

async function connectionOf(to: Tcp, signal: AbortSignal): Promise<Connection> {
	const place = { host: to.host, port: to.port, lookup: lookupFor(signal), autoSelectFamily: true };
	if (!to.tls) return { options: place, send: httpRequest };
	const { https, options } = await withTls(to.tls);
	return { options: { ...place, ...options }, send: https };
}

/** TLS takes longer to load than plain HTTP, and few servers need it: it is loaded only here. */
async function withTls({ ca, cert, key, verify }: TlsOptions): Promise<{ https: typeof httpRequest; options: object }> {
	const [{ request: https }, ...files] = await Promise.all([
		import("node:https"),
		readIfNamed(ca),
		readIfNamed(cert),
		readIfNamed(key),
	]);
	const options = { ca: files[0], cert: files[1], key: files[2], rejectUnauthorized: verify };
	return { https: https as typeof httpRequest, options };
}

async function readIfNamed(path: string | undefined): Promise<Buffer | undefined> {
	return path === undefined ? undefined : fs.readFile(path);
}

/** What speaks TLS is reached through a tunnel; anything else the proxy fetches for us. */
async function throughProxy(wanted: HttpRequest, to: Tcp, proxy: HttpProxy): Promise<HttpOutcome> {
	const { host, port } = proxy;
	const way = await connectionOf({ host, port, ...(proxy.tls && { tls: { verify: true } }) }, wanted.signal);
	const authorization = proxy.authorization !== undefined && { "proxy-authorization": proxy.authorization };
	const authority = `${to.host.includes(":") ? `[${to.host}]` : to.host}:${to.port}`;
	if (!to.tls) {
		const headers = { host: authority, ...wanted.headers, ...authorization };
		const outcome = await send({ ...wanted, path: `http://${authority}${wanted.path}`, headers }, way);
		return outcome.kind === "failed" ? { ...outcome, at: "proxy" } : outcome;
	}
	const tunnel = await openTunnel(way, authority, { host: authority, ...authorization }, wanted.signal);
	if ("kind" in tunnel) return tunnel;
	const [{ https, options }, { connect, isIP }] = await Promise.all([
		withTls(to.tls),
		Promise.all([import("node:tls"), import("node:net")]).then(([tls, net]) => ({
			...tls,
			...net,
			connect: tls.connect,
		})),
	]);
	const servername = isIP(to.host) ? {} : { servername: to.host };
	const secure = { ...options, host: to.host, ...servername, socket: tunnel };
	// An agent, even none (`false`), would connect by itself.
	const place = { host: to.host, port: to.port, agent: undefined };
	return send(wanted, { options: { ...place, createConnection: () => connect(secure) }, send: https });
}

/** The socket of a tunnel to `authority`, or why there is none. */
function openTunnel(
	way: Connection,
	authority: string,
	headers: Readonly<Record<string, string>>,
	signal: AbortSignal,
): Promise<Socket | HttpOutcome> {
	return new Promise((resolve) => {
		const outgoing = way.send({ ...way.options, method: "CONNECT", path: authority, headers, agent: false });
		const end = (result: Socket | HttpOutcome): void => {
			signal.removeEventListener("abort", onAbort);
			resolve(result);
			if ("kind" in result) outgoing.destroy();
		};
		const refuse = ({ statusCode = 0, statusMessage = "" }: IncomingMessage): void =>
			end({
				kind: "failed",
				code: `HTTP_${statusCode}`,
				message: `the proxy answers ${statusCode} ${statusMessage}`.trim(),
				at: "proxy",
			});
		const onAbort = (): void => end({ kind: "timed-out" });
		outgoing.on("error", (error) => end({ ...failed(error), at: "proxy" }));
		outgoing.on("response", refuse);
		outgoing.on("connect", (response, socket) => {
			if (response.statusCode === 200) return end(socket);
			socket.destroy();
			refuse(response);
		});
		if (signal.aborted) return onAbort();
		signal.addEventListener("abort", onAbort, { once: true });
		outgoing.end();
	});
}

function send(wanted: HttpRequest, connection: Connection): Promise<HttpOutcome> {
	const limit = wanted.maxBody ?? 1024 * 1024;
	return new Promise((resolve) => {
		const outgoing = connection.send({
			agent: false,
			...connection.options,
			method: wanted.method ?? "GET",
			path: wanted.path,
			headers: { connection: "close", ...wanted.headers },
		});
		const end = (outcome: HttpOutcome): void => {
			wanted.signal.removeEventListener("abort", onAbort);
			resolve(outcome);
			outgoing.destroy();
		};
		const onAbort = (): void => end({ kind: "timed-out" });

		outgoing.on("error", (error) => end(failed(error)));
		outgoing.on("response", (response) => readBody(response, limit, end));
		// A server that changes the protocol is none that we know.
		outgoing.on("upgrade", () => end({ kind: "failed", code: "EPROTO", message: "the server switched protocols" }));
		if (wanted.signal.aborted) return onAbort();
		wanted.signal.addEventListener("abort", onAbort, { once: true });
		outgoing.end(wanted.body);
	});
}

function readBody(response: IncomingMessage, limit: number, end: (outcome: HttpOutcome) => void): void {
	const chunks: Buffer[] = [];
	let size = 0;
	const finish = (truncated: boolean): void => {
		const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
		const body = Buffer.concat(chunks).toString("utf8");
		end({ kind: "answered", status: response.statusCode ?? 0, headers, body, truncated });
	};
	response.on("data", (chunk: Buffer) => {
		chunks.push(chunk.subarray(0, limit - size));
		size += chunk.length;
		if (size > limit) finish(true);
	});
	response.on("end", () => finish(false));
	response.on("error", (error) => end(failed(error)));
}

/** A host with several addresses fails with as many errors: the first speaks for them. */
function failed(error: unknown): Extract<HttpOutcome, { kind: "failed" }> {
	const inner: unknown = (error as { errors?: readonly unknown[] } | undefined)?.errors?.[0] ?? error;
	return { kind: "failed", code: codeOf(inner), message: inner instanceof Error ? inner.message : String(inner) };
}
