import { describe, expect, it } from "vitest";
import type { Finding, Verdict } from "../../../src/checks/check.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import type { GpuExpectation, Policy } from "../../../src/policy/policy.ts";
import { parseRange } from "../../../src/policy/ranges.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import type { NvidiaGpu } from "../../../src/probes/nvidia-output.ts";
import type { VersionRange } from "../../../src/versions.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { container, createBare, createGpu, createNvidia, GiB, host, listing, MiB, saying } from "./support.ts";

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

async function rangeOf(text: string): Promise<VersionRange> {
	const range = await parseRange(text);
	if (!range) throw new Error(`no range: ${text}`);
	return range;
}

/** What a GPU cannot tell has no key at all. */
function without(...keys: readonly (keyof NvidiaGpu)[]): NvidiaFacts {
	const gpu = Object.fromEntries(Object.entries(createGpu()).filter(([key]) => !keys.includes(key as keyof NvidiaGpu)));
	return createNvidia({ run: listing(gpu) });
}

describe("GPUs as the profile wants them", () => {
	it("pass, with their figures", () => {
		expect(verdict(of({}))).toMatchObject({
			kind: "pass",
			message: "NVIDIA GeForce RTX 4090, 23.9 GiB, 23 GiB free, compute capability 8.9, 41 °C",
		});
	});

	it("pass with every figure asked for and met", async () => {
		const gpu = {
			count: 2,
			memory: 23 * GiB,
			freeMemory: 20 * GiB,
			driver: await rangeOf(">=550"),
			computeCapability: await rangeOf(">=8.0"),
		};
		expect(verdict(of({}, {}), gpu).kind).toBe("pass");
	});

	it("pass where the GPU tells little and nothing is asked", () => {
		const run = saying(
			"NVIDIA-SMI version  : 550.163.01\nNVML version        : 550.163\nDRIVER version      : 550.163.01\n",
			0,
		);
		expect(verdict(createNvidia({ run })).kind).toBe("pass");
	});

	it("are not judged without a GPU, or without a driver", () => {
		expect(verdict(createBare(), { require: "optional" })).toMatchObject({ kind: "skip", reason: "absent" });
		expect(verdict(createNvidia({ run: saying("Failed to initialize NVML: Unknown Error\n") }))).toMatchObject({
			kind: "skip",
			reason: "needs:gpu/driver",
		});
	});
});

describe("too-few", () => {
	it("names how many the bus has", () => {
		const pciDevices = [
			{ address: "01:00.0", driver: "nvidia" },
			{ address: "02:00.0", driver: "nvidia" },
		];
		const found = finding({ ...of({}), pciDevices }, { count: 2 });
		expect(found).toMatchObject({ reason: "too-few", expected: "at least 2", observed: "1", remedy: { kind: "host" } });
		expect(found.message).toContain("The PCI bus has 2 NVIDIA devices");
		expect(finding(of({}), { count: 2 }, container).remedy.kind).toBe("runner");
	});

	it("cannot be told without a list", () => {
		const run = saying("NVIDIA-SMI version  : 550.163.01\nDRIVER version      : 550.163.01\n", 0);
		expect(verdict(createNvidia({ run }), { count: 1 })).toMatchObject({ kind: "undecided" });
	});
});

describe("too-little-memory", () => {
	it("of any GPU", () => {
		const found = finding(of({}, { memoryTotal: 8192 * MiB, name: "NVIDIA GeForce GTX 1080" }), { memory: 12 * GiB });
		expect(found).toMatchObject({
			reason: "too-little-memory",
			observed: "8 GiB",
			expected: "at least 12 GiB on each GPU",
		});
		expect(found.message).toContain("GPU 1 (NVIDIA GeForce GTX 1080)");
	});

	it.each([
		["RTX 4090", 24_564, 24, "memory: 23GiB"],
		["A10 with error correction", 23_028, 24, "memory: 22GiB"],
		["T4", 15_360, 16, "memory: 15GiB"],
	])("tells what a card shows that is sold with more: %s", (_, mebibytes, sold, advice) => {
		const { remedy } = finding(of({ memoryTotal: mebibytes * MiB }), { memory: sold * GiB });
		expect(remedy.text).toContain(advice);
	});

	it("cannot be told of a GPU that shares the machine's memory", () => {
		expect(verdict(without("memoryTotal"), { memory: GiB }).kind).toBe("undecided");
	});
});

