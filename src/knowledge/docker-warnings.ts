import file from "./docker-warnings.json" with { type: "json" };

export type WarningKind = "open-api" | "no-forwarding" | "no-d-type" | "loopback" | "no-limits" | "no-bridge-filter";

/** One entry of `docker-warnings.json`. */
export interface KnownWarning {
	readonly kind: WarningKind;
	/** A regular expression, matched in any case. */
	readonly pattern: string;
	readonly examples: readonly string[];
	readonly source: string;
}

/** The most serious first. A test validates them against `docker-warnings.schema.json`. */
export const knownWarnings = file.warnings as readonly KnownWarning[];

/** The warnings that matter to jobs, the most serious first. */
export function seriousWarnings(
	texts: readonly string[],
): readonly { readonly kind: WarningKind; readonly text: string }[] {
	return knownWarnings.flatMap(({ kind, pattern }) => {
		const text = texts.find((one) => new RegExp(pattern, "i").test(one));
		return text === undefined ? [] : [{ kind, text }];
	});
}
