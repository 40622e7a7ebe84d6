import { describe, expect, test } from "vitest";
import { collectFacts } from "../../src/collect.ts";
import type { HttpOutcome, HttpRequest } from "../../src/host/host.ts";
import { type SelfContainerFacts, selfContainerProbe } from "../../src/probes/self-container.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost, type FakeMachine } from "../support/fake-host.ts";
import { recordedContainer, recordedImage } from "./engine-recording.ts";

const jobName = "GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder";
const id = recordedContainer().Id;
const hostname = id.slice(0, 12);
const imageId = recordedContainer().Image;
const missing = (name: string) => answered({ message: `No such container: ${name}` }, 404);

/** What the daemon knows: containers by name, and images. */
type Known = Readonly<Record<string, unknown>>;

function machine(known: Known, overrides: FakeMachine = {}): FakeMachine {
	const asked = (request: HttpRequest) => {
		const name = /^\/(?:containers|images)\/([^/]+)\/json$/.exec(request.path)?.[1] ?? "";
		return name in known ? answered(known[name]) : missing(name);
	};
	return {
		env: { JOB_CONTAINER_NAME: jobName },
		hostname,
		request: async (request) => asked(request),
		...overrides,
	};
}

const healthy: Known = { [jobName]: recordedContainer(), [hostname]: recordedContainer(), [imageId]: recordedImage() };
const look = (known: Known, overrides?: FakeMachine): Promise<SelfContainerFacts> =>
	collect(selfContainerProbe, createHost(machine(known, overrides)));

describe("what it knows of a container", () => {
	test("all that the daemon reports", async () => {
		expect(await look(healthy)).toMatchObject({
			state: "found",
			id,
			image: "ghcr.io/fortemi/fortemi/builder:latest",
			imageId,
			imageTags: ["ghcr.io/fortemi/fortemi/builder:latest"],
			imageDigests: [],
			imageCreated: "2026-11-24T07:51:38.129638128Z",
			imageLabels: { "matric.builder.rust-version": "1.92.0" },
			user: "1001:1001",
			groups: ["4711"],
			privileged: false,
			runtime: "runc",
			deviceRequests: [],
			nvidiaEnv: { NVIDIA_VISIBLE_DEVICES: "all", NVIDIA_DRIVER_CAPABILITIES: "compute,utility" },
			binds: expect.arrayContaining(["/var/run/docker.sock:/var/run/docker.sock"]),
			mounts: expect.arrayContaining([
				{
					type: "volume",
					name: jobName,
					source: `/var/lib/docker/volumes/${jobName}/_data`,
					target: "/workspace/fortemi/fortemi",
					writable: true,
				},
			]),
		});
	});

	test("no value of its environment except the two that control the GPU", async () => {
		expect(recordedContainer().Config.Env.join()).toContain("canary-secret-1");
		expect(JSON.stringify(await look(healthy))).not.toContain("canary");
	});

	test("no label except those that describe the image", async () => {
		const image = recordedImage();
		image.Config.Labels = {
			"matric.builder.sqlx-version": "0.8.6",
			"org.opencontainers.image.revision": "abc",
			"org.opencontainers.image.url": "https://user:canary@example.test",
			"com.example.secret": "canary",
		};
		const { imageLabels } = await look({ ...healthy, [imageId]: image });
		expect(imageLabels).toEqual({ "matric.builder.sqlx-version": "0.8.6", "org.opencontainers.image.revision": "abc" });
	});

	test("the labels of the container if the image is gone", async () => {
		const { [imageId]: _, ...withoutImage } = healthy;
		const facts = await look(withoutImage);
		expect(facts).toMatchObject({ state: "found", imageId, imageLabels: { "matric.builder.rust-version": "1.92.0" } });
		expect(facts).not.toHaveProperty("imageDigests");
	});

	test("only the name of an image if the engine takes too long", async () => {
		const plain = createHost(machine(healthy));
		const request = (wanted: HttpRequest): Promise<HttpOutcome> =>
			wanted.path.startsWith("/images/")
				? new Promise((resolve) => wanted.signal.addEventListener("abort", () => resolve({ kind: "timed-out" })))
				: plain.request(wanted);
		const started = Date.now();
		const facts = await collect(selfContainerProbe, { ...plain, request });
		expect(Date.now() - started).toBeLessThan(8000); // a probe has ten seconds
		expect(facts).toMatchObject({ state: "found", imageId, image: "ghcr.io/fortemi/fortemi/builder:latest" });
		expect(facts).not.toHaveProperty("imageTags");
	});

	test.each([
		["--gpus all", { Driver: "", Count: -1, DeviceIDs: null, Capabilities: [["gpu"]], Options: {} }, -1, [], ["gpu"]],
		[
			"--device nvidia.com/gpu=all",
			{ Driver: "cdi", Count: 0, DeviceIDs: ["nvidia.com/gpu=all"], Capabilities: null, Options: null },
			0,
			["nvidia.com/gpu=all"],
			[],
		],
	])("the device request of %s", async (_, request, count, deviceIds, capabilities) => {
		const container = recordedContainer();
		container.HostConfig.DeviceRequests = [request];
		const facts = await look({ ...healthy, [jobName]: container, [hostname]: container });
		expect(facts.deviceRequests).toEqual([{ driver: request.Driver, count, deviceIds, capabilities }]);
	});

	test("bounded texts, whatever the daemon says", async () => {
		const container = recordedContainer();
		container.Config.Image = "x".repeat(100_000);
		container.HostConfig.Binds = Array.from({ length: 5000 }, () => "y".repeat(5000));
		const facts = await look({ ...healthy, [jobName]: container, [hostname]: container });
		expect(JSON.stringify(facts).length).toBeLessThan(150_000);
	});
});

