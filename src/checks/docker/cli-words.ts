import type { RunOutcome } from "../../host/host.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { lookAt, makeRoom, moreTime } from "../find-out.ts";
import { code, cut, listed, octal, shellQuote } from "../text.ts";
import { directoryOf } from "../toolchain/paths.ts";
import { fixPath } from "../toolchain/tool-presence-words.ts";
import { reason, type Told, unknown } from "../words.ts";
import { type CliPlace, cliWithBuildx, installCli } from "./install-cli.ts";
import { stopsContainers } from "./situation.ts";

export const intro =
	"Looks for `docker` on the PATH and runs `docker --version`, together with `tool/docker`, which only adds the version range of the profile. If there is no answer before the deadline, the result is `error`.";

interface Missing {
	readonly place: CliPlace;
}

interface OffPath {
	readonly tool: ToolFacts;
	/** Unit of the runner that started the job. */
	readonly service: string;
}

interface Broken {
	readonly tool: ToolFacts;
	readonly place: CliPlace;
	/** How `docker --version` ended; `undefined`: the file could not be started at all. */
	readonly outcome?: RunOutcome;
}

interface PodmanShim {
	readonly path: string;
	readonly version: string | undefined;
	readonly place: CliPlace;
}

export const words = {
	missing: reason<Missing>({
		level: "fail",
		title: "The Docker CLI is missing",
		why: ({ place }) =>
			`Every \`docker\` command in this job fails with \`docker: command not found\`. The socket is not enough: the CLI is part of the ${place.inContainer ? "image" : "host"}.`,
		expected: "`docker` on the PATH",
		tell: ({ place }) => ({
			what: `\`docker\` is not installed ${place.inContainer ? "in this image" : "on this machine"}.`,
			fix: installCli(place, cliWithBuildx),
		}),
	}),
	"off-path": reason<OffPath>({
		level: "fail",
		title: "The Docker CLI is not on the PATH",
		why: "Every `docker` command in this job fails with `docker: command not found`.",
		expected: "`docker` on the PATH",
		tell: ({ tool, service }) => ({
			what: `\`docker\` is installed at ${listed(tool.elsewhere.slice(0, 3).map(code))}, outside the PATH of this job.`,
			fix: fixPath(directoryOf(tool.elsewhere[0] ?? ""), tool, service),
		}),
		more: "Neither a job container nor the runner's service reads a shell profile. What `.profile` or `.bashrc` adds to the PATH is missing in jobs.",
	}),
	broken: reason<Broken>({
		level: "fail",
		title: "The Docker CLI does not start",
		headline: (seen) => {
			if (isSnap(seen)) return "`docker` is a snap, and it does not start";
			if (isOfDesktop(seen)) return "Docker Desktop does not serve this WSL distribution";
			return isStranger(seen) ? "`docker` is not a Docker CLI" : "The Docker CLI does not start";
		},
		why: (seen) => {
			if (isSnap(seen)) {
				const said = seen.outcome?.stderr.trim().split("\n")[0] ?? "";
				return `Every \`docker\` command in this job fails${said === "" ? "" : ` with ${code(cut(said))}`}.`;
			}
			if (isStranger(seen))
				return "It is a script or another program of that name. Every `docker` command in this job fails.";
			const error = errorOf(seen);
			return `Every \`docker\` command in this job fails${error === undefined ? "" : ` with ${code(error)}`}.`;
		},
		expected: (seen) => {
			if (!seen.outcome) return "a `docker` that starts";
			return isStranger(seen)
				? "a line that starts with `Docker version`"
				: "a `docker --version` that prints a version";
		},
		tell: tellBroken,
		more: "The evidence shows its output.",
	}),
	"podman-shim": reason<PodmanShim>({
		level: "warn",
		title: "`docker` runs Podman",
		headline: ({ version }) => `\`docker\` runs ${podman(version)}`,
		why: "It ignores `DOCKER_HOST` and the Docker socket, keeps its own images and containers, and supports `buildx` and `compose` only in part. The daemon behind the socket never sees what a job builds with it.",
		expected: "Docker's own CLI",
		tell: ({ path, version, place }) => ({
			what: `${code(path)} is a script that runs ${podman(version)}, not the Docker CLI.`,
			fix: {
				...installCli(place, cliWithBuildx),
				text: "Replace the package `podman-docker` with the CLI from Docker's own packages. Set up their repository first: https://docs.docker.com/engine/install/. If you want Podman, set `docker/cli:podman-shim: off` under `severity` in the policy.",
			},
		}),
	}),
};

