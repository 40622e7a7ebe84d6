import { describe, expect, it } from "vitest";
import { tomlEntries } from "../../src/probes/toml-entries.ts";

const flat = (text: string) =>
	tomlEntries(text).entries.map(({ path, value, line }) => `${line} ${path.join("|")} = ${JSON.stringify(value)}`);

describe("what cargo's configuration is written in", () => {
	it.each<[string, string, string[]]>([
		["a table", '[build]\nrustc-wrapper = "sccache" # why\n', ['2 build|rustc-wrapper = "sccache"']],
		["a dotted key", "build.rustc-wrapper = 'sccache'", ['1 build|rustc-wrapper = "sccache"']],
		["an inline table", 'build = { jobs = 4, rustc-wrapper = "s" }', ['1 build|rustc-wrapper = "s"']],
		["quoted keys", "[target.'cfg(unix)']\r\n\"linker\" = 'cc'\r\n", ['2 target|cfg(unix)|linker = "cc"']],
		[
			"lists over lines",
			'[build]\nrustflags = [\n  "-C", # one\n  "linker=clang",\n]\ntarget = ["a", 1, "b"]',
			['2 build|rustflags = ["-C","linker=clang"]', '6 build|target = ["a","b"]'],
		],
		["a dotted key below a quoted one", 'target."x.y".linker = "l"', ['1 target|x.y|linker = "l"']],
		["lists of tables", '[[x]]\na = "b"\n[y]\nc = "d"', ['2 x|a = "b"', '4 y|c = "d"']],
		["escapes", 'a = "\\"\\\\\\u00e9\\tx"', [`1 a = ${JSON.stringify('"\\é\tx')}`]],
		["texts over lines", 'a = """\nx\\\n   y"z"""\nb = \'\'\'\n\\n\'\'\'', ['1 a = "xy\\"z"', '4 b = "\\\\n"']],
		["a hash in a text", 'a = "x#y"', ['1 a = "x#y"']],
		["other values", "a = 1\nb = true\nc = 1979-05-27 07:32:00\nd = 'x'", ['4 d = "x"']],
		["spaces around", "  [ build ]  \n\ta   =   'x'  ", ['2 build|a = "x"']],
		["an empty text", "a = \"\"\nb = ''", ['1 a = ""', '2 b = ""']],
		["a mark at its start", "\uFEFFa = 'b'", ['1 a = "b"']],
	])("%s", (_, text, entries) => {
		expect(flat(text)).toEqual(entries);
		expect(tomlEntries(text).brokenAt).toBeUndefined();
	});

	it.each([
		"[build",
		"a",
		"a = ",
		'a = "x',
		"a = 'x\n'",
		"a = [1",
		"a = {b = 1",
		"= 1",
		"a = 'b' c",
		"a = '''",
		"[a]]",
	])("what is no TOML is told: %s", (text) => {
		expect(flat(`x = "y"\n${text}`)[0]).toBe('1 x = "y"');
		expect(tomlEntries(`x = "y"\n${text}`).brokenAt).toBeGreaterThanOrEqual(2);
	});

	it("a hostile file costs no time and no stack", () => {
		const started = performance.now();
		for (const text of [
			"[".repeat(65_000),
			`a=${"[".repeat(65_000)}`,
			"a='b'\n".repeat(10_000),
			`a="${"\\".repeat(64_001)}`,
			"#\n".repeat(30_000),
		]) {
			tomlEntries(text);
		}
		expect(performance.now() - started).toBeLessThan(2000);
	});
});
