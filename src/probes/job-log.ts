import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { within } from "./deadline.ts";
import { bounded } from "./docker-endpoint.ts";
import { ownApi, ownRequest } from "./own-job.ts";
import type { Probe } from "./probe.ts";

/** What this job's own log says. The job may print anything, so it is never proof. */
export interface JobLog {
	/** Messages of programs that found a disk full; the last ones. Left out if the log could not be read. */
	readonly noSpace?: readonly LogLine[];
}

export interface LogLine {
	/** Unix time in milliseconds, as the runner noted it. */
	readonly time?: number;
	readonly text: string;
}

const budgetMs = 2000;
const maxBytes = 1024 * 1024;
const maxLines = 3;
/** The end of a message of a program. A script that looks for these words has quotes around them, and our own report backquotes. */
const noSpace = /(?:[:(] ?|\[Errno 28\] )no space left on device(?:$|[,:)\s])/i;

/**
 * `GET /repos/{owner}/{repository}/actions/jobs/{id}/logs` of this very job, which Gitea also answers while it runs; only the end of a
 * long log, if the forge answers with a part. Runners send a step's log before they say that it has ended, so where the record of the
 * job has that, the log is whole. Asked with the token that names the job, and only the forge itself.
 */
export const jobLogProbe: Probe<JobLog> = {
	name: "job-log",
	async collect(host: Host, request: Request, signal: AbortSignal): Promise<JobLog> {
		const own = ownApi(host.env);
		if ("why" in own) return {};
		return within(Math.min(budgetMs, request.timeoutMs), signal, async (limited) => {
			const wanted = ownRequest(own, "/logs", limited);
			const headers = { ...wanted.headers, accept: "text/plain", range: `bytes=-${maxBytes}` };
			const answer = await host.request({ ...wanted, headers, maxBody: maxBytes });
			if (answer.kind !== "answered" || (answer.status !== 200 && answer.status !== 206)) return {};
			return { noSpace: linesIn(answer.body) };
		});
	},
};

function linesIn(body: string): readonly LogLine[] {
	const found = body.split("\n").filter((line) => line.length < 10_000 && noSpace.test(line));
	return found
		.filter((line) => !line.includes("runner-check: "))
		.slice(-maxLines)
		.map(lineOf);
}

/** `2026-01-02T15:03:09.2551234Z text` */
function lineOf(line: string): LogLine {
	const [, stamp, text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/.exec(line.trimEnd()) ?? [];
	const time = Date.parse(stamp ?? "");
	return { ...(Number.isFinite(time) && { time }), text: bounded(text, 300) };
}
