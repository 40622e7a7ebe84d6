import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { knownWarnings, seriousWarnings } from "../../src/knowledge/docker-warnings.ts";

const readJson = (file: string) => JSON.parse(readFileSync(`src/knowledge/${file}`, "utf8"));
const data = readJson("docker-warnings.json");

test("the file follows its schema", () => {
	const validate = new Ajv({ formats: { regex: (text: string) => new RegExp(text) !== null } }).compile(
		readJson("docker-warnings.schema.json"),
	);
	validate(data);
	expect(validate.errors ?? []).toEqual([]);
});

describe.each(knownWarnings.map((warning) => [warning.kind, warning] as const))("%s", (kind, { examples, pattern }) => {
	test.each(examples)("%s", (text) => {
		expect(seriousWarnings([text])).toEqual([{ kind, text }]);
		// The pattern itself has to match, or the example tests another entry.
		expect(text).toMatch(new RegExp(pattern, "i"));
	});
});

test.each(data.harmless as string[])("harmless: %s", (text) => {
	expect(seriousWarnings([text])).toEqual([]);
});

test("the most serious comes first", () => {
	const texts = knownWarnings.map(({ examples }) => examples[0] ?? "");
	expect(seriousWarnings([...texts].reverse()).map(({ kind }) => kind)).toEqual(knownWarnings.map(({ kind }) => kind));
});
