import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { runnerMode } from "../../../src/checks/runner/mode.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const image = "ghcr.io/fortemi/fortemi/builder:latest";
const builder = createPolicy({ profile: "matric-builder", runsIn: "container", image });
const titan = createPolicy({ profile: "titan", runsIn: "host" });

const verdictOf = (container: ContainerFacts, policy = builder, job: Partial<JobFacts> = {}) =>
	judge(runnerMode, { container, job: createJob(job) }, policy);
const findingOf = (...facts: Parameters<typeof verdictOf>) => verdictOf(...facts) as Finding<string>;

test("passes in a container that the profile wants", () => {
	expect(verdictOf(createContainer())).toMatchObject({ kind: "pass", message: "Runs in a container" });
});

test("passes on the host that the profile wants", () => {
	expect(verdictOf(onHost, titan)).toMatchObject({ kind: "pass", message: "Runs on the host" });
});

test("passes in host mode of a runner that is in a container itself, and says so", () => {
	expect(verdictOf({ ...onHost, insideContainer: "/.dockerenv" }, titan)).toEqual({
		kind: "pass",
		message: "Runs in host mode, inside the container of the runner itself",
		evidence: [
			{ source: "where we are", text: "GITHUB_WORKSPACE is a host-mode path" },
			{ source: "the runner's own container", text: "/.dockerenv" },
			{ source: "JOB_CONTAINER_NAME", text: "not set" },
		],
	});
});

test("does not apply where any place is right", () => {
	expect(runnerMode.applies?.(createPolicy({ runsIn: "any" }))).toBe(false);
	expect(runnerMode.applies?.(builder)).toBe(true);
});

test("cannot decide where nothing could be read", () => {
	const unknown = { mode: "unknown", witness: "/proc cannot be read", names: [] } as const;
	expect(verdictOf(unknown)).toMatchObject({ kind: "undecided" });
	expect(verdictOf(unknown, titan)).toMatchObject({ kind: "undecided" });
});

describe("host-instead-of-container", () => {
	test("names the label mistakes, and the line that is right", () => {
		const finding = findingOf(onHost);
		expect(finding).toMatchObject({
			kind: "finding",
			reason: "host-instead-of-container",
			message: "The job runs on the host; the profile `matric-builder` wants it in a container.",
			expected: "in a container",
			observed: "on the host",
			remedy: {
				kind: "runner",
				commands: ["sudo systemctl restart gitea-runner"],
				config: {
					file: "config.yaml",
					language: "yaml",
					text: `runner:\n  labels:\n    - "matric-builder:docker://${image}"`,
				},
			},
		});
		expect(finding.remedy.text).toContain("without `docker://`");
		expect(finding.remedy.text).toContain("`dokcer://`");
		expect(finding.remedy.otherwise?.text).toContain("`runs-on`");
	});

	test("in host mode of a runner that is in a container itself", () => {
		expect(findingOf({ ...onHost, insideContainer: "/.dockerenv" }).message).toContain(
			"runs in host mode, inside the container of the runner itself",
		);
	});

	test("a misspelt schema leads here from runner 2.1.0 on only", () => {
		expect(findingOf(onHost, builder, { runnerVersion: "v2.0.0" }).remedy.text).not.toContain("dokcer");
		const { runnerVersion: _, ...unknown } = createJob();
		const verdict = judge(runnerMode, { container: onHost, job: unknown }, builder) as Finding<string>;
		expect(verdict.remedy.text).toContain("from runner 2.1.0 on one with a misspelt schema");
	});

	test("before 1.0.0 the service has another name", () => {
		expect(findingOf(onHost, builder, { runnerVersion: "v0.2.13" }).remedy.commands).toEqual([
			"sudo systemctl restart act_runner",
		]);
	});

	test("Forgejo's labels mean something else", () => {
		const { remedy } = findingOf(onHost, builder, { system: "forgejo", runnerVersion: "v12.1.0" });
		expect(remedy.text).toContain("`:host`");
		expect(remedy.text).not.toContain("misspelt");
		expect(remedy.commands).toEqual(["sudo systemctl restart forgejo-runner"]);
	});

	test("GitHub's workflow names the image", () => {
		const { remedy } = findingOf(onHost, builder, { system: "github" });
		expect(remedy).toMatchObject({
			kind: "workflow",
			config: { text: `jobs:\n  builder:\n    container: "${image}"` },
		});
	});

	test("a run without a server takes its image from the command line", () => {
		expect(findingOf(onHost, builder, { system: "act" }).remedy.text).toContain(`--image=${image}`);
	});

	test("outside of a job", () => {
		const finding = findingOf(onHost, builder, { system: "none", inJob: false });
		expect(finding.message).toMatch(/^This check runs on the host/);
		expect(finding.remedy.text).toContain("`--profile`");
	});

	test("a profile without an image", () => {
		const finding = findingOf(onHost, createPolicy({ profile: "x", runsIn: "container" }));
		expect(finding.remedy.config?.text).toContain('"x:docker://<image>"');
	});
});

describe("container-instead-of-host", () => {
	test("names the label mistakes, and the line that is right", () => {
		const finding = findingOf(createContainer(), titan);
		expect(finding).toMatchObject({
			reason: "container-instead-of-host",
			message: "The job runs in a container; the profile `titan` wants it on the host itself.",
			remedy: {
				kind: "runner",
				config: { text: 'runner:\n  labels:\n    - "titan:host"' },
				commands: ["sudo systemctl restart gitea-runner"],
			},
		});
		expect(finding.remedy.text).toContain("`:docker://`");
		expect(finding.remedy.text).toContain("default image");
	});

	test.each<[JobFacts["system"], RegExp]>([
		["forgejo", /without a type/],
		["github", /`container`/],
		["act", /-self-hosted/],
		["none", /`--profile`/],
	])("under %s", (system, text) => {
		expect(findingOf(createContainer(), titan, { system, inJob: system !== "none" }).remedy.text).toMatch(text);
	});
});

test("a hostile name cannot leave its quotes", () => {
	const policy = createPolicy({ profile: 'a"\n  b: c', runsIn: "host" });
	expect(findingOf(createContainer(), policy).remedy.config?.text.split("\n")).toHaveLength(3);
});
