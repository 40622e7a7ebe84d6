import { configCheck } from "../../config/check.ts";
import { gpuLabel } from "../../config/rules/gpu-label.ts";

export const configGpuLabel = configCheck(gpuLabel);
