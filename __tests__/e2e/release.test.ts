import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { version } from "../../src/version.ts";
import { git } from "../support/sources.ts";
import { startForge } from "./support/forge.ts";
import { runJob } from "./support/job.ts";
import { oneLine } from "./support/outcome.ts";

const world = inject("world");

/** Lists what the runner copied into the job container for the action, and takes its package.json along. */
const look = [
	"cd /var/run/act/actions/*/",
	"find . -type f -printf '%s %P\\n' > $RESULTS/copied.txt",
	"cp package.json $RESULTS/package.json",
].join("\n");

interface Copied {
	path: string;
	bytes: number;
}

/** The files of a list that `look` made. */
function copiedFiles(list: string): Copied[] {
	const lines = list.trimEnd().split("\n");
	return lines.map((line) => ({ path: line.slice(line.indexOf(" ") + 1), bytes: Number.parseInt(line, 10) }));
}

const bytesOf = (files: readonly Copied[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);
const inWords = (files: readonly Copied[]) => `${files.length} files, ${(bytesOf(files) / 1e6).toFixed(2)} MB`;

describe("a release, used by the real runner", () => {
	test("gives the report in a container job, which gets a copy of its files and no others", async () => {
		await using forge = await startForge(join(world.folder, "release"));
		const outcome = await runJob(world, { uses: `${forge.url}/fortemi/runner-check@v1`, after: look });
		console.log(oneLine("uses: http://…/fortemi/runner-check@v1", outcome));
		expect(outcome.report.verdict).toBe("healthy");
		expect(outcome.exit).toBe(0);

		const copied = copiedFiles(await readFile(join(outcome.results, "copied.txt"), "utf8"));
		// This runner also copies the .git of its own clone, with all that the repository has: a release has no say in that.
		const files = copied.filter(({ path }) => !path.startsWith(".git/"));
		console.log(`copied into the job: ${inWords(files)}; with the .git of the runner's clone ${inWords(copied)}`);
		const released = git(join(forge.repositories, "fortemi/runner-check"), "ls-tree", "-r", "--name-only", "v1");
		expect(files.map(({ path }) => path).sort()).toEqual(released.split("\n").sort());
		expect(files.length).toBeLessThanOrEqual(30);
		expect(bytesOf(files)).toBeLessThanOrEqual(2_000_000);
	});

	test("reaches a runner that has an older one in its cache, while a full version stays", async () => {
		await using forge = await startForge(join(world.folder, "moved"));
		const home = join(world.folder, "moved-home");
		/** The version that a job gets. */
		const use = async (ref: string) => {
			const { results } = await runJob(world, {
				...{ uses: `${forge.url}/fortemi/runner-check@${ref}`, after: look, home },
			});
			return JSON.parse(await readFile(join(results, "package.json"), "utf8")).version;
		};
		const next = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
		expect([await use("v1"), await use(`v${version}`)]).toEqual([version, version]);
		await forge.release(next);
		expect([await use("v1"), await use(`v${version}`), await use("releases/v1")]).toEqual([next, version, next]);
	});
});
