import type { RunOutcome } from "../../host/host.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerCliProbe, dockerToolProbe } from "../../probes/docker-cli.ts";
import { osProbe } from "../../probes/os.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import { defineCheck, type Evidence, type Finding, type Remedy, type Verdict } from "../check.ts";
import { code, listed, octal, shellQuote } from "../text.ts";
import { installCli } from "./cli-remedies.ts";
import { wantsDocker } from "./situation.ts";

type Reason = "missing" | "off-path" | "broken" | "podman-shim";

interface Place {
	readonly inContainer: boolean;
	readonly os: string;
}

export const dockerCli = defineCheck({
	id: "docker/cli",
	title: "The Docker CLI is there and starts",
	reasons: {
		missing: { level: "fail", title: "There is no Docker CLI" },
		"off-path": { level: "fail", title: "The Docker CLI is not on the PATH" },
		broken: { level: "fail", title: "The Docker CLI does not start" },
		"podman-shim": { level: "warn", title: "`docker` is Podman in disguise" },
	},
	needs: { tool: dockerToolProbe, cli: dockerCliProbe, container: containerProbe, os: osProbe },
	applies: wantsDocker,
	judge({ tool, cli, container, os }, policy): Verdict<Reason> {
		const place: Place = { inContainer: container.mode === "container", os: os.name };
		const { run } = tool;
		if (run.kind === "search-timed-out") {
			return { kind: "undecided", message: `Could not look for \`docker\`: ${code(run.directory)} does not answer.` };
		}
		if (run.kind !== "ran") {
			if (tool.unusable.length > 0) return unusable(tool, place);
			if (tool.elsewhere.length > 0) return offPath(tool, tool.elsewhere, place);
			if (policy.docker.require === "optional") {
				return { kind: "skip", reason: "absent", message: "There is no `docker` on the PATH." };
			}
			return missing(tool, place);
		}
		const { outcome } = run;
		if (outcome.kind === "timed-out") {
			return { kind: "undecided", message: "`docker --version` gave no answer in time.", evidence: evidenceOf(tool) };
		}
		if (outcome.kind !== "exited" || outcome.code !== 0) return broken(tool, outcome, place);
		if (cli.product === "other" && cli.version === undefined) return stranger(tool, place);
		if (cli.product === "podman") return podmanShim(tool, cli.version, place);
		const said = cli.version ?? "of a version that nobody gave a number";
		return { kind: "pass", message: `docker ${said}`, evidence: evidenceOf(tool) };
	},
});

const everyCommandFails = "Every `docker` command in this job fails.";

function missing(tool: ToolFacts, place: Place): Finding<Reason> {
	return {
		kind: "finding",
		reason: "missing",
		message: `There is no \`docker\` ${place.inContainer ? "in this image" : "on this machine"}.`,
		why: `${everyCommandFails} The socket alone is not enough: the CLI comes with the ${place.inContainer ? "image" : "host"}.`,
		expected: "`docker` on the PATH",
		observed: "not found",
		evidence: evidenceOf(tool),
		remedy: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]),
	};
}

function offPath(tool: ToolFacts, elsewhere: readonly string[], place: Place): Finding<Reason> {
	const found = elsewhere[0] ?? "";
	const directory = found.replace(/\/[^/]*$/, "") || "/";
	const target = ["/usr/local/bin", "/usr/bin", "/bin"].find((usual) => tool.path.includes(usual)) ?? tool.path[0];
	const link = target === undefined ? [] : [`ln -s ${shellQuote(found)} ${shellQuote(`${target}/docker`)}`];
	const remedy: Remedy = place.inContainer
		? {
				text: `Put ${code(directory)} on the image's PATH: with \`ENV PATH=…\` in the Dockerfile, since no job reads a shell's profile. A link into a directory that is on it does as well.`,
				commands: link,
				kind: "image",
			}
		: {
				text: `Put ${code(directory)} on the PATH of the runner's service, which knows nothing of a login shell's profile. A link into a directory that is on it does as well.`,
				commands: link.map((command) => `sudo ${command}`),
				kind: "host",
			};
	return {
		kind: "finding",
		reason: "off-path",
		message: `\`docker\` lies at ${listed(elsewhere.slice(0, 3).map(code))}, where the PATH of this job does not lead.`,
		why: everyCommandFails,
		expected: "`docker` on the PATH",
		observed: found,
		evidence: evidenceOf(tool),
		remedy,
	};
}

