import type { Remedy } from "../../checks/check.ts";
import { code, cut, listed, operand, shellQuote, systemdText, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { IgnoredLine } from "../facts.ts";
import { goSeconds } from "../read/go-values.ts";
import { isHidden, reload, serviceOf, unitLines, whileNoJobRuns } from "./fixes.ts";

interface NoConfig {
	/** The unit or drop-in that has the command. */
	readonly file: string;
	readonly command: string;
	/** The configuration that it misses; `undefined`: none is known. */
	readonly config: string | undefined;
}

interface Ignored {
	readonly file: string;
	readonly line: IgnoredLine;
}

/** What keeps systemd from starting the service. */
export type FatalValue =
	| { readonly kind: "header"; readonly file: string }
	| {
			readonly kind:
				| "relative"
				| "remark"
				| "program"
				| "second-command"
				| "never-ready"
				| "oneshot"
				| "restart-of-oneshot";
			readonly file: string;
			readonly name: string;
			readonly value: string;
			/** The value without a remark behind it. */
			readonly bare: string | undefined;
	  };

interface StartLimit {
	readonly file: string;
	/** `RestartSec`, if the unit has it. */
	readonly delay: string | undefined;
	readonly interval: number;
	readonly burst: number;
}

interface BootRace {
	readonly file: string;
}

type KillMode = { readonly file: string } /** Processes of jobs stay behind. */ & (
	| { readonly kind: "left"; readonly mode: string }
	/** systemd kills before `shutdown_timeout` ends. */
	| { readonly kind: "too-early"; readonly written: string; readonly timeout: string | undefined }
	/** The signal that stops the runner stops its host jobs as well. */
	| { readonly kind: "jobs-too"; readonly written: string }
);

interface NoRestart {
	readonly file: string;
	readonly isNo: boolean;
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
		tell: ({ file, isNo }) => ({
			what: `${isNo ? "The unit has `Restart=no`" : "The unit has no `Restart`"}, so systemd does not start the runner again when it exits.`,
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
		why: "After a reboot, the runner can start before Docker and exit with `cannot ping the docker daemon, is it running?`.",
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
		why: "The runner exits at startup with `permission denied while trying to connect to the Docker daemon socket`.",
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

	"ignored-line": reason<Ignored>({
		level: "warn",
		title: "systemd ignores a line of the unit",
		headline: ({ line }) => {
			switch (line.why) {
				case "outside":
				case "no-equals":
				case "no-name":
					return `systemd ignores line ${line.line} of the unit`;
				case "section":
					return titleWith("systemd ignores the section ", `[${line.name}]`);
				default:
					return titleWith("systemd ignores ", `${line.name}=`);
			}
		},
		why: ({ line }) => whyIgnored(line),
		expected: ({ line }) => {
			switch (line.why) {
				case "outside":
					return "`[Unit]` or `[Service]` above it";
				case "no-equals":
				case "no-name":
					return "`Name=value`";
				case "section":
					return "`[Unit]`, `[Service]` or `[Install]`";
				case "wrong-section":
					return `${code(line.name)} in ${code(`[${line.right}]`)}`;
				case "unknown-key":
					return code(line.meant);
				case "remark":
					return code(cut(`${line.name}=${line.bare}`));
				case "value":
					return line.expected;
			}
		},
		tell: ({ file, line }) => ({
			what: whatIgnored(line),
			fix: { ...fixIgnored(file, line), commands: ["sudo systemctl daemon-reload"], kind: "host" },
		}),
		more: "systemd knows no comments behind values: everything up to the end of the line is the value.",
	}),

	"fatal-value": reason<FatalValue>({
		level: "fail",
		title: "systemd does not start the service with this value",
		headline: (seen) =>
			seen.kind === "header"
				? "A section's header is broken"
				: titleWith("The service does not start with ", `${seen.name}=${seen.value}`),
		why: whyFatal,
		expected: (seen) => {
			switch (seen.kind) {
				case "header":
					return "`[Service]` alone on its line";
				case "relative":
					return "an absolute path, or `~`";
				case "remark":
					return code(cut(`${seen.name}=${seen.bare}`));
				case "program":
					return "an absolute path of the program";
				case "second-command":
					return "one `ExecStart`";
				case "restart-of-oneshot":
				case "never-ready":
				case "oneshot":
					return "`Type=simple`, or no `Type`";
			}
		},
		tell: (seen) => ({
			what: whatFatal(seen),
			fix: { ...fixFatal(seen), commands: reload(seen.file), kind: "host" },
		}),
	}),

	"start-limit": reason<StartLimit>({
		level: "warn",
		title: "systemd gives up after a few restarts",
		why: ({ burst, interval }) =>
			`If Docker or the forge is unavailable for a moment, the runner exits ${burst} times within ${interval} seconds. systemd then says \`Start request repeated too quickly\` and leaves it down, whatever \`Restart\` says.`,
		expected: "`RestartSec=5s`, or `StartLimitIntervalSec=0`",
		tell: ({ file, delay, burst, interval }) => ({
			what: `systemd starts the service again ${delay === undefined ? "after 100 ms" : `after ${code(delay)}`}, but at most ${burst} times in ${interval} seconds.`,
			fix: {
				text: "Wait longer between two starts.",
				config: unitLines(file, `[Service]\nRestartSec=${Math.max(5, Math.ceil(interval / Math.max(1, burst)) + 1)}s`),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
	}),

	"boot-race": reason<BootRace>({
		level: "warn",
		title: "After a boot, the runner can start before the network",
		why: "The runner then cannot reach its forge and exits, and nothing starts it again. Its jobs wait until someone notices.",
		expected: "`After=network-online.target` and `Wants=network-online.target`",
		tell: ({ file }) => ({
			what: "The unit does not wait for `network-online.target`; `network.target` is reached before the machine has an address.",
			fix: {
				text: "Start the service when the network is up.",
				config: unitLines(file, "[Unit]\nAfter=network-online.target\nWants=network-online.target"),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
		more: "A service that systemd starts again, however often, finds its network by itself and is not reported.",
	}),

	"kill-mode": reason<KillMode>({
		level: "warn",
		title: "The stop of the service does not fit its jobs",
		headline: (seen) => {
			switch (seen.kind) {
				case "left":
					return titleWith("Processes of jobs survive a stop: ", `KillMode=${seen.mode}`);
				case "too-early":
					return "systemd kills jobs before `shutdown_timeout` ends";
				case "jobs-too":
					return "A stop of the service ends host jobs at once";
			}
		},
		why: (seen) => {
			switch (seen.kind) {
				case "left":
					return "What a job started goes on after the runner has stopped. It holds ports, files and GPUs, and disturbs the jobs of the next start.";
				case "too-early":
					return "A restart or a shutdown ends running jobs with SIGKILL, although the runner would let them finish.";
				case "jobs-too":
					return "systemd sends SIGTERM to every process of the service. Jobs on the host die while the runner still waits for them.";
			}
		},
		expected: (seen) =>
			seen.kind === "too-early" ? `\`TimeoutStopSec\` of at least ${code(seen.written)}` : "`KillMode=mixed`",
		tell: (seen) => ({
			what: whatKilled(seen),
			fix: {
				text:
					seen.kind === "too-early"
						? "Give the service as much time as its jobs."
						: "Let systemd stop the runner first, and what is left of its jobs at the end.",
				config: unitLines(
					seen.file,
					seen.kind === "too-early"
						? `[Service]\nTimeoutStopSec=${systemdTime(seen.written)}`
						: "[Service]\nKillMode=mixed",
				),
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			},
		}),
	}),
};

function whatKilled(seen: KillMode): string {
	switch (seen.kind) {
		case "left":
			return `With ${code(`KillMode=${seen.mode}`)}, systemd stops the runner alone and leaves the processes of its jobs.`;
		case "too-early":
			return `\`runner.shutdown_timeout\` is ${code(seen.written)}, but systemd kills the service after ${seen.timeout === undefined ? "90 seconds" : code(seen.timeout)}.`;
		case "jobs-too":
			return `\`runner.shutdown_timeout\` gives jobs ${code(seen.written)} to finish, but the unit has no \`KillMode=mixed\`.`;
	}
}

/** A Go duration as systemd writes it. */
function systemdTime(text: string): string {
	return `${Math.ceil(goSeconds(text) ?? 0)}s`;
}

function whatIgnored(line: IgnoredLine): string {
	switch (line.why) {
		case "outside":
			return "The line is before the first section.";
		case "no-equals":
			return "The line is neither a section nor an assignment.";
		case "no-name":
			return "The assignment has no name.";
		case "section":
			return `systemd knows no section ${code(`[${line.name}]`)}, and ignores everything in it.`;
		case "wrong-section":
			return `${code(line.name)} is in ${code(`[${line.section}]`)}, but systemd reads it in ${code(`[${line.right}]`)}.`;
		case "unknown-key":
			return `systemd knows no ${code(line.name)} in ${code(`[${line.section}]`)}. Did you mean ${code(line.meant)}?`;
		case "remark":
			return `What follows ${code(cut(`${line.name}=${line.bare}`))} is a part of the value for systemd, which it cannot read then.`;
		case "value":
			return `${code(cut(line.value))} is not a value of ${code(line.name)}.`;
	}
}

function whyIgnored(line: IgnoredLine): string {
	const lines: Readonly<Record<string, string>> = {
		outside: "`Assignment outside of section. Ignoring.`",
		"no-equals": "`Missing '=', ignoring line.`",
		"no-name": "`Missing key name before '=', ignoring line.`",
		section: "`Unknown section. Ignoring.`",
	};
	const said = lines[line.why] ?? "`ignoring`";
	const effect = "name" in line ? effects[line.name] : undefined;
	return `systemd's journal says ${said}, and the service starts as if the line were not there.${effect === undefined ? "" : ` ${effect}`}`;
}

/** What is so without the line. */
const effects: Readonly<Record<string, string>> = {
	Restart: "So nothing restarts the runner after it exits.",
	TimeoutStopSec: "So a stop ends running jobs after 90 seconds.",
	RestartSec: "So systemd restarts the runner after 100 ms, and gives up after 5 times.",
};

function fixIgnored(
	file: string,
	line: IgnoredLine,
): { readonly text: string; readonly config?: NonNullable<Remedy["config"]> } {
	switch (line.why) {
		case "outside":
			return { text: `Write \`[Unit]\` or \`[Service]\` above line ${line.line}.` };
		case "no-equals":
			return { text: "Write `Name=value`, or begin the line with `#` if it is a comment." };
		case "no-name":
			return { text: "Write the name before the `=`." };
		case "section":
			return { text: "Correct the name of the section. Sections of your own begin with `X-`." };
		case "wrong-section":
			return { text: `Move the line to ${code(`[${line.right}]`)}.` };
		case "unknown-key":
			return { text: `Write ${code(line.meant)}.` };
		case "remark":
			return {
				text: `Write ${code(cut(`${line.name}=${line.bare}`))}, and the remark on a line of its own that begins with \`#\`.`,
				...(!isHidden(line.bare) && {
					config: unitLines(file, `[${sectionOf(line.name)}]\n${line.name}=${line.bare}`),
				}),
			};
		case "value":
			return { text: `Write ${line.expected}.` };
	}
}

function sectionOf(name: string): string {
	return /^(?:StartLimit|JobTimeout)/.test(name) ? "Unit" : "Service";
}

function whatFatal(seen: FatalValue): string {
	if (seen.kind === "header") return "The header of a section does not end with `]`.";
	const setting = code(cut(`${seen.name}=${seen.value}`, 200));
	switch (seen.kind) {
		case "relative":
			return `${setting} is not an absolute path.`;
		case "remark":
			return `systemd knows no comments behind values, so the remark in ${setting} is a part of the value.`;
		case "program":
			return `The path of the program in ${setting} is relative, and systemd expands neither \`~\` nor variables there.`;
		case "second-command":
			return "The service has more than one `ExecStart`.";
		case "never-ready":
			return `With ${setting}, systemd waits for a signal of readiness that the runner never gives.`;
		case "oneshot":
			return `With ${setting}, systemd waits for the runner to exit, which a daemon does not.`;
		case "restart-of-oneshot":
			return `${setting} is not allowed with \`Type=oneshot\`.`;
	}
}

function whyFatal(seen: FatalValue): string {
	const refused = "`Unit configuration has fatal error, unit will not be started`";
	switch (seen.kind) {
		case "header":
			return "systemd does not load the unit: `Invalid section header`.";
		case "relative":
			return `systemd refuses the unit: ${refused}.`;
		case "program":
			return `systemd refuses the unit: \`Neither a valid executable name nor an absolute path\`, ${refused}.`;
		case "remark":
			return seen.name === "User"
				? "There is no such user: the service ends with `status=217/USER`."
				: "There is no such directory: the service ends with `status=200/CHDIR`.";
		case "second-command":
			return "systemd refuses the unit: `Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.`";
		case "never-ready":
			return "After 90 seconds, systemd says `start operation timed out. Terminating` and stops the runner with its jobs.";
		case "oneshot":
			return "The service stays in `activating`: what waits for it never starts, and `systemctl start` does not return.";
		case "restart-of-oneshot":
			return "systemd refuses the unit: `Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.`";
	}
}

function fixFatal(seen: FatalValue): { readonly text: string; readonly config?: NonNullable<Remedy["config"]> } {
	switch (seen.kind) {
		case "header":
			return { text: `Write the header alone on its line. ${whileNoJobRuns}` };
		case "relative":
			return { text: `Write the absolute path. ${whileNoJobRuns}` };
		case "program":
			return { text: `Write the absolute path of the program. ${whileNoJobRuns}` };
		case "remark":
			return {
				text: `Put the remark on a line of its own, which begins with \`#\`. ${whileNoJobRuns}`,
				...(!isHidden(seen.bare ?? "") && { config: unitLines(seen.file, `[Service]\n${seen.name}=${seen.bare}`) }),
			};
		case "second-command":
			return {
				text: "Keep one of the commands. In a drop-in, an empty `ExecStart=` must come before the new one. Restart the runner while no job runs.",
			};
		case "restart-of-oneshot":
		case "never-ready":
		case "oneshot":
			return {
				text: `Remove the type: the runner is a plain daemon. ${whileNoJobRuns}`,
				config: unitLines(seen.file, "[Service]\nType=simple"),
			};
	}
}

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
