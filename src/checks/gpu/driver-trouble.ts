import type { NvidiaFacts } from "../../probes/nvidia.ts";
import type { Situation } from "../docker/situation.ts";
import { code } from "../text.ts";

/** What the words of every reason of `gpu/driver` are told from: nvidia-smi's answer picks the reason, and all facts stay of use. */
export interface DriverTrouble {
	readonly nvidia: NvidiaFacts;
	readonly situation: Situation;
	/** The line or cell of nvidia-smi that shows the problem. */
	readonly text: string;
	/** The GPU it is about, as nvidia-smi names it; `undefined`: the driver as a whole. */
	readonly gpu: string | undefined;
}

/** Shows what the driver logged about its GPUs. */
export const kernelLog = "sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20";

/** For a fix that needs one. */
export const restartEndsJobs = "restart the machine, which ends all jobs on it";

/** The comment of a command that restarts the machine, or turns it off. */
export const endsAllJobs = "ends all jobs on this machine: first see in the forge that its runners are idle";

/** `GPU 1 ` or `A GPU `, for a title. */
export function gpuInTitle({ gpu }: DriverTrouble): string {
	return gpu === undefined ? "A GPU" : `GPU ${gpu}`;
}

/** The same in a sentence. */
export function gpuInText({ gpu }: DriverTrouble): string {
	return gpu === undefined ? "A GPU" : `GPU ${code(gpu)}`;
}

/** Where something that comes with the driver is fixed: nothing in a job container outlives it but its image. */
export function imageOrHost({ situation }: DriverTrouble): "image" | "host" {
	return situation.inContainer ? "image" : "host";
}
