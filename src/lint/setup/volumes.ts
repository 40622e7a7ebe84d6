import { globMatches } from "../glob.ts";
import type { GivenFlag } from "../read/read-options.ts";

/** A mount that `container.options` asks for. */
export interface Mount {
	/** Path on the host or name of a volume; empty for an anonymous volume. */
	readonly source: string;
	readonly target: string;
	readonly type: "bind" | "volume";
	/** Its place in the text of the options. */
	readonly offset: number;
}

export const socketPath = "/var/run/docker.sock";

/** The mounts of `-v`, `--volume` and `--mount` that Docker can read. */
export function mountsOf(flags: readonly GivenFlag[]): readonly Mount[] {
	return flags.flatMap((flag) => {
		if (flag.value === undefined) return [];
		if (flag.name === "volume") return readVolume(flag.value, flag.valueOffset);
		return flag.name === "mount" ? readMount(flag.value, flag.valueOffset) : [];
	});
}

/** `source:target[:options]`, or the target alone: an anonymous volume. */
function readVolume(text: string, offset: number): readonly Mount[] {
	const [first = "", second, third, ...more] = text.split(":");
	if (first === "" || second === "" || third === "" || more.length > 0) return [];
	if (second === undefined) return [{ source: "", target: first, type: "volume", offset }];
	return [{ source: first, target: second, type: isPath(first) ? "bind" : "volume", offset }];
}

/** `type=bind,source=/a,target=/b`; without a type it is a volume. */
function readMount(text: string, offset: number): readonly Mount[] {
	const fields = new Map<string, string>();
	for (const field of text.split(",")) {
		const equals = field.indexOf("=");
		if (equals > 0) fields.set(field.slice(0, equals).toLowerCase(), field.slice(equals + 1));
	}
	const target = fields.get("target") ?? fields.get("destination") ?? fields.get("dst");
	const type = fields.get("type") ?? "volume";
	if (target === undefined || (type !== "bind" && type !== "volume")) return [];
	return [{ source: fields.get("source") ?? fields.get("src") ?? "", target, type, offset }];
}

function isPath(source: string): boolean {
	return /^[./~]/.test(source);
}

/** Does the runner allow this source? Releases differ in whether a `*` stops at a slash. */
export function isAllowed(mount: Mount, validVolumes: readonly string[], stopAtSlash: boolean): boolean {
	if (mount.source === "" || validVolumes.includes("**")) return true;
	const clean = (text: string): string => (mount.type === "bind" ? normalize(text) : text);
	return validVolumes
		.filter((pattern) => isHostPattern(pattern) === (mount.type === "bind"))
		.flatMap((pattern) => (stopAtSlash && pattern.endsWith("/**") ? [pattern, pattern.slice(0, -3)] : [pattern]))
		.some((pattern) => globMatches(clean(pattern), clean(mount.source), stopAtSlash));
}

function isHostPattern(pattern: string): boolean {
	return pattern.includes("/") || pattern.includes("\\");
}

/** One spelling for each path. `/var/run` is a link to `/run` on every current distribution. */
export function normalize(path: string): string {
	const parts: string[] = [];
	for (const part of path.split("/")) {
		if (part === "" || part === ".") continue;
		if (part === "..") parts.pop();
		else parts.push(part);
	}
	const clean = `${path.startsWith("/") ? "/" : ""}${parts.join("/")}`;
	return clean === "/var/run" || clean.startsWith("/var/run/") ? clean.slice("/var".length) : clean;
}

/** The source of an entry of `valid_volumes` that is written like a mount: `/a:/b:ro`; `undefined`: it has no target. */
export function sourceOfEntry(entry: string): string | undefined {
	return /^([./~][^:]*|[\w.-]{2,}):\/[^:]*(?::[\w,]+)?$/.exec(entry)?.[1];
}
