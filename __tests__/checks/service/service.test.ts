import { describe, expect, it } from "vitest";
import { serviceFamily } from "../../../src/checks/service/service.ts";
import type { ServiceFacts, ServiceReply } from "../../../src/probes/service.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { findingOf, wayOut } from "../docker/facts.ts";
import { createContainer, createJob, onHost } from "../runner/facts.ts";

const url = "http://localhost:11434/api/tags";
const reply = (overrides: Partial<ServiceReply> = {}): ServiceReply => ({
	kind: "answered",
	status: 200,
	models: ["qwen3.5:9b", "nomic-embed-text:latest"],
	ms: 4,
	...overrides,
});
const failed = (code: string, at?: "proxy") =>
	({ kind: "failed", code, message: `connect ${code}`, ...(at && { at }) }) as const;

function judgeService(
	answer: ServiceFacts["answer"],
	{
		models = ["qwen3.5:9b"],
		where = url,
		name = "ollama",
		container = onHost,
		via = undefined as string | undefined,
	} = {},
) {
	const [check] = serviceFamily.expand(createPolicy({ services: [{ name, url: where, models }] }));
	if (!check) throw new Error("no check");
	const service: ServiceFacts = { url: where, answer, ...(via && { via }) };
	return judge(check, { service, container, job: createJob() });
}

it("there is one check for each service of the policy, and none without", () => {
	const services = [
		{ name: "ollama", url, models: ["a"] },
		{ name: "db", url: "http://db:1", models: [] },
	];
	expect(serviceFamily.expand(createPolicy({ services })).map(({ id, title }) => [id, title])).toEqual([
		["service/ollama", "`ollama` answers, and has `a`"],
		["service/db", "`db` answers"],
	]);
	expect(serviceFamily.expand(createPolicy())).toEqual([]);
});

describe("a service that is well", () => {
	it.each([
		["qwen3.5:9b", ["qwen3.5:9b"]],
		["nomic-embed-text", ["nomic-embed-text:latest"]],
		["nomic-embed-text:latest", ["nomic-embed-text"]],
		["Qwen3.5:9B", ["qwen3.5:9b"]],
		["hf.co/unsloth/x-GGUF:Q4_K_M", ["hf.co/unsloth/x-GGUF:Q4_K_M"]],
		["registry:5000/x", ["registry:5000/x:latest"]],
	])("has %s among %j", (wanted, models) => {
		expect(judgeService(reply({ models }), { models: [wanted] })).toMatchObject({
			kind: "pass",
			message: `\`ollama\` has \`${wanted}\``,
			evidence: [{ source: `GET ${url}`, text: "status 200, 1 models" }],
		});
	});

	it("needs no models where none are asked for, and may send elsewhere", () => {
		const { models: _models, ...plain } = reply({ body: "OK" });
		expect(judgeService(plain, { models: [] })).toMatchObject({
			kind: "pass",
			message: "`ollama` answers 200 in 4 ms",
		});
		expect(judgeService({ ...plain, status: 302 }, { models: [] }).kind).toBe("pass");
	});
});

