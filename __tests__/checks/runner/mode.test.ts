import { expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { runnerMode } from "../../../src/checks/runner/mode.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const image = "ghcr.io/fortemi/fortemi/builder:latest";
const builder = createPolicy({ profile: "matric-builder", runsIn: "container", image });
const titan = createPolicy({ profile: "titan", runsIn: "host" });

const findingOf = (container: ContainerFacts, policy = builder, job: Partial<JobFacts> = {}) =>
	judge(runnerMode, { container, job: createJob(job) }, policy) as Finding<string>;

test("does not apply if the job may run anywhere", () => {
	expect(runnerMode.applies?.(createPolicy({ runsIn: "any" }))).toBe(false);
	expect(runnerMode.applies?.(builder)).toBe(true);
});

test("before 2.1.0, a misspelled scheme does not lead to the host", () => {
	expect(findingOf(onHost).remedy.text).toContain("dokcer");
	expect(findingOf(onHost, builder, { runnerVersion: "v2.0.0" }).remedy.text).not.toContain("dokcer");
});

test("before 1.0.0, the service has another name", () => {
	expect(findingOf(onHost, builder, { runnerVersion: "v0.2.13" }).remedy.commands).toEqual([
		expect.stringContaining("restart act_runner "),
	]);
});

test("a job whose key is not a plain word is not named", () => {
	const { remedy } = findingOf(onHost, builder, { system: "github", job: "a: b" });
	expect(remedy.config).toMatchObject({ file: "the workflow's job", text: `container: "${image}"` });
});

test("a hostile name cannot leave its quotes", () => {
	const policy = createPolicy({ ...titan, profile: 'a"\n  b: c' });
	expect(findingOf(createContainer(), policy).remedy.config?.text.split("\n")).toHaveLength(3);
});
