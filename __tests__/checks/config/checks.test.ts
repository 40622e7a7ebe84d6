import { describe, expect, test } from "vitest";
import type { Check } from "../../../src/checks/check.ts";
import { configCache } from "../../../src/checks/config/cache.ts";
import { configCapacity } from "../../../src/checks/config/capacity.ts";
import { configDockerHost } from "../../../src/checks/config/docker-host.ts";
import { configGpuLabel } from "../../../src/checks/config/gpu-label.ts";
import { configLabel } from "../../../src/checks/config/label.ts";
import { configOptions } from "../../../src/checks/config/options.ts";
import { configPrivileged } from "../../../src/checks/config/privileged.ts";
import { configRegistration } from "../../../src/checks/config/registration.ts";
import { configService } from "../../../src/checks/config/service.ts";
import { configSyntax } from "../../../src/checks/config/syntax.ts";
import { configToolCache } from "../../../src/checks/config/tool-cache.ts";
import { configType } from "../../../src/checks/config/type.ts";
import { configUnknownKey } from "../../../src/checks/config/unknown-key.ts";
import { configRules } from "../../../src/config/lint.ts";
import { runnerConfigProbe } from "../../../src/config/probe.ts";
import { readCorpus } from "../../config/support/corpus.ts";
import { createConfigHost, load } from "../../config/support/lint.ts";
import { collect, createPolicy, createRequest, judge } from "../../support/builders.ts";

const checks: readonly Check[] = [
	configSyntax,
	configUnknownKey,
	configType,
	configLabel,
	configOptions,
	configDockerHost,
	configPrivileged,
	configGpuLabel,
	configCache,
	configToolCache,
	configCapacity,
	configRegistration,
	configService,
];

describe("every check of the configuration", () => {
	test("is built on a rule of the lint", () => {
		expect(checks.map(({ id }) => id)).toEqual(configRules.map(({ id }) => id));
	});

	test.for(checks.map((check) => [check.id, check] as const))(
		"%s does not apply without a configuration",
		async ([, check]) => {
			expect(judge(check, { config: { files: [] } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
		},
	);

	test.for(checks.map((check) => [check.id, check] as const))(
		"%s passes a healthy configuration",
		async ([, check]) => {
			const config = await load({
				"config.yaml": 'runner:\n  labels:\n    - "builder:docker://ghcr.io/team/builder:1"\n',
			});
			expect(judge(check, { config })).toMatchObject({ kind: "pass" });
		},
	);

	test.for(checks.filter(({ id }) => id !== "config/syntax").map((check) => [check.id, check] as const))(
		"%s waits for files that can be read",
		async ([, check]) => {
			expect(check.after).toEqual(["config/syntax"]);
		},
	);
});

describe("every reason", () => {
	const reasons = checks.flatMap((check) => Object.keys(check.reasons).map((reason) => [check, reason] as const));
	const seen = new Set<string>();

	test("is found in a case of the corpus, or below", async () => {
		for (const { files, runnerVersion, registrationMode } of readCorpus()) {
			const config = await load(files, runnerVersion, { registrationMode });
			for (const check of checks) {
				const verdict = judge(check, { config });
				if (verdict.kind === "finding") seen.add(`${check.id}:${verdict.reason}`);
			}
		}
		const elsewhere = ["config/registration:missing"];
		const missing = reasons.map(([check, reason]) => `${check.id}:${reason}`).filter((id) => !seen.has(id));
		expect(missing).toEqual(elsewhere);
	});
});

describe("a finding", () => {
	const text =
		'runner:\n  labels:\n    - "a:docker://ghcr.io/team/a"\n    - "b:dokcer://ghcr.io/team/b:1"\n    - "c:docker"\n';

	test("reports the gravest mistake and lists the others with their places", async () => {
		const verdict = judge(configLabel, { config: await load({ "config.yaml": text }) });
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "bad-schema",
			level: "fail",
			location: { file: "config.yaml", line: 4, column: 7 },
			evidence: [
				{ source: "config.yaml:3:7", text: expect.stringMatching(/^floating-tag: /) },
				{ source: "config.yaml:4:7", text: expect.stringMatching(/^bad-schema: /) },
				{ source: "config.yaml:5:7", text: expect.stringMatching(/^no-image: /) },
			],
		});
	});

	test("names the versions that it holds for where the runner's is not known", async () => {
		const gpu = { "config.yaml": "container:\n  options: --gpus all\n" };
		expect(judge(configOptions, { config: await load(gpu) })).toMatchObject({
			reason: "stripped",
			why: expect.stringContaining("3.0.0 to 3.3.0"),
		});
		expect(judge(configOptions, { config: await load(gpu, "v3.2.0") })).toMatchObject({
			reason: "stripped",
			why: expect.not.stringContaining("3.3.0"),
		});
		expect(judge(configOptions, { config: await load(gpu, "v3.3.1") })).toMatchObject({ kind: "pass" });
	});

	test("is about Docker where the policy asks for it, even if all labels are of the host", async () => {
		const config = await load({ "config.yaml": 'runner:\n  labels: [titan]\ncontainer:\n  docker_host: "-"\n' });
		const policy = (require: "required" | "optional") => createPolicy({ docker: { require, plugins: [] } });
		expect(judge(configDockerHost, { config }, policy("required"))).toMatchObject({ reason: "not-mounted" });
		expect(judge(configDockerHost, { config }, policy("optional"))).toMatchObject({ kind: "pass" });
	});
});

describe("config/gpu-label", () => {
	const label = 'runner:\n  labels: ["gpu:docker://ghcr.io/team/builder:1"]\n';
	test.for([
		"container:\n  options: --gpus all\n",
		"container:\n  options: --device nvidia.com/gpu=all\n",
		"container:\n  options: --runtime nvidia\n",
		"container:\n  options: -e NVIDIA_VISIBLE_DEVICES=0\n",
		"container:\n  privileged: true\n",
	])("passes %j", async (container) => {
		const config = await load({ "config.yaml": label + container });
		expect(judge(configGpuLabel, { config })).toMatchObject({ kind: "pass" });
	});
});

describe("the probe", () => {
	const files = { "config.yaml": "runner:\n  capacity: 0\n", ".runner": '{"id": 1, "token": "x", "labels": []}' };
	const request = createRequest({ runnerConfig: "config.yaml", workspace: "/etc/test" });

	test("reads nothing unless it is asked", async () => {
		expect(await collect(runnerConfigProbe, createConfigHost(files))).toEqual({ files: [] });
	});

	test("reads the configuration and the registration beside it", async () => {
		const facts = await collect(runnerConfigProbe, createConfigHost(files), request);
		expect(facts.files.map(({ kind, path }) => [kind, path])).toEqual([
			["config", "config.yaml"],
			["registration", ".runner"],
		]);
	});

	test("gives facts that survive JSON", async () => {
		const facts = await collect(runnerConfigProbe, createConfigHost(files), request);
		expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
	});

	test("tells the absent from the unreadable", async () => {
		const nothing = await collect(runnerConfigProbe, createConfigHost({}), request);
		expect(judge(configSyntax, { config: nothing })).toMatchObject({ reason: "unreadable", observed: "no such file" });
		const closed = createConfigHost({}, { files: { "/etc/test/config.yaml": { kind: "unreadable", code: "EACCES" } } });
		const facts = await collect(runnerConfigProbe, closed, request);
		expect(judge(configSyntax, { config: facts })).toMatchObject({ reason: "unreadable", observed: "EACCES" });
	});
});
