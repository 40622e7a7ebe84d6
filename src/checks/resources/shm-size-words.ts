import { formatBytes } from "../../report/units.ts";
import type { Remedy } from "../check.ts";
import { addOption, recreateRunner } from "../docker/situation.ts";
import { reason } from "../words.ts";
import type { BelowFloor } from "./floor-check.ts";
import { mebibytes } from "./limit-fixes.ts";

interface Small extends BelowFloor {
	/** Bytes; `undefined`: there is no `/dev/shm`. */
	readonly size: number | undefined;
}

export const intro =
	"Compares the size of the file system at `/dev/shm`, not its free space, with what the profile asks for. One without a limit of its own passes.";

export const words = {
	small: reason<Small>({
		level: "warn",
		title: "Shared memory is too small",
		headline: ({ size, floor }) =>
			size === undefined
				? "Shared memory is missing"
				: `Shared memory is too small (${formatBytes(size)} of ${formatBytes(floor)})`,
		why: "Programs that share memory between processes (PyTorch data loaders, Chromium, PostgreSQL) die with a bus error or `No space left on device`.",
		expected: ({ floor }) => `at least ${formatBytes(floor)}`,
		tell: (seen) => ({
			what:
				seen.size === undefined
					? `\`/dev/shm\` does not exist; ${seen.demand}.`
					: `\`/dev/shm\` has ${formatBytes(seen.size)}; ${seen.demand}.`,
			fix: fixSmall(seen),
		}),
		more: "A PyTorch data loader reports `DataLoader worker is killed by signal: Bus error`.",
	}),
};

function fixSmall({ size, floor, situation }: Small): Remedy {
	const wanted = mebibytes(floor);
	const option = `--shm-size=${wanted}`;
	if (situation.inRunnerContainer) return recreateRunner(option);
	if (situation.inContainer) {
		return {
			text: `Add \`${option}\` to the container's options: Docker's default is 64 MiB. Do not use \`--ipc=host\`, which a runner without \`privileged\` drops.`,
			...addOption(situation, option),
		};
	}
	const mount = `nosuid,nodev,size=${wanted}`;
	return {
		text: "Mount `/dev/shm` with this size now, and add it to `/etc/fstab` for the next boot. If the last command prints a line, change the size in that line.",
		commands: [
			...(size === undefined
				? ["sudo mkdir -p /dev/shm", `sudo mount -t tmpfs -o ${mount} tmpfs /dev/shm`]
				: [`sudo mount -o remount,size=${wanted} /dev/shm`]),
			`grep /dev/shm /etc/fstab || echo 'tmpfs /dev/shm tmpfs ${mount} 0 0' | sudo tee -a /etc/fstab`,
		],
		kind: "host",
	};
}
