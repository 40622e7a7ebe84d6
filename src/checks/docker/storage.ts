import type { Policy } from "../../policy/policy.ts";
import { dockerEngineProbe, type EngineAnswer, type EngineFacts, type EngineInfo } from "../../probes/docker-engine.ts";
import { type DiskUsage, dockerStorageProbe, type Leftovers, type StorageFacts } from "../../probes/docker-storage.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { code, listed } from "../text.ts";
import { describeAnswer, isPodman } from "./describe-engine.ts";
import { wantsDocker } from "./situation.ts";

type Reason = "driver-vfs" | "low-space" | "reclaimable" | "leftover-volumes" | "leftover-networks" | "address-pool";

/** Below this the engine itself fails: no image can be unpacked, no container writes. What a build needs is asked by the profile. */
const floorBytes = 2 * 2 ** 30;
/** What nothing uses, from where on it is worth a word. */
const reclaimableBytes = 100 * 2 ** 30;
const reclaimableShare = 0.5;
const manyVolumes = 50;
const manyNetworks = 10;
/** An engine has 31 subnets to give away, its own bridge included, unless its `default-address-pools` say otherwise. */
const subnets = 31;
const manySubnets = 25;

/**
 * The engine's own bookkeeping. Each question has little time, since on a full host some take minutes; what was not
 * answered by then, or is kept from us by a proxy, is left out of the judgement, and the message says so. Only where
 * nothing at all was answered could this check not decide.
 */
export const dockerStorage = defineCheck({
	id: "docker/storage",
	title: "Docker's storage is fast, has room, and is not filled with leftovers",
	reasons: {
		"driver-vfs": { level: "warn", title: "Docker copies every layer as a whole (storage driver vfs)" },
		"low-space": { level: "fail", title: "The disk below Docker's data is nearly full" },
		reclaimable: { level: "warn", title: "Much of Docker's data is used by nothing" },
		"leftover-volumes": { level: "warn", title: "Many volumes belong to no container" },
		"leftover-networks": { level: "warn", title: "Many networks of past jobs were left behind" },
		"address-pool": { level: "warn", title: "Docker has few subnets left for new networks" },
	},
	needs: { engine: dockerEngineProbe, storage: dockerStorageProbe },
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine, storage }, policy): Verdict<Reason> {
		if (engine.version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
		}
		const info = engine.info.kind === "ok" ? engine.info.value : undefined;
		const finding =
			(info && driverVfs(info, storage)) ??
			lowSpace(storage, policy) ??
			reclaimable(storage) ??
			leftoverVolumes(storage) ??
			networksLeftOver(storage) ??
			addressPool(storage);
		if (!finding) return conclusion(engine, storage);
		return isPodman(engine.version.value) ? inPodmansWords(finding) : finding;
	},
});

/** Podman has the same commands, and other files to configure it. */
function inPodmansWords(finding: Finding<Reason>): Finding<Reason> {
	if (finding.reason === "driver-vfs") {
		return {
			...finding,
			message: "Podman uses the storage driver `vfs`.",
			expected: "overlay",
			remedy: {
				text: "Name the driver, and start the store anew: images have to be pulled again. In a container, and for a plain user on an old kernel, overlay needs `fuse-overlayfs`.",
				config: { file: "/etc/containers/storage.conf", language: "toml", text: '[storage]\ndriver = "overlay"' },
				commands: ["podman system reset   # removes all containers, images and volumes"],
				kind: "host",
			},
		};
	}
	const { config: _, otherwise: __, ...remedy } = finding.remedy;
	const commands = (remedy.commands ?? [])
		.filter((command) => /^docker (?:image|volume|network)/.test(command))
		.map((command) => command.replace(/^docker/, "podman"));
	return { ...finding, remedy: { ...remedy, commands } };
}

