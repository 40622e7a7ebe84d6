import type { UnitFile, UnitSetting } from "../facts.ts";
import { defineRule, type Found } from "../rule.ts";
import {
	hasEnv,
	numberAt,
	runsOnHost,
	type Setup,
	textAt,
	unitEnvironment,
	unitSettings,
	usesDocker,
} from "../setup.ts";

type R = "no-config" | "no-restart" | "not-after-docker" | "not-in-docker-group" | "toolchain-off-path";

/** The systemd unit that runs the daemon, with its drop-ins. */
export const service = defineRule<R>({
	id: "config/service",
	title: "The service starts the runner with its configuration, after Docker, and again when it ends",
	reasons: {
		"no-config": { level: "fail", title: "the service starts the runner without its configuration" },
		"no-restart": { level: "warn", title: "the service is not started again when it ends" },
		"not-after-docker": { level: "warn", title: "the service may start before Docker does" },
		"not-in-docker-group": { level: "fail", title: "the service's user may not use the Docker socket" },
		"toolchain-off-path": { level: "fail", title: "the tools of the machine are not on the service's PATH" },
	},
	fine: "the service is set up right",
	find(setup) {
		// What stands after a line that cannot be read is not known.
		if (setup.units.some((file) => file.problem)) return [];
		const starts = unitSettings(setup, "Service", "ExecStart");
		const start = starts[starts.length - 1];
		const unit = setup.units.find((file) => !file.dropIn);
		if (start && !isRunner(start.value)) return [];
		return [
			...(start ? noConfig(start) : []),
			...(unit ? noRestart(setup, unit) : []),
			...(unit ? notAfterDocker(setup, unit) : []),
			...(unit ? notInDockerGroup(setup, unit) : []),
			...toolchainOffPath(setup),
		];
	},
});

type Placed = UnitSetting & { readonly file: string };

