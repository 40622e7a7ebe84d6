import { describe, expect, test } from "vitest";
import { readPlainYaml } from "../../src/config/plain-yaml.ts";
import { entryAt, positionIn, type Scalar, type Tree } from "../../src/config/tree.ts";
import { parseAnyYaml, parseYaml } from "../../src/config/yaml-tree.ts";
import { readCorpus } from "./support/corpus.ts";
import { createRandom } from "./support/random.ts";

async function rootOf(text: string): Promise<Tree | undefined> {
	const parsed = await parseYaml(text);
	if (parsed.kind !== "ok") throw new Error(parsed.problem.message);
	return parsed.root;
}

async function problemOf(text: string): Promise<string> {
	const parsed = await parseYaml(text);
	if (parsed.kind !== "broken") return "none";
	const { line, column, message } = parsed.problem;
	return `${line}:${column} ${message}`;
}

describe("places", () => {
	const text = `# a comment
container:
  options: |
    --gpus all
    -v /a:/b
  folded: >-
    --one
    --two
  quoted: "--three --four"
  escaped: "--five\\n--six"
`;
	const places: readonly (readonly [string, string, string])[] = [
		["options", "--gpus", "4:5"],
		["options", "all", "4:12"],
		["options", "/a:/b", "5:8"],
		["folded", "--two", "8:5"],
		["quoted", "--four", "9:20"],
		["escaped", "--five", "10:13"],
	];
	test.for(places)("of a word in a text that is %s: %s", async ([key, word, expected]) => {
		const scalar = entryAt(await rootOf(text), "container", key)?.value as Scalar;
		const { line, column } = positionIn(scalar, scalar.text.indexOf(word));
		expect(`${line}:${column}`).toBe(expected);
	});

	test("of a key and of its value", async () => {
		const entry = entryAt(await rootOf("runner:\n  capacity:   4\n"), "runner", "capacity");
		expect(entry).toMatchObject({ line: 2, column: 3, value: { line: 2, column: 15 } });
	});
});

describe("as Go's parser", () => {
	test("reads the first document only, even before one that is broken", async () => {
		expect(await rootOf("a: b\n---\n[\n")).toEqual(await rootOf("a: b\n"));
	});

	test("merges maps, and a key of its own wins", async () => {
		const root = await rootOf("x: &x {capacity: 4, file: a}\nrunner:\n  <<: *x\n  file: b\n");
		const runner = entryAt(root, "runner")?.value;
		expect(runner?.kind === "map" && runner.entries.map(({ key, value }) => [key, (value as Scalar).text])).toEqual([
			["file", "b"],
			["capacity", "4"],
		]);
	});

	test.for([
		["a:\n\tb: 1\n", "2:1"],
		["a: 1\na: 2\n", "2:1"],
		["a: [1\n", "2:1"],
		['a: "b\n', "1:4"],
		["a: *nowhere\n", "1:4"],
		["? [a]\n: b\n", "1:3"],
		["a: @b\n", "1:4"],
		["a: \u0001\n", "1:4"],
		["a: caf\ufffd\n", "1:7"],
		["a: &a [*a, *a]\n", "1:"],
	])("refuses %j at %s", async ([text = "", place = ""]) => {
		expect(await problemOf(text)).toMatch(new RegExp(`^${place}`));
	});

	test("does not follow aliases for ever", async () => {
		const levels = Array.from(
			{ length: 30 },
			(_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}, *l${level}]`,
		);
		expect(await problemOf(["l0: &l0 [x]", ...levels].join("\n"))).toMatch(/aliases/);
	});

	test("does not follow nesting for ever", async () => {
		expect(await problemOf(`a: ${"[".repeat(3000)}${"]".repeat(3000)}`)).not.toBe("none");
	});
});

/** A configuration such as people write, with something unusual now and then. */
function randomYaml(random: () => number): string {
	const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
	const scalars = [
		"4",
		"true",
		"~",
		'""',
		"''",
		"3h",
		"unix:///var/run/docker.sock",
		'"a:docker://b:1"',
		"'it is'",
		"a b  c",
		"--gpus all -v /a:/b",
		"[]",
		"{}",
		"x # comment",
		"x#y",
		'"#" # c',
		"a: b",
		"- x",
		"-x",
		"&a x",
		"*a",
		"!t x",
		"|",
		"|-",
		">",
		"@x",
		"`x`",
		"%x",
		"x:",
		"ä ö",
		"{a: b}",
		'"a\\nb"',
		"'it''s'",
		"",
		" ",
		"\t",
		"? x",
		"-",
		"--",
		"---",
		"...",
		"<<",
		"=x",
		"0x10",
		"a, b",
		'"x" y',
		"[a",
		"x  ",
	];
	const lines: string[] = [];
	const write = (indent: number, depth: number): void => {
		const count = 1 + Math.floor(random() * 4);
		for (let index = 0; index < count; index++) {
			const pad = " ".repeat(indent + (random() < 0.03 ? 1 : 0));
			const key =
				pick(["runner", "labels", "options", "capacity", "docker_host", "a.b", "x-y", '"q"', "k k"]) +
				(random() < 0.9 ? index : "");
			const kind = random();
			if (kind < 0.1) lines.push(pick(["", `${pad}# comment`, "#", "   "]));
			if (kind < 0.55 || depth > 3) lines.push(`${pad}${key}: ${pick(scalars)}`);
			else if (kind < 0.7) {
				lines.push(`${pad}${key}:`);
				const inner = " ".repeat(indent + pick([0, 2, 2, 4]));
				for (let item = 0; item < 2; item++) lines.push(`${inner}- ${pick(scalars)}`);
			} else if (kind < 0.8) {
				lines.push(`${pad}${key}: ${pick(["|", "|-", ">", "|+", "|2"])}`);
				for (const text of ["--gpus all", pick(["", "  ", "-v /a:/b"]), pick(["# no comment", "    deeper", "x"])]) {
					lines.push(text === "" ? "" : `${" ".repeat(indent + 2)}${text}`);
				}
			} else {
				lines.push(`${pad}${key}:${pick(["", " ", " # c"])}`);
				write(indent + pick([2, 2, 2, 3]), depth + 1);
			}
		}
	};
	write(0, 0);
	return lines.join(pick(["\n", "\n", "\n", "\r\n"])) + pick(["\n", "", "\n\n"]);
}

describe("the fast reader agrees with the `yaml` package on all that it accepts", () => {
	test("on every configuration of the corpus", async () => {
		let accepted = 0;
		for (const { name, files } of readCorpus()) {
			for (const text of Object.values(files)) {
				const plain = readPlainYaml(text);
				if (!plain) continue;
				accepted++;
				expect(await parseAnyYaml(text), name).toEqual({ kind: "ok", root: plain.root });
			}
		}
		expect(accepted).toBeGreaterThan(120);
	});

	test("on 4000 random texts", async () => {
		const random = createRandom(20261124);
		let accepted = 0;
		for (let round = 0; round < 4000; round++) {
			const text = randomYaml(random);
			const plain = readPlainYaml(text);
			if (!plain) continue;
			accepted++;
			expect(await parseAnyYaml(text), text).toEqual({ kind: "ok", root: plain.root });
		}
		expect(accepted).toBeGreaterThan(200);
	}, 60_000);
});
