import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { MountAnswer } from "../../src/host/ask-mount.ts";
import { atOnce, pooled } from "../../src/host/file-calls.ts";
import { callsReturn, type GuardOptions, MountGuard } from "../../src/host/mount-guard.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "guard-")));
afterAll(() => rmSync(root, { recursive: true }));
const dead = join(root, "dead server");
const alive = join(root, "alive");
for (const directory of [dead, alive, join(alive, "inside"), join(root, "local")]) mkdirSync(directory);
symlinkSync(dead, join(root, "link"));
symlinkSync("../dead server", join(root, "local/relative"));
symlinkSync("loop", join(root, "loop"));
symlinkSync(join(root, "local"), join(alive, "out"));
writeFileSync(join(root, "local/file"), "text");

const line = (target: string, type: string, source: string, device: string) =>
	`36 25 ${device} / ${target.replace(/ /g, "\\040")} rw,relatime shared:1 - ${type} ${source} rw`;
const mountinfo = [
	line("/", "ext4", "/dev/sda1", "8:1"),
	line(dead, "nfs4", "nas.example:/export", "0:50"),
	line(alive, "fuse.sshfs", "ci@tools.example:/srv", "0:51"),
].join("\n");

/** A guard whose mounts answer, except for the dead one; `asked` are those that were asked. */
function createGuard(options: Partial<GuardOptions> = {}): { guard: MountGuard; asked: string[] } {
	const asked: string[] = [];
	const ask = async (target: string): Promise<MountAnswer> => {
		asked.push(target);
		return target === dead ? { state: "not-answering", ms: 50 } : { state: "answers", ms: 1 };
	};
	return { guard: new MountGuard({ mountinfo, loaded: [], cwd: () => root, ask, patienceMs: 50, ...options }), asked };
}

const call = async (): Promise<string> => "called";
const message = `the mount ${dead} (nfs4, nas.example:/export) did not answer within 0.1 s`;

describe("a path on a dead mount", () => {
	test.each([
		["the mount point", dead],
		["a file on it", join(dead, "a/b")],
		["through a link", join(root, "link/a")],
		["through a relative link", join(root, "local/relative")],
		["through dots", `${root}/local/./../dead server/a`],
		["through another mount and back", `${alive}/inside/../../dead server`],
		["relative", "dead server/a"],
		["with too many slashes", `${root}//dead server///a/`],
	])("%s is refused, and no call is made", async (_, path) => {
		const { guard } = createGuard();
		await expect(guard.through(path, () => Promise.reject(new Error("a call was made")))).rejects.toThrow(message);
		await expect(guard.reach(path)).rejects.toThrow(message);
	});

	test("the mount is asked once, however many paths lead to it at a time", async () => {
		const { guard, asked } = createGuard();
		await Promise.allSettled(["a", "b", "c"].map((name) => guard.reach(join(dead, name))));
		await expect(guard.reach(join(root, "link"))).rejects.toThrow(message);
		expect(asked).toEqual([dead]);
		const wanted = ["a", "b", "c"].map((name) => join(dead, name));
		expect(guard.asked).toEqual([
			{
				target: dead,
				fsType: "nfs4",
				source: "nas.example:/export",
				state: "not-answering",
				ms: 50,
				wanted: [...wanted, join(root, "link")],
			},
		]);
	});

	test("a link to it can be looked at", async () => {
		const { guard, asked } = createGuard();
		expect(await guard.through(join(root, "link"), call, false)).toBe("called");
		expect(asked).toEqual([]);
	});
});

describe("other paths", () => {
	test.each([
		["local", join(root, "local/file"), []],
		["that do not exist", join(root, "nowhere/at/all"), []],
		["that lead in circles", join(root, "loop"), []],
		["whose name begins like the mount's", `${dead} but not on it`, []],
		["on a mount that answers", join(alive, "inside"), [alive]],
		["through a mount that answers", join(alive, "out/file"), [alive]],
		["above the mount, through it", `${dead}/..`, [dead]],
	])("%s: only their mounts are asked", async (_, path, expected) => {
		const { guard, asked } = createGuard();
		const outcome = await guard.through(path, call).catch((error: Error) => error.message);
		expect(outcome).toBe(expected.includes(dead) ? message : "called");
		expect(asked).toEqual(expected);
	});

	test("nothing is asked, or waited for, without a mount that may hang", () => {
		const { guard, asked } = createGuard({ mountinfo: line("/", "overlay", "overlay", "0:40") });
		let called = false;
		guard.through(dead, async () => {
			called = true;
		});
		expect(called).toBe(true);
		expect([guard.mayHang, guard.asked, asked]).toEqual([false, [], []]);
	});

	test.each([
		["", "no mountinfo"],
		["nonsense\n1 2 3 - -\n - \n", "nonsense"],
	])("mountinfo %j has no mounts", (text) => {
		expect(createGuard({ mountinfo: text }).guard.mayHang).toBe(false);
	});
});

