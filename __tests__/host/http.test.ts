import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { request } from "../../src/host/http.ts";

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
	const path = join(directory, "socket");
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

const get = (socket: string, options: { timeoutMs?: number; maxBody?: number } = {}) =>
	request({
		to: { socket },
		path: "/version",
		signal: AbortSignal.timeout(options.timeoutMs ?? 5000),
		...(options.maxBody && { maxBody: options.maxBody }),
	});

describe("request", () => {
	it("gives status, headers and body over a unix socket, and sends method and body", async () => {
		const socket = await listen(
			createHttpServer((incoming, response) => {
				let body = "";
				incoming.on("data", (chunk) => {
					body += chunk;
				});
				incoming.on("end", () =>
					response.writeHead(201, { server: "Test" }).end(`${incoming.method} ${incoming.url} ${body}`),
				);
			}),
		);
		expect(await get(socket)).toMatchObject({
			kind: "answered",
			status: 201,
			body: "GET /version ",
			headers: { server: "Test" },
		});
		const post = await request({
			to: { socket },
			method: "POST",
			path: "/x",
			body: "{}",
			signal: AbortSignal.timeout(5000),
		});
		expect(post).toMatchObject({ body: "POST /x {}" });
	});

	it("speaks tcp, and tells a refused connection", async () => {
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

	it("tells a missing socket, garbage and a connection that ends without an answer", async () => {
		expect(await get(join(directory, "nothing"))).toMatchObject({ kind: "failed", code: "ENOENT" });
		expect(await get(await listen(raw("SSH-2.0-OpenSSH_9.2\r\n")))).toMatchObject({
			kind: "failed",
			code: expect.stringMatching(/^HPE_/),
		});
	});

	it("tells an answer that breaks off", async () => {
		expect(await get(await listen(raw("")))).toMatchObject({ kind: "failed", code: "ECONNRESET" });
	});

	it("gives up at the deadline on a server that accepts and never answers, or never ends", async () => {
		const started = Date.now();
		expect(await get(await listen(raw("", () => undefined)), { timeoutMs: 200 })).toEqual({ kind: "timed-out" });
		expect(Date.now() - started).toBeLessThan(1000);
	});

	it("keeps the first bytes of an endless body", async () => {
		const socket = await listen(createHttpServer((_, response) => response.end("x".repeat(5_000_000))));
		const answer = await get(socket, { maxBody: 1000 });
		expect(answer).toMatchObject({ kind: "answered", truncated: true, body: "x".repeat(1000) });
	});

	it("does not crash on a request that cannot be sent", async () => {
		const signal = AbortSignal.timeout(1000);
		expect(await request({ to: { socket: "/x" }, path: "/a b\n", signal })).toMatchObject({ kind: "failed" });
		const tls = { verify: true, ca: join(directory, "nothing.pem") };
		expect(await request({ to: { host: "127.0.0.1", port: 1, tls }, path: "/", signal })).toMatchObject({
			kind: "failed",
			code: "ENOENT",
		});
	});
});
