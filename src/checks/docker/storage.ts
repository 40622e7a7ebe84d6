import { own } from "../../own.ts";
import type { Policy } from "../../policy/policy.ts";
import { type DisksFacts, disksProbe } from "../../probes/disks.ts";
import { dockerEngineProbe, type EngineAnswer, type EngineFacts, isPodman } from "../../probes/docker-engine.ts";
import { type DiskUsage, dockerStorageProbe, type Leftovers, type StorageFacts } from "../../probes/docker-storage.ts";
import { type SpaceUsersFacts, spaceUsersProbe } from "../../probes/space-users.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { defineCheck, type Evidence, type Finding, type Proof, type Verdict } from "../check.ts";
import { fillersEvidence, fillersOfEngine } from "../resources/space-users.ts";
import { listed } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { describeAnswer } from "./describe-engine.ts";
import { fitToEngine } from "./engine-service.ts";
import { wantsDocker } from "./situation.ts";
import {
	type EngineName,
	floorBytes,
	intro,
	manyNetworks,
	manySubnets,
	manyVolumes,
	reclaimableBytes,
	reclaimableOf,
	reclaimableShare,
	subnets,
	unknowns,
	words,
} from "./storage-words.ts";

type Reason = keyof typeof words;

/**
 * The engine's own bookkeeping. Each question has little time, since on a full host some take minutes. What was not answered by
 * then, or is denied by a proxy, is not judged, and the message says so. The check is undecided only if nothing was answered.
 */
export const dockerStorage = defineCheck({
	id: "docker/storage",
	title: "Docker's storage is fast, has space, and has few leftovers",
	intro,
	reasons: words,
	needs: { engine: dockerEngineProbe, storage: dockerStorageProbe, disks: disksProbe },
	details: { of: ["low-space", "reclaimable"], needs: { users: spaceUsersProbe } },
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine, storage, disks, users }, policy): Verdict<Reason> {
		if (engine.version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers." };
		}
		const name = isPodman(engine.version.value) ? "podman" : "docker";
		const floor = floorOf(storage, disks, policy);
		const judgesInodes = !areInodesJudged(storage, disks, policy);
		const problem = problemOf(engine, storage, floor, judgesInodes, name, users);
		return fitToEngine(problem ?? conclusion(engine, storage), engine);
	},
});

/** The first problem, the most urgent first. */
function problemOf(
	{ info }: EngineFacts,
	storage: StorageFacts,
	floor: number | undefined,
	judgesInodes: boolean,
	engine: EngineName,
	users: SpaceUsersFacts | undefined,
): Finding<Reason> | undefined {
	const { root, danglingVolumes, leftoverNetworks, defaultSubnets } = storage;
	const fillers = fillersOfEngine(users);
	const evidence = [...evidenceOf(storage), ...fillersEvidence(fillers, users)];
	const usage = answered(storage.usage);
	if (root && floor !== undefined && root.freeBytes < floor) {
		const observed = `${formatBytes(root.freeBytes)} of ${formatBytes(root.totalBytes)}`;
		return finding(words, "low-space", { engine, root, usage, floor, fillers }, { observed, evidence });
	}
	if (root?.freeInodes !== undefined && judgesInodes) {
		const observed = `${formatCount(root.freeInodes)} free inodes`;
		const seen = { engine, root, usage, floor: undefined, fillers: undefined };
		return finding(words, "low-space", seen, { observed, evidence });
	}
	if (info.kind === "ok" && info.value.driver === "vfs") {
		const { dockerRootDir: rootDir } = info.value;
		const driver = { source: "GET /info", text: `Driver vfs, DockerRootDir ${rootDir}` };
		return finding(
			words,
			"driver-vfs",
			{ engine, rootDir },
			{ observed: "vfs", evidence: [driver, ...rootEvidence(root)] },
		);
	}
	if (usage) {
		const sum = reclaimableOf(usage);
		if (sum > reclaimableBytes || (root && sum / root.totalBytes > reclaimableShare)) {
			return finding(words, "reclaimable", { engine, usage, root, fillers }, { observed: formatBytes(sum), evidence });
		}
	}
	const volumes = answered(danglingVolumes);
	if (volumes && volumes.count > manyVolumes) {
		return finding(words, "leftover-volumes", { engine, found: volumes }, { observed: countOf(volumes), evidence });
	}
	const networks = answered(leftoverNetworks);
	if (networks && networks.count > manyNetworks) {
		return finding(words, "leftover-networks", { engine, found: networks }, { observed: countOf(networks), evidence });
	}
	const taken = answered(defaultSubnets);
	const { count: all, pools } = storage.ownSubnets ?? { count: subnets, pools: [] };
	if (taken && taken.count >= manySubnets(all)) {
		const seen = { engine, found: taken, all, pools };
		return finding(words, "address-pool", seen, { observed: countOf(taken), evidence });
	}
	return undefined;
}

/**
 * What has to be free, or `undefined` if `disk/free` judges that: one cause, one failure. It does if the profile has a floor for
 * this file system, and `disk/free` can see it. A floor of the profile that it cannot see is judged here.
 */
