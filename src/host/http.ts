import { promises as fs } from "node:fs";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { codeOf } from "./files.ts";
import type { HttpOutcome, HttpRequest } from "./host.ts";

/** One HTTP request over a unix socket or tcp, on a connection of its own. Never throws. */
export async function request(wanted: HttpRequest): Promise<HttpOutcome> {
	try {
		return await send(wanted, await connectionOf(wanted.to));
	} catch (error) {
		// A certificate file that cannot be read, or a header that cannot be sent.
		return { kind: "failed", code: codeOf(error), message: messageOf(error) };
	}
}

interface Connection {
	readonly options: RequestOptions;
	readonly send: typeof httpRequest;
}

async function connectionOf(to: HttpRequest["to"]): Promise<Connection> {
	if ("socket" in to) return { options: { socketPath: to.socket, host: "localhost" }, send: httpRequest };
	if (!to.tls) return { options: { host: to.host, port: to.port }, send: httpRequest };
	// TLS is rare and costs start-up time: load it only here.
	const [{ request: httpsRequest }, ca, cert, key] = await Promise.all([
		import("node:https"),
		readIfNamed(to.tls.ca),
		readIfNamed(to.tls.cert),
		readIfNamed(to.tls.key),
	]);
	const options = { host: to.host, port: to.port, ca, cert, key, rejectUnauthorized: to.tls.verify };
	return { options, send: httpsRequest as typeof httpRequest };
}

async function readIfNamed(path: string | undefined): Promise<Buffer | undefined> {
	return path === undefined ? undefined : fs.readFile(path);
}

function send(wanted: HttpRequest, connection: Connection): Promise<HttpOutcome> {
	const limit = wanted.maxBody ?? 1024 * 1024;
	return new Promise((resolve) => {
		const outgoing = connection.send({
			...connection.options,
			method: wanted.method ?? "GET",
			path: wanted.path,
			headers: { connection: "close", ...wanted.headers },
			agent: false,
		});
		const end = (outcome: HttpOutcome): void => {
			wanted.signal.removeEventListener("abort", onAbort);
			resolve(outcome);
			outgoing.destroy();
		};
		const onAbort = (): void => end({ kind: "timed-out" });

		outgoing.on("error", (error) => end({ kind: "failed", code: codeOf(error), message: messageOf(error) }));
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
	response.on("error", (error) => end({ kind: "failed", code: codeOf(error), message: messageOf(error) }));
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
