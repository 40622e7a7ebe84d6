import { containerProbe } from "../../probes/container.ts";
import { defaultSocket, dockerEndpointProbe, type EndpointFacts } from "../../probes/docker-endpoint.ts";
import { dockerSocketProbe, type SocketFacts, type SocketOwner } from "../../probes/docker-socket.ts";
import { jobProbe } from "../../probes/job.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import { defineCheck, type Evidence, type Finding, type Verdict } from "../check.ts";
import { code, octal } from "../text.ts";
import { type Situation, situationOf, wantsDocker } from "./situation.ts";
import * as remedies from "./socket-remedies.ts";

type Reason = "missing" | "directory" | "not-a-socket" | "permission-denied" | "world-writable" | "refused";
type UnixSocket = Extract<SocketFacts, { kind: "unix" }>;

interface Case {
	readonly socket: UnixSocket;
	readonly endpoint: EndpointFacts;
	readonly situation: Situation;
}

export const dockerSocket = defineCheck({
	id: "docker/socket",
	title: "The Docker socket is there and lets this job in",
	reasons: {
		missing: { level: "fail", title: "There is no Docker socket" },
		directory: { level: "fail", title: "The Docker socket is a directory" },
		"not-a-socket": { level: "fail", title: "What lies at the Docker socket's path is no socket" },
		"permission-denied": { level: "fail", title: "This user may not open the Docker socket" },
		"world-writable": { level: "fail", title: "Everybody may open the Docker socket" },
		refused: { level: "fail", title: "Nobody listens on the Docker socket" },
	},
	needs: { socket: dockerSocketProbe, endpoint: dockerEndpointProbe, container: containerProbe, job: jobProbe },
	after: ["docker/endpoint"],
	applies: wantsDocker,
	judge({ socket, endpoint, container, job }, policy): Verdict<Reason> {
		if (socket.kind === "none") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: `Docker is reached at ${code(endpoint.address)}, not over a socket of this machine.`,
			};
		}
		const { connection } = socket;
		const seen: Case = { socket, endpoint, situation: situationOf(container, job) };

		const kind = socket.link?.found ?? socket.found;
		if (kind === "absent") {
			// Nobody asked for Docker and nobody set it up. An address that somebody wrote down is another matter.
			if (policy.docker.require === "optional" && socket.path === defaultSocket && socket.found === "absent") {
				return { kind: "skip", reason: "absent", message: `No Docker here: ${code(socket.path)} does not exist.` };
			}
			return missing(seen);
		}
		if (kind === "directory") return directory(seen);
		if (kind === "unreadable") return permissionDenied(seen);
		if (kind !== "socket" || notAStream.includes(connection)) return notASocket(seen, kind);
		if (connection === "EACCES" || connection === "EPERM") return permissionDenied(seen);
		// It went away between the two looks.
		if (connection === "ENOENT") return missing(seen);
		if (socket.owner && (socket.owner.mode & 0o002) !== 0 && !belongsToJob(seen))
			return worldWritable(seen, socket.owner);
		if (connection === "ECONNREFUSED") return refused(seen);
		const state = connection === "accepted" ? "accepts connections" : `is a socket (${connection})`;
		return { kind: "pass", message: `${code(socket.path)} ${state}`, evidence: evidenceOf(seen) };
	},
});

/** What connecting to a socket of another type answers. */
const notAStream: readonly string[] = ["EPROTOTYPE", "ENOTSOCK"];

/**
 * Since 3.3.1 Gitea's runner can put a proxy of its own between job and daemon: one socket for one job, made in the
 * runner's temporary directory and gone with the job. Who may open that one is nobody else's business.
 */
function belongsToJob({ socket, situation }: Case): boolean {
	const runner = situation.inContainer ? findVersion(situation.giteaRunner ?? "") : undefined;
	if (!runner || compareVersions(runner, { numbers: [3, 3, 0], prerelease: [] }) <= 0) return false;
	if (socket.mountRoot === undefined) return false;
	return !/^(\/var)?(\/run)?(\/user\/\d+)?(\/docker|\/podman)?\/(docker|podman)\.sock$/.test(socket.mountRoot);
}

function missing(seen: Case): Finding<Reason> {
	const { socket, endpoint } = seen;
	const link = socket.link ? ` It is a link to ${code(socket.link.to)}, which is not there.` : "";
	const other = endpoint.elsewhere[0];
	const found = other === undefined ? "" : ` There is one at ${code(other)}, where Docker does not look by itself.`;
	return {
		kind: "finding",
		reason: "missing",
		message: `${code(socket.path)} does not exist${seen.situation.inContainer ? " in this job container" : ""}.${link}${found}`,
		why: "Every `docker` command in this job fails: `Cannot connect to the Docker daemon`.",
		expected: `a socket at ${socket.path}`,
		observed: socket.link ? `a link that leads nowhere (${socket.link.to})` : "nothing there",
		evidence: evidenceOf(seen),
		remedy: remedies.forMissing(socket.path, endpoint, seen.situation),
	};
}

