import { configCheck } from "../../config/check.ts";
import { toolCache } from "../../config/rules/tool-cache.ts";

export const configToolCache = configCheck(toolCache);
