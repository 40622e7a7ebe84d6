import type { Edit } from "../../checks/check.ts";
import { errnoText } from "../../errno-text.ts";
import type { Host } from "../../host/host.ts";
import { messageOf } from "../../message-of.ts";
import type { Result } from "../../report/report.ts";
import { maskedText } from "../excerpt.ts";
import { printable } from "../printable.ts";
import type { Loaded } from "../read/load.ts";
import { count } from "../setup/subjects.ts";
import { EditableText } from "./edits.ts";
import { diffOf } from "./fix-diff.ts";
import { type FixedFile, fixFiles, type Look } from "./fix-files.ts";

/** Writes a file, if it still has the text that was read. @throws Error in words */
export type WriteFixed = (path: string, before: string, after: string) => Promise<void>;

/** What `--fix` made, or would make. */
export interface Fixes {
	/** Without those that could not be written. */
	readonly files: readonly Pick<FixedFile, "path" | "problems">[];
	/** The files were written, and not only shown. */
	readonly isWritten: boolean;
	/** Files that could not be written, a sentence each. */
	readonly unwritten: readonly string[];
	/** Unified, without secrets; empty if the files were written. */
	readonly diff: string;
}

interface LoadedLook extends Look {
	readonly loaded: Loaded;
}

/**
 * Makes every certain fix, and writes the files, or shows what would change.
 * @param look Lints the files as this machine has them.
 */
export async function makeFixes<L extends LoadedLook>(
	host: Host,
	first: L,
	how: "show" | WriteFixed,
	look: (host: Host) => Promise<L>,
): Promise<Fixes> {
	const { files, last } = await fixFiles(host, first, look);
	if (how === "show") {
		const mask = (path: string, text: string, isAfter: boolean): string =>
			maskedText((isAfter ? last : first).loaded, path, text);
		const diff = files.map((file) => diffOf(file, mask)).join("");
		return { files, isWritten: false, unwritten: [], diff };
	}
	const written: FixedFile[] = [];
	const unwritten: string[] = [];
	for (const file of files) {
		const { path, before, after } = file;
		try {
			await how(path.startsWith("/") ? path : `${host.cwd()}/${path}`, before, after);
			written.push(file);
		} catch (error) {
			unwritten.push(`could not fix ${path}: ${inWords(error)}`);
		}
	}
	return { files: written, isWritten: true, unwritten, diff: "" };
}

function inWords(error: unknown): string {
	const code = (error as NodeJS.ErrnoException | null)?.code;
	return code !== undefined && /^E[A-Z]+$/.test(code) ? `${errnoText(code)} (${code})` : messageOf(error);
}

/** What the fixes made, for a terminal. */
export function fixText({ files, isWritten, diff }: Fixes): string {
	if (isWritten)
		return (
			files.map(({ path, problems }) => `Fixed ${count(problems, "problem")} in ${printable(path)}.\n`).join("") +
			gap(files)
		);
	const total = files.reduce((sum, { problems }) => sum + problems, 0);
	const said =
		total === 0
			? "No problem has a fix that is certain."
			: `Without \`--dry-run\`, \`--fix\` fixes ${count(total, "problem")}.`;
	return `${printable(diff, "\n\t")}${said}\n\n`;
}

function gap(files: readonly unknown[]): string {
	return files.length > 0 ? "\n" : "";
}

/** The same for programs. */
export function fixFields({ files, isWritten, diff }: Fixes): Readonly<Record<string, unknown>> {
	const fixes = files.map(({ path, problems }) => ({ path, problems }));
	return isWritten ? { fixed: fixes } : { fixable: fixes, diff };
}

/** A problem as it is printed. */
export interface ShownResult extends Result {
	/** Its fix, if that is certain and can be shown: each change is in one line. */
	readonly edits?: readonly Change[];
}

export interface Change {
	readonly line: number;
	readonly column: number;
	/** The column after the last character that is replaced. */
	readonly end_column: number;
	readonly text: string;
}

/** Finds edits in the texts of files. A remark is not shown: it may hold a password that somebody wrote down. */
export function changesIn(
	texts: ReadonlyMap<string, string>,
): (path: string, edits: readonly Edit[]) => readonly Change[] | undefined {
	const known = new Map<string, EditableText>();
	return (path, edits) => {
		if (edits.some(({ remark }) => remark)) return undefined;
		const text = known.get(path) ?? new EditableText(texts.get(path) ?? "");
		known.set(path, text);
		return text.find(edits)?.map(({ start, end, text: by }) => {
			const { line, column } = text.positionOf(start);
			return { line, column, end_column: column + (end - start), text: by };
		});
	};
}
