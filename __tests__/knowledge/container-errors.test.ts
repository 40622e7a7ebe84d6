import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startErrorIn, startErrors } from "../../src/knowledge/container-errors.ts";

test("the file follows its schema", () => {
	const validate = new Ajv({ formats: { regex: true } }).compile(
		JSON.parse(readFileSync("src/knowledge/container-errors.schema.json", "utf8")),
	);
	validate(parse(readFileSync("src/knowledge/container-errors.yaml", "utf8")));
	expect(validate.errors ?? []).toEqual([]);
});

test.each(startErrors.map(({ cause, example }) => [cause, example] as const))("%s", (cause, example) => {
	expect(startErrorIn(`docker: Error response from daemon: ${example}`)?.cause).toBe(cause);
});

test("a runtime that is missing is named", () => {
	expect(startErrorIn("unknown or invalid runtime name: nvidia")).toEqual({
		cause: "runtime-missing",
		subject: "nvidia",
	});
	expect(startErrorIn("docker: Error response from daemon: Unknown runtime specified nvidia.")?.subject).toBe("nvidia");
});

test.each([
	"OCI runtime create failed: runc create failed: unable to start container process: an error of tomorrow: unknown",
	'exec: "true": executable file not found in $PATH',
	"runc did not say why",
])("what is not known stays so: %s", (message) => {
	expect(startErrorIn(message)).toBeUndefined();
});
