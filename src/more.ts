/**
 * `dist/more.js`: what only some runs need. It reads policies, lists in inputs, workflows, runner configurations and old reports,
 * with libraries that would slow every start down, and makes the texts that only the terminal prints.
 * `run.js` loads it by `await import("./more.ts")`, the only import that the build leaves in place.
 */

export { lookAgain } from "./after/look-again.ts";
export { otherChecks } from "./checks/other-checks.ts";
export { differenceOf } from "./cli/diff.ts";
export { expectableOf } from "./cli/expectable.ts";
export { mistakeInExpectations } from "./cli/expectations.ts";
export { explain } from "./cli/explain.ts";
export { forForeignFacts, mistakeInHead } from "./cli/foreign-facts.ts";
export { help, helpFor } from "./cli/help.ts";
export { policyFor } from "./cli/init.ts";
export { renderList } from "./cli/list.ts";
export { maxReportSize, readEither, readReport } from "./cli/read-report.ts";
export { renderPolicy } from "./cli/show-policy.ts";
export { fleetOfFolders } from "./fleet/command.ts";
export { fleetFormats } from "./fleet/formats.ts";
export { fleetInputNames, fleetOptions } from "./fleet/inputs.ts";
export { isSick } from "./fleet/judge-fleet.ts";
export { publishedAfter, publishedReport } from "./fleet/published.ts";
export { renderReportPage } from "./fleet/render-page.ts";
export { renderFleetText } from "./fleet/render-text.ts";
export { watchFleet } from "./fleet/watch.ts";
export { sickLines } from "./fleet/words.ts";
export { lintChecks } from "./lint/checks.ts";
export { runnerTemplate } from "./lint/init-runner.ts";
export { lintFormats, runLint } from "./lint/lint-command.ts";
export { postureBlock } from "./lint/posture/posture-summary.ts";
export { loadRunnerConfig } from "./lint/read/load.ts";
export { filesMatching, isPattern } from "./lint/read/walk.ts";
export { readWorkflow } from "./lint/read/workflow.ts";
export { maxYamlSize, parseYaml } from "./lint/read/yaml-tree.ts";
export { readListInput, readPolicy } from "./policy/policy-file.ts";
export { readToolsInput } from "./policy/tools-input.ts";
export { renderAfterLog, renderAfterSummary } from "./render/after.ts";
export { renderAfterPrometheus } from "./render/after-prometheus.ts";
export { renderAfterJson } from "./render/json.ts";
