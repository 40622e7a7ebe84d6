/** The summary of a job with workflows and a configuration: what strangers reach, in the same words as `lint --posture`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { workflowUntrustedSocket } from "../../src/checks/workflow/untrusted-socket.ts";
import { judgeFacts } from "../../src/judge-report.ts";
import { readWorkflow } from "../../src/lint/read/workflow.ts";
import { renderWholeSummary } from "../../src/render/formats.ts";
import type { Report } from "../../src/report/report.ts";
import { load } from "../lint/support/lint.ts";
import { createPolicy } from "../support/builders.ts";
import { createReport } from "./builders.ts";
import { hostileTexts } from "./hostile.ts";
import { tagsOf, toHtml } from "./html.ts";

const config = "runner:\n  labels: ['builder:docker://node:22.12', 'titan:host']\n";

/** A report of a job that named these workflows, and this configuration. */
async function reportOf(
	workflows: Readonly<Record<string, string>>,
	runner = config,
	policy: Parameters<typeof createPolicy>[0] = {},
): Promise<Report> {
	const files = Object.entries(workflows).map(([path, text]) => readWorkflow(path, text));
	const facts = {
		workflows: { ok: true, value: { files }, ms: 1 },
		"runner-config": { ok: true, value: await load({ "config.yaml": runner }), ms: 1 },
	} as const;
	const { results } = judgeFacts([workflowUntrustedSocket], facts, createPolicy(policy), {
		started: "2026-11-24T06:00:00.000Z",
		duration_ms: 84,
		decidedBy: "input",
		policyFile: undefined,
	});
	return createReport({ results, facts });
}

const workflow = (on: string, label: string, step = "make", job = "build") =>
	`on: ${on}\njobs:\n  ${job}:\n    runs-on: ${label}\n    steps: [{ run: ${JSON.stringify(step)} }]\n`;

const open = {
	".gitea/workflows/ci.yml": workflow("[push, pull_request_target]", "builder", "deploy ${{ secrets.DEPLOY_KEY }}"),
	".gitea/workflows/bot.yml": workflow("issue_comment", "titan", "reply"),
	".gitea/workflows/far.yml": workflow("pull_request", "elsewhere"),
	".gitea/workflows/ours.yml": `${workflow("pull_request", "titan")}    if: github.event_name == 'push'\n`,
};

test("a finding is followed by the whole table", async () => {
	const text = await renderWholeSummary(await reportOf(open));
	const file = new URL("../golden/posture.summary.md", import.meta.url);
	if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
	expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(text);
	expect(text).toContain("### What strangers reach: 3 ways");
	expect(text).toContain(
		"| `issue_comment` | `build` | `titan` | `.gitea/workflows/bot.yml:1` | runs the base branch, the machine",
	);
	expect(text).toContain("Kept out by their conditions: .gitea/workflows/ours.yml: build.");
});

test("without a finding, the table is folded", async () => {
	const only = { "ci.yml": workflow("pull_request", "builder") };
	expect(await renderWholeSummary(await reportOf(only))).toContain(
		"<details><summary>What strangers reach: 1 way</summary>",
	);
});

test.each([
	["no stranger reaches anything", { "ci.yml": workflow("push", "builder") }, config, {}],
	["no configuration has a label", open, "log:\n  level: info\n", {}],
	["the check is switched off", open, config, { skip: ["workflow/untrusted-socket"] }],
])("nothing is said if %s", async (_, workflows, runner, policy) => {
	expect(await renderWholeSummary(await reportOf(workflows, runner, policy))).not.toContain("What strangers reach");
});

test("the machine of a runner without Docker is in the table as well", async () => {
	const report = await reportOf({ "ci.yml": workflow("pull_request", "titan") }, "runner:\n  labels: ['titan:host']\n");
	expect(report.results[0]?.status).toBe("skip");
	expect(await renderWholeSummary(report)).toContain("runs their code, the machine");
});

test("a long table is cut, the worst first", async () => {
	const jobs = Array.from({ length: 3000 }, (_, index) => `  j${index}:\n    runs-on: elsewhere\n`).join("");
	const long = `on: pull_request\njobs:\n${jobs}  last:\n    runs-on: titan\n    steps: [{ run: "\${{ secrets.KEY }}" }]\n`;
	const text = await renderWholeSummary(await reportOf({ "ci.yml": long }));
	expect(text.length).toBeLessThan(20_000);
	expect(text).toContain("| … and 2961 more |");
	expect(text.indexOf("`last`")).toBeLessThan(text.indexOf("`j0`"));
});

describe.each(Object.entries(hostileTexts))("%s", (_name, text) => {
	test("is inert as the name of a job, a label, a secret and a file", async () => {
		const short = text.slice(0, 10_000);
		const { facts, results } = await reportOf(open);
		const report = createReport({ results, facts: poisoned(facts, short) });
		const markdown = await renderWholeSummary(report);
		expect(markdown).toContain("What strangers reach: 3 ways");
		expect(markdown).not.toMatch(/^\s*::|##\[/m);
		const tags = tagsOf(toHtml(markdown)).filter((tag) => !/^<\/?(?:code|strong)>$/.test(tag));
		const plain = await renderWholeSummary(createReport({ results, facts: poisoned(facts, "canary") }));
		const ours = tagsOf(toHtml(plain)).filter((tag) => !/^<\/?(?:code|strong)>$/.test(tag));
		expect(tags).toEqual(ours);
		expect(Buffer.byteLength(markdown)).toBeLessThan(30_000);
	});
});

/** The facts with a text in place of each name that a workflow gives. */
function poisoned(facts: Report["facts"], text: string): Report["facts"] {
	const names = /^(?:\.gitea\/workflows\/.*|build|DEPLOY_KEY|elsewhere)$/;
	return JSON.parse(JSON.stringify(facts), (_, value) =>
		typeof value === "string" && names.test(value) ? text : value,
	);
}

test.each([
	{ workflows: { ok: true, value: null, ms: 1 } },
	{ workflows: { ok: true, value: { files: [null] }, ms: 1 } },
	{
		workflows: {
			ok: true,
			value: { files: [{ path: 1, events: [], triggers: [{ event: "fork" }], jobs: [{}] }] },
			ms: 1,
		},
	},
	{ workflows: { ok: true, value: { files: "x" }, ms: 1 } },
])("facts of another form leave the summary as it is: %j", async (strange) => {
	const { facts, results } = await reportOf(open);
	const report = createReport({ results, facts: { ...facts, ...strange } as Report["facts"] });
	expect(await renderWholeSummary(report)).not.toContain("What strangers reach");
});
