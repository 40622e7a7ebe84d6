import { describe, expect, it } from "vitest";
import {
	giteaRunnerVersion,
	holdsFor,
	knowledgeIds,
	runnerKnowledge,
	versionsOf,
} from "../../src/knowledge/runner-versions.ts";
import { findVersion } from "../../src/versions.ts";

describe("holdsFor", () => {
	it.each([
		["gpu-option-dropped", "v2.3.0", "no"],
		["gpu-option-dropped", "v3.0.0", "yes"],
		["gpu-option-dropped", "3.1.0", "yes"],
		["gpu-option-dropped", "v3.3.0", "yes"],
		["gpu-option-dropped", "v3.3.1", "no"],
		["gpu-option-dropped", "v4.1.0", "no"],
		["workflow-gpu-option-dropped", "v4.1.0", "yes"],
		["duplicate-socket-mount", "v0.2.11", "yes"],
		["duplicate-socket-mount", "v2.3.0", "yes"],
		["duplicate-socket-mount", "v3.0.0", "no"],
		["socket-directory", "v0.2.13", "yes"],
		["socket-directory", "v0.3.0", "no"],
		["summary-not-uploaded", "v1.0.8", "yes"],
		["summary-not-uploaded", "v2.0.0", "no"],
		["tool-cache-not-kept", "v3.1.0", "no"],
		["tool-cache-not-kept", "v3.2.0", "yes"],
		["old-name", "v0.6.1", "yes"],
		["old-name", "v1.0.0", "no"],
		["setup-job-broken", "29.4.9", "no"],
		["setup-job-broken", "29.5.0", "yes"],
		["setup-job-broken", "29.5.1-1~debian.12~bookworm", "yes"],
		["setup-job-broken", "29.5.2", "no"],
		["setup-job-broken", "29.7.0", "yes"],
		["setup-job-broken", "29.7.1", "no"],
	] as const)("%s in %s: %s", (id, version, answer) => {
		expect(holdsFor(runnerKnowledge(id), version)).toBe(answer);
	});

	it.each([undefined, "dev", "", "nightly"])("does not know of the version %j", (version) => {
		expect(holdsFor(runnerKnowledge("gpu-option-dropped"), version)).toBe("unknown");
	});

	it("knows what holds in every version, whichever it is", () => {
		expect(holdsFor(runnerKnowledge("network-option-ignored"), "dev")).toBe("yes");
	});

	it.each([
		["gpu-option-dropped", "v3.1.0-4-g0a2f2824", "yes"],
		["gpu-option-dropped", "v3.3.0-5-g0a2f2824", "unknown"],
		["gpu-option-dropped", "v2.3.0-9-g0a2f2824", "unknown"],
		["gpu-option-dropped", "v4.0.0-1-g0a2f2824", "no"],
		["old-name", "v0.6.1-7-g0a2f2824", "unknown"],
		["old-name", "v1.0.2-7-g0a2f2824", "no"],
	] as const)("takes a build between two releases for what it is: %s in %s: %s", (id, version, answer) => {
		expect(holdsFor(runnerKnowledge(id), version)).toBe(answer);
	});
});

describe("giteaRunnerVersion", () => {
	it("gives the version of Gitea's runner", () => {
		expect(giteaRunnerVersion({ system: "gitea", runnerVersion: "v3.2.0" })).toBe("v3.2.0");
	});

	it.each(["forgejo", "github", "act", "none"] as const)("never compares the numbers of %s", (system) => {
		const version = giteaRunnerVersion({ system, runnerVersion: "v3.2.0" });
		expect(holdsFor(runnerKnowledge("gpu-option-dropped"), version)).toBe("unknown");
	});
});

describe("the table", () => {
	it("has a sentence, a source and readable bounds in every entry", () => {
		for (const id of knowledgeIds) {
			const entry = runnerKnowledge(id);
			expect(entry.what, id).toMatch(/^[a-z`].{20,}[^.]$/);
			expect(entry.source, id).not.toBe("");
			for (const { from, upTo, before } of entry.ranges) {
				expect(upTo === undefined || before === undefined, `${id}: one end`).toBe(true);
				for (const bound of [from, upTo, before]) {
					if (bound !== undefined) expect(findVersion(bound)?.text, id).toBe(bound);
				}
			}
		}
	});

	it("says its ranges in words", () => {
		expect(versionsOf(runnerKnowledge("gpu-option-dropped"))).toBe("3.0.0 to 3.3.0");
		expect(versionsOf(runnerKnowledge("old-name"))).toBe("before 1.0.0");
		expect(versionsOf(runnerKnowledge("duplicate-socket-mount"))).toBe("up to 2.3.0");
		expect(versionsOf(runnerKnowledge("tool-cache-not-kept"))).toBe("from 3.2.0 on");
		expect(versionsOf(runnerKnowledge("network-option-ignored"))).toBe("all versions");
		expect(versionsOf(runnerKnowledge("setup-job-broken"))).toBe(
			"from 29.5.0, mended in 29.5.2 and from 29.7.0, mended in 29.7.1",
		);
	});
});
