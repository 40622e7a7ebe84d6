import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { measure } from "./measure.ts";
import { accuracyPage, headline, type Measured, unexplained, unneeded } from "./page.ts";

/** `npm run accuracy` writes the page and the sentence of the README. */
const update = process.env.UPDATE_ACCURACY === "1";
const root = join(import.meta.dirname, "../..");
const page = join(root, "docs/accuracy.md");
const readme = join(root, "README.md");

describe("accuracy", () => {
	let measured: Measured;

	beforeAll(async () => {
		measured = await measure();
		if (!update) return;
		writeFileSync(page, accuracyPage(measured));
		const text = readFileSync(readme, "utf8");
		writeFileSync(readme, text.replace(/[\d,]+ recorded runs show .*? wrong/, headline(measured)));
	});

	it("explains each disagreement", () => {
		const lines = unexplained(measured).map(
			({ state, found }) =>
				`${state.area}: ${state.name}: expected ${state.expect}, found ${found.join(", ") || "nothing"}`,
		);
		expect(lines, "add these to __tests__/accuracy/disagreements.yaml, or correct the product").toEqual([]);
	});

	it("has no explanation that nothing needs any more", () => {
		expect(unneeded(measured).map(({ states }) => states)).toEqual([]);
	});

	it("is published as measured", () => {
		expect(readFileSync(page, "utf8"), "npm run accuracy").toBe(accuracyPage(measured));
		expect(readFileSync(readme, "utf8"), "npm run accuracy").toContain(headline(measured));
	});
});
