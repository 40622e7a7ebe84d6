import { afterChecks } from "../after/list.ts";
import { composeRules } from "../lint/compose/rules.ts";
import type { KnownCheck } from "./check.ts";

/** The checks that are in no report of a run: the lint's for compose files, and those of the second look. */
export const otherChecks: readonly KnownCheck[] = [...composeRules, ...afterChecks];
