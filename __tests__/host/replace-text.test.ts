import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replaceText } from "../../src/host/replace-text.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "replace-text-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("replacing the text of a file", () => {
	test.for([
		["has another text by now", Buffer.from("other\n"), /was changed/],
		["is not text", Buffer.from([0x61, 0xff, 0xfe, 0x0a]), /not valid/],
	] as const)("leaves it alone if it %s", async ([, bytes, said]) => {
		const path = join(folder, "a.yaml");
		writeFileSync(path, bytes);
		await expect(replaceText(path, "old\n", "new\n")).rejects.toThrow(said);
		expect(readFileSync(path).equals(bytes)).toBe(true);
		expect(readdirSync(folder)).toEqual(["a.yaml"]);
	});

	test("refuses what is not a file", async () => {
		await expect(replaceText(folder, "", "new")).rejects.toThrow("not a regular file");
	});
});
