import { describe, expect, test } from "vitest";
import { dockerStorage } from "../../../src/checks/docker/storage.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { DiskPlace, DisksFacts } from "../../../src/probes/disks.ts";
import type { EngineAnswer, EngineFacts } from "../../../src/probes/docker-engine.ts";
import type { DiskUsage, Leftovers, StorageFacts, StorageRoot } from "../../../src/probes/docker-storage.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createEngine, createInfo, createVersion, findingOf, fixOf } from "./facts.ts";

const GiB = 2 ** 30;
const ok = <T>(value: T): EngineAnswer<T> => ({ kind: "ok", value });
const some = (count: number, name = "x"): EngineAnswer<Leftovers> =>
	ok({ count, names: Array.from({ length: Math.min(count, 5) }, (_, index) => `${name}${index}`) });
const usage = (images: number, cache = 0): EngineAnswer<DiskUsage> =>
	ok({
		images: { count: 850, unused: 840, bytes: images + GiB, reclaimable: images },
		buildCache: { count: 12_672, bytes: cache, reclaimable: cache },
	});
const root = (overrides: Partial<StorageRoot> = {}): StorageRoot => ({
	path: "/var/lib/docker",
	how: "directory",
	freeBytes: 200 * GiB,
	totalBytes: 500 * GiB,
	holdsWorkspace: false,
	...overrides,
});
const createStorage = (overrides: Partial<StorageFacts> = {}): StorageFacts => ({
	usage: usage(5 * GiB),
	danglingVolumes: some(2),
	leftoverNetworks: some(0),
	defaultSubnets: some(3),
	budgetMs: 1000,
	root: root(),
	...overrides,
});
const measured: DiskPlace = { kind: "measured", path: "/x", freeBytes: 1, totalBytes: 2, source: "statfs" };
const hidden: DiskPlace = { kind: "not-visible", why: "in a container" };
const disks: DisksFacts = { places: { workspace: measured, "docker-root": measured } };
const judgeStorage = (storage: Partial<StorageFacts> = {}, policy = createPolicy(), engine = createEngine()) =>
	judge(dockerStorage, { storage: createStorage(storage), engine, disks }, policy);
const podman = (driver: string) =>
	createEngine({
		version: ok(createVersion({ server: "Libpod/4.3.1 (linux)" })),
		info: ok(createInfo({ driver })),
	});
const withDriver = (driver: string) => createEngine({ info: ok(createInfo({ driver })) });

describe("passes", () => {
	test.each([
		["a disk that cannot be seen", { root: undefined }],
		["the containerd image store", {}, withDriver("overlayfs")],
		[
			"exactly the limits",
			{ usage: usage(100 * GiB), danglingVolumes: some(50), leftoverNetworks: some(10), defaultSubnets: some(24) },
		],
		["half of a small disk", { usage: usage(10 * GiB), root: root({ totalBytes: 20 * GiB, freeBytes: 5 * GiB }) }],
	])("%s", (_, storage, engine = createEngine()) => {
		const { root: there, ...rest } = createStorage(storage as Partial<StorageFacts>);
		expect(judge(dockerStorage, { storage: { ...rest, ...(there && { root: there }) }, engine, disks }).kind).toBe(
			"pass",
		);
	});
});

