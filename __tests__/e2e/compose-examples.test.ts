import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { lintCase } from "../support/lint-cases.ts";
import { must, which } from "./support/run.ts";

/** The last release that the Go module system can name. */
const version = "v1.0.8";
const hasGo = (await which("go")) !== undefined;

let examples: readonly string[] = [];
beforeAll(async () => {
	if (!hasGo) return;
	const answer = await must("go", ["mod", "download", "-json", `gitea.com/gitea/runner@${version}`], {
		timeout: 300_000,
	});
	const { Dir: folder } = JSON.parse(answer) as { Dir: string };
	const page = await readFile(join(folder, "examples/docker-compose/README.md"), "utf8");
	// The examples are parts of a file: services without the line above them.
	examples = [...page.matchAll(/^```yml\n([\s\S]*?)^```$/gm)].map(
		([, text = ""]) => `services:\n${text.replace(/^\s*\.\.\.\n/gm, "")}`,
	);
}, 300_000);

/** What an example leaves to its reader: a release, and a network that jobs join. */
const leftToReaders = ["compose/service:floating-tag", "compose/cache:unreachable-from-jobs"];

describe.runIf(hasGo)(`the Docker examples of the runner ${version}`, () => {
	test("are read", () => {
		expect(examples.length).toBeGreaterThanOrEqual(2);
		for (const text of examples) expect(text).toContain("gitea/runner");
	});

	test("cause no false alarm", async () => {
		for (const text of examples) {
			const { results, exitCode } = await lintCase({ texts: { "compose.yaml": text }, machine: {} });
			const found = results.map(({ id, reason }) => `${id}:${reason}`);
			expect(
				found.filter((one) => !leftToReaders.includes(one)),
				text,
			).toEqual([]);
			expect(exitCode).toBe(0);
		}
	});
});
