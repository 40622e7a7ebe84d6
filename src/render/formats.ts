import type { WorkflowFacts } from "../lint/read/workflow-facts.ts";
import type { Answer } from "../probes/probe.ts";
import type { Report } from "../report/report.ts";
import type { Format } from "../request.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderPrometheus } from "./prometheus.ts";
import { renderSummary } from "./summary.ts";

/** The job summary with what strangers reach, if an input names workflows. */
export async function renderWholeSummary(report: Report): Promise<string> {
	// A report that is judged again may hold facts of any form.
	const answer = report.facts.workflows as Answer<Partial<WorkflowFacts> | null> | undefined;
	if (!answer?.ok || !answer.value?.files?.length) return renderSummary(report);
	const { postureBlock } = await import("../more.ts");
	return renderSummary(report, postureBlock(report));
}

/** Each format of a report: its file in `report-dir`, and what writes it. */
export const reportFormats = {
	json: { file: "report.json", render: renderJson },
	junit: { file: "junit.xml", render: renderJunit },
	prometheus: { file: "runner-check.prom", render: renderPrometheus },
	html: {
		file: "report.html",
		render: async (report: Report): Promise<string> => {
			const { renderReportPage } = await import("../more.ts");
			return renderReportPage(report);
		},
	},
	markdown: { file: "summary.md", render: renderWholeSummary },
} satisfies Readonly<
	Record<Format, { readonly file: string; readonly render: (report: Report) => string | Promise<string> }>
>;
