/** `lint --fix`: each certain fix makes its finding go away, brings no new one, and keeps everything else of the file. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { contextOf } from "../../src/lint/config-check.ts";
import { withEdits } from "../../src/lint/fix/edits.ts";
import { type LintResult, lintFiles } from "../../src/lint/lint.ts";
import { runLint } from "../../src/lint/lint-command.ts";
import { loadRunnerConfig } from "../../src/lint/read/load.ts";
import { casesIn } from "../support/cases.ts";
import { hostOf, isLintCase, type LintCase, readLintCase } from "../support/lint-cases.ts";
import { lintOptions } from "../support/lint-options.ts";

const root = fileURLToPath(new URL("../cases", import.meta.url));
const cases = casesIn(root)
	.filter(({ name }) => isLintCase(join(root, name)))
	.map(({ name }) => [name, readLintCase(join(root, name))] as const);

/** Findings that another one hides: what a broken line says is unknown until it is fixed. */
const hides: Readonly<Record<string, readonly string[]>> = {
	"config/label:bad-schema": ["config/gpu-label:no-gpu-option"],
	"config/type:wrong-type": ["config/gpu-label:no-gpu-option"],
	"config/options:unknown-flag": ["config/options:stripped"],
	"config/service:ignored-line": ["config/service:start-limit"],
};

function filesOf(one: LintCase): readonly string[] {
	return one.files ?? Object.keys(one.texts).filter((path) => !path.includes(".d/"));
}

async function findingsOf(one: LintCase): Promise<readonly LintResult[]> {
	const { runnerVersion } = one;
	const sources = { files: filesOf(one), directory: "/etc/gitea-runner", ...(runnerVersion && { runnerVersion }) };
	const { facts } = await loadRunnerConfig(hostOf(one), sources, new AbortController().signal);
	return lintFiles(facts, contextOf(facts));
}

const key = ({ id, reason, message }: LintResult): string => `${id}:${reason} ${message}`;

const fixable = (
	await Promise.all(
		cases.map(async ([name, one]) => {
			const before = await findingsOf(one);
			return before.flatMap((finding) => {
				const { edits, location, id, reason } = finding;
				const text = one.texts[location?.file ?? ""];
				if (!edits || !location || text === undefined) return [];
				const { text: fixed, made } = withEdits(text.replace(/^\ufeff/, ""), [edits]);
				if (made === 0) return [];
				const after = { ...one, texts: { ...one.texts, [location.file]: fixed } };
				return [[`${id}:${reason} of ${name}`, { finding, before, text, fixed, after }] as const];
			});
		}),
	)
).flat();

describe("a certain fix", () => {
	test("is known for these findings", () => {
		const kinds = new Set(fixable.map(([, { finding }]) => `${finding.id}:${finding.reason}`));
		expect([...kinds].sort()).toEqual([
			"config/docker-host:invalid",
			"config/label:bad-schema",
			"config/label:space",
			"config/options:unknown-flag",
			"config/service:fatal-value",
			"config/service:ignored-line",
			"config/type:invalid-value",
			"config/type:wrong-type",
			"config/unknown-key:deprecated-key",
			"config/unknown-key:unknown-key",
		]);
	});

	test.each(fixable)("of %s makes it go away, and brings no other", async (_name, { finding, before, after }) => {
		const now = await findingsOf(after);
		expect(now.map(key)).not.toContain(key(finding));
		const known = new Set(before.map(key));
		const hidden = hides[`${finding.id}:${finding.reason}`] ?? [];
		const brought = now.filter((one) => !known.has(key(one)) && !hidden.includes(`${one.id}:${one.reason}`));
		expect(brought.map(key)).toEqual([]);
	});

	test.each(fixable)("of %s changes its line alone", (_name, { finding, text, fixed }) => {
		const line = finding.location?.line ?? 0;
		const [old, now] = [text.split("\n"), fixed.split("\n")];
		// A remark gets a line of its own.
		const added = now.length - old.length;
		expect([0, 1]).toContain(added);
		expect(now.slice(0, line - 1)).toEqual(old.slice(0, line - 1));
		expect(now.slice(line + added)).toEqual(old.slice(line));
	});
});

