import { compareApi, releaseWithApi } from "../../knowledge/docker-cli-releases.ts";
import type { DockerCliFacts } from "../../probes/docker-cli.ts";
import { type EngineVersion, isPodman } from "../../probes/docker-engine.ts";
import { findVersion } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { code, shortTitle } from "../text.ts";
import { reason, type Told, unknown } from "../words.ts";
import { type CliPlace, cliWithBuildx, installCli } from "./install-cli.ts";
import { stopsContainers } from "./situation.ts";

export const intro =
	"Compares the API versions that the CLI speaks with those that the daemon accepts. Those of the daemon come from `/version` (`ApiVersion`, `MinAPIVersion`), never from a table, since owners can change them. Those of the CLI come from its release. If the release is unknown or does not seem to fit, `docker version` has to tell. `DOCKER_API_VERSION` pins the version, so the pin decides. A CLI that is newer than the daemon uses the daemon's version, which passes.";

interface TooOld {
	/** Version of the CLI; `undefined`: a build without a number. */
	readonly cli: string | undefined;
	/** The newest API version that the CLI speaks, or the pinned one. */
	readonly api: string;
	readonly isPinned: boolean;
	/** The oldest API version that the daemon accepts. */
	readonly minimum: string;
	readonly engine: EngineVersion;
	readonly place: CliPlace;
}

type TooNew =
	/** `DOCKER_API_VERSION` is newer than the daemon. */
	| { readonly kind: "pin"; readonly pin: string; readonly engine: EngineVersion; readonly isLowered: boolean }
	/** `DOCKER_API_VERSION` is not an API version. */
	| { readonly kind: "invalid-pin"; readonly pin: string }
	| {
			/** The CLI refuses an engine of this age. */
			readonly kind: "engine";
			readonly inContainer: boolean;
			/** The command that upgrades the engine, if that is not up to the system's packages. */
			readonly upgrade: string | undefined;
			readonly cli: string | undefined;
			/** The oldest API version of an engine that the CLI accepts. */
			readonly minimum: string;
			readonly engine: EngineVersion;
			/** What the CLI said. */
			readonly error: string | undefined;
	  };

export const words = {
	"client-too-old": reason<TooOld>({
		level: "fail",
		title: "The Docker CLI is too old for the daemon",
		headline: ({ cli, api, isPinned }) => {
			if (isPinned) return `\`DOCKER_API_VERSION=${api}\` is too old for this daemon`;
			return `${cli === undefined ? "The Docker CLI" : `Docker CLI ${cli}`} is too old for this daemon`;
		},
		why: ({ api, minimum }) =>
			`Every \`docker\` command in this job fails with \`client version ${api} is too old. Minimum supported API version is ${minimum}\`.`,
		expected: ({ isPinned, minimum }) => (isPinned ? `API >= ${minimum}, or no pin` : `client API >= ${minimum}`),
		tell: tellTooOld,
		more: "This happens overnight when Docker on the host is upgraded: 29.0 to 29.2 accept 1.44 (Docker 25.0) and newer, 29.3 and later accept 1.40 (Docker 19.03) and newer.",
	}),
	"client-too-new": reason<TooNew>({
		level: "warn",
		title: "The Docker CLI is too new for the daemon",
		headline: (seen) => {
			switch (seen.kind) {
				case "pin":
					return `\`DOCKER_API_VERSION=${seen.pin}\` is too new for this daemon`;
				case "invalid-pin":
					return "`DOCKER_API_VERSION` is not an API version";
				case "engine":
					return `${seen.cli === undefined ? "The Docker CLI" : `Docker CLI ${seen.cli}`} is too new for this daemon`;
			}
		},
		why: whyTooNew,
		expected: (seen) => {
			switch (seen.kind) {
				case "pin":
					return `API <= ${seen.engine.apiVersion}, or no pin`;
				case "invalid-pin":
					return "a number like 1.44, or no pin";
				case "engine":
					return `daemon API >= ${seen.minimum}`;
			}
		},
		tell: tellTooNew,
		more: "It is a warning only if the CLI lowers the pin itself, as releases since 29.7 do. CLI 29.0 to 29.2 work with Docker 25.0 and newer only; older and newer ones work with older engines too.",
	}),
};

interface ClientUnknown {
	readonly cli: DockerCliFacts;
	readonly engine: EngineVersion;
	/** The oldest API version that the daemon accepts. */
	readonly minimum: string;
	readonly place: CliPlace;
}

export const unknowns = {
	"client-unknown": unknown<ClientUnknown>({
		title: "The API versions of the Docker CLI are unknown",
		headline: ({ cli }) =>
			shortTitle(`The API versions of ${nameOf(cli.version)} are unknown`, "The Docker CLI's API versions are unknown"),
		why: ({ minimum }) =>
			`If the CLI is too old, every \`docker\` command in this job fails with \`client version is too old. Minimum supported API version is ${minimum}\`.`,
		expected: ({ minimum }) => `client API >= ${minimum}`,
		tell: ({ cli, engine, minimum, place }) => {
			const { otherwise: _, ...install } = installCli(place, cliWithBuildx, releaseWithApi(minimum));
			return {
				what: `This version of runner-check does not know which API versions ${nameOf(cli.version)} speaks, and \`docker version\` did not tell. The daemon (${engine.version}) accepts ${minimum} and newer.`,
				fix: {
					text: `Run it by hand, as the job's user: the client's API version must be at least ${minimum}.`,
					commands: ["timeout 30 docker version"],
					kind: place.inContainer ? "image" : "host",
					otherwise: { ...install, text: `Install a release that is known to fit. ${install.text}` },
				},
			};
		},
	}),
};

