import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { DiskPlace, DisksFacts } from "../../../src/probes/disks.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { WritableFacts, WritablePlace } from "../../../src/probes/writable.ts";

export const GiB = 2 ** 30;
export const workspace = "/workspace/fortemi/fortemi";

export const onHost: ContainerFacts = { mode: "host", witness: "GITHUB_WORKSPACE is a host-mode path", names: [] };
export const inContainer: ContainerFacts = { mode: "container", witness: "JOB_CONTAINER_NAME", names: ["job"] };

/** A roomy ext4 at `/`. */
export function measured(overrides: Partial<Extract<DiskPlace, { kind: "measured" }>> = {}): DiskPlace {
	return {
		kind: "measured",
		path: workspace,
		freeBytes: 65 * GiB,
		totalBytes: 252 * GiB,
		freeInodes: 16_000_000,
		totalInodes: 16_777_216,
		source: "statfs",
		mount: { target: "/", fsType: "ext4" },
		...overrides,
	};
}

export function disksOf(places: Record<string, DiskPlace>): DisksFacts {
	return { places };
}

export function writablePlace(overrides: Partial<WritablePlace> = {}): WritablePlace {
	return {
		name: "workspace",
		path: workspace,
		directory: workspace,
		outcome: "ok",
		mode: 0o755,
		uid: 0,
		gid: 0,
		...overrides,
	};
}

export function createWritable(places: readonly WritablePlace[], uid = 0): WritableFacts {
	return { uid, gid: uid, places };
}

export const temp = (overrides: Partial<WritablePlace> = {}) =>
	writablePlace({ name: "temp", path: "/tmp", directory: "/tmp", mode: 0o1777, ...overrides });
export const home = (overrides: Partial<WritablePlace> = {}) =>
	writablePlace({ name: "home", path: "/root", directory: "/root", mode: 0o700, ...overrides });

/** A job of this runner; `none`: a run in a terminal. */
export const jobOf = (system: JobFacts["system"] = "gitea"): JobFacts => ({
	inJob: system !== "none",
	system,
	capabilities: [],
});
