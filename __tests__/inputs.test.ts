import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Inputs, inputNames, inputsFromEnv, resolveInputs } from "../src/inputs.ts";
import { ConfigurationError } from "../src/mistake.ts";
import { createHost } from "./support/fake-host.ts";

function resolve(inputs: Inputs, policy?: string) {
	const files = policy === undefined ? {} : { "/workspace/o/r/.gitea/runner-check.yml": policy };
	return resolveInputs(inputs, {
		host: createHost({ env: { GITHUB_WORKSPACE: "/workspace/o/r" }, files }),
		decideProfile: async () => ({ name: "titan", decidedBy: "environment" }),
		defaultReportDir: "/tmp/runner-check",
	});
}

const notAsked = () => Promise.reject(new Error("an input names the profile"));

async function mistakes(inputs: Inputs, policy?: string): Promise<string[]> {
	try {
		await resolve(inputs, policy);
	} catch (error) {
		if (error instanceof ConfigurationError) return error.message.split("\n");
		throw error;
	}
	return [];
}

describe("resolveInputs", () => {
	it("gives the defaults of action.yml where nothing is said", async () => {
		const { request, decidedBy } = await resolve({});
		expect(decidedBy).toBe("environment");
		expect(request).toMatchObject({
			policy: { profile: "titan", skip: [] },
			workspace: "/workspace/o/r",
			failOn: "fail",
			summary: true,
			publish: "none",
			formats: ["json"],
			reportDir: "/tmp/runner-check",
		});
	});

	it("names a wrong address without the key that its query may be", async () => {
		const services = '[{ name: a, url: "htp://host/x?sig=CANARY&CANARY" }]';
		expect(await mistakes({ services })).toEqual([
			expect.stringContaining('found `"htp://host/x?…"`; allowed: an http'),
		]);
		const policy = `version: 1\nprofiles: { p: { services: ${services} } }\n`;
		expect(await mistakes({}, policy)).toEqual([expect.stringContaining('found `"htp://host/x?…"`')]);
	});

	it.each([
		["off", undefined],
		["false", undefined],
		["", undefined],
		["true", { parts: ["docker"], all: false }],
		["docker", { parts: ["docker"], all: false }],
		["git, rust", { parts: ["rust", "git"], all: false }],
		["gpu\ngit\ngpu", { parts: ["git", "gpu"], all: false }],
		["all", { parts: ["docker", "rust", "git", "gpu"], all: true }],
	])("takes `smoke: %s` for %j", async (smoke, expected) => {
		expect((await resolve({ smoke })).request.policy.smoke).toEqual(expected);
	});

	it.each([
		["dokcer", /input `smoke`: found `dokcer`; allowed: off, all, .*did you mean `docker`\?/],
		["docker, off", /input `smoke`: found `off`/],
		["docker rust", /input `smoke`: found `docker rust`/],
		["yes", /input `smoke`: found `yes`/],
	])("refuses `smoke: %s`", async (smoke, message) => {
		expect(await mistakes({ smoke }).then((all) => all.join())).toMatch(message);
	});

	it.each([
		[{}, 10],
		[{ smoke: "off" }, 10],
		[{ smoke: "all" }, 60],
		[{ smoke: "true" }, 60],
		[{ smoke: "true", timeout: "20s" }, 20],
	])("has one deadline for the whole run: %j", async (inputs, seconds) => {
		const { timeoutMs } = (await resolve(inputs)).request;
		expect(Math.ceil(timeoutMs / 1000)).toBe(seconds);
	});

	it("asks for no more than a run can look at", async () => {
		const many = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index}`);
		const layer = (name: string, parent: string) =>
			`  ${name}: { extends: ${parent}, tools: { ${many(`${name}-`, 150)
				.map((tool) => `${tool}: "*"`)
				.join(", ")} } }\n`;
		const policy = `version: 1\nprofiles:\n${layer("a", "b")}${layer("b", "generic")}`;
		const [message, ...others] = await mistakes({ profile: "a" }, policy);
		expect(others).toEqual([]);
		expect(message).toMatch(/^`tools` of the profile `a`: found 3\d\d entries; allowed: at most 200, with what it/);
		expect(await mistakes({ registries: `[${many("r", 101).join(", ")}]` })).toEqual([
			"`registries` of the profile `titan`: found 101 entries; allowed: at most 100, with what it extends and the inputs",
		]);
		expect(await mistakes({ tools: `{${many("t", 501).map((tool) => `${tool}: 1`)}}` })).toEqual([
			"input `tools`: found 501 entries; allowed: at most 500 entries",
		]);
		expect(await mistakes({ skip: many("x", 501).join(","), workflows: many("y", 101).join(",") })).toEqual([
			"input `workflows`: found 101 entries; allowed: at most 100",
			"input `skip`: found 501 entries; allowed: at most 500",
		]);
	});

	it("counts the time that the policy takes to read", async () => {
		const host = createHost();
		const readText: typeof host.readText = async (...place) => {
			await new Promise((resolve) => setTimeout(resolve, 450));
			return host.readText(...place);
		};
		const options = { host: { ...host, readText }, decideProfile: notAsked, defaultReportDir: undefined };
		const { request } = await resolveInputs({ timeout: "2s", profile: "titan" }, options);
		expect(request.timeoutMs).toBeLessThanOrEqual(1600);
	});

	it("leaves the probes the time that the choice of the profile did not take", async () => {
		let given: number | undefined;
		const { request } = await resolveInputs(
			{ timeout: "2s" },
			{
				host: createHost(),
				decideProfile: async (_, timeoutMs) => {
					given = timeoutMs;
					await new Promise((resolve) => setTimeout(resolve, 450));
					return { name: "titan", decidedBy: "environment" };
				},
				defaultReportDir: undefined,
			},
		);
		expect(given).toBe(1000);
		expect(request.timeoutMs).toBeLessThanOrEqual(1600);
		expect(request.timeoutMs).toBeGreaterThanOrEqual(100);
	});

	it("lays the inputs over the profile and notes where each came from", async () => {
		const { request } = await resolve({
			profile: "matric-builder",
			tools: 'rustc: ">=1.92"\nffmpeg: "*"',
			docker: "forbidden",
			gpu: "required",
			"min-free-disk": "1GiB",
			"min-free-inodes": "10",
			image: "example/builder:1",
		});
		const { policy } = request;
		expect(policy.tools.rustc?.version.text).toBe(">=1.92");
		expect(policy.tools.ffmpeg?.command).toEqual(["ffmpeg", "--version"]);
		expect(policy.tools.cargo?.version.text).toBe("*");
		expect(policy.docker).toEqual({ require: "forbidden", plugins: ["buildx"] });
		expect(policy.gpu.require).toBe("required");
		expect(policy.image).toBe("example/builder:1");
		expect(policy.disk).toEqual([{ path: "workspace", free: 2 ** 30, inodes: 10 }]);
		expect(policy.sources).toEqual({
			"tools.rustc": "input `tools`",
			"tools.ffmpeg": "input `tools`",
			docker: "input `docker`",
			gpu: "input `gpu`",
			"disk.workspace.free": "input `min-free-disk`",
			"disk.workspace.inodes": "input `min-free-inodes`",
			image: "input `image`",
		});
	});

	it("hands on every input that is no expectation", async () => {
		const { request } = await resolve({
			"runner-config": "/etc/gitea-runner/config.yaml",
			workflows: ".gitea/workflows/*.{yml,yaml}, other.yml",
			token: "t",
			smoke: "true",
			summary: "false",
			publish: "log",
			formats: "json, junit",
			"fail-on": "warn",
			timeout: "2s",
			"report-dir": "/r",
			registries: "[ghcr.io]",
			services: '- { name: ollama, url: "http://localhost:11434/api/tags" }',
			skip: "docker/*\ngpu/*",
		});
		expect(request).toMatchObject({
			runnerConfig: "/etc/gitea-runner/config.yaml",
			workflows: [".gitea/workflows/*.{yml,yaml}", "other.yml"],
			token: "t",
			summary: false,
			publish: "log",
			formats: ["json", "junit"],
			failOn: "warn",
			reportDir: "/r",
			reportDirNamed: true,
			policy: {
				smoke: { parts: ["docker"], all: false },
				registries: ["ghcr.io"],
				services: [{ name: "ollama", url: "http://localhost:11434/api/tags", models: [] }],
				skip: ["docker/*", "gpu/*"],
			},
		});
	});

	it("makes a tool required that an input names, though the profile has it optional", async () => {
		expect((await resolve({ profile: "generic" })).request.policy.tools.rustc?.optional).toBe(true);
		expect((await resolve({ profile: "generic", tools: "rustc: '*'" })).request.policy.tools.rustc?.optional).toBe(
			false,
		);
	});

	it("leaves it to the policy how a tool is asked for its version", async () => {
		const policy =
			'version: 1\nprofiles:\n  titan:\n    tools:\n      mytool: { version: "*", command: [mytool, -V] }\n';
		const { request } = await resolve({ profile: "titan", tools: 'mytool: ">=5"' }, policy);
		expect(request.policy.tools.mytool).toMatchObject({ version: { text: ">=5" }, command: ["mytool", "-V"] });
	});

	it("says nothing of a profile that a policy with a mistake may define", async () => {
		const policy = "version: 1\nprofiles:\n  ours: { extends: titan, docker: requird }\n";
		expect(await mistakes({ profile: "ours" }, policy)).toEqual([expect.stringContaining("requird")]);
	});

	it("keeps a version as it was written: 1.90 is not 1.9", async () => {
		expect((await resolve({ tools: "rustc: 1.90" })).request.policy.tools.rustc?.version.text).toBe("1.90");
	});

	it.each<[Inputs, RegExp]>([
		[
			{ profile: "matric" },
			/^input `profile`: found `matric`; allowed: matric-builder, matric-builder-gpu, titan, gpu, generic, auto$/,
		],
		[{ profile: "constructor" }, /^input `profile`/],
		[{ skip: "docker/socket:missing" }, /^input `skip`: found `docker\/socket:missing`; .*`severity` in the policy$/],
		[
			{ services: "- { name: a, url: 'http://a' }\n- { name: a, url: 'http://b' }" },
			/^input `services`, line 2, column 11: found `a` a second time; allowed: a name that is unique among the services$/,
		],
		[{ docker: "yes" }, /^input `docker`: found `yes`; allowed: required, optional, forbidden$/],
		[{ gpu: "Required" }, /^input `gpu`/],
		[{ "min-free-disk": "40 gigs" }, /^input `min-free-disk`: found `40 gigs`; allowed: a size with a unit/],
		[{ "min-free-inodes": "1e6" }, /^input `min-free-inodes`: found `1e6`; allowed: a whole number/],
		[{ "fail-on": "error" }, /^input `fail-on`: found `error`; allowed: fail, warn, never$/],
		[{ timeout: "10" }, /^input `timeout`: found `10`; allowed: a duration/],
		[{ timeout: "0s" }, /^input `timeout`/],
		[{ timeout: "11m" }, /^input `timeout`/],
		[{ summary: "yes" }, /^input `summary`: found `yes`; allowed: true, false$/],
		[{ publish: "artifact" }, /^input `publish`: found `artifact`; allowed: none, log$/],
		[{ smoke: "1" }, /^input `smoke`/],
		[{ formats: "json,xml" }, /^input `formats`: found `xml`; allowed: json, junit, prometheus, html, markdown$/],
		[{ skip: "docker/sockets" }, /^input `skip`: found `docker\/sockets`; .*did you mean `docker\/socket`\?$/],
		[
			{ policy: "x.yml" },
			/^input `policy`: found `x.yml`, which does not exist; allowed: the path of a policy file, relative to the workspace$/,
		],
		[{ tools: "rustc: '>='" }, /^input `tools`, line 1, column 8: found `>=`; allowed: a version range/],
		[{ tools: "rustc: >=1.92" }, /^input `tools`, line 1, column 9: .*begins with `\*` or `>` needs quotes$/],
		[{ tools: "rustc: *" }, /^input `tools`, line 1, column 8: .*begins with `\*` or `>` needs quotes$/],
		[
			{ tools: "rustc: 1\nrustc: 2" },
			/^input `tools`, line 2, column 1: found `rustc` a second time; allowed: each tool once$/,
		],
		[{ tools: "- rustc" }, /^input `tools`, line 1, column 1: found `- rustc`; allowed: a YAML mapping/],
		[
			{ registries: "ghcr.io" },
			/^input `registries`, line 1, column 1: found `ghcr.io`; allowed: a list of hosts or image references$/,
		],
		[{ image: ":::" }, /^input `image`: found `:::`; allowed: an image such as `ghcr.io\/owner\/image:latest`/],
		[{ image: "ghcr.io/Owner/Image" }, /^input `image`: found `ghcr.io\/Owner\/Image`; allowed: an image/],
		[
			{ registries: "- ghcr.io\n- ':::'" },
			/^input `registries`, line 2, column 3: found `':::'`; allowed: a host such as `ghcr.io`/,
		],
		[
			{ services: "- { name: a, url: 'http://a:99999/' }" },
			/^input `services`, line 1, column 19: found `'http:\/\/a:99999\/'`; allowed: an http or https URL$/,
		],
		[{ services: "- { name: ollama }" }, /^input `services`, line 1, column 3: found no `url`/],
		[
			{ services: "- { name: o, url: ftp://x }" },
			/^input `services`, line 1, column 19: found `ftp:\/\/x`; allowed: an http or https URL$/,
		],
		[{ tools: "rustc: [1]" }, /^input `tools`, line 1/],
		[{ tools: "../evil: 1" }, /^input `tools`, line 1, column 1: found `..\/evil`; allowed: the name of a program/],
		[{ tools: "rustc: 1\n\tcargo: 2" }, /^input `tools`, line 2/],
	])("refuses %j with place, find and what is allowed", async (inputs, message) => {
		expect(await mistakes(inputs)).toEqual([expect.stringMatching(message)]);
	});

	it("names every mistake, not only the first", async () => {
		expect(await mistakes({ docker: "yes", gpu: "no", timeout: "soon", registries: "x: 1" })).toHaveLength(4);
	});

	it("bounds what it repeats of a mistake", async () => {
		const [message = ""] = await mistakes({ docker: "x".repeat(1_000_000) });
		expect(message.length).toBeLessThan(500);
	});
});

describe("inputsFromEnv", () => {
	it("reads INPUT_ variables as the runner names them, and takes empty ones for absent", () => {
		expect(inputsFromEnv({ "INPUT_MIN-FREE-DISK": " 1GiB ", INPUT_PROFILE: "", INPUT_OTHER: "x" })).toEqual({
			"min-free-disk": "1GiB",
		});
	});
});

it("inputsFromEnv reads what a shell passes on, too", () => {
	expect(inputsFromEnv({ INPUT_MIN_FREE_DISK: "1GiB" })).toEqual({ "min-free-disk": "1GiB" });
});

describe("action.yml", () => {
	const action = parse(readFileSync("action.yml", "utf8"));

	it("declares the inputs that the program reads, and no other", () => {
		expect(Object.keys(action.inputs)).toEqual([...inputNames]);
	});

	it("has defaults that the program accepts", async () => {
		const defaults = Object.entries(action.inputs as Record<string, { default: string }>).map(([name, input]) => [
			name,
			input.default,
		]);
		const env = Object.fromEntries(defaults.map(([name, value]) => [`INPUT_${String(name).toUpperCase()}`, value]));
		expect(await mistakes(inputsFromEnv(env))).toEqual([]);
	});
});