/** `Podman 4.3.1` */
export function podman(version: string | undefined): string {
	return version === undefined ? "Podman" : `Podman ${version}`;
}

/** How `docker --version` ended, for a sentence that begins with it. */
function endOf(outcome: RunOutcome): string {
	switch (outcome.kind) {
		case "exited":
			return `exits with code ${outcome.code}`;
		case "signalled":
			return `is killed by ${outcome.signal}`;
		case "not-started":
			return `cannot start (${outcome.code})`;
		case "timed-out":
			return "gives no answer";
	}
}

/** The same in as few words as possible: `exit code 2`. */
export function resultOf(outcome: RunOutcome): string {
	switch (outcome.kind) {
		case "exited":
			return `exit code ${outcome.code}`;
		case "signalled":
			return outcome.signal;
		case "not-started":
			return outcome.code;
		case "timed-out":
			return "no answer";
	}
}

/** A launcher of snapd, which starts programs of snaps. */
function isSnap({ tool: { found }, outcome }: Broken): boolean {
	if (!outcome) return false;
	if (/^\/snap\/|\/snapd\/snap\//.test(found?.path ?? "") || /\/s?bin\/snap$/.test(found?.realPath ?? "")) return true;
	return /home directories outside of \/home needs|cannot create user data directory|snap-confine|forum\.snapcraft\.io/.test(
		outcome.stderr,
	);
}

const leaveSnap: Remedy = {
	text: `Remove the snap and install Docker's own packages: a Docker from a snap sees no files outside of homes either, and lacks NVIDIA's toolkit. Its images, containers and volumes go with it; snapd keeps a snapshot of its data for 31 days. ${stopsContainers} Set up the repository first: https://docs.docker.com/engine/install/.`,
	commands: [
		"snap list docker",
		"sudo snap remove docker",
		"sudo apt-get update && sudo apt-get install -y docker-ce docker-ce-cli containerd.io docker-buildx-plugin",
	],
	kind: "host",
	otherwise: {
		text: "Give the runner's user a home below `/home`, and restart the runner when it is idle. snapd can also be told of other homes, if they are not in a system directory.",
		commands: ["snap get system homedirs"],
		kind: "host",
	},
};

/** The placeholder that WSL distributions see without Docker Desktop's integration (docker/for-win#14517). It is not the CLI. */
function isOfDesktop({ outcome }: Broken): boolean {
	if (!outcome || outcome.kind === "timed-out") return false;
	return /could not be found in this WSL \d distro/.test(`${outcome.stdout} ${outcome.stderr}`);
}

const integrate: Remedy = {
	text: "In Docker Desktop on Windows, switch on the integration with this distribution (Settings, Resources, WSL integration), and start Docker Desktop with Windows. The commands show what Windows calls the distribution, and that it works.",
	commands: ['echo "$WSL_DISTRO_NAME"', "docker version"],
	kind: "host",
};

/** It runs, but it is not a Docker CLI. */
function isStranger({ outcome }: Broken): boolean {
	return outcome?.kind === "exited" && outcome.code === 0;
}

function tellBroken(seen: Broken): Told {
	const { tool, place, outcome } = seen;
	if (!outcome) return tellUnusable(tool, place);
	const path = code(tool.found?.path ?? "docker");
	if (isSnap(seen)) {
		return {
			what: `${path} is the launcher of a snap, and \`docker --version\` ${endOf(outcome)}. A snap starts only for users whose home is a writable directory below \`/home\`.`,
			fix: leaveSnap,
		};
	}
	if (isOfDesktop(seen)) {
		return {
			what: `${path} is Docker Desktop's placeholder for its CLI, and \`docker --version\` ${endOf(outcome)}.`,
			fix: integrate,
		};
	}
	const fix = installCli(place, cliWithBuildx);
	if (isStranger(seen)) return { what: `${path} starts, but \`docker --version\` does not print a version.`, fix };
	if (/exec: \S*podman: not found/.test(outcome.stderr)) {
		return { what: `${path} is the script of the package \`podman-docker\`, but Podman is not installed.`, fix };
	}
	return { what: `${path} exists, but \`docker --version\` ${endOf(outcome)}.${fileProblem(tool)}`, fix };
}

/** What a shell prints, if that is certain. */
function errorOf({ tool: { unusable, file, arch }, outcome }: Broken): string | undefined {
	if (outcome) return file?.machine !== undefined && file.machine !== arch ? "Exec format error" : undefined;
	const kind = unusable[0]?.kind;
	return kind === "not-executable" || kind === "closed" ? "Permission denied" : undefined;
}

function tellUnusable({ unusable: [first] }: ToolFacts, place: CliPlace): Told {
	const path = first?.path ?? "";
	const states = {
		"not-executable": `cannot be executed by this user (mode ${octal(first?.mode ?? 0)}, owner ${first?.uid ?? "?"})`,
		"dangling-link": "is a link to a file that does not exist",
		closed: "is in a directory that is closed to this user",
		unreadable: `cannot be read (${first?.code ?? "?"})`,
	};
	const what = `${code(path)} ${states[first?.kind ?? "unreadable"]}.`;
	if (first?.kind !== "not-executable") return { what, fix: installCli(place, cliWithBuildx) };
	const fix: Remedy = {
		text: "Make the file executable for every user. The CLI itself grants no rights.",
		commands: [`ls -l ${shellQuote(path)}`, `${place.inContainer ? "" : "sudo "}chmod a+rx ${shellQuote(path)}`],
		kind: place.inContainer ? "image" : "host",
	};
	return { what, fix };
}

/** Why it does not start, as far as the head of the file tells. */
function fileProblem({ file, arch }: ToolFacts): string {
	if (!file) return "";
	if (file.machine !== undefined && file.machine !== arch) {
		return ` It is built for ${file.machine}, but this machine is ${arch}.`;
	}
	if (file.interpreterFound === false && file.interpreter !== undefined) {
		return ` It needs ${code(file.interpreter)}, which does not exist: a program built for glibc does not start on musl, and vice versa.`;
	}
	return file.format === "empty" ? " The file is empty." : "";
}

const stepsNeedIt = "Steps of a job that call `docker` may fail or hang.";

export const unknowns = {
	search: unknown<{ readonly directory: string; readonly errno: string }>({
		title: "Could not search the PATH for `docker`",
		why: `${stepsNeedIt} Every other command is searched for in this directory too.`,
		expected: "directories of PATH that can be searched",
		tell: ({ directory, errno }) => ({
			what: `${code(directory)} ${errno === "ETIMEDOUT" ? "does not answer" : `cannot be searched (${code(errno)})`}, so \`docker\` may or may not be there.`,
			fix: lookAt(directory, errno),
		}),
	}),
	"no-answer": unknown<{ readonly ms: number }>({
		title: "`docker --version` did not answer in time",
		why: stepsNeedIt,
		expected: "a version",
		tell: ({ ms }) => ({
			what: "`docker --version` did not finish before the deadline. It asks no daemon, so the program itself is slow or hangs.",
			fix: {
				text: "Run it by hand, as the job's user. Usual causes are a wrapper script around `docker`, a program on a file system that does not answer, and an overloaded machine.",
				commands: ["command -v docker", "time timeout 60 docker --version", "uptime"],
				kind: "host",
				otherwise: moreTime(ms),
			},
		}),
	}),
	"not-started": unknown<{ readonly errno: string }>({
		title: "This machine could not start `docker`",
		why: "Jobs cannot start programs either.",
		expected: "a version",
		tell: ({ errno }) => ({
			what: `\`docker --version\` could not be started (${code(errno)}): the limit is that of this machine or job, not of \`docker\`.`,
			fix: makeRoom(errno),
		}),
	}),
};
