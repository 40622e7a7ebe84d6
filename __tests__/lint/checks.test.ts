import { describe, expect, test } from "vitest";
import type { Check } from "../../src/checks/check.ts";
import { allChecks } from "../../src/checks/list.ts";
import { configCheck } from "../../src/lint/config-check.ts";
import { configRules } from "../../src/lint/lint.ts";
import { runnerConfigProbe } from "../../src/lint/read/config-probe.ts";
import { collect, createPolicy, createRequest, judge } from "../support/builders.ts";
import { brief, createConfigHost, lint, load } from "./support/lint.ts";

const checks: readonly Check[] = configRules.map(configCheck);

function checkOf(id: string): Check {
	const check = checks.find((one) => one.id === id);
	if (!check) throw new Error(`no check ${id}`);
	return check;
}

const configSyntax = checkOf("config/syntax");
const configLabel = checkOf("config/label");
const configOptions = checkOf("config/options");
const configDockerHost = checkOf("config/docker-host");
const configGpuLabel = checkOf("config/gpu-label");

/** The files of a runner that is set up well. */
const healthy: Readonly<Record<string, string>> = {
	"config.yaml":
		'runner:\n  tool_cache_mode: shared\n  envs: { NVIDIA_VISIBLE_DEVICES: all }\n  labels:\n    - "cuda:docker://ghcr.io/team/builder:1"\ncontainer:\n  valid_volumes: [/srv/cache]\n',
	".runner": '{"id": 1, "uuid": "u", "name": "n", "labels": ["cuda:docker://ghcr.io/team/builder:1"]}',
	"gitea-runner.service":
		"[Unit]\nAfter=docker.service\n[Service]\nExecStart=/usr/bin/gitea-runner daemon --config config.yaml\nRestart=always\nRestartSec=5s\n",
};

/** Only Forgejo's runner has connections. */
const connected: Readonly<Record<string, string>> = {
	"config.yaml":
		"server:\n  connections:\n    main:\n      url: https://forge.example/\n      uuid: 00000000-0000-4000-8000-000000000001\n      token_url: file:/etc/forgejo-runner/token\n",
};

describe("a comment in the configuration", () => {
	const label = '    - "builder:docker://ghcr.io/team/builder:latest"';
	const config = (...lines: readonly string[]) => `runner:\n  labels:\n${lines.join("\n")}\n`;
	const ignore = "# runner-check: ignore config/label:floating-tag";

	async function judged(text: string) {
		const host = createConfigHost({ "config.yaml": text });
		const request = createRequest({ runnerConfig: "config.yaml", workspace: "/etc/test" });
		const facts = await collect(runnerConfigProbe, host, request);
		return { facts, verdict: judge(configLabel, { config: facts }) };
	}

	test("takes a finding out of the report, which says so", async () => {
		const { verdict } = await judged(config(`${label} ${ignore} -- built every night`));
		expect(verdict).toMatchObject({
			kind: "pass",
			message: "config.yaml: every label is valid, apart from 1 finding that a comment ignores.",
		});
	});

	test("leaves the others, and is counted there", async () => {
		const { verdict } = await judged(config(`${label} ${ignore} -- built every night`, "    - x:dokcer://a/b:1"));
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "bad-schema",
			message: expect.stringMatching(/\(1 more finding ignored by a comment\.\)$/),
		});
	});

	test.for([
		["without a reason", `${label} ${ignore}`],
		["on another line", `${label}\n    - "a:host" ${ignore} -- no`],
	] as const)("%s takes nothing out", async ([, lines]) => {
		expect((await judged(config(lines))).verdict).toMatchObject({ kind: "finding", reason: "floating-tag" });
	});

	test("brings none of its words into the facts", async () => {
		const { facts } = await judged(config(`${label} ${ignore} hunter2-canary x/hunter2-canary -- hunter2-canary`));
		expect(facts.ignores).toEqual([{ file: "config.yaml", target: 3, patterns: ["config/label:floating-tag"] }]);
		expect(JSON.stringify(facts)).not.toContain("canary");
	});
});

