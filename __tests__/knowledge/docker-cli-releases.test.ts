import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it, test } from "vitest";
import {
	apiOfRelease,
	cliReleases,
	compareApi,
	isApiVersion,
	releaseWithApi,
} from "../../src/knowledge/docker-cli-releases.ts";
import { findVersion } from "../../src/versions.ts";

const readJson = (file: string) => JSON.parse(readFileSync(`src/knowledge/${file}`, "utf8"));

test("the file follows its schema", () => {
	const validate = new Ajv().compile(readJson("docker-cli-releases.schema.json"));
	validate(readJson("docker-cli-releases.json"));
	expect(validate.errors ?? []).toEqual([]);
});

test("the newest release and the newest API version come first", () => {
	for (const [index, { from, upTo, newestApi }] of cliReleases.entries()) {
		const next = cliReleases[index - 1];
		if (upTo !== undefined) expect(compareApi(upTo, from), from).toBeGreaterThanOrEqual(0);
		if (!next) continue;
		expect(compareApi(next.from, upTo ?? from), from).toBeGreaterThan(0);
		expect(compareApi(next.newestApi, newestApi), from).toBeGreaterThan(0);
	}
});

describe.each(cliReleases.map((entry) => [entry.from, entry] as const))("%s", (_, entry) => {
	test.each(Object.entries(entry.examples))("%s speaks %s", (version, api) => {
		const found = findVersion(`Docker version ${version}, build 9f4be4fde6`);
		const spoken = found && apiOfRelease(found.numbers);
		expect(`${spoken?.max}${spoken?.atLeast ? " or newer" : ""}`).toBe(api);
		// The example has to be one of this entry.
		expect(spoken).toMatchObject({ max: entry.newestApi, min: entry.oldestEngineApi });
	});
});

it.each([
	["1.40", "19.03"],
	["1.41", "20.10"],
	["1.44", "25.0"],
	["1.47", "27.2"],
	["1.48", "28.0"],
	["1.52", "29.0"],
	["1.99", undefined],
])("API %s came with %s", (api, release) => {
	expect(releaseWithApi(api)).toBe(release);
});

it("knows nothing of a release before the first entry", () => {
	expect(apiOfRelease([1, 13, 1])).toBeUndefined();
});

it("knows the three releases that need a newer engine", () => {
	const minima = [28, 29, 29, 29].map((major, index) => apiOfRelease([major, [5, 0, 2, 3][index] ?? 0, 0])?.min);
	expect(minima).toEqual(["1.24", "1.44", "1.44", "1.40"]);
});

it("compares numbers, not texts", () => {
	expect(compareApi("1.9", "1.44")).toBeLessThan(0);
	expect(compareApi("1.44", "1.44")).toBe(0);
	expect(compareApi("2.0", "1.99")).toBeGreaterThan(0);
});

it.each(["bogus", "1", "v1.44", "1.44.0", "1.44 "])("%j is not an API version", (text) => {
	expect(isApiVersion(text)).toBe(false);
});
