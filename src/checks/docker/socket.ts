import { containerProbe } from "../../probes/container.ts";
import { defaultSocket, dockerEndpointProbe, type EndpointFacts } from "../../probes/docker-endpoint.ts";
import { dockerSocketProbe, type SocketFacts } from "../../probes/docker-socket.ts";
import { jobProbe } from "../../probes/job.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { type Situation, situationOf, wantsDocker } from "./situation.ts";
import { describeOwner } from "./socket-permission-words.ts";
import { intro, words } from "./socket-words.ts";

type Reason = keyof typeof words;
type UnixSocket = Extract<SocketFacts, { kind: "unix" }>;

export const dockerSocket = defineCheck({
	id: "docker/socket",
	title: "The Docker socket exists and accepts this job",
	intro,
	reasons: words,
	needs: { socket: dockerSocketProbe, endpoint: dockerEndpointProbe, container: containerProbe, job: jobProbe },
	after: ["docker/endpoint"],
	applies: wantsDocker,
	judge({ socket, endpoint, container, job }, policy): Verdict<Reason> {
		if (socket.kind === "none") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: `Docker is reached at ${code(endpoint.address)}, not through a local socket.`,
			};
		}
		const { path, connection, owner, link } = socket;
		const situation = situationOf(container, job);
		const evidence = evidenceOf(socket, endpoint);
		const missing = (level?: "warn"): Verdict<Reason> => {
			const observed = link ? `a link to ${link.to}, which does not exist` : "nothing at this path";
			return finding(
				words,
				"missing",
				{ socket, endpoint, situation },
				{ observed, evidence, ...(level && { level }) },
			);
		};
		const denied = (): Verdict<Reason> =>
			finding(words, "permission-denied", { socket, situation }, { observed: socket.code ?? connection, evidence });

		const kind = link?.found ?? socket.found;
		if (kind === "absent") {
			// Nobody asked for Docker or set it up. An address that someone wrote down is another matter.
			if (
				policy.docker.require === "optional" &&
				path === defaultSocket &&
				(socket.found === "absent" || isOfPackage(link))
			) {
				// Rootless Docker is set up, and jobs do not reach it. Podman's own socket is part of many systems.
				if (socket.answering?.some(({ podman }) => !podman)) return missing("warn");
				const what = link
					? `${code(path)} is a link to ${code(link.to)}, which does not exist`
					: `${code(path)} does not exist`;
				return { kind: "skip", reason: "absent", message: `Docker is not set up: ${what}.` };
			}
			return missing();
		}
		if (kind === "directory") {
			return finding(words, "directory", { path, situation, endpoint }, { observed: "a directory", evidence });
		}
		if (kind === "unreadable") return denied();
		if (kind !== "socket" || notAStream.includes(connection)) {
			const thing = things[kind] ?? "neither a socket nor a file";
			return finding(words, "not-a-socket", { path, thing, situation, endpoint }, { observed: thing, evidence });
		}
		if (connection === "EACCES" || connection === "EPERM") return denied();
		// It was removed between the two looks.
		if (connection === "ENOENT") return missing();
		if (owner && (owner.mode & 0o002) !== 0 && !belongsToJob(socket, situation)) {
			return finding(words, "world-writable", { path, owner, endpoint }, { observed: describeOwner(owner), evidence });
		}
		if (connection === "ECONNREFUSED") {
			return finding(words, "refused", { path, situation, endpoint }, { observed: connection, evidence });
		}
		const state = connection === "accepted" ? "accepts connections" : `is a socket (${connection})`;
		return { kind: "pass", message: `${code(path)} ${state}`, evidence };
	},
});

/** What connecting to a socket of another type answers. */
const notAStream: readonly string[] = ["EPROTOTYPE", "ENOTSOCK"];

/** What is there instead of a stream socket. */
const things: Readonly<Record<string, string>> = {
	file: "a plain file",
	device: "a device",
	socket: "a socket of another type",
};

/**
 * From 3.3.1 on, Gitea's runner can put its own proxy between job and daemon: one socket for one job, created in the runner's
 * temporary directory and removed with the job. Its mode exposes nothing to others.
 */
function belongsToJob({ mountRoot }: UnixSocket, { inContainer, giteaRunner }: Situation): boolean {
	const runner = inContainer ? findVersion(giteaRunner ?? "") : undefined;
	if (!runner || compareVersions(runner, { numbers: [3, 3, 0], prerelease: [] }) <= 0) return false;
	if (mountRoot === undefined) return false;
	return !/^(\/var)?(\/run)?(\/user\/\d+)?(\/docker|\/podman)?\/(docker|podman)\.sock$/.test(mountRoot);
}

/** The package podman-docker makes this link at every boot (tmpfiles.d), whether Podman's socket is enabled or not. */
function isOfPackage(link: UnixSocket["link"]): boolean {
	return link !== undefined && /^(?:\/var)?\/run\/podman\/podman\.sock$/.test(link.to);
}

function evidenceOf(socket: UnixSocket, endpoint: EndpointFacts): Proof {
	const { path, found, link, owner, user, connection, mountRoot } = socket;
	const evidence: [Evidence, ...Evidence[]] = [
		{ source: `lstat ${path}`, text: link ? `link to ${link.to} (${link.found})` : found },
	];
	if (owner) evidence.push({ source: `stat ${path}`, text: describeOwner(owner) });
	if (found !== "absent") evidence.push({ source: `connect ${path}`, text: connection });
	evidence.push({ source: "this process", text: `uid ${user.uid ?? "?"}, groups ${user.groups.join(" ") || "none"}` });
	if (mountRoot !== undefined) evidence.push({ source: "/proc/self/mountinfo", text: `mounted from ${mountRoot}` });
	for (const { path: other } of socket.answering ?? []) evidence.push({ source: other, text: "a daemon answers" });
	for (const other of endpoint.elsewhere) {
		if (!socket.answering?.some((one) => one.path === other)) evidence.push({ source: other, text: "a socket" });
	}
	return evidence;
}
