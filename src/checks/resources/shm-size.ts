import { shmProbe } from "../../probes/shm.ts";
import { formatBytes } from "../../report/units.ts";
import type { Proof } from "../check.ts";
import { floorCheck, type Supply } from "./floor-check.ts";
import { intro, words } from "./shm-size-words.ts";

export const shmSize = floorCheck({
	id: "shm/size",
	title: "Shared memory is as large as the profile asks for",
	intro,
	words,
	probe: shmProbe,
	key: "shm",
	format: formatBytes,
	supplyOf(shm): Supply<{ readonly size: number | undefined }> | string {
		switch (shm.kind) {
			case "not-linux":
				return "`/dev/shm` exists on Linux only.";
			case "unreadable":
				return {
					amount: undefined,
					unreadable: [{ path: "/dev/shm", errno: shm.code }],
					evidence: [{ source: "statfs /dev/shm", text: shm.code }],
				};
			case "absent":
				return {
					amount: 0,
					seen: { size: undefined },
					observed: "absent",
					unreadable: [],
					evidence: [{ source: "statfs /dev/shm", text: "ENOENT" }],
				};
			case "measured":
				break;
		}
		const { totalBytes, freeBytes, source } = shm;
		const size = formatBytes(totalBytes);
		const evidence: Proof = [{ source: `${source} /dev/shm`, text: `${formatBytes(freeBytes)} free of ${size}` }];
		const seen = { size: totalBytes };
		// A file system that is mounted with `size=0` has no limit of its own, and reports no size.
		return totalBytes === 0
			? {
					amount: Number.POSITIVE_INFINITY,
					seen,
					passed: "`/dev/shm` is limited only by memory",
					unreadable: [],
					evidence,
				}
			: { amount: totalBytes, seen, passed: `\`/dev/shm\` has ${size}`, unreadable: [], evidence };
	},
});
