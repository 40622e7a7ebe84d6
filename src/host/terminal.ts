import { messageOf } from "../message-of.ts";
import { withoutQueries } from "../mistake.ts";
import { plainText } from "../render/text.ts";
import { createRedactor } from "../report/redact.ts";

/** Something that was asked for could not be written: stdout, or a report. */
export class OutputError extends Error {
	override readonly name = "OutputError";
	/** The reader of a pipe has gone, as `| head -1` does: it has all that it wanted. */
	readonly isUnwanted: boolean;

	constructor(what: string, error: unknown) {
		super(`could not write ${what}: ${messageOf(error)}`);
		this.isUnwanted = (error as NodeJS.ErrnoException | null)?.code === "EPIPE";
	}
}

/**
 * Prints to stdout.
 * @returns the exit code of a command that has nothing else to say.
 * @throws OutputError
 */
export async function print(text: string): Promise<0> {
	const { stdout } = process;
	await new Promise<void>((resolve, reject) => {
		const fail = (error: Error): void => reject(new OutputError("the output", error));
		// The event would end the process if nobody listened.
		stdout.once("error", fail);
		stdout.write(text, (error) => {
			if (error) return fail(error);
			stdout.off("error", fail);
			resolve();
		});
	});
	return 0;
}

/** Reports a problem on stderr, without secrets and control characters. */
export function complain(message: string): void {
	process.stderr.write(`runner-check: ${plainText(redacted(withoutQueries(message)))}\n`);
}

/**
 * Says on stderr that stdout takes no more. Without a listener, that would end the process, and what is not a log would not be written.
 * @returns whether all was printed so far.
 */
export function watchStdout(): () => Promise<boolean> {
	let isWhole = true;
	process.stdout.on("error", (error) => {
		if (isWhole) complain(new OutputError("the log", error).message);
		isWhole = false;
	});
	return async () => {
		// The event of the last write is on its way.
		await new Promise((resolve) => setImmediate(resolve));
		return isWhole;
	};
}

/** A stderr that takes nothing costs the words, not the run. */
export function doWithoutStderr(): void {
	process.stderr.on("error", () => undefined);
}

/** A text without secrets, also those of several lines. */
export function redacted(message: string): string {
	return createRedactor(process.env, secretArguments(process.argv)).whole(message);
}

/** `--token x` and `--token=x`: a message may repeat what was typed. */
function secretArguments(argv: readonly string[]): readonly string[] {
	return argv.flatMap((word, index) => {
		if (argv[index - 1] === "--token") return [word];
		return word.startsWith("--token=") ? [word.slice("--token=".length)] : [];
	});
}

/** Columns to fill. */
export function terminalWidth(): number {
	return Math.max(40, Math.min(process.stdout.columns || 100, 120));
}

/** Can the locale show more than ASCII? */
export function showsUnicode(): boolean {
	const { LC_ALL, LC_CTYPE, LANG } = process.env;
	return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}

/** NO_COLOR and FORCE_COLOR as https://no-color.org and Node read them; otherwise color is for terminals. */
export function wantsColor(): boolean {
	const { NO_COLOR, FORCE_COLOR } = process.env;
	if (NO_COLOR || isDumb()) return false;
	if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
	return Boolean(process.stdout.isTTY);
}

/** A terminal that understands no control sequences. */
function isDumb(): boolean {
	return process.env.TERM === "dumb";
}

/** Lines of the screen; `undefined` if stdout is not a terminal. */
export function terminalHeight(): number | undefined {
	return process.stdout.isTTY ? process.stdout.rows : undefined;
}

/** Shows on a terminal what is being waited for: a silent program looks like a hung one. */
export function startProgress(): { show: (names: readonly string[]) => void; clear: () => void } | undefined {
	const { stderr } = process;
	if (!stderr.isTTY || isDumb()) return undefined;
	return {
		show: (names) => stderr.write(`\r\u001b[Kwaiting for ${names.join(", ").slice(0, 60)} …`),
		clear: () => stderr.write("\r\u001b[K"),
	};
}

/** What comes through standard input, up to its end or `maxBytes`. */
export async function readStdin(maxBytes: number): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin) {
		chunks.push(Buffer.from(chunk));
		length += chunk.length;
		if (length >= maxBytes) break;
	}
	return Buffer.concat(chunks).subarray(0, maxBytes);
}
