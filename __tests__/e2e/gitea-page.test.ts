import { expect, inject, test } from "vitest";
import { giteaRows, visibleText } from "../support/gitea-log.ts";
import { builderUser } from "./support/builder-image.ts";
import { runJob } from "./support/job.ts";

/** What the real runner prints for a step, shown as Gitea's page shows it: groups folded, annotations as rows. */
const world = inject("world");

test("a healthy step shows the verdict, the versions and the counts without a click", async () => {
	const { log } = await runJob(world, {});
	const lines = visibleText(log).trim().split("\n");
	expect(lines.slice(0, 4)).toEqual([
		"▸ Run ./",
		expect.stringMatching(/^✔ Runner healthy: /),
		expect.stringMatching(/^ {2}rustc [\d.]+, cargo [\d.]+, docker [\d.]+, node [\d.]+, git [\d.]+$/),
		expect.stringMatching(/^ {2}\d+ passed, \d+ skipped, \d+ ms$/),
	]);
	expect(lines.at(-1)).toBe("▸ All checks");
	expect(lines.length).toBeLessThan(10);
	expect(log).toContain("\u001b[32m"); // the page renders colors
});

test("a broken step shows each finding and its fix in the open, and one short row for each", async () => {
	const { log } = await runJob(world, { options: `--user ${builderUser}`, with: { tools: 'ffmpeg: "*"' } });
	const visible = visibleText(log);
	expect(visible).toMatch(/✖ Runner misconfigured[\s\S]*ffmpeg is not installed[\s\S]*Fix it in the image/);
	expect(visible).toContain("Permission denied on the Docker socket");
	const rows = giteaRows(log).filter(({ kind }) => kind === "error");
	expect(rows.map(({ text }) => text)).toEqual([
		expect.stringContaining("ffmpeg is not installed"),
		expect.stringContaining("Permission denied on the Docker socket"),
	]);
	for (const { text } of rows) {
		expect(text.length).toBeLessThanOrEqual(120);
		expect(text).not.toContain("%0A");
	}
	const prose = visible.split("\n").filter((line) => !/^ {6}|https?:/.test(line));
	expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(120);
});
