import { containerProbe } from "../../probes/container.ts";
import { type DockerCliFacts, dockerCliProbe, dockerToolProbe } from "../../probes/docker-cli.ts";
import { dockerEngineProbe, type EngineFacts, type EngineVersion } from "../../probes/docker-engine.ts";
import { compareApi, isApiVersion, releaseWithApi } from "../../probes/docker-releases.ts";
import { osProbe } from "../../probes/os.ts";
import { findVersion } from "../../versions.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { installCli } from "./install-cli.ts";
import { wantsDocker } from "./situation.ts";

type Reason = "client-too-old" | "client-too-new";

interface Case {
	readonly cli: DockerCliFacts;
	/** Where the CLI lies. */
	readonly path: string;
	readonly engine: EngineFacts;
	readonly version: EngineVersion;
	readonly inContainer: boolean;
	readonly os: string;
}

export const dockerApiVersion = defineCheck({
	id: "docker/api-version",
	title: "Docker CLI and daemon speak a common API version",
	reasons: {
		"client-too-old": { level: "fail", title: "The Docker CLI is too old for the daemon" },
		"client-too-new": { level: "warn", title: "The Docker CLI is too new for the daemon" },
	},
	needs: {
		cli: dockerCliProbe,
		tool: dockerToolProbe,
		engine: dockerEngineProbe,
		container: containerProbe,
		os: osProbe,
	},
	after: ["docker/daemon", "docker/cli"],
	applies: wantsDocker,
	judge({ cli, tool, engine, container, os }): Verdict<Reason> {
		if (engine.version.kind !== "ok") {
			return { kind: "skip", reason: "absent", message: "There is no daemon to compare with." };
		}
		if (cli.product === "none")
			return { kind: "skip", reason: "absent", message: "There is no Docker CLI to compare." };
		if (cli.product !== "docker") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "This `docker` is no Docker CLI, and negotiates nothing.",
			};
		}
		const seen: Case = {
			cli,
			path: tool.found?.path ?? "docker",
			engine,
			version: engine.version.value,
			inContainer: container.mode === "container",
			os: os.name,
		};
		return cli.pinned === undefined ? judgeRelease(seen) : judgePinned(seen, cli.pinned);
	},
});

/** A client built by hand (`Docker version dev`) tells no number. */
function named({ version }: Case["cli"]): string {
	return version === undefined ? "the docker client" : `docker ${version}`;
}

function judgeRelease(seen: Case): Verdict<Reason> {
	const { cli, version } = seen;
	const { apiVersion, minApiVersion = "0.0" } = version;
	const { said } = cli;
	const newest = said?.kind === "told" ? said.newestApi : cli.api?.max;
	if (newest === undefined || !isApiVersion(newest)) {
		return {
			kind: "undecided",
			message: `Could not find out which API versions ${named(cli)} speaks.`,
			evidence: evidenceOf(seen),
		};
	}
	const exact = said?.kind === "told" || cli.api?.atLeast === undefined;
	if (compareApi(newest, minApiVersion) < 0) {
		if (exact) return tooOld(seen, newest, minApiVersion);
		return {
			kind: "undecided",
			message: `${named(cli)} is newer than what is known here of its API versions, and the daemon accepts only ${minApiVersion} and newer.`,
			evidence: evidenceOf(seen),
		};
	}
	const works = said?.kind === "told" && said.error === undefined;
	if (cli.api && !works && compareApi(apiVersion, cli.api.min) < 0) return tooNew(seen, cli.api.min);
	const common = compareApi(newest, apiVersion) < 0 ? newest : apiVersion;
	return {
		kind: "pass",
		message: `${named(cli)} and the daemon (${version.version}) speak API ${common}`,
		evidence: evidenceOf(seen),
	};
}

