import type { Policy } from "../../policy/policy.ts";
import { type AccountFacts, accountProbe } from "../../probes/account.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerSocketProbe, type SocketFacts } from "../../probes/docker-socket.ts";
import { isHealthCheck, jobProbe } from "../../probes/job.ts";
import { osProbe } from "../../probes/os.ts";
import { defineCheck, type Evidence, type Finding, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { octal } from "../text.ts";
import { finding } from "../words.ts";
import { intro, words } from "./user-words.ts";

/** `docker/socket` reports a refused user with the same fix, so this check reports the group only if that one is off. */
export const runnerUser = defineCheck({
	id: "runner/user",
	title: "Host jobs run as an ordinary user that may use Docker",
	intro,
	reasons: words,
	needs: {
		account: accountProbe,
		os: osProbe,
		container: containerProbe,
		job: jobProbe,
		socket: dockerSocketProbe,
	},
	after: ["docker/socket"],
	judge({ account, os, container, job, socket }, policy): Verdict<keyof typeof words> {
		if (container.mode !== "host") {
			const message = "In a container, the image and `container.options` choose the user.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		if (account.uid === undefined) {
			return { kind: "skip", reason: "not-applicable", message: "This platform has no numeric user ids." };
		}
		const situation = situationOf(container, job);
		const outside = outsideGroup(account, os.user, socket, policy, situation);
		if (outside) return outside;
		// A person who looks at the machine may well be root, and root in the runner's container is not root on the machine. In the
		// health check this is the runner itself, which often is root if its jobs run in containers.
		const areHostJobs = !isHealthCheck(job) || policy.runsIn !== "container";
		const isJob = job.system !== "none" && container.insideContainer === undefined && areHostJobs;
		if (account.uid === 0 && isJob) {
			return finding(words, "root", { situation }, { observed: "uid 0", evidence: [{ source: "id", text: "uid=0" }] });
		}
		return { kind: "pass", message: `${os.user} (uid ${account.uid})`, evidence: [evidenceOf(account)] };
	},
});

function evidenceOf({ uid, gid, groups }: AccountFacts): Evidence {
	return { source: "id", text: `uid=${uid} gid=${gid} groups=${groups.join(",")}` };
}

function outsideGroup(
	account: AccountFacts,
	user: string,
	socket: SocketFacts,
	policy: Policy,
	situation: Situation,
): Finding<"not-in-docker-group"> | undefined {
	if (policy.docker.require !== "required" || socket.kind !== "unix" || !socket.owner) return undefined;
	const { owner, path, connection } = socket;
	const isMember = owner.gid === account.gid || account.groups.includes(owner.gid);
	const groupMayWrite = (owner.mode & 0o020) !== 0;
	if (connection !== "EACCES" || isMember || !groupMayWrite) return undefined;
	const seen = {
		// The probe names a user without an account `uid 990`.
		user: user.startsWith("uid ") ? undefined : user,
		uid: account.uid ?? 0,
		group: { gid: owner.gid, name: owner.group },
		socket: path,
		situation,
	};
	const evidence = [
		evidenceOf(account),
		{ source: path, text: `mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` },
	];
	return finding(words, "not-in-docker-group", seen, { observed: `groups ${account.groups.join(", ")}`, evidence });
}
