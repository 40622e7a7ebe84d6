/** What holds for all compose files: variables and env files as Compose reads them, nothing secret, nothing that runs too long. */
import { describe, expect, test } from "vitest";
import { maskComposeLine } from "../../src/lint/compose/compose-line.ts";
import { readEnvFile } from "../../src/lint/compose/env-file.ts";
import { interpolate } from "../../src/lint/compose/interpolate.ts";
import { loadProject } from "../../src/lint/compose/project.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { type LintCase, lintCase } from "../support/lint-cases.ts";

const values: Readonly<Record<string, string>> = { A: "a", EMPTY: "" };
const lookup = (name: string) => values[name];

async function lint(texts: LintCase["texts"], files = ["compose.yaml"]) {
	return lintCase({ texts, machine: {}, files });
}

describe("variables", () => {
	test.each([
		["$A ${A} $$A", "a a $A", []],
		["${B:-x}${EMPTY:-y}${EMPTY-z}", "xy", []],
		["${B:-${C:-${A}}}", "a", []],
		["$B${C}", "", ["B", "C"]],
		["${B:?set it}", "", ["B"]],
		["${A:+x}${B:+y}${EMPTY+z}", "xz", []],
		["100% of $", "100% of $", []],
	] as const)("%s", (text, expected, unset) => {
		expect(interpolate(text, lookup)).toMatchObject({ text: expected, unset, invalid: false });
	});

	test.each(["${}", "${1}", "${A"])("%s is refused by Compose", (text) => {
		expect(interpolate(text, lookup).invalid).toBe(true);
	});

	test("that are nested a thousand times end", () => {
		const text = `${"${B:-".repeat(1000)}x${"}".repeat(1000)}`;
		expect(interpolate(text, lookup).text.length).toBeLessThan(10_000);
	});
});

describe("an env file", () => {
	test("that Compose refuses is none", () => {
		for (const text of ["A='x", 'A="x\n', "a b=c\n", "%=1\n"])
			expect(readEnvFile(text, () => undefined)).toBeUndefined();
	});

	test("has the line of each variable", () => {
		const file = readEnvFile('A=1\n\n# c\nB="x\ny"\nC=3\n', () => undefined);
		expect([...(file ?? [])].map(([name, { line }]) => [name, line])).toEqual([
			["A", 1],
			["B", 4],
			["C", 6],
		]);
	});
});

describe("secrets", () => {
	const canary = "c4naryS3cretValue9Zq7Wx2Rt5Yb8Nm1Kj6Hg3";
	const everywhere: LintCase["texts"] = {
		"compose.yaml": [
			"services:",
			"  runner:",
			"    image: gitea/act_runner:latest",
			`    command: daemon --token ${canary} --config /c.yaml`,
			"    environment:",
			`      GITEA_INSTANCE_URL: "http://joe:${canary}@localhost:3000"`,
			`      GITEA_RUNNER_REGISTRATION_TOKEN: ${canary}`,
			`      GITEA_RUNNER_TOKEN: "${canary}"`,
			`      GITEA_RUNNER_LABEL: "x:docker://u:${canary}@reg/x"`,
			`      GITEA_RUNNER_LABELS: "ubuntu-latest,y:docker://u:${canary}@reg/x"`,
			`      DB_PASSWORD: ${canary} # ${canary}`,
			`    env_file: a.env`,
			`    volumes: ["./c.yaml:/c.yaml"]`,
			"  other-runner:",
			`    image: "user:${canary}@registry.example/gitea/runner:latest"`,
			`    environment: ["GITEA_INSTANCE_URL=http://localhost:3000", "TOKEN=${canary}"]`,
			"",
		].join("\n"),
		".env": `X=${canary}\n`,
		"a.env": `GITEA_RUNNER_CAPACITY=${canary}\nGITEA_RUNNER_NAMES=${canary}\n`,
		"c.yaml": `runner:\n  envs:\n    TOKEN: ${canary}\n  labels: ["z:host"]\n`,
	};

	test("are in no output", async () => {
		const { text, results } = await lint(everywhere);
		expect(results.length).toBeGreaterThan(6);
		expect(text + JSON.stringify(results)).not.toContain(canary.slice(0, 12));
	});
});

describe("hostile files", () => {
	test.each([
		["an alias in itself", "services: &a\n  runner: *a\n"],
		["extends in a circle", "services:\n  a: { image: gitea/runner, extends: b }\n  b: { extends: a }\n"],
		["a service that is a text", "services:\n  runner: gitea/runner\n"],
		["services as a list", "services: [gitea/runner]\n"],
		["odd types", "services:\n  runner: { image: [x], environment: 3, volumes: {a: b}, depends_on: x, command: {} }\n"],
		[
			"an include of itself",
			"include: [compose.yaml]\nservices:\n  r: { image: gitea/runner:1.0.0, restart: always }\n",
		],
		[
			"names of objects",
			"services:\n  __proto__: { image: gitea/runner:1.0.0 }\n  constructor: { image: gitea/runner }\n",
		],
	])("%s", async (_, text) => {
		await expect(lint({ "compose.yaml": text })).resolves.toHaveProperty("exitCode");
	});

	test("a workflow command in a name stays inert", async () => {
		const text = 'services:\n  "::set-output name=x::y\\u001b[31m":\n    image: gitea/runner:3.3.0\n';
		const { text: shown } = await lint({ "compose.yaml": text });
		expect(shown).not.toMatch(/^::|\u001b/m);
	});
});

test.each([
	"    environment: { GITEA_INSTANCE_URL: http://gitea:3000, MY_THING: hunter2 }",
	"    environment: { GITEA_INSTANCE_URL: http://gitea:3000, thing: hunter2 }",
	'    environment: {"GITEA_INSTANCE_URL":"http://gitea:3000","MY_THING":"hunter2"}',
	"      GITEA_INSTANCE_URL: http://gitea:3000, MY_THING: hunter2 }",
])("a variable in a map on one line is hidden: %s", (line) => {
	const shown = maskComposeLine(line);
	expect(shown).toContain("GITEA_INSTANCE_URL");
	expect(shown).not.toContain("hunter2");
	expect(shown.length).toBe(line.length);
});

describe("a hostile file", () => {
	const many = (count: number, line: (index: number) => string): string =>
		Array.from({ length: count }, (_, index) => line(index)).join("");
	const images = (count: number, value: string) => many(count, (index) => `  s${index}: { image: ${value} }\n`);

	test.each([
		["a chain of services", `services:\n  s0: { image: x }\n${many(4000, (i) => `  s${i + 1}: { extends: s${i} }\n`)}`],
		["a tag on every value", `services:\n${images(4000, "x")}---\nservices:\n${images(4000, "!reset x")}`],
		["very many documents", many(4000, () => "---\nservices: { a: { image: x } }\n")],
	])("with %s is read in no more time than a plain one", async (_, text) => {
		const plain = `services:\n${images(8000, "x")}`;
		const read = (one: string) => cpuTime(() => loadProject("compose.yaml", one, async () => undefined));
		await read(plain);
		expect(await read(text)).toBeLessThan(10 * Math.max(100, await read(plain)));
	});

	test("of documents that Compose cannot read is a problem with its place", async () => {
		const loaded = await loadProject("compose.yaml", "services: {}\n---\nname: a\nname: b\n", async () => undefined);
		expect(loaded).toMatchObject({ kind: "broken", problem: { line: 4, column: 1 } });
	});
});
