import { code, cut, listed, operand, shellQuote, systemdText } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import { exitsWithoutSocket, isHidden, reload, serviceOf, unitLines, whileNoJobRuns } from "./fixes.ts";
import { startStopWords } from "./service-start-words.ts";
import { unitWords } from "./service-unit-words.ts";

interface NoConfig {
	/** The unit or drop-in that has the command. */
	readonly file: string;
	readonly command: string;
	/** The configuration that it misses; `undefined`: none is known. */
	readonly config: string | undefined;
}

interface NoRestart {
	readonly file: string;
	/** `Restart`, if the unit has it. */
	readonly restart: string | undefined;
}

interface NotAfterDocker {
	readonly file: string;
}

interface NotInDockerGroup {
	readonly file: string;
	readonly user: string;
	/** This machine knows the user's groups. */
	readonly isKnown: boolean;
}

interface ToolchainOffPath {
	readonly file: string;
	/** The unit's user, `root` if it names none. */
	readonly user: string;
	/** Toolchains on this machine that are not on the PATH; empty if this is another machine. */
	readonly missing: readonly string[];
	/** The PATH of the service now. */
	readonly path: string;
}

export const intro =
	"Reads the systemd unit with its drop-ins, merged as systemd merges them. A unit that starts the runner in a container, or through a script, is not judged.";

export const words = {
	"no-config": reason<NoConfig>({
		level: "fail",
		title: "The service starts the runner without its configuration",
		why: "The runner does not look for a configuration by itself. Labels, options and everything else in the file have no effect; the defaults apply, and nothing reports it.",
		expected: "`--config` with the path of the configuration",
		tell: ({ file, command, config }) => ({
			what: `${code(cut(command, 200))} has no \`--config\`, so the runner reads ${config === undefined ? "no `config.yaml`" : `nothing of ${code(config)}`}.`,
			fix: {
				text: `Add ${isHidden(command) ? code(`--config ${configFor(command)}`) : "`--config`"} to the command. ${whileNoJobRuns}`,
				...(!isHidden(command) && {
					config: unitLines(file, `[Service]\n${isDropIn(file) ? "ExecStart=\n" : ""}ExecStart=${withConfig(command)}`),
				}),
				commands: reload(file),
				kind: "host",
			},
		}),
		more: "Without any configuration that it could miss, this is a warning: labels can be in `.runner`, and the defaults work.",
	}),

	"no-restart": reason<NoRestart>({
		level: "warn",
		title: "The service does not restart the runner",
		why: "After a crash, or if the forge or Docker is unavailable for a minute, the runner stays down. Its jobs wait until someone notices.",
		expected: "`Restart=always` or `Restart=on-failure`",
		tell: ({ file, restart }) => ({
			what: `The unit has ${restart === undefined ? "no `Restart`" : code(`Restart=${restart}`)}, so systemd does not start the runner again when it exits${restart === undefined || restart === "no" ? "" : " with an error"}.`,
			fix: {
				text: "Let systemd restart the runner.",
				config: unitLines(file, "[Service]\nRestart=always\nRestartSec=5s"),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
	}),

	"not-after-docker": reason<NotAfterDocker>({
		level: "warn",
		title: "The service does not wait for Docker",
		why: "After a reboot, the runner can start before Docker and exit with `cannot ping the docker daemon, is it running?`. At a shutdown, Docker can stop first, and running jobs lose their containers.",
		expected: "`After=docker.service`",
		tell: ({ file }) => ({
			what: "Nothing in the unit orders the service after Docker.",
			fix: {
				text: "Start the service after Docker.",
				config: unitLines(
					file,
					"[Unit]\nAfter=docker.service network-online.target\nWants=docker.service network-online.target",
				),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
				otherwise: {
					text: "Let the runner itself wait for Docker (runner 0.2.13 and later).",
					config: { file: "config.yaml", language: "yaml", text: "container:\n  docker_timeout: 2m" },
					kind: "runner",
				},
			},
		}),
	}),

	"not-in-docker-group": reason<NotInDockerGroup>({
		level: "fail",
		title: "The service's user cannot use the Docker socket",
		headline: ({ isKnown }) =>
			isKnown
				? "The service's user is not in the group `docker`"
				: "The service's user may not be in the group `docker`",
		why: exitsWithoutSocket,
		expected: "`SupplementaryGroups=docker`, or the user in the group",
		tell: ({ file, user, isKnown }) => ({
			what: isKnown
				? `The user ${code(user)} is not in the group \`docker\`, and the unit does not add it.`
				: `The unit does not add the user ${code(user)} to the group \`docker\`. This machine does not know whether the user is in it.`,
			fix: {
				text: `Give the service the group. ${whileNoJobRuns}`,
				config: unitLines(file, "[Service]\nSupplementaryGroups=docker"),
				commands: reload(file),
				kind: "host",
				otherwise: {
					text: `Add the user to the group for everything it does. ${whileNoJobRuns}`,
					commands: [
						`sudo usermod -aG docker ${operand(user)}`,
						`sudo systemctl restart ${shellQuote(serviceOf(file))}`,
					],
					kind: "host",
				},
			},
		}),
		more: "On a machine that does not know the user, this is a warning.",
	}),

	"toolchain-off-path": reason<ToolchainOffPath>({
		level: "fail",
		title: "Tools of the machine are not on the service's PATH",
		why: "A service reads no shell profile and no `~/.cargo/env`. Jobs fail with `cargo: command not found`, or with `Cannot find: node in PATH` before their first step, although a login shell finds both.",
		expected: "a PATH with the directories of the tools",
		tell: ({ file, user, missing, path }) => ({
			what:
				missing.length > 0
					? `${listed(missing.map(code))} ${missing.length === 1 ? "is" : "are"} not on the service's PATH, which jobs with host labels inherit.`
					: "The unit sets no PATH, so jobs with host labels find only what the system installed.",
			fix: {
				text: `Set the PATH in the unit, or install the tools for all users (\`/usr/local/bin\`). ${whileNoJobRuns}`,
				config: unitLines(
					file,
					`[Service]\nEnvironment="PATH=${systemdText([...pathFor(user, missing), path].join(":"))}"`,
				),
				commands: reload(file),
				kind: "host",
			},
		}),
		more: "On a machine that does not know the service's user, a unit without any PATH is a warning.",
	}),

	...unitWords,
	...startStopWords,
};

/** In a drop-in, an empty assignment has to come first: a service can have only one command. */
function isDropIn(file: string): boolean {
	return file.endsWith(".conf");
}

function withConfig(command: string): string {
	return command.replace(/\bdaemon\b/, `daemon --config ${configFor(command)}`);
}

/** Where the documentation of each runner puts its configuration. */
function configFor(command: string): string {
	if (/forgejo/.test(command)) return "/etc/forgejo-runner/config.yaml";
	return /act_runner/.test(command) ? "/etc/act_runner/config.yaml" : "/etc/gitea-runner/config.yaml";
}

function pathFor(user: string, missing: readonly string[]): readonly string[] {
	if (missing.length > 0) return missing;
	return [user === "root" ? "/root/.cargo/bin" : `/home/${/^[\w.-]+$/.test(user) ? user : "runner"}/.cargo/bin`];
}
