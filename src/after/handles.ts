import type { DockerSince } from "../probes/docker-since.ts";
import type { KernelMessages } from "../probes/kernel-messages.ts";
import type { WrittenSince } from "../probes/written-since.ts";
import { only } from "./facts.ts";

/** The facts of probes that look back to the start of the job. */
export const dockerSince = only<DockerSince>("docker-since");
export const kernelMessages = only<KernelMessages>("kernel-messages");
export const writtenSince = only<WrittenSince>("written-since");
