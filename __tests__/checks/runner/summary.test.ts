import { expect, test } from "vitest";
import { runnerSummary } from "../../../src/checks/runner/summary.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { judge } from "../../support/builders.ts";
import { createJob } from "./facts.ts";

const verdictOf = (job: Partial<JobFacts>) => judge(runnerSummary, { job: createJob(job) });

test.each<[string, Partial<JobFacts>]>([
	["Gitea with the capability", {}],
	["Gitea with the capability, and a runner of unknown version", { runnerVersion: "dev" }],
	["GitHub", { system: "github", capabilities: [] }],
])("shown: %s", (_name, job) => {
	expect(verdictOf(job)).toEqual({ kind: "pass", message: "Shown with the job" });
});

test("Forgejo does not tell, and is not blamed for it", () => {
	const verdict = verdictOf({ system: "forgejo", capabilities: [], runnerVersion: "v1.0.0" });
	expect(verdict).toMatchObject({ kind: "pass", message: expect.stringContaining("Forgejo does not tell") });
});

test.each<[string, Partial<JobFacts>, string]>([
	["an old Gitea", { capabilities: [] }, "1.27"],
	["an old runner", { capabilities: [], runnerVersion: "v1.0.8" }, "Runner v1.0.8"],
	["a run without a server", { system: "act", capabilities: [] }, "without a server"],
	["no file for it", { summaryFile: false }, "`GITHUB_STEP_SUMMARY` is not set"],
	["Forgejo, no file for it", { system: "forgejo", summaryFile: false }, "`GITHUB_STEP_SUMMARY` is not set"],
])("not-shown: %s", (_name, job, message) => {
	expect(verdictOf(job)).toMatchObject({
		kind: "skip",
		reason: "not-shown",
		message: expect.stringMatching(message.replace(/[`.]/g, "\\$&")),
	});
});

test("not-applicable outside of a job", () => {
	expect(verdictOf({ inJob: false, system: "none" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});
