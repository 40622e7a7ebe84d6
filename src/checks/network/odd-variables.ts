import type { ProxyFacts, ProxyVariable } from "../../probes/proxy.ts";

/** How the spellings of a variable differ, or that a value is not an address. */
type Problem = "malformed" | "values" | "credentials";

export type OddVariable = ProxyVariable & { readonly problem: Problem };

/** The variables that tools read differently. */
export function oddVariables({ variables }: ProxyFacts): readonly OddVariable[] {
	return variables.flatMap((variable) => {
		const problem = problemOf(variable);
		return problem === undefined ? [] : [{ ...variable, problem }];
	});
}

/** `undefined`: all tools read the same. */
function problemOf({ name, lower, upper, malformed, credentialsDiffer }: ProxyVariable): Problem | undefined {
	if (malformed !== undefined) return "malformed";
	if (lower !== undefined && upper !== undefined && normal(name, lower) !== normal(name, upper)) return "values";
	return credentialsDiffer ? "credentials" : undefined;
}

/** Ignores what makes no difference: order and spaces of a list, a slash at the end of an address. */
function normal(name: string, value: string): string {
	if (name !== "no_proxy") return value.toLowerCase().replace(/\/+$/, "");
	return [...new Set(entriesOf(value.toLowerCase()))].sort().join(",");
}

function entriesOf(list: string): readonly string[] {
	return list.split(/[\s,]+/).filter(Boolean);
}

/** The entries of all lists as one. */
export function union(...lists: readonly string[]): string {
	return [...new Set(lists.flatMap(entriesOf))].join(",");
}