function judgePinned(seen: Case, pinned: string): Verdict<Reason> {
	const { apiVersion, minApiVersion = "0.0" } = seen.version;
	if (!isApiVersion(pinned)) return pinnedToNonsense(seen, pinned);
	if (compareApi(pinned, minApiVersion) < 0) return pinnedTooOld(seen, pinned, minApiVersion);
	if (compareApi(pinned, apiVersion) > 0) return pinnedTooNew(seen, pinned);
	return {
		kind: "pass",
		message: `${named(seen.cli)} and the daemon (${seen.version.version}) speak API ${pinned}, pinned by \`DOCKER_API_VERSION\``,
		evidence: evidenceOf(seen),
	};
}

function tooOld(seen: Case, newest: string, minimum: string): Finding<Reason> {
	const { cli, version, inContainer } = seen;
	return {
		kind: "finding",
		reason: "client-too-old",
		message: `${named(cli)}${inContainer ? " in this image" : ""} speaks API ${newest}, the daemon${inContainer ? " on the host" : ""} (${version.version}) accepts ${minimum} and newer.`,
		why: `Every \`docker\` command in this job fails: \`client version ${newest} is too old. Minimum supported API version is ${minimum}\`.`,
		expected: `client API >= ${minimum}`,
		observed: newest,
		evidence: evidenceOf(seen),
		remedy: newerCli(seen, newest, minimum),
	};
}

function newerCli(seen: Case, newest: string, minimum: string): Remedy {
	const { otherwise: _, ...install } = installCli(
		seen,
		["docker-ce-cli", "docker-buildx-plugin"],
		releaseWithApi(minimum),
	);
	return { ...install, otherwise: letOldClientsIn(seen, newest) };
}

/** Up to 28 the daemon has a lower limit only where somebody set one, and that by its environment. */
function letOldClientsIn({ version }: Case, api: string): Omit<Remedy, "otherwise"> {
	const major = findVersion(version.version)?.numbers[0] ?? 0;
	if (major < 29) {
		return {
			text: "For a while: remove `DOCKER_MIN_API_VERSION` from the environment of the Docker service, then restart it.",
			commands: ["systemctl cat docker.service | grep DOCKER_MIN_API_VERSION", "sudo systemctl restart docker"],
			kind: "host",
		};
	}
	return {
		text: "For a while: let old clients in, then restart Docker. Without `live-restore` that ends every running container.",
		config: { file: "/etc/docker/daemon.json", language: "json", text: `{ "min-api-version": "${api}" }` },
		commands: ["sudo systemctl restart docker"],
		kind: "host",
	};
}

function tooNew(seen: Case, oldestForCli: string): Finding<Reason> {
	const { cli, version } = seen;
	const error = cli.said?.kind === "timed-out" ? undefined : cli.said?.error;
	return {
		kind: "finding",
		reason: "client-too-new",
		message: `${named(cli)} wants an engine with API ${oldestForCli} or newer, the daemon (${version.version}) has ${version.apiVersion}.`,
		why: `These releases of the CLI do not negotiate further down, so \`docker\` commands fail${error === undefined ? "" : `: ${code(firstLine(error))}`}.`,
		expected: `daemon API >= ${oldestForCli}`,
		observed: version.apiVersion,
		evidence: evidenceOf(seen),
		// Negotiation does not save this one.
		level: "fail",
		remedy: {
			text: "Upgrade the engine to 25.0 or newer. Where that cannot be, take another CLI: 28 and older, and again 29.3 and newer, speak to old engines.",
			commands: ["sudo apt-get update && sudo apt-get install -y docker-ce docker-ce-cli containerd.io"],
			kind: "host",
		},
	};
}

const unpin =
	"Remove `DOCKER_API_VERSION` from where it is set (`env:` of the workflow, `runner.envs` of the runner's `config.yaml`, the runner's service, or the image): without it, CLI and daemon agree by themselves.";

