/** Every command on the page of the lint prints what the page says. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { type LintFormat, type LintOptions, lintFormats, runLint } from "../../src/lint/lint-command.ts";
import { lintOptions } from "../support/lint-options.ts";
import { createConfigHost } from "./support/lint.ts";

/** UPDATE_GOLDEN=1 writes what the commands print into the page; read the difference before committing it. */
const update = process.env.UPDATE_GOLDEN === "1";
const path = "docs/lint.md";
const page = readFileSync(path, "utf8");

const files: Readonly<Record<string, string>> = {
	...Object.fromEntries(
		[...page.matchAll(/^In `([^`]+)`:\n\n```yaml\n([\s\S]*?)^```$/gm)].map(([, name, text]) => [name, text]),
	),
	"good.yaml": "runner:\n  labels: ['builder:docker://ghcr.io/team/builder:1.4']\n",
	"floating.yaml": "runner:\n  labels: ['builder:docker://ghcr.io/team/builder:latest']\n",
	"empty.yaml": "",
	"runners/config.yaml": "runner:\n  labels: ['ubuntu-latest:docker://ghcr.io/team/builder:1.4']\n",
	".gitea/workflows/ci.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n",
};

/** The options that a command line gives; those that are not known fail. */
function optionsOf(command: string): Pick<LintOptions, "files" | "format" | "failOn" | "runnerVersion" | "fix"> {
	const words = command.split(/\s+/).filter((word) => word !== "");
	const named: string[] = [];
	const flags: Record<string, string> = {};
	for (let index = 0; index < words.length; index++) {
		const word = words[index] ?? "";
		if (!word.startsWith("--")) named.push(word);
		else if (word === "--fix" || word === "--dry-run") flags[word.slice(2)] = "true";
		else flags[word.slice(2)] = words[++index] ?? "";
	}
	const {
		format = "text",
		"fail-on": failOn = "fail",
		"runner-version": runnerVersion,
		fix,
		"dry-run": dryRun,
		...others
	} = flags;
	expect(others).toEqual({});
	expect(lintFormats).toContain(format);
	expect(["fail", "warn", "never"]).toContain(failOn);
	return {
		files: named,
		format: format as LintFormat,
		failOn: failOn as LintOptions["failOn"],
		...(runnerVersion !== undefined && { runnerVersion }),
		// A page that really fixed its files would have no second example.
		...(fix && dryRun && { fix: "show" as const }),
	};
}

async function run(command: string): Promise<{ readonly text: string; readonly exitCode: number }> {
	const options = optionsOf(command);
	expect(options.files.filter((file) => !Object.keys(files).some((name) => name.startsWith(file)))).toEqual([]);
	const host = createConfigHost(files, { directories: { "/etc/test/runners": ["config.yaml"] } });
	return runLint(host, lintOptions(options));
}

/** A version is released without a change of the page. */
const withoutVersion = (text: string): string =>
	text.replace(/"semanticVersion": "[^"]*"/, '"semanticVersion": "1.0.0"');

test("its commands print what it shows", async () => {
	const blocks = /(^```sh\nrunner-check lint ([^\n]*)\n```\n\n```(?:text|json|xml)\n)([\s\S]*?)(^```$)/gm;
	const found = [...page.matchAll(blocks)];
	expect(found.length).toBeGreaterThanOrEqual(6);
	let written = page;
	for (const [whole, head = "", command = "", shown = "", end = ""] of found) {
		const text = withoutVersion((await run(command)).text);
		if (update) written = written.replace(whole, () => head + text + end);
		else expect(shown, command).toBe(text);
	}
	if (update) writeFileSync(path, written);
});

const rows = [...page.matchAll(/^\| `runner-check lint ([^`]+)` \| (\d) \|$/gm)].map(
	([, command = "", code]) => [command, Number(code)] as const,
);

test("there are exit codes", () => expect(rows.length).toBeGreaterThanOrEqual(5));

test.each(rows)("%s exits with %i", async (command, exitCode) => {
	expect((await run(command)).exitCode).toBe(exitCode);
});

describe("a command in a workflow", () => {
	const workflows = [...page.matchAll(/^```yaml\n(on:[\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
	const commands = workflows.flatMap((text) => {
		const { jobs } = parseDocument(text).toJS() as { jobs: Record<string, { steps: { run?: string }[] }> };
		return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run: one }) => one ?? []));
	});

	test("is there for each forge", () => expect(commands).toHaveLength(2));

	test.each(commands)("%s finds its files and no problem", async (command) => {
		const [, rest = ""] = /^npx --yes github:fortemi\/runner-check#v1 lint ([^>]*)/.exec(command) ?? [];
		const { text, exitCode } = await run(rest);
		expect(exitCode, text).toBe(0);
		expect(text).toContain("runners/config.yaml");
	});
});

test("every format has an example", () => {
	for (const format of lintFormats) expect(page).toContain(`--format ${format}`);
});

test("the table of the page on strangers is what these files give", async () => {
	const workflows = {
		"config.yaml":
			'runner:\n  labels: ["builder:docker://node:22.12", "titan:host"]\ncontainer:\n  docker_host: automount\n',
		".gitea/workflows/ci.yml":
			"on: [push, pull_request]\njobs:\n  test:\n    runs-on: builder\n    steps: [{ run: make }]\n  deploy:\n    if: github.event_name == 'push'\n    runs-on: titan\n    steps: [{ run: deploy }]\n",
		".gitea/workflows/bot.yml":
			'on: issue_comment\njobs:\n  reply:\n    runs-on: titan\n    steps: [{ run: "reply ${{ secrets.BOT_KEY }}" }]\n',
	};
	const { text } = await runLint(
		createConfigHost(workflows),
		lintOptions({ files: Object.keys(workflows), failOn: "never", posture: true }),
	);
	const shown = /^```text\n([\s\S]*?)^```$/m.exec(readFileSync("docs/posture.md", "utf8"))?.[1] ?? "";
	expect(shown.split("\n").length).toBeGreaterThan(4);
	expect(text).toContain(shown);
});
