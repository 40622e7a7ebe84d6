/** Is the first part of a short volume a path, and not the name of a volume? */
export function isPath(source: string): boolean {
	return /^(?:[./~]|\\\\|[A-Za-z]:)/.test(source);
}

/** A path as it is seen from where `directory` is: `deploy` and `./a` make `deploy/a`. `~` stays. */
export function joined(directory: string, path: string): string {
	if (/^(?:[~/]|\\\\|[A-Za-z]:)/.test(path)) return path.startsWith("/") ? normal(path) : path;
	return normal(directory === "" || directory === "." ? path : `${directory}/${path}`);
}

/** Without `.`, `..` and doubled slashes. */
function normal(path: string): string {
	const parts: string[] = [];
	for (const part of path.split("/")) {
		if (part === "" || part === ".") continue;
		if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
		else if (part !== ".." || !path.startsWith("/")) parts.push(part);
	}
	return `${path.startsWith("/") ? "/" : ""}${parts.join("/")}` || ".";
}

/** `/etc/x/config.yaml` -> `/etc/x`, `config.yaml` -> `.` */
export function directoryOf(path: string): string {
	const slash = path.lastIndexOf("/");
	return slash < 0 ? "." : path.slice(0, Math.max(1, slash));
}

/** The last part of a path. */
export function nameOf(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
