import file from "./nvidia-smi.json" with { type: "json" };

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

/** A text by which a reason is recognized. `nvidia-smi.schema.json` describes the fields. */
export interface KnownMessage {
	readonly pattern: string;
	readonly reason: DriverReason;
	readonly example: string;
	readonly source: string;
}

/**
 * NVML's texts are the same in all driver branches, unlike exit codes and the name of a GPU (`GPU0`, `GPU 0`, `gpu 0`).
 * A test validates the file against its schema, which JSON's inferred type is too wide for.
 */
export const knownMessages = file.messages as readonly KnownMessage[];
const exitCodes = file.exitCodes as Readonly<Record<string, DriverReason>>;

const patterns = knownMessages.map(({ pattern, reason }) => ({ pattern: new RegExp(pattern, "im"), reason }));

/** The reason that a text of nvidia-smi names; `undefined`: nothing in it is a known error. */
export function reasonOfMessage(text: string): DriverReason | undefined {
	return patterns.find(({ pattern }) => pattern.test(text))?.reason;
}

/** The reason that an exit code stands for, if nvidia-smi printed no known error. */
export function reasonOfExitCode(code: number): DriverReason | undefined {
	return exitCodes[String(code)];
}
