import type { Edit, Finding, Location, Remedy } from "../../checks/check.ts";
import { cut } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import type { IgnoredLine, UnitFile } from "../facts.ts";
import { rewrittenSetting, withoutRemarkBehind } from "../fix/certain.ts";
import { goSeconds } from "../read/go-values.ts";
import { expectedValue, systemdSeconds, withoutRemark } from "../read/unit-values.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import {
	hasEnv,
	lastSetting,
	numberAt,
	type Placed,
	runsOnHost,
	type Setup,
	textAt,
	unitEnvironment,
	unitSettings,
	userOf,
	usesDocker,
} from "../setup/setup.ts";
import { isRunner, startOfRunner } from "../setup/subjects.ts";
import type { FatalValue } from "./service-unit-words.ts";
import { intro, words } from "./service-words.ts";

type Problem = Finding<keyof typeof words>;

/** The systemd unit that runs the daemon, with its drop-ins. */
export const service = defineRule({
	id: "config/service",
	title: "The service starts the runner with its configuration, after Docker, and restarts it",
	intro,
	reasons: words,
	subject: startOfRunner,
	fine: "the service starts the runner with its configuration and restarts it",
	find(setup) {
		const start = lastSetting(setup, "Service", "ExecStart");
		const unit = setup.units.find((file) => !file.dropIn);
		if (start && !isRunner(start.value)) return [];
		const lines = setup.units.flatMap((file) => [...brokenHeader(file), ...ignoredLines(file)]);
		// What follows a broken header, or is in a section of another name, is unknown.
		const isCut = setup.units.some(
			({ brokenHeader: broken, ignored = [] }) => broken || (!start && ignored.length > 0),
		);
		const told = unit?.ofUser ? forUser : (problem: Problem): Problem => problem;
		if (isCut) return lines.map(told);
		return [
			...lines,
			...fatalValues(setup),
			...(start ? noConfig(setup, start) : []),
			...(unit
				? [
						...noRestart(setup, unit),
						...startLimit(setup),
						...bootRace(setup, unit),
						...killMode(setup, unit),
						...notAfterDocker(setup, unit),
						...notInDockerGroup(setup, unit),
						...toolchainOffPath(setup, unit),
					]
				: []),
		].map(told);
	},
});

/** The manager of a user is asked without `sudo`, by that user. */
function forUser(problem: Problem): Problem {
	const inCommands = ({ commands, ...rest }: Omit<Remedy, "otherwise">): Omit<Remedy, "otherwise"> => ({
		...rest,
		...(commands && { commands: commands.map((command) => command.replace(/^sudo systemctl /, "systemctl --user ")) }),
	});
	const { otherwise, ...first } = problem.remedy;
	return { ...problem, remedy: { ...inCommands(first), ...(otherwise && { otherwise: inCommands(otherwise) }) } };
}

function brokenHeader({ path, brokenHeader: place }: UnitFile): readonly Problem[] {
	if (!place) return [];
	return [finding(words, "fatal-value", { kind: "header", file: path }, at(placeIn(path, place), "no `]` at its end"))];
}

function ignoredLines({ path, settings, ignored = [] }: UnitFile): readonly Problem[] {
	return ignored.map((line) =>
		finding(
			words,
			"ignored-line",
			{ file: path, line },
			{ ...at(placeIn(path, line), observedIn(line)), edits: lineEdits(line, settings) },
		),
	);
}

/** The line as systemd would read it, if nothing else can be meant. */
function lineEdits(line: IgnoredLine, settings: UnitFile["settings"]): readonly Edit[] | undefined {
	switch (line.why) {
		case "remark":
			return withoutRemarkBehind(line, line.name, line.bare);
		case "unknown-key": {
			// Twice, the last one would win.
			const isSet = settings.some(({ name, section }) => name === line.meant && section === line.section);
			return isSet ? undefined : [{ line: line.line, column: line.column, from: [line.name], to: line.meant }];
		}
		case "value": {
			const meant = line.value.toLowerCase();
			const isMeant = meant !== line.value && expectedValue(line.name, meant) === undefined && /^[a-z-]+$/.test(meant);
			return isMeant ? rewrittenSetting(line, `${line.name}=${meant}`) : undefined;
		}
		default:
			return undefined;
	}
}

