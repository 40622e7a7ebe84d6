import { describe, expect, test } from "vitest";
import type { Verdict } from "../../../src/checks/check.ts";
import { workflowRunsOn } from "../../../src/checks/workflow/runs-on.ts";
import { workflowUntrustedSocket } from "../../../src/checks/workflow/untrusted-socket.ts";
import { readWorkflow } from "../../../src/lint/read/workflow.ts";
import type { ForgeAnswer } from "../../../src/lint/read/workflow-facts.ts";
import { load } from "../../lint/support/lint.ts";
import { createPolicy, judge } from "../../support/builders.ts";

const config = `runner:
  labels:
    - "matric-builder:docker://ghcr.io/team/builder:1"
    - "titan:host"
    - "gpu:host"
`;

function forge(overrides: Partial<ForgeAnswer> = {}): ForgeAnswer {
	return { scopes: ["instance"], runners: [], refused: [], complete: true, ...overrides };
}

async function runsOn(text: string, runner = config, answer?: ForgeAnswer): Promise<Verdict> {
	const files = [readWorkflow("ci.yml", text)];
	const facts = await load(runner === "" ? {} : { "config.yaml": runner });
	return judge(workflowRunsOn, { workflows: { files, ...(answer && { forge: answer }) }, config: facts });
}

const job = (runsOnLine: string, more = ""): string => `on: push\njobs:\n  test:\n    runs-on: ${runsOnLine}\n${more}`;

