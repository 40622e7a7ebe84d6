import { containerProbe } from "../../probes/container.ts";
import { dockerEndpointProbe } from "../../probes/docker-endpoint.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { dockerOtherSocketsProbe, type OtherSocket } from "../../probes/docker-other-sockets.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { describeVersion } from "./describe-engine.ts";
import { configFile, restartRunner, type Situation, situationOf } from "./situation.ts";

export const dockerPresence = defineCheck({
	id: "docker/presence",
	title: "This job cannot reach a Docker daemon",
	reasons: {
		"forbidden-but-present": { level: "fail", title: "This job can reach a Docker daemon, and must not" },
	},
	needs: {
		engine: dockerEngineProbe,
		endpoint: dockerEndpointProbe,
		others: dockerOtherSocketsProbe,
		container: containerProbe,
		job: jobProbe,
	},
	applies: (policy) => policy.docker.require === "forbidden",
	judge({ engine, endpoint, others, container, job }, policy): Verdict<"forbidden-but-present"> {
		const { version, endpoint: address } = engine;
		const overSocket = endpoint.endpoint.kind === "unix";
		const evidence: Evidence[] = [
			{ source: `GET /version on ${address}`, text: describeVersion(version) },
			...others.map((other) => ({
				source: `GET /version on unix://${other.path}`,
				text: describeVersion(other.version),
			})),
		];
		const situation = situationOf(container, job);
		const other = others.find((socket) => isThere(socket.version));
		if (other && version.kind !== "ok") return otherSocket(other, address, policy.profile, evidence, situation);
		if (endpoint.endpoint.kind === "ssh" || (version.kind === "timed-out" && !overSocket)) {
			return {
				kind: "undecided",
				message: `Could not find out whether a daemon answers at ${code(address)}.`,
				evidence,
			};
		}
		if (!isThere(version)) return { kind: "pass", message: `no daemon answers at ${code(address)}`, evidence };
		const name = version.kind === "ok" ? `Docker ${version.value.version}` : "A Docker daemon";
		return {
			kind: "finding",
			reason: "forbidden-but-present",
			message: `${name} answers at ${code(address)}, and the profile \`${policy.profile}\` forbids Docker.`,
			why: "Whoever can talk to a Docker daemon is root on its machine: every job of this label can read and change all that is there, the secrets of other jobs included.",
			expected: "no daemon within reach of the job",
			observed: describeVersion(version),
			evidence,
			remedy: takeAway(situation, overSocket),
		};
	},
});

/** A daemon that hangs, or answers with an error today, is there all the same. */
function isThere({ kind }: OtherSocket["version"]): boolean {
	return kind === "ok" || kind === "http-error" || kind === "timed-out";
}

/** The variable that names another daemon keeps nobody out: any step can unset it. */
function otherSocket(
	{ path, version }: OtherSocket,
	address: string,
	profile: string,
	evidence: readonly Evidence[],
	situation: Situation,
): Verdict<"forbidden-but-present"> {
	return {
		kind: "finding",
		reason: "forbidden-but-present",
		message: `Docker is told to use ${code(address)}, but a daemon also answers at ${code(path)}, and the profile ${code(profile)} forbids Docker.`,
		why: "What counts is access: any step can turn to that socket, and whoever can talk to a Docker daemon is root on its machine.",
		expected: "no daemon within reach of the job",
		observed: `${path}: ${describeVersion(version)}`,
		evidence,
		remedy: takeAway(situation, true),
	};
}

function takeAway(situation: Situation, overSocket: boolean): Remedy {
	if (!overSocket) {
		return {
			text: "Remove `DOCKER_HOST` from the environment of the jobs, and take the job out of the network in which the daemon listens.",
			commands: ["unset DOCKER_HOST"],
			kind: "runner",
		};
	}
	if (!situation.inContainer) {
		return {
			text: "Take the runner's user out of the socket's group, and restart the runner: a running process keeps its old groups. Jobs that run as root cannot be kept from it: give them a container, or a machine without Docker.",
			commands: ["sudo gpasswd --delete gitea-runner docker   # or whoever runs the jobs", ...restartRunner(situation)],
			kind: "host",
		};
	}
	if (situation.system !== "gitea" && situation.system !== "forgejo") {
		return { text: "Start the job's container without a mount of the Docker socket.", kind: "runner" };
	}
	return {
		text: 'Keep the socket out of the job containers: with `docker_host: "-"` the runner uses the daemon itself, but mounts nothing. Remove it from `container.options` and `valid_volumes` too.',
		config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: "-"' },
		commands: restartRunner(situation),
		kind: "runner",
	};
}
