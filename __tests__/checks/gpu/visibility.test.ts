import { describe, expect, it } from "vitest";
import type { Finding, Verdict } from "../../../src/checks/check.ts";
import { gpuDriver } from "../../../src/checks/gpu/driver.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import { gpuVisibility } from "../../../src/checks/gpu/visibility.ts";
import { judgeAll } from "../../../src/engine.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { GpuRequestFacts } from "../../../src/probes/gpu-request.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import {
	container,
	createBare,
	createGpu,
	createJob,
	createNvidia,
	createRequestFacts,
	gpusAll,
	host,
	listing,
	node,
	saying,
} from "./support.ts";

interface Facts {
	readonly nvidia: NvidiaFacts;
	readonly container: ContainerFacts;
	readonly job: JobFacts;
	readonly request: GpuRequestFacts;
}

// `runner/version` reports what the runner's release explains, unless it is switched off.
const policy = createPolicy({ gpu: { require: "required" }, severity: { "runner/version": "off" } });
const nothing: Facts = {
	nvidia: createBare(),
	container,
	job: createJob(),
	request: { state: "none" },
};

function verdict(overrides: Partial<Facts>): Verdict {
	return judge(gpuVisibility, { ...nothing, ...overrides }, policy);
}

function finding(overrides: Partial<Facts>): Finding<string> {
	const found = verdict(overrides);
	if (found.kind !== "finding") throw new Error(`no finding: ${JSON.stringify(found)}`);
	return found;
}

const notLoaded = saying("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", 9);
const libraryMissing = saying("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.\n", 12);
const seen = createRequestFacts();
const asked = createRequestFacts({ deviceRequests: [gpusAll] });
const stripping = createJob({ runnerVersion: "v3.2.0" });

