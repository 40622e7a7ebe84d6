import { createTwoFilesPatch } from "diff";
import type { FixedFile } from "./fix-files.ts";

/**
 * What the fixes change, as a unified diff.
 * @param mask Hides the secrets of a text, line by line.
 */
export function diffOf(
	{ path, before, after }: FixedFile,
	mask: (path: string, text: string, isAfter: boolean) => string,
): string {
	const names = path.startsWith("/") ? [path, path] : [`a/${path}`, `b/${path}`];
	const [from = path, to = path] = names;
	return createTwoFilesPatch(from, to, mask(path, before, false), mask(path, after, true), "", "", {
		context: 3,
		headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
	});
}
