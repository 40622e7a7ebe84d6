import { describe, expect, it } from "vitest";
import { parseRange } from "../../src/policy/ranges.ts";
import { findVersion, satisfies } from "../../src/versions.ts";

function holds(version: string, range: string): boolean {
	const parsed = parseRange(range);
	const found = findVersion(version);
	if (!parsed || !found) throw new Error(`not a range or version: ${range}, ${version}`);
	return satisfies(found, parsed);
}

describe("ranges on versions as tools print them", () => {
	it.each([
		["rustc 1.92.0 (ded5c06cf 2025-12-08)", ">=1.92", true],
		["rustc 1.91.1 (ed61e7d7e 2025-11-07)", ">=1.92", false],
		["rustc 1.92.0 (ded5c06cf 2025-12-08)", "1.92", true],
		["rustc 1.93.0 (254b59607 2026-01-19)", "1.92", false],
		["rustc 1.97.0-nightly (abc 2026-05-01)", ">=1.92", true],
		["rustc 1.92.0-nightly (abc 2025-10-01)", ">=1.92", false],
		["rustc 2.0.0-beta.1 (abc 2027-01-01)", ">=1.92 <2", false],
		["Docker version 20.10.24+dfsg1, build 297e128", ">=25", false],
		["Docker version 29.6.2-1~debian, build x", "^29", true],
		["git version 2.39.5 (Apple Git-154)", ">=2.18", true],
		["v22.11.0", "^22", true],
		["v22.11.0", ">=20 <21 || >=22", true],
		["sqlx-cli 0.8.6", "~0.8", true],
		["sqlx-cli 0.9.0", "~0.8", false],
		["v24.0.0-nightly20250101", "*", true],
	])("%s in %s: %s", (version, range, expected) => {
		expect(holds(version, range)).toBe(expected);
	});

	it.each(["", "latest", ">>1", "1.x.y.z!", ">=", "1.92,<2", "a".repeat(300)])("refuses %j", (text) => {
		expect(parseRange(text)).toBeUndefined();
	});

	it.each([
		[">=1", "1.0.0", "0.99.0"],
		[">= 22", "22.0.0", "21.9.9"],
		[">=1.92.3", "1.92.3", "1.92.2"],
	])("takes %s to begin with %s", (text, first, before) => {
		expect(holds(first, text)).toBe(true);
		expect(holds(before, text)).toBe(false);
	});

	it("survives JSON, so that a report can be judged again", () => {
		const range = parseRange(">=1.92 <2");
		expect(JSON.parse(JSON.stringify(range))).toEqual(range);
	});
});
