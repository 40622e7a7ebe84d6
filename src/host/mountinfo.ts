/** A line of /proc/self/mountinfo. */
export interface MountLine {
	/** Number of the file system, `major:minor`: mounts that share one show the same files. */
	readonly device: string;
	/** The part of the file system that is mounted. */
	readonly root: string;
	readonly target: string;
	readonly options: string;
	readonly fsType: string;
	/** What is mounted, as the file system names it: `/dev/sda1`, `server:/export`. */
	readonly source: string;
	/** Options of the file system itself. */
	readonly superOptions: string;
}

/** `id parent major:minor root target options … - type source super-options`; spaces in paths are `\040`. */
export function parseMountinfo(text: string): readonly MountLine[] {
	return text.split("\n").flatMap((line): readonly MountLine[] => {
		const [before = "", after = ""] = line.split(" - ");
		const [, , device = "", root, target, options] = before.split(" ");
		const [fsType, source = "", superOptions = ""] = after.split(" ");
		if (!root || !target || !options || !fsType) return [];
		const paths = { root: unescaped(root), target: unescaped(target), source: unescaped(source) };
		return [{ device, ...paths, options, fsType, superOptions }];
	});
}

function unescaped(path: string): string {
	if (!path.includes("\\")) return path;
	return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
