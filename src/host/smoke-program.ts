/**
 * `dist/smoke.js`: does the steps of `smoke` in a process group that its parent kills at the deadline or on a signal, with everything
 * in it. It removes nothing: the parent made the directories.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Writable } from "node:stream";
import { exec } from "@actions/exec";
import { messageOf } from "../message-of.ts";
import { maxOutput, type SmokePlan, type Step, type StepEvent } from "../smoke/plan.ts";

/** How long a program that has ended may keep its output open, by a child that lives on. */
const drainMs = 200;

function tell(event: StepEvent): void {
	process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Ours is the channel to the parent, so what `exec` would echo goes nowhere. */
const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

interface Ended {
	readonly code?: number | null;
	readonly error?: string;
	readonly output: string;
}

async function run({ command, cwd, env, files = {} }: Step): Promise<Ended> {
	const chunks: Buffer[] = [];
	let size = 0;
	const keep = (chunk: Buffer): void => {
		if (size < maxOutput) chunks.push(chunk.subarray(0, maxOutput - size));
		size += chunk.length;
	};
	const output = (): string => Buffer.concat(chunks).toString("utf8");
	const [program = "", ...args] = command;
	try {
		for (const [path, text] of Object.entries(files)) {
			await mkdir(dirname(path), { recursive: true });
			await writeFile(path, text);
		}
		// It splits its first argument at blanks, but not in quotes.
		const code: number | null = await exec(`"${program}"`, args, {
			cwd,
			env: { ...(process.env as Record<string, string>), ...env },
			silent: true,
			outStream: nowhere,
			errStream: nowhere,
			ignoreReturnCode: true,
			delay: drainMs,
			input: Buffer.alloc(0),
			listeners: { stdout: keep, stderr: keep },
		});
		return { code, output: output() };
	} catch (error) {
		return { error: messageOf(error), output: output() };
	}
}

async function main(): Promise<void> {
	let text = "";
	for await (const chunk of process.stdin) text += String(chunk);
	const { sequences } = JSON.parse(text) as SmokePlan;
	await Promise.all(
		sequences.map(async ({ name, steps }) => {
			for (const [index, step] of steps.entries()) {
				tell({ began: name, step: index });
				const started = performance.now();
				const ended = await run(step);
				tell({ ended: name, step: index, ms: Math.round(performance.now() - started), ...ended });
				if (ended.code !== 0) return;
			}
		}),
	);
}

/** A program that ends before its empty input is closed breaks the pipe. `exec` does not expect that. */
process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") return;
	process.stderr.write(`${messageOf(error)}\n`);
	process.exit(1);
});

// A program that left a child behind keeps its pipes open, and with them this process.
main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`${messageOf(error)}\n`);
		process.exit(1);
	},
);
