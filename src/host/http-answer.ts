import type { HttpOutcome } from "./host.ts";

/** A head, and the line before a chunk, may be this long, as for Node's own client. */
const maxLine = 16 * 1024;

type Failure = Extract<HttpOutcome, { readonly kind: "failed" }>;

/** How far a piece of an answer brought us: there is more to come, it is whole, or it is no HTTP. */
type Progress = "more" | "done" | Failure;

/** What comes after the head. `take` gives the bytes of the body in `bytes` to `keep`. */
interface Body {
	take(bytes: Buffer, keep: (bytes: Buffer) => void): Progress;
	/** Does it end with the connection? */
	readonly untilClosed: boolean;
}

/** Reads one answer of HTTP/1.x, piece by piece, in time that grows with its length. Codes are those of Node's own client. */
export class HttpAnswer {
	private readonly limit: number;
	private readonly hasBody: boolean;
	private head: Buffer = Buffer.alloc(0);
	private status = 0;
	private headers: Readonly<Record<string, string>> = {};
	private body: Body | undefined;
	private kept: Buffer = Buffer.alloc(0);
	private length = 0;

	/**
	 * @param limit Bytes of body to keep.
	 * @param hasBody An answer to HEAD has none, whatever its head says.
	 */
	constructor(limit: number, hasBody: boolean) {
		this.limit = limit;
		this.hasBody = hasBody;
	}

	/** Takes what has arrived. The outcome, as soon as it is certain. */
	take(bytes: Buffer): HttpOutcome | undefined {
		const progress = this.body ? this.takeBody(this.body, bytes) : this.takeHead(bytes);
		if (typeof progress === "object") return progress;
		return progress === "done" || this.length > this.limit ? this.answered() : undefined;
	}

	/** The server has closed the connection. */
	end(): HttpOutcome {
		return this.body?.untilClosed
			? this.answered()
			: failed("ECONNRESET", "the connection was closed before the answer was complete");
	}

	private takeHead(bytes: Buffer): Progress {
		this.head = Buffer.concat([this.head, bytes]);
		for (;;) {
			const end = this.head.indexOf("\r\n\r\n");
			const text = this.head.toString("latin1", 0, end < 0 ? maxLine : end + 2);
			const wrong = whatIsWrong(text) ?? (end > maxLine || text.length === maxLine ? overflow : undefined);
			if (wrong) return wrong;
			if (end < 0) return "more";

			const [start = "", ...lines] = text.slice(0, -2).split("\r\n");
			const status = Number(/^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(start)?.[1] ?? 0);
			const headers = readHeaders(lines);
			if (status === 0) return notHttp("Invalid status line");
			if (!headers) return notHttp("Invalid header line");
			if (status === 101) return failed("EPROTO", "the server switched protocols");
			this.head = this.head.subarray(end + 4);
			// An interim answer comes before the real one.
			if (status < 200) continue;
			const bodiless = !this.hasBody || status === 204 || status === 304;
			const body = bodiless ? new Counted(0) : bodyOf(headers);
			if ("kind" in body) return body;
			this.status = status;
			this.headers = headers;
			this.body = body;
			return this.takeBody(body, this.head);
		}
	}

	private takeBody(body: Body, bytes: Buffer): Progress {
		return body.take(bytes, (part) => this.keep(part));
	}

	/** One byte more than the limit shows that there were more. */
	private keep(part: Buffer): void {
		const wanted = part.subarray(0, this.limit + 1 - this.length);
		const length = this.length + wanted.length;
		if (length > this.kept.length) {
			const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.kept.length));
			this.kept.copy(larger, 0, 0, this.length);
			this.kept = larger;
		}
		wanted.copy(this.kept, this.length);
		this.length = length;
	}

	private answered(): HttpOutcome {
		const truncated = this.length > this.limit;
		const body = this.kept.toString("utf8", 0, Math.min(this.length, this.limit));
		return { kind: "answered", status: this.status, headers: this.headers, body, truncated };
	}
}

