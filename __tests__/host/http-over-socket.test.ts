import { mkdtempSync, rmSync } from "node:fs";
import { request as nodeRequest } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpOutcome, HttpRequest } from "../../src/host/host.ts";
import { requestOverSocket } from "../../src/host/http-over-socket.ts";

let directory: string;
let servers: Server[];
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "runner-check-"));
	servers = [];
});
afterEach(() => {
	for (const server of servers) server.close();
	rmSync(directory, { recursive: true, force: true });
});

async function listen(onConnection: (socket: Socket) => void): Promise<string> {
	const path = join(directory, `socket-${servers.length}`);
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		onConnection(socket);
	});
	servers.push(server.listen(path));
	await new Promise((resolve) => server.once("listening", resolve));
	return path;
}

/** A server that waits for the request, sends the pieces one after the other, and closes. */
const sending = (...pieces: readonly string[]) =>
	listen((socket) =>
		socket.once("data", async () => {
			for (const piece of pieces) {
				socket.write(piece, "latin1");
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			socket.end();
		}),
	);

const ask = (path: string, more: Partial<HttpRequest> = {}) =>
	requestOverSocket(path, { to: { socket: path }, path: "/version", signal: AbortSignal.timeout(5000), ...more });

/** What Node's own client makes of it. */
function askNode(socketPath: string, method = "GET"): Promise<HttpOutcome> {
	return new Promise((resolve) => {
		const outgoing = nodeRequest({ socketPath, path: "/version", method, agent: false }, (response) => {
			let body = "";
			response.setEncoding("utf8");
			response.on("data", (chunk) => {
				body += chunk;
			});
			response.on("error", (error: NodeJS.ErrnoException) =>
				resolve({ kind: "failed", code: error.code ?? "", message: "" }),
			);
			response.on("end", () => {
				const headers = Object.fromEntries(
					Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
				);
				resolve({ kind: "answered", status: response.statusCode ?? 0, headers, body, truncated: false });
			});
		});
		outgoing.on("upgrade", () => resolve({ kind: "failed", code: "EPROTO", message: "" }));
		outgoing.on("error", (error: NodeJS.ErrnoException) =>
			resolve({ kind: "failed", code: error.code ?? "", message: "" }),
		);
		outgoing.end();
	});
}

const ok = "HTTP/1.1 200 OK\r\n";
const replies: Readonly<Record<string, readonly string[]>> = {
	"a length": [`${ok}Content-Length: 5\r\nServer: Docker/29.1.2 (linux)\r\n\r\nhello`],
	"a length, and more behind it": [`${ok}Content-Length: 5\r\nConnection: close\r\n\r\nhello`],
	"an empty body": [`${ok}Content-Length: 0\r\n\r\n`],
	"no length: until the connection ends": [`${ok}X: y\r\n\r\nhello `, "world"],
	"HTTP/1.0": ["HTTP/1.0 404 Not Found\r\n\r\nno such thing"],
	"no reason phrase": ["HTTP/1.1 204 \r\n\r\n"],
	"no reason phrase and no space": ["HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi"],
	"an error": ['HTTP/1.1 500 Internal Server Error\r\nContent-Length: 15\r\n\r\n{"message":"x"}'],
	chunks: [`${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`],
	"chunks with an extension and a trailer": [
		`${ok}Transfer-Encoding: chunked\r\n\r\nA;name=value\r\n0123456789\r\n0\r\nExpires: never\r\n\r\n`,
	],
	"byte by byte": [...`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`],
	"a head in two halves": [`${ok}Content-Len`, "gth: 2\r\n", "\r\n", "hi"],
	"the same header twice": [`${ok}Warning: one\r\nWarning: two\r\nContent-Length: 0\r\n\r\n`],
	"spaces around a value": [`${ok}Server:   x y  \r\nContent-Length: 0\r\n\r\n`],
	"UTF-8 that is cut between chunks": [`${ok}Transfer-Encoding: chunked\r\n\r\n1\r\n\xc3\r\n1\r\n\xa4\r\n0\r\n\r\n`],
	"not modified": ["HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"],
	"another protocol": ["HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"],
	"nothing at all": [],
	"half a head": [`${ok}Content-Le`],
	"a body that breaks off": [`${ok}Content-Length: 50\r\n\r\nhello`],
	"a chunk that breaks off": [`${ok}Transfer-Encoding: chunked\r\n\r\n50\r\nhello`],
	"chunks without their end": [`${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`],
	"a chunk without a length": [`${ok}Transfer-Encoding: chunked\r\n\r\nhello\r\n0\r\n\r\n`],
	"SSH's greeting": ["SSH-2.0-OpenSSH_9.2\r\n"],
	"a mere word": ["hello"],
	"a web page without a head": ["<html>\r\n\r\n</html>"],
	"a status that is none": ["HTTP/1.1 OK\r\n\r\n"],
	"a length that is none": [`${ok}Content-Length: many\r\n\r\nhello`],
	"a line that is no header": [`${ok}hello\r\n\r\n`],
	"a head without end": [`${ok}X: ${"y".repeat(20_000)}`],
	"lines that end in LF alone": ["HTTP/1.0 200 OK\nContent-Type: text/html\n\n<html></html>"],
	"one line that ends in LF alone": [`${ok}A: b\nContent-Length: 0\r\n\r\n`],
	"an interim answer before the real one": [
		`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}Content-Length: 2\r\n\r\nhi`,
	],
	"a length beside chunks": [`${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
	"two lengths": [`${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
	"a negative length": [`${ok}Content-Length: -5\r\n\r\nhello`],
	"a negative chunk": [`${ok}Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n`],
	"a chunk that is longer than its length": [`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n`],
	"a space before the colon": [`${ok}Server : x\r\nContent-Length: 0\r\n\r\n`],
	"a NUL in the head": [`${ok}Server: x\0y\r\nContent-Length: 0\r\n\r\n`],
	"headers that objects have by themselves": [`${ok}Constructor: x\r\nValueOf: y\r\nContent-Length: 0\r\n\r\n`],
};

describe("requestOverSocket", () => {
	it.each(Object.entries(replies))("makes of %s what Node's own client does", async (_, pieces) => {
		const [own, nodes] = await Promise.all([ask(await sending(...pieces)), askNode(await sending(...pieces))]);
		const told = (outcome: HttpOutcome) =>
			outcome.kind === "failed"
				? // Of what is no HTTP, both say that; Node's names for the ways of it changed over time.
					{ kind: "failed", code: outcome.code.replace(/^HPE_.*/, "HPE") }
				: outcome;
		expect(told(own)).toEqual(told(nodes));
	});

	it("sends method, path, headers and a body with its length in bytes", async () => {
		const received: string[] = [];
		const socket = await listen((connection) =>
			connection.on("data", (chunk) => {
				received.push(chunk.toString());
				connection.end("HTTP/1.1 201 Created\r\n\r\n");
			}),
		);
		const headers = { "content-type": "application/json" };
		expect(await ask(socket, { method: "POST", path: "/x?y=1", headers, body: "ä" })).toMatchObject({ status: 201 });
		expect(received.join("")).toBe(
			"POST /x?y=1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\nä",
		);
	});

	it.each([
		["is not there", "/nothing/there", "ENOENT"],
		["is longer than a socket's name can be", `/tmp/${"x".repeat(200)}`, /^E/],
		["looks like a port", "2375", "ENOENT"],
		["no system call would take", "/tmp/a\0b", /^E/],
		["is empty", "", /^E/],
	])("fails where the path %s", async (_, path, code) => {
		const expected = typeof code === "string" ? code : expect.stringMatching(code);
		expect(await ask(path)).toMatchObject({ kind: "failed", code: expected });
	});

	it("waits for no body where HEAD was asked", async () => {
		const socket = await listen((connection) =>
			connection.once("data", () => connection.write(`${ok}Content-Length: 500\r\n\r\n`)),
		);
		expect(await ask(socket, { method: "HEAD" })).toMatchObject({ kind: "answered", status: 200, body: "" });
	});

	it("needs no closed connection where the answer has a length", async () => {
		const socket = await listen((connection) =>
			connection.once("data", () => connection.write(`${ok}Content-Length: 2\r\n\r\nhi`)),
		);
		expect(await ask(socket)).toMatchObject({ kind: "answered", body: "hi" });
	});

	it.each([
		["a path", { path: "/a\r\nX: y" }],
		["a path with a space", { path: "/a b" }],
		["a header", { headers: { x: "y\r\nz: 1" } }],
	])("sends nothing that would end its line: %s", async (_, more) => {
		let connections = 0;
		const socket = await listen(() => connections++);
		expect(await ask(socket, more)).toMatchObject({ kind: "failed", code: "ERR_UNESCAPED_CHARACTERS" });
		expect(connections).toBe(0);
	});

	it("keeps no more of an endless answer than it was asked to, whichever way it is endless", async () => {
		const endless = (head: string, piece: string) =>
			listen((socket) => {
				socket.write(head);
				const more = () => {
					while (socket.writable && socket.write(piece));
				};
				socket.on("drain", more);
				more();
			});
		const limits = { maxBody: 1000 };
		const kept = { kind: "answered", truncated: true, body: "x".repeat(1000) };
		expect(await ask(await endless(`${ok}\r\n`, "x".repeat(9999)), limits)).toMatchObject(kept);
		const chunk = `${(5000).toString(16)}\r\n${"x".repeat(5000)}\r\n`;
		expect(await ask(await endless(`${ok}Transfer-Encoding: chunked\r\n\r\n`, chunk), limits)).toMatchObject(kept);
		expect(
			await ask(await endless(`${ok}Transfer-Encoding: chunked\r\n\r\n1;`, "x".repeat(9999)), limits),
		).toMatchObject({ kind: "failed", code: "HPE_HEADER_OVERFLOW" });
		expect(await ask(await endless(ok, "x".repeat(9999)), limits)).toMatchObject({
			kind: "failed",
			code: "HPE_HEADER_OVERFLOW",
		});
	});

	it("reads a long answer in time that grows with its length, however small its chunks are", async () => {
		const long = "x".repeat(12_000_000);
		const whole = await sending(`${ok}Content-Length: ${long.length}\r\n\r\n${long}`);
		const small = await sending(`${ok}Transfer-Encoding: chunked\r\n\r\n${"1\r\nx\r\n".repeat(300_000)}0\r\n\r\n`);
		const limits = { maxBody: 16 * 1024 * 1024 };
		const started = process.cpuUsage();
		const length = async (path: string) => {
			const answer = await ask(path, limits);
			return answer.kind === "answered" ? answer.body.length : answer;
		};
		expect(await length(whole)).toBe(long.length);
		expect(await length(small)).toBe(300_000);
		// It took minutes when each piece had everything before it read again.
		expect(process.cpuUsage(started).user).toBeLessThan(3_000_000);
	});

	it("ends at the signal, at once where it has been given before", async () => {
		const silent = await listen(() => undefined);
		expect(await ask(silent, { signal: AbortSignal.timeout(100) })).toEqual({ kind: "timed-out" });
		expect(await ask(silent, { signal: AbortSignal.abort() })).toEqual({ kind: "timed-out" });
	});
});
