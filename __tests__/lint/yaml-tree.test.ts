import { describe, expect, test } from "vitest";
import { entryAt, positionIn, type Scalar, type Tree } from "../../src/lint/read/tree.ts";
import { parseDocuments, parseYaml } from "../../src/lint/read/yaml-tree.ts";
import { cpuTime } from "../support/cpu-time.ts";

function rootOf(text: string): Tree | undefined {
	const parsed = parseYaml(text);
	if (parsed.kind !== "ok") throw new Error(parsed.problem.message);
	return parsed.root;
}

function problemOf(text: string): string {
	const parsed = parseYaml(text);
	if (parsed.kind !== "broken") return "none";
	const { line, column, message } = parsed.problem;
	return `${line}:${column} ${message}`;
}

/** Maps, lists and texts, without their places. */
function plainOf(tree: Tree | undefined): unknown {
	if (tree?.kind === "map") return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plainOf(value)]));
	return tree?.kind === "list" ? tree.items.map(plainOf) : tree?.text;
}

test("documents beyond those that are read are named, and not passed over", () => {
	const documents = (count: number) => parseDocuments(`${"a: 1\n---\n".repeat(count - 1)}b: 2\n`);
	expect(documents(20)).toMatchObject({ kind: "ok", roots: { length: 20 } });
	expect(documents(21)).toMatchObject({ kind: "broken", problem: { message: "it has more than 20 documents" } });
});

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
	test.for(places)("of a word in a text that is %s: %s", ([key, word, expected]) => {
		const scalar = entryAt(rootOf(text), "container", key)?.value as Scalar;
		const { line, column } = positionIn(scalar, scalar.text.indexOf(word));
		expect(`${line}:${column}`).toBe(expected);
	});

	test("of a key and of its value", () => {
		const entry = entryAt(rootOf("runner:\n  capacity:   4\n"), "runner", "capacity");
		expect(entry).toMatchObject({ line: 2, column: 3, value: { line: 2, column: 15 } });
	});
});

