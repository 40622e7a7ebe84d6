import type { Answer, Facts } from "../../probes/probe.ts";
import { code, folded, markdown, table } from "../../render/markdown-text.ts";
import { docsUrl } from "../../render/summary-marks.ts";
import type { Report } from "../../report/report.ts";
import { runnerConfigProbe } from "../read/config-probe.ts";
import { workflowsProbe } from "../read/workflow-probe.ts";
import { type Posture, postureOf } from "./posture.ts";
import { closedLine, postureCells, postureHead, postureNotes } from "./posture-text.ts";
import { labelPowers } from "./powers.ts";

/** Nobody reads a longer table in a summary. */
const maxRows = 40;

/**
 * What strangers reach, as a part of the job summary; empty if no input names a workflow and a configuration, if nothing is open, and
 * if the check that tells the same is switched off. Folded, unless that check found something.
 */
export function postureBlock({ facts, results }: Report): string {
	const check = results.find(({ id }) => id === "workflow/untrusted-socket");
	const isJudged =
		check && (check.status !== "skip" || check.reason === "not-applicable" || check.accepted !== undefined);
	const posture = isJudged ? postureIn(facts) : undefined;
	if (!posture || posture.rows.length === 0) return "";
	const title = `What strangers reach: ${posture.rows.length} ${posture.rows.length === 1 ? "way" : "ways"}`;
	const body = [tableOf(posture), ...closedLine(posture.closed).map(text), ...postureNotes(posture).map(text), more];
	return check?.status === "pass" || check?.status === "skip"
		? folded(title, body.join("\n\n"))
		: [`### ${title}`, ...body].join("\n\n");
}

const more = `[How to read this table](${docsUrl("docs/posture.md")})`;

function postureIn(facts: Facts): Posture | undefined {
	const workflows = factsOf(facts, workflowsProbe);
	const config = factsOf(facts, runnerConfigProbe);
	if (!workflows || !config) return undefined;
	try {
		const labels = labelPowers(config);
		return labels.length === 0 ? undefined : postureOf(workflows.files, labels);
	} catch {
		// A report that is judged again may hold facts of any form. Its checks say so.
		return undefined;
	}
}

function factsOf<T>(facts: Facts, { name }: { readonly name: string; readonly unnamed?: T }): T | undefined {
	const answer = facts[name] as Answer<T> | undefined;
	return answer?.ok ? answer.value : undefined;
}

function tableOf({ rows }: Posture): string {
	const shown = rows.slice(0, maxRows).map((row) => {
		const [event = "", job = "", label = "", opened = "", given = ""] = postureCells(row);
		return [code(event, 60), code(job, 120), code(label, 120), code(opened, 200), markdown(given, 300)];
	});
	const rest = rows.length - shown.length;
	return table(postureHead, rest > 0 ? [...shown, [`… and ${rest} more`, "", "", "", ""]] : shown);
}

function text(line: string): string {
	return markdown(line, 1000);
}
