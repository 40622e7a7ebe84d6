import type { ToolFacts } from "../../probes/tools.ts";

/** `/root/.cargo/bin` of `/root/.cargo/bin/rustc` */
export function directoryOf(path: string): string {
	const slash = path.lastIndexOf("/");
	return slash < 1 ? "/" : path.slice(0, slash);
}

/** `rustc` of `/root/.cargo/bin/rustc` */
export function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}

/** PATH as the variable holds it; what was searched where it is not set. */
export function pathOf({ pathText, path }: Pick<ToolFacts, "path" | "pathText">): string {
	return pathText ?? path.join(":");
}
