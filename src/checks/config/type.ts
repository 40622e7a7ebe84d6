import { configCheck } from "../../config/check.ts";
import { type } from "../../config/rules/type.ts";

export const configType = configCheck(type);
