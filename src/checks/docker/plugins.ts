import { containerProbe } from "../../probes/container.ts";
import { type CliPlugin, dockerCliProbe } from "../../probes/docker-cli.ts";
import { osProbe } from "../../probes/os.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { code, listed, shellQuote } from "../text.ts";
import { installCli } from "./install-cli.ts";
import { wantsDocker } from "./situation.ts";

type Reason = "buildx-missing" | "compose-missing";

/** What is lost without it, and the package that brings it. */
const known = {
	buildx: {
		reason: "buildx-missing",
		why: "`docker buildx` fails with `unknown command`, `docker build` falls back to the legacy builder or fails, and `docker/build-push-action` does not work.",
		package: "docker-buildx-plugin",
	},
	compose: {
		reason: "compose-missing",
		why: "`docker compose` fails with `unknown command: docker compose` (before Docker 28: `'compose' is not a docker command`).",
		package: "docker-compose-plugin",
	},
} as const;

/** In the order of the reasons. */
const names = ["buildx", "compose"] as const;

export const dockerPlugins = defineCheck({
	id: "docker/plugins",
	title: "The Docker CLI has the plugins that the profile asks for",
	reasons: {
		"buildx-missing": { level: "warn", title: "`docker buildx` is missing" },
		"compose-missing": { level: "warn", title: "`docker compose` is missing" },
	},
	needs: { cli: dockerCliProbe, container: containerProbe, os: osProbe },
	after: ["docker/cli"],
	applies: (policy) => wantsDocker(policy) && policy.docker.plugins.length > 0,
	judge({ cli, container, os }, policy): Verdict<Reason> {
		if (cli.product === "none")
			return { kind: "skip", reason: "absent", message: "There is no Docker CLI to plug into." };
		if (cli.product !== "docker") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "This `docker` is no Docker CLI, and takes no plugins.",
			};
		}
		const usable = cli.plugins.filter(({ state }) => state === "executable").map(({ name }) => name);
		const wanted = names.filter((name) => policy.docker.plugins.includes(name));
		const missing = wanted.filter((name) => !usable.includes(name));
		const [first] = missing;
		if (first === undefined) {
			return { kind: "pass", message: listed(wanted), evidence: evidenceOf(cli.plugins) };
		}
		const there = cli.plugins.filter(({ name }) => name === first);
		const state = there.length === 0 ? "is not installed" : `cannot be used: ${there.map(describe).join(", ")}`;
		const also = missing.length > 1 ? ` Also missing: ${listed(missing.slice(1).map(code))}.` : "";
		const place = { inContainer: container.mode === "container", os: os.name };
		return {
			kind: "finding",
			reason: known[first].reason,
			message: `The plugin ${code(first)} of the Docker CLI ${state}.${also}`,
			why: known[first].why,
			expected: listed(wanted),
			observed: listed(usable) || "no plugins",
			evidence: evidenceOf(cli.plugins),
			remedy:
				repair(there, place) ??
				installCli(
					place,
					missing.map((name) => known[name].package),
				),
		};
	},
});

/** A file without the right to execute it needs no installation. */
function repair(there: readonly CliPlugin[], place: { readonly inContainer: boolean }): Remedy | undefined {
	const closed = there.find(({ state }) => state === "not-executable");
	if (!closed) return undefined;
	return {
		text: "Let everybody execute the file: the CLI passes over a plugin that it may not start.",
		commands: [`${place.inContainer ? "" : "sudo "}chmod a+rx ${shellQuote(closed.path)}`],
		kind: place.inContainer ? "image" : "host",
	};
}

function describe({ path, state }: CliPlugin): string {
	return `${code(path)} ${state === "dangling-link" ? "is a link that leads nowhere" : "may not be executed by this user"}`;
}

function evidenceOf(plugins: readonly CliPlugin[]): readonly Evidence[] {
	if (plugins.length === 0) return [{ source: "cli-plugins directories", text: "no plugin in any of them" }];
	return plugins.map(({ path, state }) => ({ source: path, text: state }));
}
