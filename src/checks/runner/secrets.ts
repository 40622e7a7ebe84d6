import { containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type RegistrationFacts, type RunnerFile, registrationProbe } from "../../probes/registration.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { code, listed, octal, shellQuote } from "../text.ts";
import { restartCommand } from "./labels.ts";

type Reason = "registration-token-visible" | "world-readable-registration";

/** Looks at names and modes only: neither a value of the environment nor the content of a file is read. */
export const runnerSecrets = defineCheck({
	id: "runner/secrets",
	title: "Jobs and other users cannot read how the runner registered",
	reasons: {
		"registration-token-visible": { level: "fail", title: "Jobs see the token with which runners register" },
		"world-readable-registration": {
			level: "fail",
			title: "Every user of the host can read the runner's registration",
		},
	},
	needs: { registration: registrationProbe, container: containerProbe, job: jobProbe },
	judge({ registration, container, job }): Verdict<Reason> {
		const { tokenVariables, files } = registration;
		// In a terminal it is the administrator's own, on the way to a registration. The runner's health check has no job, but what it
		// sees every host job will see.
		if (job.system !== "none" && tokenVariables.length > 0) return tokenVisible(registration, job, container.mode);
		const open = files.filter(({ role, readableByAll }) => role !== "config" && readableByAll);
		if (open.length > 0) return worldReadable(open, files);
		const closed = files.filter(({ role }) => role === "registration").map(({ path }) => code(path));
		const message =
			closed.length > 0
				? `no token in the environment; others cannot read ${listed(closed)}`
				: "no token in the environment";
		return { kind: "pass", message, evidence: evidenceOf(files) };
	},
});

function evidenceOf(files: readonly RunnerFile[]): Evidence[] {
	return files.map(({ path, mode, uid, readableByAll }) => ({
		source: path,
		text: `mode ${octal(mode)}, uid ${uid}${readableByAll ? ", everybody can read it" : ""}`,
	}));
}

function tokenVisible({ tokenVariables }: RegistrationFacts, job: JobFacts, mode: string): Finding<Reason> {
	const names = listed(tokenVariables.map(code));
	return {
		kind: "finding",
		reason: "registration-token-visible",
		message: `${names} ${tokenVariables.length === 1 ? "is" : "are"} set in the environment of ${job.inJob ? "this job" : "the runner"}.`,
		why: "With a registration token anybody can register a runner of their own, take jobs with it, and see their secrets. Every step and every dependency of a job reads its environment.",
		expected: "no registration token in the environment of jobs",
		observed: tokenVariables.join(", "),
		evidence: tokenVariables.map((name) => ({ source: "environment", text: `${name} is set (value not read)` })),
		remedy: mode === "container" ? outOfContainer(tokenVariables, job) : outOfService(tokenVariables, job),
	};
}

function outOfContainer(names: readonly string[], job: JobFacts): Remedy {
	return {
		text: `Remove ${listed(names.map(code))} from \`runner.envs\`, from the file that \`runner.env_file\` names, from \`container.options\` (\`-e\`) and from \`env:\` of the workflow, then reset the token in the forge: take it for known.`,
		commands: ["grep -rn REGISTRATION_TOKEN /etc/gitea-runner /etc/act_runner 2>/dev/null", restartCommand(job)],
		kind: "runner",
	};
}

/** Host jobs inherit the whole environment of the runner. */
function outOfService(names: readonly string[], job: JobFacts): Remedy {
	const unset = names.map((name) => `UnsetEnvironment=${name}`);
	return {
		text: "A host job inherits the environment of the runner's process. The token is needed once, for registering: take it out of the unit, its `EnvironmentFile`, or the `docker run` that starts the runner, and restart. Then reset the token in the forge (Settings, Actions, Runners): take it for known.",
		config: { file: "sudo systemctl edit gitea-runner", language: "ini", text: ["[Service]", ...unset].join("\n") },
		commands: [restartCommand(job)],
		kind: "runner",
	};
}

function worldReadable(open: readonly RunnerFile[], files: readonly RunnerFile[]): Finding<Reason> {
	const paths = open.map(({ path }) => path);
	const configs = files.filter(({ role, readableByAll }) => role === "config" && readableByAll);
	const alsoOpen =
		configs.length > 0
			? ` ${listed(configs.map(({ path }) => code(path)))} can be read by all as well, which matters if it holds \`external_secret\` or passwords of registries.`
			: "";
	return {
		kind: "finding",
		reason: "world-readable-registration",
		message: `Every user of this machine can read ${listed(paths.map(code))}.`,
		why: "It holds the runner's own token: whoever has that can act as this runner, take its jobs and read the secrets in them.",
		expected: "mode 0600, or a directory that is closed to others",
		observed: open.map(({ mode }) => octal(mode)).join(", "),
		evidence: evidenceOf(files),
		remedy: {
			text: `Close it to everybody but the runner's user. If others have accounts on this machine, register the runner anew: its token may be known.${alsoOpen}`,
			commands: [`sudo chmod 600 ${paths.map(shellQuote).join(" ")}`],
			kind: "host",
		},
	};
}
