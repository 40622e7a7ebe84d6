import type { Finding } from "../../../checks/check.ts";
import { finding } from "../../../checks/words.ts";
import { parseLabel } from "../../read/labels.ts";
import { at } from "../../rule.ts";
import { defineComposeRule } from "../rule.ts";
import { answersTo, jobPlace, networkNames, type RunnerService, setting } from "../runner.ts";
import { intro, words } from "./cache-words.ts";
import { labelsOf } from "./labels.ts";

/** The address of the cache server in the runner's container: can the containers of jobs connect to it? */
export const composeCache = defineComposeRule({
	id: "compose/cache",
	title: "Job containers can connect to the runner's cache server",
	intro,
	reasons: words,
	find(runner): readonly Finding<keyof typeof words>[] {
		const { service, intended: config, project } = runner;
		// A network of the machine or of another container: its addresses are not those of a container of Compose.
		if (!runner.image || runner.idle || service.networkMode || jobPlace(runner).kind !== "machine") return [];
		// With other drivers, the container has an address in the network of the machine, or it is unknown.
		if ([...service.networks.keys()].some((key) => (project.networks.get(key)?.driver ?? "bridge") !== "bridge"))
			return [];
		if (!isOn(runner) || runsOnHostOnly(runner)) return [];
		const network = setting(runner, ["container", "network"], "network");
		if (network === undefined || network === "host") return [];
		// A network with a name of its own may well be one of the runner's.
		if (network !== "" && network !== "bridge") return [];
		const host = setting(runner, ["cache", "host"], "cache-host");
		const port = setting(runner, ["cache", runner.system === "forgejo" ? "proxy_port" : "port"], "cache-port");
		if (host === undefined || port === undefined) return [];
		if (host !== "" && isPublished(runner, port) && !project.services.some((one) => answersTo(one, host))) return [];
		const seen = {
			service,
			system: runner.system,
			host,
			network,
			configFile: config.kind === "read" ? config.file : undefined,
			// A network that others use as well is not theirs to give away.
			join: project.networks.get([...service.networks.keys()][0] ?? "")?.external ? undefined : networkNames(runner)[0],
		};
		return [
			finding(
				words,
				"unreachable-from-jobs",
				seen,
				at(service.place, host === "" ? "the address of the container" : `\`${host}\``),
			),
		];
	},
});

function isOn(runner: RunnerService): boolean {
	const enabled = setting(runner, ["cache", "enabled"], "cache-enabled");
	const external = setting(runner, ["cache", "external_server"], "cache-external");
	const override = setting(runner, ["cache", "actions_cache_url_override"]);
	return enabled !== undefined && !/^(?:false|no|off|n)$/i.test(enabled) && external === "" && (override ?? "") === "";
}

/** A job on the runner's own system connects to its own container. */
function runsOnHostOnly(runner: RunnerService): boolean {
	const labels = labelsOf(runner).map(({ text }) => parseLabel(text, runner.system));
	return labels.length > 0 && labels.every((label) => label.kind === "label" && label.label.kind === "host");
}

function isPublished({ service }: RunnerService, port: string): boolean {
	if (port === "" || port === "0") return false;
	return service.ports.some(({ text, unset }) => {
		if (unset.length > 0) return true;
		const [target = "", published] = text.split("/")[0]?.split(":").reverse() ?? [];
		return target === port && published === port && !/^(?:127\.|localhost|\[?::1)/.test(text);
	});
}
