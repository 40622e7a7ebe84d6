import { describe, expect, it, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { cpuCount } from "../../../src/checks/resources/cpu-count.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { CpuFacts, CpuQuota } from "../../../src/probes/cpu.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { inContainer, jobOf, onHost } from "./facts.ts";

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
		{ facts: cpu(facts), container, job: jobOf() },
		createPolicy({ profile: "matric-builder", cpus, sources }),
	);
const findingOf = (...given: Parameters<typeof verdictOf>) => verdictOf(...given) as Finding<string>;

it("applies if the profile sets a floor", () => {
	expect(cpuCount.applies?.(createPolicy())).toBe(false);
	expect(cpuCount.applies?.(createPolicy({ cpus: 2 }))).toBe(true);
});

describe("passes", () => {
	test("with exactly what the profile asks for", () => {
		expect(verdictOf({ allowed: { kind: "read", count: 4 }, quotas: [quota(4)] }).kind).toBe("pass");
	});

	test("on other systems than Linux by the number alone", () => {
		expect(verdictOf({ source: "os.cpus()", allowed: { kind: "not-linux" } })).toMatchObject({
			kind: "pass",
			evidence: [{ source: "os.cpus()" }],
		});
	});
});

describe("low", () => {
	test("a set of CPUs always has the first one", () => {
		expect(findingOf({ allowed: { kind: "read", count: 0 } }, inContainer, 1).remedy.config?.text).toContain(
			"--cpuset-cpus=0",
		);
	});

	test("no limit is raised above what the machine has", () => {
		const { remedy } = findingOf({ online: 2, allowed: { kind: "read", count: 1 } }, inContainer);
		expect(remedy.text).toMatch(/^Give the machine more CPUs/);
	});

	test("a fraction, and the input or line that asks for it", () => {
		expect(findingOf({ quotas: [quota(1)] }, onHost, 2.5, { cpus: "p.yml:3" }).message).toContain(
			"; `p.yml:3` asks for 2.5 CPUs.",
		);
	});

	test("comes before what cannot be read", () => {
		const allowed = { kind: "unreadable", code: "EACCES" } as const;
		expect(findingOf({ online: 1, allowed }).reason).toBe("low");
	});
});

describe("is undecided", () => {
	test.each<[string, Partial<CpuFacts>, string]>([
		["without the number of CPUs", { online: undefined, source: "os.cpus()" }, "`os.cpus()` (it contains no number)"],
		[
			"if a quota cannot be read",
			{ quotas: [{ kind: "unreadable", source: "/x", code: "EIO" }] },
			"`/x` (input/output error)",
		],
		[
			"if two numbers cannot be read",
			{ allowed: { kind: "unreadable", code: "EACCES" }, quotas: [{ kind: "unreadable", source: "/x", code: "EIO" }] },
			"`/proc/self/status` (permission denied) and `/x` (input/output error)",
		],
	])("%s", (_, facts, what) => {
		expect(verdictOf(facts)).toMatchObject({
			kind: "undecided",
			message: expect.stringContaining(`Cannot read ${what}`),
		});
	});
});
