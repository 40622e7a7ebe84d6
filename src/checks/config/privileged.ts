import { configCheck } from "../../config/check.ts";
import { privileged } from "../../config/rules/privileged.ts";

export const configPrivileged = configCheck(privileged);
