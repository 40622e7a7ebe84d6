import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { type ActionOutcome, type ActionRun, runAction, standIns } from "./support/action.ts";
import { checkJunit, checkMetrics } from "./support/format-checkers.ts";
import {
	type Answers,
	container,
	endless,
	failure,
	hostileEngine,
	info,
	page,
	podman,
	storage,
	version,
} from "./support/hostile-engine.ts";
import { hostile, payload, placesIn, withoutColors } from "./support/hostile-texts.ts";
import { runJob } from "./support/job.ts";
import { npmPackage } from "./support/node-versions.ts";
import { everyFile, findings } from "./support/outcome.ts";

const world = inject("world");

const octal = (text: string) => [...Buffer.from(text)].map((byte) => `\\0${byte.toString(8)}`).join("");
/** A script that prints the payload first and last, and ten megabytes between. */
const print = `payload() { printf '%b' '${octal(`${hostile("tool")}\n${payload}`)}'; }
payload; yes '::error::pwned <script>pwned()</script> | \`' | head -c 10485760; payload`;

/** Runs the action with a hostile runner name and all formats. The long timeout keeps a busy machine from changing the result. */
function run(options: ActionRun): Promise<ActionOutcome> {
	return runAction(world, {
		...options,
		env: { RUNNER_NAME: hostile("runner"), ...options.env },
		with: { formats: "json,junit,markdown,prometheus", docker: "required", timeout: "50s", ...options.with },
	});
}

/** Each tool prints the payload in its own way. */
async function tools(): Promise<ActionOutcome> {
	const bin = await standIns(world, {
		rustc: `${print}; { ${print}; } >&2; exit 101`, // is broken
		git: print, // exits with 0, but prints no version
		docker: `echo "Docker version 28.2.2, build \`::error::pwned|<script>pwned()</script>"; ${print}`,
	});
	return run({ path: `${bin}:${world.hostPath}` });
}

/** Annotations are short on Gitea. On GitHub they hold the whole message. */
const github = { GITEA_ACTIONS: undefined };

/** A host job on GitHub with an engine that gives these answers. */
async function onHost(answers: Answers, inputs: Record<string, string> = {}): Promise<ActionOutcome> {
	await using engine = await hostileEngine(join(world.folder, "hostile.sock"), answers);
	return await run({ env: { ...github, DOCKER_HOST: `unix://${engine.path}` }, with: inputs });
}

const workspace = world.folder;
/** A job that runs in a container, as far as its environment tells. */
async function inContainer(answers: Answers, { env: more, with: inputs }: ActionRun = {}): Promise<ActionOutcome> {
	await using engine = await hostileEngine(join(world.folder, "hostile.sock"), answers);
	const job = { ...more, JOB_CONTAINER_NAME: "job", GITHUB_WORKSPACE: workspace, GITHUB_EVENT_PATH: undefined };
	const env = { ...job, DOCKER_HOST: `unix://${engine.path}` };
	const image = "registry.example.test/builder:1";
	const attempt = () => run({ env, with: { profile: "generic", image, ...inputs } });
	let outcome = await attempt();
	// Questions about storage have one second, whatever the timeout is. On a machine too busy for that, ask again.
	for (let more = 5; more > 0 && JSON.stringify(outcome.report).includes('"kind":"timed-out"'); more--) {
		outcome = await attempt();
	}
	return outcome;
}

interface Source {
	name: string;
	provoke: () => Promise<ActionOutcome>;
	/** `id:reason` of every finding. */
	found: string[];
	/** The places whose texts must be in an output; the summary shows what the log shows. */
	seen: { log: string[]; annotations: string[]; junit: string[] };
}

