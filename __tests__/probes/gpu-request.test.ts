import { expect, it } from "vitest";
import { collectFacts } from "../../src/collect.ts";
import type { HttpOutcome } from "../../src/host/host.ts";
import { gpuRequestProbe } from "../../src/probes/gpu-request.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost, type FakeMachine, file } from "../support/fake-host.ts";

const id = "0123456789ab".padEnd(64, "c");
const inspected = {
	Id: id,
	Image: "sha256:1",
	State: { Running: true },
	Config: { Hostname: "0123456789ab", Image: "builder:gpu", Env: ["NVIDIA_VISIBLE_DEVICES=all", "TOKEN=canary"] },
	HostConfig: {
		Privileged: false,
		Runtime: "runc",
		DeviceRequests: [{ Driver: "", Count: -1, DeviceIDs: null, Capabilities: [["gpu"]], Options: {} }],
	},
};
const info = {
	Name: "titan",
	Driver: "overlay2",
	Runtimes: { runc: {}, nvidia: {} },
	DiscoveredDevices: [{ ID: "nvidia.com/gpu=all" }],
};

/** A job container whose engine gives these answers. */
function machine(api: FakeMachine["api"]): FakeMachine {
	return {
		hostname: "0123456789ab",
		files: { "/run/.containerenv": "", "/var/run/docker.sock": file({ kind: "socket", mode: 0o660 }) },
		...(api && { api }),
	};
}

it("reports what concerns GPUs of container and engine, and nothing else", async () => {
	const api = {
		"GET /containers/0123456789ab/json": answered(inspected),
		"GET /images/sha256:1/json": answered({}),
		"GET /info": answered(info),
		"GET /version": answered({ Version: "29.1.2", ApiVersion: "1.52" }),
	};
	const facts = await collect(gpuRequestProbe, createHost(machine(api)));
	expect(facts).toEqual({
		state: "found",
		privileged: false,
		runtime: "runc",
		deviceRequests: [{ driver: "", count: -1, deviceIds: [], capabilities: ["gpu"] }],
		nvidiaEnv: { NVIDIA_VISIBLE_DEVICES: "all" },
		runtimes: ["runc", "nvidia"],
		cdiDevices: ["nvidia.com/gpu=all"],
	});
});

it("leaves out the engine's own answers if it does not run this container", async () => {
	const api = {
		"GET /containers/0123456789ab/json": answered({ message: "No such container" }, 404),
		"GET /info": answered(info),
	};
	expect(await collect(gpuRequestProbe, createHost(machine(api)))).toEqual({ state: "unknown" });
});

it("reports that no engine can be asked", async () => {
	expect(await collect(gpuRequestProbe, createHost({ files: { "/proc/self/cgroup": "0::/init.scope\n" } }))).toEqual({
		state: "none",
	});
});

it("an engine that hangs is an answer, not a failure", async () => {
	const hang = (): HttpOutcome => ({ kind: "timed-out" });
	const api = { "GET /containers/0123456789ab/json": hang, "GET /info": hang, "GET /version": hang };
	const facts = await collectFacts([gpuRequestProbe], createHost(machine(api)), createRequest({ timeoutMs: 200 }));
	expect(facts["gpu-request"]).toMatchObject({ ok: true, value: { state: "no-answer" } });
	expect(facts["self-container"]).toMatchObject({ ok: false });
});
