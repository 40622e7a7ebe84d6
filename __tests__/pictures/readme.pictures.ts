import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { builderUser } from "../e2e/support/builder-image.ts";
import { startForge } from "../e2e/support/forge.ts";
import { GiteaServer, stepLog } from "../e2e/support/gitea-server.ts";
import { RunnerDaemon } from "../e2e/support/runner-daemon.ts";
import { giteaHtml } from "../support/gitea-log.ts";
import { summaryHtml, takePicture } from "./browser.ts";

interface Shown {
	readonly name: string;
	/** `container.options` of the runner's configuration. */
	readonly containerOptions?: string;
	/** Inputs of the action. */
	readonly with?: Readonly<Record<string, string>>;
	readonly result: string;
}

/** Around the summary in the job's log. */
const mark = "-- summary --";

/** The README's pictures: what real jobs of a registered runner print and summarize. */
const jobs: readonly Shown[] = [
	{ name: "healthy", result: "success" },
	{
		name: "broken",
		containerOptions: `--user ${builderUser}`, // outside the group of the Docker socket
		with: { tools: 'ffmpeg: "*"' },
		result: "failure",
	},
];

test.each(jobs)("$name", { timeout: 120_000 }, async ({ name, containerOptions, with: inputs, result }) => {
	const world = inject("world");
	await using forge = await startForge(join(world.folder, `pictures-${name}`));
	await using server = await GiteaServer.start(world.giteaServer);
	await using _runner = await RunnerDaemon.start(world, {
		instance: server.url,
		...(containerOptions !== undefined && { containerOptions }),
	});
	const label = "matric-builder";
	const steps = [
		{ uses: "fortemi/runner-check@v1", id: "check", with: { formats: "json, markdown", ...inputs } },
		{
			if: "always()",
			shell: "sh",
			run: `echo ${mark}; cat "$(dirname "\${{ steps.check.outputs.report }}")/summary.md"; echo ${mark}`,
		},
	];
	const { id } = await server.queue({
		labels: [label],
		context: { gitea_default_actions_url: forge.url },
		workflow: { name: "check.yml", on: "push", jobs: { check: { "runs-on": label, steps } } },
	});
	const task = await server.ended(id);
	expect(task.result, task.rows.join("\n")).toBe(result);
	const [, summary = ""] = `${stepLog(task, 1)}\n`.split(`\n${mark}\n`);
	expect(summary).toContain("Runner ");
	// The last line of a failed step is the runner's, not ours.
	const log = stepLog(task, 0).replace(/\n##\[error\].*$/s, "");
	takePicture("summary.html", summaryHtml(summary), `docs/images/summary-${name}.png`, 1060);
	takePicture("log.html", giteaHtml(log), `docs/images/log-${name}.png`, 1000);
});
