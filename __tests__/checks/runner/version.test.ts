import { describe, expect, test } from "vitest";
import { runnerVersionFamily } from "../../../src/checks/runner/version.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { GpuRequestFacts } from "../../../src/probes/gpu-request.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { NvidiaFacts } from "../../../src/probes/nvidia.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob } from "./facts.ts";

interface Given {
	gpu?: Policy["gpu"]["require"] | Policy["gpu"];
	container?: ContainerFacts;
	nvidia?: NvidiaFacts;
	request?: GpuRequestFacts;
	job?: Partial<JobFacts>;
}
const judgeVersion = (facts: Record<string, unknown>, policy = createPolicy()) => {
	const [check] = runnerVersionFamily.expand(policy);
	return check ? judge(check, facts, policy) : expect.fail("no check");
};
const verdictOf = (version: string, { gpu = "forbidden", container, nvidia, request, job }: Given = {}) =>
	judgeVersion(
		{
			job: createJob({ runnerVersion: version, ...job }),
			container: container ?? createContainer(),
			nvidia: nvidia ?? { nodes: [] },
			request: request ?? { state: "none" },
		},
		createPolicy({ profile: "matric-builder-gpu", gpu: typeof gpu === "string" ? { require: gpu } : gpu }),
	);

test.each(["v1.0.0", "v1.0.8", "v2.3.0", "v3.3.0", "v3.3.1", "v4.1.0", "v1.0.9-0.20260821000000-abcdef012345"])(
	"passes %s",
	(version) => {
		expect(verdictOf(version)).toMatchObject({ kind: "pass", message: `Gitea's runner ${version}` });
	},
);

test.each<[string, Partial<JobFacts>]>([
	["Forgejo, whose numbers mean something else", { system: "forgejo", runnerVersion: "v0.9.0" }],
	["GitHub", { system: "github" }],
	["outside a job", { system: "none", inJob: false }],
])("not-applicable: %s", (_name, job) => {
	expect(verdictOf("v3.1.0", { gpu: "required", job })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

test("not-applicable: the runner does not state its version", () => {
	const { runnerVersion: _, ...job } = createJob();
	expect(judgeVersion({ job, container: createContainer() })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

test.each(["v0.2.6", "v0.2.13", "v0.6.1"])("outdated: %s", (version) => {
	expect(verdictOf(version)).toMatchObject({ reason: "outdated", observed: version });
});

describe("known-bad", () => {
	test.each(["v3.0.0", "v3.1.0", "v3.3.0"])("%s in a container without the required GPU", (version) => {
		const verdict = verdictOf(version, { gpu: "required" });
		expect(verdict).toMatchObject({ reason: "known-bad", level: "fail", observed: version });
	});

	test("a GPU that the profile describes, but can do without, is a warning", () => {
		const verdict = verdictOf("v3.1.0", { gpu: { require: "optional", count: 1 } });
		expect(verdict).toMatchObject({ reason: "known-bad" });
		expect(verdict).not.toHaveProperty("level");
	});

	test.each<[string, string, Given]>([
		["another version", "v3.3.1", { gpu: "required" }],
		["a build after the last bad release", "v3.3.0-7-gabc1234", { gpu: "required" }],
		["a profile that only allows a GPU", "v3.1.0", { gpu: "optional" }],
		[
			"a GPU that Docker was asked for: the option was not dropped",
			"v3.1.0",
			{
				gpu: "required",
				request: {
					state: "found",
					deviceRequests: [{ driver: "", count: -1, deviceIds: [], capabilities: ["gpu"] }],
				},
			},
		],
		["a profile that forbids GPUs", "v3.1.0", { gpu: "forbidden" }],
		["the host", "v3.1.0", { gpu: "required", container: { mode: "host", witness: "", names: [] } }],
		[
			"a privileged container",
			"v3.1.0",
			{ gpu: "required", container: createContainer({ boundingCapabilities: "000001ffffffffff" }) },
		],
		[
			"a GPU that is visible for another reason",
			"v3.1.0",
			{ gpu: "required", nvidia: { nodes: [{ path: "/dev/nvidia0", mode: 0o666, gid: 0, usable: true }] } },
		],
	])("not reported: %s", (_name, version, given) => {
		expect(verdictOf(version, given).kind).toBe("pass");
	});
});
