import { checkRunner } from "./check-runner.ts";
import { onCrash } from "./host/on-crash.ts";
import { createRealHost } from "./host/real-host.ts";
import { doWithoutStderr, watchStdout } from "./host/terminal.ts";
import { untilSignal } from "./host/until-signal.ts";
import { defaultReportDir, inputsFromEnv, mountPatienceMs, resolveInputs } from "./inputs.ts";
import { isConfigurationError } from "./mistake.ts";
import { decideProfile } from "./policy/auto-profile.ts";
import { publish } from "./publish.ts";
import { publishCrash, publishMistakes } from "./publish-mistakes.ts";
import { exitCodeOf } from "./report/verdict.ts";

/** The action: reads the inputs, runs the checks, and has them published. @returns the exit code of the step. */
export async function runAction(): Promise<number> {
	onCrash(publishCrash, 1);
	doWithoutStderr();
	try {
		return await untilSignal(run);
	} catch (error) {
		if (isConfigurationError(error)) publishMistakes(error.mistakes);
		else publishCrash(error);
		return 1;
	}
}

async function run(signal: AbortSignal): Promise<number> {
	const isLogWhole = watchStdout();
	const inputs = inputsFromEnv(process.env);
	const host = createRealHost(process.env, mountPatienceMs(inputs.timeout));
	const { request, ...decided } = await resolveInputs(inputs, {
		host,
		decideProfile: (...known) => decideProfile(host, ...known, signal),
		defaultReportDir: defaultReportDir(host.env),
	});
	const report = await checkRunner(host, request, { ...decided, signal });
	if (signal.aborted) return 1;
	const isWritten = await publish(report, request, host);
	const isPrinted = await isLogWhole();
	return isWritten && isPrinted ? exitCodeOf(report.verdict, request.failOn) : 1;
}
