import { containerProbe } from "../../probes/container.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { socketMountProbe } from "../../probes/socket-mount.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { addOption, configFile, restartRunner, type Situation, situationOf, wantsDocker } from "./situation.ts";

type Reason = "untrusted-event" | "read-only-illusion";

/** Whoever may talk to the daemon is root on its host. That is agreed for the team's own code, and for nobody else's. */
export const dockerSocketExposure = defineCheck({
	id: "docker/socket-exposure",
	title: "Only trusted code can reach the Docker daemon",
	reasons: {
		"untrusted-event": { level: "fail", title: "A pull request from a fork can reach the Docker daemon" },
		"read-only-illusion": { level: "warn", title: "The socket is mounted read-only, which restricts nothing" },
	},
	needs: { engine: dockerEngineProbe, job: jobProbe, mount: socketMountProbe, container: containerProbe },
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine, job, mount: { mount }, container }): Verdict<Reason> {
		const { version, endpoint } = engine;
		if (version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
		}
		const situation = situationOf(container, job);
		const evidence: Evidence[] = [
			{ source: `GET /version on ${endpoint}`, text: `Docker ${version.value.version} answers` },
			...(mount
				? [
						{
							source: "/proc/self/mountinfo",
							text: `${mount.root} on ${mount.target}, ${mount.readOnly ? "ro" : "rw"}`,
						},
					]
				: []),
		];
		// `pull_request_target` runs the workflow of the base branch, and `pull_request` that of the stranger.
		const isPullRequest = job.inJob && /^pull_request(?!_target)/.test(job.event ?? "");
		if (isPullRequest && job.fromFork === true) return untrustedEvent(job.event ?? "", endpoint, situation, evidence);
		if (isPullRequest && job.fromFork === undefined) {
			return {
				kind: "undecided",
				message: `A ${code(job.event ?? "")} reaches the Docker daemon, and whether it comes from a fork could not be found out: the event's file cannot be read.`,
				evidence,
			};
		}
		if (mount?.readOnly) return readOnlyIllusion(mount.root, situation, evidence);
		return { kind: "pass", message: job.inJob ? `event ${code(job.event ?? "?")}` : "not in a job", evidence };
	},
});

function untrustedEvent(
	event: string,
	endpoint: string,
	situation: Situation,
	evidence: readonly Evidence[],
): Finding<Reason> {
	const gitea = situation.system === "gitea" || situation.system === "forgejo";
	return {
		kind: "finding",
		reason: "untrusted-event",
		message: `This job runs the code of a fork (${code(event)}), and it can reach the Docker daemon at ${code(endpoint)}.`,
		why: "The author of that pull request can start a privileged container, and with it read and change everything on the runner's host: the runner's token, the secrets and the results of other jobs.",
		expected: "no Docker daemon within reach of code from forks",
		observed: `${event} from a fork, Docker answers`,
		evidence,
		remedy: {
			text: "Send pull requests from forks to a runner without the socket: a label of its own, whose jobs need no Docker. Until there is one, let this job run only for branches of the repository itself, and have somebody approve runs of first-time contributors.",
			config: {
				file: "the job in the workflow",
				language: "yaml",
				text: "if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository",
			},
			kind: "workflow",
			otherwise: gitea
				? {
						text: "On the runner for such jobs, keep the socket out of the containers.",
						config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: "-"' },
						commands: restartRunner(situation),
						kind: "runner",
					}
				: {
						text: "If everybody who can open a pull request is trusted, say so in the policy.",
						config: {
							file: ".gitea/runner-check.yml",
							language: "yaml",
							text: "severity:\n  docker/socket-exposure: off",
						},
						kind: "workflow",
					},
		},
	};
}

function readOnlyIllusion(source: string, situation: Situation, evidence: readonly Evidence[]): Finding<Reason> {
	return {
		kind: "finding",
		reason: "read-only-illusion",
		message: "The Docker socket is mounted read-only, and the daemon does everything that it is told all the same.",
		why: "`:ro` keeps the file from being replaced, nothing else: what is sent through a socket is no write to the file. Whoever relies on it believes jobs to be harmless that are root on the host.",
		expected: "a socket without `:ro`, or no socket",
		observed: `${source} mounted with ro`,
		evidence,
		remedy: {
			text: "Decide which it is. If jobs of this label may use Docker, leave `:ro` away. If they may only look, put a proxy between them and the daemon that lets reading requests through and nothing else.",
			...behindProxy(situation),
		},
	};
}

/** The runner mounts the socket that `docker_host` names, so that one line is enough. */
function behindProxy(situation: Situation): Pick<Remedy, "config" | "commands" | "kind"> {
	if (situation.system !== "gitea" && situation.system !== "forgejo") {
		return addOption(situation, "-v /run/docker-proxy.sock:/var/run/docker.sock");
	}
	return {
		config: {
			file: configFile,
			language: "yaml",
			text: "container:\n  docker_host: unix:///run/docker-proxy.sock   # the proxy's; without a mount of the socket in options",
		},
		commands: restartRunner(situation),
		kind: "runner",
	};
}
