import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { withEdits } from "../../src/lint/fix/edits.ts";
import { type LintResult, lintFiles } from "../../src/lint/lint.ts";
import { loadRunnerConfig } from "../../src/lint/read/load.ts";
import type { Result } from "../../src/report/report.ts";
import { readCorpus } from "../lint/support/corpus.ts";
import { optionTexts, valueTexts } from "./config-truth/texts.ts";
import { cached } from "./support/cache.ts";
import { must, which } from "./support/run.ts";

/** Releases whose source is a Go module that can be had. From 2.0.0 on, its name lacks the major version that Go asks for. */
const versions = ["v1.0.6", "v1.0.8"] as const;
type Version = (typeof versions)[number];
const hasGo = (await which("go")) !== undefined;

interface Truth {
	readonly error?: string;
	readonly labels: readonly {
		readonly name: string;
		readonly schema: string;
		readonly image: string;
		readonly error?: string;
	}[];
	readonly optionsError?: string;
	readonly binds: readonly string[];
	readonly gpus: number;
	readonly privileged: boolean;
}

/** A program out of the runner's own source: its parser of configurations, labels and options. */
async function truthProgram(version: Version): Promise<string> {
	const folder = await cached("config-truth", version, async (made) => {
		await writeFile(join(made, "go.mod"), "module fetch\n\ngo 1.26.0\n");
		const answer = await must("go", ["mod", "download", "-json", `gitea.com/gitea/runner@${version}`], { cwd: made });
		const source = join(made, "source");
		await cp((JSON.parse(answer) as { Dir: string }).Dir, source, { recursive: true });
		await must("chmod", ["-R", "u+w", source]);
		const here = new URL("./config-truth/", import.meta.url);
		await cp(new URL("options.go", here), join(source, "act/container/lint_truth.go"));
		await mkdir(join(source, "internal/truth"));
		await cp(new URL("main.go", here), join(source, "internal/truth/main.go"));
		await must("go", ["build", "-o", join(made, "truth"), "./internal/truth"], { cwd: source, timeout: 600_000 });
	});
	return join(folder, "truth");
}

let folder = "";
const programs = new Map<Version, string>();
beforeAll(async () => {
	if (!hasGo) return;
	for (const version of versions) programs.set(version, await truthProgram(version));
	folder = await mkdtemp(join(tmpdir(), "config-truth-"));
}, 1_200_000);
afterAll(() => (folder === "" ? undefined : rm(folder, { recursive: true, force: true })));

/** The configuration that a release brings as an example. */
async function exampleOf(version: Version): Promise<string> {
	return readFile(join(programs.get(version) ?? "", "../source/internal/pkg/config/config.example.yaml"), "utf8");
}

/** What the runner makes of texts, and what the lint says of them. */
async function compare(
	version: Version,
	texts: readonly string[],
): Promise<readonly { text: string; truth: Truth; results: readonly LintResult[] }[]> {
	const paths = await Promise.all(
		texts.map(async (text, index) => {
			const path = join(folder, `${index}.yaml`);
			await writeFile(path, text);
			return path;
		}),
	);
	await writeFile(join(folder, "paths"), `${paths.join("\n")}\n`);
	const output = await must("sh", ["-c", `"$1" < "$2"`, "sh", programs.get(version) ?? "", join(folder, "paths")]);
	const truths = output
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Truth);
	const host = createRealHost({ PATH: "/nowhere" });
	return Promise.all(
		texts.map(async (text, index) => {
			const sources = { files: [paths[index] ?? ""], directory: folder, runnerVersion: version };
			const { facts } = await loadRunnerConfig(host, sources, new AbortController().signal);
			return { text, truth: truths[index] as Truth, results: lintFiles(facts, { version }) };
		}),
	);
}

const has = (results: readonly Result[], ...ids: readonly string[]): boolean =>
	results.some(({ id, reason }) => ids.includes(`${id}:${reason}`) || ids.includes(id));

/** Values for which the runner does not start, although their type is right. */
const refusals = ["config/cache:external-without-secret"];

/** Does the runner not start, or drop a label? */
const isRefusedBy = ({ error, labels, optionsError }: Truth): boolean =>
	error !== undefined || optionsError !== undefined || labels.some((label) => label.error !== undefined);

/** Configurations of Gitea's runner. Forgejo's are for another runner, and several files are for other rules. */
const cases = readCorpus().filter(
	({ name, texts }) => !/forgejo/i.test(name) && Object.keys(texts).join() === "config.yaml",
);