/** The tests run as root, and a host job should not. */
const root = "runner/user:root";
const words = (text: string) => text.split(" ");
const sources: Source[] = [
	{
		name: "tools",
		provoke: tools,
		found: ["docker/cli:broken", root, "tool/git:unreadable-version", "tool/rustc:broken"],
		seen: { log: words("tool"), annotations: [], junit: words("tool") },
	},
	{
		name: "an engine's answers",
		provoke: () =>
			inContainer({
				"/version": { json: podman },
				"/info": { json: info },
				...storage,
				...container(workspace),
			}),
		found: [
			"docker/daemon:podman",
			"docker/storage:leftover-volumes",
			"docker/warnings:daemon-warnings",
			"docker/workspace:not-visible",
			"runner/image:wrong-image",
		],
		seen: {
			log: words("component digest directory driver header image mount network os version volume warning"),
			annotations: [],
			junit: words("digest image mount version warning"),
		},
	},
	{
		name: "an engine's error messages",
		provoke: () =>
			inContainer(
				{
					"/": failure("failure"),
					"/version": { json: version("26.1.5") },
					"/info": { json: info },
					"/images/json": { json: [{ RepoTags: [hostile("tag")], Size: 1 }] },
					"/containers/create": failure("refusal"),
				},
				{ env: github, with: { smoke: "true" } },
			),
		found: [
			"docker/storage:undecided",
			"docker/warnings:daemon-warnings",
			"docker/workspace:not-visible",
			"runner/image:undecided",
		],
		seen: {
			log: words("directory driver failure os refusal tag version warning"),
			annotations: words("failure refusal warning"),
			junit: words("directory driver failure refusal tag warning"),
		},
	},
	{
		name: "the error message of an engine that answers nothing else",
		provoke: () => onHost({ "/": failure("failure") }),
		found: ["docker/daemon:http-error", root],
		seen: { log: words("failure"), annotations: [], junit: words("failure") },
	},
	{
		name: "an engine of a release known as bad",
		provoke: () => onHost({ "/version": { json: version("29.5.0") }, "/info": { json: info } }),
		found: ["docker/daemon:known-bad", root],
		seen: {
			log: words("component directory driver os version"),
			annotations: words("version"),
			junit: words("component directory driver os version"),
		},
	},
	{
		name: "an engine that the profile forbids",
		provoke: () => onHost({ "/version": { json: version("26.1.5") } }, { docker: "forbidden" }),
		found: ["docker/presence:forbidden-but-present", root],
		seen: { log: words("component header version"), annotations: words("version"), junit: words("component version") },
	},
	{
		name: "a server that is not an engine",
		provoke: () => onHost({ "/": page(hostile("page")) }),
		found: ["docker/daemon:not-docker", root],
		seen: { log: words("page"), annotations: [], junit: words("page") },
	},
	{
		name: "an answer without end",
		provoke: () => onHost({ "/": endless }),
		found: ["docker/daemon:not-docker", root],
		seen: { log: [], annotations: [], junit: [] },
	},
];