function floorOf({ root }: StorageFacts, disks: DisksFacts, policy: Policy): number | undefined {
	const floors = policy.disk.filter(({ free }) => free !== undefined);
	const isSeen = (name: string): boolean => own(disks.places, name)?.kind === "measured";
	const floorFor = (name: string): number => floors.find(({ path }) => path === name)?.free ?? 0;
	const ofRoot = floorFor("docker-root");
	if (ofRoot > 0 && isSeen("docker-root") && !root?.ofContainerd) return undefined;
	const ofWorkspace = root?.holdsWorkspace && isSeen("workspace") ? floorFor("workspace") : 0;
	if (ofWorkspace > 0 && (ofRoot <= ofWorkspace || (root?.freeBytes ?? 0) < ofWorkspace)) return undefined;
	return Math.max(ofRoot, floorBytes);
}

/** Does `disk/inodes` judge this file system? */
function areInodesJudged({ root }: StorageFacts, disks: DisksFacts, policy: Policy): boolean {
	if (root?.ofContainerd && !root.holdsWorkspace) return false;
	return policy.disk.some(
		({ path, inodes }) =>
			inodes !== undefined &&
			own(disks.places, path)?.kind === "measured" &&
			(path === "docker-root" || (path === "workspace" && root?.holdsWorkspace === true)),
	);
}

/** No problem was found: that is a pass as far as there were answers. */
function conclusion(engine: EngineFacts, storage: StorageFacts): Verdict<Reason> {
	const { root, usage, budgetMs } = storage;
	const questions: readonly (readonly [string, EngineAnswer<unknown>])[] = [
		["how much could be reclaimed", usage],
		["unused volumes", storage.danglingVolumes],
		["leftover networks", storage.leftoverNetworks],
		["used subnets", storage.defaultSubnets],
	];
	const seconds = `${budgetMs / 1000} s`;
	const evidence = evidenceOf(storage, engine);
	const failed = questions.filter(([, answer]) => !isExcused(answer));
	if (failed.length > 0) {
		const what = listed(failed.map(([name, answer]) => `${name} (${describeAnswer(answer, () => "")})`));
		const observed = failed.map(([, answer]) => describeAnswer(answer, () => "")).join(", ");
		return undecided(unknowns, "failed", { what }, { observed, evidence });
	}
	const unknown = questions.filter(([, answer]) => answer.kind !== "ok");
	if (unknown.length === questions.length) {
		if (unknown.every(([, answer]) => answer.kind !== "timed-out")) {
			const message = "A proxy in front of the Docker daemon denies questions about its storage.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		return undecided(unknowns, "silent", { seconds }, { observed: `no answer within ${seconds}`, evidence });
	}
	const known = [
		...(engine.info.kind === "ok" ? [engine.info.value.driver] : []),
		...(root ? [`${formatBytes(root.freeBytes)} free`] : []),
		...(usage.kind === "ok" ? [`${formatBytes(reclaimableOf(usage.value))} reclaimable`] : []),
		...(unknown.length > 0 ? [`not found out within ${seconds}: ${listed(unknown.map(([name]) => name))}`] : []),
	];
	return { kind: "pass", message: known.join(", "), evidence };
}

/** Too slow, or denied: neither makes the runner less healthy. Everything else is a failure of the daemon. */
function isExcused(answer: EngineAnswer<unknown>): boolean {
	return (
		answer.kind === "ok" ||
		answer.kind === "timed-out" ||
		(answer.kind === "http-error" && [401, 403, 404, 405, 501].includes(answer.status))
	);
}

function answered<T>(answer: EngineAnswer<T>): T | undefined {
	return answer.kind === "ok" ? answer.value : undefined;
}

/** `73, such as 4f1d…, build-cache` */
function countOf({ count, names }: Leftovers): string {
	return `${formatCount(count)}, such as ${names.join(", ")}`;
}

function evidenceOf(storage: StorageFacts, engine?: EngineFacts): Proof {
	const { usage, danglingVolumes, leftoverNetworks, defaultSubnets, root } = storage;
	const info = engine && answered(engine.info);
	const count = (found: Leftovers): string =>
		`${formatCount(found.count)}${found.names.length > 0 ? `: ${found.names.join(", ")}` : ""}`;
	const [first, ...rest]: readonly [...Evidence[], Evidence] = [
		...(info ? [{ source: "GET /info", text: `Driver ${info.driver}, DockerRootDir ${info.dockerRootDir}` }] : []),
		...rootEvidence(root),
		{ source: "GET /system/df", text: describeAnswer(usage, describeUsage) },
		{ source: "GET /volumes, dangling", text: describeAnswer(danglingVolumes, count) },
		{ source: "GET /networks, of jobs, without a container", text: describeAnswer(leftoverNetworks, count) },
		{
			source: storage.ownSubnets
				? `GET /networks, in its pools of ${formatCount(storage.ownSubnets.count)}`
				: "GET /networks, in the default subnets",
			text: describeAnswer(defaultSubnets, count),
		},
	];
	return [first, ...rest];
}

function rootEvidence(root: StorageFacts["root"]): readonly Evidence[] {
	if (!root) return [];
	const source = root.how === "own-layer" ? "file system of this container's own layer" : `file system of ${root.path}`;
	const inodes = root.freeInodes === undefined ? "" : `, ${formatCount(root.freeInodes)} free inodes`;
	return [{ source, text: `${formatBytes(root.freeBytes)} of ${formatBytes(root.totalBytes)} free${inodes}` }];
}

function describeUsage({ images, buildCache }: DiskUsage): string {
	return [
		`${formatCount(images.count)} images, ${formatBytes(images.bytes)}, ${formatCount(images.unused)} of them unused (${formatBytes(images.reclaimable)})`,
		`${formatCount(buildCache.count)} records of build cache, ${formatBytes(buildCache.bytes)}, ${formatBytes(buildCache.reclaimable)} unused`,
	].join("; ");
}
