import { unlessDead } from "../host/dead-mount.ts";
import type { Host, RunOutcome } from "../host/host.ts";
import { isWithin } from "../host/workspace.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where git reads its configuration, and which authorities it trusts. None of these starts a program. */
const places = /^GIT_(?:CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL)|SSL_(?:CAINFO|CAPATH|NO_VERIFY))$/;
const settings = /^(?:safe\.directory|http\.(?:.*\.)?ssl(?:CAInfo|CAPath|Verify|Backend))$/i;

/**
 * Runs git. It gets nothing of the environment that makes it start programs, so what it is told to trust has to be passed on.
 * Its own configuration applies, of the system and of the user.
 */
export async function runGit(
	host: Host,
	command: readonly string[],
	workspace: string,
	signal: AbortSignal,
): Promise<RunOutcome> {
	const env = {
		...trusted(host.env, workspace),
		GIT_TERMINAL_PROMPT: "0",
		GIT_ALLOW_PROTOCOL: "https",
		LC_ALL: "C",
		LANGUAGE: "",
	};
	const notStarted: RunOutcome = { kind: "not-started", code: "ETIMEDOUT", stdout: "", stderr: "", ms: 0 };
	return unlessDead(host.run(["git", ...command], { signal, env, maxOutput: 16 * 1024 }), () => notStarted);
}

function trusted(env: Env, workspace: string): Env {
	const entries = Object.entries(env).filter(
		([name, value = ""]) => places.test(name) && !(value.startsWith("/") && isWithin(value, workspace)),
	);
	const given = Array.from({ length: Math.min(Number(env.GIT_CONFIG_COUNT) || 0, 100) }, (_, at) => [
		env[`GIT_CONFIG_KEY_${at}`] ?? "",
		env[`GIT_CONFIG_VALUE_${at}`] ?? "",
	]).filter(([key = ""]) => settings.test(key));
	return {
		...Object.fromEntries(entries),
		GIT_CONFIG_COUNT: String(given.length),
		...Object.fromEntries(
			given.flatMap(([key, value], at) => [
				[`GIT_CONFIG_KEY_${at}`, key],
				[`GIT_CONFIG_VALUE_${at}`, value],
			]),
		),
	};
}