describe("findings", () => {
	describe("a floor of docker-root that disk/free cannot see is judged here", () => {
		const judged = (freeBytes: number, disk: Policy["disk"], holdsWorkspace = false): string => {
			const facts = {
				storage: createStorage({ root: root({ how: "own-layer", path: "/", freeBytes, holdsWorkspace }) }),
				engine: createEngine(),
				disks: { places: { ...disks.places, "docker-root": hidden } },
			};
			const verdict = judge(dockerStorage, facts, createPolicy({ disk }));
			return verdict.kind === "finding" ? `${verdict.reason}: ${verdict.expected}` : verdict.kind;
		};
		const ofRoot = { path: "docker-root", free: 40 * GiB };
		const ofWorkspace = { path: "workspace", free: 40 * GiB };

		test("by the policy's number, and by that of the engine if there is none", () => {
			expect(judged(10 * GiB, [ofWorkspace, ofRoot])).toBe("low-space: at least 40 GiB free");
			expect(judged(50 * GiB, [ofWorkspace, ofRoot])).toBe("pass");
			expect(judged(10 * GiB, [ofWorkspace])).toBe("pass");
			expect(judged(GiB, [ofWorkspace])).toBe("low-space: at least 2 GiB free");
		});

		test("unless the workspace on the same disk has a floor that covers it", () => {
			expect(judged(10 * GiB, [ofWorkspace, ofRoot], true)).toBe("pass");
			expect(judged(50 * GiB, [ofWorkspace, { ...ofRoot, free: 100 * GiB }], true)).toBe(
				"low-space: at least 100 GiB free",
			);
			expect(judged(10 * GiB, [ofWorkspace, { ...ofRoot, free: 100 * GiB }], true)).toBe("pass");
		});
	});

	test.each([
		["its directory has a floor", [{ path: "docker-root", free: 40 * GiB }], false],
		["the workspace on it has a floor", [{ path: "workspace", free: 40 * GiB }], true],
	])("disk/free judges the disk if %s", (_, disk, holdsWorkspace) => {
		const storage = { root: root({ freeBytes: GiB, holdsWorkspace }) };
		expect(judgeStorage(storage, createPolicy({ disk })).kind).toBe("pass");
		// What can be freed is still reported: it is the fix.
		expect(judgeStorage({ ...storage, usage: usage(300 * GiB) }, createPolicy({ disk }))).toMatchObject({
			reason: "reclaimable",
		});
	});

	test("disk/free does not see the disk of containerd, which is judged here by the floor of docker-root", () => {
		const policy = createPolicy({ disk: [{ path: "docker-root", free: 40 * GiB }] });
		const ofContainerd = root({ path: "/var/lib/containerd", freeBytes: GiB, ofContainerd: true });
		expect(judgeStorage({ root: ofContainerd }, policy)).toMatchObject({
			reason: "low-space",
			expected: "at least 40 GiB free",
			message: expect.stringContaining("whatever `data-root` says"),
		});
	});

	test("a floor for another disk does not cover it", () => {
		const policy = createPolicy({
			disk: [
				{ path: "workspace", free: 40 * GiB },
				{ path: "docker-root", inodes: 1000 },
			],
		});
		expect(judgeStorage({ root: root({ freeBytes: GiB }) }, policy)).toMatchObject({ reason: "low-space" });
	});

	test.each([
		["by size", usage(101 * GiB), root({ totalBytes: 1000 * GiB })],
		["by share", usage(11 * GiB), root({ totalBytes: 20 * GiB, freeBytes: 5 * GiB })],
		["of a disk that cannot be seen", usage(60 * GiB, 41 * GiB), undefined],
	])("reclaimable %s", (_, sum, disk) => {
		const { root: __, ...rest } = createStorage({ usage: sum });
		const storage = { ...rest, ...(disk && { root: disk }) };
		expect(judge(dockerStorage, { storage, engine: createEngine(), disks })).toMatchObject({ reason: "reclaimable" });
	});

	test.each<[string, Partial<StorageFacts>]>([
		["leftover-volumes", { danglingVolumes: some(51) }],
		["leftover-networks", { leftoverNetworks: some(11), defaultSubnets: some(30) }],
		["address-pool", { defaultSubnets: some(25) }],
	])("%s from the first one above the limit", (reason, storage) => {
		expect(judgeStorage(storage)).toMatchObject({ kind: "finding", reason });
	});

	test.each<[string, Partial<StorageFacts>, EngineFacts]>([
		["named volumes", { danglingVolumes: some(51) }, createEngine()],
		["named volumes of Podman", { danglingVolumes: some(51) }, podman("overlay")],
		["networks of stopped containers", { leftoverNetworks: some(11) }, createEngine()],
		["the whole store", {}, podman("vfs")],
	])("never remove %s", (_, storage, engine) => {
		const { commands = [] } = findingOf(judgeStorage(storage, createPolicy(), engine)).remedy;
		expect(commands.join("\n")).not.toMatch(/(?:volume|network|system) (?:prune|reset)/);
	});

	test("networks are removed by name, label or both", () => {
		const commandsFor = (...names: string[]) =>
			findingOf(judgeStorage({ leftoverNetworks: ok({ count: 11, names }) })).remedy.commands?.map(
				(command) => /--filter (\S+)/.exec(command)?.[1],
			);
		expect(commandsFor("GITEA-ACTIONS-TASK-1")).toEqual(["name=-ACTIONS-TASK-"]);
		expect(commandsFor("e2e_default")).toEqual(["label=com.gitea.runner.job"]);
		expect(commandsFor("GITEA-ACTIONS-TASK-1", "e2e_default")).toHaveLength(2);
	});

	test("all but low-space are warnings", () => {
		const levels = Object.entries(dockerStorage.reasons).map(([reason, { level }]) => `${reason} ${level}`);
		expect(levels).toEqual([
			"driver-vfs warn",
			"low-space fail",
			"reclaimable warn",
			"leftover-volumes warn",
			"leftover-networks warn",
			"address-pool warn",
		]);
	});
});

