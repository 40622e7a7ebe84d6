import { type DriverReason, reasonOfExitCode, reasonOfMessage } from "../../knowledge/nvidia-smi.ts";
import type { SmiRun } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";

/** What nvidia-smi's answer means. */
export type SmiState =
	| { readonly kind: "ok" }
	| {
			readonly kind: "trouble";
			readonly reason: DriverReason;
			/** The line or cell that shows it, as nvidia-smi prints it. */
			readonly text: string;
			/** The GPU it is about, as nvidia-smi names it: `0`, `0000:0B:00.0`; `undefined`: the driver as a whole. */
			readonly gpu?: string;
	  };

/** One cell is enough for these: a GPU in such a state has no other problem. */
const decisive: readonly DriverReason[] = [
	"library-mismatch",
	"library-missing",
	"driver-not-loaded",
	"access-blocked",
	"gpu-lost",
	"reset-required",
	"insufficient-power",
	"nvml-unknown-error",
];

/** Columns about load, and others that some GPUs do not report: a message there is not about the health of the GPU. */
const marginal =
	/^(?:utilization\.gpu|clocks_throttle_reasons\..*|compute_mode|fabric\..*|remapped_rows\..*|gpu_recovery_action)$/;

/** By text first, then by exit code: driver branches number the same state differently, and a lost GPU can exit with 0. */
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
	const cells = Object.entries(gpu.troubles ?? {}).filter(([field]) => !marginal.test(field));
	for (const [, text] of cells) {
		const reason = reasonOfMessage(text);
		if (reason !== undefined && decisive.includes(reason)) return { reason, text };
	}
	// The plain table has no room for an error message.
	const [, unreadable] = cells.find(([, text]) => /^ERR!$/i.test(text)) ?? [];
	if (unreadable !== undefined) return { reason: "broken", text: unreadable };
	// The driver remembers name and UUID, but has to ask the GPU for its memory.
	const memory = gpu.troubles?.["memory.total"];
	if (memory !== undefined && !/^insufficient permissions$/i.test(memory))
		return { reason: reasonOfMessage(memory) ?? "broken", text: memory };
	if (gpu.name !== undefined || gpu.uuid !== undefined) return undefined;
	const text = cells[0]?.[1] ?? "N/A";
	return { reason: reasonOfMessage(text) ?? "broken", text };
}

function stateOfMessages(messages: string): SmiState | undefined {
	const reason = reasonOfMessage(messages);
	if (reason === undefined) return undefined;
	const line = messages.split("\n").find((candidate) => reasonOfMessage(candidate) === reason);
	const gpu = /for gpu ?([\w:.]+):/i.exec(line ?? "")?.[1];
	return trouble(reason, (line ?? messages).slice(0, 300), gpu);
}

function stateOfCode(run: SmiRun, code: number): SmiState {
	const said =
		run.messages.split("\n", 1)[0]?.slice(0, 300) ||
		(run.form === "other" ? "it printed nothing" : "its list has no GPU");
	if (code !== 0) return trouble(reasonOfExitCode(code) ?? "broken", said);
	// An answer without a list of GPUs still comes from a driver that works.
	if (run.gpus.length > 0 || run.form === "log" || run.form === "version") return { kind: "ok" };
	return trouble("broken", said);
}

function trouble(reason: DriverReason, text: string, gpu?: string): SmiState {
	return { kind: "trouble", reason, text, ...(gpu !== undefined && { gpu }) };
}
