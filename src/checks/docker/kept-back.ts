import type { Policy } from "../../policy/policy.ts";
import { type ApiRequest, type EngineFacts, isDenied } from "../../probes/docker-engine.ts";

/** What something in front of a daemon does not let through. */
export interface KeptBack {
	/** The answer that a job sees first. */
	readonly first: ApiRequest;
	readonly denied: readonly ApiRequest[];
	/** Nothing of Docker is left to a job, or not what the profile wants it for. */
	readonly isUseless: boolean;
}

/**
 * Does something in front of the daemon keep back what jobs need? If a job can neither list containers nor images, or neither start
 * nor build, nothing of Docker is left to it. A proxy that keeps back less may be meant so, and no job needs `/info`.
 */
export function whatIsKept({ requests = [] }: EngineFacts, docker: Policy["docker"]): KeptBack | undefined {
	const all = requests.filter(isDenied);
	const isKept = (name: ApiRequest["name"]): boolean => all.some((one) => one.name === name);
	const wantsBuilds = docker.plugins.includes("buildx");
	const isForBuilds = ({ name }: ApiRequest): boolean => ["build", "session", "grpc"].includes(name);
	const first = all.find(({ name }) => name === "create") ?? all.find((one) => wantsBuilds || !isForBuilds(one));
	if (!first) return undefined;
	const isUseless =
		(isKept("containers") && isKept("images")) ||
		(isKept("create") && isKept("build")) ||
		(wantsBuilds && all.some(isForBuilds));
	return { first, denied: all, isUseless };
}

/** Does the daemon's address lead to a proxy that leaves nothing to a job? It needs no protection, and lets nobody in. */
export function isKeptBack(engine: EngineFacts, docker: Policy["docker"]): boolean {
	const { version } = engine;
	if (version.kind === "http-error") return [401, 403, 407].includes(version.status);
	return version.kind === "ok" && whatIsKept(engine, docker)?.isUseless === true;
}
