import { accountProbe } from "../../probes/account.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type RunnerFile, registrationProbe } from "../../probes/registration.ts";
import { defineCheck, type Evidence, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { octal } from "../text.ts";
import { finding } from "../words.ts";
import { intro, nothingVisible, words } from "./secrets-words.ts";

/** Looks at names and modes only: it reads neither values of variables nor contents of files. */
export const runnerSecrets = defineCheck({
	id: "runner/secrets",
	title: "Jobs and other users cannot read the registration",
	intro,
	reasons: words,
	needs: { registration: registrationProbe, container: containerProbe, job: jobProbe, account: accountProbe },
	judge({ registration, container, job, account }): Verdict<keyof typeof words> {
		const { tokenVariables: names, files } = registration;
		// In a terminal, the variable belongs to the administrator who registers a runner. The runner's health check is not a job,
		// but host jobs will see what it sees.
		if (job.system !== "none" && names.length > 0) {
			const seen = { names, inJob: job.inJob, situation: situationOf(container, job) };
			const evidence = names.map((name) => ({ source: "environment", text: `${name} is set (value not read)` }));
			return finding(words, "registration-token-visible", seen, { observed: names.join(", "), evidence });
		}
		const evidence = evidenceOf(files);
		const open = files.filter(({ role, readableByAll }) => role !== "config" && readableByAll);
		if (open.length > 0) {
			const openConfigs = files.filter(({ role, readableByAll }) => role === "config" && readableByAll);
			const observed = open.map(({ mode }) => octal(mode)).join(", ");
			return finding(
				words,
				"world-readable-registration",
				{ open, openConfigs, uid: account.uid },
				{ observed, evidence },
			);
		}
		if (files.some(({ readableByAll }) => typeof readableByAll !== "boolean")) {
			return nothingSeen("runner/secrets", "who can read the files");
		}
		const closed = files.filter(({ role }) => role === "registration").map(({ path }) => path);
		const inEnvironment = names.length === 0 ? "no registration token" : `${names.join(", ")} (value not read)`;
		return {
			kind: "pass",
			message: nothingVisible(names, closed),
			evidence: [{ source: "environment", text: inEnvironment }, ...evidence],
		};
	},
});

function evidenceOf(files: readonly RunnerFile[]): Evidence[] {
	return files.map(({ path, mode, uid, readableByAll }) => ({
		source: path,
		text: `mode ${octal(mode)}, uid ${uid}${readableByAll ? ", every user can read it" : ""}`,
	}));
}
