import { shellQuote } from "../checks/text.ts";
import { now } from "../clock.ts";
import { dockerToolProbe } from "./docker-cli.ts";
import { dockerEndpointProbe } from "./docker-endpoint.ts";
import { Engine, removeContainer } from "./smoke-engine.ts";
import { smokeImageProbe } from "./smoke-image.ts";
import { type Prepared, type Preparing, programFor } from "./smoke-part.ts";

/** Variables by which the CLI finds its daemon. A shell that removes the container gets no others. */
const ofDocker = [
	"PATH",
	"HOME",
	"DOCKER_HOST",
	"DOCKER_CONTEXT",
	"DOCKER_CONFIG",
	"DOCKER_CERT_PATH",
	"DOCKER_TLS_VERIFY",
];
/** How long removing may take. */
const removeMs = 2000;

/**
 * `docker run` of a local image, with the CLI, the daemon and the network that jobs get. It runs `true`, whatever the image is
 * for. `--rm` has the daemon remove it, and what was only created is removed if the CLI is killed.
 */
export async function dockerPart(preparing: Preparing): Promise<Prepared> {
	const { host, ask, id } = preparing;
	const docker = await programFor(preparing, "docker", dockerToolProbe);
	if (typeof docker !== "string") return docker;
	const image = await ask(smokeImageProbe);
	if (image.kind === "no-image") return { kind: "absent", what: "image" };
	if (image.kind !== "found")
		return { kind: image.kind === "forbidden" ? "forbidden" : "not-done", message: image.message };
	const { endpoint } = await ask(dockerEndpointProbe);
	const name = `runner-check-run-${id}`;
	const command = [
		docker,
		"run",
		"--rm",
		"--name",
		name,
		"--label",
		"runner-check=smoke",
		"--entrypoint",
		"true",
		image.name,
	];
	const variables = ofDocker.flatMap((key) => (host.env[key] ? [shellQuote(`${key}=${host.env[key]}`)] : []));
	const remove = `timeout 20 env -i ${variables.join(" ")} ${shellQuote(docker)} rm --force ${name}`;
	// An engine carries out what it was asked for, even if nobody waits for it any more.
	const keep = host.ifKilled(`${remove}; sleep 1; ${remove}`);
	return {
		kind: "ready",
		subject: image.name,
		sequences: [{ name: "docker", steps: [{ command, cwd: "/", env: { LC_ALL: "C" } }] }],
		async remove(became) {
			const run = became?.kind === "done" ? became.steps[0] : undefined;
			// The CLI waits until it is removed.
			const isGone = run?.code === 0;
			const engine = new Engine(host, endpoint, now() + removeMs);
			const isRemoved = isGone || (await removeContainer(engine, name, run?.end === "exited"));
			keep();
			return isRemoved ? undefined : name;
		},
	};
}