/** Nothing was found: that is a pass as far as there were answers. */
function conclusion(engine: EngineFacts, storage: StorageFacts): Verdict<Reason> {
	const questions: readonly (readonly [string, EngineAnswer<unknown>])[] = [
		["how much could be reclaimed", storage.usage],
		["unused volumes", storage.danglingVolumes],
		["leftover networks", storage.leftoverNetworks],
		["used subnets", storage.defaultSubnets],
	];
	const evidence = evidenceOf(storage, engine);
	const broken = questions.filter(([, answer]) => !isExcused(answer));
	if (broken.length > 0) {
		const what = listed(broken.map(([name, answer]) => `${name} (${describeAnswer(answer, () => "")})`));
		return { kind: "undecided", message: `The Docker daemon failed to say: ${what}.`, evidence };
	}
	const unknown = questions.filter(([, answer]) => answer.kind !== "ok");
	if (unknown.length === questions.length) {
		const late = unknown.filter(([, answer]) => answer.kind === "timed-out");
		if (late.length === 0) {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "A proxy before the Docker daemon keeps its storage from this job.",
			};
		}
		return {
			kind: "undecided",
			message: `The Docker daemon answered no question about its storage within ${seconds(storage)}.`,
			evidence,
		};
	}
	const facts = [
		...(engine.info.kind === "ok" ? [engine.info.value.driver] : []),
		...(storage.root ? [`${formatBytes(storage.root.freeBytes)} free`] : []),
		...(storage.usage.kind === "ok" ? [`${formatBytes(sumOf(storage.usage.value))} reclaimable`] : []),
		...(unknown.length > 0
			? [`not found out within ${seconds(storage)}: ${listed(unknown.map(([name]) => name))}`]
			: []),
	];
	return { kind: "pass", message: facts.join(", "), evidence };
}

/** No time, or not allowed: both leave the runner as healthy as it is. Everything else is the daemon's failure. */
function isExcused(answer: EngineAnswer<unknown>): boolean {
	return (
		answer.kind === "ok" ||
		answer.kind === "timed-out" ||
		(answer.kind === "http-error" && [401, 403, 404, 405, 501].includes(answer.status))
	);
}

function seconds({ budgetMs }: StorageFacts): string {
	return `${budgetMs / 1000} s`;
}

function sumOf({ images, buildCache }: DiskUsage): number {
	return images.reclaimable + buildCache.reclaimable;
}

function evidenceOf(storage: StorageFacts, engine?: EngineFacts): Evidence[] {
	const { usage, danglingVolumes, leftoverNetworks, defaultSubnets, root } = storage;
	const count = (found: Leftovers): string =>
		`${formatCount(found.count)}${found.names.length > 0 ? `: ${found.names.join(", ")}` : ""}`;
	return [
		...(engine?.info.kind === "ok"
			? [
					{
						source: "GET /info",
						text: `Driver ${engine.info.value.driver}, DockerRootDir ${engine.info.value.dockerRootDir}`,
					},
				]
			: []),
		...(root ? [rootEvidence(root)] : []),
		{ source: "GET /system/df", text: describeAnswer(usage, describeUsage) },
		{ source: "GET /volumes, dangling", text: describeAnswer(danglingVolumes, count) },
		{ source: "GET /networks, of jobs, without a container", text: describeAnswer(leftoverNetworks, count) },
		{ source: "GET /networks, in the default subnets", text: describeAnswer(defaultSubnets, count) },
	];
}

function rootEvidence(root: NonNullable<StorageFacts["root"]>): Evidence {
	const source = root.how === "own-layer" ? "file system of this container's own layer" : `file system of ${root.path}`;
	return { source, text: `${formatBytes(root.freeBytes)} of ${formatBytes(root.totalBytes)} free` };
}

function describeUsage({ images, buildCache }: DiskUsage): string {
	return [
		`${formatCount(images.count)} images, ${formatBytes(images.bytes)}, ${formatCount(images.unused)} of them unused (${formatBytes(images.reclaimable)})`,
		`${formatCount(buildCache.count)} records of build cache, ${formatBytes(buildCache.bytes)}, ${formatBytes(buildCache.reclaimable)} not in use`,
	].join("; ");
}