describe.each(sources)("from $name", ({ provoke, found, seen }) => {
	let outcome: ActionOutcome;
	let files: Record<"json" | "junit" | "markdown" | "prometheus", string>;
	const path = (name: string) => join(outcome.folder, "runner-check", name);
	beforeAll(async () => {
		outcome = await provoke();
		files = {
			json: await readFile(path("report.json"), "utf8"),
			junit: await readFile(path("junit.xml"), "utf8"),
			markdown: await readFile(path("summary.md"), "utf8"),
			prometheus: await readFile(path("runner-check.prom"), "utf8"),
		};
	});

	test("the text reaches every output", () => {
		expect(findings(outcome.report, "fail", "error", "warn")).toEqual(found);
		const lines = outcome.stdout.split("\n");
		const isAnnotation = (line: string) => /^::(?:error|warning) /.test(line);
		const outputs = {
			annotations: lines.filter(isAnnotation).join("\n"),
			log: lines.filter((line) => !isAnnotation(line)).join("\n"),
			summary: outcome.summary,
			...files,
			json: JSON.stringify((JSON.parse(files.json) as { results: unknown }).results),
		};
		const shown = Object.entries(outputs).map(([name, text]) => [name, placesIn(text)]);
		const atLeast = (places: string[]) => expect.arrayContaining(places);
		expect(Object.fromEntries(shown)).toEqual({
			annotations: atLeast(seen.annotations),
			log: atLeast(["runner", ...seen.log]),
			summary: atLeast(["runner", ...seen.log]),
			markdown: atLeast(["runner", ...seen.log]),
			junit: atLeast(["runner", ...seen.junit]),
			prometheus: ["runner"],
			json: atLeast(seen.log),
		});
	});

	test("the log holds no command but our own", () => {
		const lines = withoutColors(outcome.log).split(/\r\n|[\r\n\u2028\u2029\u0085]/);
		const commands = lines.filter((line) => /^\s*::/.test(line));
		for (const line of commands) {
			expect(line).toMatch(/^::(group|endgroup|error|warning|notice)(\s[^:]*)?::/);
			// our own title and text come first; a tool's words are never the start of a command's message
			expect(line).not.toMatch(/^::[^:]*::\s*(::|##\[|pwned)/);
			expect(/^::\S+( [^:]*)?::/.exec(line)?.[1] ?? "").not.toContain("pwned.js");
		}
		expect(lines.filter((line) => /##\[/.test(line))).toEqual([]);
		expect(outcome.outputs).not.toHaveProperty("pwned");
	});

	test("no output holds control characters", async () => {
		const texts = [withoutColors(outcome.stdout), outcome.stderr, outcome.summary, outcome.outputsFile];
		for (const { text } of await everyFile(outcome.folder)) texts.push(text);
		for (const text of texts) expect(text.match(/[\u0000-\u0008\u000b-\u001f\u007f\u009b\u2028\u202e]/g)).toBeNull();
	});

	test("every output stays small", async () => {
		expect(outcome.stdout.length).toBeLessThan(100_000);
		expect(outcome.summary.length).toBeLessThan(100_000);
		expect(outcome.outputsFile.length).toBeLessThan(10_000);
		for (const { text } of await everyFile(outcome.folder)) expect(text.length).toBeLessThan(500_000);
	});

	test("readers of metrics and of JUnit's XML find our lines and elements only", { timeout: 300_000 }, async () => {
		expect(await checkMetrics(path("runner-check.prom"))).toMatchObject({ code: 0, output: "" });
		expect(files.prometheus.match(/^runner_check_healthy\b.*/gm)).toHaveLength(1);
		expect(await checkJunit(path("junit.xml"))).toMatchObject({ code: 0, output: "" });
		const elements = files.junit.match(/<\w[\w-]*/g);
		expect(elements?.filter((element) => element === "<testcase")).toHaveLength(outcome.report.results.length);
	});

	describe("the summary, rendered as a forge does", () => {
		let html: string;
		beforeAll(async () => {
			const folder = await npmPackage("markdown-it", "14");
			const MarkdownIt = createRequire(join(folder, "x.js"))("markdown-it") as new (
				options: object,
			) => {
				render(markdown: string): string;
			};
			html = new MarkdownIt({ html: true, linkify: true }).render(outcome.summary);
		}, 120_000);

		test("runs nothing, loads nothing and links nowhere of the tools' choice", () => {
			expect(html).not.toMatch(/<(script|img|iframe)/i);
			expect(html.match(/(?:href|src)="[^"]*pwned[^"]*"/g)).toBeNull();
		});

		test("keeps its shape", () => {
			expect(html.match(/<h\d[^>]*>[^<]*pwned[^<]*<\/h\d>/g)).toBeNull();
			for (const tag of ["details", "table", "pre"]) {
				expect(html.match(new RegExp(`<${tag}[ >]`, "g"))?.length ?? 0).toBe(
					html.match(new RegExp(`</${tag}>`, "g"))?.length ?? 0,
				);
			}
			const columns = [...html.matchAll(/<table>[\s\S]*?<\/table>/g)].map(
				([table]) =>
					[...new Set([...table.matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(([row]) => row.match(/<t[dh]/g)?.length))].length,
			);
			for (const widths of columns) expect(widths).toBe(1);
			expect(html).not.toMatch(/<td>\s*pwned\s*<\/td>/);
		});
	});
});

test("the runner obeys none of it", async () => {
	await using engine = await hostileEngine(join(world.folder, "hostile-job.sock"), {
		"/version": { json: podman },
		"/info": { json: info },
		...storage,
		...container("/no/workspace"),
	});
	const { report, log, outputs, left } = await runJob(world, {
		socket: engine.path,
		before: `cat > /usr/local/rust/bin/rustc <<'END'\n#!/bin/sh\n${print}\nEND`,
		with: { timeout: "50s" },
	});
	expect(findings(report, "fail")).toEqual(["runner/image:wrong-image", "tool/rustc:unreadable-version"]);
	expect(placesIn(log)).toEqual(expect.arrayContaining(["image", "tool", "version", "volume"]));
	expect(withoutColors(log)).not.toMatch(/^(::|##\[)(?!group|endgroup|error|warning|notice)|\S.*##\[/m);
	expect(outputs).not.toHaveProperty("pwned");
	expect(left).toEqual([]);
});
