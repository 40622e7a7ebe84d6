import type { Finding, Location } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import type { UnitFile } from "../facts.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { isRunner, startOfRunner } from "../seen.ts";
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
	usesDocker,
} from "../setup.ts";
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
		// What follows a line that cannot be read is unknown.
		if (setup.units.some((file) => file.problem)) return [];
		const start = lastSetting(setup, "Service", "ExecStart");
		const unit = setup.units.find((file) => !file.dropIn);
		if (start && !isRunner(start.value)) return [];
		return [
			...(start ? noConfig(start) : []),
			...(unit
				? [
						...noRestart(setup, unit),
						...notAfterDocker(setup, unit),
						...notInDockerGroup(setup, unit),
						...toolchainOffPath(setup, unit),
					]
				: []),
		];
	},
});

function noConfig(start: Placed): readonly Problem[] {
	const { file, value: command } = start;
	if (/(?:^|\s)(?:--config|-c)(?:[\s=]|$)/.test(command) || !/\bdaemon\b/.test(command)) return [];
	return [finding(words, "no-config", { file, command }, at(placeIn(file, start), `\`${command.slice(0, 200)}\``))];
}

function noRestart(setup: Setup, unit: UnitFile): readonly Problem[] {
	const restart = lastSetting(setup, "Service", "Restart");
	if (restart && restart.value !== "no") return [];
	const place = restart ? placeIn(restart.file, restart) : sectionOf(unit, "Service");
	const seen = { file: restart?.file ?? unit.path, isNo: restart !== undefined };
	return [finding(words, "no-restart", seen, at(place, restart ? "`Restart=no`" : "no `Restart`"))];
}

function notAfterDocker(setup: Setup, unit: UnitFile): readonly Problem[] {
	// A user's own manager does not know the units of the system; a runner that waits by itself needs no order.
	if (unit.ofUser || usesDocker(setup) === "no") return [];
	if (numberAt(setup.config?.root, "container", "docker_timeout") !== undefined) return [];
	const timeout = textAt(setup.config?.root, "container", "docker_timeout");
	if (timeout !== "" && !/^-|^0+[a-zµ]*$/.test(timeout)) return [];
	if (/^(?:tcp|ssh|https?):/.test(textAt(setup.config?.root, "container", "docker_host"))) return [];
	const after = unitSettings(setup, "Unit", "After");
	if (after.some(({ value }) => /\b(?:docker|podman|containerd)[\w.-]*\.(?:service|socket)\b/.test(value))) return [];
	const [first] = after;
	const place = first ? placeIn(first.file, first) : sectionOf(unit, "Unit");
	const observed = first ? `\`After=${first.value.slice(0, 100)}\`` : "no `After`";
	return [finding(words, "not-after-docker", { file: unit.path }, at(place, observed))];
}

function notInDockerGroup(setup: Setup, unit: UnitFile): readonly Problem[] {
	if (unit.ofUser || usesDocker(setup) === "no") return [];
	const isElsewhere = /^(?:tcp|ssh|https?):|\/run\/user\//;
	if (isElsewhere.test(textAt(setup.config?.root, "container", "docker_host"))) return [];
	if (isElsewhere.test(unitEnvironment(setup, "DOCKER_HOST") ?? "")) return [];
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
	const seen = { file: unit.path, user: user.value, isKnown };
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