describe("which container it is", () => {
	const other = (changes: { Id?: string; Hostname?: string; Running?: boolean } = {}) => {
		const container = recordedContainer();
		container.Id = changes.Id ?? "f".repeat(64);
		container.Config.Hostname = changes.Hostname ?? "ffffffffffff";
		container.Config.Image = "example.test/other:1";
		container.State.Running = changes.Running ?? true;
		return container;
	};

	test("JOB_CONTAINER_NAME passed on to a nested container: the hostname decides", async () => {
		const known = { ...healthy, [jobName]: other() };
		expect((await look(known)).image).toBe("ghcr.io/fortemi/fortemi/builder:latest");
	});

	test("only a wrong name: unknown", async () => {
		expect(await look({ [jobName]: other() })).toEqual({ state: "unknown", why: "other-engine" });
	});

	test("a container of that name which has ended", async () => {
		const known = { [jobName]: other({ Hostname: "vm", Running: false }) };
		expect((await look(known, { hostname: "vm" })).state).toBe("unknown");
	});

	test("--network host: all share a hostname, the id of the cgroup decides", async () => {
		const files = { "/proc/self/cgroup": `12:pids:/docker/${id}\n`, "/run/.containerenv": "" };
		const ours = recordedContainer();
		ours.Config.Hostname = "vm";
		const known = { ...healthy, [jobName]: other({ Hostname: "vm" }), [id]: ours };
		expect((await look(known, { hostname: "vm", files })).id).toBe(id);
	});

	test("--uts host: the daemon records another hostname, the id decides", async () => {
		const files = { "/proc/self/cgroup": `12:pids:/docker/${id}\n` };
		expect((await look({ ...healthy, [id]: recordedContainer() }, { hostname: "vm", files, env: {} })).id).toBe(id);
	});

	test("nested: the cgroup names the outer container, whose engine is asked, and the hostname is the inner one's id", async () => {
		const files = { "/proc/self/cgroup": `12:pids:/docker/${id}\n` };
		const known = { ...healthy, [id]: recordedContainer() };
		expect((await look(known, { hostname: "0123456789ab", files })).state).toBe("unknown");
	});

	test("a chosen hostname", async () => {
		const ours = recordedContainer();
		ours.Config.Hostname = "builder";
		expect((await look({ ...healthy, [jobName]: ours }, { hostname: "builder" })).state).toBe("found");
	});

	test("only the hostname", async () => {
		expect((await look(healthy, { env: {}, files: { "/run/.containerenv": "" } })).id).toBe(id);
	});

	test("only an id from the kernel is asked for, and its image: two requests", async () => {
		const paths: string[] = [];
		const known = { ...healthy, [id]: recordedContainer() };
		const files = { "/proc/self/cgroup": `12:pids:/docker/${id}\n` };
		const plain = createHost(machine(known, { files }));
		const request = (wanted: HttpRequest) => {
			paths.push(wanted.path);
			return plain.request(wanted);
		};
		expect((await collect(selfContainerProbe, { ...plain, request })).state).toBe("found");
		expect(paths).toEqual([`/containers/${id}/json`, `/images/${imageId}/json`]);
	});

	test("an id that this engine does not know: it may know a name", async () => {
		const files = { "/proc/self/cgroup": `12:pids:/docker/${"e".repeat(64)}\n` };
		expect((await look(healthy, { files })).id).toBe(id);
		expect(await look({}, { files })).toEqual({ state: "unknown", why: "other-engine" });
	});

	test("without an id all names are asked at once: a wrong first one costs no round trip", async () => {
		const paths: string[] = [];
		const release: (() => void)[] = [];
		const facts = look(
			{},
			{
				request: (request) => {
					paths.push(request.path);
					return new Promise((resolve) => release.push(() => resolve(missing("x"))));
				},
			},
		);
		await expect.poll(() => paths).toEqual([`/containers/${jobName}/json`, `/containers/${hostname}/json`]);
		for (const answer of release) answer();
		expect((await facts).state).toBe("unknown");
	});
});

