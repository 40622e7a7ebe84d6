import type { FailOn } from "../request.ts";
import { UsageError } from "./arguments.ts";

/** Flags as they were given: `profile` -> `titan`. */
export type Flags = Readonly<Record<string, string>>;

/** @throws UsageError if the flag does not take this value. */
export function oneOf<const T extends string>(text: string, allowed: readonly T[], flag = "format"): T {
	const found = allowed.find((value) => value === text);
	if (found === undefined)
		throw new UsageError(`the flag \`--${flag}\`: found \`${text}\`; allowed: ${allowed.join(", ")}`);
	return found;
}

/** `--fail-on`, or what it is without one. @throws UsageError */
export function failOnOf(flags: Flags): FailOn {
	return oneOf(flags["fail-on"] ?? "fail", ["fail", "warn", "never"], "fail-on");
}
