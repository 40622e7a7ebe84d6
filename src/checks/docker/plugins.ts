import { containerProbe } from "../../probes/container.ts";
import { type DockerCliFacts, dockerCliProbe } from "../../probes/docker-cli.ts";
import { osProbe } from "../../probes/os.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { listed } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { intro, type PluginName, unknowns, words } from "./plugins-words.ts";
import { wantsDocker } from "./situation.ts";

/** In the order of the reasons. */
const names: readonly PluginName[] = ["buildx", "compose"];

export const dockerPlugins = defineCheck({
	id: "docker/plugins",
	title: "The Docker CLI has the plugins that the profile asks for",
	intro,
	reasons: words,
	needs: { cli: dockerCliProbe, container: containerProbe, os: osProbe },
	after: ["docker/cli"],
	applies: (policy) => wantsDocker(policy) && policy.docker.plugins.length > 0,
	judge({ cli, container, os }, policy): Verdict<keyof typeof words> {
		if (cli.product === "none") {
			return { kind: "skip", reason: "absent", message: "No Docker CLI that could have plugins." };
		}
		if (cli.product === "untrusted") {
			return { kind: "skip", reason: "untrusted", message: "This `docker` is the workspace's, and was not run." };
		}
		if (cli.product !== "docker") {
			const message = "This `docker` is not a Docker CLI and has no plugins.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		if (cli.pluginsOnDeadMount) {
			const message = "A directory that may hold plugins is on a mount that does not answer.";
			return { kind: "waits-for-mount", message };
		}
		const usable = cli.plugins.filter(({ state }) => state === "executable").map(({ name }) => name);
		const wanted = names.filter((name) => policy.docker.plugins.includes(name));
		const missing = wanted.filter((name) => !usable.includes(name));
		const evidence = evidenceOf(cli);
		const [first] = missing;
		if (first === undefined) return { kind: "pass", message: listed(wanted), evidence };
		const { unread } = cli;
		if (unread) {
			const seen = { missing, path: unread.path, errno: unread.code };
			return undecided(unknowns, "unread", seen, { observed: unread.code, evidence });
		}
		const broken = missing.flatMap((name) => cli.plugins.filter((one) => one.name === name && one.state === "broken"));
		const place = { inContainer: container.mode === "container", os: os.name };
		if (broken[0] && missing.every((name) => broken.some((one) => one.name === name))) {
			const observed = broken[0].why ?? "broken";
			return finding(words, "plugin-broken", { broken, place }, { observed, evidence });
		}
		return finding(
			words,
			`${first}-missing`,
			{
				missing,
				wanted,
				unusable: cli.plugins.filter(({ name }) => name === first),
				place,
			},
			{ observed: listed(usable) || "no plugins", evidence },
		);
	},
});

function evidenceOf({ plugins, unread }: DockerCliFacts): Proof {
	const found = plugins.map(({ path, state, why }) => ({
		source: path,
		text: why === undefined ? state : `${state}: ${why}`,
	}));
	const closed = unread ? [{ source: unread.path, text: unread.code }] : [];
	const [first = { source: "cli-plugins directories", text: "no plugins" }, ...rest] = found;
	return [first, ...rest, ...closed];
}
