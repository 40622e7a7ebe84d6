import type { Report } from "../report/report.ts";
import type { Format } from "../request.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderPrometheus } from "./prometheus.ts";
import { renderSummary } from "./summary.ts";

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
	markdown: { file: "summary.md", render: renderSummary },
} satisfies Readonly<
	Record<Format, { readonly file: string; readonly render: (report: Report) => string | Promise<string> }>
>;
