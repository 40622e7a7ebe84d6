import { describe, expect, test } from "vitest";
import { dockerStorage } from "../../../src/checks/docker/storage.ts";
import type { EngineAnswer } from "../../../src/probes/docker-engine.ts";
import type { DiskUsage, Leftovers, StorageFacts, StorageRoot } from "../../../src/probes/docker-storage.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createEngine, createInfo, createVersion, fixOf } from "./facts.ts";

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
const judgeStorage = (storage: Partial<StorageFacts> = {}, policy = createPolicy(), engine = createEngine()) =>
	judge(dockerStorage, { storage: createStorage(storage), engine }, policy);
const withDriver = (driver: string) => createEngine({ info: ok(createInfo({ driver })) });

describe("in order", () => {
	test("says what there is", () => {
		expect(judgeStorage()).toMatchObject({ kind: "pass", message: "overlay2, 200 GiB free, 5 GiB reclaimable" });
	});

	test.each([
		["a disk that cannot be seen", { root: undefined }],
		["the containerd image store", {}, withDriver("overlayfs")],
		[
			"as much as is allowed",
			{ usage: usage(100 * GiB), danglingVolumes: some(50), leftoverNetworks: some(10), defaultSubnets: some(24) },
		],
		["half of a small disk", { usage: usage(10 * GiB), root: root({ totalBytes: 20 * GiB, freeBytes: 5 * GiB }) }],
	])("%s", (_, storage, engine = createEngine()) => {
		const { root: there, ...rest } = createStorage(storage as Partial<StorageFacts>);
		expect(judge(dockerStorage, { storage: { ...rest, ...(there && { root: there }) }, engine }).kind).toBe("pass");
	});
});

