import { configCheck } from "../../config/check.ts";
import { options } from "../../config/rules/options.ts";

export const configOptions = configCheck(options);
