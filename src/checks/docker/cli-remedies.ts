import type { Remedy } from "../check.ts";

/**
 * How to get a current Docker CLI, with plugins, into the job's image or onto the host.
 * @param release The oldest release that will do: `25.0`.
 */
export function installCli(
	{ inContainer, os }: { readonly inContainer: boolean; readonly os: string },
	packages: readonly ("docker-ce-cli" | "docker-buildx-plugin" | "docker-compose-plugin")[],
	release?: string,
): Remedy {
	const what = release === undefined ? "a current Docker CLI" : `a Docker CLI of ${release} or newer`;
	const kind = inContainer ? "image" : "host";
	const sudo = inContainer ? "" : "sudo ";
	const remedy: Remedy = /alpine/i.test(os)
		? {
				text: `Install ${what}; a package that is too old comes with an old release of Alpine.`,
				commands: [`${sudo}apk add ${packages.map((name) => alpineNames[name]).join(" ")}`],
				kind,
			}
		: {
				text: `Install ${what} from Docker's own packages instead of the distribution's \`docker.io\`, which lags years behind. Their repository has to be set up once: https://docs.docker.com/engine/install/`,
				commands: [`${sudo}apt-get update && ${sudo}apt-get install -y ${packages.join(" ")}`],
				kind,
			};
	if (!inContainer) return remedy;
	return {
		...remedy,
		otherwise: {
			text: "Without any repository, copy the CLI and its plugins from Docker's own image.",
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: [
					"COPY --from=docker:29-cli /usr/local/bin/docker /usr/local/bin/",
					"COPY --from=docker:29-cli /usr/local/libexec/docker/cli-plugins /usr/local/libexec/docker/cli-plugins",
				].join("\n"),
			},
			kind: "image",
		},
	};
}

const alpineNames = {
	"docker-ce-cli": "docker-cli",
	"docker-buildx-plugin": "docker-cli-buildx",
	"docker-compose-plugin": "docker-cli-compose",
} as const;
