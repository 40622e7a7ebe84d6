import type { Defect } from "../checks/toolchain/diagnose.ts";
import file from "./tool-signatures.yaml";

/** An entry of `tool-signatures.yaml`. */
export interface Signature {
	/** Who says it. What rustup says is true of all its proxies alike. */
	readonly by: "rustup" | "loader" | "delegate";
	readonly reason: Defect["reason"];
	readonly variant: Defect["variant"];
	/** Its groups `subject` and `within` name what it is about. */
	readonly pattern: string;
	readonly "ignore-case"?: boolean;
	/** A line that a program really printed. It is a test. */
	readonly example: string;
	readonly subject?: string;
	readonly within?: string;
}

/** A test validates the file against `tool-signatures.schema.json`. */
export const signatures = (file as { readonly signatures: readonly Signature[] }).signatures;

/** Every signature has one of these words, so a text without any of them is not searched further. */
const complaint =
	/error|not |no preset |no such |lower than required|unknown binary|no version |no override |bad cpu |failed |unknown command|unrecognized command|info: syncing|^sorry, /im;

/** Compiling the patterns takes longer than the rest of a check, so only the first complaint does it. */
let compiled: readonly { readonly signature: Signature; readonly pattern: RegExp }[] | undefined;

/** The first signature in the output of a program, with the lines that say so; `undefined` if none is known. */
export function signatureIn(text: string): Defect | undefined {
	if (!complaint.test(text)) return undefined;
	compiled ??= signatures.map((signature) => ({
		signature,
		pattern: new RegExp(signature.pattern, signature["ignore-case"] ? "im" : "m"),
	}));
	for (const { signature, pattern } of compiled) {
		const match = pattern.exec(text);
		if (!match) continue;
		const { subject, within } = match.groups ?? {};
		return {
			kind: "defect",
			reason: signature.reason,
			variant: signature.variant,
			told: linesAt(text, match.index),
			...(subject !== undefined && { subject }),
			...(within !== undefined && { within }),
			...(signature.by === "rustup" && { rustup: true as const }),
		};
	}
	return undefined;
}

/** The line at an index and the two after it, where such tools put their advice. */
function linesAt(text: string, index: number): string {
	const start = text.lastIndexOf("\n", index - 1) + 1;
	return text.slice(start).split("\n").slice(0, 3).join("\n").trim().slice(0, 600);
}
