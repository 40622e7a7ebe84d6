import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it, test } from "vitest";
import {
	giteaRunnerVersion,
	holdsFor,
	knowledgeIds,
	runnerKnowledge,
	versionsOf,
} from "../../src/knowledge/runner-versions.ts";
import { findVersion } from "../../src/versions.ts";

const folder = "src/knowledge";
const readJson = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));

test("the file follows its schema", () => {
	const validate = new Ajv().compile(readJson("runner-versions.schema.json"));
	validate(readJson("runner-versions.json"));
	expect(validate.errors ?? []).toEqual([]);
});

describe.each(knowledgeIds)("%s", (id) => {
	const entry = runnerKnowledge(id);
	const isUnlimited = entry.ranges.some((range) => Object.keys(range).length === 0);

	test.each(Object.entries(entry.examples))("%s: %s", (version, answer) => {
		expect(holdsFor(entry, version)).toBe(answer);
	});

	test("has an example inside its ranges and, if they end, one outside", () => {
		const answers = Object.values(entry.examples);
		expect(answers).toContain("yes");
		if (!isUnlimited) expect(answers).toContain("no");
	});

	test("has bounds that are read as they are written", () => {
		const bounds = entry.ranges
			.flatMap(({ from, upTo, before }) => [from, upTo, before])
			.filter((one) => one !== undefined);
		expect(bounds.map((bound) => findVersion(bound)?.text)).toEqual(bounds);
	});
});

describe("holdsFor", () => {
	const dropped = runnerKnowledge("gpu-option-dropped");

	it.each([undefined, "dev", "", "nightly"])("cannot tell for the version %j", (version) => {
		expect(holdsFor(dropped, version)).toBe("unknown");
	});

	it("knows what happens in all versions, also in an unknown one", () => {
		expect(holdsFor(runnerKnowledge("network-option-ignored"), undefined)).toBe("yes");
	});
});

describe("giteaRunnerVersion", () => {
	it("is the version of Gitea's runner", () => {
		expect(giteaRunnerVersion({ system: "gitea", runnerVersion: "v3.2.0" })).toBe("v3.2.0");
	});

	it.each(["forgejo", "github", "act", "none"] as const)("never compares the numbers of %s", (system) => {
		expect(giteaRunnerVersion({ system, runnerVersion: "v3.2.0" })).toBeUndefined();
	});
});

it.each([
	["gpu-option-dropped", "3.0.0 to 3.3.0"],
	["old-name", "before 1.0.0"],
	["duplicate-socket-mount", "up to 2.3.0"],
	["tool-cache-not-kept", "3.2.0 and later"],
	["network-option-ignored", "all versions"],
	["setup-job-broken", "from 29.5.0, fixed in 29.5.2 and from 29.7.0, fixed in 29.7.1"],
] as const)("says the ranges of %s in words", (id, words) => {
	expect(versionsOf(runnerKnowledge(id))).toBe(words);
});
