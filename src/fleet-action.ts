import { setUpTrouble } from "./fleet/forge/set-up.ts";
import { fleetPolicy } from "./fleet-policy.ts";
import { isDeadMount } from "./host/dead-mount.ts";
import { onCrash } from "./host/on-crash.ts";
import { createRealHost } from "./host/real-host.ts";
import { doWithoutStderr, watchStdout } from "./host/terminal.ts";
import { untilSignal } from "./host/until-signal.ts";
import { workspaceOf } from "./host/workspace.ts";
import { inputOf } from "./input-of.ts";
import { isConfigurationError } from "./mistake.ts";
import { publishFleet } from "./publish-fleet.ts";
import { publishCrash, publishError, publishMistakes } from "./publish-mistakes.ts";
import { exitCodeOf } from "./report/verdict.ts";

/** The fleet action: reads the runs of the health check, and tells who has to know. @returns the exit code of the step. */
export async function runFleetAction(): Promise<number> {
	onCrash(publishCrash, 1);
	doWithoutStderr();
	try {
		return await untilSignal(run);
	} catch (error) {
		if (isConfigurationError(error)) publishMistakes(error.mistakes);
		else if (isDeadMount(error)) publishError(error.message);
		else publishCrash(error);
		return 1;
	}
}

async function run(signal: AbortSignal): Promise<number> {
	const isLogWhole = watchStdout();
	const { fleetInputNames, fleetOptions, watchFleet } = await import("./more.ts");
	const given = fleetInputNames.map((name) => [name, inputOf(process.env, name)] as const);
	const inputs = Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ""));
	const options = fleetOptions(inputs);
	const host = createRealHost(process.env);
	const workspace = workspaceOf(host.env, host.cwd());
	const policy = await fleetPolicy(host, workspace, options.policy);
	const now = new Date().toISOString();
	const watched = await watchFleet(host, options, { workspace, policy, now, diagnose: setUpTrouble }, signal);
	if (signal.aborted) return 1;
	const isWritten = await publishFleet(watched, options, host);
	const isPrinted = await isLogWhole();
	const isGood = isWritten && isPrinted && watched.errors.length === 0;
	return isGood ? exitCodeOf(watched.fleet.verdict, options.failOn) : 1;
}
