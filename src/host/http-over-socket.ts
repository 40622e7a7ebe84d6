import { connect } from "node:net";
import { codeOf } from "./files.ts";
import type { HttpOutcome, HttpRequest } from "./host.ts";

/**
 * One HTTP request over a unix socket, on a connection of its own. Never rejects. A healthy run asks Docker eight questions;
 * Node's own client takes 10 ms more for them, a third of what Node itself needs to start (docs/performance.md).
 * Outcomes are those of Node's client, with its codes.
 */
export function requestOverSocket(socketPath: string, wanted: HttpRequest): Promise<HttpOutcome> {
	const limit = wanted.maxBody ?? 1024 * 1024;
	return new Promise((resolve) => {
		if (!isSendable(wanted)) {
			resolve(failed("ERR_UNESCAPED_CHARACTERS", "The request has characters that HTTP does not allow there"));
			return;
		}
		let received: Buffer = Buffer.alloc(0);
		const socket = connect({ path: socketPath });
		const end = (outcome: HttpOutcome): void => {
			wanted.signal.removeEventListener("abort", onAbort);
			socket.destroy();
			resolve(outcome);
		};
		const onAbort = (): void => end({ kind: "timed-out" });
		const read = (ended: boolean): void => {
			const outcome = readAnswer(received, { limit, ended, hasBody: wanted.method !== "HEAD" });
			if (outcome) end(outcome);
			// What stands between chunks is no body, and must not grow without end either.
			else if (received.length > maxHead + 8 * limit) end(failed("EMSGSIZE", "the answer is too long to be read"));
		};

		socket.on("error", (error) => end(failed(codeOf(error), error.message)));
		socket.on("data", (chunk: Buffer) => {
			received = Buffer.concat([received, chunk]);
			read(false);
		});
		socket.on("end", () => read(true));
		if (wanted.signal.aborted) return onAbort();
		wanted.signal.addEventListener("abort", onAbort, { once: true });
		socket.write(headOf(wanted) + (wanted.body ?? ""));
	});
}

/** Nothing that would end the line it stands in. */
function isSendable({ path, headers = {} }: HttpRequest): boolean {
	return !/[^!-~]/.test(path) && !/[^ -~]/.test(Object.entries(headers).flat().join(""));
}

function headOf({ method = "GET", path, headers, body }: HttpRequest): string {
	const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
	const lines = Object.entries({ host: "localhost", connection: "close", ...length, ...headers });
	return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** A head may be this long, as for Node's own client. */
const maxHead = 16 * 1024;

interface Reading {
	/** Bytes of body to keep. */
	readonly limit: number;
	/** Has the server closed the connection? */
	readonly ended: boolean;
	/** An answer to HEAD has none, whatever its head says. */
	readonly hasBody: boolean;
}

/** The outcome of what has arrived so far, or `undefined` while there must be more to come. */
function readAnswer(received: Buffer, reading: Reading): HttpOutcome | undefined {
	const headEnd = received.indexOf("\r\n\r\n");
	const [start = "", ...lines] = received.toString("latin1", 0, headEnd < 0 ? maxHead : headEnd).split("\r\n");
	if (!start.startsWith("HTTP/1.".slice(0, start.length))) return notHttp("Expected HTTP/");
	if (headEnd > maxHead || (headEnd < 0 && received.length > maxHead))
		return failed("HPE_HEADER_OVERFLOW", "Parse Error: Header overflow");
	if (headEnd < 0) return reading.ended ? brokenOff() : undefined;

	const status = Number(/^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(start)?.[1] ?? 0);
	if (status === 0) return notHttp("Invalid status line");
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const colon = line.indexOf(":");
		if (colon < 1) return notHttp("Invalid header line");
		const name = line.slice(0, colon).toLowerCase();
		const value = line.slice(colon + 1).trim();
		headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
	}
	const rest = received.subarray(headEnd + 4);
	// Nobody asked for an interim answer or for another protocol.
	if (status < 200) return failed("EPROTO", `the server switched protocols (HTTP ${status})`);

	const body =
		reading.hasBody && status !== 204 && status !== 304 ? readBody(rest, headers) : whole(rest.subarray(0, 0));
	if ("kind" in body) return body;
	const truncated = body.bytes.length > reading.limit;
	// Without a length of its own, the body ends with the connection.
	const complete = body.complete || (reading.ended && body.untilClosed);
	if (!complete && !truncated) return reading.ended ? brokenOff() : undefined;
	return {
		kind: "answered",
		status,
		headers,
		body: body.bytes.toString("utf8", 0, Math.min(body.bytes.length, reading.limit)),
		truncated,
	};
}

interface Body {
	/** As much as there is yet. */
	readonly bytes: Buffer;
	readonly complete: boolean;
	readonly untilClosed: boolean;
}

const whole = (bytes: Buffer): Body => ({ bytes, complete: true, untilClosed: false });

function readBody(rest: Buffer, headers: Readonly<Record<string, string>>): Body | Failure {
	if (/(?:^|,\s*)chunked$/i.test(headers["transfer-encoding"] ?? "")) return readChunks(rest);
	const length = headers["content-length"];
	if (length === undefined) return { bytes: rest, complete: false, untilClosed: true };
	if (!/^\d{1,15}$/.test(length))
		return failed("HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length");
	return { bytes: rest.subarray(0, Number(length)), complete: rest.length >= Number(length), untilClosed: false };
}

/** Each chunk has a line with its length in hexadecimal before it; the last one has none. */
function readChunks(rest: Buffer): Body | Failure {
	const chunks: Buffer[] = [];
	for (let at = 0; ; ) {
		const lineEnd = rest.indexOf("\r\n", at);
		if (lineEnd < 0) break;
		const [, digits] = /^([\da-f]{1,12})\s*(?:;|$)/i.exec(rest.toString("latin1", at, lineEnd)) ?? [];
		if (digits === undefined) return failed("HPE_INVALID_CHUNK_SIZE", "Parse Error: Invalid character in chunk size");
		const start = lineEnd + 2;
		const end = start + Number.parseInt(digits, 16);
		// What may follow the last chunk is more headers, which nobody asked for.
		if (end === start) return whole(Buffer.concat(chunks));
		chunks.push(rest.subarray(start, end));
		at = end + 2;
	}
	return { bytes: Buffer.concat(chunks), complete: false, untilClosed: false };
}

type Failure = Extract<HttpOutcome, { readonly kind: "failed" }>;

const failed = (code: string, message: string): Failure => ({ kind: "failed", code, message });
const notHttp = (what: string): Failure => failed("HPE_INVALID_CONSTANT", `Parse Error: ${what}`);
const brokenOff = (): Failure => failed("ECONNRESET", "the connection was closed before the answer was complete");
