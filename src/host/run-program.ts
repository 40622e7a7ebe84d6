import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { now, since } from "../clock.ts";
import { codeOf } from "./files.ts";
import { guard } from "./guard.ts";
import type { RunOptions, RunOutcome } from "./host.ts";

/** Time for a killed process to go: what lives on after that is held by the kernel, and we leave it. */
const killGraceMs = 250;
/** Time for output to arrive after the program has ended: a grandchild may hold the pipe open for ever. */
const drainMs = 100;

type End =
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "signalled"; readonly signal: string }
	| { readonly kind: "not-started"; readonly code: string }
	| { readonly kind: "timed-out"; readonly abandoned: boolean };

/**
 * `@actions/exec` has no deadline, no process group and no bound on output, so this is ours.
 *
 * Runs a program in a process group of its own, with no more standard input than `input`. At `signal` the whole group gets SIGKILL, and
 * when the program ends by itself so does whatever it left in its group: nothing of ours stays behind. If this process is killed,
 * the guard does the same.
 */
export function runProgram(
	command: readonly string[],
	options: RunOptions,
	baseEnv: NodeJS.ProcessEnv,
): Promise<RunOutcome> {
	const started = now();
	const [program = "", ...args] = command;
	const limit = options.maxOutput ?? 64 * 1024;
	const env = { ...baseEnv, ...options.env };
	const stdio: StdioOptions = [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"];

	return new Promise((resolve) => {
		let child: ChildProcess;
		try {
			child = spawn(program, args, { cwd: options.cwd, env, detached: true, stdio });
		} catch (error) {
			resolve({ kind: "not-started", code: codeOf(error), stdout: "", stderr: "", ms: since(started) });
			return;
		}
		const unguard = child.pid === undefined ? () => undefined : guard(child.pid);
		const stdout = keep(child.stdout, limit);
		const stderr = keep(child.stderr, limit);
		// A program that does not read what it is given breaks the pipe, and may be right.
		child.stdin?.on("error", () => undefined);
		child.stdin?.end(options.input);
		let timer: NodeJS.Timeout | undefined;
		let ended = false;

		const end = (result: End): void => {
			if (ended) return;
			ended = true;
			clearTimeout(timer);
			options.signal.removeEventListener("abort", onAbort);
			killGroup(child);
			unguard();
			// Let go of everything that could keep this process alive: pipes held by others, a child that cannot die.
			child.stdin?.destroy();
			child.stdout?.destroy();
			child.stderr?.destroy();
			child.unref();
			resolve({ ...result, stdout: stdout(), stderr: stderr(), ms: since(started) });
		};
		const onAbort = (): void => {
			killGroup(child);
			timer = setTimeout(() => end({ kind: "timed-out", abandoned: true }), killGraceMs);
		};

		child.once("error", (error) => end({ kind: "not-started", code: codeOf(error) }));
		child.once("exit", (code, signal) => {
			const result: End = options.signal.aborted
				? { kind: "timed-out", abandoned: false }
				: signal === null
					? { kind: "exited", code: code ?? 0 }
					: { kind: "signalled", signal };
			child.once("close", () => end(result));
			clearTimeout(timer);
			timer = setTimeout(() => end(result), drainMs);
		});
		if (options.signal.aborted) onAbort();
		else options.signal.addEventListener("abort", onAbort, { once: true });
	});
}

/** Keeps the first `limit` bytes of a stream and drops the rest, so that the program never waits for us to read. */
function keep(stream: Readable | null, limit: number): () => string {
	const chunks: Buffer[] = [];
	let size = 0;
	stream?.on("data", (chunk: Buffer) => {
		if (size >= limit) return;
		chunks.push(chunk.subarray(0, limit - size));
		size += chunk.length;
	});
	// A pipe that breaks has nothing more to say.
	stream?.on("error", () => undefined);
	return () => Buffer.concat(chunks).toString("utf8");
}

function killGroup(child: ChildProcess): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, "SIGKILL");
	} catch {
		// ESRCH: the group is gone, which is what we want.
	}
}
