import type { Host, Space } from "../host/host.ts";
import type { Request } from "../request.ts";
import { containerProbe } from "./container.ts";
import { within } from "./deadline.ts";
import { bounded, type DockerEndpoint, dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import { type AddressPool, askEngine, dockerEngineProbe, type EngineAnswer } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";
import { isInNetwork } from "./proxy.ts";
import { selfContainerProbe } from "./self-container.ts";

/** What the engine stores, and how full its file system is. */
export interface StorageFacts {
	/** Images and build cache. Not volumes and containers: to size them, the engine walks through all their files. */
	readonly usage: EngineAnswer<DiskUsage>;
	/** Volumes that no container uses. */
	readonly danglingVolumes: EngineAnswer<Leftovers>;
	/** Networks of jobs that no running container is attached to. */
	readonly leftoverNetworks: EngineAnswer<Leftovers>;
	/** Networks whose subnet is one of those that the engine hands out: 31 by default, or those of its own pools. */
	readonly defaultSubnets: EngineAnswer<Leftovers>;
	/** How many subnets there are, and in which pools, if the engine has its own. */
	readonly ownSubnets?: { readonly count: number; readonly pools: readonly AddressPool[] };
	/** Milliseconds that each of these four was given. */
	readonly budgetMs: number;
	/** The file system of the engine's data; `undefined`: not visible from here. */
	readonly root?: StorageRoot;
}

export interface DiskUsage {
	readonly images: {
		readonly count: number;
		readonly unused: number;
		readonly bytes: number;
		readonly reclaimable: number;
	};
	readonly buildCache: { readonly count: number; readonly bytes: number; readonly reclaimable: number };
}

export interface Leftovers {
	readonly count: number;
	/** The first few. */
	readonly names: readonly string[];
}

export interface StorageRoot extends Pick<Space, "freeBytes" | "totalBytes"> {
	/** What was measured: the engine's directory on the host, or the job container's own layer, which is on the same disk. */
	readonly path: string;
	readonly how: "directory" | "own-layer";
	/** So few free inodes that an image does not fit; absent if there are more, or no fixed number of them. */
	readonly freeInodes?: number;
	/** It is that of containerd, which keeps the images and is on another file system than Docker's own directory. */
	readonly ofContainerd?: true;
	/** The workspace is on the same file system, so a check of its space covers this too. */
	readonly holdsWorkspace: boolean;
}

/**
 * Longest wait for each question about the store. A healthy engine answers each in a few milliseconds (850 images: 50 ms), a full
 * or broken one in minutes. A hint is not worth that wait: what is not known by then is not judged.
 */
const budgetMs = 1000;
/** An image of a distribution has some thousands of files. */
const fewInodes = 10_000;
/** Twelve thousand records of build cache take a few megabytes. */
const maxBody = 16 * 1024 * 1024;

/**
 * Source: `GET /system/df`, `/volumes`, `/networks` and `/containers/json`, all at once, and statfs. From API 1.42 on, `type` spares
 * the engine the sizes of volumes and containers; older ones ignore it. The containers tell which networks are in use, since the
 * filter `dangling` of `/networks` returns networks in use too (seen with Docker 26).
 */
export const dockerStorageProbe: Probe<StorageFacts> = {
	name: "docker-storage",
	async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<StorageFacts> {
		const { endpoint } = await ask(dockerEndpointProbe);
		const budget = Math.min(budgetMs, request.timeoutMs);
		const question = (path: string): Promise<EngineAnswer<unknown>> =>
			within(budget, signal, (limited) => askEngine(host, endpoint, path, limited, { maxBody }));
		const dangling = encodeURIComponent('{"dangling":["true"]}');
		const [usage, volumes, networks, containers, root, pools] = await Promise.all([
			question("/system/df?type=image&type=build-cache"),
			question(`/volumes?filters=${dangling}`),
			question("/networks"),
			question("/containers/json"),
			storageRoot(host, request, signal, ask, endpoint),
			ownPools(ask),
		]);
		const attached = containers.kind === "ok" ? attachedNetworks(containers.value) : undefined;
		return {
			usage: answerOf(usage, readUsage),
			danglingVolumes: answerOf(volumes, (json) => leftovers(listIn(json, "Volumes"))),
			leftoverNetworks:
				networks.kind === "ok" && containers.kind !== "ok"
					? containers
					: answerOf(
							networks,
							(json) => attached && leftovers(listIn(json)?.filter((entry) => isLeftOver(entry, attached))),
						),
			defaultSubnets: answerOf(networks, (json) =>
				leftovers(listIn(json)?.filter((network) => hasSubnetOf(network, pools))),
			),
			...(pools.length > 0 && { ownSubnets: { count: sum(pools.map(capacityOf)), pools } }),
			budgetMs: budget,
			...(root && { root }),
		};
	},
};

function answerOf<T>(answer: EngineAnswer<unknown>, read: (json: unknown) => T | undefined): EngineAnswer<T> {
	if (answer.kind !== "ok") return answer;
	const value = read(answer.value);
	return value === undefined
		? { kind: "not-docker", body: bounded(JSON.stringify(answer.value), 500) }
		: { kind: "ok", value };
}

type Json = Readonly<Record<string, unknown>>;

/** A list at the top or under `key`. An engine without entries returns `null`. */
function listIn(json: unknown, key?: string): readonly Json[] | undefined {
	const list = key === undefined ? json : objectOf(json)?.[key];
	if (list === null || (key !== undefined && objectOf(json) && list === undefined)) return [];
	if (!Array.isArray(list)) return undefined;
	return list.map(objectOf).filter((entry): entry is Json => entry !== undefined);
}

function leftovers(entries: readonly Json[] | undefined): Leftovers | undefined {
	if (!entries) return undefined;
	const names = entries.map(({ Name: name }) => (typeof name === "string" ? bounded(name, 100) : "?"));
	return { count: names.length, names: names.slice(0, 5) };
}

/** Ids and names of the networks with running containers. */
function attachedNetworks(containers: unknown): ReadonlySet<unknown> | undefined {
	const networks = listIn(containers)?.flatMap((container) =>
		Object.entries(objectOf(objectOf(container.NetworkSettings)?.Networks) ?? {}),
	);
	return networks && new Set(networks.flatMap(([name, network]) => [name, objectOf(network)?.NetworkID]));
}

/** Gitea's and Forgejo's runners create a network for each job. Later releases label it. */
function isLeftOver(network: Json, attached: ReadonlySet<unknown>): boolean {
	if (attached.has(network.Id) || attached.has(network.Name)) return false;
	const labels = Object.keys(objectOf(network.Labels) ?? {});
	return (
		/^(?:GITEA|FORGEJO)-ACTIONS-TASK-/i.test(String(network.Name)) ||
		labels.some((label) => label.startsWith("com.gitea.runner."))
	);
}

/** 172.17.0.0/16 to 172.31.0.0/16, and the sixteen /20 of 192.168.0.0/16. */
const defaultSubnet = /^(?:172\.(?:1[7-9]|2\d|3[01])\.0\.0\/16|192\.168\.\d+\.0\/20)$/;

/** @param pools The engine's own; none: the default ones. */
function hasSubnetOf(network: Json, pools: readonly AddressPool[]): boolean {
	const configs = objectOf(network.IPAM)?.Config;
	if (!Array.isArray(configs)) return false;
	return configs.some((config) => {
		const subnet = String(objectOf(config)?.Subnet);
		return pools.length === 0 ? defaultSubnet.test(subnet) : pools.some(({ base }) => isInNetwork(subnet, base));
	});
}

function capacityOf({ base, size }: AddressPool): number {
	return 2 ** Math.max(0, size - Number(base.split("/")[1]));
}

async function ownPools(ask: Ask): Promise<readonly AddressPool[]> {
	const { info } = await ask(dockerEngineProbe);
	return (info.kind === "ok" && info.value.addressPools) || [];
}

function readUsage(json: unknown): DiskUsage | undefined {
	const usage = objectOf(json);
	if (!usage) return undefined;
	const images = objectOf(usage.ImageUsage);
	const cache = objectOf(usage.BuildCacheUsage);
	if (!images && !cache && !("LayersSize" in usage) && !("Images" in usage)) return undefined;
	return {
		images: images ? summaryOfImages(images) : countImages(usage),
		buildCache: cache ? summaryOfCache(cache) : countCache(usage),
	};
}

/** From API 1.52 on, the engine sums up itself, and omits a sum of zero. */
function summaryOfImages(usage: Json): DiskUsage["images"] {
	const count = numberOf(usage.TotalCount);
	return {
		count,
		unused: Math.max(0, count - numberOf(usage.ActiveCount)),
		bytes: numberOf(usage.TotalSize),
		reclaimable: numberOf(usage.Reclaimable),
	};
}

function summaryOfCache(usage: Json): DiskUsage["buildCache"] {
	return {
		count: numberOf(usage.TotalCount),
		bytes: numberOf(usage.TotalSize),
		reclaimable: numberOf(usage.Reclaimable),
	};
}

/**
 * Older engines list the images, which share layers. Both of these sums are lower bounds, so the higher one is better: all layers
 * minus the images in use, and the unshared part of each unused image.
 */
function countImages(usage: Json): DiskUsage["images"] {
	const images = listIn(usage, "Images") ?? [];
	const unused = images.filter(({ Containers: containers }) => containers === 0);
	const used = images.filter(({ Containers: containers }) => containers !== 0);
	const base = { count: images.length, unused: unused.length };
	const layers = numberOf(usage.LayersSize);
	// Podman 4 does not add them up. The largest image is a lower bound.
	if (layers === 0) return { ...base, bytes: largest(images), reclaimable: largest(unused) };
	const lessUsed = layers - sum(used.map(({ Size: size }) => numberOf(size)));
	const ownOfUnused = sum(unused.map(({ Size: size, SharedSize: shared }) => numberOf(size) - numberOf(shared)));
	return { ...base, bytes: layers, reclaimable: Math.min(layers, Math.max(0, lessUsed, ownOfUnused)) };
}

function largest(images: readonly Json[]): number {
	return images.reduce((most, { Size: size }) => Math.max(most, numberOf(size)), 0);
}

/** A record that an image shares is removed with the image. */
function countCache(usage: Json): DiskUsage["buildCache"] {
	const records = (listIn(usage, "BuildCache") ?? []).filter(({ Shared: shared }) => shared !== true);
	const bytes = (list: readonly Json[]): number => sum(list.map(({ Size: size }) => numberOf(size)));
	return {
		count: records.length,
		bytes: bytes(records),
		reclaimable: bytes(records.filter(({ InUse: inUse }) => inUse !== true)),
	};
}

/** Bytes or a count. The engine reports -1 for what it did not find out. */
function numberOf(value: unknown): number {
	return typeof value === "number" && value > 0 ? value : 0;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

/**
 * The file system of the engine's data: that of its directory on the host, or in a job container that of the root, whose top layer
 * is on the same disk. `undefined` for a daemon on another machine, or one that does not run this container.
 */
async function storageRoot(
	host: Host,
	request: Request,
	signal: AbortSignal,
	ask: Ask,
	endpoint: DockerEndpoint,
): Promise<StorageRoot | undefined> {
	if (endpoint.kind !== "unix") return undefined;
	const { mode } = await ask(containerProbe);
	const how = mode === "container" ? "own-layer" : "directory";
	const paths = how === "own-layer" ? await ownLayer(ask) : await engineDirectories(host, ask);
	const [workspace, ...spaces] = await Promise.all(
		[request.workspace, ...paths].map((path) => host.space(path, signal)),
	);
	const measured = spaces.flatMap((space, at) =>
		space.kind === "ok" ? { path: paths[at] ?? "", ...space.value } : [],
	);
	const [first] = measured;
	if (!first) return undefined;
	const other = measured.find((one) => !isSameDisk(one, first) && one.freeBytes < first.freeBytes);
	const { path, freeBytes, totalBytes, freeInodes, totalInodes } = other ?? first;
	const isScarce = freeInodes !== undefined && totalInodes !== 0 && freeInodes < fewInodes;
	const holdsWorkspace = workspace?.kind === "ok" && isSameDisk(workspace.value, { totalBytes, totalInodes });
	return {
		path,
		how,
		freeBytes,
		totalBytes,
		...(isScarce && { freeInodes }),
		...(other && { ofContainerd: true as const }),
		holdsWorkspace,
	};
}

type Size = Pick<Space, "totalBytes" | "totalInodes">;

function isSameDisk(a: Size, b: Size): boolean {
	return a.totalBytes === b.totalBytes && a.totalInodes === b.totalInodes;
}

async function ownLayer(ask: Ask): Promise<readonly string[]> {
	// If it is unknown whether the engine runs this container, only this fact is missing.
	const self = await ask(selfContainerProbe).catch(() => undefined);
	return self?.state === "found" ? ["/"] : [];
}

/**
 * Docker's own directory, and that of containerd if it keeps the images, as it does by default since Docker 29: `data-root` does not
 * move it (moby/moby#50517).
 */
async function engineDirectories(host: Host, ask: Ask): Promise<readonly string[]> {
	const { info } = await ask(dockerEngineProbe);
	if (info.kind !== "ok" || info.value.dockerRootDir === "") return [];
	const { driver, dockerRootDir } = info.value;
	// The store of Docker itself calls its driver `overlay2`. A daemon that starts a containerd of its own keeps everything in one place.
	if (driver !== "overlayfs" || (await host.stat(`${dockerRootDir}/containerd`)).kind === "directory")
		return [dockerRootDir];
	const config = await host.readText("/etc/containerd/config.toml");
	const root = config.kind === "ok" ? /^root\s*=\s*["'](\/[^"']{1,500})["']/m.exec(config.value)?.[1] : undefined;
	return [dockerRootDir, root ?? "/var/lib/containerd"];
}