test("Podman gets no command or file of Docker's", () => {
	for (const storage of [{ usage: usage(300 * GiB) }, { danglingVolumes: some(51) }, { defaultSubnets: some(25) }]) {
		expect(fixOf(judgeStorage(storage, createPolicy(), podman("overlay")))).not.toMatch(/docker |daemon\.json/);
	}
});

describe("what was not answered", () => {
	const late = { kind: "timed-out" } as const;
	const forbidden = { kind: "http-error", status: 403, body: "Forbidden" } as const;

	test("the rest is judged", () => {
		expect(judgeStorage({ usage: late, danglingVolumes: some(99) })).toMatchObject({ reason: "leftover-volumes" });
	});

	test("what a proxy denies is left out", () => {
		expect(
			judgeStorage({ danglingVolumes: forbidden, leftoverNetworks: forbidden, defaultSubnets: forbidden }).kind,
		).toBe("pass");
		const all = {
			usage: forbidden,
			danglingVolumes: forbidden,
			leftoverNetworks: forbidden,
			defaultSubnets: forbidden,
		};
		expect(judgeStorage(all)).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	test("no answer in time is not decided", () => {
		const all = { usage: late, danglingVolumes: late, leftoverNetworks: late, defaultSubnets: late };
		expect(judgeStorage(all)).toMatchObject({ kind: "undecided", message: expect.stringContaining("within 1 s") });
	});

	test.each([
		{ kind: "http-error", status: 500, body: "layer store is corrupt" },
		{ kind: "failed", code: "ECONNRESET", message: "socket hang up" },
		{ kind: "not-docker", body: "{}" },
	] as const)("a daemon that fails is not decided ($kind)", (usageAnswer) => {
		expect(judgeStorage({ usage: usageAnswer })).toMatchObject({
			kind: "undecided",
			message: expect.stringContaining("how much could be reclaimed"),
		});
		expect(judgeStorage({ usage: usageAnswer, defaultSubnets: some(31) })).toMatchObject({ reason: "address-pool" });
	});

	test.each([
		["10.201.128.0/20", "10.202.0.0/16"],
		["10.201.0.0/16", "10.202.0.0/16"],
		["10.0.0.0/8", "172.31.0.0/16"],
		["192.168.0.0/16", "10.201.0.0/16"],
	])("a new pool does not overlap %s", (base, other) => {
		const ownSubnets = { count: 1, pools: [{ base, size: 24 }] };
		const { remedy } = findingOf(judgeStorage({ defaultSubnets: some(1), ownSubnets }));
		expect(remedy.config?.text).toContain(`{ "base": "${other}", "size": 24 }`);
	});

	test("no daemon", () => {
		const engine = createEngine({ version: { kind: "failed", code: "ENOENT", message: "" } });
		expect(judgeStorage({}, createPolicy(), engine)).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});
