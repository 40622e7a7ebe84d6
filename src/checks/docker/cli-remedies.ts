import type { Remedy } from "../check.ts";

type Package = "docker-ce-cli" | "docker-buildx-plugin" | "docker-compose-plugin";

/**
 * How to get a current Docker CLI, or plugins for it, into the job's image or onto the host.
 * @param release The oldest release of the CLI that will do: `25.0`.
 */
export function installCli(
	{ inContainer, os }: { readonly inContainer: boolean; readonly os: string },
	packages: readonly Package[],
	release?: string,
): Remedy {
	const withCli = packages.includes("docker-ce-cli");
	const cli = release === undefined ? "a current Docker CLI" : `a Docker CLI of ${release} or newer`;
	const what = withCli ? cli : packages.length === 1 ? "the plugin" : "the plugins";
	const kind = inContainer ? "image" : "host";
	const { text, command } = packagesFor(os, packages, withCli);
	const remedy: Remedy = {
		text: `Install ${what} ${text}`,
		commands: [command.split("SUDO ").join(inContainer ? "" : "sudo ")],
		kind,
	};
	if (!inContainer) return remedy;
	const copy = (path: string, to: string) => `COPY --from=docker:29-cli ${path} ${to}`;
	return {
		...remedy,
		otherwise: {
			text: `Without any repository, copy ${withCli ? "the CLI and its plugins" : "the plugins"} from Docker's own image.`,
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: [...(withCli ? [copy("/usr/local/bin/docker", "/usr/local/bin/")] : []), copy(plugins, plugins)].join(
					"\n",
				),
			},
			kind: "image",
		},
	};
}

const plugins = "/usr/local/libexec/docker/cli-plugins";

/** Words and command for the system's own way of installing. */
function packagesFor(
	os: string,
	packages: readonly Package[],
	withCli: boolean,
): { readonly text: string; readonly command: string } {
	if (/alpine/i.test(os)) {
		return {
			text: "from Alpine's packages. An old release of Alpine has old ones.",
			command: `SUDO apk add ${packages.map((name) => alpineNames[name]).join(" ")}`,
		};
	}
	const instead = withCli ? " instead of the distribution's `docker.io`, which lags years behind" : "";
	const install = /fedora|red hat|centos|rocky|alma/i.test(os)
		? `SUDO dnf install -y ${packages.join(" ")}`
		: `SUDO apt-get update && SUDO apt-get install -y ${packages.join(" ")}`;
	return {
		text: `from Docker's own packages${instead}. Their repository has to be set up once: https://docs.docker.com/engine/install/`,
		command: install,
	};
}

const alpineNames = {
	"docker-ce-cli": "docker-cli",
	"docker-buildx-plugin": "docker-cli-buildx",
	"docker-compose-plugin": "docker-cli-compose",
} as const;
