import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectFacts } from "../../src/collect.ts";
import type { HttpOutcome, HttpRequest, ReadOutcome, Space } from "../../src/host/host.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { dockerStorageProbe, type StorageFacts } from "../../src/probes/docker-storage.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost, type FakeMachine } from "../support/fake-host.ts";
import { recordedContainer, recordedImage, recording } from "./engine-recording.ts";

const jobName = "GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder";
const GiB = 2 ** 30;

const paths = {
	"/system/df?type=image&type=build-cache": recording["GET /system/df"],
	'/volumes?filters={"dangling":["true"]}': recording["GET /volumes?dangling"],
	"/networks": recording["GET /networks"],
	"/containers/json": recording["GET /containers/json"],
	[`/containers/${jobName}/json`]: recordedContainer(),
	[`/images/${recordedContainer().Image}/json`]: recordedImage(),
	"/info": { Driver: "overlay2", DockerRootDir: "/var/lib/docker", Name: "titan" },
	"/version": { Version: "26.1.5", ApiVersion: "1.45" },
};

type Answers = Readonly<Record<string, unknown>>;
const respond =
	(answers: Answers) =>
	async (request: HttpRequest): Promise<HttpOutcome> => {
		const path = decodeURIComponent(request.path);
		return path in answers ? answered(answers[path]) : answered({ message: "page not found" }, 404);
	};

const space = (freeBytes: number, totalBytes: number, totalInodes = 6_500_000): ReadOutcome<Space> => ({
	kind: "ok",
	value: { freeBytes, totalBytes, freeInodes: totalInodes / 2, totalInodes, source: "statfs" },
});

const inContainer: FakeMachine = {
	env: { JOB_CONTAINER_NAME: jobName },
	hostname: recordedContainer().Config.Hostname,
};
const onHost: FakeMachine = {
	files: { "/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw", "/proc/self/cgroup": "0::/init.scope" },
};
const look = (answers: Answers, machine: FakeMachine = inContainer): Promise<StorageFacts> =>
	collect(dockerStorageProbe, createHost({ request: respond(answers), ...machine }));

