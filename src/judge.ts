/** The half of the program that knows checks and outputs: loaded while the probes are looking. */
export { allChecks, loadChecks } from "./checks/list.ts";
export { askedChecks, probesOf } from "./engine.ts";
export { writeReport } from "./host/write-report.ts";
export { judgeFacts } from "./judge-report.ts";
export { publish } from "./publish.ts";
export { reportFormats } from "./render/formats.ts";
export { renderLines } from "./render/lines.ts";
export { renderLog } from "./render/log.ts";
