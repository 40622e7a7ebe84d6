import { configCheck } from "../../config/check.ts";
import { service } from "../../config/rules/service.ts";

export const configService = configCheck(service);