test("what this program was loaded from is not asked, wherever it is mounted", async () => {
	const other = join(root, "local");
	const again = line(other, "fuse.sshfs", "ci@tools.example:/srv", "0:51");
	const { guard, asked } = createGuard({ mountinfo: `${mountinfo}\n${again}`, loaded: [join(alive, "dist/run.js")] });
	await guard.reach(join(alive, "inside"));
	await guard.reach(join(other, "file"));
	expect(asked).toEqual([]);
	expect(guard.asked).toMatchObject([{ target: alive, state: "in-use" }]);
});

test("a mount on top of another is the one that counts", async () => {
	const { guard, asked } = createGuard({ mountinfo: `${mountinfo}\n${line(dead, "tmpfs", "tmpfs", "0:60")}` });
	expect(await guard.through(dead, call)).toBe("called");
	expect(asked).toEqual([]);
});

test("a mount that cannot be asked is used", async () => {
	const { guard } = createGuard({ ask: async () => ({ state: "unasked", ms: 9 }) });
	expect(await guard.through(dead, call)).toBe("called");
	expect(guard.asked).toMatchObject([{ target: dead, state: "unasked" }]);
});

describe("a mount that dies while a call waits", () => {
	test("is asked again, and the call is given up", async () => {
		let isDead = false;
		let end: (value: string) => void = () => undefined;
		const hangs = new Promise<string>((resolve) => {
			end = resolve;
		});
		const ask = async (): Promise<MountAnswer> => ({ state: isDead ? "not-answering" : "answers", ms: 50 });
		const { guard } = createGuard({ ask, patienceMs: 10 });
		await guard.reach(alive);
		isDead = true;
		await expect(guard.through(join(alive, "inside"), () => hangs)).rejects.toThrow(`the mount ${alive}`);
		expect(await callsReturn(10)).toBe(false);
		setTimeout(end, 10, "late");
		expect(await callsReturn(10_000)).toBe(true);
		await expect(guard.reach(alive)).rejects.toThrow(`the mount ${alive}`);
		expect(guard.asked).toMatchObject([
			{ target: alive, state: "not-answering", wanted: [alive, join(alive, "inside")] },
		]);
	});

	test("a call that only takes long is waited for", async () => {
		const { guard } = createGuard({ patienceMs: 10 });
		const slow = (): Promise<string> => new Promise((resolve) => setTimeout(resolve, 100, "slow"));
		expect(await guard.through(join(alive, "inside"), slow)).toBe("slow");
		expect(await callsReturn(0)).toBe(true);
	});
});

describe("calls are made at once", () => {
	const mounts = [
		line("/", "overlay", "overlay", "0:40"),
		line("/proc", "proc", "proc", "0:21"),
		line("/run", "tmpfs", "tmpfs", "0:22"),
		line("/data", "ext4", "/dev/sdb1", "8:17"),
		line("/same", "overlay", "overlay", "0:40"),
		line("/run/disk", "xfs", "/dev/sdc1", "8:33"),
		line("/top", "tmpfs", "tmpfs", "0:23"),
		line("/top", "ext4", "/dev/sdb1", "8:17"),
	].join("\n");
	const loaded = ["/usr/bin/node"];
	/** By which calls a guard makes one on this path. */
	async function callsOn(path: string, options: Partial<GuardOptions> = {}): Promise<string> {
		const { guard } = createGuard({ mountinfo: mounts, loaded, ...options });
		return guard.through(path, async (calls) => (calls === atOnce ? "at once" : calls === pooled ? "pooled" : "else"));
	}

	test.each([
		["the file system that this program was loaded from", "/etc/passwd", "at once"],
		["another mount of it", "/same/file", "at once"],
		["what the kernel makes up", "/proc/self/cgroup", "at once"],
		["memory", "/run/docker.sock", "at once"],
		["another disk, which may fail", "/data/file", "pooled"],
		["another disk below memory", "/run/disk/file", "pooled"],
		["another disk on top of memory", "/top/file", "pooled"],
		["what waits for another process", "/proc/42/cmdline", "pooled"],
		["what does not", "/proc/42/limits", "at once"],
		["what waits for a driver", "/proc/driver/nvidia/version", "pooled"],
		["a relative path", "file", "pooled"],
	])("%s: %s %s", async (_, path, expected) => {
		expect(await callsOn(path)).toBe(expected);
	});

	test("not on a mount that may hang, nor where the mounts are unknown", async () => {
		const withDead = { mountinfo: `${mountinfo}\n${line("/proc", "proc", "proc", "0:21")}` };
		expect(await callsOn(join(alive, "inside"), withDead)).toBe("pooled");
		expect(await callsOn("/proc/self/cgroup", withDead)).toBe("at once");
		expect(await callsOn("/etc/passwd", { mountinfo: "" })).toBe("pooled");
	});

	test("for some milliseconds, until timers had their turn", async () => {
		const { guard } = createGuard({ mountinfo: mounts, loaded });
		let fired = false;
		setTimeout(() => {
			fired = true;
		}, 1);
		let count = 0;
		// Nothing else here waits for the event loop, so that without an end of the turn this would go on for ever.
		while (!fired && count < 1_000_000) {
			count++;
			await guard.through("/proc/self/maps", async (calls) => (await calls.lstat("/proc/self/maps"))?.mode);
		}
		expect(fired).toBe(true);
		expect(await callsOn("/etc/passwd")).toBe("at once");
	});
});
