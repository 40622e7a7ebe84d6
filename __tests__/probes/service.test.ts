import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { serviceProbe } from "../../src/probes/service.ts";
import { collect, createRequest } from "../support/builders.ts";
import { Servers } from "../support/servers.ts";

let servers: Servers;
beforeEach(() => {
	servers = new Servers();
});
afterEach(() => servers.close());

const look = (url: string) => collect(serviceProbe("ollama", url), createRealHost({}));
const answering = async (body: unknown, status = 200) => {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const port = await servers.http((_, response) => response.writeHead(status).end(text));
	return (await look(`http://localhost:${port}/api/tags`)).answer;
};

describe("a service", () => {
	it("lists its models as Ollama does, or as OpenAI does", async () => {
		const tags = { models: [{ name: "qwen3.5:9b", model: "qwen3.5:9b", size: 1 }, { name: "b:latest" }, {}, null] };
		expect(await answering(tags)).toEqual({
			kind: "answered",
			status: 200,
			models: ["qwen3.5:9b", "b:latest"],
			ms: expect.any(Number),
		});
		expect(await answering({ object: "list", data: [{ id: "m" }] })).toMatchObject({ models: ["m"] });
		expect(await answering({ models: [] })).toMatchObject({ models: [] });
	});

	it("keeps the beginning of anything else", async () => {
		expect(await answering("Ollama is running\n")).toMatchObject({ status: 200, body: "Ollama is running" });
		expect(await answering({ models: "no" })).not.toHaveProperty("models");
		expect(await answering("x".repeat(5000), 500)).toMatchObject({ status: 500, body: `${"x".repeat(300)}…` });
		// What a proxy would say, from a server without one.
		expect(await answering("", 407)).toMatchObject({ kind: "answered", status: 407 });
		expect(await answering("[".repeat(100_000))).toMatchObject({ status: 200 });
	});

	it("reads a long list, and no endless one", async () => {
		const many = Array.from({ length: 3000 }, (_, index) => ({ name: `m${index}:latest` }));
		expect(await answering({ models: many })).toMatchObject({ models: { length: 1000 } });
		expect(await answering("x".repeat(5_000_000))).toMatchObject({ truncated: true });
	});

	it("gets user and password of its address, which no fact holds", async () => {
		const seen: (string | undefined)[] = [];
		const port = await servers.http((request, response) => {
			seen.push(request.url, request.headers.authorization);
			response.end("{}");
		});
		const facts = await look(`http://u%40x:s3cr3t@127.0.0.1:${port}/health?key=s3cr3t`);
		expect(seen).toEqual(["/health?key=s3cr3t", `Basic ${Buffer.from("u@x:s3cr3t").toString("base64")}`]);
		expect(JSON.stringify(facts)).not.toContain("s3cr3t");
		expect(facts.url).toBe(`http://127.0.0.1:${port}/health`);
	});

	it("that is not there, breaks off, or speaks otherwise is told", async () => {
		const at = async (port: number) => (await look(`http://localhost:${port}/`)).answer;
		expect(await at(await servers.closed())).toMatchObject({ code: "ECONNREFUSED" });
		expect(await at(await servers.breaking())).toMatchObject({ code: "ECONNRESET" });
		expect((await look("https://")).answer).toEqual({ kind: "no-url" });
		expect((await look(`http://%zz@localhost:${await servers.closed()}/`)).answer).toMatchObject({ kind: "failed" });
	});

	it("that says nothing ends with the deadline", async () => {
		const probe = serviceProbe("x", `http://localhost:${await servers.silent()}/`);
		const facts = await probe.collect(createRealHost({}), createRequest(), AbortSignal.timeout(200), () =>
			Promise.reject(),
		);
		expect(facts.answer).toEqual({ kind: "timed-out" });
	});
});