/** The daemon itself; a container or a script around it has a configuration of its own. */
function isRunner(command: string): boolean {
	return (
		/(?:gitea|act|forgejo)[-_]runner(?:\s|$|"|')/.test(command.replace(/\S*\/(?=[^/\s]*runner)/, "")) &&
		!/\b(?:docker|podman)\s+(?:run|compose|start)\b/.test(command)
	);
}

function noConfig(start: Placed): readonly Found<R>[] {
	if (/(?:^|\s)(?:--config|-c)(?:[\s=]|$)/.test(start.value) || !/\bdaemon\b/.test(start.value)) return [];
	const command = start.value.replace(/\bdaemon\b/, `daemon --config ${configFor(start.value)}`);
	return [
		{
			reason: "no-config",
			file: start.file,
			line: start.line,
			column: start.column,
			message: "the service starts the runner without `--config`, so it reads no `config.yaml`",
			why: "The runner looks for no configuration by itself. Labels, options and everything else in the file have no effect; defaults hold, and nothing says so.",
			expected: "`--config` with the path of the configuration",
			found: `\`${start.value.slice(0, 200)}\``,
			remedy: {
				text: "Name the file in the command, then load the unit again.",
				kind: "host",
				config: { file: start.file, language: "ini", text: `[Service]\nExecStart=${command}` },
				commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${unitName(start.file)}`],
			},
		},
	];
}

function configFor(command: string): string {
	if (/forgejo/.test(command)) return "/etc/forgejo-runner/config.yaml";
	return /act_runner/.test(command) ? "/etc/act_runner/config.yaml" : "/etc/gitea-runner/config.yaml";
}

function unitName(file: string): string {
	const match = /([^/]+)\.service(?:\.d\/[^/]+)?$/.exec(file);
	return match?.[1] && /^[\w@.-]+$/.test(match[1]) ? match[1] : "gitea-runner";
}

function noRestart(setup: Setup, unit: UnitFile): readonly Found<R>[] {
	const settings = unitSettings(setup, "Service", "Restart");
	const last = settings[settings.length - 1];
	if (last && last.value !== "no") return [];
	const place = last ?? sectionOf(unit, "Service");
	return [
		{
			reason: "no-restart",
			file: last?.file ?? unit.path,
			line: place.line,
			column: place.column,
			message: "the service is not started again when the runner ends",
			why: "A forge that is away for a minute, a daemon that starts late or a crash ends the runner for good, and its jobs wait until somebody notices.",
			expected: "`Restart=always` or `Restart=on-failure`",
			found: last ? "`Restart=no`" : "no `Restart`",
			remedy: {
				text: "Let systemd start it again.",
				kind: "host",
				config: { file: unit.path, language: "ini", text: "[Service]\nRestart=always\nRestartSec=5s" },
				commands: ["sudo systemctl daemon-reload"],
			},
		},
	];
}

function notAfterDocker(setup: Setup, unit: UnitFile): readonly Found<R>[] {
	// A user's own manager does not know the units of the system; a runner that waits by itself needs no order.
	if (unit.ofUser || usesDocker(setup) === "no") return [];
	if (numberAt(setup.config?.root, "container", "docker_timeout") !== undefined) return [];
	const timeout = textAt(setup.config?.root, "container", "docker_timeout");
	if (timeout !== "" && !/^-|^0+[a-zµ]*$/.test(timeout)) return [];
	if (/^(?:tcp|ssh|https?):/.test(textAt(setup.config?.root, "container", "docker_host"))) return [];
	const after = unitSettings(setup, "Unit", "After");
	if (after.some(({ value }) => /\b(?:docker|podman|containerd)[\w.-]*\.(?:service|socket)\b/.test(value))) return [];
	const [first] = after;
	const place = first ?? sectionOf(unit, "Unit");
	return [
		{
			reason: "not-after-docker",
			file: first?.file ?? unit.path,
			line: place.line,
			column: place.column,
			message: "the service does not wait for Docker",
			why: "After a reboot the runner may start first and end with `cannot ping the docker daemon, is it running?`.",
			expected: "`After=docker.service`",
			found: first ? `\`After=${first.value.slice(0, 100)}\`` : "no `After`",
			remedy: {
				text: "Order it after Docker; or let the runner itself wait (`container.docker_timeout`, from 0.2.13 on).",
				kind: "host",
				config: {
					file: unit.path,
					language: "ini",
					text: "[Unit]\nAfter=docker.service network-online.target\nWants=docker.service network-online.target",
				},
				commands: ["sudo systemctl daemon-reload"],
			},
		},
	];
}

function notInDockerGroup(setup: Setup, unit: UnitFile): readonly Found<R>[] {
	if (unit.ofUser || usesDocker(setup) === "no") return [];
	if (/^(?:tcp|ssh|https?):|\/run\/user\//.test(textAt(setup.config?.root, "container", "docker_host"))) return [];
	if (/^(?:tcp|ssh|https?):|\/run\/user\//.test(unitEnvironment(setup, "DOCKER_HOST") ?? "")) return [];
	const users = unitSettings(setup, "Service", "User");
	const user = users[users.length - 1];
	if (!user || user.value === "root" || user.value === "0") return [];
	const groups = [...unitSettings(setup, "Service", "Group"), ...unitSettings(setup, "Service", "SupplementaryGroups")];
	if (groups.some(({ value }) => value.split(/\s+/).includes("docker"))) return [];
	const machine = setup.units.find((file) => file.path === user.file)?.machine;
	if (machine?.inDockerGroup === true) return [];
	const isKnown = machine?.inDockerGroup === false;
	const name = /^[\w.-]+$/.test(user.value) ? user.value : "gitea-runner";
	return [
		{
			reason: "not-in-docker-group",
			file: user.file,
			line: user.line,
			column: user.column,
			message: isKnown
				? `the user \`${name}\` is not in the group \`docker\`, and the unit does not put it there`
				: `nothing in the unit puts the user \`${name}\` into the group \`docker\`; whether it is in it cannot be seen from here`,
			why: "The runner ends at its start with `permission denied while trying to connect to the Docker daemon socket`.",
			expected: "`SupplementaryGroups=docker`, or the user in the group",
			found:
				groups.length > 0
					? groups.map(({ name: key, value }) => `\`${key}=${value}\``).join(", ")
					: "no group but the user's own",
			remedy: {
				text: "Give the service the group.",
				kind: "host",
				config: { file: unit.path, language: "ini", text: "[Service]\nSupplementaryGroups=docker" },
				commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${unitName(unit.path)}`],
				otherwise: {
					text: "Or put the user into the group for everything it does.",
					kind: "host",
					commands: [`sudo usermod -aG docker ${name}`],
				},
			},
			...(!isKnown && { level: "warn" as const }),
		},
	];
}

/** The PATH of a service that sets none. */
const systemdPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function toolchainOffPath(setup: Setup): readonly Found<R>[] {
	const unit = setup.units.find((file) => !file.dropIn);
	// Only jobs of the host see this PATH; where a file of variables may set it, nobody knows from here.
	if (!unit || !runsOnHost(setup)) return [];
	if (hasEnv(setup, "PATH") || textAt(setup.config?.root, "runner", "env_file") !== "") return [];
	if (unitSettings(setup, "Service", "EnvironmentFile").length > 0) return [];
	const path = unitEnvironment(setup, "PATH");
	const folders = (path ?? systemdPath).split(":");
	const users = unitSettings(setup, "Service", "User");
	const user = users[users.length - 1];
	const machine = setup.units.find((file) => file.path === (user?.file ?? unit.path))?.machine;
	const isKnown = machine?.userKnown === true;
	const missing = (machine?.toolchains ?? []).filter(
		(folder) => !folders.some((other) => other === folder || other.startsWith(`${folder}/`)),
	);
	if (isKnown ? missing.length === 0 : path !== undefined) return [];
	const settings = unitSettings(setup, "Service", "Environment").filter(({ value }) => /\bPATH=/.test(value));
	const place = settings[settings.length - 1] ?? { ...sectionOf(unit, "Service"), file: unit.path };
	const home =
		user && user.value !== "root" ? `/home/${/^[\w.-]+$/.test(user.value) ? user.value : "runner"}` : "/root";
	const wanted = missing.length > 0 ? missing : [`${home}/.cargo/bin`];
	return [
		{
			reason: "toolchain-off-path",
			file: place.file,
			line: place.line,
			column: place.column,
			message: isKnown
				? `${missing.map((folder) => `\`${folder}\``).join(", ")} ${missing.length === 1 ? "is" : "are"} not on the service's PATH, which jobs of host labels inherit`
				: "the service sets no PATH, so jobs of host labels find only what the system itself installed",
			why: "A service reads no profile and no `~/.cargo/env`: jobs fail with `cargo: command not found`, or with `Cannot find: node in PATH` before their first step, although a login shell finds both.",
			expected: "a PATH with the folders of the tools",
			found: path === undefined ? "systemd's own PATH" : `\`PATH=${path.slice(0, 300)}\``,
			remedy: {
				text: "Set the PATH in the unit, or install the tools for all users (`/usr/local/bin`).",
				kind: "host",
				config: {
					file: unit.path,
					language: "ini",
					text: `[Service]\nEnvironment=PATH=${[...wanted, path ?? systemdPath].join(":")}`,
				},
				commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${unitName(unit.path)}`],
			},
			...(!isKnown && { level: "warn" as const }),
		},
	];
}

function sectionOf(unit: UnitFile, section: string): { line: number; column: number } {
	const first = unit.settings.find((setting) => setting.section === section) ?? unit.settings[0];
	return { line: first?.line ?? 1, column: first?.column ?? 1 };
}
