import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checksFor } from "../src/checks/list.ts";
import { judgeFacts } from "../src/judge-report.ts";
import { runLint } from "../src/lint/lint-command.ts";
import { describeMistake } from "../src/mistake.ts";
import { readPolicy } from "../src/policy/policy-file.ts";
import { builtInProfiles, toPolicy } from "../src/policy/profile.ts";
import type { Facts } from "../src/probes/probe.ts";
import type { Report, Result } from "../src/report/report.ts";
import { createConfigHost } from "./lint/support/lint.ts";
import { lintOptions } from "./support/lint-options.ts";

/** What has really gone wrong on runners of this kind, and what ended it. */
interface Incident {
	readonly when: string;
	readonly what: string;
	/** A fixture of `fixtures/incidents`: the facts in which that machine differed from a healthy one. */
	readonly facts: string;
	/** The healthy report that the rest of the facts is from. */
	readonly on: "healthy-container" | "healthy-host";
	readonly profile: string;
	/** Lines of that profile in the team's policy, where the built-in one asks for less. */
	readonly policy?: readonly string[];
	/** Every `id:reason` that fails. */
	readonly fails: readonly string[];
	/** Every `id:reason` that warns. */
	readonly warns?: readonly string[];
	/** What waits for the failure instead of failing too. */
	readonly waits?: readonly string[];
	/** What the finding has to say: the sentence that people read, and the way out that ended it. */
	readonly says: RegExp;
	readonly remedy: readonly RegExp[];
}

const oldRunner = "runner/version:outdated"; // act_runner 0.2.13 was what ran then
const gpuHost = (memory: string) => [`gpu: { require: required, count: 1, ${memory} }`];