describe("workflow/runs-on", () => {
	test.for(["matric-builder", '"titan"', "[titan, gpu]", "\n      - gpu", "{ labels: [gpu, titan] }"])(
		"passes runs-on: %s",
		async (line) => {
			expect(await runsOn(job(line))).toMatchObject({
				kind: "pass",
				message: "1 job has a runner.",
				evidence: [
					{ source: "ci.yml", text: "1 job, on push" },
					{ source: "runner config.yaml", text: expect.stringContaining("matric-builder") },
				],
			});
		},
	);

	/** Nothing was judged, so nothing passes. */
	const unjudged = (message: string) => ({ kind: "skip", reason: "not-applicable", message });
	const chosenLate = unjudged("The workflows state no labels: 1 job chooses its runner only when it runs.");

	test.for(["${{ inputs.runner }}", "${{ fromJSON(needs.x.outputs.y) }}", "{ group: big }"])(
		"does not judge runs-on: %s",
		async (line) => {
			expect(await runsOn(job(line))).toEqual(chosenLate);
		},
	);

	test("says how many jobs it could not judge", async () => {
		const text = `${job("titan")}  other:\n    runs-on: \${{ inputs.runner }}\n`;
		expect(await runsOn(text)).toMatchObject({
			kind: "pass",
			message: "1 job has a runner; 1 job chooses its runner only when it runs.",
		});
	});

	test("does not judge a job that calls another workflow", async () => {
		expect(await runsOn("on: push\njobs:\n  x:\n    uses: ./.gitea/workflows/y.yml\n")).toEqual(
			unjudged("The workflows have no job that runs on a runner."),
		);
	});

	/** A job that wants one label, and a runner that has another one. */
	const wanting = (label: string, known: string): Promise<Verdict> =>
		runsOn(job(label), `runner:\n  labels: ["${known}:host"]\n`);

	test.for([
		["zz", "a"],
		["cpu", "gpu"],
		["arm64", "amd64"],
		// More words.
		["matric-builder-gpu", "matric-builder"],
		["big-titan", "titan"],
		// Other numbers.
		["ubuntu-24.04", "ubuntu-22.04"],
		["ubuntu-24", "ubuntu-22.04"],
		["gpu-rtx3090", "gpu-rtx4090"],
		["gpu2", "gpu"],
		// Another word at the same place.
		["linux-arm64", "linux-amd64"],
		["titan-cpu", "titan-gpu"],
		["offline-e2e", "offline-host"],
		["node-a", "node-b"],
	] as const)("takes %s for another label than %s", async ([label, known]) => {
		expect(await wanting(label, known)).toMatchObject({ reason: "no-runner-with-label" });
	});

	test.for([
		["Titan", "titan"],
		["gpus", "gpu"],
		["tita", "titan"],
		["matric_builder", "matric-builder"],
		["matric-bulider", "matric-builder"],
		["ubunut-latest", "ubuntu-latest"],
		["ubuntu-latst", "ubuntu-latest"],
		["self-host", "selfhost"],
		["linux-adm64", "linux-amd64"],
		["titan-gup", "titan-gpu"],
	] as const)("finds that %s is nearly %s", async ([label, known]) => {
		expect(await wanting(label, known)).toMatchObject({ reason: "near-miss", expected: `\`${known}\`` });
	});

	describe("with a matrix", () => {
		const matrix = (text: string, line = "${{ matrix.on }}"): string =>
			job(line, `    strategy:\n      matrix:\n${text}`);
		test("judges what `include` adds", async () => {
			expect(await runsOn(matrix("        include:\n          - on: titan\n          - on: tita\n"))).toMatchObject({
				reason: "near-miss",
				observed: "`tita`",
				location: { line: 9 },
			});
		});
		test.for([
			["", "        exclude: [{ on: arm }]\n"],
			["        size: [1, 2]\n", "        exclude: [{ on: arm, size: 1 }, { size: 2, on: arm }]\n"],
			["", "        exclude:\n          - on: arm\n        include: [{ on: titan, size: 3 }]\n"],
		] as const)("leaves out what `exclude` takes away: %j", async ([before, after]) => {
			expect(await runsOn(matrix(`        on: [titan, arm]\n${before}${after}`))).toMatchObject({ kind: "pass" });
		});
		test.for(["exclude: [{ on: arm, size: 1 }]", "exclude: [{ on: [arm] }]", "exclude: [{ no: arm }]", "exclude: []"])(
			"judges what `exclude` leaves: %s",
			async (exclude) => {
				const text = `        on: [titan, arm]\n        size: [1, 2]\n        ${exclude}\n`;
				expect(await runsOn(matrix(text))).toMatchObject({ observed: "`arm`" });
			},
		);
		test("looks for maps that `exclude` takes away", async () => {
			const text =
				"        target: [{ on: titan }, { on: arm, size: 1 }]\n        exclude: [{ target: { on: arm, size: 1 } }]\n";
			expect(await runsOn(matrix(text, "${{ matrix.target.on }}"))).toMatchObject({ kind: "pass" });
		});
		test("puts values into a text", async () => {
			expect(await runsOn(matrix("        size: [builder, huge]\n", "matric-${{ matrix.size }}"))).toMatchObject({
				observed: "`matric-huge`",
			});
		});
		test("looks into maps and lists of labels", async () => {
			const text =
				"        target:\n          - { name: a, on: [titan, gpu] }\n          - { name: b, on: [titan, arm] }\n";
			expect(await runsOn(matrix(text, "${{ matrix.target.on }}"))).toMatchObject({ observed: "`arm`" });
		});
		test("does not judge hundreds of combinations", async () => {
			const numbers = `[${Array.from({ length: 300 }, (_, index) => index).join(", ")}]`;
			const text = `        a: ${numbers}\n        b: ${numbers}\n`;
			expect(await runsOn(matrix(text, "x-${{ matrix.a }}-${{ matrix.b }}"))).toEqual(chosenLate);
		});
		test("reports one problem once", async () => {
			const verdict = await runsOn(job("arm", "    strategy:\n      matrix:\n        x: [1, 2, 3]\n"));
			expect(verdict).toMatchObject({ observed: "`arm`", evidence: [{}] });
		});
		test.for([
			"        on: [arm]\n        exclude: ${{ fromJSON(vars.X) }}\n",
			"        on: [arm]\n        exclude: [{ on: '${{ vars.X }}' }]\n",
			"        on: [arm]\n        exclude: ['${{ fromJSON(vars.X) }}']\n",
			"        on: ${{ fromJSON(vars.X) }}\n",
			"        other: [1]\n",
			"        on: ['${{ vars.X }}']\n",
		])("does not judge what only a run knows: %j", async (text) => {
			expect(await runsOn(matrix(text))).toEqual(chosenLate);
		});
	});

	describe("by the forge's runners", () => {
		const runner = { name: "titan-host-runner", labels: ["titan"], online: true, disabled: false };
		test("passes a label of a runner that is online", async () => {
			expect(await runsOn(job("titan"), "", forge({ runners: [runner] }))).toMatchObject({ kind: "pass" });
		});
		test.for([{ online: false }, { disabled: true }])("finds that all are offline or disabled: %j", async (state) => {
			expect(await runsOn(job("titan"), "", forge({ runners: [{ ...runner, ...state }] }))).toMatchObject({
				reason: "all-offline",
				message: expect.stringContaining("titan-host-runner"),
			});
		});
	});

	test("does not apply without workflows", async () => {
		expect(judge(workflowRunsOn, { workflows: { files: [] }, config: { files: [] } })).toMatchObject({ kind: "skip" });
	});

	test("cannot decide about a workflow that cannot be read", async () => {
		expect(await runsOn("on: push\njobs: [\n")).toMatchObject({
			kind: "undecided",
			message: expect.stringContaining("ci.yml"),
		});
	});
});

