import { describe, expect, test } from "vitest";
import { lintFiles } from "../../src/lint/lint.ts";
import { runLint } from "../../src/lint/lint-command.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { lintOptions } from "../support/lint-options.ts";
import { readCorpus } from "./support/corpus.ts";
import { createConfigHost, lint, load } from "./support/lint.ts";
import { createRandom } from "./support/random.ts";

const names = ["config.yaml", ".runner", "gitea-runner.service"] as const;

/** Breaks a text somewhere, or makes one of any bytes. */
function mutate(text: string, random: () => number): string {
	const bytes = [...Buffer.from(text)];
	if (random() < 0.15)
		return Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))).toString("utf8");
	const marks = [..."\t:{}[]|>&*!%@`'\"#\\-,?\n \u0000"].map((char) => char.charCodeAt(0));
	for (let count = 1 + Math.floor(random() * 6); count > 0; count--) {
		const at = Math.floor(random() * bytes.length);
		const kind = random();
		if (kind < 0.4) bytes.splice(at, 0, marks[Math.floor(random() * marks.length)] ?? 0);
		else if (kind < 0.7) bytes.splice(at, 1 + Math.floor(random() * 10));
		else if (kind < 0.85) bytes.splice(at, 0, ...bytes.slice(at, at + Math.floor(random() * 40)));
		else bytes[at] = Math.floor(random() * 256);
	}
	return Buffer.from(bytes).toString("utf8");
}

