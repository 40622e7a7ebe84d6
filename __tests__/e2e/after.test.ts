import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { AfterReport } from "../../src/after/after-report.ts";
import { reportsIn } from "../../src/fleet/read-log.ts";

/** The main step, a job that fails, and the post step, on real file systems of a mount namespace. */
const root = mkdtempSync(join(tmpdir(), "after-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const canary = "t0ken-0f-this-j0b-9f8e7d";

interface Ended {
	readonly report: AfterReport;
	readonly log: string;
	/** Exit status of the post step. */
	readonly code: number;
}

let count = 0;
/** @param during What the job does between the two looks, for a shell in its workspace: an ext4 of 400 MiB with 6,400 inodes. */
function runJob(during: string, env: Readonly<Record<string, string>> = {}): Ended {
	const folder = join(root, String(++count));
	const [workspace, temp] = [join(folder, "workspace"), join(folder, "temp")];
	for (const path of [workspace, temp, join(temp, "home")]) mkdirSync(path, { recursive: true });
	for (const name of ["state", "output", "summary.md"]) writeFileSync(join(folder, name), "");
	const script = `
		truncate -s 400M ${folder}/disk.img && mkfs.ext4 -q -i 65536 ${folder}/disk.img
		mount -o loop ${folder}/disk.img ${workspace} && cd ${workspace} || exit 90
		env INPUT_FAIL-ON=never INPUT_MIN-FREE-DISK=100MiB INPUT_MIN-FREE-INODES=100 node ${process.cwd()}/dist/main.js
		( ${during} ) >&2
		eval "$(awk '/<</ { split($0, part, "<<"); getline value; getline; printf "export STATE_%s=%s\\n", part[1], value }' ${folder}/state)"
		cd ${folder}
		node ${process.cwd()}/dist/post.js > ${folder}/post.log
		echo "$?" > ${folder}/code`;
	const { stderr } = spawnSync("unshare", ["--mount", "sh", "-c", script], {
		env: {
			PATH: process.env.PATH,
			HOME: join(temp, "home"),
			GITHUB_ACTIONS: "true",
			GITEA_ACTIONS: "true",
			GITHUB_WORKSPACE: workspace,
			GITHUB_STATE: join(folder, "state"),
			GITHUB_OUTPUT: join(folder, "output"),
			GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
			RUNNER_TEMP: temp,
			RUNNER_NAME: "titan",
			INPUT_PROFILE: "generic",
			INPUT_AFTER: "failure",
			// A Docker CLI without a daemon, or a rustup without a home, is a fault from the start.
			INPUT_SKIP: "docker/*, tool/*, rust/*",
			DEPLOY_TOKEN: canary,
			NO_COLOR: "1",
			...env,
		},
		encoding: "utf8",
		timeout: 60_000,
	});
	const json = join(temp, "runner-check/after.json");
	if (!existsSync(json)) throw new Error(`no after.json: ${stderr}`);
	const log = readFileSync(join(folder, "post.log"), "utf8");
	const everything = [log, readFileSync(json, "utf8"), readFileSync(join(folder, "summary.md"), "utf8")];
	for (const text of everything) expect(text).not.toContain(canary);
	return { report: JSON.parse(everything[1] ?? ""), log, code: Number(readFileSync(join(folder, "code"), "utf8")) };
}

const failures = ({ report }: Ended) =>
	report.results.filter(({ status }) => status === "fail").map(({ id, reason }) => `${id}:${reason}`);

describe("what the runner causes is named, and nothing else is blamed", () => {
	test.each([
		[
			"a disk that fills up",
			"mkdir target; head -c 900M /dev/zero > target/big",
			"after/disk:filled",
			/disk of the workspace .* filled up .*MiB written below `target\/`/s,
		],
		["inodes that are used up", "mkdir many; cd many; seq 9000 | xargs touch", "after/inodes:used-up", /inodes/],
		[
			"a file system that is remounted read-only",
			'mount -o remount,ro "$GITHUB_WORKSPACE"',
			"after/filesystem:read-only",
			/read-only/,
		],
	])("%s", { timeout: 60_000 }, (_, during, expected, sentence) => {
		const ended = runJob(during);
		expect(ended.code).toBe(0);
		expect(ended.report.caused_by).toBe("runner");
		expect(failures(ended)).toEqual([expected]);
		expect(ended.log).toMatch(/^::endgroup::\n✖ The runner caused this: /);
		expect(ended.log).toMatch(sentence);
	});
});

test("a job that fails by its own doing never blames the runner", { timeout: 120_000 }, () => {
	const doings = [
		"exit 1",
		"false",
		"no-such-program",
		"cat no-such-file",
		"node -e 'throw new Error(1)'",
		"timeout 0.2 sleep 5",
		"sh -c 'kill -9 $$'",
		"git clone -q http://127.0.0.1:9/private.git",
		"mkdir t; mount -t tmpfs -o size=1M tmpfs t; head -c 5M /dev/zero > t/full",
		"head -c 900M /dev/zero > big; rm big",
		"mkdir many; (cd many; seq 2000 | xargs touch); rm -r many; exit 3",
		"chmod 000 .; exit 1",
	];
	const said = doings.map((during) => [during, runJob(during).report.caused_by] as const);
	expect(said.filter(([, cause]) => cause === "runner")).toEqual([]);
});

test("a report that another step has broken is not used", { timeout: 60_000 }, () => {
	for (const damage of ["echo '{}' >", "rm", "ln -sf /etc/passwd"])
		expect(() => runJob(`${damage} "$RUNNER_TEMP/runner-check/report.json"`)).toThrow("no after.json");
});

test("the terminal looks again too, and the fleet's log has the cause", { timeout: 60_000 }, async () => {
	const { report, log } = runJob("exit 1", { INPUT_PUBLISH: "log" });
	expect(report.sentence).toMatch(/^Nothing shows that the runner caused this/);
	const record = { repository: "o/r", runId: "1", runner: "titan" };
	expect(reportsIn(log, record)).toMatchObject({ after: ["job"], rejected: [] });
	const before = join(root, String(count), "temp/runner-check/report.json");
	const { stdout } = spawnSync("node", ["dist/cli.js", "after", before, "--format", "json"], { encoding: "utf8" });
	expect(JSON.parse(stdout)).toMatchObject({ version: 1, report: report.report });
	// The two files belong together, and can be told as one.
	expect(JSON.parse(readFileSync(before, "utf8")).id).toBe(report.report);
	const pair = spawnSync("node", ["dist/cli.js", "diff", before, join(before, "../after.json")], { encoding: "utf8" });
	expect(pair.stdout.replace(/\s+/g, " ")).toContain(report.sentence);
	expect(pair.stdout).toContain("At the start: Runner ");
	const text = spawnSync("node", ["dist/cli.js", "after", before], { encoding: "utf8" });
	expect(text.status).toBe(0);
	expect(text.stdout).toMatch(/^\W*(?:The|Nothing|It) /);
	expect(spawnSync("node", ["dist/cli.js", "after", "nothing.json"]).status).toBe(2);
});

test("`after: never` leaves the job alone", () => {
	expect(() => runJob("exit 1", { INPUT_AFTER: "never" })).toThrow("no after.json");
});
