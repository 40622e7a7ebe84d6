import type { ToolFacts } from "../../probes/tools.ts";
import { anyVersion } from "../../versions.ts";
import { startTrouble } from "../docker/container-start.ts";
import { code, cut, operand } from "../text.ts";
import { installRemedy } from "../toolchain/install.ts";
import { reason, skipReason, unknown } from "../words.ts";
import { hungFix, tryByHand } from "./part.ts";

export const intro = [
	"Starts a container as a job does: `docker run --rm` with the CLI, the daemon and the network of the job, from the job's own image or the smallest local one. It runs `true` and is removed. Nothing is pulled.",
	"The daemon's message decides what is said. All of them begin with `OCI runtime create failed`, so that alone names no cause, and a message that nobody knows is shown as it is.",
].join("\n\n");

interface Failed {
	readonly image: string;
	readonly error: string;
}

const needed =
	"The daemon answers and looks healthy, but every `docker run` and every build step fails, and the runner cannot start jobs.";
const expected = "a container that starts";

export const words = {
	"cannot-start": reason<Failed>({
		level: "fail",
		title: "Docker cannot start a container",
		headline: ({ image, error }) => startTrouble(error, image).headline,
		why: needed,
		expected,
		tell: ({ image, error }) => {
			const { cause, fix } = startTrouble(error, image);
			return { what: `${cause} \`docker run\` failed: ${code(cut(error, 600))}.`, fix };
		},
	}),
	forbidden: reason<{ readonly answer: string }>({
		level: "fail",
		title: "Jobs may not start containers",
		why: "Every `docker run` and every build step of a job is denied in the same way.",
		expected,
		tell: ({ answer }) => ({
			what: `The daemon, or a proxy in front of it, denies it: ${code(cut(answer, 600))}.`,
			fix: {
				text: "Allow `POST /containers/create` and `POST /containers/{id}/start` for jobs in the proxy or the daemon's authorization plugin. If jobs must not start containers, take `docker` out of `smoke`.",
				commands: ["docker info --format '{{.Plugins.Authorization}}'", 'echo "${DOCKER_HOST:-the default socket}"'],
				kind: "host",
			},
		}),
	}),
	"no-image": skipReason({
		level: "skip",
		title: "No local image to start a container from",
		message:
			"No container was started: no image exists locally, and `smoke` does not pull one. `docker pull busybox` on the runner's host provides one.",
	}),
	timeout: reason<{ readonly image: string }>({
		level: "fail",
		title: "A container does not start in time",
		why: "Each container that a job starts hangs in the same way, until the job's own timeout.",
		expected,
		tell: ({ image }) => ({
			what: `\`docker run\` of ${code(cut(image))} did not end before the deadline. It was killed, and its container removed.`,
			fix: hungFix([
				`time docker run --rm --entrypoint true ${operand(image)}`,
				"docker ps --all --last 3",
				"sudo journalctl --unit docker --since -10min | tail -n 50",
			]),
		}),
	}),
};

export const unknowns = {
	"no-cli": unknown<{ readonly mode: ToolFacts["mode"] }>({
		title: "`smoke` has no Docker CLI to start a container with",
		why: needed,
		expected,
		tell: ({ mode }) => ({
			what: "`smoke` asks for a container, but `docker` is not on the PATH.",
			fix: installRemedy("docker", mode, anyVersion),
		}),
	}),
	"not-run": unknown<{ readonly error: string }>({
		title: "`docker run` could not be started",
		why: needed,
		expected,
		tell: ({ error }) => ({
			what: `\`docker run\` did not run to its end: ${code(cut(error, 600))}.`,
			fix: tryByHand("docker run --rm busybox true"),
		}),
	}),
};
