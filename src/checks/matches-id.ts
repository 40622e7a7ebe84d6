/** Does `docker/*` or `tool/rustc` name this check? `*` stands for anything. */
export function matchesId(pattern: string, id: string): boolean {
	if (!pattern.includes("*")) return pattern === id;
	const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
	return new RegExp(`^${escaped.join(".*")}$`).test(id);
}