describe.runIf(hasGo).each(versions)("the lint and the runner %s", (version) => {
	test("refuse the same values of keys", async () => {
		const compared = await compare(version, valueTexts());
		expect(compared.length).toBeGreaterThan(300);
		const different = compared.filter(({ truth, results }) => {
			return (truth.error !== undefined) !== has(results, "config/syntax", "config/type:wrong-type");
		});
		expect(different.map(({ text, truth }) => [text, truth.error])).toEqual([]);
	});

	test("refuse the same options, and keep the same mounts", async () => {
		const compared = await compare(version, optionTexts());
		for (const { text, truth, results } of compared) {
			const isRefused = has(results, "config/options:unterminated-quote", "config/options:unknown-flag");
			expect(isRefused, `${text}\n${truth.optionsError}`).toBe(truth.optionsError !== undefined);
			if (isRefused) continue;
			const targets = truth.binds.map((bind) => bind.split(":")[1]);
			const hasSocket = targets.includes("/var/run/docker.sock");
			const hasTwo = new Set(targets).size < targets.length;
			expect(has(results, "config/options:duplicate-socket-mount"), text).toBe(hasTwo);
			if (has(results, "config/options:socket-not-mounted")) expect(hasSocket, text).toBe(false);
			for (const result of results.filter(({ reason }) => reason === "volume-not-allowed")) {
				const source = /mounts `([^`]+)`/.exec(result.message)?.[1] ?? "";
				expect(
					truth.binds.some((bind) => bind.startsWith(`${source}:`)),
					text,
				).toBe(false);
			}
			const isAllKept = !has(results, "config/options:volume-not-allowed", "config/options:socket-not-mounted");
			if (isAllKept) {
				const asked = [...text.matchAll(/(?:-v|--volume)[ =]([^\s:,'"]+):([^\s:'"]+)/g)].map(
					(match) => `${match[1]}:${match[2]}`,
				);
				// A relative path comes back as an absolute one.
				for (const mount of asked.filter((one) => !one.startsWith(".")))
					expect(truth.binds.join(" "), text).toContain(mount);
			}
			expect(truth.gpus > 0, text).toBe(text.includes("--gpus") && !has(results, "config/options:stripped"));
		}
	});

	test("read the whole corpus alike", async () => {
		const compared = await compare(
			version,
			cases.map(({ texts }) => texts["config.yaml"] ?? ""),
		);
		expect(compared.length).toBeGreaterThan(100);
		for (const [index, { truth, results }] of compared.entries()) {
			const name = cases[index]?.name ?? "";
			// To a runner, any mapping is a configuration, also a compose file or a template; we say what it is.
			if (/syntax\/(?:not-a-config|template)--/.test(name)) continue;
			// Its bytes are text by now.
			if (name.endsWith("invalid-yaml--not-utf8")) continue;
			const isRefused = has(results, "config/syntax", "config/type:wrong-type", ...refusals);
			expect(isRefused, `${name}: ${truth.error}`).toBe(truth.error !== undefined);
			if (isRefused) continue;
			const badLabel = truth.labels.some(({ error }) => error !== undefined);
			expect(has(results, "config/label:bad-schema"), `${name}: ${JSON.stringify(truth.labels)}`).toBe(
				// The runner takes a comma for a part of a label's name or schema; that is a finding of its own.
				badLabel && !has(results, "config/label:space"),
			);
			const noImage = truth.labels.some(
				({ schema, image }) => schema === "docker" && image.replace(/^\/\//, "") === "",
			);
			if (noImage) expect(has(results, "config/label:no-image"), name).toBe(true);
		}
	});

	test("agree about what `--fix` writes", async () => {
		const broken = await compare(
			version,
			cases.map(({ texts }) => texts["config.yaml"] ?? ""),
		);
		const fixed = broken.flatMap(({ text, truth, results }) => {
			const edits = results.flatMap((result) => (result.edits ? [result.edits] : []));
			const after = withEdits(text, edits);
			return after.made > 0 ? [{ text: after.text, wasRefused: isRefusedBy(truth) }] : [];
		});
		expect(fixed.length).toBeGreaterThan(20);
		const compared = await compare(
			version,
			fixed.map(({ text }) => text),
		);
		for (const { text, truth, results } of compared) {
			// What is still wrong with the file has no certain fix, and the lint says so.
			const isNamed = has(
				results,
				"config/syntax",
				"config/type:wrong-type",
				"config/label:bad-schema",
				"config/label:space",
				"config/options:unterminated-quote",
				"config/options:unknown-flag",
				...refusals,
			);
			if (isRefusedBy(truth)) expect(isNamed, `${text}\n${JSON.stringify(truth)}`).toBe(true);
		}
		const isSaved = (index: number) => fixed[index]?.wasRefused && !isRefusedBy(compared[index]?.truth as Truth);
		expect(fixed.filter((_, index) => isSaved(index)).length).toBeGreaterThan(5);
	});

	test("find nothing wrong with the runner's own example, as it is and with every line a comment", async () => {
		const example = await exampleOf(version);
		const commented = example.replace(/^(?=\s*\S)(?!\s*#)/gm, "#");
		const onlySections = example.replace(/^(?=\s+\S)(?!\s*#)/gm, "#");
		for (const { truth, results } of await compare(version, [example, commented, onlySections])) {
			expect(truth.error).toBeUndefined();
			expect(results).toEqual([]);
		}
	});
});