describe("too-little-free-memory", () => {
	it("is what happened when services held 7 GB of the GPU", () => {
		const found = finding(of({ memoryUsed: 7_168 * MiB, memoryFree: 17_000 * MiB }), { freeMemory: 22 * GiB });
		expect(found).toMatchObject({
			reason: "too-little-free-memory",
			observed: "16.6 GiB free",
			remedy: { kind: "host" },
		});
		expect(found.remedy.commands?.join("\n")).toContain("--query-compute-apps");
	});

	it("is enough on as many GPUs as are wanted", () => {
		const one = of({ memoryFree: GiB }, { memoryFree: 20 * GiB });
		expect(verdict(one, { freeMemory: 8 * GiB }).kind).toBe("pass");
		expect(finding(one, { freeMemory: 8 * GiB, count: 2 }).message).toContain("Only 1 of 2 GPUs have 8 GiB");
	});

	it("is worked out where the driver does not say it", () => {
		const gpu: NvidiaGpu = { index: 0, name: "A", memoryTotal: 8 * GiB, memoryUsed: 7 * GiB };
		expect(finding(createNvidia({ run: listing(gpu) }), { freeMemory: 2 * GiB }).observed).toBe("1 GiB free");
	});

	it("cannot be told without either", () => {
		expect(verdict(without("memoryFree", "memoryUsed"), { freeMemory: GiB }).kind).toBe("undecided");
	});
});

describe("driver-too-old", async () => {
	const range = await rangeOf(">=590");

	it("compares the versions", () => {
		expect(finding(of({}), { driver: range })).toMatchObject({ reason: "driver-too-old", observed: "580.126.09" });
		expect(verdict(of({ driver: "595.71.05" }), { driver: range }).kind).toBe("pass");
	});

	it("takes the module's version where nvidia-smi names none", () => {
		const run = listing({ index: 0, name: "A" });
		expect(finding(createNvidia({ run }), { driver: range }).observed).toBe("580.126.09");
		expect(verdict(createNvidia({ run, kernelDriver: undefined }), { driver: range }).kind).toBe("undecided");
	});
});

describe("compute-capability-too-low", async () => {
	const range = await rangeOf(">=8.0");

	it("of any GPU", () => {
		expect(finding(of({}, { computeCapability: "7.5" }), { computeCapability: range })).toMatchObject({
			reason: "compute-capability-too-low",
			observed: "7.5",
		});
		expect(verdict(of({ computeCapability: "12.0" }), { computeCapability: range }).kind).toBe("pass");
	});

	it("cannot be told by a driver that does not know the field", () => {
		expect(verdict(without("computeCapability"), { computeCapability: range }).kind).toBe("undecided");
	});
});

describe("the GPUs' health", () => {
	it("ecc-errors", () => {
		expect(finding(of({ eccErrors: 0 }, { eccErrors: 3 }))).toMatchObject({ reason: "ecc-errors", observed: "3" });
		expect(verdict(of({ eccErrors: 0 })).kind).toBe("pass");
		expect(finding(of({ eccErrors: 1 }), { require: "optional" }).reason).toBe("ecc-errors");
	});

	it("mig-unexpected", () => {
		expect(gpuInventory.reasons["mig-unexpected"]?.level).toBe("warn");
		const mig = of({ mig: true });
		expect(finding(mig)).toMatchObject({ reason: "mig-unexpected" });
		expect(verdict({ ...mig, visibleDevices: "MIG-1b2c" }).kind).toBe("pass");
		expect(verdict(mig, { require: "optional" }).kind).toBe("pass");
		expect(verdict(of({ mig: false })).kind).toBe("pass");
	});

	it("hot", () => {
		expect(gpuInventory.reasons.hot?.level).toBe("warn");
		expect(finding(of({ temperature: 90 }))).toMatchObject({ reason: "hot", observed: "at 90 °C" });
		expect(finding(of({ temperature: 70, thermalSlowdown: true })).message).toContain("cut its clocks down");
		expect(verdict(of({ temperature: 89 })).kind).toBe("pass");
		expect(verdict(of({ temperature: 95 }), { require: "optional" }).kind).toBe("pass");
	});

	it("a finding comes before what cannot be told", () => {
		const gpu: NvidiaGpu = { index: 0, name: "A", eccErrors: 2 };
		expect(finding(createNvidia({ run: listing(gpu) }), { memory: GiB }).reason).toBe("ecc-errors");
	});
});

it("names the place that an expectation comes from", () => {
	const found = verdict(of({}), { count: 2 }, host, { "gpu.count": ".gitea/runner-check.yml:12" });
	expect(found).toMatchObject({ expected: "at least 2 (.gitea/runner-check.yml:12)" });
});