function observedIn(line: IgnoredLine): string {
	switch (line.why) {
		case "remark":
			return `text after \`${line.name}=${line.bare}\``;
		case "value":
			return `\`${cut(`${line.name}=${line.value}`)}\``;
		case "outside":
			return "no section above it";
		case "no-equals":
			return "no `=`";
		case "no-name":
			return "no name before `=`";
		default:
			return `\`${line.name}\``;
	}
}

/** Values with which systemd does not start the service. */
function fatalValues(setup: Setup): readonly Problem[] {
	const found: Problem[] = [];
	const fatal = (setting: Placed, kind: FatalValue["kind"], level?: "warn"): void => {
		const { file, name, value } = setting;
		const bare = withoutRemark(value);
		const edits = fatalEdits(setting, kind, bare);
		const details = { ...at(placeIn(file, setting), `\`${cut(`${name}=${value}`, 200)}\``, level), edits };
		found.push(finding(words, "fatal-value", { kind, file, name, value, bare }, details));
	};
	const directory = lastSetting(setup, "Service", "WorkingDirectory");
	if (directory && !/^(?:[-!]?[/~%]|-)/.test(directory.value)) fatal(directory, "relative");
	else if (directory && withoutRemark(directory.value) !== undefined) fatal(directory, "remark");
	const user = lastSetting(setup, "Service", "User");
	if (user && withoutRemark(user.value) !== undefined) fatal(user, "remark");
	const commands = unitSettings(setup, "Service", "ExecStart");
	for (const command of commands) {
		const program = /^[-@:+!|]*["']?([^\s"']*)/.exec(command.value)?.[1] ?? "";
		if (program.includes("/") && !/^[/%]/.test(program)) fatal(command, "program");
	}
	const type = lastSetting(setup, "Service", "Type");
	const [, second] = commands;
	if (second && type?.value !== "oneshot") fatal(second, "second-command");
	if (type && /^(?:forking|notify|notify-reload|dbus)$/.test(type.value)) fatal(type, "never-ready");
	if (type?.value === "oneshot") {
		const restart = lastSetting(setup, "Service", "Restart");
		if (restart && /^(?:always|on-success)$/.test(restart.value)) fatal(restart, "restart-of-oneshot");
		else fatal(type, "oneshot", "warn");
	}
	return found;
}

/** The runner is a plain daemon, and no name has a remark in it. */
function fatalEdits(setting: Placed, kind: FatalValue["kind"], bare: string | undefined): readonly Edit[] | undefined {
	if (kind === "remark" && bare !== undefined) return withoutRemarkBehind(setting, setting.name, bare);
	return kind === "never-ready" ? rewrittenSetting(setting, "Type=simple") : undefined;
}

function noConfig(setup: Setup, start: Placed): readonly Problem[] {
	const { file, value: command } = start;
	if (/(?:^|\s)(?:--config|-c)(?:[\s=]|$)/.test(command) || !/\bdaemon\b/.test(command)) return [];
	// Labels can be in `.runner`, and everything else as it is by default: without a file to be missed, that works.
	const here = setup.config?.path ?? setup.units.flatMap(({ machine }) => machine?.configs ?? [])[0];
	const details = at(placeIn(file, start), `\`${command.slice(0, 200)}\``, here === undefined ? "warn" : undefined);
	return [finding(words, "no-config", { file, command, config: here }, details)];
}

/** Does systemd ignore a line with this key? That line is the cause then, and has a finding of its own. */
function isIgnored(setup: Setup, ...names: readonly string[]): boolean {
	return setup.units.some(({ ignored = [] }) => ignored.some((line) => "name" in line && names.includes(line.name)));
}

function noRestart(setup: Setup, unit: UnitFile): readonly Problem[] {
	if (isIgnored(setup, "Restart")) return [];
	if (restartOf(setup) !== "never") return [];
	const restart = lastSetting(setup, "Service", "Restart");
	const place = restart ? placeIn(restart.file, restart) : sectionOf(unit, "Service");
	const seen = { file: restart?.file ?? unit.path, restart: restart?.value };
	return [finding(words, "no-restart", seen, at(place, restart ? `\`Restart=${restart.value}\`` : "no `Restart`"))];
}

/** Does systemd start the service again when it exits with an error, however often that happens? */
function restartOf(setup: Setup): "never" | "until-limit" | "always" {
	// A runner that cannot go on exits with code 1: neither by a signal nor in success.
	if (!/^(?:always|on-failure)$/.test(lastSetting(setup, "Service", "Restart")?.value ?? "")) return "never";
	const { seconds, interval, burst } = startLimits(setup);
	return interval === 0 || seconds * burst >= interval ? "always" : "until-limit";
}

/** Seconds between two starts, and how many of them systemd allows in which time. */
function startLimits(setup: Setup) {
	const value = (name: string): string | undefined =>
		(lastSetting(setup, "Unit", name) ?? lastSetting(setup, "Service", name))?.value;
	return {
		seconds: systemdSeconds(value("RestartSec") ?? "") ?? 0.1,
		interval: systemdSeconds(value("StartLimitIntervalSec") ?? value("StartLimitInterval") ?? "") ?? 10,
		burst: Number(value("StartLimitBurst") ?? 5),
	};
}

function startLimit(setup: Setup): readonly Problem[] {
	const restart = lastSetting(setup, "Service", "Restart");
	if (!restart || restartOf(setup) !== "until-limit" || isIgnored(setup, "RestartSec")) return [];
	const delay = lastSetting(setup, "Service", "RestartSec");
	const place = delay ?? restart;
	const seen = { file: place.file, delay: delay?.value, ...startLimits(setup) };
	const observed = delay ? `\`RestartSec=${delay.value}\`` : "no `RestartSec`, so 100 ms";
	return [finding(words, "start-limit", seen, at(placeIn(place.file, place), observed))];
}

/** A service that starts at boot and that nothing starts again has to find its network at the first try. */
function bootRace(setup: Setup, unit: UnitFile): readonly Problem[] {
	const names = (key: string): readonly string[] =>
		unitSettings(setup, "Unit", key).flatMap(({ value }) => value.split(/\s+/));
	const target = "network-online.target";
	const isStartedAtBoot = unitSettings(setup, "Install", "WantedBy").length > 0;
	// Until a limit, `start-limit` is the cause.
	if (unit.ofUser || !isStartedAtBoot || restartOf(setup) !== "never" || isIgnored(setup, "After")) return [];
	if (names("After").includes(target)) return [];
	const [after] = unitSettings(setup, "Unit", "After");
	const place = after ? placeIn(after.file, after) : sectionOf(unit, "Unit");
	const observed = after ? `\`After=${cut(after.value, 100)}\`` : "no `After`";
	return [finding(words, "boot-race", { file: unit.path }, at(place, observed))];
}

/** Does the stop of the service leave jobs the time that the configuration promises them, and nothing of them behind? */
function killMode(setup: Setup, unit: UnitFile): readonly Problem[] {
	const mode = lastSetting(setup, "Service", "KillMode");
	if (mode && /^(?:process|none)$/.test(mode.value)) {
		const seen = { kind: "left", file: mode.file, mode: mode.value } as const;
		return [finding(words, "kill-mode", seen, at(placeIn(mode.file, mode), `\`KillMode=${mode.value}\``))];
	}
	const written = textAt(setup.config?.root, "runner", "shutdown_timeout");
	const promised = goSeconds(written) ?? 0;
	if (promised <= 0) return [];
	const stop = lastSetting(setup, "Service", "TimeoutStopSec") ?? lastSetting(setup, "Service", "TimeoutSec");
	const seconds = stop ? (systemdSeconds(stop.value) ?? 90) : 90;
	// 0 means no limit.
	const isTooEarly = !isIgnored(setup, "TimeoutStopSec", "TimeoutSec") && seconds !== 0 && seconds < promised;
	const reachesJobs = runsOnHost(setup) && mode?.value !== "mixed";
	if (!isTooEarly && !reachesJobs) return [];
	const setting = isTooEarly ? stop : mode;
	const seen = {
		kind: isTooEarly ? "too-early" : "jobs-too",
		file: setting?.file ?? unit.path,
		written,
		timeout: stop?.value,
		reachesJobs,
	} as const;
	const observed = [
		...(isTooEarly ? [stop ? `\`${stop.name}=${stop.value}\`` : "no `TimeoutStopSec`, so 90 s"] : []),
		...(reachesJobs ? [mode ? `\`KillMode=${mode.value}\`` : "no `KillMode`, so `control-group`"] : []),
	];
	const place = setting ? placeIn(setting.file, setting) : sectionOf(unit, "Service");
	return [finding(words, "kill-mode", seen, at(place, observed.join(", ")))];
}

function notAfterDocker(setup: Setup, unit: UnitFile): readonly Problem[] {
	// A user's own manager does not know the units of the system; a runner that waits by itself needs no order.
	if (unit.ofUser || usesDocker(setup) === "no" || isIgnored(setup, "After")) return [];
	if (numberAt(setup.config?.root, "container", "docker_timeout") !== undefined) return [];
	const timeout = textAt(setup.config?.root, "container", "docker_timeout");
	if (timeout !== "" && !/^-|^0+[a-zµ]*$/.test(timeout)) return [];
	if (usesOtherDaemon(setup)) return [];
	const after = unitSettings(setup, "Unit", "After");
	if (after.some(({ value }) => /\b(?:docker|podman|containerd)[\w.-]*\.(?:service|socket)\b/.test(value))) return [];
	const [first] = after;
	const place = first ? placeIn(first.file, first) : sectionOf(unit, "Unit");
	const observed = first ? `\`After=${first.value.slice(0, 100)}\`` : "no `After`";
	return [finding(words, "not-after-docker", { file: unit.path }, at(place, observed))];
}

/** Does the runner connect to another daemon than Docker's of the system: on a machine elsewhere, of a user, or Podman's? */
function usesOtherDaemon(setup: Setup): boolean {
	const configured = textAt(setup.config?.root, "container", "docker_host");
	const address = /^(?:-|automount|)$/.test(configured) ? unitEnvironment(setup, "DOCKER_HOST") : configured;
	return /^(?:tcp|ssh|https?):|\/run\/user\/|%t\/|\bpodman\b/.test(address ?? "");
}

function notInDockerGroup(setup: Setup, unit: UnitFile): readonly Problem[] {
	if (unit.ofUser || usesDocker(setup) === "no") return [];
	if (usesOtherDaemon(setup)) return [];
	const user = lastSetting(setup, "Service", "User");
	if (!user || user.value === "root" || user.value === "0") return [];
	const groups = [...unitSettings(setup, "Service", "Group"), ...unitSettings(setup, "Service", "SupplementaryGroups")];
	if (groups.some(({ value }) => value.split(/\s+/).includes("docker"))) return [];
	const machine = setup.units.find((file) => file.path === user.file)?.machine;
	if (machine?.inDockerGroup === true) return [];
	const isKnown = machine?.inDockerGroup === false;
	const observed =
		groups.length > 0
			? groups.map(({ name, value }) => `\`${name}=${value}\``).join(", ")
			: "no group but the user's own";
	const seen = { file: unit.path, user: userOf(setup) ?? user.value, isKnown };
	const details = at(placeIn(user.file, user), observed, isKnown ? undefined : "warn");
	return [finding(words, "not-in-docker-group", seen, details)];
}

/** The PATH of a service that sets none. */
const systemdPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function toolchainOffPath(setup: Setup, unit: UnitFile): readonly Problem[] {
	// Only jobs on the host inherit this PATH. A file of variables may set it: its content is unknown here.
	if (!runsOnHost(setup)) return [];
	if (hasEnv(setup, "PATH") || textAt(setup.config?.root, "runner", "env_file") !== "") return [];
	if (unitSettings(setup, "Service", "EnvironmentFile").length > 0) return [];
	const path = unitEnvironment(setup, "PATH");
	const folders = (path ?? systemdPath).split(":");
	const user = lastSetting(setup, "Service", "User");
	const machine = setup.units.find((file) => file.path === (user?.file ?? unit.path))?.machine;
	const isKnown = machine?.userKnown === true;
	const missing = (machine?.toolchains ?? []).filter(
		(folder) => !folders.some((other) => other === folder || other.startsWith(`${folder}/`)),
	);
	if (isKnown ? missing.length === 0 : path !== undefined) return [];
	const settings = unitSettings(setup, "Service", "Environment").filter(({ value }) => /\bPATH=/.test(value));
	const setting = settings[settings.length - 1];
	const place = setting ? placeIn(setting.file, setting) : sectionOf(unit, "Service");
	const seen = {
		file: setting?.file ?? unit.path,
		user: user?.value ?? "root",
		missing: isKnown ? missing : [],
		path: path ?? systemdPath,
	};
	const observed = path === undefined ? "systemd's own PATH" : `\`PATH=${path.slice(0, 300)}\``;
	return [finding(words, "toolchain-off-path", seen, at(place, observed, isKnown ? undefined : "warn"))];
}

function sectionOf(unit: UnitFile, section: string): Location {
	const first = unit.settings.find((setting) => setting.section === section) ?? unit.settings[0];
	return placeIn(unit.path, first ?? { line: 1, column: 1 });
}