describe("a real engine's bookkeeping", () => {
	test("Docker 26, with a running job and one that ended long ago", async () => {
		const facts = await look(paths);
		expect(facts.usage).toEqual({
			kind: "ok",
			value: {
				// Four unused images of a few bytes each, and one of 200 kB that the build cache shares.
				images: { count: 6, unused: 5, bytes: 1215024830, reclaimable: 200011 },
				buildCache: { count: 3, bytes: 200033, reclaimable: 200033 },
			},
		});
		expect(facts.danglingVolumes).toEqual({
			kind: "ok",
			value: { count: 3, names: ["wsvol", "left1", "GITEA-ACTIONS-TASK-5-WORKFLOW-ci-JOB-build"] },
		});
		expect(facts.leftoverNetworks).toEqual({
			kind: "ok",
			value: { count: 1, names: ["GITEA-ACTIONS-TASK-5-WORKFLOW-ci-JOB-build-network"] },
		});
		expect(facts.defaultSubnets).toMatchObject({ kind: "ok", value: { count: 2 } });
	});

	test("200,000 images, volumes and records", async () => {
		const many = Array.from({ length: 200_000 }, (_, index) => ({ ID: index, Size: 10, SharedSize: 4, Containers: 0 }));
		const facts = await look({
			...paths,
			"/system/df?type=image&type=build-cache": { LayersSize: 2_000_000, Images: many, BuildCache: many },
			'/volumes?filters={"dangling":["true"]}': { Volumes: many.map(({ ID }) => ({ Name: `v${ID}` })) },
		});
		expect(facts.usage).toMatchObject({ value: { images: { count: 200_000 }, buildCache: { count: 200_000 } } });
		expect(facts.danglingVolumes).toMatchObject({ value: { count: 200_000 } });
	});

	test("the network of a job that runs is not left over", async () => {
		const name = "GITEA-ACTIONS-TASK-5-WORKFLOW-ci-JOB-build-network";
		const containers = [{ Id: "a", NetworkSettings: { Networks: { [name]: { NetworkID: "31680c74" } } } }];
		const facts = await look({ ...paths, "/containers/json": containers });
		expect(facts.leftoverNetworks).toEqual({ kind: "ok", value: { count: 0, names: [] } });
	});

	test("a network with the label of newer runners", async () => {
		const networks = [{ Name: "x", Id: "1", Labels: { "com.gitea.runner.uuid": "u" }, IPAM: { Config: null } }];
		const facts = await look({ ...paths, "/networks": networks });
		expect(facts.leftoverNetworks).toEqual({ kind: "ok", value: { count: 1, names: ["x"] } });
	});

	test("API 1.52 sums up itself, and omits zero", async () => {
		const df = {
			ImageUsage: { ActiveCount: 2, TotalCount: 850, TotalSize: 900 * GiB, Reclaimable: 828 * GiB },
			BuildCacheUsage: { TotalCount: 12672, TotalSize: 1580 * GiB, Reclaimable: 1500 * GiB },
		};
		const facts = await look({ ...paths, "/system/df?type=image&type=build-cache": df });
		expect(facts.usage).toEqual({
			kind: "ok",
			value: {
				images: { count: 850, unused: 848, bytes: 900 * GiB, reclaimable: 828 * GiB },
				buildCache: { count: 12672, bytes: 1580 * GiB, reclaimable: 1500 * GiB },
			},
		});
		const empty = await look({
			...paths,
			"/system/df?type=image&type=build-cache": { ImageUsage: {}, BuildCacheUsage: {} },
		});
		expect(empty.usage).toMatchObject({ kind: "ok", value: { images: { count: 0, reclaimable: 0 } } });
	});

	test("layers that unused images share are counted once, those of used images not at all", async () => {
		const df = {
			LayersSize: 70,
			Images: [
				{ Containers: 1, Size: 30, SharedSize: 10 },
				{ Containers: 0, Size: 30, SharedSize: 20 },
				{ Containers: 0, Size: 40, SharedSize: 20 },
			],
			BuildCache: null,
		};
		const facts = await look({ ...paths, "/system/df?type=image&type=build-cache": df });
		expect(facts.usage).toMatchObject({ value: { images: { bytes: 70, reclaimable: 40 }, buildCache: { count: 0 } } });
	});

	test("Podman 4 does not add up its layers: the largest image is a lower bound", async () => {
		const df = {
			LayersSize: 0,
			Images: [
				{ Containers: 1, Size: 50, SharedSize: 0 },
				{ Containers: 0, Size: 30, SharedSize: 0 },
				{ Containers: 0, Size: 40, SharedSize: 0 },
			],
			BuildCache: [],
		};
		const facts = await look({ ...paths, "/system/df?type=image&type=build-cache": df });
		expect(facts.usage).toMatchObject({ value: { images: { count: 3, unused: 2, bytes: 50, reclaimable: 40 } } });
	});

	test("an answer with more images than any machine has does not end the probe", async () => {
		const df = { LayersSize: 0, Images: Array.from({ length: 300_000 }, () => ({ Containers: 0, Size: 1 })) };
		const facts = await look({ ...paths, "/system/df?type=image&type=build-cache": df });
		expect(facts.usage).toMatchObject({ value: { images: { count: 300_000, bytes: 1 } } });
	});

	test("an empty engine says null", async () => {
		const facts = await look({
			...paths,
			"/system/df?type=image&type=build-cache": { LayersSize: 0, Images: null, BuildCache: null },
			'/volumes?filters={"dangling":["true"]}': { Volumes: null, Warnings: null },
			"/networks": [],
			"/containers/json": [],
		});
		expect(facts).toMatchObject({
			usage: { kind: "ok" },
			danglingVolumes: { value: { count: 0 } },
			leftoverNetworks: { value: { count: 0 } },
			defaultSubnets: { value: { count: 0 } },
		});
	});

	test("a subnet of a custom pool takes none of the default ones", async () => {
		const network = (subnet: string) => ({ Name: subnet, IPAM: { Config: [{ Subnet: subnet }] } });
		const subnets = [
			"172.17.0.0/16",
			"172.31.0.0/16",
			"192.168.240.0/20",
			"10.201.3.0/24",
			"172.18.4.0/24",
			"172.32.0.0/16",
		];
		const facts = await look({ ...paths, "/networks": subnets.map(network) });
		expect(facts.defaultSubnets).toMatchObject({ value: { count: 3, names: subnets.slice(0, 3) } });
	});
});