describe("workflow/untrusted-socket", () => {
	async function untrusted(text: string, runner = config): Promise<Verdict> {
		const files = [readWorkflow("pr.yml", text)];
		return judge(workflowUntrustedSocket, { workflows: { files }, config: await load({ "config.yaml": runner }) });
	}
	const pullRequest = (label: string, more: string, on = "pull_request"): string =>
		`on: ${on}\njobs:\n  build:\n    runs-on: ${label}\n    steps:\n${more}`;
	const withSecret = '      - run: deploy\n        env: { KEY: "${{ secrets.DEPLOY_KEY }}" }\n';

	test.for([
		"pull_request",
		"[push, pull_request]",
		"\n  pull_request:\n    branches: [main]\n",
		"pull_request_target",
	])("finds a job with the socket and a secret, on: %s", async (on) => {
		expect(await untrusted(pullRequest("matric-builder", withSecret, on))).toMatchObject({
			kind: "finding",
			reason: "untrusted-socket",
			message: expect.stringContaining("DEPLOY_KEY"),
			location: { file: "pr.yml" },
		});
	});
	test("finds secrets of the workflow's own environment", async () => {
		const text = `env:\n  KEY: \${{ secrets.KEY }}\n${pullRequest("titan", "      - run: make\n")}`;
		expect(await untrusted(text)).toMatchObject({
			reason: "untrusted-socket",
			message: expect.stringContaining("titan"),
		});
	});
	test("passes the automatic token, and jobs without secrets", async () => {
		expect(
			await untrusted(pullRequest("matric-builder", "      - run: make ${{ secrets.GITHUB_TOKEN }}\n")),
		).toMatchObject({ kind: "pass" });
		expect(await untrusted(pullRequest("matric-builder", "      - run: make\n"))).toMatchObject({ kind: "pass" });
	});
	test("passes jobs of other events", async () => {
		expect(await untrusted(pullRequest("matric-builder", withSecret, "push"))).toMatchObject({ kind: "pass" });
	});
	describe("with a workflow that cannot be read", () => {
		const judgeBroken = async (text: string, policy = createPolicy()): Promise<Verdict> => {
			const files = [readWorkflow("broken.yml", "on: push\njobs: [\n"), readWorkflow("pr.yml", text)];
			const facts = { workflows: { files }, config: await load({ "config.yaml": config }) };
			return judge(workflowUntrustedSocket, facts, policy);
		};
		const harmless = pullRequest("matric-builder", "      - run: make\n");
		test("leaves that to workflow/runs-on, if that is judged", async () => {
			expect(await judgeBroken(harmless)).toMatchObject({ kind: "skip", reason: "needs:workflow/runs-on" });
			const alone = createPolicy({ skip: ["workflow/runs-on"] });
			expect(await judgeBroken(harmless, alone)).toMatchObject({ kind: "undecided" });
		});
		test("still reports the others", async () => {
			expect(await judgeBroken(pullRequest("matric-builder", withSecret))).toMatchObject({
				reason: "untrusted-socket",
			});
		});
	});
	test("does not apply to a runner that shares no socket", async () => {
		const closed = `${config.replace(/ {4}- "(?:titan|gpu):host"\n/g, "")}container:\n  docker_host: "-"\n`;
		expect(await untrusted(pullRequest("matric-builder", withSecret), closed)).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
		});
	});
});
