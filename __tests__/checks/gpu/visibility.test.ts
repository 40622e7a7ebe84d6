import { describe, expect, it } from "vitest";
import type { Finding, Verdict } from "../../../src/checks/check.ts";
import { gpuDriver } from "../../../src/checks/gpu/driver.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import { gpuVisibility } from "../../../src/checks/gpu/visibility.ts";
import { judgeAll } from "../../../src/engine.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { EngineFacts } from "../../../src/probes/docker-engine.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import type { SelfContainerFacts } from "../../../src/probes/self-container.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import {
	container,
	createBare,
	createEngine,
	createGpu,
	createJob,
	createNvidia,
	createSelf,
	gpusAll,
	host,
	listing,
	node,
	noEngine,
	saying,
} from "./support.ts";

interface Facts {
	readonly nvidia: NvidiaFacts;
	readonly container: ContainerFacts;
	readonly job: JobFacts;
	readonly self: SelfContainerFacts;
	readonly engine: EngineFacts;
}

const policy = createPolicy({ gpu: { require: "required" } });
const nothing: Facts = {
	nvidia: createBare(),
	container,
	job: createJob(),
	self: { state: "none" },
	engine: noEngine,
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
const seen = createSelf();
const asked = createSelf({ deviceRequests: [gpusAll] });
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
		expect(verdict({ self: { state: "unknown" } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});

describe("a container that sees its GPUs", () => {
	it("passes, whatever else may be said of it", () => {
		// CDI sets the variable to void on purpose, so that the runtime does not put the GPU in twice.
		const nvidia = createNvidia({ visibleDevices: "void" });
		expect(verdict({ nvidia, self: asked, engine: createEngine() }).kind).toBe("pass");
		expect(verdict({ nvidia, self: seen, job: stripping }).kind).toBe("pass");
		expect(verdict({ nvidia: { ...nvidia, nodes: [] } }).kind).toBe("pass");
	});

	it("passes where the driver behind them is broken: that is the driver's", () => {
		const run = saying("Failed to initialize NVML: Driver/library version mismatch\n", 18);
		expect(verdict({ nvidia: createNvidia({ run }), self: asked }).kind).toBe("pass");
		expect(verdict({ nvidia: createBare({ smi: "/usr/bin/nvidia-smi", run }), self: seen }).kind).toBe("pass");
		expect(verdict({ nvidia: createNvidia({ run: notLoaded }), self: asked }).kind).toBe("pass");
	});
});

describe("options-stripped", () => {
	it.each(["v3.0.0", "v3.1.0", "v3.3.0"])("runner %s, seen from inside", (runnerVersion) => {
		const found = finding({ self: seen, job: createJob({ runnerVersion }), engine: createEngine() });
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
		expect(finding({ self: createSelf({ privileged: true }), job: stripping }).reason).toBe("no-device-request");
		const privileged = { ...container, boundingCapabilities: "000001ffffffffff" };
		expect(verdict({ container: privileged, job: stripping }).kind).toBe("skip");
	});

	it("is not blamed on a runner whose numbers mean something else", () => {
		expect(finding({ self: seen, job: { ...stripping, system: "forgejo" } }).reason).toBe("no-device-request");
	});

	it.each(["v2.3.0", "v3.3.1", "dev"])("is not blamed on runner %s", (runnerVersion) => {
		expect(finding({ self: seen, job: createJob({ runnerVersion }) }).reason).toBe("no-device-request");
	});
});

describe("no-device-request", () => {
	it("tells where to put `--gpus`", () => {
		const found = finding({ self: seen, engine: createEngine() });
		expect(found.reason).toBe("no-device-request");
		expect(found.remedy.config).toEqual({
			file: "config.yaml",
			language: "yaml",
			text: "container:\n  options: --gpus all",
		});
		expect(found.remedy.text).toContain("The workflow's own `container.options` is no place for it");
		expect(found.remedy.text).not.toContain("3.0.0 to 3.3.0");
		expect(found.remedy.otherwise).toBeUndefined();
		expect(found.evidence).toContainEqual({
			source: "GET /containers/{self}/json",
			text: "DeviceRequests: none; Runtime: runc; Privileged: false",
		});
	});

	it("names the versions where the runner's is not known", () => {
		const found = finding({ self: seen, job: createJob({ runnerVersion: "dev" }) });
		expect(found.remedy.text).toContain("Runners 3.0.0 to 3.3.0 drop it there too");
	});

	it("says no word of that to an old runner, and restarts it by its name", () => {
		const found = finding({ self: seen, job: createJob({ runnerVersion: "v0.2.11" }) });
		expect(found.remedy.text).not.toContain("workflow");
		expect(found.remedy.commands).toEqual(["sudo systemctl restart act_runner"]);
	});

	it.each([
		["forgejo", "runner", "config.yaml"],
		["github", "workflow", "the workflow"],
		["act", "runner", undefined],
		["none", "host", undefined],
	] as const)("under %s", (system, kind, file) => {
		const { remedy } = finding({ self: seen, job: createJob({ system }) });
		expect([remedy.kind, remedy.config?.file]).toEqual([kind, file]);
	});

	it("tells of the toolkit where Docker does not know NVIDIA either", () => {
		const found = finding({ self: seen, engine: createEngine({ runtimes: ["runc"], cdiDevices: ["/etc/cdi"] }) });
		expect(found.reason).toBe("no-device-request");
		expect(found.remedy.otherwise?.commands).toContain("sudo nvidia-ctk runtime configure --runtime=docker");
	});

	it("is the cause of what an nvidia-smi in the image says", () => {
		for (const run of [notLoaded, libraryMissing, saying("No devices were found\n", 6)]) {
			expect(finding({ self: seen, nvidia: createBare({ smi: "/usr/bin/nvidia-smi", run }) }).reason).toBe(
				"no-device-request",
			);
		}
	});

	it("is not the cause where another device was asked for", () => {
		const amd = createSelf({
			deviceRequests: [{ driver: "cdi", count: 0, deviceIds: ["amd.com/gpu=all"], capabilities: [] }],
		});
		expect(finding({ self: amd }).reason).toBe("no-device-request");
		const cdi = createSelf({
			deviceRequests: [{ driver: "cdi", count: 0, deviceIds: ["nvidia.com/gpu=all"], capabilities: [] }],
		});
		expect(finding({ self: cdi }).reason).toBe("device-nodes-missing");
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
		const self = createSelf({ deviceRequests: [gpusAll], nvidiaEnv: { NVIDIA_VISIBLE_DEVICES: "void" } });
		expect(finding({ self, engine: createEngine() }).reason).toBe("visible-devices-void");
	});

	it("not set, where NVIDIA's runtime waits for it", () => {
		const found = finding({
			self: createSelf({ runtime: "nvidia" }),
			engine: createEngine({ defaultRuntime: "nvidia" }),
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
		const found = finding({ nvidia: createBare({ nodes, driverCapabilities }), self: asked });
		expect(found).toMatchObject({
			reason: "no-utility-capability",
			observed: driverCapabilities,
			remedy: { kind: "image" },
		});
	});

	it("as `--gpus` names them, for an nvidia-smi of the image without its library", () => {
		const self = createSelf({ deviceRequests: [{ ...gpusAll, capabilities: ["gpu", "compute"] }] });
		const nvidia = createBare({ nodes, smi: "/usr/bin/nvidia-smi", run: libraryMissing });
		expect(finding({ nvidia, self }).reason).toBe("no-utility-capability");
	});

	it.each(["all", "compute,utility", "", undefined])("is not the cause with %j", (driverCapabilities) => {
		const nvidia = createBare({ nodes, ...(driverCapabilities !== undefined && { driverCapabilities }) });
		expect(verdict({ nvidia, self: asked }).kind).toBe("pass");
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
		const found = finding({ self: asked, engine: createEngine() });
		expect(found).toMatchObject({ reason: "device-nodes-missing", remedy: { kind: "host" } });
		expect(found.message).toMatch(/^This container/);
	});

	it("a GPU was asked for, and the engine tells nothing of itself", () => {
		const engine = { ...noEngine, info: { kind: "timed-out" } as const };
		expect(finding({ self: asked, engine }).reason).toBe("device-nodes-missing");
	});
});

describe("toolkit-missing", () => {
	it("a GPU was asked for, and Docker does not know NVIDIA", () => {
		const engine = createEngine({
			runtimes: ["io.containerd.runc.v2", "runc"],
			cdiDevices: ["/etc/cdi", "/var/run/cdi"],
		});
		const found = finding({ self: asked, engine });
		expect(found).toMatchObject({ reason: "toolkit-missing", remedy: { kind: "host" } });
		expect(found.remedy.commands).toContain("sudo nvidia-ctk runtime configure --runtime=docker");
	});

	it("not with CDI devices, which need no runtime", () => {
		const engine = createEngine({ runtimes: ["runc"], cdiDevices: ["nvidia.com/gpu=all"] });
		expect(finding({ self: asked, engine }).reason).toBe("device-nodes-missing");
	});
});

describe("one cause, one failure", () => {
	const checks = [gpuVisibility, gpuDriver, gpuInventory];

	function results(overrides: Partial<Facts>, broken: readonly string[] = []): readonly string[] {
		const { nvidia, container, job, self, engine } = { ...nothing, ...overrides };
		const values = { nvidia, container, job, "self-container": self, "docker-engine": engine };
		const facts = Object.fromEntries(
			Object.entries(values).map(([name, value]) => [
				name,
				broken.includes(name)
					? ({ ok: false, reason: "timeout", message: "no answer within 10 s", ms: 10_000 } as const)
					: ({ ok: true, value, ms: 1 } as const),
			]),
		);
		const judged = judgeAll(checks, facts, policy, { started: "2026-11-24T06:00:00.000Z" });
		return judged.map(({ id, status, reason }) => `${id} ${status}${reason === undefined ? "" : ` ${reason}`}`);
	}

	it("the way the container was started explains why the driver does not answer", () => {
		expect(results({ self: seen })).toEqual([
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

	it("a daemon that hangs keeps nobody from seeing a healthy GPU, or a broken one", () => {
		const engine = { ...noEngine, info: { kind: "timed-out" } as const };
		const self: SelfContainerFacts = { state: "unknown" };
		expect(results({ nvidia: createNvidia({ run: listing(createGpu()) }), self, engine })).toEqual([
			"gpu/visibility pass",
			"gpu/driver pass",
			"gpu/inventory pass",
		]);
		const lost = createNvidia({ run: saying("Unable to determine the device handle for GPU0: GPU is lost.\n", 15) });
		expect(results({ nvidia: lost, self, engine })).toEqual([
			"gpu/visibility pass",
			"gpu/driver fail gpu-lost",
			"gpu/inventory skip needs:gpu/driver",
		]);
	});
});