describe("as Go's parser", () => {
	test("reads the first document only, even before one that is broken", () => {
		expect(rootOf("a: b\n---\n[\n")).toEqual(rootOf("a: b\n"));
	});

	test("merges maps, and a key of its own wins", () => {
		const root = rootOf("x: &x {capacity: 4, file: a}\nrunner:\n  <<: *x\n  file: b\n");
		const runner = entryAt(root, "runner")?.value;
		expect(runner?.kind === "map" && runner.entries.map(({ key, value }) => [key, (value as Scalar).text])).toEqual([
			["file", "b"],
			["capacity", "4"],
		]);
	});

	test("merges a list of maps, of which the first wins", () => {
		const root = rootOf("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  c: 3\n");
		expect(plainOf(entryAt(root, "z")?.value)).toEqual({ c: "3", a: "1", b: "1" });
	});

	test("takes a quoted `<<` for a key", () => {
		expect(plainOf(rootOf(`"<<": {a: 1}\n`))).toEqual({ "<<": { a: "1" } });
	});

	test("takes an alias for the last value before it that has the anchor", () => {
		const root = rootOf("a: &x 1\nb: *x\nc: &x [2]\nd: *x\n");
		expect(plainOf(root)).toEqual({ a: "1", b: "1", c: ["2"], d: ["2"] });
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
		["a: &a [*a, *a]\n", "1:8 the alias is inside"],
		["x: &a 1\ny: &a [*a]\n", "2:8"],
		["b: *a\na: &a 1\n", "1:4"],
		["<<: x\n", "1:1"],
		["a: &a {b: 1}\n<<: [*a, x]\n", "2:1"],
		["a: &a {b: 1, b: 2}\n", "1:14"],
	])("refuses %j at %s", ([text = "", place = ""]) => {
		expect(problemOf(text)).toMatch(new RegExp(`^${place}`));
	});

	test("does not follow aliases for ever", () => {
		const levels = Array.from(
			{ length: 30 },
			(_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}, *l${level}]`,
		);
		expect(problemOf(["l0: &l0 [x]", ...levels].join("\n"))).toMatch(/aliases/);
	});

	test("follows any number of aliases of small values", () => {
		const text = `a: &a x\nb:\n${"  - *a\n".repeat(9_000)}`;
		expect((plainOf(rootOf(text)) as { b: string[] }).b).toEqual(Array(9_000).fill("x"));
	});

	test("counts what stands behind an alias, not the alias", () => {
		const text = `a: &a [${"x,".repeat(200)}]\nb:\n${"  - *a\n".repeat(60)}`;
		expect(problemOf(text)).toMatch(/aliases/);
	});

	test("does not look for what escapes hide again and again", async () => {
		const text = `a: "${"\\x41\\x42 ".repeat(28_000)}"\n`;
		expect(await cpuTime(() => rootOf(text))).toBeLessThan(5000);
	});

	test("does not follow nesting for ever", () => {
		expect(problemOf(`a: ${"[".repeat(3000)}${"]".repeat(3000)}`)).not.toBe("none");
	});
});

// Each text was given to go-yaml 3.0.1, which the runners read their files with.
describe("what Go's parser reads otherwise than the package", () => {
	test.for([
		['a: "x"#remark\n', { a: "x" }],
		["a: [x, y]#remark\n", { a: ["x", "y"] }],
		["a:\n  # one\n\t# two\n  b: c\n", { a: { b: "c" } }],
		["a:\n  b: x\t\n  c: y\n", { a: { b: "x", c: "y" } }],
		["a:\n  b:\tx\n", { a: { b: "x" } }],
		["a: [\n  x,\n  \t\n  y\n]\n", { a: ["x", "y"] }],
		['{\n\t"a": {\n\t\t"b": "x"\n\t}\n}\n', { a: { b: "x" } }],
		["a: |\n  x\n  \ty\n\n  \t\n  z\nb: c\n", { a: "x\n\ty\n\n\t\nz\n", b: "c" }],
		['a: "x\n  \t\n  y"\n', { a: "x\ny" }],
		["a: 1\n---\nb: 2\n\t\n", { a: "1" }],
		['a:\n  b: [\n    "x"\n]\n  c: d\n', { a: { b: ["x"], c: "d" } }],
		['a:\n  b: [\n"x", {c: d},\n {e: f}\n]\ng: h\n', { a: { b: ["x", { c: "d" }, { e: "f" }] }, g: "h" }],
		["a:\n  b: {\n  c: d }\n  e: f\n", { a: { b: { c: "d" }, e: "f" } }],
		['a: [\n\t"x",\n\t"y"\n\t]\n', { a: ["x", "y"] }],
		['a:\n  b: "x\n  y\n\nz\\" # z" # remark\n  c: d\n', { a: { b: 'x y\nz" # z', c: "d" } }],
		["a:\n  b: 'x\n  it''s'\n  c: d\n", { a: { b: "x it's", c: "d" } }],
	] as const)("reads %j", ([text, expected]) => {
		expect(plainOf(rootOf(text))).toEqual(expected);
	});

	test("reads any number of lists and quotes that end too far left", () => {
		const text = Array.from({ length: 10 }, (_, index) => `  l${index}: [\nx\n]\n  q${index}: "x\ny"\n`).join("");
		const expected = Array.from({ length: 10 }, (_, index) => ({ [`l${index}`]: ["x"], [`q${index}`]: "x y" }));
		expect(plainOf(rootOf(`a:\n${text}`))).toEqual({ a: Object.assign({}, ...expected) });
	});

	test("has the places of the file in lines that begin too far left for the package", () => {
		const root = rootOf('a:\n  b: [\n"x",\n "y --z"\n]\n  c: d\n');
		const list = entryAt(root, "a", "b")?.value;
		const [x, y] = list?.kind === "list" ? list.items : [];
		expect(x).toMatchObject({ text: "x", line: 3, column: 1 });
		expect(y).toMatchObject({ text: "y --z", line: 4, column: 2 });
		expect(positionIn(y as Scalar, 2)).toEqual({ line: 4, column: 5 });
		expect(entryAt(root, "a", "c")).toMatchObject({ line: 6, column: 3 });
	});

	test("reports the first error, where the file has it", () => {
		expect(problemOf('a:\n  b: [\n"x"\n]\n  c: @d\n')).toMatch(/^3:1 /);
		expect(problemOf('a:\n  b: "x\n  c: d\n')).toBe("2:6 the quote that is opened here is never closed");
		expect(problemOf("a:\n  b: [x\n  c: d\n")).toMatch(/^3:3 a bracket before this place is not closed/);
	});

	test.for([
		["a:\n  b: x\n\t\n  c: y\n", "3:1"],
		['a:\n  b: "x"\n\t\n', "3:1"],
		["a:\n  b: x\n\t# remark\n  c: y\n", "3:1"],
		["a:\n  # one\n\t\n  b: x\n", "3:1"],
		["a:\n  -\tx\n", "2:4"],
		["\t\na: 1\n", "1:1"],
	] as const)("refuses the tab in %j", ([text, place]) => {
		expect(problemOf(text)).toBe(`${place} the line is indented with a tab, and YAML allows only spaces`);
	});
});

test.for([
	['a: [\n  "x",\n  "y"\n  "z"\n]\n', "4:3 a comma is missing before this place"],
	['a: ["x"]\nb\n', "2:1 this is not a key, because no colon follows it"],
	['a: ["x"\nb: 1\n', "2:1 a bracket before this place is not closed"],
] as const)("what is missing has its own words: %j", ([text, expected]) => {
	expect(problemOf(text)).toBe(expected);
});
