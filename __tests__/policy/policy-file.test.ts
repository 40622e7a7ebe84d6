import { describe, expect, it } from "vitest";
import { describeMistake } from "../../src/mistake.ts";
import { type PolicyFile, readPolicy } from "../../src/policy/policy-file.ts";
import { labelsOf, toPolicy } from "../../src/policy/profile.ts";
import { satisfies } from "../../src/versions.ts";
import { cpuTime } from "../support/cpu-time.ts";

const known = {
	profiles: ["matric-builder", "gpu"],
	knowsCheck: (pattern: string) => /^(?:disk\/free|docker\/[a-z-*]+)(?::[a-z-]+)?$/.test(pattern),
	checkIds: ["disk/free", "docker/socket"],
};

function accept(text: string): PolicyFile {
	const policy = readPolicy("policy.yml", text, known);
	if ("source" in policy) return policy;
	throw new Error(policy.map(describeMistake).join("\n"));
}

function refuse(text: string): string[] {
	const policy = readPolicy("policy.yml", text, known);
	return "source" in policy ? [] : policy.map(describeMistake);
}

describe("references", () => {
	const profile = (line: string): string => `version: 1\nprofiles:\n  a:\n    ${line}\n`;

	it.each([
		"image: ghcr.io/owner/image:latest",
		"image: debian",
		"image: registry:5000/image@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"image: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"registries: [ghcr.io, 'registry:5000', 'localhost:5000/image', 'https://git.lan/', docker.io, debian:12]",
		"services: [{ name: a, url: 'http://[::1]:11434/api/tags' }]",
	])("are taken: %s", (line) => {
		expect(refuse(profile(line))).toEqual([]);
	});

	it.each([
		['image: ":::"', 'policy.yml:4:12: found `":::"`; allowed: an image'],
		["image: ghcr.io/Owner/image", "policy.yml:4:12: found `ghcr.io/Owner/image`; allowed: an image"],
		["image: ghcr.io/owner/image:", "policy.yml:4:12: found"],
		["image: https://ghcr.io/owner/image", "policy.yml:4:12: found"],
		["registries: [ghcr.io, 'ghcr.io/a/b:c:d']", "policy.yml:4:27: found `'ghcr.io/a/b:c:d'`; allowed: a host"],
		["registries: [http://registry.lan]", "policy.yml:4:18: found `http://registry.lan`; allowed: a host"],
		["services: [{ name: a, url: 'http://' }]", "policy.yml:4:32: found"],
		["services: [{ name: a, url: 'http://[::1' }]", "policy.yml:4:32: found"],
	])("are told with their place: %s", (line, message) => {
		expect(refuse(profile(line)).join("\n")).toContain(message);
	});
});

const example = `version: 1
profiles:
  matric-builder:
    labels: [matric-builder, builder]
    runs-in: container
    image-max-age: 30d
    tools:
      rustc: ">=1.92"
      node: 1.90
      ffmpeg: { version: "*", command: [ffmpeg, -version], optional: true }
    docker: { require: required, plugins: [] }
    privileged: forbidden
    disk:
      - { path: workspace, free: 50GiB }
      - { path: docker-root, free: 40GiB }
    registries: [ghcr.io/fortemi/fortemi/builder:latest]
  inference:
    extends: gpu
    gpu: { require: required, count: 1, memory: 24GiB, free-memory: 8GiB, driver: ">=550", compute-capability: ">=8.0" }
    services:
      - { name: ollama, url: "http://localhost:11434/api/tags", models: [qwen3.5:9b] }
severity:
  docker/socket-exposure: off
accept:
  - { check: disk/free, reason: bigger disk is ordered, until: 2026-12-31 }
`;

