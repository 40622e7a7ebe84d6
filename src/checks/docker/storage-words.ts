import type { AddressPool } from "../../probes/docker-engine.ts";
import type { DiskUsage, Leftovers, StorageRoot } from "../../probes/docker-storage.ts";
import { isInNetwork } from "../../probes/proxy.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import type { Remedy } from "../check.ts";
import { type Fillers, removeFillers, whoFills } from "../resources/space-users.ts";
import { code, listed } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { pruningLoses, stopsContainers } from "./situation.ts";

export const intro = [
	"Looks at what the engine stores and at the disk below it: `/info` for the storage driver, `/system/df` for images and build cache, `/volumes`, `/networks` and `/containers/json` for leftovers. The free space is that of the engine's directory, or of containerd's if that keeps the images and has less. From a job container, it is that of the container's own layer, which is on the same disk.",
	"Each question gets one second, because on a full host the answers can take minutes. A healthy engine with 850 images needs 50 ms; 1,300 new records of build cache took five seconds to be summed up for the first time. What is not answered by then is not judged, and the result says so: the check passes as far as it could see. The same applies to what a proxy in front of the daemon denies. Only if nothing is answered, or the daemon fails, is the result an error. Sizes of volumes and containers are never requested: the engine would have to walk through all their files. (Before API 1.42, that is Docker 23, and with Podman they cannot be left out, so the second soon passes there.)",
].join("\n\n");

/** Below this, the engine itself fails: no image can be unpacked, no container can write. */
export const floorBytes = 2 * 2 ** 30;
/** Unused data that is worth a warning. */
export const reclaimableBytes = 100 * 2 ** 30;
export const reclaimableShare = 0.5;
export const manyVolumes = 50;
export const manyNetworks = 10;
/** Subnets that an engine can hand out, including the one of its own bridge, unless `default-address-pools` changes that. */
export const subnets = 31;

/** So many are taken that the rest may not last for the jobs that run at once. */
export function manySubnets(all: number): number {
	return all - Math.min(6, Math.floor(all / 5));
}

/** `docker` or `podman`, the engine and its command. */
export type EngineName = "docker" | "podman";

interface DriverVfs {
	readonly engine: EngineName;
	readonly rootDir: string;
}

interface LowSpace {
	readonly engine: EngineName;
	readonly root: StorageRoot;
	/** `undefined`: could not find out. */
	readonly usage: DiskUsage | undefined;
	/** Bytes that have to be free; `undefined`: there is space, but hardly an inode. */
	readonly floor: number | undefined;
	readonly fillers: Fillers | undefined;
}

interface Reclaimable {
	readonly engine: EngineName;
	readonly usage: DiskUsage;
	/** `undefined`: the disk cannot be seen from here. */
	readonly root: StorageRoot | undefined;
	readonly fillers: Fillers | undefined;
}

interface LeftBehind {
	readonly engine: EngineName;
	readonly found: Leftovers;
}

interface FewSubnets extends LeftBehind {
	/** How many there are. */
	readonly all: number;
	/** The engine's own, if it has any. */
	readonly pools: readonly AddressPool[];
}

