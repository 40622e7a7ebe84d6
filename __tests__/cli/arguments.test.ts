import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/arguments.ts";

const known = { check: ["profile", "format", "smoke"], list: ["format"], explain: [] };
const parse = (line: string) => parseArguments(line === "" ? [] : line.split(" "), known);

describe("parseArguments", () => {
	it.each([
		["", { command: "check", words: [], flags: {} }],
		["--profile titan", { command: "check", words: [], flags: { profile: "titan" } }],
		[
			"check --profile=titan --format json",
			{ command: "check", words: [], flags: { profile: "titan", format: "json" } },
		],
		["--smoke", { command: "check", words: [], flags: { smoke: "docker" } }],
		["--smoke --format json", { command: "check", words: [], flags: { smoke: "docker", format: "json" } }],
		["--smoke all --format=json", { command: "check", words: [], flags: { smoke: "all", format: "json" } }],
		["--smoke=rust,git", { command: "check", words: [], flags: { smoke: "rust,git" } }],
		["explain docker/socket:missing", { command: "explain", words: ["docker/socket:missing"], flags: {} }],
		["check --profile=a=b", { command: "check", words: [], flags: { profile: "a=b" } }],
	])("takes %j apart", (line, expected) => expect(parse(line)).toEqual(expected));

	it.each([
		["chek", /unknown command `chek`, did you mean `check`\?; there are: check, list, explain/],
		["--profil titan", /unknown flag `--profil`, did you mean `--profile`\?/],
		["list --profile x", /unknown flag `--profile`.*`list` takes: --format/],
		["--profile", /the flag `--profile` needs a value/],
		["--format json --format text", /given twice/],
	])("refuses %j", (line, message) => expect(() => parse(line)).toThrow(message));
});
