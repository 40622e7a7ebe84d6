import { expect, inject, test } from "vitest";
import { builderUser } from "../e2e/support/builder-image.ts";
import { type Job, runJob } from "../e2e/support/job.ts";
import { giteaHtml } from "../support/gitea-log.ts";
import { summaryHtml, takePicture } from "./browser.ts";

/** The README's pictures: what real jobs on the real runner print and summarize. */
const jobs: readonly (readonly [name: string, job: Job, verdict: string])[] = [
	["healthy", {}, "healthy"],
	[
		"broken",
		{ options: `--user ${builderUser}`, with: { tools: 'ffmpeg: "*"' } }, // outside the group of the Docker socket
		"misconfigured",
	],
];

test.each(jobs)("%s", { timeout: 120_000 }, async (name, job, verdict) => {
	const { report, summary, log } = await runJob(inject("world"), job);
	expect(report.verdict).toBe(verdict);
	takePicture("summary.html", summaryHtml(summary), `docs/images/summary-${name}.png`, 1060);
	takePicture(
		"log.html",
		giteaHtml(log.replace("::group::Run ./", "::group::Run fortemi/runner-check@v1")),
		`docs/images/log-${name}.png`,
		1000,
	);
});
