/** Entry of the action: reads the inputs, runs the checks, has them published, and exits. */
import { checkRunner } from "./check-runner.ts";
import { createRealHost } from "./host/real-host.ts";
import { defaultReportDir, inputsFromEnv, resolveInputs } from "./inputs.ts";
import { isConfigurationError } from "./mistake.ts";
import { exitCodeOf } from "./report/verdict.ts";

// Unconditionally: "am I the main module" is false below /var/run, where Gitea's runner keeps actions.
main().then(
	(code) => process.exit(code),
	async (error: unknown) => {
		const { publishCrash } = await import("./publish-mistakes.ts");
		publishCrash(error);
		process.exit(1);
	},
);

/** @returns the exit code of the step. */
async function main(): Promise<number> {
	const host = createRealHost(process.env);
	try {
		const { request, ...decided } = await resolveInputs(inputsFromEnv(host.env), {
			host,
			decideProfile: async (token, timeoutMs, file) => {
				const { decideProfile } = await import("./policy/auto-profile.ts");
				return decideProfile(host, token, timeoutMs, file);
			},
			loadChecks: () => import("./checks/known-checks.ts"),
			defaultReportDir: defaultReportDir(host.env),
		});
		const report = await checkRunner(host, request, decided);
		const { publish } = await import("./judge.ts");
		await publish(report, request);
		return exitCodeOf(report.verdict, request.failOn);
	} catch (error) {
		if (!isConfigurationError(error)) throw error;
		const { publishMistakes } = await import("./publish-mistakes.ts");
		publishMistakes(error.mistakes);
		return 1;
	}
}
