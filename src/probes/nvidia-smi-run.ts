import type { Host, RunOutcome } from "../host/host.ts";
import { type NvidiaGpu, readSmiOutput, type SmiListing } from "./nvidia-output.ts";

/** How nvidia-smi ended, and what it printed until then. */
export type SmiRun = {
	/** The command that gave this answer. An old driver may have rejected another one before. */
	readonly command: string;
	readonly ms: number;
	readonly form: SmiListing["form"];
	readonly gpus: readonly NvidiaGpu[];
	/** Version of the kernel driver as nvidia-smi reports it. */
	readonly driver?: string;
	/** Errors and warnings around the listing, from both streams. At most 2 KiB. */
	readonly messages: string;
} & (
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "signalled"; readonly signal: string }
	| { readonly kind: "not-started"; readonly code: string }
	/** `abandoned`: SIGKILL did not end it either, because the kernel holds it. */
	| { readonly kind: "timed-out"; readonly abandoned: boolean }
);

/** A queried field, and the driver branch that knows it; `undefined`: every branch that is still in use. */
interface Field {
	readonly name: string;
	readonly since?: number;
}

/**
 * In the order of the answer. The newest come last, since nvidia-smi names only the first field that it does not know. Two
 * names of one field differ by age: `clocks_throttle_reasons` is known to all branches, `clocks_event_reasons` to new ones.
 */
const fields: readonly Field[] = [
	{ name: "index" },
	{ name: "name" },
	{ name: "uuid" },
	{ name: "driver_version" },
	{ name: "memory.total" },
	{ name: "memory.used" },
	{ name: "temperature.gpu" },
	{ name: "utilization.gpu" },
	{ name: "compute_cap", since: 510 },
	{ name: "ecc.errors.uncorrected.volatile.total" },
	{ name: "mig.mode.current" },
	{ name: "pci.bus_id" },
	{ name: "memory.free" },
	{ name: "clocks_throttle_reasons.hw_thermal_slowdown" },
	{ name: "clocks_throttle_reasons.hw_slowdown" },
	{ name: "clocks_throttle_reasons.hw_power_brake_slowdown" },
	{ name: "fabric.state", since: 525 },
	{ name: "fabric.status", since: 525 },
	{ name: "remapped_rows.pending", since: 570 },
	{ name: "gpu_recovery_action", since: 570 },
	// Every branch knows it.
	{ name: "compute_mode" },
];

/**
 * Queries the fields that this driver knows: one process. If its version is unknown, or it knows fewer after all, the field
 * that it rejects tells how old it is, and it is asked once more; the plain table is the last resort.
 * @param driver Version of the loaded kernel module, if it can be seen.
 */
export async function runSmi(
	host: Host,
	smi: string,
	driver: string | undefined,
	signal: AbortSignal,
): Promise<SmiRun> {
	const branch = driver === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(driver, 10);
	const known = fields.filter(({ since = 0 }) => !(since > branch));
	const first = await query(host, smi, known, signal);
	const refused = unknownField(first);
	if (refused === undefined) return first;
	const second = await query(host, smi, olderThan(refused, known), signal);
	return unknownField(second) === undefined ? second : answerOf(["nvidia-smi"], await host.run([smi], { signal }), []);
}

/** A driver that does not know a field does not know those that came with or after it either. */
function olderThan(refused: string, known: readonly Field[]): readonly Field[] {
	const limit = known.find(({ name }) => name === refused)?.since ?? 1;
	return known.filter(({ name, since = 0 }) => name !== refused && since < limit);
}

/** The field that this nvidia-smi does not know, if it rejected the query for it. */
function unknownField(run: SmiRun): string | undefined {
	return /field "([\w.]+)" is not a valid field to query/i.exec(run.messages)?.[1];
}

async function query(host: Host, smi: string, asked: readonly Field[], signal: AbortSignal): Promise<SmiRun> {
	const names = asked.map(({ name }) => name);
	const args = [`--query-gpu=${names.join(",")}`, "--format=csv,noheader,nounits"];
	return answerOf(["nvidia-smi", ...args], await host.run([smi, ...args], { signal }), names);
}

/**
 * It prints everything on stdout, errors too. Only the loader and the shell write to stderr, which counts only without an
 * answer: `object … from LD_PRELOAD cannot be preloaded` next to a list of GPUs is harmless.
 */
function answerOf(command: readonly string[], outcome: RunOutcome, asked: readonly string[]): SmiRun {
	const { stdout, stderr, ms, ...end } = outcome;
	const listed = readSmiOutput(stdout, asked);
	const answered = end.kind === "exited" && end.code === 0 && listed.gpus.length > 0;
	const { form, gpus, driver, messages } = answered ? listed : readSmiOutput(`${stdout}\n${stderr}`, asked);
	return { command: command.join(" "), ms, form, gpus, ...(driver !== undefined && { driver }), messages, ...end };
}
