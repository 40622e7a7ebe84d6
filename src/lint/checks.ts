import type { Check } from "../checks/check.ts";
import { workflowRunsOn } from "../checks/workflow/runs-on.ts";
import { workflowUntrustedSocket } from "../checks/workflow/untrusted-socket.ts";
import { configCheck } from "./config-check.ts";
import { configRules } from "./lint.ts";

/** The checks of files that a run judges only if an input names them. `more.js` has them; every run knows their names. */
export const lintChecks: readonly Check[] = [...configRules.map(configCheck), workflowRunsOn, workflowUntrustedSocket];
