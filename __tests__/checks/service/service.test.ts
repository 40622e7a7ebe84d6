import { describe, expect, it } from "vitest";
import { serviceFamily } from "../../../src/checks/service/service.ts";
import type { ServiceFacts, ServiceReply } from "../../../src/probes/service.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { findingOf } from "../docker/facts.ts";
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
		["service/ollama", "`ollama` has its models"],
		["service/db", "`db` answers"],
	]);
	expect(serviceFamily.expand(createPolicy())).toEqual([]);
});

describe("passes", () => {
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
			evidence: [{ source: `GET ${url}`, text: "status 200, 1 model" }],
		});
	});

	it("without models if none are asked for, also with a redirect", () => {
		const { models: _models, ...plain } = reply({ body: "OK" });
		expect(judgeService(plain, { models: [] })).toMatchObject({
			kind: "pass",
			message: "`ollama` answers 200 in 4 ms",
		});
		expect(judgeService({ ...plain, status: 302 }, { models: [] }).kind).toBe("pass");
	});
});

describe("refused", () => {
	it("without a port in the address", () => {
		const facts = { container: createContainer(), name: "web", where: "http://localhost/" };
		const verdict = findingOf(judgeService(failed("ECONNREFUSED"), facts));
		expect(verdict.remedy.text).toContain("`http://host.docker.internal`");
	});

	it.each(["SELF_SIGNED_CERT_IN_CHAIN", "EPROTO", "ECONNRESET"])("by %s", (code) => {
		expect(judgeService(failed(code))).toMatchObject({ reason: "refused", observed: `${code}: connect ${code}` });
	});
});

describe("the fix", () => {
	it.each(["EHOSTUNREACH", "ETIMEDOUT"])("of %s is about the network, not about the service", (code) => {
		const { remedy } = findingOf(judgeService(failed(code), { where: "http://10.0.0.9:11434/api/tags" }));
		expect(remedy.text).toMatch(/network/);
		expect(JSON.stringify(remedy)).not.toMatch(/[Ss]tart Ollama|systemctl enable/);
	});

	it("of a connection that is closed does not start what already listens", () => {
		const { remedy } = findingOf(judgeService(failed("ECONNRESET")));
		expect(remedy.text).toContain("log");
		expect(JSON.stringify(remedy)).not.toMatch(/[Ss]tart Ollama|systemctl enable/);
	});

	it("in the runner's own container is an option of that container", () => {
		const container = { ...onHost, insideContainer: "overlay root in /proc/self/mountinfo" };
		const { remedy } = findingOf(judgeService(failed("ECONNREFUSED"), { container }));
		expect(remedy.text).toContain("--add-host=host.docker.internal:host-gateway");
		expect(remedy).toMatchObject({ kind: "host" });
		expect(remedy.commands).toBeUndefined();
		expect(remedy.config).toBeUndefined();
	});

	it("names the list of models that every kind of server has", () => {
		const { models: _models, ...plain } = reply({ body: "hello" });
		const fixFor = (name: string, where: string) => findingOf(judgeService(plain, { name, where })).remedy.config?.text;
		expect(fixFor("vllm", "http://gpu:8000/")).toContain("http://gpu:8000/v1/models");
		expect(fixFor("ollama", "http://gpu:11434/")).toContain("http://gpu:11434/api/tags");
	});
});

it.each([400, 401, 403, 404, 500])("http-error: %i", (status) => {
	expect(judgeService(reply({ status }))).toMatchObject({ reason: "http-error", observed: `status ${status}` });
});

it("unexpected-body: an empty and a truncated answer", () => {
	const { models: _models, ...plain } = reply({ body: "" });
	expect(findingOf(judgeService(plain)).observed).toBe("an empty answer");
	expect(findingOf(judgeService({ ...plain, truncated: true })).message).toContain("too long");
});

it.each<[string, ServiceFacts["answer"]]>([
	["refused", failed("ECONNREFUSED")],
	["timeout", { kind: "timed-out" }],
	["http-error", reply({ status: 503 })],
	["unexpected-body", failed("HPE_INVALID_CONSTANT")],
	["model-missing", reply({ models: [] })],
])("the title of %s has room for a long name", (reason, answer) => {
	const name = "a-very-long-name-of-a-service-as-only-policies-have-them-somewhere";
	const verdict = findingOf(judgeService(answer, { name, models: [`hf.co/${name}:Q4_K_M`] }));
	expect(verdict.reason).toBe(reason);
	expect(verdict.title?.length).toBeLessThanOrEqual(60);
});

describe("model-missing", () => {
	it("names what is missing, similar models, and the commands", () => {
		const verdict = findingOf(
			judgeService(reply({ models: ["qwen3.5:4b", "x:latest"] }), { models: ["qwen3.5:9b", "x", "y z"] }),
		);
		expect(verdict).toMatchObject({ reason: "model-missing", observed: "qwen3.5:4b, x:latest" });
		expect(verdict.message).toBe("`ollama` does not have `qwen3.5:9b` and `y z`; it has `qwen3.5:4b`.");
		expect(verdict.remedy.commands).toEqual(["ollama pull qwen3.5:9b", "ollama pull 'y z'"]);
	});

	it("pulls on the host, where `host.docker.internal` is no name", () => {
		const pull = (where: string) => findingOf(judgeService(reply({ models: [] }), { where })).remedy.commands;
		expect(pull("http://host.docker.internal:11434/api/tags")).toEqual(["ollama pull qwen3.5:9b"]);
		expect(pull("http://host.docker.internal:11500/api/tags")).toEqual([
			"OLLAMA_HOST=http://localhost:11500 ollama pull qwen3.5:9b",
		]);
	});

	it("of a server for which case matters: its names have no tags", () => {
		const facts = { name: "vllm", where: "http://gpu:8000/v1/models", models: ["qwen/qwen3-8b"] };
		expect(findingOf(judgeService(reply({ models: ["Qwen/Qwen3-8B"] }), facts)).message).toBe(
			"`vllm` does not have `qwen/qwen3-8b`; it has `Qwen/Qwen3-8B`.",
		);
		const small = { ...facts, models: ["Qwen/Qwen3-8B"] };
		expect(judgeService(reply({ models: ["qwen/qwen3-8b"] }), small)).toMatchObject({ reason: "model-missing" });
		const right = { ...facts, models: ["Qwen/Qwen3-8B"] };
		expect(judgeService(reply({ models: ["Qwen/Qwen3-8B"] }), right).kind).toBe("pass");
	});

	it("of a service without models", () => {
		expect(findingOf(judgeService(reply({ models: [] }))).observed).toBe("no models");
	});
});
