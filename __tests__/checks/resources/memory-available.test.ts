import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { memoryAvailable } from "../../../src/checks/resources/memory-available.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { GroupMemory, MachineMemory } from "../../../src/probes/memory.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { GiB, inContainer, jobOf, onHost } from "./facts.ts";

const MiB = 2 ** 20;
const machine = (availableBytes: number): MachineMemory => ({ kind: "read", availableBytes, totalBytes: 64 * GiB });
const group = (overrides: Partial<Extract<GroupMemory, { kind: "limited" }>> = {}): GroupMemory => ({
	kind: "limited",
	source: "/sys/fs/cgroup/memory.max",
	limitBytes: 4 * GiB,
	usedBytes: 100 * MiB,
	cacheBytes: 20 * MiB,
	...overrides,
});

interface Given {
	readonly machine?: MachineMemory;
	readonly groups?: readonly GroupMemory[];
	readonly container?: ContainerFacts;
	readonly system?: JobFacts["system"];
	readonly sources?: Readonly<Record<string, string>>;
}

const verdictOf = ({ groups = [], container = onHost, system, sources = {}, ...given }: Given) =>
	judge(
		memoryAvailable,
		{ facts: { machine: given.machine ?? machine(22 * GiB), groups }, container, job: jobOf(system) },
		createPolicy({ profile: "titan", memory: GiB, sources }),
	);
const findingOf = (given: Given) => verdictOf(given) as Finding<string>;

it("applies if the profile sets a floor", () => {
	expect(memoryAvailable.applies?.(createPolicy())).toBe(false);
	expect(memoryAvailable.applies?.(createPolicy({ memory: GiB }))).toBe(true);
});

test("passes with exactly what the profile asks for", () => {
	expect(verdictOf({ machine: machine(GiB) }).kind).toBe("pass");
});

describe("low", () => {
	test("the lowest of several limits decides", () => {
		const inner = group({ source: "/inner", limitBytes: 8 * GiB });
		const outer = group({ source: "/outer", limitBytes: GiB, usedBytes: GiB, cacheBytes: 0 });
		const finding = findingOf({ groups: [inner, outer] });
		expect(finding.message).toMatch(/^0 bytes of memory is available within a control group's limit of 1 GiB;/);
		expect(finding.evidence.map(({ source }) => source)).toEqual(["/proc/meminfo", "/inner", "/outer"]);
	});

	test("no limit is raised above what the machine has", () => {
		const groups = [group({ usedBytes: 4 * GiB })];
		const { remedy } = findingOf({ machine: machine(GiB - 1), groups });
		expect(remedy.commands).toContain("free -h");
		expect(findingOf({ machine: machine(GiB), groups }).remedy.config?.text).toContain("MemoryMax=");
	});

	test("the service is named as its runner names it", () => {
		const groups = [group({ usedBytes: 4 * GiB })];
		expect(findingOf({ groups, system: "forgejo" }).remedy.config?.file).toContain("/forgejo-runner.service.d/");
		expect(findingOf({ groups, system: "github" }).remedy.commands?.[0]).toContain("actions.runner.*");
	});

	test("a container that a person started has no configuration to change", () => {
		const groups = [group({ limitBytes: 512 * MiB })];
		const { remedy } = findingOf({ groups, container: inContainer, system: "none" });
		expect(remedy.text).toContain("`--memory=1104m`");
		expect(remedy.config).toBeUndefined();
		expect(remedy.commands).toBeUndefined();
	});

	test("names the profile, or the line that asks for it", () => {
		expect(findingOf({ machine: machine(0) }).message).toContain("; the profile `titan` asks for 1 GiB.");
		const { message } = findingOf({ machine: machine(0), sources: { memory: "runner-check.yml:7" } });
		expect(message).toBe("0 bytes of memory is available; `runner-check.yml:7` asks for 1 GiB.");
	});

	test("comes before what cannot be read", () => {
		const closed: GroupMemory = { kind: "unreadable", source: "/x", code: "EACCES" };
		expect(findingOf({ machine: machine(0), groups: [closed] }).reason).toBe("low");
		const finding = findingOf({ machine: { kind: "unreadable", code: "EIO" }, groups: [group({ limitBytes: 0 })] });
		expect(finding.reason).toBe("low");
		expect(finding.evidence[0]).toEqual({ source: "/proc/meminfo", text: "EIO" });
	});
});

test("is undecided without the machine's memory", () => {
	expect(verdictOf({ machine: { kind: "unreadable", code: "ENOENT" }, groups: [group()] })).toMatchObject({
		kind: "undecided",
		message: expect.stringContaining("Cannot read `/proc/meminfo` (it does not exist)"),
	});
});

test("is skipped on other systems than Linux", () => {
	expect(verdictOf({ machine: { kind: "not-linux" } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});
