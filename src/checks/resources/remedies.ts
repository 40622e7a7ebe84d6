import type { ContainerFacts } from "../../probes/container.ts";
import type { Remedy } from "../check.ts";
import { shellQuote } from "../text.ts";
import type { Level, Measured } from "./levels.ts";

type Low = Extract<Level, { state: "enough" | "low" }>;

/** What takes the space, and how to get it back: other things on the host than in a container. */
export function freeRemedy(level: Low, container: ContainerFacts): Remedy {
	const { place, name } = level;
	const path = shellQuote(place.measuredAt ?? place.path);
	if (place.mount?.fsType === "tmpfs") return memoryRemedy(place, "size", `${Math.ceil(level.floor / 2 ** 30)}G`);
	if (name === "docker-root" || container.mode === "container") {
		return {
			text: `${name === "docker-root" ? "" : "What a container job sees as its disk lies on the runner's host, mostly in Docker's data directory. "}Unused images and the build cache fill that first: see there how much they take, then remove what is older than a week and unused.`,
			commands: [
				"docker system df",
				"docker builder prune --filter until=168h",
				"docker image prune --all --filter until=168h",
			],
			kind: "host",
			otherwise: lowerFloor(name, "min-free-disk"),
		};
	}
	return {
		text: "See what takes the space. On a build host it is mostly `target` directories of old checkouts, the runner's own caches, and Docker's images and build cache.",
		commands: [
			`df -h ${path}`,
			`sudo du -xh --max-depth=3 ${path} | sort -h | tail -20`,
			...(container.mode === "host" ? ["du -sh ~/.cache/act ~/.cache/actcache", "docker system df"] : []),
		],
		kind: "host",
		otherwise: lowerFloor(name, "min-free-disk"),
	};
}

export function inodesRemedy(level: Low, container: ContainerFacts): Remedy {
	const { place, name } = level;
	const path = shellQuote(place.measuredAt ?? place.path);
	if (place.mount?.fsType === "tmpfs") return memoryRemedy(place, "nr_inodes", String(level.floor));
	const docker = name === "docker-root" || container.mode === "container";
	return {
		text: `Look for the directories with the most files, and delete those that nobody needs: \`node_modules\`, \`target\`, registries of cargo and npm${docker ? ", and the layers of unused images in Docker's data directory on the runner's host" : ""}. An ext4 file system gets its number of inodes when it is made; only a new one (\`mkfs.ext4 -N\`), or XFS, has more.`,
		commands: docker
			? [
					"df -i /var/lib/docker",
					"docker image prune --all --filter until=168h",
					"docker builder prune --filter until=168h",
				]
			: [`df -i ${path}`, `sudo du -x --inodes --max-depth=3 ${path} | sort -n | tail -20`],
		kind: "host",
		otherwise: lowerFloor(name, "min-free-inodes"),
	};
}

/** A file system in memory is as big as it was made. */
function memoryRemedy(place: Measured, option: "size" | "nr_inodes", amount: string): Remedy {
	const on = place.mount?.target ?? place.path;
	return {
		text: "This is a file system in memory (tmpfs), as big as it was made. Put the directory onto a disk, or make it bigger where there is memory for it.",
		commands: [`sudo mount -o remount,${option}=${amount} ${shellQuote(on)}`],
		kind: "host",
	};
}

function lowerFloor(name: string, input: "min-free-disk" | "min-free-inodes"): Omit<Remedy, "otherwise"> {
	const where = name === "workspace" ? `the input \`${input}\`` : "`disk` in its profile of the policy file";
	return { text: `If the jobs of this label get by with less, say so: ${where} sets the floor.`, kind: "workflow" };
}
