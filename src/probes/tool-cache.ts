import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { containerProbe } from "./container.ts";
import { bounded } from "./docker-endpoint.ts";
import { type Mount, mountOf, readMounts } from "./mountinfo.ts";
import type { Ask, Probe } from "./probe.ts";

/** The directory in which `setup-*` actions keep their downloads. */
export interface ToolCacheFacts {
	/** RUNNER_TOOL_CACHE. */
	readonly path?: string;
	readonly state: "not-set" | "absent" | "present" | "not-a-directory" | "unreadable";
	/** errno, if it is unreadable. */
	readonly code?: string;
	/** Can this process write to it, or create it if it is absent? */
	readonly writable: boolean;
	readonly owner?: { readonly mode: number; readonly uid: number; readonly gid: number };
	/** In a container: what is mounted there. `undefined`: nothing, so it is removed with the container. */
	readonly mount?: Mount;
	/** Could the mounts be read? Always true on the host, where they do not matter. */
	readonly mountsKnown: boolean;
	/** In host mode: it is in the folder that the runner makes for this job only. */
	readonly perJob: boolean;
	/** Versions of tools in it, as `<tool>/<version>/<arch>`. */
	readonly tools: readonly CachedTool[];
	/** The first directory in it that cannot be listed: more tools may be there. */
	readonly unread?: { readonly path: string; readonly code: string };
}

interface CachedTool {
	readonly tool: string;
	readonly version: string;
	readonly arch: string;
	/** Is there an `<arch>.complete`? Without it, actions assume an interrupted download and download again. */
	readonly complete: boolean;
}

/** Node's names of architectures. Other directories belong to something else. */
const architectures = ["x64", "arm64", "arm", "ia32", "x86", "ppc64", "ppc64le", "s390x", "riscv64", "loong64"];
const maxTools = 60;
const maxVersions = 40;

/**
 * Source: RUNNER_TOOL_CACHE, its directories, and /proc/self/mountinfo. The layout is that of `@actions/tool-cache`, and a test
 * compares the two. Its `findAllVersions` cannot serve here: it passes over incomplete downloads, which this check looks for,
 * has to be told the tools, reads synchronously, so that a mount that hangs would outlast every deadline, and prints
 * `::debug::` lines to stdout, into the report.
 */
export const toolCacheProbe: Probe<ToolCacheFacts> = {
	name: "tool-cache",
	async collect(host: Host, request: Request, _signal, ask: Ask): Promise<ToolCacheFacts> {
		const path = host.env.RUNNER_TOOL_CACHE?.trim();
		if (!path) return { state: "not-set", writable: false, perJob: false, mountsKnown: true, tools: [] };
		const [{ mode }, directory] = await Promise.all([ask(containerProbe), host.stat(path)]);
		const base = {
			path: bounded(path, 500),
			perJob: mode === "host" && isPerJob(path, host, request),
			mountsKnown: true,
			tools: [],
		};
		if (directory.kind === "absent") return { ...base, state: "absent", writable: await canMake(host, path) };
		if (directory.kind === "unreadable") {
			return { ...base, state: "unreadable", code: directory.code, writable: false };
		}
		const { mode: bits, uid, gid } = directory;
		const owner = { mode: bits, uid, gid };
		if (directory.kind !== "directory") return { ...base, state: "not-a-directory", writable: false, owner };
		const [access, contents, mounts] = await Promise.all([
			host.access(path, "w"),
			toolsIn(host, path),
			mode === "host" ? [] : readMounts(host),
		]);
		if (access.kind === "unreadable") {
			return { ...base, state: "unreadable", code: access.code, writable: false, owner };
		}
		const mount = mounts && (await ownMount(host, mounts, path));
		const mountsKnown = mounts !== undefined;
		return {
			...base,
			state: "present",
			writable: access.kind === "granted",
			owner,
			...contents,
			mountsKnown,
			...(mount && { mount }),
		};
	},
};

/** Gitea's runner gives a host job the workspace `<16 hex>/hostexecutor`, and removes `<16 hex>` afterwards. */
function isPerJob(path: string, host: Host, request: Request): boolean {
	const workspace = host.env.GITHUB_WORKSPACE || request.workspace;
	const folder = /^(.*\/[0-9a-f]{16})\/hostexecutor(?:\/|$)/.exec(workspace)?.[1];
	return folder !== undefined && path.startsWith(`${folder}/`);
}

async function canMake(host: Host, path: string): Promise<boolean> {
	const parent = path.replace(/\/+[^/]*\/*$/, "") || "/";
	if (parent === path) return false;
	const there = await host.stat(parent);
	return there.kind === "absent" ? canMake(host, parent) : (await host.access(parent, "w")).kind === "granted";
}

/** The mount that it is on, unless that is the container's own root. */
async function ownMount(host: Host, mounts: readonly Mount[], path: string): Promise<Mount | undefined> {
	const real = await host.realPath(path);
	const mount = mountOf(mounts, real.kind === "ok" ? real.value : path);
	return mount?.target === "/" ? undefined : mount;
}

async function toolsIn(host: Host, root: string): Promise<Pick<ToolCacheFacts, "tools" | "unread">> {
	let unread: ToolCacheFacts["unread"];
	const namesIn = async (path: string, limit: number): Promise<readonly string[]> => {
		const names = await host.list(path);
		if (names.kind === "unreadable") unread ??= { path: bounded(path, 500), code: names.code };
		if (names.kind !== "ok") return [];
		return names.value
			.filter((name) => !name.startsWith(".") && name !== "lost+found" && name.length <= 100)
			.sort()
			.slice(0, limit);
	};
	const tools = await namesIn(root, maxTools);
	const found = await Promise.all(
		tools.map(async (tool) => {
			const versions = (await namesIn(`${root}/${tool}`, maxVersions)).filter(isVersion);
			const entries = versions.map(async (version) => {
				const names = await namesIn(`${root}/${tool}/${version}`, 100);
				const there = architectures.filter((arch) => names.includes(arch));
				return there.map((arch) => ({ tool, version, arch, complete: names.includes(`${arch}.complete`) }));
			});
			return (await Promise.all(entries)).flat();
		}),
	);
	return { tools: found.flat(), ...(unread && { unread }) };
}

/** The library accepts complete versions only. */
function isVersion(name: string): boolean {
	return /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(name);
}
