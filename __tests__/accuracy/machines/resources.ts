import type { State } from "../states.ts";
import { type Change, engineAnswer, engineInfo, engineVersion, space, workspace } from "./machine.ts";

const mebibyte = 2 ** 20;
/** Every recorded file system is tiny, so the floors are. */
const disk = [{ path: "workspace", free: mebibyte, inodes: 3 }];
const full = { kind: "unreadable", code: "ENOSPC" } as const;

function onWorkspace(value: Parameters<typeof space>[0], writable?: { kind: "unreadable"; code: string }): Change {
	return {
		policy: { disk },
		machine: {
			spaces: { [workspace]: space(value) },
			...(writable && { writable: { [workspace]: writable } }),
		},
	};
}

/** A tmpfs of 4 MiB without a free byte. */
export function fullDisk(totalBytes = 4 * mebibyte): Change {
	return onWorkspace({ freeBytes: 0, totalBytes }, full);
}

/** A tmpfs with so few inodes, all in use. */
export function withoutInodes(totalInodes: number): Change {
	return onWorkspace({ freeBytes: 4 * mebibyte, totalBytes: 4 * mebibyte, freeInodes: 0, totalInodes }, full);
}

export function readOnly(): Change {
	const roomy = { freeBytes: 4 * mebibyte, totalBytes: 4 * mebibyte, freeInodes: 100, totalInodes: 200 };
	return onWorkspace(roomy, { kind: "unreadable", code: "EROFS" });
}

/** The last line of JSON in what was printed. */
function statfsIn(stdout: string): { bsize: number; blocks: number; bavail: number; files: number; ffree: number } {
	return JSON.parse(/^\{"type".*\}$/m.exec(stdout)?.[0] ?? "{}");
}

/** Machines of `disk`. */
export function resourceMachine({ name, recordings }: State): Change {
	const printed = recordings.map(({ stdout }) => stdout).join("\n");
	switch (name) {
		case "full workspace":
			return fullDisk();
		case "full overlay":
			return fullDisk(2 * mebibyte);
		case "workspace without inodes":
			return withoutInodes(6);
		case "read-only workspace":
			return readOnly();
		case "path of the policy that does not exist":
			return { policy: { disk: [{ path: "/no/such/dir", free: mebibyte, inodes: 3 }] } };
	}
	if (/^(?:host with|ext4)/.test(name)) {
		const { bsize, blocks, bavail, files, ffree } = statfsIn(printed);
		const measured = space({
			freeBytes: bavail * bsize,
			totalBytes: blocks * bsize,
			freeInodes: ffree,
			totalInodes: files,
		});
		return { machine: { spaces: { [workspace]: measured } }, policy: name.startsWith("ext4") ? { disk } : {} };
	}
	const release = /^Docker ([\d.]+) with a full data directory$/.exec(name)?.[1];
	if (release === undefined) throw new Error(name);
	const root = "/lab/dd/m/data";
	const info = { ...engineInfo, Driver: "vfs", DockerRootDir: root };
	return {
		machine: {
			files: { [root]: { kind: "directory", mode: 0o755, uid: 0, gid: 0, size: 0 } },
			spaces: { [root]: space({ freeBytes: 0, totalBytes: 12 * mebibyte }) },
		},
		request: (request) =>
			"socket" in request.to ? engineAnswer(request, { ...engineVersion, Version: release }, info) : undefined,
	};
}

/** Machines of `misc` that are about limits. */
export function limitMachine({ name }: State): Change {
	if (name.startsWith("four open files")) {
		const text =
			"Limit                     Soft Limit           Hard Limit           Units     \nMax open files            4                    4                    files     \n";
		return { machine: { files: { "/proc/self/limits": text, "/proc/4241/limits": text } } };
	}
	return {
		policy: { shm: 64 * mebibyte },
		machine: { spaces: { "/dev/shm": space({ freeBytes: 64 * 1024, totalBytes: 64 * 1024 }) } },
	};
}
