import { createServer } from "node:net";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { runAction, standIns } from "./support/action.ts";
import { leftoverMark } from "./support/job.ts";
import { findings } from "./support/outcome.ts";
import { listening } from "./support/sockets.ts";

const world = inject("world");

test("ten hung tools and a hung daemon cost one deadline, and nothing is left of them", async () => {
	const names = Array.from({ length: 10 }, (_, index) => `hung-${index}`);
	const hang = `trap '' TERM INT HUP\nsleep ${leftoverMark} &\nwhile :; do sleep ${leftoverMark}; done`;
	const bin = await standIns(world, Object.fromEntries(names.map((name) => [name, hang])));
	await using silent = await listening(createServer(), join(world.folder, "silent.sock"));
	const healthy = await runAction(world);

	const { ms, report, left, exit } = await runAction(world, {
		path: `${bin}:${world.hostPath}`,
		env: { DOCKER_HOST: `unix://${silent.path}` },
		with: { timeout: "2s", docker: "required", tools: names.map((name) => `${name}: "*"`).join("\n") },
	});
	console.log(`ten hung tools and a hung daemon, timeout 2 s: ended after ${Math.round(ms)} ms`);

	// The healthy run tells how fast this machine is right now. One deadline after the other would take 22 s.
	expect(ms - healthy.ms).toBeLessThan(2000 + 1500);
	expect(left).toEqual([]);
	expect(exit).toBe(1);
	expect(findings(report, "fail", "error")).toEqual(
		["docker/daemon:timeout", ...names.map((name) => `tool/${name}:timeout`)].sort(),
	);
	// whatever else there is to say is said as on the healthy machine
	const rest = (results: typeof report.results) =>
		results.filter(({ id }) => !id.startsWith("docker/") && !names.includes(id.replace("tool/", "")));
	const statusOf = ({ id, status }: { id: string; status: string }) => `${id} ${status}`;
	expect(rest(report.results).map(statusOf)).toEqual(rest(healthy.report.results).map(statusOf));
});