/** Fixes the files of a case as `lint --fix` does. */
async function fixAll(one: LintCase): Promise<LintCase> {
	const texts: Record<string, string> = { ...one.texts };
	await runLint(
		hostOf(one),
		lintOptions({
			files: filesOf(one),
			...(one.runnerVersion !== undefined && { runnerVersion: one.runnerVersion }),
			async fix(path, before, after) {
				const name = path.slice("/etc/gitea-runner/".length);
				expect(texts[name]).toBe(before);
				texts[name] = after;
			},
		}),
	);
	return { ...one, texts };
}

describe("all fixes of a file", () => {
	test.each(cases)("leave none to be made in %s", async (_name, one) => {
		const fixed = await fixAll(one);
		for (const { edits, location } of await findingsOf(fixed)) {
			if (edits && location) expect(withEdits(fixed.texts[location.file] ?? "", [edits]).made).toBe(0);
		}
		expect(await fixAll(fixed)).toEqual(fixed);
	});
});

/** The text after all fixes. */
async function fixed(text: string, name = "config.yaml"): Promise<string | undefined> {
	return (await fixAll({ texts: { [name]: text }, machine: {} })).texts[name];
}

describe("a fix", () => {
	test.for([
		["keeps comments, quotes and line ends", "a:\r\n  # b\r\nrunner: # c\r\n  capacity: '4' # four\r\n", "'4'", "4"],
		["renames a key with its value", "runner:\n  fetch-timeout: 5s # x\n", "fetch-timeout", "fetch_timeout"],
		["finds a key in quotes", 'runner:\n  "fetch-timeout": 5s\n', '"fetch-timeout"', "fetch_timeout"],
		["works in brackets", 'runner: { labels: ["a:Host", "b:host"], capacity: "2" }\n', '"a:Host"', '"a:host"'],
	] as const)("%s", async ([, text, from, to]) => {
		const now = await fixed(text);
		expect(now?.replace('"2"', "2")).toContain(text.replace(from, to).replace('"2"', "2"));
	});

	test("follows another one", async () => {
		const unit = "[Service]\nExecStart=/usr/bin/gitea-runner daemon\nRestar=Always\nRestartSec=5s\n";
		expect(await fixed(unit, "gitea-runner.service")).toBe(unit.replace("Restar=Always", "Restart=always"));
	});

	test("keeps the remark behind a setting of a unit", async () => {
		const unit =
			"[Service]\nExecStart=/usr/bin/gitea-runner daemon\n  Restart = always  # after a crash\nRestartSec=5s\n";
		expect(await fixed(unit, "gitea-runner.service")).toBe(
			unit.replace("  Restart = always  # after a crash", "  # after a crash\n  Restart=always"),
		);
	});

	test.for([
		["a secret", 'cache:\n  external-secret: "abcdefghijklmnop"\n'],
		["what opens the machine to jobs", "container:\n  privilegd: true\n"],
		["an image", 'runner:\n  labels:\n    - "a:docker://UPPER/x:1"\n    - "b:docker://x.example/y:latest"\n'],
		["a scheme that may mean several things", 'runner:\n  labels: ["a:podman://x.example/y:1", "pool:3f2a"]\n'],
		["a duration without a unit", "runner:\n  timeout: 3600\n"],
		["a key that is set already", "runner:\n  fetch_timeout: 5s\n  fetch-timeout: 6s\n"],
		["a value that is used elsewhere as well", 'x-a: &a "4"\nrunner:\n  capacity: *a\n'],
		["an option that opens the machine", "container:\n  options: --privilege\n"],
		["labels that replace those of the registration", 'runner:\n  label: ["a:host"]\n'],
		["where jobs work", "container:\n  workdir: /srv/jobs\n"],
		["a cache that may not be there", "cache:\n  url: http://cache.example:8088\n"],
		["images that only the machine has", "container:\n  always_pull: true\n"],
		["a value of another type", 'runner:\n  fetch-timeout: "never"\n'],
		["a finding that a comment ignores", 'runner:\n  capacity: "4" # runner-check: ignore config/type -- wanted\n'],
	] as const)("never changes %s", async ([, text]) => expect(await fixed(text)).toBe(text));

	test("never writes a registration", async () => {
		const text = '{"id": 1, "uuid": "x", "token": "t", "labels": ["a :host", "b:dokcer://x.example/y:1"]}';
		expect(await fixed(text, ".runner")).toBe(text);
	});
});
