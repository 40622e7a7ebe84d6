import { configCheck } from "../../config/check.ts";
import { cache } from "../../config/rules/cache.ts";

export const configCache = configCheck(cache);