const incidents: readonly Incident[] = [
	{
		when: "2026-01-30",
		what: "the NVIDIA libraries were upgraded under a running kernel module",
		facts: "gpu-library-mismatch",
		on: "healthy-host",
		profile: "gpu",
		fails: ["gpu/driver:library-mismatch"],
		warns: [oldRunner],
		waits: ["gpu/inventory"],
		says: /580\.95\.05.*580\.126/s,
		remedy: [/[Rr]eboot/, /rmmod nvidia|modprobe -r nvidia/],
	},
	{
		when: "2026-02-05",
		what: "the runner's label named an image path that does not exist",
		facts: "image-not-in-registry",
		on: "healthy-container",
		profile: "matric-builder",
		policy: ["registries: [ghcr.io/fortemi/matric-builder:latest]"],
		fails: ["registry/ghcr.io:not-found"],
		warns: [oldRunner],
		says: /ghcr\.io\/fortemi\/matric-builder:latest/,
		remedy: [/label/, /docker manifest inspect|docker pull|docker buildx imagetools inspect/],
	},
	{
		when: "2026-02-05",
		what: "no socket in the job containers",
		facts: "socket-missing",
		on: "healthy-container",
		profile: "matric-builder",
		fails: ["docker/socket:missing"],
		warns: [oldRunner],
		waits: ["docker/daemon", "docker/api-version", "docker/storage", "docker/warnings", "docker/workspace"],
		says: /\/var\/run\/docker\.sock/,
		remedy: [/docker_host/, /config\.yaml/, /restart/],
	},
	{
		when: "2026-02-05",
		what: "a service reads no ~/.cargo/env, so `cargo` was not on the PATH of host jobs",
		facts: "cargo-off-path",
		on: "healthy-host",
		profile: "titan",
		fails: ["tool/cargo:off-path"],
		warns: [oldRunner],
		says: /\/home\/runner\/\.cargo\/bin/,
		remedy: [/Environment="PATH=\/home\/runner\/\.cargo\/bin:/, /\.service\.d\/override\.conf/, /systemctl restart/],
	},
	{
		when: "2026-02-26",
		what: "nobody pruned for months: 850 unused images, 12,672 entries of build cache",
		facts: "store-never-pruned",
		on: "healthy-host",
		profile: "titan",
		fails: [],
		warns: ["docker/storage:reclaimable"],
		says: /850 images.*build cache/,
		remedy: [/docker (?:builder|buildx) prune/, /docker image prune/],
	},
	{
		when: "2026-02-26",
		what: "until the disk of the Docker engine was full",
		facts: "store-full",
		on: "healthy-host",
		profile: "titan",
		fails: ["docker/storage:low-space"],
		says: /\/var\/lib\/docker/,
		remedy: [/docker (?:builder|buildx) prune/, /docker image prune/],
	},
	{
		when: "2026-03-03",
		what: "the host's Ollama had not pulled the model of the inference tests",
		facts: "ollama-without-model",
		on: "healthy-host",
		profile: "titan",
		policy: [
			"services:",
			"  - { name: ollama, url: 'http://localhost:11434/api/tags', models: ['nomic-embed-text', 'qwen3.5:9b'] }",
		],
		fails: ["service/ollama:model-missing"],
		says: /qwen3\.5:9b/,
		remedy: [/ollama pull qwen3\.5:9b/],
	},
	{
		when: "2026-03",
		what: "`ffmpeg` was missing in the builder image",
		facts: "ffmpeg-missing",
		on: "healthy-container",
		profile: "matric-builder",
		policy: ["tools: { ffmpeg: { version: '*', command: [ffmpeg, -version] } }"],
		fails: ["tool/ffmpeg:missing"],
		says: /`ffmpeg`/,
		remedy: [/Dockerfile/, /apt-get install -y .*ffmpeg/],
	},
	{
		when: "2026-04-03",
		what: "the model needs 22 GB, and other services held 7 GB of the GPU",
		facts: "gpu-memory-taken",
		on: "healthy-host",
		profile: "inference",
		policy: ["extends: gpu", ...gpuHost("free-memory: 22GB")],
		fails: ["gpu/inventory:too-little-free-memory"],
		says: /free/,
		remedy: [/--query-compute-apps/, /[Ss]top|[Ee]nd/],
	},
	{
		when: "2026-04-28",
		what: "the host went to Docker 29, and the image's CLI was Debian's 20.10",
		facts: "docker-29-old-cli",
		on: "healthy-container",
		profile: "matric-builder",
		fails: ["docker/api-version:client-too-old"],
		says: /1\.41.*1\.44/s,
		remedy: [/docker-ce-cli/, /"min-api-version": "1\.41"/],
	},
	{
		when: "2026-07",
		what: "less than the 40 GiB that a build needs",
		facts: "disk-low",
		on: "healthy-host",
		profile: "titan",
		fails: ["disk/free:low"],
		says: /30\.9 GiB free.*40 GiB/,
		remedy: [/docker system df|du -/],
	},
	{
		when: "2026-07",
		what: "fewer than the 1,000,000 inodes that a build needs",
		facts: "inodes-low",
		on: "healthy-host",
		profile: "titan",
		fails: ["disk/inodes:low"],
		says: /1,000,000/,
		remedy: [/du -x --inodes/, /target/],
	},
	{
		when: "2026",
		what: "the guide's GPU section on a runner that drops `--gpus` from the options",
		facts: "gpus-option-stripped",
		on: "healthy-container",
		profile: "matric-builder-gpu",
		fails: ["runner/version:known-bad"],
		waits: ["gpu/visibility", "gpu/driver", "gpu/inventory"],
		says: /3\.2\.0/,
		remedy: [/after 3\.3\.0/, /--gpus all/],
	},
];

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

function judge({ on, facts, profile, policy }: Incident): Report {
	const healthy = read(`fixtures/reports/${on}.json`) as Report;
	const lines = (policy ?? []).map((line) => `    ${line}\n`).join("");
	const known = { profiles: Object.keys(builtInProfiles), knowsCheck: () => true, checkIds: [] };
	const text = `version: 1\nprofiles:\n  ${profile}:${lines === "" ? " {}\n" : `\n${lines}`}`;
	const file = readPolicy(".gitea/runner-check.yml", text, known);
	if (!("source" in file)) throw new Error(file.map(describeMistake).join("\n"));
	const expectations = toPolicy(profile, file);
	const all = { ...healthy.facts, ...(read(`fixtures/incidents/${facts}.json`) as Facts) };
	const moment = { ...healthy, decidedBy: "runs-on", policyFile: ".gitea/runner-check.yml" };
	return judgeFacts(checksFor(expectations), all, expectations, moment);
}

const named = (results: readonly Result[], ...statuses: readonly string[]): readonly string[] =>
	results.filter(({ status }) => statuses.includes(status)).map(({ id, reason }) => `${id}:${reason}`);

describe("an incident that a job can see", () => {
	test.each(incidents)("$when: $what", async (incident) => {
		const { results } = judge(incident);
		expect(named(results, "fail", "error")).toEqual(incident.fails);
		expect(named(results, "warn")).toEqual(incident.warns ?? []);

		const [wanted] = [...incident.fails, ...(incident.warns ?? [])];
		const result = results.find(({ id, reason }) => `${id}:${reason}` === wanted);
		expect(result?.message).toMatch(incident.says);
		const wayOut = JSON.stringify(result?.remedy).split('\\"').join('"');
		for (const words of incident.remedy) expect(wayOut).toMatch(words);

		const waiting = results.filter(({ reason }) => reason === `needs:${result?.id}`).map(({ id }) => id);
		for (const id of incident.waits ?? []) expect(waiting).toContain(id);
	});

	test("has facts, and no facts are left without one", () => {
		const files = readdirSync(new URL("fixtures/incidents/", import.meta.url)).sort();
		expect(files).toEqual(incidents.map(({ facts }) => `${facts}.json`).sort());
	});

	test.each(["healthy-container", "healthy-host"])("and nothing in %s, on which they stand", (name) => {
		const { results, verdict } = read(`fixtures/reports/${name}.json`) as Report;
		expect(named(results, "fail", "error", "warn")).toEqual([]);
		expect(verdict).toBe("healthy");
	});
});

/** The guide's own words, as far as a runner reads them. */
const guide = {
	labels: `runner:
  labels:
    - "matric-builder:docker://ghcr.io/fortemi/fortemi/builder:latest"
    - "titan:host"
`,
	docker: `container:
  options: |
    -v /var/run/docker.sock:/var/run/docker.sock
  privileged: false
  docker_host: unix:///var/run/docker.sock
`,
	gpu: `runner:
  labels:
    - "matric-builder-gpu:docker://ghcr.io/fortemi/fortemi/builder:gpu"

container:
  options: |
    --gpus all
    -v /var/run/docker.sock:/var/run/docker.sock
`,
};

interface Configured {
	readonly what: string;
	readonly config: string;
	/** Releases on which it was so, and on which not. */
	readonly bad: readonly string[];
	readonly good: readonly string[];
	readonly finding: string;
	readonly line: number;
	readonly says: RegExp;
}

const configurations: readonly Configured[] = [
	{
		what: "2026-02-05: the socket mounted twice, by `container.options` and by the runner itself",
		config: `${guide.labels}${guide.docker}`,
		bad: ["0.2.13", "1.0.8", "2.3.0"],
		good: ["3.0.0", "4.1.0"],
		finding: "config/options:duplicate-socket-mount",
		line: 7,
		says: /[Dd]uplicate mount point/,
	},
	{
		what: '2026-02-05: no socket, since `docker_host: "-"` keeps it from the job containers',
		config: `${guide.labels}container:\n  docker_host: "-"\n`,
		bad: ["0.2.13", "1.0.8", "4.1.0"],
		good: [],
		finding: "config/docker-host:not-mounted",
		line: 6,
		says: /docker/,
	},
	{
		what: "2026-02-05: no socket, since it is not among `valid_volumes`",
		config: `${guide.labels}container:\n  docker_host: "-"\n  options: -v /var/run/docker.sock:/var/run/docker.sock\n`,
		bad: ["1.0.8", "4.1.0"],
		good: [],
		finding: "config/options:socket-not-mounted",
		line: 7,
		says: /valid_volumes/,
	},
	{
		what: "2026-02-05: a label whose image moves, and one day is not there",
		config: guide.labels,
		bad: ["1.0.8", "4.1.0"],
		good: [],
		finding: "config/label:floating-tag",
		line: 3,
		says: /builder:latest/,
	},
	{
		what: "the guide's GPU section: `--gpus all` is dropped where the container is not privileged",
		config: guide.gpu,
		bad: ["3.0.0", "3.2.0", "3.3.0"],
		good: ["2.3.0", "3.3.1", "4.1.0"],
		finding: "config/options:stripped",
		line: 7,
		says: /--gpus/,
	},
];

/** Also the words that people read in a terminal. */
async function lint(config: string, runnerVersion: string) {
	const host = createConfigHost({ "config.yaml": config });
	const { text, results } = await runLint(host, lintOptions({ files: ["config.yaml"], runnerVersion }));
	return {
		text,
		found: results.map(({ id, reason, location }) => ({ finding: `${id}:${reason}`, line: location?.line })),
		results,
	};
}

describe.each(configurations)("$what", ({ config, bad, good, finding, line, says }) => {
	test.each(bad)("runner %s", async (version) => {
		const { text, found, results } = await lint(config, version);
		expect(found).toContainEqual({ finding, line });
		const result = results.find(({ id, reason }) => `${id}:${reason}` === finding);
		expect(`${result?.message} ${result?.why}`).toMatch(says);
		expect(result?.remedy?.text ?? "").not.toBe("");
		expect(text).toContain(`config.yaml:${line}`);
	});

	test.each(good)("not runner %s", async (version) => {
		expect((await lint(config, version)).found.map((entry) => entry.finding)).not.toContain(finding);
	});
});

/*
 * What a check inside of a job cannot see:
 *
 * - 2026-02-09, a cache step that packed gigabytes: a step of the workflow. `runner/tool-cache` says that a host keeps its
 *   directories anyway, and docs/checks/runner.md why no cache step is needed there.
 * - 2026-02-26, the runner's own process at 16.9 GB: only its effect, `memory/available:low`.
 * - 2026-04-14, a runner that polls no more: no job reaches it. Many reports side by side show who is silent or offline.
 * - 2026-07-29, host jobs that clean each other's `~/.ssh`: a race between jobs, each of which sees a good directory.
 */