function unusable(tool: ToolFacts, place: Place): Finding<Reason> {
	const [first] = tool.unusable;
	const path = first?.path ?? "";
	const states = {
		"not-executable": `may not be executed by this user (mode ${octal(first?.mode ?? 0)}, owner ${first?.uid ?? "?"})`,
		"dangling-link": "is a link that leads nowhere",
		closed: "lies in a directory that is closed to this user",
		unreadable: `cannot be looked at (${first?.code ?? "?"})`,
	};
	const state = states[first?.kind ?? "unreadable"];
	const sudo = place.inContainer ? "" : "sudo ";
	const remedy: Remedy =
		first?.kind === "not-executable"
			? {
					text: "Let everybody execute it: the CLI itself gives no rights.",
					commands: [`ls -l ${shellQuote(path)}`, `${sudo}chmod a+rx ${shellQuote(path)}`],
					kind: place.inContainer ? "image" : "host",
				}
			: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]);
	return {
		kind: "finding",
		reason: "broken",
		message: `${code(path)} ${state}.`,
		why: everyCommandFails,
		expected: "a `docker` that starts",
		observed: first?.kind ?? "",
		evidence: evidenceOf(tool),
		remedy,
	};
}

function broken(tool: ToolFacts, outcome: RunOutcome, place: Place): Finding<Reason> {
	const path = tool.found?.path ?? "docker";
	const podmanGone = /exec: \S*podman: not found/.test(outcome.stderr);
	const message = podmanGone
		? `${code(path)} is the script of the package \`podman-docker\`, and the Podman behind it is gone.`
		: `${code(path)} is there, but \`docker --version\` ${endOf(outcome)}.${fileProblem(tool)}`;
	return {
		kind: "finding",
		reason: "broken",
		message,
		why: everyCommandFails,
		expected: "`docker --version` prints a version",
		observed: endOf(outcome),
		evidence: evidenceOf(tool),
		remedy: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]),
	};
}

/** It runs, but it is nothing that anyone would call Docker. */
function stranger(tool: ToolFacts, place: Place): Finding<Reason> {
	return {
		kind: "finding",
		reason: "broken",
		message: `${code(tool.found?.path ?? "docker")} starts, but what \`docker --version\` prints is no version.`,
		why: `It is a script or another program of that name. ${everyCommandFails}`,
		expected: "`Docker version …`",
		observed: "no version",
		evidence: evidenceOf(tool),
		remedy: installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]),
	};
}

function endOf(outcome: RunOutcome): string {
	switch (outcome.kind) {
		case "exited":
			return `exits with ${outcome.code}`;
		case "signalled":
			return `dies of ${outcome.signal}`;
		case "not-started":
			return `cannot be started (${outcome.code})`;
		case "timed-out":
			return "gives no answer";
	}
}

/** What the file's head says of why it does not start. */
function fileProblem({ file, arch }: ToolFacts): string {
	if (!file) return "";
	if (file.machine !== undefined && file.machine !== arch) {
		return ` It is made for ${file.machine}, and this machine is ${arch}.`;
	}
	if (file.interpreterFound === false && file.interpreter !== undefined) {
		return ` It needs ${code(file.interpreter)}, which is not there: a program for glibc does not start on musl, nor the other way round.`;
	}
	return file.format === "empty" ? " The file is empty." : "";
}

function podmanShim(tool: ToolFacts, version: string | undefined, place: Place): Finding<Reason> {
	const podman = version === undefined ? "Podman" : `Podman ${version}`;
	return {
		kind: "finding",
		reason: "podman-shim",
		message: `${code(tool.found?.path ?? "docker")} is no Docker CLI, but a script that starts ${podman}.`,
		why: "It ignores `DOCKER_HOST` and the Docker socket, keeps images and containers of its own, and knows neither `buildx` nor `compose` as Docker does: what a job builds with it, the daemon behind the socket never sees.",
		expected: "Docker's own CLI",
		observed: podman,
		evidence: evidenceOf(tool),
		remedy: {
			...installCli(place, ["docker-ce-cli", "docker-buildx-plugin"]),
			text: `Remove the package \`podman-docker\` and install a Docker CLI from Docker's own packages (https://docs.docker.com/engine/install/). If Podman is what you want, say so in the policy: \`severity: { "docker/cli:podman-shim": off }\`.`,
		},
	};
}

function evidenceOf({ path, found, unusable: failed, elsewhere, run }: ToolFacts): readonly Evidence[] {
	const evidence: Evidence[] = [];
	if (run.kind === "ran") {
		const { stdout, stderr } = run.outcome;
		const text = [stdout.trim(), stderr.trim()].filter((part) => part !== "").join("\n");
		evidence.push({
			source: `${found?.path ?? "docker"} --version`,
			text: `${endOf(run.outcome)}: ${text.slice(0, 1000)}`,
		});
	} else evidence.push({ source: "PATH", text: path.join(":").slice(0, 1000) });
	for (const { path: where, kind } of failed) evidence.push({ source: where, text: kind });
	for (const where of elsewhere) evidence.push({ source: where, text: "an executable, not on the PATH" });
	return evidence;
}
