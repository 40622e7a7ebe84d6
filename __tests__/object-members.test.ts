/** Names that every object of JavaScript has members for: to us they are names like any other, wherever somebody may write one. */
import { describe, expect, it } from "vitest";
import { checkRunner } from "../src/check-runner.ts";
import { checkIds, knowsCheck } from "../src/checks/known-checks.ts";
import { allChecks } from "../src/checks/list.ts";
import { componentOf, installRemedy } from "../src/checks/toolchain/install.ts";
import { parseArguments, UsageError } from "../src/cli/arguments.ts";
import { explain } from "../src/cli/explain.ts";
import { type Inputs, resolveInputs } from "../src/inputs.ts";
import { ConfigurationError } from "../src/mistake.ts";
import { type PolicyFile, readPolicy } from "../src/policy/policy-file.ts";
import { builtInProfiles, labelsOf, toPolicy } from "../src/policy/profile.ts";
import { sharpen } from "../src/policy/requirements.ts";
import { versionCommand } from "../src/probes/version-command.ts";
import { renderLog } from "../src/render/log.ts";
import { renderSummary } from "../src/render/summary.ts";
import { anyVersion } from "../src/versions.ts";
import { createPolicy } from "./support/builders.ts";
import { createHost, type FakeMachine } from "./support/fake-host.ts";

const members = Object.getOwnPropertyNames(Object.prototype);
/** Those that a program may be called, by the rule for names of tools. */
const toolNames = members.filter((name) => !name.startsWith("_"));
/** Those that the library which reads policies would drop without a word. */
const dropped = ["__proto__", "constructor", "prototype"];

it("are what these tests are about", () => {
	expect(members).toEqual(expect.arrayContaining(["constructor", "toString", "hasOwnProperty", "__proto__"]));
	expect(toolNames).toContain("valueOf");
});

async function resolved(inputs: Inputs, machine: FakeMachine = {}) {
	return resolveInputs(inputs, {
		host: createHost(machine),
		decideProfile: async () => ({ name: "generic", decidedBy: "environment" }),
		defaultReportDir: undefined,
	});
}

function policyOf(text: string): PolicyFile | readonly string[] {
	const policy = readPolicy("p.yml", text, { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds });
	return "source" in policy ? policy : policy.map(({ place, found }) => `${place} ${found}`);
}

describe.each(toolNames)("a tool called %s", (name) => {
	it("that an input names is looked for, and is missing", async () => {
		const { request, ...decided } = await resolved({ profile: "generic", tools: `{"${name}": "*"}` });
		const report = await checkRunner(createHost(), request, decided);
		expect(report.results.find(({ id }) => id === `tool/${name}`)).toMatchObject({ status: "fail", reason: "missing" });
		expect(renderLog(report, { width: 100, unicode: true, color: false, groups: true })).toContain(name);
		expect(renderSummary(report)).toContain(name);
	});

	it("is installed as any other is, and asked by its --version", () => {
		expect(versionCommand(name, [name, "--version"])).toEqual([name, "--version"]);
		expect(componentOf(name)).toBeUndefined();
		expect(JSON.stringify(installRemedy(name, "container", anyVersion))).toContain(
			`apt-get install -y --no-install-recommends ${name} `,
		);
	});

	it("that a policy names is one that it asks for, or is refused with its place", async () => {
		const policy = policyOf(`version: 1\nprofiles:\n  titan:\n    tools:\n      ${name}: "*"\n`);
		if (dropped.includes(name)) return expect(policy).toEqual([`p.yml:5:7 \`${name}\``]);
		if (!("source" in policy)) throw new Error(policy.join());
		const { tools } = toPolicy("titan", policy);
		expect(tools[name]).toEqual({ version: anyVersion, command: [name, "--version"], optional: false });
	});
});

describe.each(members)("%s", (name) => {
	it("among the engines of a package is none of our tools", async () => {
		const files = { "/w/package.json": `{"engines": {"${name}": ">=1", "node": ">=22"}}` };
		const policy = createPolicy({ tools: toPolicy("generic").tools });
		const sharpened = await sharpen(policy, createHost({ files }), "/w");
		expect(Object.keys(sharpened.tools)).toEqual(Object.keys(policy.tools));
		expect(sharpened).toEqual(
			await sharpen(policy, createHost({ files: { "/w/package.json": '{"engines": {"node": ">=22"}}' } }), "/w"),
		);
	});

	it("as a profile inherits nothing, or is refused with its place", async () => {
		const policy = policyOf(`version: 1\nprofiles:\n  ${name}:\n    privileged: forbidden\n    tools: { git: "*" }\n`);
		if (dropped.includes(name)) return expect(policy).toEqual([`p.yml:3:3 \`${name}\``]);
		if (!("source" in policy)) throw new Error(policy.join());
		expect(labelsOf(name, policy)).toEqual([]);
		expect(labelsOf(name, undefined)).toEqual([]);
		const plain = policyOf('version: 1\nprofiles:\n  plain:\n    privileged: forbidden\n    tools: { git: "*" }\n');
		const { profile, sources, ...rest } = toPolicy(name, policy);
		const { profile: _profile, sources: _sources, ...expected } = toPolicy("plain", plain as PolicyFile);
		expect(rest).toEqual(expected);
		expect({ profile, sources: Object.keys(sources) }).toEqual({ profile: name, sources: ["privileged", "tools.git"] });
	});

	it("is no profile that an input or another profile may name", async () => {
		await expect(resolved({ profile: name })).rejects.toThrow(ConfigurationError);
		expect(policyOf(`version: 1\nprofiles:\n  mine: { extends: ${name} }\n`)).toEqual([`p.yml:3:20 \`${name}\``]);
	});

	it("is neither a command, nor a flag, nor a check or a reason of one", () => {
		const commands = { check: ["profile"], list: [] };
		expect(() => parseArguments([name], commands)).toThrow(UsageError);
		expect(() => parseArguments([`--${name}`, "x"], commands)).toThrow(UsageError);
		expect(() => explain(`docker/socket:${name}`, allChecks, {}, 80)).toThrow(UsageError);
		expect(() => explain(name, allChecks, {}, 80)).toThrow(UsageError);
		expect(knowsCheck(`docker/socket:${name}`)).toBe(false);
	});
});

it.each(dropped)("%s is refused wherever a policy holds it, once", async (name) => {
	const text = `version: 1\nseverity: { ${name}: off }\nprofiles: { titan: { ${name}: 1, gpu: { require: required, ${name}: 1 } } }\n`;
	const mistakes = policyOf(text);
	expect(mistakes).toEqual([
		`p.yml:2:13 \`${name}\``,
		`p.yml:3:22 \`${name}\``,
		expect.stringContaining(`\`${name}\``),
	]);
});
