import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { runnerPrivileged } from "../../../src/checks/runner/privileged.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const policy = createPolicy({ runsIn: "container", privileged: "forbidden" });
const verdictOf = (container: ContainerFacts, job: Partial<JobFacts> = {}, expectations = policy) =>
	judge(runnerPrivileged, { container, job: createJob(job) }, expectations);
const withCapabilities = (boundingCapabilities: string, capabilities = boundingCapabilities) =>
	createContainer({ boundingCapabilities, capabilities });

test("applies where the profile forbids it", () => {
	expect(runnerPrivileged.applies?.(policy)).toBe(true);
	expect(runnerPrivileged.applies?.(createPolicy())).toBe(false);
});

test.each([
	["Docker's default", "00000000a80425fb", 14],
	["podman's default", "00000000800405fb", 11],
	["--cap-drop ALL", "0000000000000000", 0],
	["--cap-add SYS_ADMIN", "00000000a82425fb", 15],
	["all of an old kernel but SYS_ADMIN", "0000003fffdfffff", 37],
])("passes with %s", (_name, mask, count) => {
	expect(verdictOf(withCapabilities(mask))).toEqual({
		kind: "pass",
		message: `${count} capabilities, as of an ordinary container`,
		evidence: [{ source: "/proc/self/status", text: `CapBnd: ${mask} (${count} capabilities)` }],
	});
});

describe("privileged", () => {
	test.each([
		["all 41", "000001ffffffffff"],
		["all 38 of an older kernel", "0000003fffffffff"],
		["all but one", "000001fffeffffff"],
	])("%s", (_name, mask) => {
		expect(verdictOf(withCapabilities(mask))).toMatchObject({
			kind: "finding",
			reason: "privileged",
			remedy: { kind: "runner", config: { text: "container:\n  privileged: false" } },
		});
	});

	test("as a plain user, who holds no capability but may get them all", () => {
		expect(verdictOf(withCapabilities("000001ffffffffff", "0000000000000000"))).toMatchObject({ reason: "privileged" });
	});

	test("by the effective capabilities, where there are no others", () => {
		const { boundingCapabilities: _, ...container } = createContainer({ capabilities: "000001ffffffffff" });
		expect(verdictOf(container)).toMatchObject({
			reason: "privileged",
			evidence: [{ text: "CapEff: 000001ffffffffff (41 capabilities)" }],
		});
	});

	test.each<[JobFacts["system"], string, RegExp]>([
		["forgejo", "runner", /config.yaml/],
		["act", "runner", /--privileged/],
		["github", "workflow", /container.options/],
		["none", "host", /--privileged/],
	])("under %s", (system, kind, text) => {
		const { remedy } = verdictOf(withCapabilities("000001ffffffffff"), { system }) as Finding<string>;
		expect(remedy.kind).toBe(kind);
		expect(remedy.text).toMatch(text);
		expect(remedy.otherwise?.text).toContain("`privileged: allowed`");
	});
});

test("not-applicable on the host, whatever root may do there", () => {
	expect(verdictOf(onHost)).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

test("cannot decide without capabilities", () => {
	const container = { mode: "container", witness: "/.dockerenv", names: [] } as const;
	expect(verdictOf(container)).toMatchObject({ kind: "undecided" });
});

test("where nobody knows whether this is a container, that is said once", () => {
	const unknown = createContainer({ mode: "unknown" });
	expect(verdictOf(unknown)).toMatchObject({ kind: "skip", reason: "needs:runner/mode" });
	const anywhere = createPolicy({ runsIn: "any", privileged: "forbidden" });
	expect(verdictOf(unknown, {}, anywhere)).toMatchObject({ kind: "undecided" });
});
