import type { DockerSince } from "../probes/docker-since.ts";
import type { KernelMessages } from "../probes/kernel-messages.ts";
import type { OwnJob } from "../probes/own-job.ts";
import type { WrittenSince } from "../probes/written-since.ts";
import { only } from "./facts.ts";

/** The facts of probes that are made for the job that has ended. */
export const dockerSince = only<DockerSince>("docker-since");
export const kernelMessages = only<KernelMessages>("kernel-messages");
export const ownJob = only<OwnJob>("own-job");
export const writtenSince = only<WrittenSince>("written-since");
