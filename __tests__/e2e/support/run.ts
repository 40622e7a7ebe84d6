import { spawn } from "node:child_process";

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Milliseconds after which the program and all it started are killed. */
	timeout?: number;
	/** Is told what the program prints, when it prints it. */
	onOutput?: (text: string) => void;
}

export interface Ran {
	/** The exit status; a program ended by a signal has none. */
	code: number | null;
	stdout: string;
	stderr: string;
	/** stdout and stderr as they came, mixed. */
	output: string;
	/** Wall-clock milliseconds until the program had exited; what it left behind may hold its output open for longer. */
	ms: number;
}

/** Runs a program to its end, whatever its exit status. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
	const { timeout = 60_000, onOutput, ...rest } = options;
	return new Promise((resolve, reject) => {
		const started = performance.now();
		const child = spawn(command, args, { ...rest, stdio: ["ignore", "pipe", "pipe"], detached: true });
		const ran: Ran = { code: null, stdout: "", stderr: "", output: "", ms: 0 };
		for (const stream of ["stdout", "stderr"] as const) {
			child[stream].setEncoding("utf8").on("data", (text: string) => {
				ran[stream] += text;
				ran.output += text;
				onOutput?.(text);
			});
		}
		const deadline = setTimeout(() => {
			if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
			reject(new Error(`${command} did not end within ${timeout} ms:\n${tail(ran.output)}`));
		}, timeout);
		child.once("error", (error) => {
			clearTimeout(deadline);
			reject(error);
		});
		child.once("exit", (code) => {
			ran.code = code;
			ran.ms = performance.now() - started;
		});
		child.once("close", () => {
			clearTimeout(deadline);
			resolve(ran);
		});
	});
}

/** Runs a program that must succeed, and gives what it printed on stdout. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
	const ran = await run(command, args, { timeout: 600_000, ...options });
	if (ran.code !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${ran.code}:\n${tail(ran.output)}`);
	return ran.stdout;
}

/** Where the PATH of this process finds a program. */
export async function which(program: string): Promise<string | undefined> {
	const found = await run("sh", ["-c", 'command -v -- "$1"', "sh", program]);
	return found.code === 0 ? found.stdout.trim() : undefined;
}

const tail = (text: string) => text.slice(-4000);
