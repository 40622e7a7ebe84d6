import { describe, expect, it } from "vitest";
import { parseDuration, parseSize, parseWholeNumber } from "../../src/policy/units.ts";

describe("parseSize", () => {
	it.each([
		["40GiB", 40 * 2 ** 30],
		["500MB", 500e6],
		["1.5 TiB", 1.5 * 2 ** 40],
		["4096", 4096],
		["0", 0],
		["1kB", 1000],
	])("%s is %d bytes", (text, bytes) => expect(parseSize(text)).toBe(bytes));
	it.each(["", "40G", "40 gigabytes", "-1GiB", "1e9", "GiB", "0x10", "999999999999999TiB", "4,096"])(
		"refuses %j",
		(text) => expect(parseSize(text)).toBeUndefined(),
	);
});

describe("parseDuration", () => {
	it.each([
		["500ms", 500],
		["10s", 10_000],
		["1.5s", 1500],
		["2m", 120_000],
		["26h", 93_600_000],
		["30d", 2_592_000_000],
	])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));
	it.each(["", "10", "s", "10 seconds", "-1s", "1e3s"])("refuses %j", (text) =>
		expect(parseDuration(text)).toBeUndefined(),
	);
});

describe("parseWholeNumber", () => {
	it.each([
		["1000000", 1_000_000],
		["1,000,000", 1_000_000],
		["1_000_000", 1_000_000],
		["0", 0],
	])("%s is %d", (text, number) => expect(parseWholeNumber(text)).toBe(number));
	it.each(["", "1.5", "-1", "1e6", "1,00", "0x10", "many"])("refuses %j", (text) =>
		expect(parseWholeNumber(text)).toBeUndefined(),
	);
});
