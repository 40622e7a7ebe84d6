import type { Policy } from "../policy/policy.ts";
import { code } from "./text.ts";

/**
 * Who asks for an amount: `` the profile `titan` asks for 1 GiB ``, or the input or the line of the policy file that does.
 * @param keys Keys of `policy.sources`, the most specific first.
 */
export function demandOf(policy: Policy, amount: string, ...keys: readonly string[]): string {
	const source = keys.map((key) => policy.sources[key]).find((found) => found !== undefined);
	return `${askerOf(source, policy)} asks for ${amount}`;
}

function askerOf(source: string | undefined, policy: Policy): string {
	if (source === undefined) return `the profile ${code(policy.profile)}`;
	return source.startsWith("input ") ? `the ${source}` : code(source);
}
