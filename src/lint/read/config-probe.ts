import type { Host } from "../../host/host.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Request } from "../../request.ts";
import type { RunnerConfigFacts } from "../facts.ts";
import { ignoreFacts } from "../ignores.ts";
import { composeFile } from "../recognize/look-alikes.ts";
import { loadRunnerConfig } from "./load.ts";

const nothing: RunnerConfigFacts = { files: [] };

/** The runner's configuration, if the request names one: parsed, and without secrets. */
export const runnerConfigProbe: Probe<RunnerConfigFacts> = {
	name: "runner-config",
	unnamed: nothing,
	async collect(host: Host, request: Request, signal: AbortSignal): Promise<RunnerConfigFacts> {
		if (request.runnerConfig === undefined) return nothing;
		const sources = { files: [request.runnerConfig], directory: request.workspace };
		const { facts, workflows, composes, texts } = await loadRunnerConfig(host, sources, signal);
		const others = workflows.map((path) => ({ kind: "foreign", path, what: "a workflow" }) as const);
		const compose = composes.map(({ path }) => ({ kind: "foreign", path, what: composeFile }) as const);
		const ignores = ignoreFacts(texts);
		return { ...facts, files: [...facts.files, ...others, ...compose], ...(ignores.length > 0 && { ignores }) };
	},
};
