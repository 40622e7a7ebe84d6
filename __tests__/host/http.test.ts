import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/host/host.ts";
import { request } from "../../src/host/http.ts";
import { cpuTime } from "../support/cpu-time.ts";

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

async function listen(server: Server): Promise<string> {
	const path = join(directory, `socket-${servers.length}`);
	servers.push(server.listen(path));
	await new Promise((resolve) => server.once("listening", resolve));
	return path;
}

/** A server that answers every connection with the same bytes and then does `after`. */
const raw = (bytes: string, after: (socket: Socket) => void = (socket) => socket.end()) =>
	createServer((socket) => {
		socket.on("error", () => undefined);
		socket.write(bytes);
		after(socket);
	});

const get = (socket: string, more: Partial<HttpRequest> = {}) =>
	request({ to: { socket }, path: "/version", signal: AbortSignal.timeout(5000), ...more });

/** A server that waits for the request, sends the pieces one after the other, and closes. */
const sending = (...pieces: readonly string[]) =>
	listen(
		createServer((socket) => {
			socket.on("error", () => undefined);
			socket.once("data", async () => {
				for (const piece of pieces) {
					socket.write(piece, "latin1");
					await new Promise((resolve) => setTimeout(resolve, 5));
				}
				socket.end();
			});
		}),
	);

/** A server that answers with a head, and then the same piece for as long as anybody takes it. */
const endless = (head: string, piece: string) =>
	listen(
		raw(head, (socket) => {
			const more = () => {
				while (socket.writable && socket.write(piece));
			};
			socket.on("drain", more);
			more();
		}),
	);

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

