import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { MountAnswer } from "../../src/host/ask-mount.ts";
import type { RunOptions, RunOutcome } from "../../src/host/host.ts";
import { MountGuard } from "../../src/host/mount-guard.ts";
import { runGuarded } from "../../src/host/run-guarded.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "run-guarded-")));
afterAll(() => rmSync(root, { recursive: true }));
const [dead, alive, bin] = [join(root, "dead"), join(root, "alive"), join(root, "bin")];
for (const directory of [dead, alive, bin]) mkdirSync(directory);
const script = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o755 });
script(join(bin, "shows"), '#!/bin/sh\necho "$PATH $HOME $CARGO_HOME $MANPATH"\n');
script(join(bin, "fails"), "#!/bin/sh\nexit 3\n");
script(join(bin, "interpreted"), `#!${dead}/sh\n`);
script(join(dead, "there"), "#!/bin/sh\necho there\n");
symlinkSync(join(dead, "there"), join(bin, "linked"));

const mountinfo = [
	`1 0 0:50 / ${dead} rw - nfs4 nas.example:/export rw`,
	`2 0 0:51 / ${alive} rw - nfs4 nas.example:/other rw`,
].join("\n");
const message = `the mount ${dead}`;
const patienceMs = 20;

function createRun(env: NodeJS.ProcessEnv): {
	run: (command: readonly string[], options?: Partial<RunOptions>) => Promise<RunOutcome>;
	asked: string[];
} {
	const asked: string[] = [];
	const ask = async (target: string): Promise<MountAnswer> => {
		asked.push(target);
		return { state: target === dead ? "not-answering" : "answers", ms: 1 };
	};
	const guard = new MountGuard({ mountinfo, loaded: [], cwd: () => root, ask, patienceMs });
	const { signal } = new AbortController();
	return { asked, run: (command, options) => runGuarded(command, { signal, ...options }, env, guard) };
}

const usual = `${bin}:/usr/bin:/bin`;

describe("what the environment has on a dead mount", () => {
	test("is taken out, and the rest stays", async () => {
		const env = { PATH: `${dead}:${usual}`, HOME: join(dead, "home"), CARGO_HOME: dead, MANPATH: `/man:${dead}` };
		const outcome = await createRun(env).run(["shows"]);
		expect(outcome).toMatchObject({ kind: "exited", code: 0, stdout: `${usual} /dev/null  /man\n` });
	});

	test("explains the failure of a program", async () => {
		await expect(createRun({ PATH: usual, HOME: dead }).run(["fails"])).rejects.toThrow(message);
		await expect(createRun({ PATH: `${dead}:${usual}` }).run(["nowhere"])).rejects.toThrow(message);
	});

	test("explains no failure if there is none of it", async () => {
		expect(await createRun({ PATH: usual }).run(["fails"])).toMatchObject({ kind: "exited", code: 3 });
		expect(await createRun({ PATH: usual }).run(["nowhere"])).toMatchObject({ kind: "not-started", code: "ENOENT" });
	});
});

test.each([
	["the program", [join(dead, "there")], {}],
	["a relative program", ["./there"], { cwd: dead }],
	["what a link leads to", ["linked"], {}],
	["the interpreter", ["interpreted"], {}],
	["the working directory", ["shows"], { cwd: dead }],
])("%s on a dead mount starts nothing", async (_, command, options) => {
	await expect(createRun({ PATH: usual }).run(command, options)).rejects.toThrow(message);
});

test.each([
	["ends well", ["shows"], "exited"],
	["fails", ["fails"], "the mount"],
])("nothing is asked any more when a program %s", async (_, command, end) => {
	const { run, asked } = createRun({ PATH: usual, HOME: dead, CARGO_HOME: alive });
	const outcome = await run(command).then(
		({ kind }) => kind,
		(error: Error) => error.message,
	);
	expect(outcome).toContain(end);
	asked.length = 0;
	await new Promise((resolve) => setTimeout(resolve, 5 * patienceMs));
	expect(asked).toEqual([]);
});
