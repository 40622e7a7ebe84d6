/** What strangers reach: conditions that keep them out, secrets in every spelling, and the table. */
import { describe, expect, test } from "vitest";
import { runLint } from "../../src/lint/lint-command.ts";
import { truthOf } from "../../src/lint/posture/expression.ts";
import { postureOf } from "../../src/lint/posture/posture.ts";
import { readWorkflow } from "../../src/lint/read/workflow.ts";
import { lintOptions } from "../support/lint-options.ts";
import { createConfigHost } from "./support/lint.ts";

const labels = [{ label: "builder", powers: ["socket"], file: "config.yaml" }] as const;

/** A workflow with one job, and this condition. */
function workflow(condition: string | undefined, on = "[push, pull_request]", more = ""): string {
	const lines = condition === undefined ? "" : `    if: ${JSON.stringify(condition)}\n`;
	return `on: ${on}\njobs:\n  deploy:\n${lines}    runs-on: builder\n${more}    steps:\n      - run: x\n        env: { KEY: "\${{ secrets.DEPLOY_KEY }}" }\n`;
}

function rows(text: string) {
	return postureOf([readWorkflow("ci.yml", text)], labels).rows;
}

describe("a condition keeps strangers out", () => {
	test.each([
		"github.event_name == 'push'",
		"github.event_name != 'pull_request'",
		"${{ github.event_name == 'push' }}",
		"gitea.event_name == 'push'",
		"forge.event_name != 'pull_request'",
		"github['event_name'] == 'push'",
		"github.ref == 'refs/heads/main'",
		"github.ref == 'refs/heads/main' && github.event_name == 'push'",
		"startsWith(github.ref, 'refs/tags/')",
		"startsWith(github.ref, 'refs/heads/')",
		"github.ref_name == 'main'",
		"github.ref_type == 'tag'",
		"github.event.pull_request.head.repo.full_name == github.repository",
		"github.event.pull_request.head.repo.full_name == 'team/app'",
		"github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository",
		"github.event_name != 'pull_request' || github.event.pull_request.head.repo.id == github.event.pull_request.base.repo.id",
		"!github.event.pull_request.head.repo.fork",
		"github.event.pull_request.head.repo.fork == false",
		"github.event.pull_request.merged == true",
		"github.event.pull_request.merged",
		"github.actor == 'renovate'",
		"github.actor == github.repository_owner",
		'contains(fromJSON(\'["ann", "bob"]\'), github.actor)',
		"github.event.label.name == 'safe to test'",
		"github.event.pull_request.author_association == 'MEMBER'",
		'contains(fromJSON(\'["OWNER","MEMBER","COLLABORATOR"]\'), github.event.pull_request.author_association)',
		"success() && (github.event_name == 'push' || github.event_name == 'schedule')",
		"!(github.event_name == 'pull_request')",
		"github.event.action == 'labeled'",
		"false",
		"github.event.pull_request == null",
	])("%s", (condition) => expect(rows(workflow(condition))).toEqual([]));

	test.each([
		undefined,
		"github.actor != 'bot'",
		"github.head_ref == 'release'",
		"startsWith(github.head_ref, 'release/')",
		"github.base_ref == 'main'",
		"github.repository == 'team/app'",
		"github.repository_owner == 'team'",
		"github.event.pull_request.base.repo.full_name == github.repository",
		"github.event_name == 'pull_request'",
		"github.event.pull_request.draft == false",
		"github.event.action == 'closed' || github.event.action == 'opened'",
		"vars.ON == 'true'",
		"needs.check.outputs.ok == 'true'",
		"always()",
		"github.event.pull_request.author_association != 'OWNER'",
		"contains(github.event.pull_request.title, 'deploy')",
		"contains(github.event.pull_request.labels.*.name, 'safe to test')",
		"github.event_name == 'push' || true",
		"github.ref != 'refs/heads/main'",
		"some [ broken",
		"a ${{ b }} c",
	])("and %s does not", (condition) => expect(rows(workflow(condition))).toHaveLength(1));

	test("of a job that is needed", () => {
		const needs = (extra: string) =>
			`on: pull_request\njobs:\n  a:\n    if: github.event_name == 'push'\n    runs-on: builder\n    steps: []\n  b:\n    needs: a\n${extra}    runs-on: builder\n    steps: []\n`;
		expect(rows(needs(""))).toEqual([]);
		expect(rows(needs("    if: always()\n"))).toHaveLength(1);
	});

	test("by the kinds of the event", () => {
		expect(rows(workflow(undefined, "{ pull_request: { types: [labeled] } }"))).toEqual([]);
		expect(rows(workflow(undefined, "{ pull_request: { types: [labeled, opened] } }"))).toHaveLength(1);
	});

	test("a label of maintainers stays when new commits are pushed, so it counts only for the event that sets it", () => {
		const labeled = "contains(github.event.pull_request.labels.*.name, 'safe')";
		const open = (types: string, condition = labeled) =>
			rows(workflow(condition, `{ pull_request_target: ${types} }`)).length;
		expect(open("{ types: [labeled] }")).toBe(0);
		for (const types of ["", "{ types: [synchronize] }", "{ types: [labeled, synchronize] }", "{ types: [opened] }"])
			expect(open(types), types).toBe(1);
		expect(rows(workflow("contains(github.event.issue.labels.*.name, 'safe')", "issue_comment"))).toHaveLength(1);
		expect(open("{ types: [labeled, synchronize] }", "github.event.action == 'labeled'")).toBe(0);
		expect(open("{ types: [labeled, synchronize] }", "github.event.action == 'synchronize'")).toBe(1);
	});

	test("in any nesting, in no time", () => {
		expect(truthOf(`${"(".repeat(1500)}true${")".repeat(1500)}`, () => undefined)).toBeUndefined();
		expect(truthOf("!".repeat(3000), () => undefined)).toBeUndefined();
	});
});