describe("not found", () => {
	test("on the host nothing is asked", async () => {
		const mountinfo = "27 1 254:0 / / rw - ext4 /dev/vda rw";
		const host = createHost({
			files: { "/proc/self/mountinfo": mountinfo, "/proc/self/cgroup": "0::/init.scope" },
			request: () => Promise.reject(new Error("asked")),
		});
		expect(await collect(selfContainerProbe, host)).toEqual({ state: "none", why: "on-host" });
	});

	test("no socket", async () => {
		const request = async () => ({ kind: "failed", code: "ENOENT", message: "connect ENOENT" }) as const;
		expect(await look(healthy, { request })).toEqual({ state: "none", why: "no-engine" });
	});

	test("an engine that does not run this container", async () => {
		expect(await look({})).toEqual({ state: "unknown", why: "other-engine" });
	});

	test("a proxy that denies it", async () => {
		const request = async () => answered("Forbidden", 403);
		expect(await look(healthy, { request })).toEqual({ state: "unknown", why: "forbidden", detail: "HTTP 403" });
	});

	test("an engine that fails", async () => {
		const request = async () => answered({ message: "layer store is corrupt" }, 500);
		expect(await look(healthy, { request })).toEqual({
			state: "unknown",
			why: "engine-error",
			detail: "HTTP 500: layer store is corrupt",
		});
	});

	test("garbage", async () => {
		const request = async () => answered("220 mail.example ESMTP");
		expect(await look(healthy, { request })).toMatchObject({ state: "unknown", why: "engine-error" });
	});

	test("a daemon that hangs is a timeout of this probe", async () => {
		const host = createHost(
			machine(healthy, {
				request: ({ signal }) =>
					new Promise((resolve) => signal.addEventListener("abort", () => resolve({ kind: "timed-out" }))),
			}),
		);
		const facts = await collectFacts([selfContainerProbe], host, createRequest({ timeoutMs: 30 }));
		expect(facts["self-container"]).toMatchObject({ ok: false, reason: "timeout" });
		expect(facts.container).toMatchObject({ ok: true });
	});
});