export const words = {
	"driver-vfs": reason<DriverVfs>({
		level: "warn",
		title: "The storage driver vfs copies every layer",
		headline: ({ engine }) => `${nameOf(engine)} uses the slow storage driver vfs`,
		why: "It does not share layers: every image layer and every container is a full copy. Builds are many times slower and fill the disk many times faster.",
		expected: ({ engine }) => (engine === "podman" ? "overlay" : "overlay2, or the containerd image store"),
		tell: ({ engine, rootDir }) => ({
			what: `${nameOf(engine)} uses the storage driver \`vfs\`.`,
			fix: engine === "podman" ? fixPodmanDriver : fixDriver(rootDir),
		}),
	}),
	"low-space": reason<LowSpace>({
		level: "fail",
		title: "The disk of Docker's data is almost full",
		headline: ({ root, floor }) =>
			floor === undefined
				? `Docker's disk has only ${formatCount(root.freeInodes ?? 0)} inodes left`
				: `Docker's disk has only ${formatBytes(root.freeBytes)} left`,
		why: "Image pulls and builds fail with `no space left on device`, often in the middle of a job. Containers that cannot write may lose data.",
		expected: ({ floor }) =>
			floor === undefined ? "enough free inodes for an image" : `at least ${formatBytes(floor)} free`,
		tell: ({ engine, root, usage, floor, fillers }) => ({
			what: `${root.how === "own-layer" ? "The disk of Docker's data" : `${code(root.path)}${root.ofContainerd ? ", where containerd keeps Docker's images whatever `data-root` says," : ""}`} has ${floor === undefined ? `${formatCount(root.freeInodes ?? 0)} free inodes: each file of an image takes one, however much space is left` : `${formatBytes(root.freeBytes)} free`}.${whoFills(fillers)}`,
			fix: removeNamed(engine, fillers, prune(engine, root, usage)),
		}),
		more: "How much a build needs beyond that is up to the profile. If it has a floor for this file system (`docker-root`, or a workspace on the same disk), [`disk/free`](disk.md#free) judges it and this check stays silent. It judges a floor of `docker-root` itself if `disk/free` cannot see that disk.",
	}),
	reclaimable: reason<Reclaimable>({
		level: "warn",
		title: "Much of Docker's data is unused",
		headline: ({ engine, usage }) => `${formatBytes(reclaimableOf(usage))} of ${nameOf(engine)}'s data are unused`,
		why: "Unused data grows with every build until the disk is full. Then every job on this host fails at once.",
		expected: `at most ${formatBytes(reclaimableBytes)}, and at most half of the disk`,
		tell: ({ engine, usage, root, fillers }) => ({
			what: `${whatIsUnused(engine, usage, root)}${whoFills(fillers)}`,
			fix: removeNamed(engine, fillers, prune(engine, root)),
		}),
		more: "Docker never removes images by itself, and build cache late. Each builder of `docker buildx ls` has its own cache in a container that may be years old; `docker buildx rm` with its name removes both.",
	}),
	"leftover-volumes": reason<LeftBehind>({
		level: "warn",
		title: "Many volumes belong to no container",
		headline: ({ found }) => `${formatCount(found.count)} volumes belong to no container`,
		why: "Jobs that were killed and `docker run` without `--rm` leave them behind. Pruning images does not free their disk space, and they slow down everything that lists volumes.",
		expected: `at most ${manyVolumes}`,
		tell: ({ engine, found }) => ({
			what: `${formatCount(found.count)} volumes belong to no container, such as ${listed(found.names.slice(0, 3).map(code))}.`,
			fix: removeVolumes(engine),
		}),
	}),
	"leftover-networks": reason<LeftBehind>({
		level: "warn",
		title: "Many networks of past jobs are left over",
		headline: ({ found }) => `${formatCount(found.count)} networks of past jobs are left over`,
		why: "Each network keeps a subnet. If Docker has none left, every job fails in its setup with `no address pool left for this job's network`.",
		expected: `at most ${manyNetworks}`,
		tell: ({ engine, found }) => ({
			what: `${formatCount(found.count)} networks of jobs have no running container. The runner creates one for every job, and leaves it behind if it is killed.`,
			fix: removeNetworks(engine, found),
		}),
	}),
	"address-pool": reason<FewSubnets>({
		level: "warn",
		title: "Docker is running out of subnets for networks",
		headline: ({ engine, found, all }) =>
			all === 1
				? `${nameOf(engine)}'s only subnet for networks is taken`
				: `${formatCount(found.count)} of ${nameOf(engine)}'s ${formatCount(all)} subnets are taken`,
		why: "The runner creates a network for every job, and Compose one for every project. If no subnet is left, jobs wait (`Waiting for a free docker address pool`) and then fail in their setup with `all predefined address pools have been fully subnetted`.",
		expected: ({ all }) => `fewer than ${formatCount(manySubnets(all))}`,
		tell: ({ engine, found, all, pools }) => ({
			what: `${all === 1 ? `The only subnet that ${nameOf(engine)} has for networks is` : `${formatCount(found.count)} of the ${formatCount(all)} subnets that ${nameOf(engine)} has for networks are`} taken${pools.length === 0 ? "" : `. Its pools of its own: ${listed(pools.map(({ base, size }) => code(`${base}, size ${size}`)))}`}.`,
			fix: widenPools(engine, pools),
		}),
		more: "Networks in the default subnets are counted, or those in the pools of `default-address-pools`, which `docker info` shows.",
	}),
};

