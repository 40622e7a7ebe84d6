import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { readsVariable, runnerImageOf, runnerImages } from "../../src/knowledge/runner-images.ts";

const readJson = (file: string) => JSON.parse(readFileSync(`src/knowledge/${file}`, "utf8"));

test("the file follows its schema", () => {
	const validate = new Ajv({ formats: { regex: true } }).compile(readJson("runner-images.schema.json"));
	validate(readJson("runner-images.json"));
	expect(validate.errors ?? []).toEqual([]);
});

describe.each(Object.entries(runnerImages))("%s", (_, image) => {
	test.each(Object.entries(image.examples))("%s is its variant %s", (reference, variant) => {
		expect(runnerImageOf(reference)).toMatchObject({ image, variant });
	});

	test("reads the variables that it has, and no others", () => {
		for (const name of Object.keys(image.variables)) expect(readsVariable(image, name)).toBe(true);
		for (const name of ["GITEA_RUNNER_LABEL", "toString", "GITEA_RUNNER_ENV_VAR_"]) {
			expect(readsVariable(image, name)).toBe(false);
		}
	});
});

test.each([
	"gitea/gitea:1.27",
	"docker.gitea.com/runner-images:ubuntu-latest",
	"registry.example/my-gitea/runner-x",
	"forgejo/forgejo",
	"",
])("%s is no runner", (reference) => expect(runnerImageOf(reference)).toBeUndefined());