function pinnedTooOld(seen: Case, pinned: string, minimum: string): Finding<Reason> {
	const { version } = seen;
	return {
		kind: "finding",
		reason: "client-too-old",
		message: `\`DOCKER_API_VERSION\` pins API ${pinned}, the daemon (${version.version}) accepts ${minimum} and newer.`,
		why: `Every \`docker\` command in this job fails: \`client version ${pinned} is too old. Minimum supported API version is ${minimum}\`.`,
		expected: `API >= ${minimum}, or no pin`,
		observed: `DOCKER_API_VERSION=${pinned}`,
		evidence: evidenceOf(seen),
		remedy: {
			text: unpin,
			commands: ["unset DOCKER_API_VERSION"],
			kind: "runner",
			otherwise: letOldClientsIn(seen, pinned),
		},
	};
}

function pinnedTooNew(seen: Case, pinned: string): Finding<Reason> {
	const { cli, version } = seen;
	const lowered = lowersPin(cli);
	return {
		kind: "finding",
		reason: "client-too-new",
		message: `\`DOCKER_API_VERSION\` pins API ${pinned}, the daemon (${version.version}) speaks at most ${version.apiVersion}.`,
		why: lowered
			? `This release of the CLI goes down to ${version.apiVersion} without a word, so it works; every older one fails here.`
			: `Every \`docker\` command in this job fails: \`client version ${pinned} is too new. Maximum supported API version is ${version.apiVersion}\`.`,
		expected: `API <= ${version.apiVersion}, or no pin`,
		observed: `DOCKER_API_VERSION=${pinned}`,
		evidence: evidenceOf(seen),
		level: lowered ? "warn" : "fail",
		remedy: { text: unpin, commands: ["unset DOCKER_API_VERSION"], kind: "runner" },
	};
}

/** Since 29.7 the CLI lowers a pin that is too high; what it said itself counts for more than its number. */
function lowersPin({ said, version }: DockerCliFacts): boolean {
	if (said?.kind === "told") return said.error === undefined;
	const [major, minor] = findVersion(version ?? "")?.numbers ?? [0, 0];
	return major > 29 || (major === 29 && minor >= 7);
}

function pinnedToNonsense(seen: Case, pinned: string): Finding<Reason> {
	return {
		kind: "finding",
		reason: "client-too-new",
		message: `\`DOCKER_API_VERSION\` says ${code(pinned)}, which is no API version.`,
		why: "Every `docker` command in this job fails: `page not found` in older releases, `invalid API version` in newer ones.",
		expected: "a number like 1.44, or no pin",
		observed: `DOCKER_API_VERSION=${pinned}`,
		evidence: evidenceOf(seen),
		level: "fail",
		remedy: { text: unpin, commands: ["unset DOCKER_API_VERSION"], kind: "runner" },
	};
}

function evidenceOf({ cli, path, engine, version }: Case): readonly Evidence[] {
	const { api, said, pinned } = cli;
	const minimum = version.minApiVersion === undefined ? "" : `MinAPIVersion ${version.minApiVersion}, `;
	const evidence: Evidence[] = [
		{ source: `GET /version on ${engine.endpoint}`, text: `${minimum}ApiVersion ${version.apiVersion}` },
	];
	if (api) {
		const range = api.atLeast ? `API ${api.max} at least` : `API ${api.max}`;
		evidence.push({ source: `${path} --version`, text: `release ${cli.version}, which speaks ${range}` });
	}
	if (said?.kind === "told") {
		const error = said.error === undefined ? "" : `: ${said.error}`;
		evidence.push({ source: `${path} version`, text: `client API ${said.newestApi}, used ${said.usedApi}${error}` });
	}
	if (said?.kind === "failed") evidence.push({ source: `${path} version`, text: said.error });
	if (said?.kind === "timed-out") evidence.push({ source: `${path} version`, text: "no answer within the deadline" });
	if (pinned !== undefined) evidence.push({ source: "environment", text: `DOCKER_API_VERSION=${pinned}` });
	return evidence;
}

function firstLine(text: string): string {
	return text.split("\n")[0] ?? "";
}
