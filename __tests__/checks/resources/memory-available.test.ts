import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { memoryAvailable } from "../../../src/checks/resources/memory-available.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { GroupMemory, MachineMemory } from "../../../src/probes/memory.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { GiB, inContainer, inRunnerContainer, jobOf, onHost } from "./facts.ts";

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
		{ memory: { machine: given.machine ?? machine(22 * GiB), groups }, container, job: jobOf(system) },
		createPolicy({ profile: "titan", memory: GiB, sources }),
	);
const findingOf = (given: Given) => verdictOf(given) as Finding<string>;

it("applies where the profile sets a floor", () => {
	expect(memoryAvailable.applies?.(createPolicy())).toBe(false);
	expect(memoryAvailable.applies?.(createPolicy({ memory: GiB }))).toBe(true);
});

describe("passes", () => {
	test("with enough", () => {
		expect(verdictOf({ groups: [group({ source: "/sys/fs/cgroup/a/memory.max" })] })).toEqual({
			kind: "pass",
			message: "3.9 GiB of memory available (1 GiB asked for)",
			evidence: [
				{ source: "/proc/meminfo", text: "22 GiB available of 64 GiB" },
				{
					source: "/sys/fs/cgroup/a/memory.max",
					text: "limit 4 GiB, 100 MiB used, of that 20 MiB cache of files",
				},
			],
		});
	});

	test("with exactly what is asked for", () => {
		expect(verdictOf({ machine: machine(GiB) }).kind).toBe("pass");
	});

	test("where the group is full of what the kernel can drop", () => {
		expect(verdictOf({ groups: [group({ usedBytes: 4 * GiB, cacheBytes: 3 * GiB })] }).kind).toBe("pass");
	});
});

describe("low", () => {
	test("the machine", () => {
		const finding = findingOf({ machine: machine(512 * MiB), groups: [group()] });
		expect(finding).toMatchObject({
			reason: "low",
			message: "512 MiB of memory available; the profile `titan` asks for 1 GiB.",
			expected: "at least 1 GiB available",
			observed: "512 MiB",
			remedy: { kind: "host", otherwise: { config: { text: "runner:\n  capacity: 1" }, kind: "runner" } },
		});
		expect(memoryAvailable.reasons.low?.level).toBe("warn");
	});

	test("the limit of a job container", () => {
		const finding = findingOf({ groups: [group({ limitBytes: 512 * MiB })], container: inContainer });
		expect(finding.message).toBe(
			"432 MiB of memory available within a limit of 512 MiB; the profile `titan` asks for 1 GiB.",
		);
		// 80 MiB are taken, 1024 MiB are asked for.
		expect(finding.remedy).toMatchObject({
			kind: "runner",
			config: { language: "yaml", text: "container:\n  options: --memory=1104m" },
		});
	});

	test("the tightest of several limits decides", () => {
		const inner = group({ source: "/inner", limitBytes: 8 * GiB });
		const outer = group({ source: "/outer", limitBytes: GiB, usedBytes: GiB, cacheBytes: 0 });
		const finding = findingOf({ groups: [inner, outer] });
		expect(finding.message).toMatch(/^0 bytes of memory available within a limit of 1 GiB;/);
		expect(finding.evidence.map(({ source }) => source)).toEqual(["/proc/meminfo", "/inner", "/outer"]);
	});

	test("a service of the host", () => {
		const { remedy } = findingOf({ groups: [group({ usedBytes: 4 * GiB })] });
		expect(remedy).toMatchObject({
			kind: "host",
			config: { language: "ini", text: "[Service]\nMemoryMax=5100M" },
			otherwise: { kind: "runner" },
		});
		expect(remedy.config?.file).toContain("gitea-runner");
		expect(findingOf({ groups: [group({ usedBytes: 4 * GiB })], system: "forgejo" }).remedy.config?.file).toContain(
			"forgejo-runner",
		);
	});

	test("the runner's own container", () => {
		const { remedy } = findingOf({ groups: [group({ limitBytes: MiB })], container: inRunnerContainer });
		expect(remedy.commands?.[0]).toMatch(/^docker run --memory=\d+m …$/);
	});

	test("a workflow of GitHub's runner, and a container that somebody started", () => {
		const groups = [group({ limitBytes: 512 * MiB })];
		expect(findingOf({ groups, container: inContainer, system: "github" }).remedy.kind).toBe("workflow");
		const { remedy } = findingOf({ groups, container: inContainer, system: "none" });
		expect(remedy).toMatchObject({ kind: "host", text: expect.stringContaining("--memory=1104m") });
		expect(remedy).not.toHaveProperty("commands");
	});

	test("names the line that asks for it", () => {
		const { message } = findingOf({ machine: machine(0), sources: { memory: "runner-check.yml:7" } });
		expect(message).toBe("0 bytes of memory available; `runner-check.yml:7` asks for 1 GiB.");
	});

	test("goes before what cannot be read", () => {
		const closed: GroupMemory = { kind: "unreadable", source: "/x", code: "EACCES" };
		expect(findingOf({ machine: machine(0), groups: [closed] }).reason).toBe("low");
		const finding = findingOf({ machine: { kind: "unreadable", code: "EIO" }, groups: [group({ limitBytes: 0 })] });
		expect(finding.reason).toBe("low");
		expect(finding.evidence[0]).toEqual({ source: "/proc/meminfo", text: "EIO" });
	});
});

describe("could not find out", () => {
	test("the machine's memory", () => {
		expect(verdictOf({ machine: { kind: "unreadable", code: "ENOENT" }, groups: [group()] })).toMatchObject({
			kind: "undecided",
			message: "Cannot be read: `/proc/meminfo` (ENOENT).",
		});
	});

	test("a limit", () => {
		const closed: GroupMemory = { kind: "unreadable", source: "/sys/fs/cgroup/memory.max", code: "EACCES" };
		expect(verdictOf({ groups: [closed] })).toMatchObject({
			kind: "undecided",
			message: "Cannot be read: `/sys/fs/cgroup/memory.max` (EACCES).",
		});
	});

	test("not on Linux: nothing to judge", () => {
		expect(verdictOf({ machine: { kind: "not-linux" } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});
