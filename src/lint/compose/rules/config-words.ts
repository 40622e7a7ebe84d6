import { code, listed, titleWith } from "../../../checks/text.ts";
import { reason } from "../../../checks/words.ts";
import type { RunnerSystem } from "../../../knowledge/config-keys.ts";
import { composeText, environmentLines, serviceLines } from "../lines.ts";
import type { Service } from "../model.ts";

interface NotUsed {
	readonly service: Service;
	readonly system: RunnerSystem;
	/** Where a configuration is mounted; `undefined`: nowhere. */
	readonly path: string | undefined;
	/** The path that the runner is told, if there is one. */
	readonly named?: string;
	/** What the image reads its path from: a variable or a flag. */
	readonly variable: string | undefined;
	readonly flag: string | undefined;
	readonly command: readonly string[];
}

interface IgnoredCommand {
	readonly service: Service;
	readonly command: string;
	/** The configuration that the command names, and nothing else does. */
	readonly config: string | undefined;
	/** The variable that has it. */
	readonly variable: string;
}

interface NoCommand {
	readonly service: Service;
	/** A configuration that is mounted. */
	readonly config: string | undefined;
}

export interface UnreadVariable {
	readonly service: Service;
	/** One, or all that an image without variables is given. */
	readonly names: readonly string[];
	/** The variable that was probably meant. */
	readonly meant: string | undefined;
	/** The key of the configuration that replaced it. */
	readonly instead: string | undefined;
	/** The first release that no longer reads it. */
	readonly since: string | undefined;
	/** Its value, if it may be shown. */
	readonly value: string | undefined;
}

export const intro =
	"Looks at what the service hands to the runner, and whether the image reads that. Gitea's image reads a fixed set of variables and drops a command; Forgejo's image needs a command and reads no variables of its own.";

const again = "Start the service again while no job runs.";

export const words = {
	"not-used": reason<NotUsed>({
		level: "fail",
		title: "The runner does not read its configuration",
		headline: ({ path, named, service }) =>
			named === undefined
				? titleWith("The runner does not read ", path ?? "")
				: titleWith("The configuration of ", service.name, " is not mounted"),
		why: ({ named }) =>
			named === undefined
				? "Every setting of the file is ignored: labels, capacity, the cache, the network. The runner reports nothing."
				: "The runner exits at startup with `open config file: no such file or directory`.",
		expected: ({ variable, flag }) =>
			variable === undefined
				? `\`${flag}\` with the path in the container`
				: `\`${variable}\` with the path in the container`,
		tell: ({ service, path, named, variable, flag, command }) => ({
			what:
				named === undefined
					? `${code(service.name)} mounts a configuration at ${code(path ?? "")}, and nothing tells the runner: ${variable === undefined ? `its command has no \`${flag}\`` : `\`${variable}\` is not set`}.`
					: `${code(service.name)} names the configuration ${code(named)}, and nothing is mounted there${path === undefined ? "" : `; one is at ${code(path)}`}.`,
			fix:
				path === undefined
					? {
							text: `Mount the configuration at that path. ${again}`,
							config: serviceLines(service, ["volumes:", `  - ${composeText(`./config.yaml:${named ?? ""}:ro`)}`]),
							kind: "runner",
						}
					: {
							text: `Name the path that the file has in the container. ${again}`,
							config:
								variable === undefined
									? serviceLines(service, [`command: ${withConfig(command, path)}`])
									: serviceLines(service, environmentLines({ [variable]: path })),
							kind: "runner",
						},
		}),
	}),

	"ignored-command": reason<IgnoredCommand>({
		level: "warn",
		title: "The image ignores the command of the service",
		headline: ({ service }) => titleWith("The image ignores the command of ", service.name),
		why: "The entrypoint of Gitea's image registers the runner and starts the daemon by itself. It passes no arguments on.",
		expected: "no `command`; variables such as `CONFIG_FILE`",
		tell: ({ service, command, config, variable }) => ({
			what: `${code(service.name)} has the command ${code(command.slice(0, 200))}, which the image drops.`,
			fix:
				config === undefined
					? { text: "Remove `command` from the service.", kind: "runner" }
					: {
							text: `Remove \`command\` from the service, and name the configuration by the variable. ${again}`,
							config: serviceLines(service, environmentLines({ [variable]: config })),
							kind: "runner",
						},
		}),
	}),

	"unread-variable": reason<UnreadVariable>({
		level: "warn",
		title: "The image reads no such variable",
		headline: ({ names }) => titleWith("The image does not read ", names.join(", ")),
		why: ({ since }) =>
			since === undefined
				? "The value has no effect, and the runner reports nothing."
				: `Releases from ${since} on ignore it, so the runner falls back to its default.`,
		expected: "variables that the entrypoint of the image reads",
		tell: ({ service, names, meant, instead, since, value }) => ({
			what: `${code(service.name)} sets ${listed(names.map(code))}, which ${since === undefined ? "the image does not know" : `the runner read before ${since} only`}.`,
			fix:
				meant !== undefined
					? {
							text: `Rename it to ${code(meant)}. ${again}`,
							...(value !== undefined && { config: serviceLines(service, environmentLines({ [meant]: value })) }),
							kind: "runner",
						}
					: instead !== undefined
						? { text: `Remove it, and set ${code(instead)} in the runner's configuration.`, kind: "runner" }
						: {
								text: `Remove ${names.length === 1 ? "it" : "them"}. Such settings belong in the runner's configuration.`,
								kind: "runner",
							},
		}),
	}),

	"no-command": reason<NoCommand>({
		level: "fail",
		title: "Forgejo's image starts no runner without a command",
		headline: ({ service }) => titleWith("The command of ", service.name, " starts no runner"),
		why: ({ service }) =>
			service.command && !service.command.empty && !/forgejo-runner$/.test(service.command.words[0] ?? "")
				? "The image has no entrypoint, so the first word has to be a program: `exec: executable file not found in $PATH`."
				: "Without a command the image prints the runner's help and exits; with a restart policy it does so forever.",
		expected: "`command: forgejo-runner daemon`, with `--config` if there is a configuration",
		tell: ({ service, config }) => ({
			what: `${code(service.name)} has the image of Forgejo's runner and ${service.command ? `the command ${code(service.command.words.join(" "))}` : "no command"}.`,
			fix: {
				text: "Start the daemon.",
				config: serviceLines(service, [
					`command: ${config === undefined ? "forgejo-runner daemon" : withConfig(["forgejo-runner", "daemon"], config)}`,
				]),
				kind: "runner",
			},
		}),
	}),
};

/** The command with `--config`; as a list, which Compose splits no further. */
function withConfig(command: readonly string[], path: string): string {
	const at = command.findIndex((word) => word === "daemon" || word === "one-job");
	const quoted = (word: string): string => JSON.stringify(word.split("$").join("$$"));
	if (at < 0) return `[${["forgejo-runner", "daemon", "--config", path].map(quoted).join(", ")}]`;
	return `[${[...command.slice(0, at + 1), "--config", path, ...command.slice(at + 1)].map(quoted).join(", ")}]`;
}
