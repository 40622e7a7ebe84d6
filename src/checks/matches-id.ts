/**
 * Does `docker/*` or `tool/rustc` name this check? `*` stands for anything. Each part between stars is looked for once, from
 * left to right: of a regular expression with many stars the engine would try every way to share out the characters.
 */
export function matchesId(pattern: string, id: string): boolean {
	const [first = "", ...parts] = pattern.split("*");
	const last = parts.pop();
	if (last === undefined) return pattern === id;
	if (!id.startsWith(first)) return false;
	let end = first.length;
	for (const part of parts) {
		const start = id.indexOf(part, end);
		if (start < 0) return false;
		end = start + part.length;
	}
	return end + last.length <= id.length && id.endsWith(last);
}
