import { configCheck } from "../../config/check.ts";
import { dockerHost } from "../../config/rules/docker-host.ts";

export const configDockerHost = configCheck(dockerHost);
