import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { createFlags } from "../../src/knowledge/create-flags.ts";
import { readOptions } from "../../src/lint/read/read-options.ts";

const readJson = (file: string) => JSON.parse(readFileSync(`src/knowledge/${file}`, "utf8"));

test("the file follows its schema", () => {
	const validate = new Ajv({ formats: { regex: true } }).compile(readJson("create-flags.schema.json"));
	validate(readJson("create-flags.json"));
	expect(validate.errors ?? []).toEqual([]);
});

test("no letter stands for two options", () => {
	const letters = Object.values(createFlags).flatMap(({ short }) => (short ? [short] : []));
	expect(new Set(letters).size).toBe(letters.length);
});

describe.each(Object.entries(createFlags))("--%s", (name, { type, short, example, wrong, expected }) => {
	test("is read with its example", () => {
		if (type === "flag") {
			expect(readOptions(`--${name}`)).toMatchObject({ flags: [{ name, value: undefined }] });
			expect(readOptions(`--${name}=yes`).problem).toMatchObject({ kind: "bad-value", expected: "`true` or `false`" });
			return;
		}
		expect(readOptions(`--${name} '${example}'`)).toMatchObject({ flags: [{ name, value: example }] });
		expect(readOptions(`--${name}='${example}'`)).toMatchObject({ flags: [{ name, value: example }] });
		expect(readOptions(`--${name}`).problem).toMatchObject({ kind: "no-value" });
	});

	if (short)
		test("is read by its letter", () => {
			const value = type === "flag" ? undefined : example;
			expect(readOptions(`-${short}${value === undefined ? "" : ` '${value}'`}`)).toMatchObject({
				flags: [{ name, value }],
			});
		});

	if (wrong)
		test("is refused with its wrong value", () => {
			expect(readOptions(`--${name} '${wrong}'`).problem).toMatchObject({ kind: "bad-value", value: wrong, expected });
		});
});

test.each([
	["--cpu-quota many", "a whole number"],
	["--memory much", "a size such as `8g` or `512m`"],
	["--health-interval 1d", "a duration such as `30s` or `1m30s`"],
])("%s needs %s", (text, expected) => {
	expect(readOptions(text).problem).toMatchObject({ kind: "bad-value", expected });
});
