import { configCheck } from "../../config/check.ts";
import { capacity } from "../../config/rules/capacity.ts";

export const configCapacity = configCheck(capacity);