describe("is not judged", () => {
	it("a job that may or may not run in a container", () => {
		expect(verdict({ container: { ...host, mode: "unknown" } })).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
		});
	});

	it.each(["optional", "forbidden"] as const)("a GPU that is %s", (require) => {
		expect(gpuVisibility.applies?.(createPolicy({ gpu: { require } }))).toBe(false);
	});

	it("a container that Docker knows nothing about", () => {
		expect(verdict({ request: { state: "unknown" } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});

describe("a container that sees its GPUs", () => {
	it("passes, whatever else is unusual", () => {
		// CDI sets the variable to void on purpose, so that the runtime does not add the GPU twice.
		const nvidia = createNvidia({ visibleDevices: "void" });
		expect(verdict({ nvidia, request: asked }).kind).toBe("pass");
		expect(verdict({ nvidia, request: seen, job: stripping }).kind).toBe("pass");
		expect(verdict({ nvidia: { ...nvidia, nodes: [] } }).kind).toBe("pass");
	});

	it("passes if the driver behind them is broken, which `gpu/driver` reports", () => {
		const run = saying("Failed to initialize NVML: Driver/library version mismatch\n", 18);
		expect(verdict({ nvidia: createNvidia({ run }), request: asked }).kind).toBe("pass");
		expect(verdict({ nvidia: createBare({ smi: "/usr/bin/nvidia-smi", run }), request: seen }).kind).toBe("pass");
		expect(verdict({ nvidia: createNvidia({ run: notLoaded }), request: asked }).kind).toBe("pass");
	});

	it("does not take a tool of the image that fails for an answer of the driver", () => {
		const { gpus, form, command } = saying("", 0);
		const noAnswer = { command, ms: 1, form, gpus, messages: "" };
		for (const run of [
			{ ...noAnswer, kind: "not-started", code: "ENOENT" } as const,
			{ ...noAnswer, kind: "signalled", signal: "SIGSEGV" } as const,
			saying("stub: nothing to see here\n", 1),
		]) {
			const nvidia = createBare({ smi: "/usr/bin/nvidia-smi", run, kernelDriver: "580.126.09" });
			expect(finding({ nvidia, request: seen }).reason).toBe("no-device-request");
		}
	});
});

describe("options-stripped", () => {
	it.each(["v3.0.0", "v3.1.0", "v3.3.0"])("runner %s, seen from inside", (runnerVersion) => {
		expect(finding({ request: seen, job: createJob({ runnerVersion }) })).toMatchObject({
			reason: "options-stripped",
			title: `Gitea runner ${runnerVersion} drops \`--gpus\``,
		});
	});

	it("waits for runner/version, which reports the same cause", () => {
		const facts = { ...nothing, request: seen, job: stripping };
		const asking = createPolicy({ gpu: { require: "required" } });
		expect(judge(gpuVisibility, facts, asking)).toMatchObject({ kind: "skip", reason: "needs:runner/version" });
	});

	it("comes first if Docker cannot be asked", () => {
		expect(finding({ job: stripping })).toMatchObject({ reason: "options-stripped" });
		expect(finding({ job: stripping, nvidia: createBare({ visibleDevices: "void" }) }).reason).toBe("options-stripped");
		const baked = createBare({ smi: "/usr/bin/nvidia-smi", run: libraryMissing, kernelDriver: "580.126.09" });
		expect(finding({ job: stripping, nvidia: baked }).reason).toBe("options-stripped");
	});

	it("is not the cause if the host has no driver at all", () => {
		const nvidia = createBare({ smi: "/usr/bin/nvidia-smi", run: notLoaded });
		expect(verdict({ job: stripping, nvidia }).kind).toBe("skip");
	});

	it("is not the cause in a privileged container", () => {
		expect(finding({ request: createRequestFacts({ privileged: true }), job: stripping }).reason).toBe(
			"no-device-request",
		);
		const privileged = { ...container, boundingCapabilities: "000001ffffffffff" };
		expect(verdict({ container: privileged, job: stripping }).kind).toBe("skip");
	});

	it("is not the cause if the version is that of another runner", () => {
		expect(finding({ request: seen, job: { ...stripping, system: "forgejo" } }).reason).toBe("no-device-request");
	});

	it.each(["v2.3.0", "v3.3.1", "dev"])("is not the cause with runner %s", (runnerVersion) => {
		expect(finding({ request: seen, job: createJob({ runnerVersion }) }).reason).toBe("no-device-request");
	});
});

describe("no-device-request", () => {
	it("names the releases that drop the option, if the runner may be one of them", () => {
		const found = finding({ request: seen, job: createJob({ runnerVersion: "dev" }) });
		expect(found.remedy.text).toContain("Runners 3.0.0 to 3.3.0 ignore it here too");
	});

	it("does not warn of the workflow's options with an old runner, and restarts it by its name", () => {
		const found = finding({ request: seen, job: createJob({ runnerVersion: "v0.2.11" }) });
		expect(found.remedy.text).not.toContain("workflow");
		expect(found.remedy.commands).toEqual([expect.stringContaining("restart act_runner ")]);
	});

	it.each([
		["forgejo", "runner", "config.yaml"],
		["github", "workflow", "the workflow's job"],
		["act", "runner", undefined],
		["none", "host", undefined],
	] as const)("under %s", (system, kind, file) => {
		const { remedy } = finding({ request: seen, job: createJob({ system }) });
		expect([remedy.kind, remedy.config?.file]).toEqual([kind, file]);
	});

	it("explains what an nvidia-smi of the image reports", () => {
		for (const run of [notLoaded, libraryMissing, saying("No devices were found\n", 6)]) {
			expect(finding({ request: seen, nvidia: createBare({ smi: "/usr/bin/nvidia-smi", run }) }).reason).toBe(
				"no-device-request",
			);
		}
	});

	it("is found if a device of another vendor was requested", () => {
		const amd = createRequestFacts({
			deviceRequests: [{ driver: "cdi", count: 0, deviceIds: ["amd.com/gpu=all"], capabilities: [] }],
		});
		expect(finding({ request: amd }).reason).toBe("no-device-request");
		const cdi = createRequestFacts({
			deviceRequests: [{ driver: "cdi", count: 0, deviceIds: ["nvidia.com/gpu=all"], capabilities: [] }],
		});
		expect(finding({ request: cdi }).reason).toBe("device-nodes-missing");
	});
});

describe("visible-devices-void", () => {
	it.each(["void", "none", "", "NONE"])("%j in the job's environment", (visibleDevices) => {
		expect(finding({ nvidia: createBare({ visibleDevices }) })).toMatchObject({
			reason: "visible-devices-void",
			observed: visibleDevices || "(empty)",
		});
	});

	it("is not the cause if it names GPUs", () => {
		expect(verdict({ nvidia: createBare({ visibleDevices: "0,1" }) }).kind).toBe("skip");
	});
});

describe("no-utility-capability", () => {
	const nodes = [node("/dev/nvidia0"), node("/dev/nvidiactl")];

	it("lists the value of the variable", () => {
		const found = finding({ nvidia: createBare({ nodes, driverCapabilities: "compute,graphics" }), request: asked });
		expect(found).toMatchObject({ reason: "no-utility-capability", observed: "compute,graphics" });
	});

	it("also explains an nvidia-smi of the image that lacks its library", () => {
		const request = createRequestFacts({ deviceRequests: [{ ...gpusAll, capabilities: ["gpu", "compute"] }] });
		const nvidia = createBare({ nodes, smi: "/usr/bin/nvidia-smi", run: libraryMissing });
		expect(finding({ nvidia, request }).reason).toBe("no-utility-capability");
	});

	it.each(["all", "compute,utility", "", undefined])("is not the cause with %j", (driverCapabilities) => {
		const nvidia = createBare({ nodes, ...(driverCapabilities !== undefined && { driverCapabilities }) });
		expect(verdict({ nvidia, request: asked }).kind).toBe("pass");
	});
});

describe("device-nodes-missing", () => {
	it("a GPU was requested, and the host's driver is unknown", () => {
		const found = finding({ request: asked });
		expect(found).toMatchObject({ reason: "device-nodes-missing", remedy: { kind: "host" } });
		expect(found.message).toMatch(/^This container/);
	});

	it("a GPU was requested, and the engine does not list its runtimes", () => {
		const { runtimes: _, ...silent } = asked;
		expect(finding({ request: silent }).reason).toBe("device-nodes-missing");
	});
});

describe("toolkit-missing", () => {
	it("is not the cause with CDI devices, which need no runtime", () => {
		const request = { ...asked, runtimes: ["runc"], cdiDevices: ["nvidia.com/gpu=all"] };
		expect(finding({ request }).reason).toBe("device-nodes-missing");
	});
});

describe("one cause, one failure", () => {
	const checks = [gpuVisibility, gpuDriver, gpuInventory];

	function results(overrides: Partial<Facts>): readonly string[] {
		const { request, ...others } = { ...nothing, ...overrides };
		const values = { ...others, "gpu-request": request };
		const facts = Object.fromEntries(
			Object.entries(values).map(([name, value]) => [name, { ok: true, value, ms: 1 } as const]),
		);
		const judged = judgeAll(checks, facts, policy, { started: "2026-11-24T06:00:00.000Z" });
		return judged.map(({ id, status, reason }) => `${id} ${status}${reason === undefined ? "" : ` ${reason}`}`);
	}

	it("how the container was started explains why the driver does not answer", () => {
		expect(results({ request: seen })).toEqual([
			"gpu/visibility fail no-device-request",
			"gpu/driver skip needs:gpu/visibility",
			"gpu/inventory skip needs:gpu/visibility",
		]);
	});

	it("if nothing explains it, the driver is judged", () => {
		expect(results({})).toEqual([
			"gpu/visibility skip not-applicable",
			"gpu/driver fail smi-missing",
			"gpu/inventory skip needs:gpu/driver",
		]);
	});

	it("a daemon that hangs does not hide a healthy GPU, a broken one, or none", () => {
		const request = { state: "no-answer" } as const;
		expect(results({ nvidia: createNvidia({ run: listing(createGpu()) }), request })).toEqual([
			"gpu/visibility pass",
			"gpu/driver pass",
			"gpu/inventory pass",
		]);
		const lost = saying("Unable to determine the device handle for GPU0: GPU is lost.\n", 15);
		expect(results({ nvidia: createNvidia({ run: lost }), request })).toEqual([
			"gpu/visibility pass",
			"gpu/driver fail gpu-lost",
			"gpu/inventory skip needs:gpu/driver",
		]);
		expect(results({ request })).toEqual([
			"gpu/visibility skip not-applicable",
			"gpu/driver fail smi-missing",
			"gpu/inventory skip needs:gpu/driver",
		]);
	});
});