/** `Docker CLI 29.1.2`; a build by hand (`Docker version dev`) has no number. */
function nameOf(cli: string | undefined): string {
	return cli === undefined ? "the Docker CLI" : `Docker CLI ${cli}`;
}

/** The same at the beginning of a sentence. */
export function nameFirst(cli: string | undefined): string {
	return nameOf(cli).replace(/^t/, "T");
}

function tellTooOld(seen: TooOld): Told {
	const { cli, api, isPinned, minimum, engine, place } = seen;
	const otherwise = letOldClientsIn(engine, api);
	const untilThen = otherwise && { otherwise };
	if (isPinned) {
		return {
			what: `\`DOCKER_API_VERSION\` pins API ${api}. The daemon (${engine.version}) accepts ${minimum} and newer.`,
			fix: { ...unpin, ...untilThen },
		};
	}
	const { otherwise: _, ...install } = installCli(place, cliWithBuildx, releaseWithApi(minimum));
	return {
		what: `${nameFirst(cli)}${place.inContainer ? " in this image" : ""} speaks API ${api}. The daemon${place.inContainer ? " on the host" : ""} (${engine.version}) accepts ${minimum} and newer.`,
		fix: { ...install, ...untilThen },
	};
}

/** The daemon does not start with a lower `min-api-version`. */
const lowestMinimum = "1.24";

/** Up to 28, the daemon has a minimum only if someone set it in its environment. */
function letOldClientsIn({ version }: EngineVersion, api: string): Omit<Remedy, "otherwise"> | undefined {
	if (compareApi(api, lowestMinimum) < 0) return undefined;
	const major = findVersion(version)?.numbers[0] ?? 0;
	if (major < 29) {
		return {
			text: `Until then, remove \`DOCKER_MIN_API_VERSION\` from the environment of the Docker service and restart it. ${stopsContainers}`,
			commands: ["systemctl cat docker.service | grep DOCKER_MIN_API_VERSION", "sudo systemctl restart docker"],
			kind: "host",
		};
	}
	return {
		text: `Until then, let the daemon accept old clients: add this to its configuration and restart it. ${stopsContainers}`,
		config: {
			file: "/etc/docker/daemon.json",
			language: "json",
			text: `{ "min-api-version": ${JSON.stringify(api)} }`,
		},
		commands: ["sudo systemctl restart docker"],
		kind: "host",
	};
}

const unpin: Remedy = {
	text: "Remove `DOCKER_API_VERSION` where it is set: `env:` in the workflow, `runner.envs` in the runner's `config.yaml`, the runner's service, or the image. Without it, CLI and daemon negotiate a version.",
	commands: ["unset DOCKER_API_VERSION"],
	kind: "runner",
};

/** Podman's releases up to 5 have API 1.41 (containers/podman#27890). */
const otherCli: Omit<Remedy, "kind"> = {
	text: "Use another CLI: 28 and older, and 29.3 and newer, work with Podman's API. If jobs should use Docker Engine, the runner has the wrong socket.",
	commands: ["docker version", "apt-cache madison docker-ce-cli   # the releases that can be installed"],
};

function whyTooNew(seen: TooNew): string {
	switch (seen.kind) {
		case "pin": {
			const { pin, engine, isLowered } = seen;
			return isLowered
				? `This release of the CLI silently uses ${engine.apiVersion}, so commands work. Every older one fails here.`
				: `Every \`docker\` command in this job fails with \`client version ${pin} is too new. Maximum supported API version is ${engine.apiVersion}\`.`;
		}
		case "invalid-pin":
			return "Every `docker` command in this job fails: with `page not found` in older releases, with `invalid API version` in newer ones.";
		case "engine": {
			const error = seen.error === undefined ? "" : ` with ${code(seen.error.split("\n")[0] ?? "")}`;
			return `This release does not negotiate an older version, so \`docker\` commands fail${error}.`;
		}
	}
}

function tellTooNew(seen: TooNew): Told {
	switch (seen.kind) {
		case "pin":
			return {
				what: `\`DOCKER_API_VERSION\` pins API ${seen.pin}. The daemon (${seen.engine.version}) speaks ${seen.engine.apiVersion} and older.`,
				fix: unpin,
			};
		case "invalid-pin":
			return { what: `\`DOCKER_API_VERSION\` is ${code(seen.pin)}, which is not an API version.`, fix: unpin };
		case "engine":
			return {
				what: `${nameFirst(seen.cli)} needs an engine with API ${seen.minimum} or newer. The daemon (${isPodman(seen.engine) ? "Podman " : ""}${seen.engine.version}) has ${seen.engine.apiVersion}.`,
				fix: isPodman(seen.engine)
					? { ...otherCli, kind: seen.inContainer ? "image" : "host" }
					: {
							text: `Upgrade the engine to 25.0 or newer. If that is impossible, use another CLI: 28 and older, and 29.3 and newer, work with old engines. ${stopsContainers}`,
							commands: [
								seen.upgrade ?? "sudo apt-get update && sudo apt-get install -y docker-ce docker-ce-cli containerd.io",
							],
							kind: "host",
						},
			};
	}
}
