import type { Remedy } from "../check.ts";

export type CliPackage = "docker-ce-cli" | "docker-buildx-plugin" | "docker-compose-plugin";

/** The system that lacks the CLI. */
export interface CliPlace {
	readonly inContainer: boolean;
	/** `Debian GNU/Linux 12 (bookworm)` */
	readonly os: string;
}

/** The Docker CLI with the plugin that jobs use most. */
export const cliWithBuildx: readonly CliPackage[] = ["docker-ce-cli", "docker-buildx-plugin"];

/**
 * Installs a current Docker CLI, or plugins for it, in the job's image or on the host.
 * @param release The oldest release of the CLI that works: `25.0`.
 */
export function installCli({ inContainer, os }: CliPlace, packages: readonly CliPackage[], release?: string): Remedy {
	const withCli = packages.includes("docker-ce-cli");
	const cli = release === undefined ? "a current Docker CLI" : `Docker CLI ${release} or newer`;
	const what = withCli ? cli : packages.length === 1 ? "the plugin" : "the plugins";
	const { text, command } = packagesFor(os, packages, withCli);
	const remedy: Remedy = {
		text: `Install ${what} ${text}`,
		commands: [command.split("SUDO ").join(inContainer ? "" : "sudo ")],
		kind: inContainer ? "image" : "host",
	};
	if (!inContainer) return remedy;
	const copy = (path: string, to: string): string => `COPY --from=docker:29-cli ${path} ${to}`;
	const lines = [...(withCli ? [copy("/usr/local/bin/docker", "/usr/local/bin/")] : []), copy(plugins, plugins)];
	return {
		...remedy,
		otherwise: {
			text: `Copy ${withCli ? "the CLI and its plugins" : "the plugins"} from Docker's own image, without any repository.`,
			config: { file: "Dockerfile", language: "dockerfile", text: lines.join("\n") },
			kind: "image",
		},
	};
}

const plugins = "/usr/local/libexec/docker/cli-plugins";

/** Text and command for the system's package manager. */
function packagesFor(
	os: string,
	packages: readonly CliPackage[],
	withCli: boolean,
): { readonly text: string; readonly command: string } {
	if (/alpine/i.test(os)) {
		return {
			text: "from Alpine's packages. An old release of Alpine has old packages.",
			command: `SUDO apk add ${packages.map((name) => alpineNames[name]).join(" ")}`,
		};
	}
	const setUp = "Set up their repository first: https://docs.docker.com/engine/install/.";
	if (/fedora|red hat|centos|rocky|alma/i.test(os)) {
		return { text: `from Docker's own packages. ${setUp}`, command: `SUDO dnf install -y ${packages.join(" ")}` };
	}
	const instead = withCli ? " instead of the distribution's `docker.io`, which is years behind" : "";
	return {
		text: `from Docker's own packages${instead}. ${setUp}`,
		command: `SUDO apt-get update && SUDO apt-get install -y ${packages.join(" ")}`,
	};
}

const alpineNames: Readonly<Record<CliPackage, string>> = {
	"docker-ce-cli": "docker-cli",
	"docker-buildx-plugin": "docker-cli-buildx",
	"docker-compose-plugin": "docker-cli-compose",
};
