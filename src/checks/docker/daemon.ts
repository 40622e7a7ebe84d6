import { holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerEndpointProbe, type EndpointFacts } from "../../probes/docker-endpoint.ts";
import {
	dockerEngineProbe,
	type EngineAnswer,
	type EngineFacts,
	type EngineVersion,
} from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Finding, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { causeOf, daemonLog, whoListens } from "./daemon-causes.ts";
import { describeAnswer, describeVersion, isPodman } from "./engine-words.ts";
import { type Situation, setVariables, situationOf, wantsDocker } from "./situation.ts";

type Reason = "unreachable" | "timeout" | "not-docker" | "http-error" | "forbidden" | "known-bad" | "podman";

interface Case {
	readonly engine: EngineFacts;
	readonly endpoint: EndpointFacts;
	readonly situation: Situation;
}

/** The release that mends what this one breaks: the set-up of every container job. */
function mendedBy(version: string): string | undefined {
	const entry = runnerKnowledge("setup-job-broken");
	return entry.ranges.find((range) => holdsFor({ ...entry, ranges: [range] }, version) === "yes")?.before;
}

export const dockerDaemon = defineCheck({
	id: "docker/daemon",
	title: "A Docker daemon answers",
	reasons: {
		unreachable: { level: "fail", title: "The Docker daemon cannot be reached" },
		timeout: { level: "fail", title: "The Docker daemon does not answer" },
		"not-docker": { level: "fail", title: "What answers is no Docker daemon" },
		"http-error": { level: "fail", title: "The Docker daemon answers with an error" },
		forbidden: { level: "fail", title: "The Docker daemon, or a proxy before it, refuses this job" },
		"known-bad": { level: "fail", title: "This release of Docker breaks the set-up of jobs" },
		podman: { level: "warn", title: "The daemon is Podman, not Docker" },
	},
	needs: { engine: dockerEngineProbe, endpoint: dockerEndpointProbe, container: containerProbe, job: jobProbe },
	after: ["docker/endpoint", "docker/socket"],
	applies: wantsDocker,
	judge({ engine, endpoint, container, job }, policy): Verdict<Reason> {
		const seen: Case = { engine, endpoint, situation: situationOf(container, job) };
		const { version } = engine;
		switch (version.kind) {
			case "no-endpoint":
				return {
					kind: "skip",
					reason: "not-applicable",
					message: `A daemon at ${code(engine.endpoint)} is out of reach for this check.`,
				};
			case "failed":
				if (endpoint.endpoint.kind === "unix" && version.code === "ENOENT" && policy.docker.require === "optional") {
					return { kind: "skip", reason: "absent", message: "No Docker here." };
				}
				// Half a megabyte and no end: whatever that is, it is no engine's version.
				if (version.code === "EMSGSIZE") return notDocker(seen, version.message);
				// The queue of a unix socket is full: a daemon is there, and does not take what arrives.
				return version.code === "EAGAIN" ? noAnswer(seen) : unreachable(seen, version);
			case "timed-out":
				return noAnswer(seen);
			case "not-docker":
				return notDocker(seen, version.body);
			case "http-error":
				return httpError(seen, version, "/version");
			case "ok":
				return judgeVersion(seen, version.value);
		}
	},
});

function judgeVersion(seen: Case, version: EngineVersion): Verdict<Reason> {
	const { info } = seen.engine;
	const good = mendedBy(version.version);
	if (good !== undefined) return knownBadRelease(seen, version, good);
	// A proxy that keeps /info from us does its work; an engine that fails at it is ill, whatever it calls itself.
	if (info.kind === "http-error" && info.status >= 500) return httpError(seen, info, "/info");
	if (isPodman(version)) return podman(seen, version);
	const system = info.kind === "ok" && info.value.operatingSystem !== "" ? ` on ${info.value.operatingSystem}` : "";
	const rootless = info.kind === "ok" && info.value.securityOptions.some((option) => option.includes("rootless"));
	const minimum = version.minApiVersion === undefined ? "" : `, minimum ${version.minApiVersion}`;
	return {
		kind: "pass",
		message: `Docker ${version.version}${rootless ? " (rootless)" : ""}${system}, API ${version.apiVersion}${minimum}`,
		evidence: evidenceOf(seen),
	};
}

const everyCommandFails = "Every `docker` command in this job fails.";

function unreachable(seen: Case, failure: Extract<EngineAnswer<never>, { kind: "failed" }>): Finding<Reason> {
	const { engine } = seen;
	const { what, remedy } = causeOf(seen.endpoint, seen.situation, failure.code);
	return {
		kind: "finding",
		reason: "unreachable",
		message: `${code(engine.endpoint)} cannot be reached: ${what}.`,
		why: everyCommandFails,
		expected: "a Docker daemon that answers `GET /version`",
		observed: `${failure.code}: ${failure.message}`,
		evidence: evidenceOf(seen),
		remedy,
	};
}

function noAnswer(seen: Case): Finding<Reason> {
	const { engine, endpoint } = seen;
	const remote = endpoint.endpoint.kind === "tcp";
	return {
		kind: "finding",
		reason: "timeout",
		message: `${code(engine.endpoint)} gives no answer to \`GET /version\` within the deadline.`,
		why: "The Docker CLI has no deadline of its own: every `docker` command hangs until the job is killed.",
		expected: "an answer within milliseconds",
		observed: "none",
		evidence: evidenceOf(seen),
		remedy: {
			text: `${remote ? "See whether a firewall swallows the connection. If not, the" : "The"} daemon hangs: a full or dying disk, a stuck container shim, or a lock in its storage are the usual causes. Its stack goes into its log with \`SIGUSR1\`; restarting it ends what hangs, and, without \`live-restore\`, every running container too.`,
			commands: [
				"df -h /var/lib/docker; dmesg | tail",
				'sudo kill -USR1 "$(pidof dockerd)" && sudo journalctl -u docker -n 50 --no-pager',
				"sudo systemctl restart docker",
			],
			kind: "host",
		},
	};
}

