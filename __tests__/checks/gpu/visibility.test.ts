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

const policy = createPolicy({ gpu: { require: "required" } });
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

describe("what is not judged", () => {
	it("a job on the host, and a place of which nobody knows what it is", () => {
		expect(verdict({ container: host })).toMatchObject({ kind: "skip", reason: "not-applicable" });
		expect(verdict({ container: { ...host, mode: "unknown" } })).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
		});
	});

	it.each(["optional", "forbidden"] as const)("a GPU that is %s", (require) => {
		expect(gpuVisibility.applies?.(createPolicy({ gpu: { require } }))).toBe(false);
	});

	it("a container that nothing tells of", () => {
		expect(verdict({})).toMatchObject({ kind: "skip", reason: "not-applicable" });
		expect(verdict({ request: { state: "unknown" } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});

describe("a container that sees its GPUs", () => {
	it("passes, whatever else may be said of it", () => {
		// CDI sets the variable to void on purpose, so that the runtime does not put the GPU in twice.
		const nvidia = createNvidia({ visibleDevices: "void" });
		expect(verdict({ nvidia, request: asked }).kind).toBe("pass");
		expect(verdict({ nvidia, request: seen, job: stripping }).kind).toBe("pass");
		expect(verdict({ nvidia: { ...nvidia, nodes: [] } }).kind).toBe("pass");
	});

	it("passes where the driver behind them is broken: that is the driver's", () => {
		const run = saying("Failed to initialize NVML: Driver/library version mismatch\n", 18);
		expect(verdict({ nvidia: createNvidia({ run }), request: asked }).kind).toBe("pass");
		expect(verdict({ nvidia: createBare({ smi: "/usr/bin/nvidia-smi", run }), request: seen }).kind).toBe("pass");
		expect(verdict({ nvidia: createNvidia({ run: notLoaded }), request: asked }).kind).toBe("pass");
	});
});

describe("options-stripped", () => {
	it.each(["v3.0.0", "v3.1.0", "v3.3.0"])("runner %s, seen from inside", (runnerVersion) => {
		const found = finding({ request: seen, job: createJob({ runnerVersion }) });
		expect(found).toMatchObject({ reason: "options-stripped", remedy: { kind: "runner" } });
		expect(found.message).toContain(`\`${runnerVersion}\``);
		expect(found.remedy.text).toContain("a release after 3.3.0");
		expect(found.remedy.otherwise?.commands).toContain(
			"sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
		);
	});

	it("explains first where Docker cannot be asked", () => {
		expect(finding({ job: stripping })).toMatchObject({ reason: "options-stripped" });
		expect(finding({ job: stripping, nvidia: createBare({ visibleDevices: "void" }) }).reason).toBe("options-stripped");
		const baked = createBare({ smi: "/usr/bin/nvidia-smi", run: libraryMissing, kernelDriver: "580.126.09" });
		expect(finding({ job: stripping, nvidia: baked }).reason).toBe("options-stripped");
	});

	it("is not blamed where the host has no driver at all", () => {
		const nvidia = createBare({ smi: "/usr/bin/nvidia-smi", run: notLoaded });
		expect(verdict({ job: stripping, nvidia }).kind).toBe("skip");
	});

	it("is not blamed for a privileged container", () => {
		expect(finding({ request: createRequestFacts({ privileged: true }), job: stripping }).reason).toBe(
			"no-device-request",
		);
		const privileged = { ...container, boundingCapabilities: "000001ffffffffff" };
		expect(verdict({ container: privileged, job: stripping }).kind).toBe("skip");
	});

	it("is not blamed on a runner whose numbers mean something else", () => {
		expect(finding({ request: seen, job: { ...stripping, system: "forgejo" } }).reason).toBe("no-device-request");
	});

	it.each(["v2.3.0", "v3.3.1", "dev"])("is not blamed on runner %s", (runnerVersion) => {
		expect(finding({ request: seen, job: createJob({ runnerVersion }) }).reason).toBe("no-device-request");
	});
});

describe("no-device-request", () => {
	it("tells where to put `--gpus`", () => {
		const found = finding({ request: seen });
		expect(found.reason).toBe("no-device-request");
		expect(found.remedy.config).toEqual({
			file: "config.yaml",
			language: "yaml",
			text: "container:\n  options: --gpus all",
		});
		expect(found.remedy.text).toContain("The workflow's own `container.options` is the wrong place");
		expect(found.remedy.text).not.toContain("3.0.0 to 3.3.0");
		expect(found.remedy.otherwise).toBeUndefined();
		expect(found.evidence).toContainEqual({
			source: "GET /containers/{self}/json",
			text: "DeviceRequests: none; Runtime: runc; Privileged: false",
		});
	});

	it("names the versions where the runner's is not known", () => {
		const found = finding({ request: seen, job: createJob({ runnerVersion: "dev" }) });
		expect(found.remedy.text).toContain("Runners 3.0.0 to 3.3.0 ignore it here too");
	});

	it("says no word of that to an old runner, and restarts it by its name", () => {
		const found = finding({ request: seen, job: createJob({ runnerVersion: "v0.2.11" }) });
		expect(found.remedy.text).not.toContain("workflow");
		expect(found.remedy.commands).toEqual(["sudo systemctl restart act_runner"]);
	});

	it.each([
		["forgejo", "runner", "config.yaml"],
		["github", "workflow", "the job in the workflow"],
		["act", "runner", undefined],
		["none", "host", undefined],
	] as const)("under %s", (system, kind, file) => {
		const { remedy } = finding({ request: seen, job: createJob({ system }) });
		expect([remedy.kind, remedy.config?.file]).toEqual([kind, file]);
	});

	it("tells of the toolkit where Docker does not know NVIDIA either", () => {
		const found = finding({ request: { ...seen, runtimes: ["runc"] } });
		expect(found.reason).toBe("no-device-request");
		expect(found.remedy.otherwise?.commands).toContain("sudo nvidia-ctk runtime configure --runtime=docker");
	});

	it("is the cause of what an nvidia-smi in the image says", () => {
		for (const run of [notLoaded, libraryMissing, saying("No devices were found\n", 6)]) {
			expect(finding({ request: seen, nvidia: createBare({ smi: "/usr/bin/nvidia-smi", run }) }).reason).toBe(
				"no-device-request",
			);
		}
	});

	it("is not the cause where another device was asked for", () => {
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

	it("in the container's own, beside a request", () => {
		const request = createRequestFacts({ deviceRequests: [gpusAll], nvidiaEnv: { NVIDIA_VISIBLE_DEVICES: "void" } });
		expect(finding({ request }).reason).toBe("visible-devices-void");
	});

	it("not set, where NVIDIA's runtime waits for it", () => {
		const found = finding({
			request: createRequestFacts({ runtime: "nvidia" }),
		});
		expect(found).toMatchObject({ reason: "visible-devices-void", observed: "not set" });
		expect(found.remedy.config?.text).toContain("--env NVIDIA_VISIBLE_DEVICES=all");
	});

	it("is no cause where it names GPUs", () => {
		expect(verdict({ nvidia: createBare({ visibleDevices: "0,1" }) }).kind).toBe("skip");
	});
});

describe("no-utility-capability", () => {
	const nodes = [node("/dev/nvidia0"), node("/dev/nvidiactl")];

	it.each(["compute", "compute,graphics"])("NVIDIA_DRIVER_CAPABILITIES=%s", (driverCapabilities) => {
		const found = finding({ nvidia: createBare({ nodes, driverCapabilities }), request: asked });
		expect(found).toMatchObject({
			reason: "no-utility-capability",
			observed: driverCapabilities,
			remedy: { kind: "image" },
		});
	});

	it("as `--gpus` names them, for an nvidia-smi of the image without its library", () => {
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
	it("the host has the driver, and nobody knows how the container was started", () => {
		const found = finding({ nvidia: createBare({ kernelDriver: "580.126.09" }) });
		expect(found).toMatchObject({ reason: "device-nodes-missing", remedy: { kind: "runner" } });
		expect(found.message).toContain("The host has NVIDIA's driver 580.126.09 loaded");
		expect(found.remedy.config?.text).toContain("--gpus all");
		expect(found.remedy.otherwise?.text).toContain("look on the host");
	});

	it("a GPU was asked for, and did not come", () => {
		const found = finding({ request: asked });
		expect(found).toMatchObject({ reason: "device-nodes-missing", remedy: { kind: "host" } });
		expect(found.message).toMatch(/^This container/);
	});

	it("a GPU was asked for, and the engine tells nothing of itself", () => {
		const { runtimes: _, ...silent } = asked;
		expect(finding({ request: silent }).reason).toBe("device-nodes-missing");
	});
});

describe("toolkit-missing", () => {
	it("a GPU was asked for, and Docker does not know NVIDIA", () => {
		const found = finding({ request: { ...asked, runtimes: ["runc"], cdiDevices: ["/etc/cdi", "/var/run/cdi"] } });
		expect(found).toMatchObject({ reason: "toolkit-missing", remedy: { kind: "host" } });
		expect(found.remedy.commands).toContain("sudo nvidia-ctk runtime configure --runtime=docker");
	});

	it("not with CDI devices, which need no runtime", () => {
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

	it("the way the container was started explains why the driver does not answer", () => {
		expect(results({ request: seen })).toEqual([
			"gpu/visibility fail no-device-request",
			"gpu/driver skip needs:gpu/visibility",
			"gpu/inventory skip needs:gpu/visibility",
		]);
	});

	it("where nothing explains it, the driver is judged", () => {
		expect(results({})).toEqual([
			"gpu/visibility skip not-applicable",
			"gpu/driver fail smi-missing",
			"gpu/inventory skip needs:gpu/driver",
		]);
	});

	it("a daemon that hangs keeps nobody from seeing a healthy GPU, a broken one, or none", () => {
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
