import { readFileSync } from "node:fs";

/** Does a run have the shell that ends its programs if it is killed? It starts a moment after them. */
export function hasGuard(run = 0): boolean {
	return readFileSync(`/proc/${run}/task/${run}/children`, "utf8")
		.split(" ")
		.filter(Boolean)
		.some((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("runner-check-guard"));
}
