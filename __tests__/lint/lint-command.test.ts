import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { type LintOptions, type LintOutcome, runLint } from "../../src/lint/lint-command.ts";
import { lintOptions } from "../support/lint-options.ts";
import { type ConfigMachine, createConfigHost } from "./support/lint.ts";

function run(
	files: Readonly<Record<string, string>>,
	overrides: Partial<LintOptions> = {},
	machine: ConfigMachine = {},
): Promise<LintOutcome> {
	const named = Object.keys(files).filter((name) => !name.startsWith("/"));
	return runLint(createConfigHost(files, machine), lintOptions({ files: named, ...overrides }));
}

const gpu = 'runner:\n  labels:\n    - "gpu:docker://ghcr.io/team/builder"\ncontainer:\n  options: |\n    --gpus all\n';

describe("as text", () => {
	test("shows the line with a caret below the place, why it matters, and the fix", async () => {
		const { text } = await run({ "config.yaml": gpu }, { runnerVersion: "v3.1.0" });
		expect(text).toMatchInlineSnapshot(`
			"config.yaml:3:7: warning: The image of \`gpu\` has a floating tag [config/label:floating-tag]
			  3 |     - "gpu:docker://ghcr.io/team/builder"
			    |       ^
			  The label \`gpu\` uses \`ghcr.io/team/builder\`, which has no tag and so means \`latest\`. The image can
			  change at any time: the same commit builds today and fails tomorrow, and two runners that pulled
			  on different days differ. The runner does not fetch a newer image by itself unless
			  \`container.force_pull\` is set.
			  Fix it in the runner's configuration: Name the tag of a release, or append today's digest to the
			  image: \`image@sha256:digest\`. The command prints it.
			      docker buildx imagetools inspect --format '{{.Manifest.Digest}}' ghcr.io/team/builder

			config.yaml:6:5: error: The runner drops \`--gpus\` from \`container.options\` [config/options:stripped]
			  6 |     --gpus all
			    |     ^
			  The runner drops \`--gpus\` because \`container.privileged\` is not \`true\`. The job's setup log says
			  \`container option "--gpus" is not allowed when privileged mode is disabled and will be ignored\`.
			  The job then starts without a GPU and finds no \`nvidia-smi\`.
			  Fix it on the host: Upgrade the runner to 3.3.1 or later, which keeps the options of its own
			  configuration.
			  Or on the host: Make the daemon give GPUs to every container: set \`nvidia\` as its default runtime,
			  and name the GPUs in a variable, which no release drops. Restarting Docker stops every running
			  container, unless the daemon is configured with \`live-restore\`: \`docker ps\` lists them.
			    in config.yaml:
			      container:
			        options: --env NVIDIA_VISIBLE_DEVICES=all
			    then run:
			      sudo nvidia-ctk runtime configure --runtime=docker --set-as-default
			      sudo systemctl restart docker

			config.yaml: 1 error, 1 warning for runner v3.1.0 (--runner-version).
			"
		`);
	});

	test("says so if there are no problems", async () => {
		const outcome = await run({ "config.yaml": "runner:\n  capacity: 2\n" });
		expect(outcome).toMatchObject({ text: "config.yaml: no problems found.\n", exitCode: 0 });
	});

	test("gives two problems two titles", async () => {
		const label = '    - "a:docker://ghcr.io/team/builder:1"\n';
		const { results } = await run({ "config.yaml": `runner:\n  labels:\n${label.repeat(3)}`, "b/config.yaml": "[" });
		expect(results.map(({ title }) => title)).toEqual([
			"The label `a` occurs twice (config.yaml:4:7)",
			"The label `a` occurs twice (config.yaml:5:7)",
			"Syntax error in `config.yaml`, line 1",
		]);
	});

	test("marks the place in a line that is longer than any terminal", async () => {
		const { text } = await run({ "config.yaml": `container:\n  options: ${"--label a=b ".repeat(60)}--gpu all\n` });
		const lines = text.split("\n");
		const marked = lines.findIndex((line) => line.includes("^"));
		expect(lines[marked - 1]?.slice(lines[marked]?.indexOf("^"))).toMatch(/^--gpu all/);
	});

	test("does not let a file steer the terminal", async () => {
		const { text } = await run({ "config.yaml": 'runner:\n  "\\u001b[2Jx": 1\n' });
		expect(text).not.toContain("\u001b");
	});

	test("has color only if it is wanted", async () => {
		expect((await run({ "config.yaml": gpu })).text).not.toContain("\u001b");
		expect((await run({ "config.yaml": gpu }, { color: true })).text).toContain("\u001b[31m");
	});
});

