import { configCheck } from "../../config/check.ts";
import { unknownKey } from "../../config/rules/unknown-key.ts";

export const configUnknownKey = configCheck(unknownKey);
