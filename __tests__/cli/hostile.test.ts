import { describe, expect, it } from "vitest";
import { diffReports } from "../../src/cli/diff.ts";
import { policyFor } from "../../src/cli/init.ts";
import { renderPolicy } from "../../src/cli/show-policy.ts";
import { runnerTemplate } from "../../src/lint/init-runner.ts";
import { parseYaml } from "../../src/lint/read/yaml-tree.ts";
import { createReport } from "../render/builders.ts";
import { hostileTexts } from "../render/hostile.ts";
import { createPolicy, createTool } from "../support/builders.ts";

/** What the output of the commands must not hold, whatever a report, a policy or a flag says. */
const forbidden = /^\s*::|##\[|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/m;

/** Without those that only show that a renderer is fast. */
const texts: readonly string[] = [
	...Object.values(hostileTexts).filter((text) => text.length < 1000),
	"ok\n::error::INJ\u001b[31m",
	"##[group]x",
	"\u001b]8;;http://evil\u0007link\u001b]8;;\u0007",
	"a\u2028::error::b",
	"\u202ereversed",
	"\u009b31m\u0085::error::x",
	"::error::first",
];

describe("diff", () => {
	it.each(texts)("makes %j inert, as a value and as a name", (text) => {
		const changed = createReport({
			facts: { os: { ok: true, ms: 1, value: { [text]: text } } } as never,
			runner: { ...createReport().runner, version: text },
			profile: { name: text, decided_by: "input" },
		});
		const out = diffReports(createReport(), changed);
		expect(out).toContain("runner.version");
		expect(out).not.toMatch(forbidden);
		expect(diffReports(changed, createReport())).not.toMatch(forbidden);
	});

	it("shows in what two texts differ that look the same", () => {
		const first = createReport({ runner: { ...createReport().runner, version: "a\u200b" } });
		const second = createReport({ runner: { ...createReport().runner, version: "a" } });
		expect(diffReports(first, second)).toContain('"a\\u200b" -> "a"');
	});
});

describe("policy", () => {
	it.each(texts)("makes %j inert wherever it stands", (text) => {
		const out = renderPolicy(
			createPolicy({
				profile: text,
				image: text,
				tools: { [text]: createTool(text) },
				disk: [{ path: text, free: 1 }],
				registries: [text],
				services: [{ name: text, url: text, models: [] }],
				severity: { [text]: "warn" },
				accept: [{ check: text, until: text, reason: text }],
				sources: { image: text },
			}),
			{},
		);
		expect(out).not.toMatch(forbidden);
	});

	it.each([
		["http://joe:CANARY@localhost:5998/x?key=CANARY", "s http://localhost:5998/x"],
		["http://joe:CANARY@localhost:99999/x?key=CANARY#CANARY", "s http://localhost:99999/x"],
		["http:///joe:CANARY/CANARY@x?CANARY", "s http:///x"],
	])("shows %s without what may be secret", (url, shown) => {
		const out = renderPolicy(createPolicy({ services: [{ name: "s", url, models: [] }] }), {});
		expect(out).not.toContain("CANARY");
		expect(out).toContain(shown);
	});

	it("shows no login of an image, a registry or a reason, and no secret of the environment", () => {
		const out = renderPolicy(
			createPolicy({
				image: "joe:CANARY-1@registry.example/image",
				registries: ["joe:CANARY/2@registry.example/image", "from-the-environment"],
				accept: [{ check: "disk/free", until: "2026-12-31", reason: "see https://joe:CANARY-3@example" }],
			}),
			{ DEPLOY_TOKEN: "from-the-environment" },
		);
		expect(out).not.toMatch(/CANARY|from-the/);
		expect(out.match(/registry\.example/g)).toHaveLength(2);
	});
});

describe("init", () => {
	it.each(texts)("writes a policy that holds %j and obeys none of it", async (text) => {
		const report = createReport({
			profile: { name: text, decided_by: "input" },
			expectations: createPolicy({
				profile: text,
				tools: { [text]: createTool(text) },
				disk: [{ path: text, free: 1 }],
			}),
		});
		const out = policyFor(report);
		expect(out).not.toMatch(forbidden);
		const parsed = parseYaml(out);
		expect(parsed).toMatchObject({
			kind: "ok",
			root: { entries: [{ key: "version" }, { key: "profiles", value: { entries: [{ key: text }] } }] },
		});
	});

	it("writes plain names as they are", () => {
		expect(policyFor(createReport({ profile: { name: "titan-2.gpu", decided_by: "input" } }))).toContain(
			"\n  titan-2.gpu:\n",
		);
	});

	it.each(["1", "true", "no", "null", "1e3", "0x1f", "-", "a: b", ""])("quotes a profile called %j", (name) => {
		expect(policyFor(createReport({ profile: { name, decided_by: "input" } }))).toContain(
			`\n  ${JSON.stringify(name)}:\n`,
		);
	});

	it.each(texts)("writes a configuration with the label %j", async (text) => {
		const { text: out } = await runnerTemplate([text]);
		expect(out).not.toMatch(forbidden);
	});
});
