import type { SmiRun } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";

/** The reasons of `gpu/driver`. */
export type DriverReason =
	| "smi-missing"
	| "driver-not-loaded"
	| "library-missing"
	| "library-mismatch"
	| "nvml-unknown-error"
	| "insufficient-permissions"
	| "access-blocked"
	| "no-devices"
	| "gpu-lost"
	| "reset-required"
	| "insufficient-power"
	| "timeout"
	| "broken";

/** What nvidia-smi's answer comes to. */
export type SmiState =
	| { readonly kind: "ok" }
	| {
			readonly kind: "trouble";
			readonly reason: DriverReason;
			/** What shows it, in the words of nvidia-smi. */
			readonly text: string;
			/** Which GPU says so, as nvidia-smi names it: `0`, `0000:0B:00.0`; `undefined`: the driver as a whole. */
			readonly gpu?: string;
	  };

/**
 * NVML's words for its states. The wording is the same in all driver branches, unlike the exit codes and the way a GPU is
 * named (`GPU0`, `GPU 0`, `gpu 0`). The first that matches counts: an error of the whole driver explains those of its GPUs.
 */
const words: readonly (readonly [RegExp, DriverReason])[] = [
	[/driver\/library version mismatch/i, "library-mismatch"],
	[
		/find libnvidia-ml|nvml shared library not found|(?:error while loading|error loading) shared librar|error relocating/i,
		"library-missing",
	],
	[/communicate with the nvidia driver|driver (?:is )?not loaded/i, "driver-not-loaded"],
	[/insufficient permissions|files are readable by current user/i, "insufficient-permissions"],
	[/access blocked by the operating system/i, "access-blocked"],
	[/gpu is lost|fallen off the bus/i, "gpu-lost"],
	[/gpu requires reset|gpu reset must occur/i, "reset-required"],
	[/insufficient external power|insufficiently powered/i, "insufficient-power"],
	[/no devices (?:were )?found|no supported gpus were found/i, "no-devices"],
	[/unknown error/i, "nvml-unknown-error"],
	[/(?:initialize nvml: |for gpu ?\S+: |^)timeout$/im, "timeout"],
	[/nvidia-smi: (?:command )?not found/i, "smi-missing"],
];

/** An error in NVML's words that has no reason of its own. Its exit code says no more than the words. */
const otherError =
	/failed to initialize nvml|unable to determine the|internal nvml error|is not a valid field|^error: /im;

/** Exit codes, for an nvidia-smi that fails without a word that we know. */
const codes: Readonly<Record<number, DriverReason>> = {
	4: "insufficient-permissions",
	6: "no-devices",
	8: "insufficient-power",
	9: "driver-not-loaded",
	12: "library-missing",
	15: "gpu-lost",
	16: "reset-required",
	17: "access-blocked",
	18: "library-mismatch",
};

/** States that one cell is enough for: a GPU that has them has nothing else. */
const grave: readonly DriverReason[] = [
	"library-mismatch",
	"library-missing",
	"driver-not-loaded",
	"access-blocked",
	"gpu-lost",
	"reset-required",
	"insufficient-power",
	"nvml-unknown-error",
];

/** Columns that say how busy or how warm a GPU is, not whether it works: some GPUs cannot tell. */
const marginal = ["utilization.gpu", "clocks_throttle_reasons.hw_thermal_slowdown"];

/** By text first, then by exit code: driver branches number the same state differently, and one lost GPU exits with 0. */
export function stateOf(run: SmiRun): SmiState {
	if (run.kind === "timed-out") return trouble("timeout", run.messages || "no answer");
	if (run.kind === "not-started") return trouble("broken", `it cannot be started (${run.code})`);
	return (
		stateOfGpus(run.gpus) ??
		stateOfMessages(run.messages) ??
		(run.kind === "signalled" ? trouble("broken", `killed by ${run.signal}`) : stateOfCode(run, run.code))
	);
}

function stateOfGpus(gpus: readonly NvidiaGpu[]): SmiState | undefined {
	for (const [position, gpu] of gpus.entries()) {
		const found = troubleOf(gpu);
		if (found) return trouble(found.reason, found.text, String(gpu.index ?? position));
	}
	return undefined;
}

function troubleOf(gpu: NvidiaGpu): { readonly reason: DriverReason; readonly text: string } | undefined {
	const cells = Object.entries(gpu.troubles ?? {}).filter(([field]) => !marginal.includes(field));
	for (const [, text] of cells) {
		const reason = reasonIn(text);
		if (reason !== undefined && grave.includes(reason)) return { reason, text };
	}
	// The plain table has no room for words.
	const [, unreadable] = cells.find(([, text]) => /^ERR!$/i.test(text)) ?? [];
	if (unreadable !== undefined) return { reason: "broken", text: unreadable };
	// Name and UUID are remembered by the driver; its memory the GPU has to be asked for.
	const memory = gpu.troubles?.["memory.total"];
	if (memory !== undefined && !/^insufficient permissions$/i.test(memory))
		return { reason: reasonIn(memory) ?? "broken", text: memory };
	if (gpu.name !== undefined || gpu.uuid !== undefined) return undefined;
	const text = cells[0]?.[1] ?? "N/A";
	return { reason: reasonIn(text) ?? "broken", text };
}

function stateOfMessages(messages: string): SmiState | undefined {
	const reason = reasonIn(messages) ?? (otherError.test(messages) ? "broken" : undefined);
	if (reason === undefined) return undefined;
	const lines = messages.split("\n");
	// The line that says it, or the lines: an error of several lines makes sense as a whole.
	const line = lines.find((candidate) => reasonIn(candidate) === reason) ?? lines.find((text) => otherError.test(text));
	const gpu = /for gpu ?([\w:.]+):/i.exec(line ?? "")?.[1];
	return trouble(reason, (line ?? messages).slice(0, 300), gpu);
}

function reasonIn(text: string): DriverReason | undefined {
	return words.find(([pattern]) => pattern.test(text))?.[1];
}

function stateOfCode(run: SmiRun, code: number): SmiState {
	const said =
		run.messages.split("\n", 1)[0]?.slice(0, 300) ||
		(run.form === "other" ? "it printed nothing" : "no GPU in its list");
	if (code !== 0) return trouble(codes[code] ?? "broken", said);
	// What has no list of GPUs is still an answer of a driver that works.
	if (run.gpus.length > 0 || run.form === "log" || run.form === "version") return { kind: "ok" };
	return trouble("broken", said);
}

function trouble(reason: DriverReason, text: string, gpu?: string): SmiState {
	return { kind: "trouble", reason, text, ...(gpu !== undefined && { gpu }) };
}
