import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { runnerVersion } from "../../../src/checks/runner/version.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob } from "./facts.ts";

interface Given {
	gpu?: Policy["gpu"]["require"];
	container?: ContainerFacts;
	nvidia?: NvidiaFacts;
	job?: Partial<JobFacts>;
}
const verdictOf = (runnerVersionText: string, { gpu = "forbidden", container, nvidia, job }: Given = {}) =>
	judge(
		runnerVersion,
		{
			job: createJob({ runnerVersion: runnerVersionText, ...job }),
			container: container ?? createContainer(),
			nvidia: nvidia ?? { nodes: [] },
		},
		createPolicy({ profile: "matric-builder-gpu", gpu: { require: gpu } }),
	);

test.each(["v1.0.0", "v1.0.8", "v2.3.0", "v3.3.0", "v3.3.1", "v4.1.0", "v1.0.9-0.20260821000000-abcdef012345"])(
	"passes %s",
	(version) => {
		expect(verdictOf(version)).toMatchObject({ kind: "pass", message: `Gitea's runner ${version}` });
	},
);

test("passes a build without a number, and says that nothing is known of it", () => {
	expect(verdictOf("dev", { gpu: "required" })).toMatchObject({
		kind: "pass",
		message: expect.stringContaining("without a number"),
	});
});

test.each<[string, Partial<JobFacts>]>([
	["Forgejo, whose numbers mean something else", { system: "forgejo", runnerVersion: "v0.9.0" }],
	["GitHub", { system: "github" }],
	["outside of a job", { system: "none", inJob: false }],
])("not-applicable: %s", (_name, job) => {
	expect(verdictOf("v3.1.0", { gpu: "required", job })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

test("not-applicable where the runner does not tell", () => {
	const { runnerVersion: _, ...job } = createJob();
	const facts = { job, container: createContainer(), nvidia: {} };
	expect(judge(runnerVersion, facts)).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

test.each(["v0.2.6", "v0.2.13", "v0.6.1"])("outdated: %s", (version) => {
	const finding = verdictOf(version) as Finding<string>;
	expect(finding).toMatchObject({ reason: "outdated", observed: version, expected: "1.0.0 or newer" });
	expect(finding.remedy.text).toContain("3.0.0 to 3.3.0");
	expect(finding.remedy.otherwise?.text).toContain("`gitea/runner`");
});

describe("known-bad", () => {
	test.each(["v3.0.0", "v3.1.0", "v3.3.0"])("%s in a container without the GPU that it needs", (version) => {
		const finding = verdictOf(version, { gpu: "required" }) as Finding<string>;
		expect(finding).toMatchObject({ reason: "known-bad", observed: version });
		expect(finding).not.toHaveProperty("level");
		expect(finding.message).toContain("drops `--gpus`");
		expect(finding.remedy.config?.text).toContain("--gpus all");
	});

	test.each<[string, string, Given]>([
		["another version", "v3.3.1", { gpu: "required" }],
		["a build from after the last bad release", "v3.3.0-7-gabc1234", { gpu: "required" }],
		["a profile that forbids GPUs", "v3.1.0", { gpu: "forbidden" }],
		["the host", "v3.1.0", { gpu: "required", container: { mode: "host", witness: "", names: [] } }],
		[
			"a privileged container",
			"v3.1.0",
			{ gpu: "required", container: createContainer({ boundingCapabilities: "000001ffffffffff" }) },
		],
		[
			"a GPU that got in by another way",
			"v3.1.0",
			{ gpu: "required", nvidia: { nodes: [{ path: "/dev/nvidia0", mode: 0o666, gid: 0, usable: true }] } },
		],
	])("is no matter for %s", (_name, version, given) => {
		expect(verdictOf(version, given).kind).toBe("pass");
	});

	test("warns a profile that can do without, of the labels that cannot", () => {
		expect(verdictOf("v3.1.0", { gpu: "optional" })).toMatchObject({
			reason: "known-bad",
			why: expect.stringContaining("A label of this runner whose jobs need one gets none"),
		});
	});
});
