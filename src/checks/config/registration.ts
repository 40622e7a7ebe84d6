import { configCheck } from "../../config/check.ts";
import { registration } from "../../config/rules/registration.ts";

export const configRegistration = configCheck(registration);
