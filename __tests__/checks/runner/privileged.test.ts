import { describe, expect, test } from "vitest";
import { runnerPrivileged } from "../../../src/checks/runner/privileged.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob } from "./facts.ts";

const policy = createPolicy({ runsIn: "container", privileged: "forbidden" });
const verdictOf = (container: ContainerFacts, expectations = policy) =>
	judge(runnerPrivileged, { container, job: createJob() }, expectations);
const withCapabilities = (boundingCapabilities: string, capabilities = boundingCapabilities) =>
	createContainer({ boundingCapabilities, capabilities });

test("applies if the profile forbids it", () => {
	expect(runnerPrivileged.applies?.(policy)).toBe(true);
	expect(runnerPrivileged.applies?.(createPolicy())).toBe(false);
});

test.each([
	["podman's default", "00000000800405fb", 11],
	["--cap-drop ALL", "0000000000000000", 0],
	["--cap-add SYS_ADMIN", "00000000a82425fb", 15],
	["all of an old kernel but SYS_ADMIN", "0000003fffdfffff", 37],
])("passes with %s", (_name, mask, count) => {
	expect(verdictOf(withCapabilities(mask))).toEqual({
		kind: "pass",
		message: `${count} capabilities, like an ordinary container`,
		evidence: [{ source: "/proc/self/status", text: `CapBnd: ${mask} (${count} capabilities)` }],
	});
});

describe("privileged", () => {
	test.each([
		["all 41", "000001ffffffffff"],
		["all 38 of an older kernel", "0000003fffffffff"],
		["all but one", "000001fffeffffff"],
	])("%s", (_name, mask) => {
		expect(verdictOf(withCapabilities(mask))).toMatchObject({ kind: "finding", reason: "privileged" });
	});

	test("as an ordinary user, who has no capability but can get all of them", () => {
		expect(verdictOf(withCapabilities("000001ffffffffff", "0000000000000000"))).toMatchObject({ reason: "privileged" });
	});

	test("by the effective capabilities if there are no others", () => {
		const { boundingCapabilities: _, ...container } = createContainer({ capabilities: "000001ffffffffff" });
		expect(verdictOf(container)).toMatchObject({
			reason: "privileged",
			evidence: [{ text: "CapEff: 000001ffffffffff (41 capabilities)" }],
		});
	});
});

test("cannot decide without capabilities", () => {
	const container = { mode: "container", witness: "overlay root in /proc/self/mountinfo", names: [] } as const;
	expect(verdictOf(container)).toMatchObject({ kind: "undecided" });
});

test("if it is unknown whether this is a container, that is said once", () => {
	const unknown = createContainer({ mode: "unknown" });
	expect(verdictOf(unknown)).toMatchObject({ kind: "skip", reason: "needs:runner/mode" });
	const unreadable = { mode: "unknown", witness: "/proc cannot be read", names: [] } as const;
	expect(verdictOf(unreadable)).toMatchObject({ kind: "skip", reason: "needs:runner/mode" });
	const anywhere = createPolicy({ runsIn: "any", privileged: "forbidden" });
	expect(verdictOf(unknown, anywhere)).toMatchObject({ kind: "undecided" });
	expect(verdictOf(unknown, { ...policy, skip: ["runner/mode"] })).toMatchObject({ kind: "undecided" });
});
