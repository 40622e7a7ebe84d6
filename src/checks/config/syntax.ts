import { configCheck } from "../../config/check.ts";
import { syntax } from "../../config/rules/syntax.ts";

export const configSyntax = configCheck(syntax);
