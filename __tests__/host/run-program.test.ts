import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../src/host/run-program.ts";
import { patience } from "../support/patience.ts";

let directory: string;
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "runner-check-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function script(name: string, body: string): string {
	const path = join(directory, name);
	writeFileSync(path, `#!/bin/sh\n${body}\n`);
	chmodSync(path, 0o755);
	return path;
}

function run(
	command: readonly string[],
	options: { timeoutMs?: number; maxOutput?: number; cwd?: string; env?: Record<string, string>; input?: string } = {},
) {
	const { timeoutMs = 10_000, ...rest } = options;
	return runProgram(command, { signal: AbortSignal.timeout(timeoutMs), ...rest }, process.env);
}

/** Is a process alive, and more than a zombie that waits for its parent? */
function isAlive(pid: number): boolean {
	try {
		return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false;
	}
}

/** Shells that this process started, ended ones that it has not waited for included. */
function childShells(): string[] {
	const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	const stats = processes.map((pid) => {
		try {
			return readFileSync(`/proc/${pid}/stat`, "utf8");
		} catch {
			return ""; // it has ended
		}
	});
	return stats.filter((stat) => new RegExp(`^\\d+ \\(sh\\) \\w ${process.pid} `).test(stat));
}

describe("runProgram", () => {
	it("gives a program its input, and none where there is none", async () => {
		expect(await run(["cat"], { input: "ghcr.io\n" })).toMatchObject({ code: 0, stdout: "ghcr.io\n" });
		expect(await run(["cat"])).toMatchObject({ code: 0, stdout: "" });
		// One that does not read it breaks the pipe.
		expect(await run(["true"], { input: "x".repeat(1_000_000) })).toMatchObject({ kind: "exited", code: 0 });
	});

	it("gives output and exit code apart", async () => {
		const outcome = await run([script("both", "echo out; echo err >&2; exit 3")]);
		expect(outcome).toMatchObject({ kind: "exited", code: 3, stdout: "out\n", stderr: "err\n" });
	});

	it("passes arguments and the environment on, and takes names away", async () => {
		const path = script("args", 'echo "$1|$ADDED|${HOME-none}"');
		const outcome = await runProgram(
			[path, "a b;c"],
			{ signal: AbortSignal.timeout(5000), env: { ADDED: "yes", HOME: undefined } },
			{ ...process.env, HOME: "/root" },
		);
		expect(outcome.stdout).toBe("a b;c|yes|none\n");
	});

	it("tells a missing program from one that may not run, and from a missing directory", async () => {
		expect(await run([join(directory, "nothing")])).toMatchObject({ kind: "not-started", code: "ENOENT" });
		const plain = join(directory, "plain");
		writeFileSync(plain, "#!/bin/sh\n");
		expect(await run([plain])).toMatchObject({ kind: "not-started", code: "EACCES" });
		expect(await run(["true"], { cwd: "/no/such/place" })).toMatchObject({ kind: "not-started", code: "ENOENT" });
		expect(await run(["a\0b"])).toMatchObject({ kind: "not-started" });
	});

	it("tells the signal that ended a program", async () => {
		expect(await run([script("suicide", "kill -SEGV $$")])).toMatchObject({ kind: "signalled", signal: "SIGSEGV" });
	});

	it("kills a program that ignores SIGTERM, with its children, at the deadline", async () => {
		const pids = join(directory, "pids");
		const path = script(
			"stubborn",
			`trap '' TERM; echo started; sleep 60 & echo $! > ${pids}.new; echo $$ >> ${pids}.new; mv ${pids}.new ${pids}; wait`,
		);
		const deadline = new AbortController();
		const outcome = runProgram([path], { signal: deadline.signal }, process.env);
		await expect.poll(() => existsSync(pids), patience).toBe(true);
		deadline.abort();
		expect(await outcome).toMatchObject({ kind: "timed-out", abandoned: false, stdout: "started\n" });
		const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
		expect(started).toHaveLength(2);
		await expect.poll(() => started.filter(isAlive), patience).toEqual([]);
	});

	it("does not wait for a grandchild that keeps the output open, and leaves it not behind", async () => {
		const pids = join(directory, "grandchild");
		const path = script("parent", `sleep 60 & echo $! > ${pids}; echo 'tool 1.2.3'`);
		expect(await run([path])).toMatchObject({ kind: "exited", code: 0, stdout: "tool 1.2.3\n" });
		const grandchild = Number(readFileSync(pids, "utf8"));
		await expect.poll(() => isAlive(grandchild), patience).toBe(false);
	});

	it("leaves nothing of its own guard, not even a zombie", async () => {
		const ran = Promise.all([run(["true"]), run(["no-such-program"]), run(["sleep", "60"], { timeoutMs: 1500 })]);
		await expect.poll(childShells, patience).toHaveLength(1);
		await ran;
		await expect.poll(childShells, patience).toEqual([]);
	});

	it("keeps the first bytes of endless output and reads the rest away", async () => {
		const path = script("loud", "head -c 10000000 /dev/zero | tr '\\0' x; echo end >&2");
		const outcome = await run([path], { maxOutput: 1000 });
		expect(outcome).toMatchObject({ kind: "exited", code: 0, stderr: "end\n" });
		expect(outcome.stdout).toBe("x".repeat(1000));
	});

	it("gives no standard input to wait for", async () => {
		expect(await run(["cat"])).toMatchObject({ kind: "exited", code: 0, stdout: "" });
	});

	it("ends at once when the deadline has already passed", async () => {
		const outcome = await runProgram(["sleep", "60"], { signal: AbortSignal.abort() }, process.env);
		expect(outcome.kind).toBe("timed-out");
	});
});