function directory(seen: Case): Finding<Reason> {
	const { socket } = seen;
	return {
		kind: "finding",
		reason: "directory",
		message: `${code(socket.path)} is a directory. Docker makes one where it is told to mount a path that does not exist on its own machine.`,
		why: "There is no way to the daemon, so every `docker` command in this job fails. Docker says only that it cannot connect.",
		expected: `a socket at ${socket.path}`,
		observed: "a directory",
		evidence: evidenceOf(seen),
		remedy: remedies.forDirectory(socket.path, seen.situation),
	};
}

function notASocket(seen: Case, kind: string): Finding<Reason> {
	const { socket } = seen;
	const things: Readonly<Record<string, string>> = {
		file: "a plain file",
		device: "a device",
		socket: "a socket of another type than Docker's",
	};
	const thing = things[kind] ?? "neither a socket nor a file";
	return {
		kind: "finding",
		reason: "not-a-socket",
		message: `${code(socket.path)} is ${thing}.`,
		why: "There is no way to the daemon, so every `docker` command in this job fails. Docker says only that it cannot connect.",
		expected: `a socket at ${socket.path}`,
		observed: thing,
		evidence: evidenceOf(seen),
		remedy: remedies.forNotASocket(socket.path, seen.situation),
	};
}

/** What the kernel shows for ids that a user namespace has no number for. */
const overflowId = 65534;

function fromOutside(seen: Case, rights: string, who: string): Finding<Reason> {
	const { socket, situation } = seen;
	return {
		kind: "finding",
		reason: "permission-denied",
		message: `${code(socket.path)} has ${rights}, and the job runs as ${who}, in a user namespace: ${overflowId} stands for an owner or a group that has no number in there.`,
		why: "Every `docker` command fails with `permission denied`, for root too: no user and no group of this container is one that the socket knows.",
		expected: "a socket of the daemon that runs this job, or a job without a user namespace",
		observed: socket.connection,
		evidence: evidenceOf(seen),
		remedy: remedies.forUserNamespace(situation),
	};
}

function permissionDenied(seen: Case): Finding<Reason> {
	const { socket } = seen;
	const { owner, user } = socket;
	const who = `${user.name ? `${code(user.name)} (uid ${user.uid})` : `uid ${user.uid ?? "?"}`}, groups ${user.groups.join(" ") || "none"}`;
	const rights = owner && `mode ${octal(owner.mode)}, owner ${owner.uid}, group ${groupName(owner)}`;
	const foreign = socket.userNamespace && owner && [owner.uid, owner.gid].includes(overflowId);
	if (foreign) return fromOutside(seen, rights ?? "", who);
	return {
		kind: "finding",
		reason: "permission-denied",
		message: rights
			? `${code(socket.path)} has ${rights}, and the job runs as ${who}.`
			: `${code(socket.path)} lies in a directory that is closed to ${who}.`,
		why: "Every `docker` command of this user fails with `permission denied`.",
		expected: owner
			? `a user who may write there, as a member of group ${owner.gid}`
			: "a path that this user can reach",
		observed: socket.code ?? socket.connection,
		evidence: evidenceOf(seen),
		remedy: remedies.forPermissionDenied(socket.path, owner, user, seen.situation),
	};
}

function worldWritable(seen: Case, owner: SocketOwner): Finding<Reason> {
	const { socket, situation } = seen;
	return {
		kind: "finding",
		reason: "world-writable",
		message: `${code(socket.path)} has mode ${octal(owner.mode)}: whoever is on the machine may open it.`,
		why: "The Docker socket gives root on the machine to whoever opens it: every user, and every program that runs as one, can take the machine over.",
		expected: "mode 0660 and a group of its own",
		observed: `mode ${octal(owner.mode)}, owner ${owner.uid}, group ${groupName(owner)}`,
		evidence: evidenceOf(seen),
		remedy: remedies.forWorldWritable(socket.path, owner, situation),
	};
}

function refused(seen: Case): Finding<Reason> {
	const { socket } = seen;
	return {
		kind: "finding",
		reason: "refused",
		message: `${code(socket.path)} is a socket, but nobody listens on it: its daemon has stopped, or was started anew and left this one behind.`,
		why: "Every `docker` command in this job fails: `Cannot connect to the Docker daemon`.",
		expected: "a daemon that accepts connections",
		observed: socket.connection,
		evidence: evidenceOf(seen),
		remedy: remedies.forRefused(socket.path, seen.situation),
	};
}

function groupName({ gid, group }: SocketOwner): string {
	return group ? `${gid} (${group})` : String(gid);
}

function evidenceOf({ socket, endpoint }: Case): readonly Evidence[] {
	const { path, found, link, owner, user, connection, mountRoot } = socket;
	const evidence: Evidence[] = [{ source: `lstat ${path}`, text: link ? `link to ${link.to} (${link.found})` : found }];
	if (owner) {
		const text = `mode ${octal(owner.mode)}, owner ${owner.uid}, group ${groupName(owner)}`;
		evidence.push({ source: `stat ${path}`, text });
	}
	if (found !== "absent") evidence.push({ source: `connect ${path}`, text: connection });
	evidence.push({ source: "this process", text: `uid ${user.uid ?? "?"}, groups ${user.groups.join(" ") || "none"}` });
	if (mountRoot !== undefined) evidence.push({ source: "/proc/self/mountinfo", text: `mounted from ${mountRoot}` });
	for (const other of endpoint.elsewhere) evidence.push({ source: other, text: "a socket" });
	return evidence;
}
