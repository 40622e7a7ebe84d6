import type { Finding } from "../../../checks/check.ts";
import { finding } from "../../../checks/words.ts";
import { entryAt } from "../../read/tree.ts";
import { at } from "../../rule.ts";
import type { Value } from "../model.ts";
import { defineComposeRule } from "../rule.ts";
import { answersTo, jobPlace, knownValue, networkNames, type RunnerService, setting, startText } from "../runner.ts";
import { intro, words } from "./instance-words.ts";

type Problem = Finding<keyof typeof words>;

/** The address of the forge: the runner passes it on to its jobs. */
export const composeInstance = defineComposeRule({
	id: "compose/instance",
	title: "The runner and its jobs can connect to the address of the forge",
	intro,
	reasons: words,
	find(runner): readonly Problem[] {
		if (runner.idle) return [];
		const network = setting(runner, ["container", "network"], "network");
		const [problem] = addressesOf(runner).flatMap((address) => {
			const host = hostOf(address.text);
			return host === undefined ? [] : judge(runner, { ...address, host }, network);
		});
		return problem ? [problem] : [];
	},
});

interface Address {
	readonly text: string;
	readonly place: Value["place"];
	/** The variable, flag or key that has it. */
	readonly written: string;
}

function judge(
	runner: RunnerService,
	address: Address & { readonly host: string },
	network: string | undefined,
): readonly Problem[] {
	const { service, project } = runner;
	const { host, text, place, written } = address;
	const mode = service.networkMode;
	if (isLoopback(host)) {
		// In the network of the machine or of another container, the forge may well listen there.
		if (mode && (mode.text !== "host" || network === undefined || network === "host")) return [];
		const forge = project.services.find(({ image }) => isForge(image?.text ?? ""));
		const seen = { service, url: text, variable: written, forge: forge?.name, port: portOf(text) };
		return [finding(words, "localhost", seen, at(place, `\`${host}\``))];
	}
	if (mode || network === undefined || jobPlace(runner).kind !== "machine") return [];
	const named = project.services.find((one) => one.name !== service.name && answersTo(one, host));
	const isElsewhere = !named && isForgeOfAnotherProject(runner, host);
	if ((!named && !isElsewhere) || service.extraHosts.some((entry) => entry.text.startsWith(host))) return [];
	// A network with a name of its own may well be one of the forge's.
	if (!["", "bridge", "host"].includes(network)) return [];
	const options = setting(runner, ["container", "options"]);
	if (options === undefined || new RegExp(`add-host[= ]+["']?${escapeRegExp(host)}[:=]`).test(options)) return [];
	const shared = new Map([...(named?.networks ?? [])].filter(([key]) => service.networks.has(key)));
	const [join] = networkNames({ ...runner, service: { ...service, networks: shared } });
	const seen = {
		service,
		system: runner.system,
		url: text,
		host,
		variable: written,
		network,
		join,
		configFile: runner.intended.kind === "read" ? runner.intended.file : undefined,
	};
	return [finding(words, "unreachable-from-jobs", seen, at(place, `\`${host}\``))];
}

/** A name without dots that is a forge's, and the runner is in a network of another project: it is the name of a container. */
function isForgeOfAnotherProject({ service, project }: RunnerService, host: string): boolean {
	return (
		/^(?:gitea|forgejo)[\w-]*$/i.test(host) &&
		[...service.networks.keys()].some((key) => project.networks.get(key)?.external)
	);
}

/** Every address that the service or its configuration has for the forge. */
function addressesOf(runner: RunnerService): readonly Address[] {
	const variable = knownValue(runner, "instance");
	const found: Address[] = variable
		? [{ text: variable.text, place: variable.place, written: "GITEA_INSTANCE_URL" }]
		: [];
	const { service, intended: config, project } = runner;
	for (const one of runner.system === "forgejo" ? project.services : [service]) {
		const flag = /\s--(?:instance|url)[\s=]+["']?([^\s"';]+)/.exec(startText(one))?.[1];
		if (flag !== undefined && one.command) found.push({ text: flag, place: one.command.place, written: "--instance" });
	}
	const connections = config.kind === "read" ? entryAt(config.root, "server", "connections")?.value : undefined;
	for (const { value } of connections?.kind === "map" ? connections.entries : []) {
		const url = entryAt(value, "url")?.value;
		if (config.kind === "read" && url?.kind === "scalar") {
			const place = { file: config.file, line: url.line, column: url.column };
			found.push({ text: url.text, place, written: "url" });
		}
	}
	return found;
}

function hostOf(url: string): string | undefined {
	// `<instance url>` and the like are for the reader to fill in.
	return /^https?:\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?(?:\/|$)/i.exec(url.trim())?.[1];
}

function portOf(url: string): string {
	return /^https?:\/\/[^/]*?:(\d+)(?:\/|$)/.exec(url.trim())?.[1] ?? "3000";
}

function isLoopback(host: string): boolean {
	return /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i.test(host);
}

function isForge(image: string): boolean {
	return /(?:^|\/)(?:gitea\/gitea|gitea|forgejo\/forgejo|forgejo)(?:[:@]|$)/.test(image);
}

function escapeRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
