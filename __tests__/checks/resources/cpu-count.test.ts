import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { cpuCount } from "../../../src/checks/resources/cpu-count.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { CpuFacts, CpuQuota } from "../../../src/probes/cpu.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { inContainer, inRunnerContainer, jobOf, onHost } from "./facts.ts";

const source = "/sys/devices/system/cpu/online";
const cpu = (overrides: Partial<CpuFacts> = {}): CpuFacts => ({
	online: 8,
	source,
	allowed: { kind: "read", count: 8 },
	quotas: [],
	...overrides,
});
const quota = (cpus: number): CpuQuota => ({ kind: "limited", source: "/sys/fs/cgroup/cpu.max", cpus });
const verdictOf = (facts: Partial<CpuFacts>, container: ContainerFacts = onHost, cpus = 4, sources = {}) =>
	judge(
		cpuCount,
		{ cpu: cpu(facts), container, job: jobOf() },
		createPolicy({ profile: "matric-builder", cpus, sources }),
	);
const findingOf = (...given: Parameters<typeof verdictOf>) => verdictOf(...given) as Finding<string>;

it("applies where the profile sets a floor", () => {
	expect(cpuCount.applies?.(createPolicy())).toBe(false);
	expect(cpuCount.applies?.(createPolicy({ cpus: 2 }))).toBe(true);
});

describe("passes", () => {
	test("with enough", () => {
		expect(verdictOf({ quotas: [quota(4.5)] })).toEqual({
			kind: "pass",
			message: "4.5 CPUs (4 asked for)",
			evidence: [
				{ source, text: "8 online" },
				{ source: "/proc/self/status", text: "may run on 8 of them" },
				{ source: "/sys/fs/cgroup/cpu.max", text: "quota of 4.5 CPUs" },
			],
		});
	});

	test("with exactly what is asked for", () => {
		expect(verdictOf({ allowed: { kind: "read", count: 4 }, quotas: [quota(4)] }).kind).toBe("pass");
	});

	test("elsewhere than on Linux, by the number alone", () => {
		expect(verdictOf({ source: "os.cpus()", allowed: { kind: "not-linux" } })).toMatchObject({
			kind: "pass",
			evidence: [{ source: "os.cpus()" }],
		});
	});
});

describe("low", () => {
	test("the machine", () => {
		const finding = findingOf({ online: 2, allowed: { kind: "read", count: 2 } });
		expect(finding).toMatchObject({
			reason: "low",
			message: "2 CPUs online; the profile `matric-builder` asks for 4 CPUs.",
			expected: "at least 4 CPUs",
			observed: "2 CPUs",
			remedy: { kind: "host", otherwise: { kind: "workflow" } },
		});
		expect(cpuCount.reasons.low?.level).toBe("warn");
	});

	test("a quota, in a job container", () => {
		const { message, remedy } = findingOf({ quotas: [quota(1.5)] }, inContainer);
		expect(message).toBe(
			"A quota gives this job the time of 1.5 of the machine's 8 CPUs; the profile `matric-builder` asks for 4 CPUs.",
		);
		expect(remedy).toMatchObject({ kind: "runner", config: { text: "container:\n  options: --cpus=4" } });
	});

	test("a quota, on the host and in the runner's own container", () => {
		expect(findingOf({ quotas: [quota(1)] }).remedy.config?.text).toBe("[Service]\nCPUQuota=400%");
		expect(findingOf({ quotas: [quota(1)] }, inRunnerContainer).remedy.commands).toEqual(["docker run --cpus=4 …"]);
	});

	test("some of the CPUs only", () => {
		const allowed = { kind: "read", count: 1 } as const;
		const { message, remedy } = findingOf({ allowed }, inContainer);
		expect(message).toMatch(/^This job may run on 1 of the machine's 8 CPUs;/);
		expect(remedy.config?.text).toBe("container:\n  options: --cpuset-cpus=0-3");
		expect(findingOf({ allowed }).remedy.config?.text).toContain("AllowedCPUs=0-3");
		expect(findingOf({ allowed: { kind: "read", count: 0 } }, inContainer, 1).remedy.config?.text).toContain(
			"--cpuset-cpus=0",
		);
	});

	test("no limit is lifted beyond what the machine has", () => {
		const { remedy } = findingOf({ online: 2, allowed: { kind: "read", count: 1 } }, inContainer);
		expect(remedy.text).toMatch(/^The machine itself/);
	});

	test("names the line that asks for it", () => {
		expect(findingOf({ quotas: [quota(1)] }, onHost, 2.5, { cpus: "p.yml:3" }).message).toContain(
			"; `p.yml:3` asks for 2.5 CPUs.",
		);
	});

	test("goes before what cannot be read", () => {
		const allowed = { kind: "unreadable", code: "EACCES" } as const;
		expect(findingOf({ online: 1, allowed }).reason).toBe("low");
	});
});

describe("could not find out", () => {
	test.each<[string, Partial<CpuFacts>, string]>([
		["the number", { online: undefined, source: "os.cpus()" }, "`os.cpus()`"],
		["the affinity", { allowed: { kind: "unreadable", code: "EACCES" } }, "`/proc/self/status` (EACCES)"],
		["a quota", { quotas: [{ kind: "unreadable", source: "/x", code: "EIO" }] }, "`/x` (EIO)"],
	])("%s", (_, facts, what) => {
		expect(verdictOf(facts)).toMatchObject({ kind: "undecided", message: `Cannot be read: ${what}.` });
	});
});
