import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { signatureIn, signatures } from "../../src/knowledge/tool-signatures.ts";

test("the file follows its schema", () => {
	const validate = new Ajv().compile(JSON.parse(readFileSync("src/knowledge/tool-signatures.schema.json", "utf8")));
	validate(parse(readFileSync("src/knowledge/tool-signatures.yaml", "utf8")));
	expect(validate.errors ?? []).toEqual([]);
});

test.each(signatures.map((signature) => [signature.example, signature] as const))("%s", (example, signature) => {
	const { by, reason, variant, subject, within } = signature;
	const found = signatureIn(`some words before\n${example}\nand after`);
	expect(found).toMatchObject({ reason, variant });
	expect(found?.subject).toBe(subject);
	expect(found?.within).toBe(within);
	expect(found?.rustup === true).toBe(by === "rustup");
	expect(found?.told).toContain(example);
});

test("a version is not a complaint", () => {
	expect(signatureIn("rustc 1.95.0 (59807616e 2026-04-14)")).toBeUndefined();
});
