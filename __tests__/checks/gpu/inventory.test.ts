import { describe, expect, it } from "vitest";
import type { Finding, Verdict } from "../../../src/checks/check.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import type { GpuExpectation, Policy } from "../../../src/policy/policy.ts";
import { parseRange } from "../../../src/policy/ranges.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import type { NvidiaGpu } from "../../../src/probes/nvidia-output.ts";
import type { VersionRange } from "../../../src/versions.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { container, createBare, createGpu, createNvidia, GiB, host, listing, MiB, node, saying } from "./support.ts";

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
			message:
				"`gpu.count` cannot be judged by the output of `nvidia-smi`: it lists no GPU. The profile `test` asks for 1 GPU.",
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

describe("missing-gpus", () => {
	const bus = (...drivers: readonly string[]) =>
		drivers.map((driver, index) => ({ address: `0${index + 1}:00.0`, driver }));
	const facts = (pciDevices: NonNullable<NvidiaFacts["pciDevices"]>) => ({
		...of({ pciBusId: "00000000:01:00.0" }),
		pciDevices,
	});

	it("names what the bus has and nvidia-smi does not list", () => {
		const found = finding(facts(bus("nvidia", "nvidia", "")));
		expect(found).toMatchObject({ reason: "missing-gpus", observed: "1 GPU" });
		expect(found.message).toContain("Not listed: `02:00.0` and `03:00.0`.");
	});

	it("does not count what another driver holds, what is no GPU, or a part of one", () => {
		const others = bus("nvidia", "vfio-pci", "nouveau", "nvidia-nvswitch");
		const bridge = { address: "09:00.0", driver: "", class: "068000" };
		const part = { address: "0a:00.0", driver: "nvidia", class: "030200", virtual: true as const };
		expect(verdict(facts([...others, bridge, part])).kind).toBe("pass");
	});

	it("a profile that says how many it expects decides itself, and an optional GPU may be missing", () => {
		expect(verdict(facts(bus("nvidia", "")), { count: 1 }).kind).toBe("pass");
		expect(finding(facts(bus("nvidia", "")), { count: 2 }).reason).toBe("too-few");
		expect(verdict(facts(bus("nvidia", "")), { require: "optional" }).kind).toBe("pass");
	});

	it("a container counts the nodes that it was given, not the bus", () => {
		const inside = facts(bus("nvidia", "nvidia"));
		expect(verdict(inside, {}, container).kind).toBe("pass");
		const nodes = ["/dev/nvidia0", "/dev/nvidia3", "/dev/nvidiactl"].map((path) => node(path));
		expect(finding({ ...inside, nodes }, {}, container).reason).toBe("missing-gpus");
	});
});

describe("what the driver reports about a GPU", () => {
	it("recovery-action, by what is asked for", () => {
		const textOf = (recoveryAction: string) => finding(of({ recoveryAction })).remedy.commands?.join("\n");
		expect(finding(of({ recoveryAction: "Reset" })).reason).toBe("recovery-action");
		expect(textOf("GPU Reset")).toContain("--gpu-reset -i 0");
		expect(textOf("Node Reboot")).not.toContain("--gpu-reset");
		expect(textOf("Drain P2P")).not.toContain("--gpu-reset");
		expect(verdict(of({ recoveryAction: "Reset" }), { require: "optional" }).kind).toBe("finding");
	});

	it("row-remap-pending, which asks for a reset as well", () => {
		expect(finding(of({ rowRemapPending: true })).reason).toBe("row-remap-pending");
		expect(finding(of({ rowRemapPending: true, recoveryAction: "Drain and Reset" })).reason).toBe("row-remap-pending");
		expect(finding(of({ rowRemapPending: true, recoveryAction: "Reset" })).reason).toBe("recovery-action");
	});

	it("throttled, unless it is because of heat", () => {
		expect(finding(of({ powerBrake: true, hardwareSlowdown: true })).title).toBe(
			"GPU 0 is slowed down by its power supply",
		);
		expect(finding(of({ hardwareSlowdown: true })).reason).toBe("throttled");
		expect(finding(of({ hardwareSlowdown: true, thermalSlowdown: true })).reason).toBe("hot");
		expect(verdict(of({ hardwareSlowdown: true }), { require: "optional" }).kind).toBe("pass");
	});

	it("a failure comes before these", () => {
		expect(finding(of({ rowRemapPending: true, powerBrake: true }), { count: 2 }).reason).toBe("too-few");
	});
});

describe("a GPU that shares the machine's memory", () => {
	const { memoryTotal: _total, memoryFree: _free, memoryUsed: _used, ...gb10 } = createGpu({ name: "NVIDIA GB10" });
	const facts = (systemMemory?: NvidiaFacts["systemMemory"]) => createNvidia({ run: listing(gb10), systemMemory });

	it("is judged by it", () => {
		const machine = facts({ totalBytes: 120 * GiB, availableBytes: 90 * GiB });
		expect(verdict(machine, { memory: 24 * GiB, freeMemory: 80 * GiB }).kind).toBe("pass");
		expect(finding(machine, { memory: 200 * GiB }).message).toContain("uses the machine's, which is 120 GiB");
		expect(finding(machine, { freeMemory: 100 * GiB })).toMatchObject({ observed: "90 GiB free" });
	});

	it("is undecided, with the figure and who asks for it, if that is unknown", () => {
		const found = verdict(facts(), { memory: 24 * GiB }, host, { "gpu.memory": ".gitea/runner-check.yml:7" });
		expect(found).toMatchObject({
			kind: "undecided",
			observed: "no value for `memory.total`",
			message: expect.stringContaining("`.gitea/runner-check.yml:7` asks for 24 GiB"),
		});
	});

	it("is not one that hides its memory from this user", () => {
		const hides = { ...gb10, troubles: { "memory.total": "Insufficient Permissions" } };
		const machine = createNvidia({ run: listing(hides), systemMemory: { totalBytes: 120 * GiB } });
		expect(verdict(machine, { memory: GiB }).kind).toBe("undecided");
	});

	it("is not one that is split up, of which a container is not told the memory", () => {
		const split = { ...gb10, name: "NVIDIA A100-SXM4-80GB", mig: true };
		const machine = {
			...createNvidia({ run: listing(split), systemMemory: { totalBytes: 1000 * GiB } }),
			visibleDevices: "MIG-5f6a1c3e-8d2b-4c7a-9e10-3b2a7c4d5e6f",
		};
		expect(verdict(machine, { memory: 80 * GiB }).kind).toBe("undecided");
	});
});

describe("a Jetson without nvidia-smi", () => {
	const jetson = createBare({
		nodes: [node("/dev/nvhost-gpu")],
		tegra: { sign: "/etc/nv_tegra_release" },
		systemMemory: { totalBytes: 30 * GiB, availableBytes: 20 * GiB },
	});
	it("has one GPU with the machine's memory", () => {
		expect(verdict(jetson, { count: 1, memory: 16 * GiB, freeMemory: 8 * GiB }).kind).toBe("pass");
		expect(finding(jetson, { memory: 64 * GiB }).reason).toBe("too-little-memory");
		expect(verdict(jetson, { computeCapability: rangeOf(">=8.0") })).toMatchObject({
			kind: "undecided",
			message: expect.stringContaining("JetPack 6"),
		});
	});
});
