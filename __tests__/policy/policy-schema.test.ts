import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkIds, knowsCheck } from "../../src/checks/known-checks.ts";
import { readPolicy } from "../../src/policy/policy-file.ts";
import { builtInProfiles } from "../../src/policy/profile.ts";

/** The schema that editors take, as a program that knows nothing else of policies. */
const accepts = new Ajv({ strict: true, allowUnionTypes: true }).compile(
	JSON.parse(readFileSync("schema/policy.schema.json", "utf8")),
);

function isMistaken(text: string): boolean {
	const known = { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds };
	return !("source" in readPolicy("policy.yml", text, known));
}

const readmePolicy = [...readFileSync("README.md", "utf8").matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
	.map((match) => match[1] ?? "")
	.find((block) => /^version: 1$/m.test(block));

/** Everything that a policy can say. */
const everything = `version: 1
profiles:
  matric-builder:
    labels: [matric-builder]
    runs-in: container
    image: ghcr.io/fortemi/fortemi/builder:latest
    image-max-age: 30d
    tools:
      rustc: ">=1.92"
      cargo: ">=1.92"
      cargo-clippy: "*"
      node: ">=22"
      ffmpeg: { version: "*", command: [ffmpeg, -version], optional: true }
    docker: { require: required, plugins: [buildx] }
    gpu: forbidden
    privileged: forbidden
    tool-cache: persistent
    memory: 4GiB
    cpus: 1.5
    shm: 64MiB
    open-files: 1024
    disk:
      - { path: workspace, free: 40GiB, inodes: 1000000 }
      - { path: docker-root, free: 40GiB }
      - { path: /srv/models, free: 42949672960 }
    registries: [ghcr.io/fortemi/fortemi/builder:latest]
  inference:
    extends: gpu
    gpu: { require: required, count: 1, memory: 24GiB, free-memory: 8GiB, driver: ">=550", compute-capability: ">=8.0" }
    services:
      - { name: ollama, url: "http://localhost:11434/api/tags", models: [qwen3.5:9b] }
expect:
  inotify: { sysctl: fs.inotify.max_user_watches, is: ">=524288", why: "The watcher tests need it", fix: "sudo sysctl -w fs.inotify.max_user_watches=524288" }
  cache-volume: { file: /srv/cache, type: directory, mode: "0775", owner: builder }
  settings: { file: ci/settings.json, contains: strict }
  arm64: { platform: linux/arm64 }
  license: { command: [licensetool, status], exit: 0, stdout: "valid until", timeout: 2s }
  locale: { env: LANG, matches: "*.UTF-8" }
severity:
  docker/socket-exposure: off
accept:
  - { check: disk/free, reason: a bigger disk is on its way, until: 2026-12-31 }
fleet:
  max-age: 26h
  runners:
    - { name: titan-1, profile: titan }
    - { name: titan-1, profile: inference }
    - name: builder-1
`;

describe("the published schema and the program accept", () => {
	test.each([
		["everything that a policy can say", everything],
		["the README's example", readmePolicy ?? ""],
		["the built-in profiles", readFileSync("src/policy/profiles.yaml", "utf8")],
		["nothing but the version", "version: 1\n"],
		["versions without quotes", "version: 1\nprofiles: { a: { tools: { node: 22, rustc: 1.90 } } }\n"],
		["docker and gpu in one word", "version: 1\nprofiles: { a: { docker: optional, gpu: required } }\n"],
		["plain bytes", "version: 1\nprofiles: { a: { memory: 1073741824 } }\n"],
	])("%s", async (_, text) => {
		expect(text).not.toBe("");
		accepts(parse(text));
		expect(accepts.errors).toBeNull();
		expect(isMistaken(text)).toBe(false);
	});
});

/** A profile with one line, and a line at the top. */
const inProfile = (line: string) => `version: 1\nprofiles:\n  a:\n    ${line}\n`;
const atTop = (lines: string) => `version: 1\n${lines}\n`;

const broken: readonly (readonly [what: string, text: string])[] = [
	["nothing", "# later\n"],
	["a list for the whole", "- version: 1\n"],
	["no version", "profiles: {}\n"],
	["another version", "version: 2\n"],
	["the version as a text", 'version: "1"\n'],

	["an unknown key at the top", atTop("profile: {}")],
	["an unknown key of a profile", inProfile("tool: { rustc: '1' }")],
	["a key in the wrong case", inProfile("Docker: required")],
	["an unknown key of a tool", inProfile("tools: { rustc: { versions: '1' } }")],
	["an unknown key of docker", inProfile("docker: { require: required, plugin: [buildx] }")],
	["an unknown key of gpu", inProfile("gpu: { require: required, counts: 1 }")],
	["an unknown key of a disk", inProfile("disk: [{ path: workspace, space: 1GiB }]")],
	["an unknown key of a service", inProfile("services: [{ name: a, url: 'http://a', model: [x] }]")],
	["an unknown key of an acceptance", atTop("accept: [{ check: disk/free, reason: x, until: 2026-12-31, by: me }]")],

	["a wrong word for docker", inProfile("docker: needed")],
	["a wrong word in docker", inProfile("docker: { require: yes }")],
	["a wrong word for gpu", inProfile("gpu: some")],
	["a wrong word for runs-in", inProfile("runs-in: docker")],
	["a wrong word for privileged", inProfile("privileged: never")],
	["a wrong word for tool-cache", inProfile("tool-cache: shared")],
	["a wrong word for a plugin", inProfile("docker: { require: required, plugins: [scout] }")],
	["a wrong word for a level", atTop("severity: { disk/free: error }")],
	["a wrong name of a disk", inProfile("disk: [{ path: var }]")],

	["a list for profiles", atTop("profiles: []")],
	["a list for a profile", atTop("profiles: { a: [] }")],
	["a list for tools", inProfile("tools: [rustc, cargo]")],
	["a list for a tool", inProfile("tools: { rustc: [] }")],
	["a list of ranges for tools", inProfile("tools: ['1.92']")],
	["a list of profiles", atTop("profiles: [{ runs-in: host }]")],
	["a list for docker", inProfile("docker: []")],
	["a list for gpu", inProfile("gpu: []")],
	["a list for an image", inProfile("image: [a]")],
	["a list for severity", atTop("severity: []")],
	["a list for fleet", atTop("fleet: []")],
	["a mapping for the runners of the fleet", atTop("fleet: { runners: { name: a } }")],
	["a runner of the fleet without a name", atTop("fleet: { runners: [{ profile: titan }] }")],
	["an unknown key of a runner of the fleet", atTop("fleet: { runners: [{ name: a, label: b }] }")],
	["an age without a unit", atTop("fleet: { max-age: 26 }")],
	["a mapping for accept", atTop("accept: { check: disk/free, reason: x, until: 2026-12-31 }")],
	["a mapping for disk", inProfile("disk: { path: workspace, free: 40GiB }")],
	["one label for labels", inProfile("labels: matric-builder")],
	["one registry for registries", inProfile("registries: ghcr.io")],
	["a mapping for a service's list", inProfile("services: { name: a, url: 'http://a' }")],
	["a line for a command", inProfile("tools: { ffmpeg: { command: ffmpeg -version } }")],
	["a command of no words", inProfile("tools: { ffmpeg: { command: [] } }")],
	["a word for optional", inProfile('tools: { ffmpeg: { optional: "yes" } }')],

	["a disk without a path", inProfile("disk: [{ free: 40GiB }]")],
	["a gpu that does not say whether", inProfile("gpu: { count: 1 }")],
	["a docker that does not say whether", inProfile("docker: { plugins: [buildx] }")],
	["a service without a name", inProfile("services: [{ url: 'http://a' }]")],
	["a service without an address", inProfile("services: [{ name: a }]")],
	["an acceptance without a check", atTop("accept: [{ reason: x, until: 2026-12-31 }]")],
	["an acceptance without a reason", atTop("accept: [{ check: disk/free, until: 2026-12-31 }]")],
	["an acceptance with an empty reason", atTop("accept: [{ check: disk/free, reason: '', until: 2026-12-31 }]")],
	["an acceptance without an end", atTop("accept: [{ check: disk/free, reason: x }]")],

	["a size that is none", inProfile("disk: [{ path: workspace, free: lots }]")],
	["a size without its B", inProfile("memory: 4G")],
	["a size of an unknown unit", inProfile("shm: 1 PiB")],
	["a negative size", inProfile("memory: -1")],
	["half an inode", inProfile("disk: [{ path: workspace, inodes: 0.5 }]")],
	["a negative number of CPUs", inProfile("cpus: -1")],
	["a number of CPUs in words", inProfile("cpus: two")],
	["a number of files with a unit", inProfile("open-files: 64k")],
	["half a file", inProfile("open-files: 1.5")],
	["an age without a unit", inProfile("image-max-age: 30")],
	["an age of an unknown unit", inProfile("image-max-age: 2 weeks")],
	["a day in another order", atTop("accept: [{ check: disk/free, reason: x, until: 31.12.2026 }]")],
	["a day without a day", atTop("accept: [{ check: disk/free, reason: x, until: 2026-12 }]")],
	["an address of no web server", inProfile("services: [{ name: a, url: 'tcp://a:1' }]")],
	["a service's name with blanks", inProfile("services: [{ name: my ollama, url: 'http://a' }]")],
	["a tool with a path", inProfile("tools: { ../x: '1' }")],
	["an empty image", inProfile('image: ""')],
];

describe("the published schema and the program reject", () => {
	test.each(broken)("%s", async (_, text) => {
		expect(accepts(parse(text))).toBe(false);
		expect(isMistaken(text)).toBe(true);
	});
});

/** What is well-formed and still means nothing: a schema cannot tell, the program does. */
const onlyTheProgram: readonly (readonly [what: string, text: string])[] = [
	["a range that is none", inProfile("tools: { rustc: newest }")],
	["a range in a mapping that is none", inProfile("tools: { rustc: { version: newest } }")],
	["a driver's range that is none", inProfile("gpu: { require: required, driver: new }")],
	["a profile that extends an unknown one", inProfile("extends: gpus")],
	["a profile that extends itself", inProfile("extends: a")],
	["profiles that extend each other", atTop("profiles: { a: { extends: b }, b: { extends: a } }")],
	["a level of an unknown check", atTop("severity: { disk/fre: off }")],
	["a level of an unknown reason", atTop("severity: { 'disk/free:full': off }")],
	["an acceptance of an unknown check", atTop("accept: [{ check: disk/fre, reason: x, until: 2026-12-31 }]")],
	["a runner of the fleet under an unknown profile", atTop("fleet: { runners: [{ name: a, profile: titann }] }")],
	["a runner of the fleet twice", atTop("fleet: { runners: [{ name: a }, { name: a }] }")],
	["a day that does not exist", atTop("accept: [{ check: disk/free, reason: x, until: 2026-02-30 }]")],
	["a size that no number holds", inProfile(`memory: ${"9".repeat(400)}GiB`)],
];

describe("only the program rejects", () => {
	test.each(onlyTheProgram)("%s", async (_, text) => {
		accepts(parse(text));
		expect(accepts.errors).toBeNull();
		expect(isMistaken(text)).toBe(true);
	});
});
