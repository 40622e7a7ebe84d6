import type { FailOn } from "../request.ts";
import type { VerdictName } from "./report.ts";

/** 0 if the verdict meets `fail-on`, else 1. */
export function exitCodeOf(verdict: VerdictName, failOn: FailOn): 0 | 1 {
	if (failOn === "never" || verdict === "healthy") return 0;
	return verdict === "degraded" && failOn === "fail" ? 0 : 1;
}
