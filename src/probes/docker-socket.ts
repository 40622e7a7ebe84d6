import type { FileKind, Host } from "../host/host.ts";
import { namesById } from "./account-names.ts";
import { bounded, dockerEndpointProbe } from "./docker-endpoint.ts";
import { dockerEngineProbe, isPodman } from "./docker-engine.ts";
import { dockerOtherSocketsProbe } from "./docker-other-sockets.ts";
import type { Ask, Probe } from "./probe.ts";
import { mountAt } from "./socket-mount.ts";

/** What is at the path of the endpoint's unix socket, and whether this process can connect to it. */
export type SocketFacts =
	/** The endpoint is not a unix socket. */
	| { readonly kind: "none" }
	| {
			readonly kind: "unix";
			readonly path: string;
			/** Result of lstat: a directory, a file and a stale socket all refuse connections with the same error. */
			readonly found: FileKind | "absent" | "unreadable";
			/** Why lstat failed: `EACCES` if a directory above it is closed to this process. */
			readonly code?: string;
			/** Target of a symbolic link, and what it is. */
			readonly link?: { readonly to: string; readonly found: FileKind | "absent" | "unreadable" };
			/** Owner and mode of the path, or of its target. */
			readonly owner?: SocketOwner;
			readonly user: SocketUser;
			/**
			 * Result of connecting: `accepted` (the answer does not matter), `timed-out`, or the errno: `ECONNREFUSED`, `EACCES`, …
			 */
			readonly connection: string;
			/** Where a daemon answers, at another usual path. Looked for only if nothing is at this one. */
			readonly answering?: readonly { readonly path: string; readonly podman?: true }[];
			/** In a user namespace, foreign ids show as 65534. From /proc/self/uid_map. */
			readonly userNamespace?: true;
			/** Path in its file system that is mounted here, from /proc/self/mountinfo: the source of a container's socket. */
			readonly mountRoot?: string;
	  };

export interface SocketOwner {
	/** Permission bits. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Name of the group in this /etc/group. A container often has none, or another one than the host. */
	readonly group?: string;
}

export interface SocketUser {
	readonly uid?: number;
	readonly name?: string;
	readonly groups: readonly number[];
}

/**
 * Source: lstat first, since connecting cannot tell a directory from a stale socket. The result of connecting comes from the
 * engine probe, which saves a second connection.
 */
export const dockerSocketProbe: Probe<SocketFacts> = {
	name: "docker-socket",
	async collect(host: Host, _request, _signal, ask): Promise<SocketFacts> {
		const { endpoint } = await ask(dockerEndpointProbe);
		if (endpoint.kind !== "unix") return { kind: "none" };
		const { path } = endpoint;
		const [engine, first, target, groups, users, mount, uidMap] = await Promise.all([
			ask(dockerEngineProbe),
			host.lstat(path),
			host.stat(path),
			namesById(host, "/etc/group"),
			namesById(host, "/etc/passwd"),
			mountAt(host, path),
			host.readText("/proc/self/uid_map", 4096),
		]);
		const there = "mode" in target ? target : undefined;
		const isMissing = first.kind === "absent" || target.kind === "absent";
		const answering = isMissing ? await daemonsElsewhere(ask) : [];
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
			...(answering.length > 0 && { answering }),
			...(uidMap.kind === "ok" && !isWhole(uidMap.value) && { userNamespace: true }),
			...(mount && { mountRoot: bounded(mount.root, 500) }),
		};
	},
};

async function daemonsElsewhere(ask: Ask): Promise<NonNullable<Extract<SocketFacts, { kind: "unix" }>["answering"]>> {
	const others = await ask(dockerOtherSocketsProbe);
	return others.flatMap(({ path, version }) => {
		if (version.kind !== "ok") return [];
		return isPodman(version.value) ? [{ path, podman: true as const }] : [{ path }];
	});
}

/** One line that maps all ids to themselves: the user namespace of the machine. */
function isWhole(uidMap: string): boolean {
	return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}

/** Result of the engine probe's connection, without the answer. */
function connectionOf(answer: { readonly kind: string; readonly code?: string }): string {
	if (answer.kind === "timed-out") return "timed-out";
	// The other end hung up, but it had accepted.
	if (answer.kind === "failed" && answer.code !== "ECONNRESET" && answer.code !== "EPIPE") {
		return answer.code ?? "EUNKNOWN";
	}
	return "accepted";
}

async function destinationOf(host: Host, path: string): Promise<string> {
	const target = await host.readLink(path);
	return target.kind === "ok" ? bounded(target.value, 500) : "?";
}