describe("findings", () => {
	test("driver-vfs", () => {
		const verdict = judgeStorage({}, createPolicy(), withDriver("vfs"));
		expect(verdict).toMatchObject({ kind: "finding", reason: "driver-vfs", observed: "vfs" });
		expect(fixOf(verdict)).toContain('"storage-driver": "overlay2"');
	});

	test("low-space, with what can be freed", () => {
		const verdict = judgeStorage({ root: root({ freeBytes: GiB }) });
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "low-space",
			message: "1 GiB are left on `/var/lib/docker`.",
			observed: "1 GiB of 500 GiB",
		});
		expect(fixOf(verdict)).toContain("Free what nothing uses (5 GiB)");
	});

	test("low-space, seen from inside a container", () => {
		const verdict = judgeStorage({ root: root({ path: "/", how: "own-layer", freeBytes: 12 * 2 ** 20 }) });
		expect(verdict).toMatchObject({
			reason: "low-space",
			message: "12 MiB are left on the disk that holds Docker's data.",
		});
	});

	test.each([
		["its directory has a floor", [{ path: "docker-root", free: 40 * GiB }], false],
		["the workspace on it has a floor", [{ path: "workspace", free: 40 * GiB }], true],
	])("one cause, one failure: disk/free judges the disk where %s", (_, disk, holdsWorkspace) => {
		const storage = { root: root({ freeBytes: GiB, holdsWorkspace }) };
		expect(judgeStorage(storage, createPolicy({ disk })).kind).toBe("pass");
		// What can be freed is then still worth a word: it is the way out.
		expect(judgeStorage({ ...storage, usage: usage(300 * GiB) }, createPolicy({ disk }))).toMatchObject({
			reason: "reclaimable",
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

	test("reclaimable: the team's own host of February 2026", () => {
		// 850 unused images of 828 GB, 12,672 records of build cache of 1.58 TB.
		const verdict = judgeStorage({ usage: usage(828e9, 1.58e12), root: root({ totalBytes: 4e12, freeBytes: 1e12 }) });
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "reclaimable",
			message:
				"2.1 TiB of Docker's data are used by nothing, 60 % of the disk: 840 unused images (771 GiB) and build cache (1.4 TiB).",
		});
		expect(fixOf(verdict)).toContain("docker builder prune --all --force --filter until=168h");
	});

	test.each([
		["by size", usage(101 * GiB), root({ totalBytes: 1000 * GiB })],
		["by share", usage(11 * GiB), root({ totalBytes: 20 * GiB, freeBytes: 5 * GiB })],
		["of a disk that cannot be seen", usage(60 * GiB, 41 * GiB), undefined],
	])("reclaimable %s", (_, sum, disk) => {
		const { root: __, ...rest } = createStorage({ usage: sum });
		const storage = { ...rest, ...(disk && { root: disk }) };
		expect(judge(dockerStorage, { storage, engine: createEngine() })).toMatchObject({ reason: "reclaimable" });
	});

	test("leftover-volumes", () => {
		const verdict = judgeStorage({ danglingVolumes: some(51, "GITEA-ACTIONS-TASK-") });
		expect(verdict).toMatchObject({ reason: "leftover-volumes", message: "51 volumes belong to no container." });
		expect(fixOf(verdict)).toContain("docker volume ls --filter dangling=true");
		// Named volumes may hold somebody's database: no command here removes them.
		expect(fixOf(verdict)).not.toContain("prune --all");
	});

	test("leftover-networks", () => {
		expect(judgeStorage({ leftoverNetworks: some(11), defaultSubnets: some(30) })).toMatchObject({
			reason: "leftover-networks",
			remedy: { commands: ["docker network prune --force --filter until=24h"] },
		});
	});

	test("address-pool", () => {
		const verdict = judgeStorage({ defaultSubnets: some(25) });
		expect(verdict).toMatchObject({
			reason: "address-pool",
			message: "25 of the 31 subnets that Docker has for networks are taken.",
		});
		expect(fixOf(verdict)).toContain("default-address-pools");
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

describe("Podman", () => {
	const podman = (driver: string) =>
		createEngine({
			version: ok(createVersion({ server: "Libpod/4.3.1 (linux)" })),
			info: ok(createInfo({ driver })),
		});

	test("has a driver of the same name and another file for it", () => {
		const verdict = judgeStorage({}, createPolicy(), podman("vfs"));
		expect(verdict).toMatchObject({ reason: "driver-vfs", message: "Podman uses the storage driver `vfs`." });
		expect(fixOf(verdict)).toContain("storage.conf");
		expect(fixOf(verdict)).not.toContain("daemon.json");
	});

	test("has the same commands", () => {
		const verdict = judgeStorage({ usage: usage(300 * GiB) }, createPolicy(), podman("overlay"));
		expect(verdict).toMatchObject({ remedy: { commands: ["podman image prune --all --force --filter until=168h"] } });
		expect(fixOf(verdict)).not.toContain("daemon.json");
	});
});

describe("what was not answered", () => {
	const late = { kind: "timed-out" } as const;
	const forbidden = { kind: "http-error", status: 403, body: "Forbidden" } as const;

	test("sizes that take too long leave a healthy runner healthy, and the message says so", () => {
		expect(judgeStorage({ usage: late })).toMatchObject({
			kind: "pass",
			message: "overlay2, 200 GiB free, not found out within 1 s: how much could be reclaimed",
			evidence: expect.arrayContaining([{ source: "GET /system/df", text: "no answer within the deadline" }]),
		});
	});

	test("the rest is judged all the same", () => {
		expect(judgeStorage({ usage: late, danglingVolumes: some(99) })).toMatchObject({ reason: "leftover-volumes" });
	});

	test("what a proxy keeps from us is left out", () => {
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

	test("not one answer in time: not decided", () => {
		const all = { usage: late, danglingVolumes: late, leftoverNetworks: late, defaultSubnets: late };
		expect(judgeStorage(all)).toMatchObject({ kind: "undecided", message: expect.stringContaining("within 1 s") });
	});

	test.each([
		{ kind: "http-error", status: 500, body: "layer store is corrupt" },
		{ kind: "failed", code: "ECONNRESET", message: "socket hang up" },
		{ kind: "not-docker", body: "{}" },
	] as const)("a daemon that fails to say: not decided ($kind)", (usageAnswer) => {
		expect(judgeStorage({ usage: usageAnswer })).toMatchObject({
			kind: "undecided",
			message: expect.stringContaining("how much could be reclaimed"),
		});
		expect(judgeStorage({ usage: usageAnswer, defaultSubnets: some(31) })).toMatchObject({ reason: "address-pool" });
	});

	test("no daemon", () => {
		const engine = createEngine({ version: { kind: "failed", code: "ENOENT", message: "" } });
		expect(judgeStorage({}, createPolicy(), engine)).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});