/** What no HTTP head begins with, or has in it. `text` may end anywhere. */
function whatIsWrong(text: string): Failure | undefined {
	const begin = "HTTP/1.";
	if (!text.startsWith(begin.slice(0, text.length))) return notHttp("Expected HTTP/");
	return /[^\r]\n|[\0\x7f]/.test(text) ? notHttp("Missing expected CR, or a control character") : undefined;
}

/** `undefined` where a line is no header. The same header twice is joined by a comma. */
function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> | undefined {
	const headers = new Map<string, string>();
	for (const line of lines) {
		const [, name, value = ""] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*([^\r\n]*)$/.exec(line) ?? [];
		if (name === undefined) return undefined;
		const known = headers.get(name.toLowerCase());
		headers.set(name.toLowerCase(), known === undefined ? value.trimEnd() : `${known}, ${value.trimEnd()}`);
	}
	return Object.fromEntries(headers);
}

function bodyOf(headers: Readonly<Record<string, string>>): Body | Failure {
	const encoding = headers["transfer-encoding"];
	const length = headers["content-length"];
	if (encoding !== undefined && length !== undefined)
		return failed("HPE_INVALID_TRANSFER_ENCODING", "Parse Error: Transfer-Encoding beside Content-Length");
	if (/(?:^|,\s*)chunked$/i.test(encoding ?? "")) return new Chunks();
	if (length === undefined) return untilClosed;
	if (!/^\d{1,15}$/.test(length))
		return failed("HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length");
	return new Counted(Number(length));
}

const untilClosed: Body = {
	untilClosed: true,
	take(bytes, keep) {
		keep(bytes);
		return "more";
	},
};

/** A body whose length the head told. */
class Counted implements Body {
	readonly untilClosed = false;
	private left: number;

	constructor(length: number) {
		this.left = length;
	}

	take(bytes: Buffer, keep: (bytes: Buffer) => void): Progress {
		const part = bytes.subarray(0, this.left);
		keep(part);
		this.left -= part.length;
		return this.left === 0 ? "done" : "more";
	}
}

/** Each chunk has a line with its length in hexadecimal before it, and an empty rest of a line behind it. */
class Chunks implements Body {
	readonly untilClosed = false;
	/** What has come of the line before the next chunk. */
	private line = "";
	/** Bytes of this chunk still to come, and of the line end behind it. */
	private left = 0;
	private lineEnd = "";

	take(bytes: Buffer, keep: (bytes: Buffer) => void): Progress {
		let at = 0;
		while (at < bytes.length) {
			if (this.left > 0) {
				const part = bytes.subarray(at, at + this.left);
				keep(part);
				this.left -= part.length;
				at += part.length;
			} else if (this.lineEnd !== "") {
				if (bytes[at] !== this.lineEnd.charCodeAt(0)) return wrongChunk("Expected LF after chunk data");
				this.lineEnd = this.lineEnd.slice(1);
				at++;
			} else {
				const end = bytes.indexOf("\n", at);
				const next = end < 0 ? bytes.length : end + 1;
				if (this.line.length + next - at > maxLine) return overflow;
				this.line += bytes.toString("latin1", at, next);
				at = next;
				if (end < 0) return "more";
				const [, digits] = /^([\da-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n$/i.exec(this.line) ?? [];
				if (digits === undefined) return wrongChunk("Invalid character in chunk size");
				this.line = "";
				this.left = Number.parseInt(digits, 16);
				this.lineEnd = "\r\n";
				// What may follow the last chunk is more headers, which nobody asked for.
				if (this.left === 0) return "done";
			}
		}
		return "more";
	}
}

export function failed(code: string, message: string): Failure {
	return { kind: "failed", code, message };
}

const notHttp = (what: string): Failure => failed("HPE_INVALID_CONSTANT", `Parse Error: ${what}`);
const wrongChunk = (what: string): Failure => failed("HPE_INVALID_CHUNK_SIZE", `Parse Error: ${what}`);
const overflow = failed("HPE_HEADER_OVERFLOW", "Parse Error: Header overflow");
