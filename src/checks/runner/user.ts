import type { Policy } from "../../policy/policy.ts";
import { type AccountFacts, accountProbe } from "../../probes/account.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerSocketProbe, type SocketFacts } from "../../probes/docker-socket.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { osProbe } from "../../probes/os.ts";
import { defineCheck, type Finding, type Verdict } from "../check.ts";
import { code, octal, shellQuote } from "../text.ts";
import { restartCommand } from "./labels.ts";

type Reason = "not-in-docker-group" | "root";

/**
 * The user that host jobs run as. Where the socket turns that user away, `docker/socket` says so, with the same way out: this
 * check comes after it, and speaks up for the group only where that check was switched off.
 */
export const runnerUser = defineCheck({
	id: "runner/user",
	title: "Host jobs run as an ordinary user that may use Docker",
	reasons: {
		"not-in-docker-group": { level: "fail", title: "The jobs' user is not in the group of the Docker socket" },
		root: { level: "warn", title: "Host jobs run as root" },
	},
	needs: {
		account: accountProbe,
		os: osProbe,
		container: containerProbe,
		job: jobProbe,
		socket: dockerSocketProbe,
	},
	after: ["docker/socket"],
	judge({ account, os, container, job, socket }, policy): Verdict<Reason> {
		if (container.mode !== "host") {
			const message = "In a container, the image and `container.options` choose the user.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		if (account.uid === undefined) {
			return { kind: "skip", reason: "not-applicable", message: "This platform has no user numbers." };
		}
		const stranger = outsideGroup(account, os.user, socket, policy, job);
		if (stranger) return stranger;
		// A person who looks at the machine may well be root, and root of the runner's own container is not that of the machine.
		const isJob = job.system !== "none" && container.insideContainer === undefined;
		if (account.uid === 0 && isJob) return root(job);
		return { kind: "pass", message: `${os.user} (uid ${account.uid})`, evidence: evidenceOf(account) };
	},
});

function evidenceOf({ uid, gid, groups }: AccountFacts): { source: string; text: string }[] {
	return [{ source: "id", text: `uid=${uid} gid=${gid} groups=${groups.join(",")}` }];
}

function outsideGroup(
	account: AccountFacts,
	user: string,
	socket: SocketFacts,
	policy: Policy,
	job: JobFacts,
): Finding<Reason> | undefined {
	if (policy.docker.require !== "required" || socket.kind !== "unix" || !socket.owner) return undefined;
	const { owner, path, connection } = socket;
	const member = owner.gid === account.gid || account.groups.includes(owner.gid);
	const groupMay = (owner.mode & 0o020) !== 0;
	if (connection !== "EACCES" || member || !groupMay) return undefined;
	const group = owner.group ?? String(owner.gid);
	const name = owner.group ?? "docker-socket";
	return {
		kind: "finding",
		reason: "not-in-docker-group",
		message: `${code(user)} is not in the group ${code(group)}, to which ${code(path)} belongs.`,
		why: "Every `docker` command of a host job ends with `permission denied`.",
		expected: `group ${group} (${owner.gid})`,
		observed: `groups ${account.groups.join(", ")}`,
		evidence: [
			...evidenceOf(account),
			{ source: path, text: `mode ${octal(owner.mode)}, uid ${owner.uid}, gid ${owner.gid}` },
		],
		remedy: {
			text: "Add the user to the group and restart the runner: a running process keeps the groups that it started with. Members of that group are as powerful as root.",
			commands: [
				...(owner.group === undefined ? [`sudo groupadd --gid ${owner.gid} ${name}`] : []),
				`sudo usermod -aG ${shellQuote(name)} ${user.startsWith("uid ") ? "gitea-runner" : shellQuote(user)}`,
				restartCommand(job),
			],
			kind: "host",
		},
	};
}

function root(job: JobFacts): Finding<Reason> {
	return {
		kind: "finding",
		reason: "root",
		message: "Host jobs run as root.",
		why: "Nothing stands between a job and the machine: a wrong path in a script, or a dependency of it, can change or read everything, the runner's registration included. What jobs leave in the work directory belongs to root as well.",
		expected: "a user of the runner's own",
		observed: "uid 0",
		evidence: [{ source: "id", text: "uid=0" }],
		remedy: {
			text: "Run the service as a user of its own, in the group of the Docker socket if host jobs need Docker. Give that user the working directory, where `.runner` lies.",
			commands: [
				"sudo useradd --system --create-home --home-dir /var/lib/gitea-runner --groups docker gitea-runner",
				"sudo chown -R gitea-runner: /var/lib/gitea-runner",
				restartCommand(job),
			],
			config: {
				file: "sudo systemctl edit gitea-runner",
				language: "ini",
				text: "[Service]\nUser=gitea-runner\nGroup=gitea-runner\nWorkingDirectory=/var/lib/gitea-runner",
			},
			kind: "host",
			otherwise: {
				text: "If these jobs have to be root, say so in the policy.",
				config: {
					file: ".gitea/runner-check.yml",
					language: "yaml",
					text: 'severity:\n  "runner/user:root": off',
				},
				kind: "workflow",
			},
		},
	};
}