function notDocker(seen: Case, body: string): Finding<Reason> {
	const { engine } = seen;
	const html = /<(!doctype|html|head|body)\b/i.test(body);
	return {
		kind: "finding",
		reason: "not-docker",
		message: `Something answers at ${code(engine.endpoint)}, but not a Docker daemon${html ? ": it sends a web page" : ""}.`,
		why: everyCommandFails,
		expected: "JSON with `Version` and `ApiVersion`",
		observed: body.slice(0, 200),
		evidence: evidenceOf(seen),
		remedy: {
			text: "Find out who listens there, and point Docker (`DOCKER_HOST`, or what the runner mounts at this path) to the daemon instead.",
			commands: whoListens(seen.endpoint),
			kind: "host",
		},
	};
}

function httpError(
	seen: Case,
	{ status, body }: { readonly status: number; readonly body: string },
	path: string,
): Finding<Reason> {
	const { engine, situation } = seen;
	const common = {
		kind: "finding",
		expected: `GET ${path} answers with 200`,
		observed: `${status} ${body.slice(0, 200)}`.trim(),
		evidence: evidenceOf(seen),
	} as const;
	if (status === 401 || status === 403 || status === 407) {
		return {
			...common,
			reason: "forbidden",
			message: `${code(engine.endpoint)} answers \`GET ${path}\` with ${status}: it is reached, but this job may not use it.`,
			why: "Between this job and the daemon stands a socket proxy or an authorization plugin that does not even let the first question through, so no `docker` command works.",
			remedy: {
				text: "Let the proxy pass what the jobs need. The proxy by Tecnativa takes that from its environment: a build needs at least these. Or take Docker from this label, and say so in the policy (`docker: forbidden`).",
				commands: [
					"docker run … --env VERSION=1 --env PING=1 --env INFO=1 --env CONTAINERS=1 --env IMAGES=1 --env BUILD=1 --env POST=1 …",
				],
				kind: "host",
			},
		};
	}
	if (status === 400 && /https server/i.test(body)) {
		return {
			...common,
			reason: "http-error",
			message: `The daemon at ${code(engine.endpoint)} wants TLS, and this job speaks plain HTTP to it.`,
			why: everyCommandFails,
			remedy: {
				text: "Switch TLS on for the jobs, and mount the client's certificates.",
				...setVariables(situation, { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client" }),
				kind: "runner",
			},
		};
	}
	return {
		...common,
		reason: "http-error",
		message: `${code(engine.endpoint)} answers \`GET ${path}\` with ${status}.`,
		why: "The daemon, or a proxy before it, is ill: `docker` commands fail with what it says, some or all of them.",
		remedy: {
			text: "Look into the daemon's log; restarting it is the next thing to try. `503` and `502` come from a proxy whose daemon is gone, `404` from a web server that is none.",
			commands: [...daemonLog, "sudo systemctl restart docker"],
			kind: "host",
		},
	};
}

function knownBadRelease(seen: Case, { version }: EngineVersion, good: string): Finding<Reason> {
	return {
		kind: "finding",
		reason: "known-bad",
		message: `Docker ${version} cannot copy files below \`/var/run\` into containers in which that is a link to \`/run\`, as in most images.`,
		why: "Runners do just that before the first step: jobs die in `Set up job` with `path escapes from parent` or `mkdirat var/run: file exists`, unless their image has a real `/var/run`.",
		expected: `Docker ${good} or newer`,
		observed: version,
		evidence: evidenceOf(seen),
		remedy: {
			text: `Upgrade the engine on the host to ${good} or newer, which mends it.`,
			commands: [
				"sudo apt-get update && sudo apt-get install --only-upgrade -y docker-ce docker-ce-cli containerd.io",
				"docker version --format '{{.Server.Version}}'",
			],
			kind: "host",
			otherwise: {
				text: "Until then, an image with a real `/var/run` gets through: the last line of its Dockerfile makes one.",
				config: { file: "Dockerfile", language: "dockerfile", text: "RUN rm -f /var/run && mkdir -p /var/run" },
				kind: "image",
			},
		},
	};
}

function podman(seen: Case, { version, apiVersion }: EngineVersion): Finding<Reason> {
	return {
		kind: "finding",
		reason: "podman",
		message: `At ${code(seen.engine.endpoint)} answers Podman ${version}, which speaks Docker's API ${apiVersion} in part.`,
		why: "`docker ps`, `run` and `build` mostly work; `buildx`, networks and health checks differ, and the runners do not support it. Where something fails here that works elsewhere, look at this first.",
		expected: "Docker Engine",
		observed: `Podman ${version}`,
		evidence: evidenceOf(seen),
		remedy: {
			text: "Let the runner use Docker Engine. If Podman is what you want, say so in the policy.",
			config: { file: ".gitea/runner-check.yml", language: "yaml", text: "severity:\n  docker/daemon:podman: off" },
			kind: "host",
		},
	};
}

function evidenceOf({ engine }: Case): readonly Evidence[] {
	const { version, info, endpoint } = engine;
	const evidence: Evidence[] = [{ source: `GET /version on ${endpoint}`, text: describeVersion(version) }];
	const told = describeAnswer(info, ({ operatingSystem, driver, dockerRootDir }) =>
		[operatingSystem, driver && `storage ${driver}`, dockerRootDir].filter(Boolean).join(", "),
	);
	// Where both fail alike, once is enough.
	if (told !== evidence[0]?.text) evidence.push({ source: `GET /info on ${endpoint}`, text: told });
	return evidence;
}