/** Bytes that nothing uses. */
export function reclaimableOf({ images, buildCache }: DiskUsage): number {
	return images.reclaimable + buildCache.reclaimable;
}

function nameOf(engine: EngineName): string {
	return engine === "podman" ? "Podman" : "Docker";
}

const fixPodmanDriver: Remedy = {
	text: "Set the driver, then create the storage again: `podman system reset` does that, but it removes all containers, images and volumes of this user. In a container, and for an ordinary user on an old kernel, overlay needs `fuse-overlayfs`.",
	config: { file: "/etc/containers/storage.conf", language: "toml", text: '[storage]\ndriver = "overlay"' },
	kind: "host",
};

function fixDriver(rootDir: string): Remedy {
	return {
		text: `Find out why overlayfs does not work, then set the driver, so that Docker fails instead of falling back. The usual cause is that ${code(rootDir)} is on an overlay itself. \`overlay2\` does not see existing images and containers, so images have to be pulled again. ${stopsContainers}`,
		config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "storage-driver": "overlay2" }' },
		commands: ["sudo journalctl -u docker | grep -i -e overlay -e graphdriver", "sudo systemctl restart docker"],
		kind: "host",
		otherwise: {
			text: "With Docker-in-Docker, give its container a volume at that directory: `--volume dind-data:/var/lib/docker`.",
			kind: "host",
		},
	};
}

function whatIsUnused(engine: EngineName, usage: DiskUsage, root: StorageRoot | undefined): string {
	const { images, buildCache } = usage;
	const sum = reclaimableOf(usage);
	const share = root ? `, ${Math.round((sum / root.totalBytes) * 100)} % of the disk` : "";
	return `${formatBytes(sum)} of ${nameOf(engine)}'s data are unused${share}: ${formatCount(images.unused)} images (${formatBytes(images.reclaimable)}) and build cache (${formatBytes(buildCache.reclaimable)}).`;
}

/** What is named comes first, and pruning is the other way. */
function removeNamed(engine: EngineName, fillers: Fillers | undefined, pruning: Remedy): Remedy {
	if (!fillers) return pruning;
	const { otherwise: inWorkflow, ...otherwise } = pruning;
	const text = inWorkflow ? `${otherwise.text} ${inWorkflow.text}` : otherwise.text;
	return { ...removeFillers(fillers, engine), otherwise: { ...otherwise, text } };
}

/** What is older than a week does not belong to a build that is running. */
function prune(engine: EngineName, root: StorageRoot | undefined, usage?: DiskUsage): Remedy {
	const unused = usage ? ` (${formatBytes(reclaimableOf(usage))} are unused)` : "";
	const tooSmall = usage ? " If that is not enough, the disk is too small for this runner." : "";
	const images = `${engine} image prune --all --force --filter until=168h`;
	if (engine === "podman") {
		return {
			text: `Remove images that are older than a week and unused${unused}. ${pruningLoses(engine)} Repeat it with a timer: images are never removed by themselves.${tooSmall}`,
			commands: [images],
			kind: "host",
		};
	}
	return {
		text: `Remove what is older than a week and unused${unused}, and limit the build cache, which takes effect at the next start of Docker. ${pruningLoses(engine)} Repeat the first two commands with a timer: images are never removed by themselves.${tooSmall}`,
		commands: [
			images,
			"docker builder prune --all --force --filter until=168h",
			"docker buildx ls   # every other builder has its own cache",
		],
		config: {
			file: "/etc/docker/daemon.json",
			language: "json",
			text: '{ "builder": { "gc": { "enabled": true, "defaultKeepStorage": "50GB" } } }',
		},
		kind: "host",
		...(root?.how === "own-layer" && {
			otherwise: {
				text: "A scheduled workflow on this runner can run the same commands through its socket.",
				kind: "workflow",
			} as const,
		}),
	};
}

/**
 * By name: before Docker 23, and with Podman, `volume prune` removes named volumes too. Volumes without a name have an id of 64
 * digits; those of jobs are named after the job's container.
 */
