import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Case, cases } from "./cases.ts";
import { runJob } from "./support/job.ts";
import { findings, oneLine } from "./support/outcome.ts";
import { type BrokenSockets, brokenSockets } from "./support/sockets.ts";

const world = inject("world");
let sockets: BrokenSockets;
const record: string[] = [];

beforeAll(async () => {
	sockets = await brokenSockets(world, join(world.folder, "sockets"));
});
afterAll(async () => {
	await sockets?.[Symbol.asyncDispose]();
	console.log(record.join("\n"));
});

describe("a job on a real runner", () => {
	test.each(cases)("$name", async (theCase) => {
		const outcome = await runJob(world, jobOf(theCase));
		record.push(oneLine(theCase.name, outcome));

		expect(findings(outcome.report, "fail", "error")).toEqual(theCase.fails);
		expect(findings(outcome.report, "warn")).toEqual(theCase.warns ?? []);
		expect(outcome.exit).toBe(theCase.fails.length === 0 ? 0 : 1);
		expect(outcome.outputs.verdict).toBe(outcome.report.verdict);
		expect(JSON.parse(outcome.outputs.failures ?? "")).toEqual(theCase.fails);
		expect(outcome.summary).toContain(outcome.report.verdict);
		for (const finding of theCase.fails) expect(outcome.log).toContain(finding.split(":")[0]);
		expect(outcome.left).toEqual([]);
	});
});

function jobOf({ socket, options, ...rest }: Case) {
	return {
		...rest,
		...(options !== undefined && { options: options.replace("OLD_DOCKER", world.oldClient) }),
		...(socket !== undefined && { socket: socket === "missing" ? null : sockets[socket] }),
	};
}