describe("secrets", () => {
	const used = (step: string, job = "") =>
		rows(`on: pull_request\njobs:\n  a:\n    runs-on: builder\n${job}    steps:\n      - ${step}\n`)[0]?.secrets;

	test.each([
		["run: x ${{ secrets.KEY }}", ["KEY"]],
		["run: x ${{ secrets['KEY'] }}", ["KEY"]],
		["run: x ${{ secrets[ 'KEY' ] }}", ["KEY"]],
		["run: x ${{ toJSON(secrets) }}", ["inherit"]],
		["run: x ${{ secrets[matrix.name] }}", ["inherit"]],
		["run: x ${{ secrets.GITEA_TOKEN }}", []],
		["run: x ${{ secrets['GITHUB_TOKEN'] }}", []],
		["run: my-secrets.key", []],
	] as const)("%s", (step, secrets) => expect(used(step)).toEqual(secrets));

	test("of a step that is skipped for strangers do not count", () => {
		expect(used("{ if: github.event_name != 'pull_request', run: x, env: { K: \"${{ secrets.KEY }}\" } }")).toEqual([]);
		expect(used("{ if: github.head_ref != '', run: x, env: { K: \"${{ secrets.KEY }}\" } }")).toEqual(["KEY"]);
	});

	test("of a workflow that is called come with `inherit`", () => {
		const called = readWorkflow(
			".gitea/workflows/build.yml",
			'on: workflow_call\njobs:\n  inner:\n    runs-on: builder\n    steps: [{ run: "${{ secrets.KEY }}" }]\n',
		);
		const caller = (secrets: string) =>
			readWorkflow(
				".gitea/workflows/ci.yml",
				`on: pull_request_target\njobs:\n  call:\n    uses: ./.gitea/workflows/build.yml\n${secrets}`,
			);
		const of = (secrets: string) => postureOf([caller(secrets), called], labels).rows;
		expect(of("    secrets: inherit\n")).toMatchObject([{ job: "call / inner", label: "builder", secrets: ["KEY"] }]);
		expect(of("")).toMatchObject([{ secrets: [] }]);
		expect(of("    if: github.event_name == 'push'\n")).toEqual([]);
	});

	test("passed by name are those of the caller, and only those that the called workflow uses", () => {
		const called = (step: string, head = "") =>
			readWorkflow(
				".gitea/workflows/build.yml",
				`on: workflow_call\n${head}jobs:\n  inner:\n    runs-on: builder\n    steps: [{ run: ${JSON.stringify(step)} }]\n`,
			);
		const caller = (secrets: string, head = "") =>
			readWorkflow(
				".gitea/workflows/ci.yml",
				`on: pull_request_target\n${head}jobs:\n  call:\n    uses: ./.gitea/workflows/build.yml\n    secrets: ${secrets}\n`,
			);
		const found = (passed: string, step: string) =>
			postureOf([caller(passed), called(step)], labels).rows.map(({ secrets }) => secrets);
		const both = '{ DEPLOY: "${{ secrets.PRODUCTION }}", other: "${{ secrets.SIGN }}" }';
		expect(found(both, "${{ secrets.deploy }}")).toEqual([["PRODUCTION"]]);
		expect(found(both, "${{ secrets.OTHER }}")).toEqual([["SIGN"]]);
		expect(found(both, "${{ toJSON(secrets) }}")).toEqual([["PRODUCTION", "SIGN"]]);
		expect(found(both, "make")).toEqual([[]]);
		expect(found(both, "${{ secrets.PRODUCTION }}")).toEqual([[]]);
		expect(found('{ DEPLOY: "${{ secrets.GITHUB_TOKEN }}" }', "${{ secrets.DEPLOY }}")).toEqual([[]]);
		// Variables of the caller stay there.
		const [row] = postureOf([caller("{}", "env: { X: '${{ secrets.KEY }}' }\n"), called("make")], labels).rows;
		expect(row?.secrets).toEqual([]);
	});

	test("go through workflows that call others, which may call each other in a circle", () => {
		const link = (name: string, next: string, secrets: string) =>
			readWorkflow(
				`.gitea/workflows/${name}.yml`,
				`on: [workflow_call, issue_comment]\njobs:\n  to:\n    uses: ./.gitea/workflows/${next}.yml\n    secrets: ${secrets}\n`,
			);
		const end = readWorkflow(
			".gitea/workflows/c.yml",
			"on: workflow_call\npermissions: write-all\njobs:\n  end:\n    runs-on: builder\n    steps: [{ run: '${{ secrets.C }}' }]\n",
		);
		const [a, b] = [link("a", "b", "{ B: '${{ secrets.A }}' }"), link("b", "c", "{ C: '${{ secrets.B }}' }")];
		const [row] = postureOf([a, b, end], labels).rows;
		expect(row).toMatchObject({ job: "to / to / end", label: "builder", secrets: ["A"], token: "write" });
		expect(postureOf([link("a", "b", "inherit"), link("b", "a", "inherit")], labels).rows).toHaveLength(2);
	});

	test("of very many calls end soon, and that not all was seen is said", () => {
		const jobs = (line: string) => Array.from({ length: 300 }, (_, index) => `  j${index}:\n    ${line}\n`).join("");
		const files = "abcd".split("").map((name, index) => {
			const next = "bcd"[index];
			const line = next ? `uses: ./.gitea/workflows/${next}.yml` : "runs-on: builder";
			return readWorkflow(`.gitea/workflows/${name}.yml`, `on: [pull_request, workflow_call]\njobs:\n${jobs(line)}`);
		});
		const { rows: found, isCut } = postureOf(files, labels);
		expect(isCut).toBe(true);
		expect(found.length).toBeLessThanOrEqual(5000);
		const chain = Array.from(
			{ length: 4000 },
			(_, index) => `  j${index + 1}: { needs: [j${index}, j${Math.max(0, index - 1)}] }\n`,
		);
		const needs = readWorkflow("ci.yml", `on: pull_request\njobs:\n  j0: { if: false }\n${chain.join("")}`);
		expect(needs.problem).toBeUndefined();
		expect(postureOf([needs], labels).rows).toEqual([]);
	});
});

