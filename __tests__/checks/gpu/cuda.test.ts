import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/checks/check.ts";
import { gpuCuda } from "../../../src/checks/gpu/cuda.ts";
import type { Requirement } from "../../../src/policy/policy.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import type { NvidiaGpu } from "../../../src/probes/nvidia-output.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { container, createBare, createGpu, createJob, createNvidia, host, listing, node, saying } from "./support.ts";

function verdict(nvidia: NvidiaFacts, where = container, require: Requirement = "required"): Verdict {
	return judge(gpuCuda, { nvidia, container: where, job: createJob() }, createPolicy({ gpu: { require } }));
}

function reasonOf(...asked: Parameters<typeof verdict>): string {
	const found = verdict(...asked);
	return found.kind === "finding" || found.kind === "skip" ? found.reason : found.kind;
}

const withUvm = [node("/dev/nvidia0"), node("/dev/nvidiactl"), node("/dev/nvidia-uvm")];

describe("uvm-missing", () => {
	it("in a container, whoever runs in it", () => {
		expect(reasonOf(createNvidia())).toBe("uvm-missing");
		expect(reasonOf(createNvidia(), container, "optional")).toBe("uvm-missing");
		expect(reasonOf(createNvidia(), { ...host, insideContainer: "overlay root" })).toBe("uvm-missing");
	});

	it("not on a host, on WSL or on a Jetson, nor if the nodes are unknown", () => {
		expect(reasonOf(createNvidia(), host)).toBe("pass");
		expect(reasonOf(createNvidia({ nodes: withUvm }))).toBe("pass");
		expect(reasonOf(createNvidia({ nodes: [node("/dev/dxg")] }))).toBe("pass");
		expect(reasonOf(createNvidia({ tegra: { sign: "/dev/nvmap" } }))).toBe("pass");
		expect(reasonOf(createNvidia({ nodes: undefined }))).toBe("pass");
	});
});

describe("no-compute-capability", () => {
	const facts = (driverCapabilities: string, cudaLibrary?: string) => createNvidia({ driverCapabilities, cudaLibrary });
	it.each(["utility", "video,utility", " Utility , display"])("%j explains the missing node as well", (value) => {
		expect(reasonOf(facts(value))).toBe("no-compute-capability");
	});

	it.each(["compute,utility", "all", "utility, Compute"])("%j does not", (value) => {
		expect(reasonOf(facts(value))).toBe("uvm-missing");
	});

	it("an empty value is the default, a library of the image is enough, and an optional GPU may be for video", () => {
		expect(reasonOf(facts(""))).toBe("uvm-missing");
		expect(reasonOf(createNvidia({ ...facts("utility", "/usr/lib64/libcuda.so.1"), nodes: withUvm }))).toBe("pass");
		expect(reasonOf(facts("utility"), container, "optional")).toBe("pass");
		expect(reasonOf(facts("utility"), host)).toBe("pass");
	});
});

describe("hidden", () => {
	it("is a part of a GPU, unless one is split up", () => {
		const split = listing(createGpu({ mig: true }));
		expect(reasonOf(createNvidia({ run: split, cudaVisibleDevices: "MIG-1b2c/1/0" }), host)).toBe("pass");
		expect(reasonOf(createNvidia({ cudaVisibleDevices: "MIG-1b2c/1/0" }), host)).toBe("hidden");
	});

	it("is every GPU whose compute mode forbids programs", () => {
		const modes = (...prohibited: readonly boolean[]) =>
			createNvidia({ run: listing(...prohibited.map((one) => createGpu(one ? { prohibited: true } : {}))) });
		expect(reasonOf(modes(true), host)).toBe("hidden");
		expect(reasonOf(modes(true, true), host)).toBe("hidden");
		expect(reasonOf(modes(true, false), host)).toBe("pass");
		expect(reasonOf(modes(true), host, "optional")).toBe("pass");
	});

	const two = listing(createGpu(), createGpu({ index: 1, uuid: "GPU-2b" }));
	const facts = (cudaVisibleDevices: string, run = two) => createNvidia({ run, cudaVisibleDevices });
	it.each(["", " ", "-1", "NoDevFiles", "none", "all", '"0"', "-1,0", ",0", "7", "GPU-9"])("%j", (value) => {
		expect(reasonOf(facts(value), host)).toBe("hidden");
	});

	it.each(["0", "1", "0,1", "1,-1", " 0 ", "GPU-2", "gpu-2B,0".replace("gpu", "GPU")])("%j names a GPU", (value) => {
		expect(reasonOf(facts(value), host)).toBe("pass");
	});

	it("counts the parts of a GPU that is split up, and does not count without a list", () => {
		expect(reasonOf(facts("3", listing(createGpu({ mig: true }))), host)).toBe("pass");
		expect(reasonOf(facts("3", { ...listing(), form: "version" }), host)).toBe("pass");
	});

	it("may be what the owner wants where the GPU is optional", () => {
		expect(reasonOf(facts(""), host, "optional")).toBe("pass");
	});

	it("on a Jetson too", () => {
		const jetson = createBare({ nodes: [node("/dev/nvhost-gpu")], tegra: { sign: "/dev/nvhost-gpu" } });
		expect(reasonOf({ ...jetson, cudaVisibleDevices: "" }, host)).toBe("hidden");
		expect(reasonOf(jetson, host)).toBe("pass");
	});
});

describe("fabric-not-ready", () => {
	const facts = (gpu: Partial<NvidiaGpu>) => createNvidia({ run: listing(createGpu(), createGpu(gpu)) });
	it.each([
		["In Progress", undefined],
		["In Progress", "N/A"],
		["Not Started", undefined],
		["Completed", "Insufficient Resources"],
	])("%s, %s", (fabricState, fabricStatus) => {
		expect(reasonOf(facts({ fabricState, ...(fabricStatus && { fabricStatus }) }), host)).toBe("fabric-not-ready");
	});

	it.each([
		["Completed", "Success"],
		["Completed", undefined],
		["Not Supported", undefined],
		["something new", "Failure"],
		[undefined, undefined],
	])("not %s, %s", (fabricState, fabricStatus) => {
		const gpu = { ...(fabricState && { fabricState }), ...(fabricStatus && { fabricStatus }) };
		expect(reasonOf(facts(gpu), host)).toBe("pass");
	});
});

it("waits for nvidia-smi, and is not judged without a GPU that nobody asks for", () => {
	expect(reasonOf(createNvidia({ run: saying("hello\n", 1) }))).toBe("needs:gpu/driver");
	expect(reasonOf(createBare(), container, "optional")).toBe("absent");
});