function driverVfs(info: EngineInfo, storage: StorageFacts): Finding<Reason> | undefined {
	if (info.driver !== "vfs") return undefined;
	return {
		kind: "finding",
		reason: "driver-vfs",
		message: "Docker uses the storage driver `vfs`.",
		why: "It knows no layers: every image layer and every container is a whole copy. Builds are many times slower and fill the disk many times faster.",
		expected: "overlay2, or the containerd image store",
		observed: "vfs",
		evidence: [
			{ source: "GET /info", text: `Driver vfs, DockerRootDir ${info.dockerRootDir}` },
			...(storage.root ? [rootEvidence(storage.root)] : []),
		],
		remedy: {
			text: `Docker falls back to it where overlayfs does not work, above all where ${code(info.dockerRootDir)} itself lies on an overlay: in Docker-in-Docker, make that directory a volume. On a host, look into the daemon's log for the reason, and name the driver so that it fails loudly. Images have to be pulled again afterwards.`,
			commands: ["journalctl -u docker | grep -i -e overlay -e graphdriver", "sudo systemctl restart docker"],
			config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "storage-driver": "overlay2" }' },
			kind: "host",
			otherwise: {
				text: "Docker-in-Docker as a container of its own:",
				commands: ["docker run --privileged --volume dind-data:/var/lib/docker docker:dind"],
				kind: "host",
			},
		},
	};
}

function lowSpace(storage: StorageFacts, policy: Policy): Finding<Reason> | undefined {
	const { root } = storage;
	if (!root || root.freeBytes >= floorBytes) return undefined;
	// One cause, one failure: where the profile has a floor for this file system, `disk/free` judges it.
	const floors = policy.disk.filter(({ free }) => free !== undefined).map(({ path }) => path);
	if (floors.includes("docker-root") || (root.holdsWorkspace && floors.includes("workspace"))) return undefined;
	const where = root.how === "own-layer" ? "the disk that holds Docker's data" : code(root.path);
	return {
		kind: "finding",
		reason: "low-space",
		message: `${formatBytes(root.freeBytes)} are left on ${where}.`,
		why: "No image can be pulled and no build can finish: `no space left on device`, often in the middle of a job, and some containers lose data when they cannot write.",
		expected: `at least ${formatBytes(floorBytes)} free`,
		observed: `${formatBytes(root.freeBytes)} of ${formatBytes(root.totalBytes)}`,
		evidence: evidenceOf(storage),
		remedy: { ...prune(storage), ...(storage.usage.kind === "ok" ? { text: pruneText(storage.usage.value) } : {}) },
	};
}

function reclaimable(storage: StorageFacts): Finding<Reason> | undefined {
	const { usage, root } = storage;
	if (usage.kind !== "ok") return undefined;
	const { images, buildCache } = usage.value;
	const sum = sumOf(usage.value);
	const share = root ? sum / root.totalBytes : 0;
	if (sum <= reclaimableBytes && share <= reclaimableShare) return undefined;
	const ofDisk = root ? `, ${Math.round(share * 100)} % of the disk` : "";
	return {
		kind: "finding",
		reason: "reclaimable",
		message: `${formatBytes(sum)} of Docker's data are used by nothing${ofDisk}: ${formatCount(images.unused)} unused images (${formatBytes(images.reclaimable)}) and build cache (${formatBytes(buildCache.reclaimable)}).`,
		why: "They grow with every build until the disk is full, and then every job on this host fails at once.",
		expected: `at most ${formatBytes(reclaimableBytes)}, and at most half of the disk`,
		observed: formatBytes(sum),
		evidence: evidenceOf(storage),
		remedy: prune(storage),
	};
}

function pruneText(usage: DiskUsage): string {
	return `Free what nothing uses (${formatBytes(sumOf(usage))}), and let Docker keep its build cache within bounds. If that is not enough, the disk is too small for what runs here.`;
}