describe("readPolicy and toPolicy", () => {
	it("merge a profile over the built-in one of its name, and know where each expectation stands", () => {
		const file = accept(example);
		const policy = toPolicy("matric-builder", file);
		expect(policy.tools.rustc?.version.text).toBe(">=1.92");
		expect(policy.tools.node?.version.text).toBe("1.90");
		expect(policy.tools.cargo?.version.text).toBe("*");
		expect(policy.tools.ffmpeg).toMatchObject({ command: ["ffmpeg", "-version"], optional: true });
		expect(policy.docker).toEqual({ require: "required", plugins: [] });
		expect(policy.imageMaxAgeDays).toBe(30);
		expect(policy.disk).toEqual([
			{ path: "workspace", free: 50 * 2 ** 30, inodes: 1_000_000 },
			{ path: "docker-root", free: 40 * 2 ** 30 },
		]);
		expect(policy.severity).toEqual({ "docker/socket-exposure": "off" });
		expect(policy.accept).toEqual([{ check: "disk/free", reason: "bigger disk is ordered", until: "2026-12-31" }]);
		expect(policy.sources).toMatchObject({
			"tools.rustc": "policy.yml:8",
			"tools.ffmpeg": "policy.yml:10",
			docker: "policy.yml:11",
			runsIn: "policy.yml:5",
			"disk.workspace.free": "policy.yml:14",
		});
		expect(policy.sources).not.toHaveProperty(["tools.cargo"]);
		expect(policy.sources).not.toHaveProperty(["disk.workspace.inodes"]);
		expect(labelsOf("matric-builder", file)).toEqual(["matric-builder", "builder"]);
	});

	it("set floors for memory, CPUs, shared memory and open files", () => {
		const lines = ["    memory: 4GiB", "    cpus: 1.5", "    shm: 1GiB", "    open-files: 65536"];
		const policy = toPolicy("gpu", accept(`version: 1\nprofiles:\n  gpu:\n${lines.join("\n")}\n`));
		expect(policy).toMatchObject({ memory: 4 * 2 ** 30, cpus: 1.5, shm: 2 ** 30, openFiles: 65_536 });
		expect(policy.sources).toEqual({
			memory: "policy.yml:4",
			cpus: "policy.yml:5",
			shm: "policy.yml:6",
			openFiles: "policy.yml:7",
		});
	});

	it("tells the problems of form and of meaning together, in the order of lines", async () => {
		const messages = await refuse(
			[
				"version: 1",
				"profiles:",
				"  a:",
				'    tools: { rustc: "soon" }',
				"    docker: maybe",
				"  b: { extends: nowhere }",
				"accept:",
				"  - { check: disk/free, reason: x }",
				"severity: { disk/fre: off }",
				"",
			].join("\n"),
		);
		expect(messages.map((message) => message.replace(/; allowed.*/s, ""))).toEqual([
			'policy.yml:4:21: found `"soon"`',
			"policy.yml:5:13: found `maybe`",
			"policy.yml:6:17: found `nowhere`",
			"policy.yml:8:5: found no `until`",
			"policy.yml:9:13: found `disk/fre`",
		]);
	});

	it.each([
		["memory: lots", "4:13", "a size with a unit"],
		["memory: .inf", "4:13", "a size with a unit"],
		["cpus: two", "4:11", "a number of CPUs such as `2` or `1.5`"],
		["cpus: -1", "4:11", "a number of CPUs such as `2` or `1.5`"],
		["cpus: .inf", "4:11", "a number of CPUs such as `2` or `1.5`"],
		["shm: 1 PiB", "4:10", "a size with a unit"],
		["open-files: 1.5", "4:17", "a whole number, 0 or more"],
		["open-files: 64k", "4:17", "a whole number, 0 or more"],
		["openfiles: 1024", "4:5", "did you mean `open-files`?"],
	])("refuse %s", (line, place, allowed) => {
		const mistakes = refuse(`version: 1\nprofiles:\n  gpu:\n    ${line}\n`);
		expect(mistakes).toHaveLength(1);
		expect(mistakes[0]).toMatch(new RegExp(`^policy\\.yml:${place}: `));
		expect(mistakes[0]).toContain(allowed);
	});

	it("extend a profile, without its labels", () => {
		const file = accept(example);
		const policy = toPolicy("inference", file);
		expect(policy).toMatchObject({ profile: "inference", runsIn: "host" });
		expect(policy.gpu).toMatchObject({ require: "required", count: 1, memory: 24 * 2 ** 30, freeMemory: 8 * 2 ** 30 });
		const driver = policy.gpu.driver;
		expect(driver && satisfies({ text: "", numbers: [580, 126, 9], prerelease: [] }, driver)).toBe(true);
		expect(policy.services).toEqual([
			{ name: "ollama", url: "http://localhost:11434/api/tags", models: ["qwen3.5:9b"] },
		]);
		expect(labelsOf("inference", file)).toEqual([]);
	});

	it("keep of a parent what the child does not say", () => {
		const parent = [
			"    docker: { require: optional, plugins: [compose] }",
			"    gpu: { require: optional, count: 2 }",
			"    tools: { ffmpeg: { version: '*', command: [ffmpeg, -version], optional: true } }",
		];
		const child = [
			"    extends: parent",
			"    docker: required",
			"    gpu: { require: required, memory: 8GiB }",
			"    tools: { ffmpeg: '>=6' }",
		];
		const text = `version: 1\nprofiles:\n  parent:\n${parent.join("\n")}\n  child:\n${child.join("\n")}\n`;
		const policy = toPolicy("child", accept(text));
		expect(policy.docker).toEqual({ require: "required", plugins: ["compose"] });
		expect(policy.gpu).toEqual({ require: "required", count: 2, memory: 8 * 2 ** 30 });
		expect(policy.tools.ffmpeg).toMatchObject({
			version: { text: ">=6" },
			command: ["ffmpeg", "-version"],
			optional: true,
		});
		expect(policy.sources).toEqual({
			docker: "policy.yml:9",
			gpu: "policy.yml:10",
			"tools.ffmpeg": "policy.yml:11",
		});
	});

	// The built-in profile stands between its parent and the words of the file.
	it("name no line of a parent for what the built-in profile overrules", () => {
		const parent = "runs-in: container, memory: 8GiB, shm: 1GiB, docker: required, tools: { rustc: '>=1.92', jq: '*' }";
		const file = accept(`version: 1\nprofiles:\n  base: { ${parent} }\n  titan: { extends: base }\n`);
		const policy = toPolicy("titan", file);
		expect(policy).toMatchObject({ runsIn: "host", memory: 2 ** 30, shm: 2 ** 30, docker: { require: "optional" } });
		expect(policy.tools.rustc?.version.text).toBe("*");
		expect(policy.sources).toEqual({ shm: "policy.yml:3", "tools.jq": "policy.yml:3" });
	});

	it.each([
		["count: 2", { count: 2 }],
		["memory: 8GiB", { memory: 8 * 2 ** 30 }],
		["free-memory: 8GiB", { freeMemory: 8 * 2 ** 30 }],
		['driver: ">=550"', { driver: expect.objectContaining({ text: ">=550" }) }],
		['compute-capability: ">=8.0"', { computeCapability: expect.objectContaining({ text: ">=8.0" }) }],
	])("ask of a GPU for nothing but %s", (line, wanted) => {
		const file = accept(`version: 1\nprofiles:\n  a: { gpu: { require: required, ${line} } }\n`);
		expect(toPolicy("a", file).gpu).toEqual({ require: "required", ...wanted });
	});

	it.each([
		["a BOM", `\uFEFF${example}`],
		["CRLF", example.replace(/\n/g, "\r\n")],
		["nothing but the version", "version: 1\n"],
		["an alias", "version: 1\nprofiles:\n  a: &a { runs-in: host }\n  b: *a\n"],
		["a profile that extends the built-in one of its own name", "version: 1\nprofiles: { gpu: { extends: gpu } }\n"],
	])("take %s", (_, text) => {
		expect(refuse(text)).toEqual([]);
	});

	it("keep the meaning of a file with a BOM and CRLF", () => {
		const file = accept(`\uFEFF${example.replace(/\n/g, "\r\n")}`);
		expect(toPolicy("matric-builder", file)).toEqual(toPolicy("matric-builder", accept(example)));
	});

	it.each([
		[
			"an empty file",
			"",
			/^policy\.yml:1:1: found nothing; allowed: a mapping with version, profiles, expect, severity, accept, fleet$/,
		],
		["a comment only", "# later\n", /^policy\.yml:1:1: found nothing/],
		["a list", "- 1\n", /^policy\.yml:1:1: found `- 1`; allowed: a mapping with version/],
		[
			"an empty list for a mapping",
			"version: 1\nprofiles:\n  a:\n    gpu: []\n",
			/^policy\.yml:4:10: found `\[\]`; allowed: a mapping with require, count/,
		],
		[
			"an empty list for profiles",
			"version: 1\nprofiles: []\n",
			/^policy\.yml:2:11: found `\[\]`; allowed: a mapping of name to profile$/,
		],
		[
			"a list of tools",
			"version: 1\nprofiles:\n  a:\n    tools: [rustc, cargo]\n",
			/^policy\.yml:4:12: found `\[rustc, cargo\]`; allowed: a mapping of tool to version range$/,
		],
		["another version", "version: 2\n", /^policy\.yml:1:10: found `2`; allowed: 1$/],
		["no version", "profiles: {}\n", /^policy\.yml:1:1: found no `version`/],
		[
			"an unknown key",
			"version: 1\nprofile: {}\n",
			/^policy\.yml:2:1: found unknown key `profile`; allowed: version, profiles, expect, severity, accept, fleet; did you mean `profiles`\?$/,
		],
		[
			"a misspelt key of a profile",
			"version: 1\nprofiles:\n  a:\n    tool: { rustc: '1' }\n",
			/^policy\.yml:4:5: found unknown key `tool`; .*did you mean `tools`\?$/,
		],
		["a key in the wrong case", "version: 1\nprofiles:\n  a:\n    Docker: required\n", /did you mean `docker`\?$/],
		[
			"a wrong word",
			"version: 1\nprofiles:\n  a:\n    docker: needed\n",
			/^policy\.yml:4:13: found `needed`; allowed: required, optional, forbidden, or a mapping with require, plugins$/,
		],
		[
			"a wrong word in a mapping",
			"version: 1\nprofiles:\n  a:\n    docker: { require: yes }\n",
			/^policy\.yml:4:24: found `yes`; allowed: required, optional, forbidden$/,
		],
		[
			"an unknown key in a mapping",
			"version: 1\nprofiles:\n  a:\n    gpu: { require: required, counts: 1 }\n",
			/^policy\.yml:4:31: found unknown key `counts`; allowed: require, count, .*did you mean `count`\?$/,
		],
		[
			"a range that is none",
			"version: 1\nprofiles:\n  a:\n    tools:\n      rustc: newest\n",
			/^policy\.yml:5:14: found `newest`; allowed: a version range/,
		],
		[
			"an unquoted star",
			"version: 1\nprofiles:\n  a:\n    tools:\n      rustc: *\n",
			/^policy\.yml:5:14: .*needs quotes$/,
		],
		[
			"a tool with a path",
			"version: 1\nprofiles:\n  a:\n    tools:\n      ../x: '1'\n",
			/^policy\.yml:5:7: found `..\/x`; allowed: the name of a program/,
		],
		[
			"a size that is none",
			"version: 1\nprofiles:\n  a:\n    disk:\n      - { path: workspace, free: lots }\n",
			/^policy\.yml:5:34: found `lots`; allowed: a size with a unit/,
		],
		[
			"a disk of no known name",
			"version: 1\nprofiles:\n  a:\n    disk:\n      - { path: var }\n",
			/^policy\.yml:5:17: found `var`; allowed: workspace, temp/,
		],
		[
			"extends nothing known",
			"version: 1\nprofiles:\n  a:\n    extends: gpus\n",
			/^policy\.yml:4:14: found `gpus`; allowed: a profile: a, matric-builder, gpu; did you mean `gpu`\?$/,
		],
		[
			"itself",
			"version: 1\nprofiles:\n  a:\n    extends: a\n",
			/^policy\.yml:4:14: found `a` extends `a`; allowed: profiles that do not extend each other in a cycle$/,
		],
		[
			"an acceptance without a reason",
			"version: 1\naccept:\n  - { check: disk/free, until: 2026-12-31 }\n",
			/^policy\.yml:3:5: found no `reason`/,
		],
		[
			"an acceptance without an end",
			"version: 1\naccept:\n  - { check: disk/free, reason: x }\n",
			/^policy\.yml:3:5: found no `until`/,
		],
		[
			"a day that does not exist",
			"version: 1\naccept:\n  - { check: disk/free, reason: x, until: 2026-02-30 }\n",
			/^policy\.yml:3:43: found `2026-02-30`; allowed: a day that exists/,
		],
		[
			"an unknown check",
			"version: 1\nseverity:\n  disk/fre: off\n",
			/^policy\.yml:3:3: found `disk\/fre`; .*did you mean `disk\/free`\?$/,
		],
		[
			"a level that is none",
			"version: 1\nseverity:\n  disk/free: error\n",
			/^policy\.yml:3:14: found `error`; allowed: off, warn, fail$/,
		],
		[
			"a key twice",
			"version: 1\nversion: 1\n",
			/^policy\.yml:2:1: found `version` a second time; allowed: each key once$/,
		],
		["a tab", "version: 1\nprofiles:\n\ta: {}\n", /^policy\.yml:3:1: .*; allowed: blanks for indentation, never tabs$/],
		["two documents", "version: 1\n---\nversion: 1\n", /^policy\.yml:\d+:\d+: /],
		["a merge key", "version: 1\nx: &x { a: 1 }\n", /^policy\.yml:2:1: found unknown key `x`/],
		[
			"an image that is a list",
			"version: 1\nprofiles:\n  a:\n    image: [a]\n",
			/^policy\.yml:4:12: found `\[a\]`; allowed: text$/,
		],
	])("refuse %s with its place", (_, text, message) => {
		expect(refuse(text)).toEqual([expect.stringMatching(message)]);
	});

	it.each([
		[
			"entries",
			`version: 1\nprofiles:\n  a:\n    labels: [${"x,".repeat(501)}]\n`,
			"policy.yml:4:13: found 501 entries; allowed: at most 500 entries",
		],
		[
			"values",
			`version: 1\nx:\n${`- [${"x,".repeat(400)}]\n`.repeat(30)}`,
			"policy.yml:1:1: found more than 10000 values; allowed: at most 10000 values, aliases followed",
		],
		[
			"levels",
			`version: 1\nx: ${"[".repeat(45)}${"]".repeat(45)}\n`,
			"policy.yml:2:44: found more than 40 levels of nesting; allowed: at most 40, aliases followed",
		],
		[
			"levels that cannot even be read",
			`version: 1\nx: ${"[".repeat(20_000)}\n`,
			expect.stringMatching(/^policy\.yml:2:\d+: found more than 40 levels of nesting; allowed: at most 40, /),
		],
		[
			"bytes",
			`version: 1\n# ${"x".repeat(300_000)}\n`,
			"policy.yml:1:1: found a file of more than 128KiB; allowed: a policy of at most 128KiB",
		],
	])("say how many %s are allowed", (_, text, message) => {
		expect(refuse(text)).toEqual([message]);
	});

	it("name both ends of a longer circle", () => {
		const circle = "version: 1\nprofiles:\n  a: { extends: b }\n  b: { extends: c }\n  c: { extends: a }\n";
		const messages = refuse(circle);
		expect(messages).toHaveLength(3);
		expect(messages[0]).toBe(
			"policy.yml:3:17: found `a` extends `b` extends `c` extends `a`; allowed: profiles that do not extend each other in a cycle",
		);
	});

	it("name every mistake", () => {
		const text = "version: 1\nprofiles:\n  a: { docker: x, gpu: y, tols: {} }\nseverity: { disk/free: loud }\n";
		expect(refuse(text)).toHaveLength(4);
	});

	it.each([
		[
			"an alias bomb",
			`version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
				.split("")
				.map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`)
				.join("\n")}\n`,
		],
		["an alias of itself", "version: 1\nprofiles: &p\n  a: *p\n"],
		[
			"twenty thousand keys",
			`version: 1\nseverity:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: off`).join("\n")}\n`,
		],
		[
			"aliases at the end of a long document",
			`version: 1\na: &a [x]\nb: [${"x,".repeat(20_000)}]\nc: [${"*a,".repeat(9_000)}]\n`,
		],
		[
			"ten thousand services of one name",
			`version: 1\nprofiles:\n  a:\n    services:\n${"      - { name: a, url: http://a }\n".repeat(10_000)}`,
		],
		[
			"twenty thousand ranges",
			`version: 1\nprofiles:\n  a:\n    tools:\n${Array.from({ length: 20_000 }, (_, index) => `      t${index}: "?"\n`).join("")}`,
		],
		[
			"ten thousand days",
			`version: 1\naccept:\n${`  - { check: docker/daemon, reason: r, until: 2026-13-41 }\n`.repeat(10_000)}`,
		],
		["a thousand mistakes in a line", `a: ${"]".repeat(120_000)}`],
		["10 MB", "x".repeat(10_000_000)],
		["deep nesting", `version: 1\nprofiles: ${"[".repeat(5000)}`],
		["deep closed nesting", `version: 1\nprofiles: ${"[".repeat(3000)}${"]".repeat(3000)}`],
		["bytes that are no text", "\u0000\u0001\ufffd\ufffd"],
	])("refuse %s quickly", async (_, text) => {
		let messages: readonly string[] = [];
		const ms = await cpuTime(() => {
			messages = refuse(text);
		});
		expect(messages.length).toBeGreaterThan(0);
		for (const message of messages) {
			expect(message).toMatch(/^policy\.yml:\d+:\d+: /);
			expect(message.length).toBeLessThan(1000);
		}
		expect(ms).toBeLessThan(4000);
	});
});