function removeVolumes(engine: EngineName): Remedy {
	return {
		text: "Look through them first: an unused volume may still contain a database. The second command removes only volumes without a name and those of past jobs. Run it while no job is running.",
		commands: [
			`${engine} volume ls --filter dangling=true`,
			`${engine} volume ls --quiet --filter dangling=true | grep -xE '[0-9a-f]{64}|(GITEA|FORGEJO)-ACTIONS-TASK-.*' | xargs -r ${engine} volume rm`,
		],
		kind: "host",
	};
}

/** By name: `network prune` also removes networks of stopped containers, which then do not start any more. */
function removeNetworks(engine: EngineName, { names }: Leftovers): Remedy {
	const remove = (filter: string): string =>
		`${engine} network ls --quiet --filter ${filter} | xargs -r ${engine} network rm`;
	const isNamed = (name: string): boolean => /-ACTIONS-TASK-/.test(name);
	return {
		text: "Remove them while no job is running. Networks with a running container stay. To avoid new ones, give the runner time to finish when it is stopped: set `shutdown_timeout` in its `config.yaml`, and a longer `TimeoutStopSec` in its unit.",
		commands: [
			...(names.length === 0 || names.some(isNamed) ? [remove("name=-ACTIONS-TASK-")] : []),
			...(names.every(isNamed) ? [] : [remove("label=com.gitea.runner.job")]),
		],
		kind: "host",
	};
}

function widenPools(engine: EngineName, pools: readonly AddressPool[]): Remedy {
	const what =
		pools.length === 0 ? "Configure more and smaller subnets: these are" : "Add a pool to those that are there:";
	const text = `${what} 256 with 254 addresses each. Choose a range that your network does not use. Existing networks keep their subnets.`;
	if (engine === "podman") {
		return {
			text,
			config: {
				file: "/etc/containers/containers.conf",
				language: "toml",
				text: '[network]\ndefault_subnet_pools = [{ "base" = "10.201.0.0/16", "size" = 24 }]',
			},
			commands: ["podman network ls"],
			kind: "host",
		};
	}
	return {
		text: `${text} ${stopsContainers}`,
		config: {
			file: "/etc/docker/daemon.json",
			language: "json",
			text: `{ "default-address-pools": [${[...pools, { base: freeBase(pools), size: 24 }].map(({ base, size }) => `{ "base": ${JSON.stringify(base)}, "size": ${size} }`).join(", ")}] }`,
		},
		commands: ["docker network ls", "sudo systemctl restart docker"],
		kind: "host",
	};
}

/** One that overlaps none of them. */
function freeBase(pools: readonly AddressPool[]): string {
	const bases = ["10.201.0.0/16", "10.202.0.0/16", "10.203.0.0/16", "172.31.0.0/16", "192.168.0.0/16"];
	const isTaken = (base: string): boolean =>
		pools.some((pool) => isInNetwork(base, pool.base) || isInNetwork(pool.base, base));
	return bases.find((base) => !isTaken(base)) ?? "10.201.0.0/16";
}

const fullDisk =
	"If the disk of Docker's data is full, pulls and builds of jobs fail with `no space left on device`, often in the middle.";

export const unknowns = {
	failed: unknown<{ readonly what: string }>({
		title: "The Docker daemon cannot describe its storage",
		why: `Its store may be damaged, and then pulls, builds and starts of containers fail too. ${fullDisk}`,
		expected: "an answer to every question about storage",
		tell: ({ what }) => ({
			what: `The Docker daemon failed to report ${what}.`,
			fix: {
				text: "Look into the daemon's log: it has the whole error. The other two commands ask the same by hand.",
				commands: [
					"sudo journalctl --unit docker --since -1h | grep -i -e error -e corrupt | tail -n 30",
					"docker system df",
					"docker volume ls --filter dangling=true",
				],
				kind: "host",
			},
		}),
	}),
	silent: unknown<{ readonly seconds: string }>({
		title: "The Docker daemon's storage did not answer in time",
		why: fullDisk,
		expected: "at least one answer about storage",
		tell: ({ seconds }) => ({
			what: `The Docker daemon answered no question about its storage within ${seconds}, although it answers others.`,
			fix: {
				text: "See how long it takes by hand, and whether its disk is busy. After many builds, the first answer can take minutes and the next one is fast; removing unused build cache helps for good.",
				commands: [
					"time timeout 300 docker system df",
					"docker info --format '{{.DockerRootDir}}'",
					"cat /proc/pressure/io",
				],
				kind: "host",
			},
		}),
	}),
};
