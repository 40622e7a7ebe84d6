import type { GpuHolder } from "../../probes/gpu-holders.ts";
import { formatBytes } from "../../report/units.ts";
import { code, listed, operand, shellQuote } from "../text.ts";

const maxNamed = 5;

/** `` The largest: `ollama` (17 GiB, process 1234, started 3 hours ago, container `ollama`). `` with a blank before it. */
export function whoHolds(holders: readonly GpuHolder[] | undefined, inContainer: boolean): string {
	if (!holders) return "";
	if (holders.length === 0) {
		return inContainer
			? " `nvidia-smi` lists none of them here: they run outside of this container."
			: " `nvidia-smi` lists none that uses CUDA: they draw a screen, or are left over (`sudo fuser -v /dev/nvidia*` lists them).";
	}
	const named = holders
		.slice(0, maxNamed)
		.map((holder) => `${code(nameOf(holder))} (${listedDetails(holder).join(", ")})`);
	return ` The largest: ${listed(named)}.`;
}

/** The same of one, for the evidence. */
export function plainHolder(holder: GpuHolder): string {
	return `${nameOf(holder)}: ${listedDetails(holder).join(", ").split("`").join("")}`;
}

/** Commands that show more of them, and stop none. */
export function lookAtHolders(holders: readonly GpuHolder[] = []): readonly string[] {
	const looks = holders.slice(0, maxNamed).flatMap((holder): readonly string[] => {
		const { container, unit } = holder;
		if (container !== undefined) return [`docker ps --filter ${shellQuote(`id=${container}`)}`];
		return unit === undefined ? [] : [`systemctl status ${operand(unit)}`];
	});
	return ["nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv", ...new Set(looks)];
}

/** `ollama` of `/usr/local/bin/ollama`. */
function nameOf({ program }: GpuHolder): string {
	return program.split("/").pop() || program || "?";
}

function listedDetails({ pid, memory, ageSeconds, container, containerName, unit }: GpuHolder): readonly string[] {
	const name = containerName ?? container?.slice(0, 12);
	return [
		...(memory === undefined ? [] : [formatBytes(memory)]),
		`process ${pid}`,
		...(ageSeconds === undefined ? [] : [`started ${formatAge(ageSeconds)} ago`]),
		...(name === undefined ? [] : [`container ${code(name)}`]),
		...(unit === undefined ? [] : [`unit ${code(unit)}`]),
	];
}

function formatAge(seconds: number): string {
	const [amount, unit] =
		seconds >= 172_800
			? [seconds / 86_400, "days"]
			: seconds >= 7200
				? [seconds / 3600, "hours"]
				: seconds >= 120
					? [seconds / 60, "minutes"]
					: [seconds, "seconds"];
	return `${Math.floor(amount)} ${unit}`;
}
