import { spawn } from "node:child_process";

export interface Ended {
	readonly status: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly ms: number;
	readonly stdout: string;
	readonly stderr: string;
}

interface Options {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
}

/** What a run may take longer than its `timeout`: 1.5 s, and as much for a machine on which other tests run. */
export const graceMs = 3000;

/** Runs a program in an environment that has hardly more than a PATH. A run that never ends is killed after 50 s. */
export function run(words: readonly string[], { cwd, env }: Options = {}): Promise<Ended> {
	const started = performance.now();
	const [program = "", ...args] = words;
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			cwd,
			env: { PATH: process.env.PATH, ...env },
			stdio: ["ignore", "pipe", "pipe"],
			timeout: 50_000,
			killSignal: "SIGKILL",
		});
		let stdout = "";
		let stderr = "";
		child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
		child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
		child.on("close", (status, signal) => resolve({ status, signal, ms: performance.now() - started, stdout, stderr }));
	});
}

interface Result {
	readonly id: string;
	readonly status: string;
	readonly reason?: string;
	readonly message: string;
	readonly duration_ms: number;
}

export interface SeenReport {
	readonly duration_ms: number;
	readonly profile: { readonly name: string; readonly decided_by: string };
	readonly results: readonly Result[];
	readonly facts: Readonly<Record<string, { readonly ok: boolean; readonly ms: number; readonly value?: unknown }>>;
}

/** The report that a run printed. */
export function reportIn({ stdout, stderr }: Ended): SeenReport {
	if (!stdout.startsWith("{")) throw new Error(`no report: ${stdout.slice(0, 500)} ${stderr}`);
	return JSON.parse(stdout);
}

/** `id status:reason` of one check. */
export function outcomeOf(report: SeenReport, id: string): string {
	const result = report.results.find((one) => one.id === id);
	return result ? [result.status, result.reason].filter(Boolean).join(":") : "no result";
}