/** What is older than a week is not part of a build that runs right now. */
function prune(storage: StorageFacts): Remedy {
	return {
		text: "Remove what is older than a week and used by nothing, and let Docker keep its build cache within bounds by itself (after its next restart). Repeat the first two by a timer: images are never removed on their own.",
		commands: [
			"docker image prune --all --force --filter until=168h",
			"docker builder prune --all --force --filter until=168h",
			"docker buildx ls   # each further builder keeps a cache of its own: docker buildx rm NAME",
		],
		config: {
			file: "/etc/docker/daemon.json",
			language: "json",
			text: '{ "builder": { "gc": { "enabled": true, "defaultKeepStorage": "50GB" } } }',
		},
		kind: "host",
		...(storage.root?.how === "own-layer" && {
			otherwise: {
				text: "From a job of this runner, through its socket, a scheduled workflow can run the same commands.",
				kind: "workflow",
			} as const,
		}),
	};
}

function leftoverVolumes(storage: StorageFacts): Finding<Reason> | undefined {
	const { danglingVolumes } = storage;
	if (danglingVolumes.kind !== "ok" || danglingVolumes.value.count <= manyVolumes) return undefined;
	const { count, names } = danglingVolumes.value;
	return {
		kind: "finding",
		reason: "leftover-volumes",
		message: `${formatCount(count)} volumes belong to no container.`,
		why: "Jobs and `docker run` without `--rm --volumes` leave them behind. They take disk space that no image prune gives back, and slow down everything that lists volumes.",
		expected: `at most ${manyVolumes}`,
		observed: `${formatCount(count)}, such as ${names.join(", ")}`,
		evidence: evidenceOf(storage),
		remedy: {
			text: "Look through them first: a volume that no container uses right now may still hold a database. The second command removes those without a name only, which nothing will ever ask for again.",
			commands: ["docker volume ls --filter dangling=true", "docker volume prune --force"],
			kind: "host",
		},
	};
}

function networksLeftOver(storage: StorageFacts): Finding<Reason> | undefined {
	const { leftoverNetworks } = storage;
	if (leftoverNetworks.kind !== "ok" || leftoverNetworks.value.count <= manyNetworks) return undefined;
	const { count, names } = leftoverNetworks.value;
	return {
		kind: "finding",
		reason: "leftover-networks",
		message: `${formatCount(count)} networks of jobs have no container any more.`,
		why: "A runner that was killed does not tidy up. Each network keeps a subnet, and when Docker has none left, every job fails in its set-up (`no address pool left for this job's network`).",
		expected: `at most ${manyNetworks}`,
		observed: `${formatCount(count)}, such as ${names.join(", ")}`,
		evidence: evidenceOf(storage),
		remedy: {
			text: "Remove them; those in use stay. So that they do not come back, give the runner time to finish when it is stopped (`shutdown_timeout` in its `config.yaml`, and a longer `TimeoutStopSec` in its unit).",
			commands: ["docker network prune --force --filter until=24h"],
			kind: "host",
		},
	};
}

function addressPool(storage: StorageFacts): Finding<Reason> | undefined {
	const { defaultSubnets } = storage;
	if (defaultSubnets.kind !== "ok" || defaultSubnets.value.count < manySubnets) return undefined;
	const { count, names } = defaultSubnets.value;
	return {
		kind: "finding",
		reason: "address-pool",
		message: `${count} of the ${subnets} subnets that Docker has for networks are taken.`,
		why: "The runner makes a network for every job, and Compose one for every project. When none is left, jobs wait (`Waiting for a free docker address pool`) and then fail in their set-up.",
		expected: `fewer than ${manySubnets}`,
		observed: `${count}, such as ${names.join(", ")}`,
		evidence: evidenceOf(storage),
		remedy: {
			text: "Give Docker more and smaller subnets: these are 256 of 254 addresses each. Choose a range that your network does not use; networks that exist keep theirs.",
			config: {
				file: "/etc/docker/daemon.json",
				language: "json",
				text: '{ "default-address-pools": [{ "base": "10.201.0.0/16", "size": 24 }] }',
			},
			commands: ["docker network ls", "sudo systemctl restart docker"],
			kind: "host",
		},
	};
}