describe("request", () => {
	it("gives status, headers and body over a Unix socket", async () => {
		const answer = await get(await sending("HTTP/1.1 404 Not Found\r\nServer: Docker/29.1.2 (linux)\r\n\r\nno"));
		expect(answer).toEqual({
			kind: "answered",
			status: 404,
			headers: { server: "Docker/29.1.2 (linux)" },
			body: "no",
			truncated: false,
		});
	});

	it("sends method, path, headers and a body with its length in bytes, and asks for the connection to be closed", async () => {
		let received = "";
		const server = createServer((socket) =>
			socket.on("data", (chunk) => {
				received += chunk;
				socket.end("HTTP/1.1 201 Created\r\n\r\n");
			}),
		);
		const headers = { "content-type": "application/json" };
		const wanted = { method: "POST", path: "/x?y=1", headers, body: "ä" } as const;
		expect(await get(await listen(server), wanted)).toMatchObject({ status: 201 });
		const [head = "", body] = received.split("\r\n\r\n");
		const [start, ...lines] = head.split("\r\n");
		expect([start, body]).toEqual(["POST /x?y=1 HTTP/1.1", "ä"]);
		expect(lines.map((line) => line.toLowerCase()).sort()).toEqual([
			"connection: close",
			"content-length: 2",
			"content-type: application/json",
			"host: localhost",
		]);
	});

	it.each([
		["of a known length", [`${ok}Content-Length: 5\r\n\r\nhel`, "lo"], "hello"],
		["that lasts until the connection ends", [`${ok}X: y\r\n\r\nhello `, "world"], "hello world"],
		["in chunks, byte by byte", [...`${chunked}3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`], "abcd"],
		["with a letter cut in two", [`${chunked}1\r\n\xc3\r\n`, "1\r\n\xa4\r\n0\r\n\r\n"], "ä"],
		["behind an interim answer", [`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}\r\n`, "hi"], "hi"],
	])("reads a body %s", async (_, pieces, body) => {
		expect(await get(await sending(...pieces))).toMatchObject({ kind: "answered", status: 200, body });
	});

	it.each([
		["SSH's greeting", ["SSH-2.0-OpenSSH_9.2\r\n"], /^HPE_/],
		["a mere word", ["hello"], /^HPE_/],
		["a web page without a head", ["<html>\r\n\r\n</html>"], /^HPE_/],
		["a head without an end", [`${ok}X: ${"y".repeat(20_000)}`], /^HPE_HEADER_OVERFLOW$/],
		["chunks without a length", [`${chunked}hello\r\n0\r\n\r\n`], /^HPE_/],
		["nothing at all", [], /^ECONNRESET$/],
		["half a head", [`${ok}Content-Le`], /^(?:ECONNRESET|HPE_INVALID_EOF_STATE)$/],
		["a body that breaks off", [`${ok}Content-Length: 50\r\n\r\nhello`], /^ECONNRESET$/],
		["a chunk that breaks off", [`${chunked}50\r\nhello`], /^(?:ECONNRESET|HPE_INVALID_EOF_STATE)$/],
	])("tells %s from an answer, by its code", async (_, pieces, code) => {
		expect(await get(await sending(...pieces))).toMatchObject({ kind: "failed", code: expect.stringMatching(code) });
	});

	it.each([
		["is not there", "/nothing/there", /^ENOENT$/],
		["is longer than a socket's name can be", `/tmp/${"x".repeat(200)}`, /^E/],
		["looks like a port", "2375", /^ENOENT$/],
		["no system call would take", "/tmp/a\0b", /^E/],
	])("fails if the path of the socket %s", async (_, path, code) => {
		expect(await get(path)).toMatchObject({ kind: "failed", code: expect.stringMatching(code) });
	});

	it("speaks TCP, and tells a refused connection", async () => {
		const server = createHttpServer((_, response) => response.end("tcp"));
		servers.push(server.listen(0, "127.0.0.1"));
		await new Promise((resolve) => server.once("listening", resolve));
		const { port } = server.address() as { port: number };
		const to = { host: "127.0.0.1", port };
		expect(await request({ to, path: "/", signal: AbortSignal.timeout(5000) })).toMatchObject({
			kind: "answered",
			body: "tcp",
		});
		await new Promise((resolve) => server.close(resolve));
		expect(await request({ to, path: "/", signal: AbortSignal.timeout(5000) })).toMatchObject({
			kind: "failed",
			code: "ECONNREFUSED",
		});
	});

	it("closes the connection itself after an answer, and waits for no body after HEAD", async () => {
		const closed: Promise<unknown>[] = [];
		const open = (bytes: string) =>
			listen(raw(bytes, (socket) => closed.push(new Promise((resolve) => socket.resume().once("close", resolve)))));
		expect(await get(await open(`${ok}Content-Length: 2\r\n\r\nhi`))).toMatchObject({ kind: "answered", body: "hi" });
		expect(await get(await open(`${ok}Content-Length: 500\r\n\r\n`), { method: "HEAD" })).toMatchObject({
			kind: "answered",
			status: 200,
			body: "",
		});
		const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
		expect(await get(await open(switching))).toMatchObject({ kind: "failed", code: "EPROTO" });
		expect(await Promise.all(closed)).toHaveLength(3);
	});

	it("waits for the answer behind some that announce it, and not behind endless ones", async () => {
		const announced = "HTTP/1.1 100 Continue\r\n\r\n";
		expect(await get(await sending(`${announced.repeat(20)}${ok}Content-Length: 2\r\n\r\nhi`))).toMatchObject({
			kind: "answered",
			body: "hi",
		});
		expect(await get(await endless(announced, announced))).toEqual({
			kind: "failed",
			code: "HPE_USER",
			message: "the server announces an answer without end",
		});
	});

	it.each([
		["sends nothing", ""],
		["stops in its head", `${ok}Content-Le`],
		["stops in its body", `${ok}Content-Length: 50\r\n\r\nhello`],
	])("gives up at the signal on a server that %s, and destroys the connection", async (_, bytes) => {
		let closed: Promise<void> | undefined;
		const server = raw(bytes, (socket) => {
			closed = new Promise((resolve) => socket.once("close", () => resolve()).resume());
		});
		expect(await get(await listen(server), { signal: AbortSignal.timeout(200) })).toEqual({ kind: "timed-out" });
		await closed;
	});

	it("connects to nobody at a signal that has been given before", async () => {
		let connections = 0;
		const socket = await listen(createServer(() => connections++));
		expect(await get(socket, { signal: AbortSignal.abort() })).toEqual({ kind: "timed-out" });
		expect(connections).toBe(0);
	});

	it("keeps the first bytes of an endless answer, whichever way it is endless", async () => {
		const kept = { kind: "answered", truncated: true, body: "x".repeat(1000) };
		const limit = { maxBody: 1000 };
		expect(await get(await endless(`${ok}\r\n`, "x".repeat(9999)), limit)).toMatchObject(kept);
		const chunk = `${(5000).toString(16)}\r\n${"x".repeat(5000)}\r\n`;
		expect(await get(await endless(chunked, chunk), limit)).toMatchObject(kept);
		expect(await get(await endless(ok, "X: y\r\n"), limit)).toMatchObject({ code: "HPE_HEADER_OVERFLOW" });
	});

	it("keeps a body of just its limit whole", async () => {
		const answer = await get(await sending(`${ok}Content-Length: 5\r\n\r\nhello`), { maxBody: 5 });
		expect(answer).toMatchObject({ body: "hello", truncated: false });
	});

	it("reads a long answer in time that grows with its length, however small its chunks are", async () => {
		const small = await sending(`${chunked}${"1\r\nx\r\n".repeat(300_000)}0\r\n\r\n`);
		const ms = await cpuTime(async () =>
			expect(await get(small)).toMatchObject({ kind: "answered", body: "x".repeat(300_000) }),
		);
		expect(ms).toBeLessThan(6000);
	});

	it.each([
		["a path", { path: "/a\r\nX: y" }],
		["a path with a space", { path: "/a b" }],
		["a header", { headers: { x: "y\r\nz: 1" } }],
	])("sends nothing that would end its line: %s", async (_, more) => {
		let connections = 0;
		const socket = await listen(createServer(() => connections++));
		expect(await get(socket, more)).toMatchObject({ kind: "failed", code: expect.stringMatching(/^ERR_/) });
		expect(connections).toBe(0);
	});

	it("does not crash on a certificate that cannot be read", async () => {
		const to = { host: "127.0.0.1", port: 1, tls: { verify: true, ca: join(directory, "nothing.pem") } };
		expect(await request({ to, path: "/", signal: AbortSignal.timeout(1000) })).toMatchObject({
			kind: "failed",
			code: "ENOENT",
		});
	});

	it.each([
		["a FIFO that nobody writes to", (path: string) => void spawnSync("mkfifo", [path])],
		["a file without an end", (path: string) => symlinkSync("/dev/zero", path)],
	])("does not wait for a certificate that is %s", async (_, make) => {
		const ca = join(directory, "ca.pem");
		make(ca);
		const to = { host: "127.0.0.1", port: 1, tls: { verify: true, ca } };
		expect(await request({ to, path: "/", signal: AbortSignal.timeout(20_000) })).toMatchObject({ kind: "failed" });
	});
});
