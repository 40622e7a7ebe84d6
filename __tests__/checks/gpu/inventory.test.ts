import { describe, expect, it } from "vitest";
import type { Finding, Verdict } from "../../../src/checks/check.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import type { GpuExpectation, Policy } from "../../../src/policy/policy.ts";
import { parseRange } from "../../../src/policy/ranges.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import type { NvidiaGpu } from "../../../src/probes/nvidia-output.ts";
import type { VersionRange } from "../../../src/versions.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createBare, createGpu, createNvidia, GiB, host, listing, MiB, saying } from "./support.ts";

function verdict(
	nvidia: NvidiaFacts,
	gpu: Partial<GpuExpectation> = {},
	where = host,
	sources: Policy["sources"] = {},
): Verdict {
	const policy = createPolicy({ gpu: { require: "required", ...gpu }, sources });
	return judge(gpuInventory, { nvidia, container: where }, policy);
}

function of(...gpus: readonly Partial<NvidiaGpu>[]): NvidiaFacts {
	return createNvidia({ run: listing(...gpus.map((gpu, index) => createGpu({ index, ...gpu }))) });
}

function finding(nvidia: NvidiaFacts, gpu: Partial<GpuExpectation> = {}, where = host): Finding<string> {
	const found = verdict(nvidia, gpu, where);
	if (found.kind !== "finding") throw new Error(`no finding: ${JSON.stringify(found)}`);
	return found;
}

function rangeOf(text: string): VersionRange {
	const range = parseRange(text);
	if (!range) throw new Error(`no range: ${text}`);
	return range;
}

/** A figure that a GPU does not report has no key. */
function without(...keys: readonly (keyof NvidiaGpu)[]): NvidiaFacts {
	const gpu = Object.fromEntries(Object.entries(createGpu()).filter(([key]) => !keys.includes(key as keyof NvidiaGpu)));
	return createNvidia({ run: listing(gpu) });
}

describe("GPUs as the profile asks for them", () => {
	it("pass, with their figures", () => {
		expect(verdict(of({}))).toMatchObject({
			kind: "pass",
			message: "NVIDIA GeForce RTX 4090, 23.9 GiB, 23 GiB free, compute capability 8.9, 41 °C",
		});
	});

	it("pass if nvidia-smi reports little and the profile asks for nothing", () => {
		const run = saying(
			"NVIDIA-SMI version  : 550.163.01\nNVML version        : 550.163\nDRIVER version      : 550.163.01\n",
			0,
		);
		expect(verdict(createNvidia({ run })).kind).toBe("pass");
	});

	it("are not judged if an optional GPU is missing", () => {
		expect(verdict(createBare(), { require: "optional" })).toMatchObject({ kind: "skip", reason: "absent" });
	});
});

describe("too-few", () => {
	it("is undecided without a list", () => {
		const run = saying("NVIDIA-SMI version  : 550.163.01\nDRIVER version      : 550.163.01\n", 0);
		expect(verdict(createNvidia({ run }), { count: 1 })).toMatchObject({
			kind: "undecided",
			message: "`gpu.count` cannot be judged by the output of `nvidia-smi`: it lists no GPU.",
		});
	});
});

describe("too-little-memory", () => {
	it.each([
		["RTX 4090", 24_564, 24, "memory: 23GiB"],
		["A10 with error correction", 23_028, 24, "memory: 22GiB"],
		["T4", 15_360, 16, "memory: 15GiB"],
	])("suggests what a card reports that is sold with more: %s", (_, mebibytes, sold, advice) => {
		const { remedy } = finding(of({ memoryTotal: mebibytes * MiB }), { memory: sold * GiB });
		expect(remedy.text).toContain(advice);
	});

	it("is undecided for a GPU that shares the machine's memory", () => {
		expect(verdict(without("memoryTotal"), { memory: GiB }).kind).toBe("undecided");
	});
});

describe("too-little-free-memory", () => {
	it("passes if as many GPUs as asked for have enough", () => {
		const one = of({ memoryFree: GiB }, { memoryFree: 20 * GiB });
		expect(verdict(one, { freeMemory: 8 * GiB }).kind).toBe("pass");
	});

	it("is computed if the driver does not report it", () => {
		const gpu: NvidiaGpu = { index: 0, name: "A", memoryTotal: 8 * GiB, memoryUsed: 7 * GiB };
		expect(finding(createNvidia({ run: listing(gpu) }), { freeMemory: 2 * GiB }).observed).toBe("1 GiB free");
	});

	it("is undecided without either", () => {
		expect(verdict(without("memoryFree", "memoryUsed"), { freeMemory: GiB }).kind).toBe("undecided");
	});
});

describe("driver-too-old", async () => {
	const range = rangeOf(">=590");

	it("compares the versions", () => {
		expect(finding(of({}), { driver: range })).toMatchObject({ reason: "driver-too-old", observed: "580.126.09" });
		expect(verdict(of({ driver: "595.71.05" }), { driver: range }).kind).toBe("pass");
	});

	it("uses the module's version if nvidia-smi reports none", () => {
		const run = listing({ index: 0, name: "A" });
		expect(finding(createNvidia({ run }), { driver: range }).observed).toBe("580.126.09");
		expect(verdict(createNvidia({ run, kernelDriver: undefined }), { driver: range }).kind).toBe("undecided");
	});
});

describe("compute-capability-too-low", async () => {
	const range = rangeOf(">=8.0");

	it("passes a newer generation", () => {
		expect(verdict(of({ computeCapability: "12.0" }), { computeCapability: range }).kind).toBe("pass");
	});

	it("a range that is too long for the title is in the message", async () => {
		const long = rangeOf(">=8.0 <8.1 || >=8.9 <9.0 || >=9.0 <9.1 || >=12.0 <12.1");
		const found = finding(of({ computeCapability: "7.5" }), { computeCapability: long });
		expect(found.title).toBe("A GPU has the wrong compute capability");
		expect(found.message).toContain(long.text);
	});
});

describe("the GPUs' health", () => {
	it("ecc-errors", () => {
		expect(finding(of({ eccErrors: 0 }, { eccErrors: 3 })).title).toBe("GPU 1 has uncorrected memory errors (3)");
		expect(verdict(of({ eccErrors: 0 })).kind).toBe("pass");
	});

	it("mig-unexpected", () => {
		const mig = of({ mig: true });
		expect(verdict({ ...mig, visibleDevices: "MIG-1b2c" }).kind).toBe("pass");
		expect(verdict(mig, { require: "optional" }).kind).toBe("pass");
		expect(verdict(of({ mig: false })).kind).toBe("pass");
	});

	it("hot", () => {
		expect(finding(of({ temperature: 90 }))).toMatchObject({ reason: "hot", observed: "at 90 °C" });
		expect(finding(of({ temperature: 70, thermalSlowdown: true })).reason).toBe("hot");
		expect(verdict(of({ temperature: 89 })).kind).toBe("pass");
		expect(verdict(of({ temperature: 95 }), { require: "optional" }).kind).toBe("pass");
	});

	it("a finding comes before a figure that is not reported", () => {
		const gpu: NvidiaGpu = { index: 0, name: "A", eccErrors: 2 };
		expect(finding(createNvidia({ run: listing(gpu) }), { memory: GiB }).reason).toBe("ecc-errors");
	});
});

it("names where an expectation comes from", () => {
	const found = verdict(of({}), { count: 2 }, host, { "gpu.count": "input `gpus`" });
	expect(found).toMatchObject({ message: "`nvidia-smi` lists 1 GPU; the input `gpus` asks for 2 GPUs." });
});
