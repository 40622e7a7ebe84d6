import { own } from "../../own.ts";
import { code } from "../text.ts";

const names: Readonly<Record<string, string>> = {
	workspace: "the workspace",
	temp: "the temporary directory",
	home: "the home directory",
	"tool-cache": "the tool cache",
	"cargo-target": "cargo's target directory",
	"docker-root": "Docker's data directory",
};

/** What a policy calls `workspace`, in words; a path as it is. */
export function placeName(name: string): string {
	return own(names, name) ?? code(name);
}

/** The same with its path: `` the workspace `/srv/jobs` ``. */
export function placeWithPath(name: string, path: string): string {
	return name === path ? code(path) : `${placeName(name)} ${code(path)}`;
}

/** A directory of the system: its owner and mode are as the distribution wants them, or have to be restored to that. */
export function isOfSystem(path: string): boolean {
	const clean = `/${partsOf(path).join("/")}`;
	return (
		/^\/(?:[^/]*|(?:bin|boot|dev|etc|lib\w*|proc|sbin|sys|usr)\/.*|(?:run|var)\/[^/]*)$/.test(clean) ||
		/^\/var\/lib\/(?:docker|containerd|containers)(?:\/|$)/.test(clean)
	);
}

/** The parts of an absolute path, without `.` and `..`. */
function partsOf(path: string): readonly string[] {
	const parts: string[] = [];
	for (const part of path.split("/")) {
		if (part === "..") parts.pop();
		else if (part !== "" && part !== ".") parts.push(part);
	}
	return parts;
}
