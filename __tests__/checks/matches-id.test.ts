import { expect, it } from "vitest";
import { matchesId } from "../../src/checks/matches-id.ts";
import { cpuTime } from "../support/cpu-time.ts";

/** What a glob means, in as few words as possible; slow where there are many stars. */
function naive(pattern: string, id: string): boolean {
	if (pattern === "") return id === "";
	const rest = pattern.slice(1);
	if (pattern[0] === "*") return naive(rest, id) || (id !== "" && naive(pattern, id.slice(1)));
	return id[0] === pattern[0] && naive(rest, id.slice(1));
}

/** Every text of at most `length` characters out of these. */
function textsOf(characters: string, length: number): readonly string[] {
	if (length === 0) return [""];
	const shorter = textsOf(characters, length - 1);
	const longest = shorter.filter((text) => text.length === length - 1);
	return [...shorter, ...longest.flatMap((text) => [...characters].map((character) => text + character))];
}

it("means what a glob means, for every short pattern and id", () => {
	const ids = textsOf("ab", 5);
	const wrong = textsOf("ab*", 5).flatMap((pattern) =>
		ids.filter((id) => matchesId(pattern, id) !== naive(pattern, id)).map((id) => `${pattern} ${id}`),
	);
	expect(wrong).toEqual([]);
});

it.each([
	["registry/*", "registry/a\nb", true],
	["a.c", "abc", false],
	["a.*", "abc", false],
	["[ab]*", "a", false],
	["tool/*+", "tool/g++", true],
	["tool/*-*-*", "tool/cargo-llvm-cov", true],
	["tool/*-*-*", "tool/cargo-hack", false],
])("%j and %j: %s", (pattern, id, expected) => {
	expect(matchesId(pattern, id)).toBe(expected);
});

it("takes no time for many stars", async () => {
	const id = `tool/${"a".repeat(64)}`;
	const patterns = [
		`tool/${"*".repeat(5000)}x`,
		`tool/${"a*".repeat(60)}x`,
		`${"*a".repeat(5000)}`,
		`${"*?".repeat(5000)}`,
	];
	const ms = await cpuTime(() =>
		expect(patterns.map((pattern) => matchesId(pattern, id))).toEqual([false, false, false, false]),
	);
	expect(ms).toBeLessThan(500);
});
