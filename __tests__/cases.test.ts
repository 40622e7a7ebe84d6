import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { casesIn, judgeCase, reasonOf } from "./support/cases.ts";

/** UPDATE_GOLDEN=1 writes every `expected.md`; read the difference before you commit it. */
const update = process.env.UPDATE_GOLDEN === "1";
const root = fileURLToPath(new URL("cases", import.meta.url));

/** A title longer than this does not fit into an annotation or a list. */
const maxTitle = 60;

describe("cases", () => {
	test.each(casesIn(root).map((one) => [one.name, one] as const))("%s", async (name, one) => {
		const { result, text, results } = await judgeCase(one);
		const file = join(root, name, "expected.md");
		if (update) writeFileSync(file, text);
		expect(existsSync(file) ? readFileSync(file, "utf8") : "", file).toBe(text);
		expect(reasonOf(result), "the folder's name begins with the reason").toBe(one.reason);
		const titles = results.map(({ title }) => title);
		for (const title of titles) expect(title.length, title).toBeLessThanOrEqual(maxTitle);
		expect(new Set(titles).size, `two findings with one title: ${titles.join(", ")}`).toBe(titles.length);
	});
});
