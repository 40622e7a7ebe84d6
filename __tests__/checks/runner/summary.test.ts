import { expect, test } from "vitest";
import { runnerSummary } from "../../../src/checks/runner/summary.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { judge } from "../../support/builders.ts";
import { createJob } from "./facts.ts";

const verdictOf = (job: Partial<JobFacts>) => judge(runnerSummary, { job: createJob(job) });

test.each<[string, Partial<JobFacts>]>([
	["Gitea with the capability and a runner of unknown version", { runnerVersion: "dev" }],
	["GitHub", { system: "github", capabilities: [] }],
	["Forgejo, whose versions mean something else", { system: "forgejo", capabilities: [], runnerVersion: "v1.0.0" }],
])("shown: %s", (_name, job) => {
	expect(verdictOf(job)).toMatchObject({ kind: "pass", evidence: [{}] });
});

test("Forgejo without a file for it", () => {
	expect(verdictOf({ system: "forgejo", summaryFile: false })).toMatchObject({ kind: "skip", reason: "not-shown" });
});