test("the subnets of the engine's own pools count in place of the default ones", async () => {
	const network = (subnet: string) => ({ Name: subnet, IPAM: { Config: [{ Subnet: subnet }] } });
	const subnets = ["172.17.0.0/24", "10.201.3.0/24", "172.18.0.0/16", "10.99.0.0/24"];
	const pools = [
		{ Base: "172.17.0.0/22", Size: 24 },
		{ Base: "10.201.0.0/16", Size: 24 },
		{ Base: "fd00::/48", Size: 64 },
	];
	const info = { ...paths["/info"], DefaultAddressPools: pools };
	const facts = await look({ ...paths, "/info": info, "/networks": subnets.map(network) });
	expect(facts.defaultSubnets).toMatchObject({ value: { count: 2, names: subnets.slice(0, 2) } });
	expect(facts.ownSubnets).toEqual({
		count: 4 + 256,
		pools: [
			{ base: "172.17.0.0/22", size: 24 },
			{ base: "10.201.0.0/16", size: 24 },
		],
	});
});

describe("answers that are missing", () => {
	test("each has its own answer", async () => {
		const { "/networks": _, ...rest } = paths;
		const facts = await look({ ...rest, "/system/df?type=image&type=build-cache": { hello: 1 } });
		expect(facts.usage).toMatchObject({ kind: "not-docker" });
		expect(facts.leftoverNetworks).toMatchObject({ kind: "http-error", status: 404 });
		expect(facts.danglingVolumes.kind).toBe("ok");
	});

	test("containers that a proxy hides: which networks are in use is then not known", async () => {
		const { "/containers/json": _, ...rest } = paths;
		const facts = await look(rest);
		expect(facts.leftoverNetworks).toMatchObject({ kind: "http-error", status: 404 });
		expect(facts.defaultSubnets.kind).toBe("ok");
	});
});

