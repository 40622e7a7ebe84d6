import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/checks/check.ts";
import { gpuPresence } from "../../../src/checks/gpu/presence.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { container, createBare, createNvidia, host, node, saying } from "./support.ts";

const policy = createPolicy({ profile: "matric-builder", gpu: { require: "forbidden" } });

function verdict(nvidia: NvidiaFacts, where: ContainerFacts = container): Verdict {
	return judge(gpuPresence, { nvidia, container: where }, policy);
}

describe("gpu/presence", () => {
	it("is asked only where the profile forbids a GPU", () => {
		expect(gpuPresence.applies?.(policy)).toBe(true);
		for (const require of ["required", "optional"] as const) {
			expect(gpuPresence.applies?.(createPolicy({ gpu: { require } }))).toBe(false);
		}
	});

	it("passes where nothing is to be seen", () => {
		expect(verdict(createBare()).kind).toBe("pass");
	});

	it("passes in a container of a host with a GPU, and with an nvidia-smi in the image", () => {
		expect(
			verdict(createBare({ kernelDriver: "580.126.09", pciDevices: [{ address: "01:00.0", driver: "nvidia" }] })).kind,
		).toBe("pass");
		const run = saying("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", 9);
		expect(verdict(createBare({ smi: "/usr/bin/nvidia-smi", run })).kind).toBe("pass");
	});

	it("warns of a GPU that jobs see", () => {
		expect(gpuPresence.reasons["forbidden-but-present"]?.level).toBe("warn");
		const found = verdict(createNvidia());
		expect(found).toMatchObject({
			kind: "finding",
			reason: "forbidden-but-present",
			observed: "NVIDIA GeForce RTX 4090",
			remedy: { kind: "runner" },
		});
		expect(found).toMatchObject({
			remedy: { text: expect.stringContaining("`container.options` of a runner holds for all its labels") },
		});
		expect(verdict(createNvidia(), host)).toMatchObject({ remedy: { text: expect.stringContaining("On the host") } });
	});

	it("warns of device nodes alone, and of an nvidia-smi that answers without them", () => {
		expect(verdict(createBare({ nodes: [node("/dev/nvidia0")] }))).toMatchObject({ observed: "`/dev/nvidia0`" });
		expect(verdict(createNvidia({ nodes: [] }))).toMatchObject({ reason: "forbidden-but-present" });
	});

	it("is undecided where it could not look", () => {
		expect(verdict({}).kind).toBe("undecided");
	});
});