describe("every check of the configuration", () => {
	test("is in the list of all checks", () => {
		const ids = allChecks.map(({ id }) => id).filter((id) => id.startsWith("config/"));
		expect(ids).toEqual(configRules.map(({ id }) => id));
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
			const verdict = judge(check, { config: await load(check.id === "config/connection" ? connected : healthy) });
			expect(verdict).toMatchObject({
				kind: "pass",
				evidence: expect.arrayContaining([
					{ source: expect.stringMatching(/./), text: expect.stringMatching(/\d|ExecStart=|labels /) },
				]),
			});
		},
	);

	test.for([
		["config.yaml", ["config/connection", "config/registration", "config/service"]],
		[
			".runner",
			checks.map(({ id }) => id).filter((id) => !["config/syntax", "config/label", "config/registration"].includes(id)),
		],
		[
			"gitea-runner.service",
			checks.map(({ id }) => id).filter((id) => !["config/syntax", "config/service"].includes(id)),
		],
	] as readonly (readonly [string, readonly string[]])[])(
		"with %s alone, passes no check of another file",
		async ([name, skipped]) => {
			const config = await load({ [name]: healthy[name] ?? "" });
			const kinds = checks.map((check) => [check.id, judge(check, { config })] as const);
			expect(kinds.filter(([, { kind }]) => kind !== "pass").map(([id]) => id)).toEqual(skipped);
			for (const [, verdict] of kinds.filter(([id]) => skipped.includes(id))) {
				expect(verdict).toMatchObject({
					kind: "skip",
					reason: "not-applicable",
					message: expect.stringMatching(/^No .* was read\.$|^No file that was read has/),
				});
			}
		},
	);

	test.for([
		["config/connection", "log: { level: info }\nrunner: { labels: ['a:docker://node:22'] }\n"],
		["config/volumes", "container: { valid_volumes: [] }\n"],
		["config/gpu-label", "runner: { labels: ['a:docker://node:22'] }\n"],
		["config/tool-cache", "runner: { capacity: 4 }\n"],
		["config/capacity", "runner: { capacity: 64, labels: ['a:host'] }\n"],
	])("%s does not pass a configuration without anything that it judges", async ([id = "", text = ""]) => {
		const config = await load({ "config.yaml": text });
		expect(judge(checkOf(id), { config })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	test.for([
		["an empty file", ""],
		["a file of comments", "# nothing\n"],
		["an empty map", "{}\n"],
	])("nothing passes %s", async ([, text = ""]) => {
		const config = await load({ "config.yaml": text });
		const verdicts = checks.map((check) => judge(check, { config }));
		expect(verdicts.filter(({ kind }) => kind === "pass")).toEqual([]);
	});

	test.for(checks.filter(({ id }) => id !== "config/syntax").map((check) => [check.id, check] as const))(
		"%s waits for files that can be read",
		async ([, check]) => {
			expect(check.after).toEqual(["config/syntax"]);
		},
	);
});

describe("a finding", () => {
	const text =
		'runner:\n  labels:\n    - "a:docker://ghcr.io/team/a"\n    - "b:dokcer://ghcr.io/team/b:1"\n    - "c:docker"\n';

	test("reports the worst problem and lists the others with their places", async () => {
		const verdict = judge(configLabel, { config: await load({ "config.yaml": text }) });
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "bad-schema",
			location: { file: "config.yaml", line: 4, column: 7 },
			evidence: [
				{ source: "config.yaml:3:7", text: expect.stringMatching(/^floating-tag: /) },
				{ source: "config.yaml:4:7", text: expect.stringMatching(/^bad-schema: /) },
				{ source: "config.yaml:5:7", text: expect.stringMatching(/^no-image: /) },
			],
		});
	});

	test("names the releases that it applies to if the runner's is unknown", async () => {
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

	test("is about Docker if the policy requires it, even if there are only host labels", async () => {
		const config = await load({ "config.yaml": 'runner:\n  labels: [titan]\ncontainer:\n  docker_host: "-"\n' });
		const policy = (require: "required" | "optional") => createPolicy({ docker: { require, plugins: [] } });
		expect(judge(configDockerHost, { config }, policy("required"))).toMatchObject({ reason: "not-mounted" });
		expect(judge(configDockerHost, { config }, policy("optional"))).toMatchObject({ kind: "pass" });
	});
});

describe("one cause is one finding:", () => {
	const labels = "runner:\n  labels: ['gpu:docker://node:22.1']\n";
	test.for([
		["a list of options", "  options: ['--gpus', 'all']\n", "config/type:wrong-type@4:12"],
		[
			"volumes that are no list",
			"  valid_volumes: /srv\n  options: -v /srv:/srv --gpus all\n",
			"config/type:wrong-type@4:18",
		],
		["options in the wrong section", "  network: ''\noptions: --gpus all\n", "config/unknown-key:misplaced-key@5:1"],
		[
			"volumes in the wrong section",
			"  options: -v /srv:/srv --gpus all\nvalid_volumes: [/srv]\n",
			"config/unknown-key:misplaced-key@5:1",
		],
		["a quoted boolean", "  privileged: 'true'\n  options: --gpus all --privileged\n", "config/type:wrong-type@4:15"],
	] as const)("%s", async ([, container, only]) => {
		const config = `${labels}container:\n${container}`;
		expect(brief(await lint(config, "v3.3.1"))).toEqual([only]);
		const facts = { config: await load({ "config.yaml": config }, "v3.3.1") };
		const verdicts = [configOptions, configGpuLabel].map((check) => judge(check, facts));
		expect(verdicts).toContainEqual(expect.objectContaining({ kind: "skip", reason: `needs:${only.split(":")[0]}` }));
	});
});

describe("config/docker-host", () => {
	test("is content with a variable in the options, which tells jobs where the daemon is", async () => {
		const container = "container:\n  docker_host: tcp://dind:2376\n  options: ";
		const labels = "runner:\n  labels: ['a:docker://node:22.1']\n";
		expect(brief(await lint(`${labels}${container}-e DOCKER_HOST=tcp://dind:2376\n`))).toEqual([]);
		expect(brief(await lint(`${labels}${container}-e DOCKER_HOSTS=tcp://dind:2376\n`))).toEqual([
			"config/docker-host:not-mounted@4:16",
		]);
	});
});

describe("config/cache", () => {
	test("gives the file to the runner's user before it closes it", async () => {
		const [result] = await lint({
			"config.yaml": "cache:\n  external_secret: x\n",
			"gitea-runner.service":
				"[Unit]\nAfter=docker.service\n[Service]\nUser=ci\nSupplementaryGroups=docker\nExecStart=/x/gitea-runner daemon --config config.yaml\nRestart=always\nRestartSec=5s\n",
		});
		expect(result?.reason).toBe("secret-in-file");
		expect(result?.remedy?.otherwise?.commands).toEqual(["sudo chown ci config.yaml", "sudo chmod o-rwx config.yaml"]);
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

	test("reads the configuration and the registration next to it", async () => {
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

test("config/label: two connections may have the same label, and one may not have it twice", async () => {
	const connections = (first: string) =>
		`server:\n  connections:\n    a: { labels: [${first}] }\n    b: { labels: ["a:docker://node:22.1"] }\n`;
	const of = async (text: string) => judge(configLabel, { config: await load({ "config.yaml": text }) });
	expect(await of(connections('"a:docker://node:22.1"'))).toMatchObject({ kind: "pass" });
	expect(await of(connections('"a:docker://node:22.1", "a:docker://node:22.1"'))).toMatchObject({
		reason: "duplicate",
	});
});
