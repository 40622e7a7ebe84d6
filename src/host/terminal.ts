import { plainText } from "../render/text.ts";
import { createRedactor } from "../report/redact.ts";

/** Prints to stdout. @returns the exit code of a command that has nothing else to say. */
export function print(text: string): 0 {
	process.stdout.write(text);
	return 0;
}

/** Says on stderr what is wrong, without secrets and control characters. */
export function complain(message: string): void {
	process.stderr.write(`runner-check: ${plainText(redacted(message))}\n`);
}

/** A message shows what was found. A line each, as the redactor bounds what it is given. */
function redacted(message: string): string {
	const { text } = createRedactor(process.env);
	return message.split("\n").map(text).join("\n");
}

/** Columns to fill. */
export function terminalWidth(): number {
	return Math.max(40, Math.min(process.stdout.columns ?? 100, 120));
}

/** Does the locale promise that more than ASCII can be shown? */
export function showsUnicode(): boolean {
	const { LC_ALL, LC_CTYPE, LANG } = process.env;
	return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}

/** NO_COLOR and FORCE_COLOR as https://no-color.org and Node take them; else colour is for terminals. */
export function wantsColour(): boolean {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	if (NO_COLOR) return false;
	if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
	return Boolean(process.stdout.isTTY) && TERM !== "dumb";
}

/** Says on a terminal what is being waited for: a silent program looks like a hung one. */
export function startProgress(): { show: (names: readonly string[]) => void; clear: () => void } | undefined {
	const { stderr } = process;
	if (!stderr.isTTY) return undefined;
	return {
		show: (names) => stderr.write(`\r\u001b[Kwaiting for ${names.join(", ").slice(0, 60)} …`),
		clear: () => stderr.write("\r\u001b[K"),
	};
}
