import type { ConfigFile } from "../facts.ts";
import type { Context } from "../rule.ts";
import { isMistyped } from "./type.ts";
import { isMisplaced } from "./unknown-key.ts";

/** The check that reports one of these keys because its value has the wrong type or is in the wrong section. */
export function unsettledBy(
	config: ConfigFile | undefined,
	keys: readonly string[],
	context: Context,
): string | undefined {
	if (!config) return undefined;
	if (keys.some((key) => isMistyped(config, key, context))) return "config/type";
	return keys.some((key) => isMisplaced(config, key)) ? "config/unknown-key" : undefined;
}