describe("in a job", () => {
	test("makes an annotation of each problem, with its place in the text too", async () => {
		const { text } = await run({ "a,b.yaml": "runner:\n  timeout: 50%\n" }, { annotate: true });
		expect(text.split("\n")[0]).toMatch(
			/^::error file=a%2Cb\.yaml,line=2,col=12,title=The value of `runner\.timeout` is not a duration \(config\/type\)::a,b\.yaml:2:12: The value/,
		);
	});
	test("lets no file give commands to the runner", async () => {
		const evil =
			'runner:\n  timeout: "a\\n::set-env name=X::y"\n  labels:\n    - "x:dokcer:// ::add-mask::y ::error::z ##[error]w"\n  log: "::error::"\n';
		for (const width of [20, 40, 100]) {
			const { text } = await run({ "config.yaml": evil }, { width });
			expect(text).not.toMatch(/^\s*::/m);
			expect(text).not.toMatch(/##\[/);
		}
	});
});

describe("as JSON", () => {
	test("has every field of every problem", async () => {
		const { text } = await run({ "config.yaml": gpu }, { format: "json", runnerVersion: "v3.1.0" });
		const document = JSON.parse(text);
		expect(document).toMatchObject({
			version: 1,
			runner: { text: "v3.1.0", source: "--runner-version" },
			files: [{ path: "config.yaml", kind: "config" }],
		});
		expect(document.results[1]).toMatchObject({
			id: "config/options",
			reason: "stripped",
			status: "fail",
			title: "The runner drops `--gpus` from `container.options`",
			message: expect.any(String),
			why: expect.any(String),
			expected: expect.any(String),
			observed: "`--gpus all`",
			evidence: [{ source: "config.yaml:6:5", text: "--gpus all" }],
			remedy: { kind: "host" },
			docs: "docs/checks/config.md#options",
			location: { file: "config.yaml", line: 6, column: 5 },
		});
	});

	test("has results that the schema of a report allows", async () => {
		const { text } = await run({ "config.yaml": gpu }, { format: "json" });
		const schema = JSON.parse(readFileSync("schema/report.schema.json", "utf8"));
		const validate = new Ajv({ strict: false }).compile(schema.properties.results);
		validate(JSON.parse(text).results);
		expect(validate.errors ?? []).toEqual([]);
	});
});

describe("text that could steer a terminal or a log", () => {
	const evil = 'runner:\n  labels:\n    - "##[error]INJ \\u202e\\u2028\\u009b:dokcer://x"\n  "\u2028::error::x": 1\n';
	test.for(["text", "json"] as const)("is inert in the %s", async (format) => {
		const { text, results } = await run({ "config.yaml": evil }, { format });
		expect(results.length).toBeGreaterThan(1);
		expect(text).not.toMatch(/##\[|[\u0080-\u009f\u2028\u2029\u202e]/);
		if (format === "json") expect(JSON.parse(text).results).toEqual(JSON.parse(JSON.stringify(results)));
	});
});

describe("workflows next to a configuration", () => {
	test("are judged by its labels", async () => {
		const { text, exitCode } = await run({
			"config.yaml": "runner:\n  labels: [titan]\n",
			"ci.yml": "on: push\njobs:\n  test:\n    runs-on: titna\n",
		});
		expect(exitCode).toBe(1);
		expect(text).toContain("ci.yml:4:14: error: `titna` is not a label; `titan` is [workflow/runs-on:near-miss]");
		expect(text).toContain("4 |     runs-on: titna\n    |              ^");
	});
	test("are not judged alone", async () => {
		const outcome = await run({ "ci.yml": "on: push\njobs:\n  test:\n    runs-on: titna\n" });
		expect(outcome).toMatchObject({ exitCode: 0, results: [] });
	});
	test("are reported if they cannot be read", async () => {
		const outcome = await run({ "ci.yml": "on: push\njobs: [\n" });
		expect(outcome.results).toMatchObject([{ id: "config/syntax", location: { file: "ci.yml" } }]);
	});
});

describe("the exit code", () => {
	const warning = { "config.yaml": 'runner:\n  labels:\n    - "a:docker://ghcr.io/team/builder"\n' };
	const failure = { "config.yaml": "runner:\n  timeout: 3\n" };
	test.for([
		[warning, "fail", 0],
		[warning, "warn", 1],
		[warning, "never", 0],
		[failure, "fail", 1],
		[failure, "never", 0],
	] as const)("%j with --fail-on %s is %i", async ([files, failOn, code]) => {
		expect((await run(files, { failOn })).exitCode).toBe(code);
	});

	test("needs a valid version", async () => {
		await expect(run(warning, { runnerVersion: "latest" })).rejects.toThrow("input `runner-version`: found `latest`");
	});

	test("is 1 for a file that does not exist", async () => {
		expect(await run({}, { files: ["nowhere.yaml"] })).toMatchObject({
			exitCode: 1,
			results: [{ id: "config/syntax", reason: "unreadable" }],
		});
	});
});

describe("a directory", () => {
	test("stands for the files of a runner in it", async () => {
		const files = {
			"/srv/runner/config.yaml": "runner:\n  timeout: 3\n",
			"/srv/runner/.runner": '{"id": 1, "token": "x", "labels": []}',
			"/srv/runner/notes.yaml": "[",
		};
		const outcome = await run(files, { files: ["/srv/runner/"], format: "json" });
		expect(JSON.parse(outcome.text).files.map(({ path }: { path: string }) => path)).toEqual([
			"/srv/runner/.runner",
			"/srv/runner/config.yaml",
		]);
	});
	test("without any of them is reported", async () => {
		const outcome = await run({ "/srv/x/notes.txt": "" }, { files: ["/srv/x"] });
		expect(outcome.text).toContain("a directory without a configuration");
	});
});

describe("without a file", () => {
	test("says that no configuration is where runners keep their files", async () => {
		const outcome = await run({}, { files: [] });
		expect(outcome.exitCode).toBe(2);
		expect(outcome.text).toContain("runner-check lint config.yaml");
	});

	test.for([
		"/etc/act_runner/config.yaml",
		"/etc/gitea-runner/config.yaml",
		"/etc/forgejo-runner/config.yml",
		"/root/.config/act_runner/config.yaml",
		"/root/.config/gitea-runner/config.yaml",
		"/data/config.yaml",
	])("finds %s", async (path) => {
		const outcome = await run({ [path]: "runner:\n  timeout: 3\n" }, { files: [] });
		expect(outcome.results).toMatchObject([{ id: "config/type", location: { file: path } }]);
	});

	test("finds what a unit names, its drop-ins, and the registration in its directory", async () => {
		const unit =
			"[Unit]\nAfter=docker.service\n[Service]\nExecStart=/usr/local/bin/act_runner daemon -c /srv/runner/my.yaml\nWorkingDirectory=/srv/runner\n";
		const outcome = await run(
			{
				"/etc/systemd/system/act_runner.service": unit,
				"/etc/systemd/system/act_runner.service.d/restart.conf": "[Service]\nRestart=always\nRestartSec=5s\n",
				"/srv/runner/my.yaml": "runner:\n  labels: [titan]\n",
				"/srv/runner/.runner": '{"id": 1, "token": "x", "labels": ["other:host"]}',
			},
			{ files: [], format: "json" },
			{ files: { "/etc/passwd": "root:x:0:0::/root:/bin/sh\n" } },
		);
		expect(JSON.parse(outcome.text).files.map(({ path }: { path: string }) => path)).toEqual([
			"/etc/systemd/system/act_runner.service",
			"/etc/systemd/system/act_runner.service.d/restart.conf",
			"/srv/runner/my.yaml",
			"/srv/runner/.runner",
		]);
		expect(outcome.results.map(({ id, reason }) => `${id}:${reason}`)).toEqual(["config/registration:labels-differ"]);
	});
});