describe("the file system of the engine's data", () => {
	test("on the host: its directory", async () => {
		const spaces = {
			"/var/lib/docker": space(5 * GiB, 100 * GiB),
			"/workspace/fortemi/fortemi": space(50 * GiB, 200 * GiB),
		};
		const { root } = await look(paths, { ...onHost, spaces });
		expect(root).toEqual({
			path: "/var/lib/docker",
			how: "directory",
			freeBytes: 5 * GiB,
			totalBytes: 100 * GiB,
			holdsWorkspace: false,
		});
	});

	test("on the host: that of containerd, if it keeps the images on a fuller disk", async () => {
		const machine = (free: number, more: FakeMachine = {}): FakeMachine => ({
			...onHost,
			...more,
			files: { ...onHost.files, ...more.files },
			spaces: { "/data/docker": space(800 * GiB, 1000 * GiB), "/var/lib/containerd": space(free, 30 * GiB, 2_000_000) },
		});
		const driver = (Driver: string) => ({
			...paths,
			"/info": { Driver, DockerRootDir: "/data/docker", Name: "titan" },
		});
		const rootOf = async (Driver: string, where: FakeMachine) => (await look(driver(Driver), where)).root;
		expect(await rootOf("overlayfs", machine(GiB))).toMatchObject({
			path: "/var/lib/containerd",
			freeBytes: GiB,
			ofContainerd: true,
		});
		expect((await rootOf("overlay2", machine(GiB)))?.path).toBe("/data/docker");
		expect((await rootOf("overlayfs", machine(900 * GiB)))?.path).toBe("/data/docker");
		const own = machine(GiB, { directories: { "/data/docker/containerd": [] } });
		expect((await rootOf("overlayfs", own))?.path).toBe("/data/docker");
		const moved = machine(GiB, { files: { "/etc/containerd/config.toml": 'version = 3\nroot = "/data/docker"\n' } });
		expect(await rootOf("overlayfs", moved)).not.toHaveProperty("ofContainerd");
	});

	test("its inodes, if hardly any is free", async () => {
		const inodesOf = async (freeInodes: number | undefined, totalInodes: number | undefined) => {
			const value = { freeBytes: 5 * GiB, totalBytes: 100 * GiB, freeInodes, totalInodes, source: "statfs" };
			const spaces = { "/var/lib/docker": { kind: "ok", value } as const };
			return (await look(paths, { ...onHost, spaces })).root?.freeInodes;
		};
		expect(await inodesOf(12, 6_500_000)).toBe(12);
		expect(await inodesOf(2_000_000, 6_500_000)).toBeUndefined();
		expect(await inodesOf(undefined, undefined)).toBeUndefined();
		expect(await inodesOf(0, 0)).toBeUndefined();
	});

	test("in a job container: its own layer", async () => {
		const spaces = { "/": space(5 * GiB, 100 * GiB), "/workspace/fortemi/fortemi": space(5 * GiB, 100 * GiB) };
		const { root } = await look(paths, { ...inContainer, spaces });
		expect(root).toMatchObject({ path: "/", how: "own-layer", holdsWorkspace: true });
	});

	test("not in a container that this engine does not run", async () => {
		const { [`/containers/${jobName}/json`]: _, ...rest } = paths;
		const facts = await look(rest, { ...inContainer, spaces: { "/": space(1, 2) } });
		expect(facts).not.toHaveProperty("root");
	});

	test("not of a daemon on another machine", async () => {
		const env = { DOCKER_HOST: "tcp://build.example.test:2375" };
		const facts = await look(paths, { ...onHost, env, spaces: { "/var/lib/docker": space(1, 2) } });
		expect(facts).not.toHaveProperty("root");
	});
});

describe("a server on a real socket", () => {
	let folder: string;
	let close: () => Promise<void>;
	const listen = async (listener: RequestListener) => {
		const server = createServer(listener);
		await new Promise<void>((resolve) => server.listen(join(folder, "d.sock"), resolve));
		close = async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		};
		return createRealHost({ ...process.env, DOCKER_HOST: `unix://${folder}/d.sock` });
	};
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "storage-"));
	});
	afterEach(async () => {
		await close();
		await rm(folder, { recursive: true });
	});

	test("sizes that take minutes delay the run by a second only", async () => {
		const host = await listen((request, response) => {
			const path = decodeURIComponent(request.url ?? "");
			if (path.startsWith("/system/df")) return;
			response.end(JSON.stringify(path in paths ? paths[path as keyof typeof paths] : {}));
		});
		const started = Date.now();
		const facts = await collectFacts([dockerStorageProbe], host, createRequest());
		expect(Date.now() - started).toBeLessThan(8000); // a probe has ten seconds
		expect(facts["docker-storage"]).toMatchObject({
			ok: true,
			value: { usage: { kind: "timed-out" }, danglingVolumes: { kind: "ok" }, defaultSubnets: { kind: "ok" } },
		});
	});

	test("a shorter deadline of the run applies too", async () => {
		const host = await listen(() => undefined);
		const facts = await collectFacts([dockerStorageProbe], host, createRequest({ timeoutMs: 100 }));
		expect(facts["docker-storage"]).toMatchObject({ ok: true, value: { usage: { kind: "timed-out" }, budgetMs: 100 } });
	});
});
