import type { RegistryLook } from "../../probes/registry.ts";
import type { LoginFacts } from "../../probes/registry-login.ts";
import type { Situation } from "../docker/situation.ts";
import { code, listed } from "../text.ts";
import { tellFailure } from "./connection.ts";

/** What the sentences about an answer of a registry need. */
export interface Asked {
	/** The registry, as images name it. */
	readonly host: string;
	/** The request that failed. */
	readonly look: RegistryLook;
	/** Other images of this registry that fail for the same reason. */
	readonly others: readonly string[];
	readonly login: LoginFacts;
	readonly situation: Situation;
}

/** Why a failed request matters. @param error What Docker says then. */
export function whyOf({ look }: Asked, error?: string): string {
	const how = error === undefined ? "" : ` with ${code(error)}`;
	return look.image === undefined
		? `Jobs whose image comes from there fail during setup${how}, and so does every pull in a job.`
		: `A job that needs this image fails during setup${how}, and so does every pull of it in a job.`;
}

/** What should have answered. */
export function expectedOf({ host, look }: Asked): string {
	return look.image === undefined ? `a registry that answers at ${host}` : `a manifest for ${look.image}`;
}

/** The registry, or its token server. */
export function subjectOf({ host, look }: Asked): string {
	return look.at === "registry" ? code(host) : `The token server of ${code(host)} (${code(look.url)})`;
}

/** Sentences about the other images and the daemon's mirrors, or nothing. */
export function also({ others, look: { mirrors = [] } }: Asked): string {
	const same = others.length === 0 ? "" : ` The same is true for ${listed(others.map(code))}.`;
	const failed = mirrors.map(({ url, answer }) => {
		return `${code(url)} (${answer.kind === "answered" ? `status ${answer.status}` : tellFailure(answer)})`;
	});
	if (failed.length === 0) return same;
	const who = failed.length === 1 ? `mirror ${failed[0]} was` : `mirrors ${listed(failed)} were`;
	return `${same} The daemon's ${who} asked first.`;
}

/** What was asked, or what anyone may ask. */
export function urlOf({ host, look }: Asked): string {
	return look.url || `https://${host}/v2/`;
}

/**
 * Does the daemon reach it and this job not? Then pulls work, and builds do not: BuildKit leaves the token to its client (docker/cli#4501).
 */
export function isOnlyForPulls({ byDaemon, needsToken, answer }: RegistryLook): boolean {
	if (byDaemon !== true || needsToken !== true || answer.kind !== "answered") return false;
	return answer.status === 200 && answer.genuine && answer.pulls?.left !== 0;
}