describe("refused", () => {
	it("on the host: start it", () => {
		const verdict = findingOf(judgeService(failed("ECONNREFUSED")));
		expect(verdict).toMatchObject({ reason: "refused", observed: "ECONNREFUSED: connect ECONNREFUSED" });
		expect(wayOut(verdict)).toContain("systemctl enable --now ollama");
		const other = findingOf(
			judgeService(failed("ECONNREFUSED"), { name: "db", where: "http://localhost:5432/", models: [] }),
		);
		expect(wayOut(other)).not.toContain("ollama");
	});

	it("in a container: `localhost` is the container", () => {
		const verdict = judgeService(failed("ECONNREFUSED"), { container: createContainer() });
		expect(wayOut(verdict)).toContain("--add-host=host.docker.internal:host-gateway");
		expect(wayOut(verdict)).toContain("`http://host.docker.internal:11434`");
		expect(wayOut(verdict)).toContain("OLLAMA_HOST=0.0.0.0");
		const other = judgeService(failed("ECONNREFUSED"), {
			container: createContainer(),
			name: "web",
			where: "http://localhost/",
		});
		expect(wayOut(other)).toContain("`http://host.docker.internal`");
	});

	it.each([
		["ENOTFOUND", "its name does not resolve", "getent hosts"],
		["SELF_SIGNED_CERT_IN_CHAIN", "unknown authority", "`http` or `https`"],
		["EPROTO", "the TLS handshake fails", "`http` or `https`"],
		["ECONNRESET", "closes the connection", "OLLAMA_HOST=0.0.0.0"],
	])("elsewhere, by %s", (code, what, way) => {
		const verdict = findingOf(judgeService(failed(code), { where: "http://gpu.lan:11434/api/tags" }));
		expect(verdict.reason).toBe("refused");
		expect(verdict.message).toContain(what);
		expect(wayOut(verdict)).toContain(way);
	});

	it("by a proxy on the way", () => {
		const verdict = findingOf(
			judgeService(failed("HTTP_403", "proxy"), { where: "http://gpu.lan:1/", via: "http://p:3128" }),
		);
		expect(verdict.message).toContain("the proxy `http://p:3128` forbids it");
		expect(wayOut(verdict)).toContain("--noproxy");
	});
});

it("timeout: it says nothing", () => {
	const verdict = findingOf(judgeService({ kind: "timed-out" }));
	expect(verdict).toMatchObject({ reason: "timeout", observed: "no answer within the deadline" });
	expect(wayOut(verdict)).toContain("journalctl -u ollama");
});

it.each([
	[500, "log"],
	[401, "login"],
	[404, "address in the policy"],
])("http-error: %i", (status, way) => {
	const verdict = findingOf(judgeService(reply({ status })));
	expect(verdict).toMatchObject({ reason: "http-error", observed: `status ${status}` });
	expect(wayOut(verdict)).toContain(way);
});

describe("unexpected-body", () => {
	it("an answer without a list of models", () => {
		const { models: _models, ...plain } = reply({ body: "Ollama is running" });
		const verdict = findingOf(judgeService(plain, { where: "http://localhost:11434/" }));
		expect(verdict).toMatchObject({ reason: "unexpected-body", observed: "Ollama is running" });
		expect(wayOut(verdict)).toContain("http://localhost:11434/api/tags");
		expect(findingOf(judgeService({ ...plain, body: "" })).observed).toBe("an empty answer");
		expect(findingOf(judgeService({ ...plain, truncated: true })).message).toContain("too long");
	});

	it("an answer that is no HTTP", () => {
		expect(findingOf(judgeService(failed("HPE_INVALID_CONSTANT"))).reason).toBe("unexpected-body");
	});
});

describe("model-missing", () => {
	it("names what is missing, what is near, and what to type", () => {
		const verdict = findingOf(
			judgeService(reply({ models: ["qwen3.5:4b", "x:latest"] }), { models: ["qwen3.5:9b", "x", "y z"] }),
		);
		expect(verdict).toMatchObject({ reason: "model-missing", observed: "qwen3.5:4b, x:latest" });
		expect(verdict.message).toBe("`ollama` lacks `qwen3.5:9b` and `y z`; it has `qwen3.5:4b`.");
		expect(verdict.remedy.commands).toEqual(["ollama pull qwen3.5:9b", "ollama pull 'y z'"]);
		expect(findingOf(judgeService(reply({ models: [] }))).observed).toBe("no models");
	});

	it("asks the Ollama that was asked", () => {
		const verdict = findingOf(judgeService(reply({ models: [] }), { where: "http://gpu.lan:11434/api/tags" }));
		expect(verdict.remedy.commands).toEqual(["OLLAMA_HOST=http://gpu.lan:11434 ollama pull qwen3.5:9b"]);
		const other = findingOf(
			judgeService(reply({ models: [] }), { name: "vllm", where: "http://localhost:8000/v1/models" }),
		);
		expect(wayOut(other)).not.toContain("ollama pull");
	});
});

it("what could not be asked is neither pass nor failure", () => {
	expect(judgeService({ kind: "no-url" }).kind).toBe("undecided");
	expect(judgeService({ kind: "other-proxy" }, { via: "socks5://p" })).toMatchObject({
		kind: "skip",
		reason: "not-applicable",
	});
});
