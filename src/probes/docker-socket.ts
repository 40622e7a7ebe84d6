import type { FileKind, Host } from "../host/host.ts";
import { bounded, dockerEndpointProbe } from "./docker-endpoint.ts";
import { dockerEngineProbe } from "./docker-engine.ts";
import type { Probe } from "./probe.ts";

/** What stands at the path of the endpoint's unix socket, and whether it lets us in. */
export type SocketFacts =
	/** The endpoint is no unix socket. */
	| { readonly kind: "none" }
	| {
			readonly kind: "unix";
			readonly path: string;
			/** What lstat says: a directory, a file and a stale socket all refuse a connection alike. */
			readonly found: FileKind | "absent" | "unreadable";
			/** Why it could not be looked at: `EACCES` where a directory above it is closed to us. */
			readonly code?: string;
			/** Where a symbolic link leads, and what is there. */
			readonly link?: { readonly to: string; readonly found: FileKind | "absent" | "unreadable" };
			/** Of what the path leads to. */
			readonly owner?: SocketOwner;
			readonly user: SocketUser;
			/**
			 * How connecting went: `accepted` (whatever was said afterwards), `timed-out` (neither yes nor no), or the
			 * errno: `ECONNREFUSED`, `EACCES`, …
			 */
			readonly connection: string;
			/** Are we in a user namespace, in which the ids of others show as 65534? From /proc/self/uid_map. */
			readonly userNamespace?: true;
			/** Part of its file system that is mounted here, from /proc/self/mountinfo: where a container's socket comes from. */
			readonly mountRoot?: string;
	  };

export interface SocketOwner {
	/** Permission bits. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Name of the group in this /etc/group; in a container often none, or another one than on the host. */
	readonly group?: string;
}

export interface SocketUser {
	readonly uid?: number;
	readonly name?: string;
	readonly groups: readonly number[];
}

/**
 * Looks with lstat before anything else, since connecting cannot tell a directory from a stale socket. The connection
 * itself is the engine probe's: asking it saves a second one.
 */
export const dockerSocketProbe: Probe<SocketFacts> = {
	name: "docker-socket",
	async collect(host: Host, _request, _signal, ask): Promise<SocketFacts> {
		const { endpoint } = await ask(dockerEndpointProbe);
		if (endpoint.kind !== "unix") return { kind: "none" };
		const { path } = endpoint;
		const [engine, first, target, groups, users, mountRoot, uidMap] = await Promise.all([
			ask(dockerEngineProbe),
			host.lstat(path),
			host.stat(path),
			namesById(host, "/etc/group"),
			namesById(host, "/etc/passwd"),
			mountRootOf(host, path),
			host.readText("/proc/self/uid_map", 4096),
		]);
		const there = "mode" in target ? target : undefined;
		const name = host.uid === undefined ? undefined : users.get(host.uid);
		return {
			kind: "unix",
			path,
			found: first.kind,
			...(first.kind === "unreadable" && { code: first.code }),
			...(first.kind === "link" && { link: { to: await destinationOf(host, path), found: target.kind } }),
			...(there && {
				owner: {
					mode: there.mode,
					uid: there.uid,
					gid: there.gid,
					...(groups.has(there.gid) && { group: groups.get(there.gid) ?? "" }),
				},
			}),
			user: {
				...(host.uid !== undefined && { uid: host.uid }),
				...(name !== undefined && { name }),
				groups: [...new Set([...(host.gid === undefined ? [] : [host.gid]), ...host.groups])].slice(0, 100),
			},
			connection: connectionOf(engine.version),
			...(uidMap.kind === "ok" && !isWhole(uidMap.value) && { userNamespace: true }),
			...(mountRoot !== undefined && { mountRoot }),
		};
	},
};

/** One line that maps all ids to themselves: no user namespace but the machine's own. */
function isWhole(uidMap: string): boolean {
	return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}

/** What the engine probe's attempt says of the connection alone. */
function connectionOf(answer: { readonly kind: string; readonly code?: string }): string {
	if (answer.kind === "timed-out") return "timed-out";
	// The other end hung up: but it had accepted.
	if (answer.kind === "failed" && answer.code !== "ECONNRESET" && answer.code !== "EPIPE") {
		return answer.code ?? "EUNKNOWN";
	}
	return "accepted";
}

async function destinationOf(host: Host, path: string): Promise<string> {
	const target = await host.readLink(path);
	return target.kind === "ok" ? bounded(target.value, 500) : "?";
}

/** Id -> name, of /etc/group or /etc/passwd: both have the name first and the id third. */
async function namesById(host: Host, path: string): Promise<ReadonlyMap<number, string>> {
	const text = await host.readText(path);
	if (text.kind !== "ok") return new Map();
	const entries = text.value.split("\n").flatMap((line): [number, string][] => {
		const [name, , id] = line.split(":");
		return name && id && /^\d+$/.test(id) ? [[Number(id), bounded(name, 100)]] : [];
	});
	return new Map(entries.reverse());
}

/** Fourth field of the mount whose mount point (the fifth) is the socket itself: only in containers is there such a mount. */
async function mountRootOf(host: Host, path: string): Promise<string | undefined> {
	const text = await host.readText("/proc/self/mountinfo", 256 * 1024);
	if (text.kind !== "ok" || !text.value.includes(".sock ")) return undefined;
	// /var/run is a link to /run in most images, and the kernel names what is mounted without links.
	const real = await host.realPath(path);
	const places = [path, real.kind === "ok" ? real.value : path];
	const fields = text.value.split("\n").map((line) => line.split(" "));
	const mount = fields.find((line) => places.includes(line[4] ?? ""));
	return mount?.[3] && bounded(mount[3], 500);
}
