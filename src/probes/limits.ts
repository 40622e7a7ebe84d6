import type { Host } from "../host/host.ts";
import { fieldOf } from "./fields.ts";
import type { Probe } from "./probe.ts";

/** How many files a process may have open. */
export interface LimitsFacts {
	/**
	 * Our own limits. Node raises its soft limit to the hard one when it starts, before it runs any of our code, and its children
	 * inherit that. So only the hard limit says anything about other steps.
	 */
	readonly own: OpenFilesLimit;
	/**
	 * The limits of the process that started us. A shell passes its own on to its commands. A runner in Go raises its soft limit
	 * like Node, but its children get the original one, so a soft limit as high as the hard one is an upper bound. In a container
	 * the starter is outside, and process 1, which has the container's limits, is read instead.
	 */
	readonly starter: OpenFilesLimit;
}

export type OpenFilesLimit =
	/** `source`: path of the file, with `<ppid>` for a number that means nothing later. */
	| { readonly kind: "read"; readonly source: string; readonly soft: FileCount; readonly hard: FileCount }
	| { readonly kind: "unreadable"; readonly source: string; readonly code: string }
	/** Only Linux reports it in this way. */
	| { readonly kind: "not-linux" };

export type FileCount = number | "unlimited";

/** Source: /proc/self/limits and /proc/<ppid>/limits. */
export const limitsProbe: Probe<LimitsFacts> = {
	name: "limits",
	async collect(host: Host): Promise<LimitsFacts> {
		if (host.platform !== "linux") return { own: { kind: "not-linux" }, starter: { kind: "not-linux" } };
		const [own, starter] = await Promise.all([
			readLimit(host, "/proc/self/limits"),
			host.ppid > 0
				? readLimit(host, `/proc/${host.ppid}/limits`, "/proc/<ppid>/limits")
				: readLimit(host, "/proc/1/limits"),
		]);
		return { own, starter };
	},
};

/** `Max open files            1024                 524288               files` */
async function readLimit(host: Host, path: string, source = path): Promise<OpenFilesLimit> {
	const text = await host.readText(path, 8192);
	if (text.kind !== "ok") return { kind: "unreadable", source, code: text.kind === "absent" ? "ENOENT" : text.code };
	const match = /^(\d{1,20}|unlimited)\s+(\d{1,20}|unlimited)\s/.exec(fieldOf(text.value, "Max open files ") ?? "");
	if (!match) return { kind: "unreadable", source, code: "ENODATA" };
	return { kind: "read", source, soft: countOf(match[1]), hard: countOf(match[2]) };
}

function countOf(text: string | undefined): FileCount {
	return text === "unlimited" ? "unlimited" : Number(text);
}