test("tokens write unless something says otherwise, and never for a fork", () => {
	const token = (on: string, permissions = "") =>
		rows(`${permissions}on: ${on}\njobs:\n  a:\n    runs-on: builder\n    steps: []\n`)[0]?.token;
	expect(token("pull_request")).toBe("read");
	expect(token("issue_comment")).toBe("default");
	expect(token("issue_comment", "permissions: { contents: read }\n")).toBe("read");
	expect(token("issue_comment", "permissions: { contents: write }\n")).toBe("write");
	expect(token("issue_comment", "permissions: write-all\n")).toBe("write");
});

describe("lint --posture", () => {
	const files = {
		"config.yaml":
			'runner:\n  labels: ["builder:docker://node:22.12-bookworm", "titan:host"]\ncontainer:\n  privileged: true\n',
		"ci.yml": `${workflow("github.event_name == 'push'")}  test:\n    runs-on: titan\n    steps: [{ run: x }]\n  any:\n    steps: [{ run: x }]\n`,
		"comment.yml":
			"on: issue_comment\njobs:\n  reply:\n    runs-on: builder\n    environment: production\n    steps: [{ run: x }]\n",
	};

	async function posture(format: "text" | "json") {
		return runLint(createConfigHost(files), lintOptions({ files: Object.keys(files), format, posture: true }));
	}

	test("prints a table with what opens each way", async () => {
		const { text } = await posture("text");
		expect(text).toMatch(/^event +job +label +opened by +gives$/m);
		expect(text).toMatch(/^pull_request +test +titan +ci\.yml:1 +runs their code, the machine, Docker socket$/m);
		expect(text).toMatch(/^pull_request +any +any runner +ci\.yml:1 +runs their code, .*Docker socket/m);
		expect(text).toMatch(
			/^issue_comment +reply +builder +comment\.yml:1 +runs the base branch, Docker socket, privileged containers, write token by default$/m,
		);
		expect(text).toContain("Kept out by their conditions: ci.yml: deploy.");
		expect(text).toContain("`production`");
	});

	test("is data for programs", async () => {
		const { text } = await posture("json");
		const { posture: found, closed } = JSON.parse(text);
		expect(closed).toEqual(["ci.yml: deploy"]);
		expect(found).toContainEqual(
			expect.objectContaining({
				event: "pull_request",
				file: "ci.yml",
				line: 1,
				job: "test",
				label: "titan",
				gives: ["host", "socket"],
				token: "read",
			}),
		);
	});
});

test("a workflow that is called and not among the files is a way with an unknown label", () => {
	const text = "on: pull_request\njobs:\n  call:\n    uses: ./.gitea/workflows/other.yml\n    secrets: inherit\n";
	expect(rows(text)).toMatchObject([{ job: "call", label: undefined, powers: undefined }]);
});

test("without a workflow, nothing is said of strangers but that", async () => {
	const host = createConfigHost({ "config.yaml": "runner: { labels: ['a:docker://node:22.1'] }\n" });
	const { text } = await runLint(host, lintOptions({ files: ["config.yaml"], width: 200, posture: true }));
	expect(text).not.toContain("Strangers reach no job");
	expect(text).toContain("no workflow was named");
});
