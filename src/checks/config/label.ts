import { configCheck } from "../../config/check.ts";
import { label } from "../../config/rules/label.ts";

export const configLabel = configCheck(label);