describe("any text", () => {
	test("gives problems with a place, never a crash", async () => {
		const random = createRandom(7);
		const seeds = readCorpus().flatMap(({ texts }) => Object.values(texts));
		for (let round = 0; round < 3000; round++) {
			const seed = seeds[Math.floor(random() * seeds.length)] ?? "";
			const text = mutate(seed, random);
			const name = names[Math.floor(random() * names.length)] ?? "config.yaml";
			const results = await lint({ [name]: text });
			for (const result of results) {
				expect(result.title.length, `${result.title}\n${text}`).toBeLessThanOrEqual(60);
				const lines = text.split(/\r\n|\r|\n/).length;
				const { line, column } = result.location ?? {};
				if (line !== undefined) expect(line, text).toBeLessThanOrEqual(lines);
				if (result.id === "config/syntax" && result.reason === "invalid-yaml") {
					expect(line, text).toBeGreaterThan(0);
					expect(column, text).toBeGreaterThan(0);
				}
			}
		}
	}, 120_000);

	test("can be shown, line by line, without a crash", async () => {
		const random = createRandom(8);
		const seeds = readCorpus().flatMap(({ texts }) => Object.values(texts));
		for (let round = 0; round < 600; round++) {
			const text = mutate(seeds[Math.floor(random() * seeds.length)] ?? "", random);
			const host = createConfigHost({ "config.yaml": text });
			const format = round % 2 === 0 ? "text" : "json";
			const outcome = await runLint(host, lintOptions({ files: ["config.yaml"], format, width: 80 }));
			expect(outcome.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
		}
	}, 120_000);
});

describe("10,000 lines", () => {
	const many = (count: number, line: (index: number) => string): string =>
		Array.from({ length: count }, (_, index) => line(index)).join("\n");
	const texts: Readonly<Record<string, (count: number) => string>> = {
		labels: (n) => `runner:\n  labels:\n${many(n, (index) => `  - l${index}:docker://x/y:1`)}\n`,
		"broken labels": (n) => `runner:\n  labels:\n${many(n, (index) => `  - l${index}:dokcer://x/y`)}\n`,
		variables: (n) => `runner:\n  envs:\n${many(n, (index) => `    NAME_${index}: value ${index}`)}\n`,
		options: (n) => `container:\n  options: |\n${many(n, (index) => `    --label a${index}=b`)}\n`,
		mounts: (n) => `container:\n  options: |\n${many(n, (index) => `  -v /s/${index}:/d/${index}`)}\n`,
		"unknown keys": (n) => `runner:\n${many(n, (index) => `  unknown_${index}: ${index}`)}\n`,
		comments: (n) => `${many(n, (index) => `# ${index}`)}\nrunner:\n  capacity: 2\n`,
		"tabs between comments": (n) => `runner:\n  capacity: 2\n# one\n${many(n, () => "\t")}\n# two\n`,
		"tabs in quotes": (n) => `runner:\n  labels:\n${many(n / 2, (index) => `  - "l${index}\n    \t:host"`)}\n`,
		"blanks of an open expression": (n) => `runner:\n  labels: {{${" ".repeat(10 * n)}\n`,
		anchors: (n) => `runner:\n  labels:\n${many(n, (index) => `  - &a${index} "l${index}:host"`)}\n`,
	};
	const others: Readonly<Record<string, readonly [file: string, text: (count: number) => string]>> = {
		"settings of a unit": [
			"x.service",
			(n) => `[Service]\nExecStart=/bin/gitea-runner daemon\n${many(n, (index) => `Environment=A${index}=b`)}\n`,
		],
		"lines that systemd ignores": [
			"x.service",
			(n) => `[Service]\nExecStart=/bin/gitea-runner daemon\n${many(n, () => "Restart=always # x")}\n`,
		],
		"jobs of a workflow": [
			"ci.yaml",
			(n) => `on: push\njobs:\n${many(n / 2, (index) => `  j${index}:\n    runs-on: titan`)}\n`,
		],
		"open remarks of a template": [
			"x.service",
			(n) => `[Service]\nExecStart=/bin/gitea-runner daemon ${"{#".repeat(10 * n)}\n`,
		],
		"values that a matrix excludes": [
			"ci.yaml",
			(n) => {
				const labels = many(200, (index) => `          - l${index}`);
				const large = `[${"x, ".repeat(n / 4)}]`;
				const exclude = many(n / 10, () => "          - { z: [x], on: l0 }");
				return `on: push\njobs:\n  j:\n    runs-on: \${{ matrix.on }}\n    strategy:\n      matrix:\n        z: [${large}]\n        on:\n${labels}\n        exclude:\n${exclude}\n`;
			},
		],
		"variables of a service": [
			"compose.yaml",
			(n) =>
				`services:\n  runner:\n    image: gitea/act_runner:0.2.11\n    environment:\n${many(n, (index) => `      A${index}: b`)}\n`,
		],
	};

	/** The best of four attempts: the first ones also compile the code. */
	async function cost(text: string): Promise<number> {
		return best(async () => lintFiles(await load({ "config.yaml": text }, "3.3.0"), { version: "3.3.0" }));
	}

	async function best(lint: () => Promise<unknown>): Promise<number> {
		let best = Number.POSITIVE_INFINITY;
		for (let attempt = 0; attempt < 4; attempt++) best = Math.min(best, await cpuTime(lint));
		return best;
	}

	test.for(Object.entries(texts))("%s are judged in time that grows with their number", async ([, text]) => {
		// Four times as many lines take four times as long; sixteen times if each is compared with all others.
		const [few, all] = [await cost(text(2500)), await cost(text(10_000))];
		expect(all / Math.max(few, 10)).toBeLessThan(8);
	});

	const all = [
		...Object.entries(texts).map(([name, text]) => [name, ["config.yaml", text]] as const),
		...Object.entries(others),
	];

	test.for(all)("%s are linted and printed in less than a second", async ([, [file, text]]) => {
		const host = createConfigHost({ [file]: text(10_000) });
		const lint = () => runLint(host, lintOptions({ files: [file], format: "json", runnerVersion: "3.3.0" }));
		// A file that is too long is not read at all.
		expect((await lint()).results.filter(({ message }) => /longer than/.test(message))).toEqual([]);
		expect(await best(lint)).toBeLessThan(1000);
	});
});
