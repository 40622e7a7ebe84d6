/** The half of the program that knows checks and renderers: loaded while the probes are looking. */
export { allChecks, checkIds, knowsCheck, loadChecks } from "./checks/list.ts";
export { askedChecks, docsOf, probesOf } from "./engine.ts";
export { judgeFacts } from "./judge-report.ts";
export { annotationsOf } from "./render/annotations.ts";
export { reportFormats } from "./render/formats.ts";
export { renderLines } from "./render/lines.ts";
export { renderLog } from "./render/log.ts";
export { outputsOf } from "./render/outputs.ts";
export { renderSummary } from "./render/summary.ts";
