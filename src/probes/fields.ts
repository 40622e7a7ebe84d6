/**
 * What stands behind `key` in the first line that begins with it, without blanks at its ends: `CapEff:`, `PRETTY_NAME=`. Looked
 * for without a regular expression, since to compile one takes longer than to search a small file.
 */
export function fieldOf(text: string, key: string): string | undefined {
	const at = text.startsWith(key) ? 0 : text.indexOf(`\n${key}`) + 1;
	if (at === 0 && !text.startsWith(key)) return undefined;
	const start = at + key.length;
	const end = text.indexOf("\n", start);
	return text.slice(start, end < 0 ? undefined : end).trim();
}
