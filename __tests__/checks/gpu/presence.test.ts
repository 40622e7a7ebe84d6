import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/checks/check.ts";
import { gpuPresence } from "../../../src/checks/gpu/presence.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { container, createBare, createNvidia, saying } from "./support.ts";

const policy = createPolicy({ profile: "matric-builder", gpu: { require: "forbidden" } });

function verdict(nvidia: NvidiaFacts, where: ContainerFacts = container): Verdict {
	return judge(gpuPresence, { nvidia, container: where }, policy);
}

describe("gpu/presence", () => {
	it("is judged only if the profile forbids a GPU", () => {
		expect(gpuPresence.applies?.(policy)).toBe(true);
		for (const require of ["required", "optional"] as const) {
			expect(gpuPresence.applies?.(createPolicy({ gpu: { require } }))).toBe(false);
		}
	});

	it("an nvidia-smi of the image alone makes no GPU", () => {
		const run = saying("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", 9);
		expect(verdict(createBare({ smi: "/usr/bin/nvidia-smi", run })).kind).toBe("pass");
	});

	it("finds an nvidia-smi that works without device nodes", () => {
		expect(verdict(createNvidia({ nodes: [] }))).toMatchObject({ reason: "forbidden-but-present" });
	});
});
