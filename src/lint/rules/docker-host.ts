import { cut } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { rewrittenText } from "../fix/certain.ts";
import { scalarAt } from "../read/tree.ts";
import { variableIn } from "../recognize/look-alikes.ts";
import { at, type Context, defineRule, placeIn } from "../rule.ts";
import { optionsOf } from "../setup/docker-access.ts";
import { hasEnv, type Setup, unitEnvironment, usesDocker } from "../setup/setup.ts";
import { settings } from "../setup/subjects.ts";
import { mountsOf, socketPath } from "../setup/volumes.ts";
import { type AddressProblem, intro, words } from "./docker-host-words.ts";

/** `container.docker_host`: where the daemon is, and whether jobs can use it. */
export const dockerHost = defineRule({
	id: "config/docker-host",
	title: "The runner finds its Docker daemon, and jobs can use it",
	intro,
	reasons: words,
	subject: settings,
	fine: "the address of the daemon is valid, and jobs can use it",
	find(setup, context) {
		const { config } = setup;
		const scalar = scalarAt(config?.root, "container", "docker_host");
		// `config/options` reports a variable that nobody expands.
		if (!config || !scalar || scalar.text === "" || variableIn(scalar.text) !== undefined) return [];
		const file = config.path;
		const address = scalar.text;
		const details = at(placeIn(file, scalar), `\`${cut(address, 200)}\``);
		const found = problemOf(address, setup);
		if (found) {
			// A port is a guess.
			const isCertain = found.fixed !== undefined && found.problem.kind !== "no-port";
			const edits = isCertain ? rewrittenText(scalar, found.fixed ?? "") : undefined;
			return [finding(words, "invalid", { file, address, ...found }, { ...details, edits })];
		}
		if (setup.system === "forgejo" && (address === "-" || address === "automount")) return [];
		const plain = isPlainTcp(setup, address)
			? [finding(words, "tcp-without-tls", { address, system: setup.system }, details)]
			: [];
		const { flags } = optionsOf(setup).options;
		const isTold =
			hasEnv(setup, "DOCKER_HOST") ||
			flags.some(({ name, value }) => name === "env" && value?.startsWith("DOCKER_HOST=") === true);
		// `config/options` judges a socket that the options mount.
		const isMounted = /^(?:unix|npipe):/i.test(address) || mountsOf(flags).some(({ target }) => target === socketPath);
		if (isTold || isMounted || !mayNeedDocker(setup, context)) return plain;
		return [...plain, finding(words, "not-mounted", { file, address }, details)];
	},
});

/** A runner that has only host labels starts no job container. */
function mayNeedDocker(setup: Setup, context: Context): boolean {
	return context.dockerRequired === true || usesDocker(setup) !== "no";
}

interface Found {
	readonly problem: AddressProblem;
	readonly fixed: string | undefined;
}

/** What is wrong with the address; `undefined`: a Docker client can use it. */
function problemOf(address: string, setup: Setup): Found | undefined {
	if (address === "-") return undefined;
	if (address === "automount") {
		return setup.system === "forgejo" ? undefined : { problem: { kind: "automount" }, fixed: "" };
	}
	const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(address);
	if (!match) {
		const path = address.replace(/^unix:\/*/, "/");
		return { problem: { kind: "no-scheme" }, fixed: path.startsWith("/") ? `unix://${path}` : undefined };
	}
	const [, scheme = "", rest = ""] = match;
	switch (scheme.toLowerCase()) {
		case "unix":
			return rest.startsWith("/") ? undefined : { problem: { kind: "two-slashes" }, fixed: `unix:///${rest}` };
		case "tcp": {
			if (/^[^/?#\s]+:\d{1,5}\/?$/.test(rest)) return undefined;
			const host = rest.replace(/\/+$/, "");
			return { problem: { kind: "no-port" }, fixed: host === "" ? undefined : `tcp://${host}:2376` };
		}
		case "npipe":
		case "http":
		case "https":
			return undefined;
		case "ssh":
			return setup.system === "forgejo" ? undefined : { problem: { kind: "ssh" }, fixed: undefined };
		default:
			return { problem: { kind: "unknown-scheme", scheme }, fixed: undefined };
	}
}

/** Unencrypted, and not on this machine. */
function isPlainTcp(setup: Setup, address: string): boolean {
	const match = /^(?:tcp|http):\/\/(\[[^\]]*\]|[^:/]+)/i.exec(address);
	if (!match) return false;
	if (/^(?:localhost|127\.|\[::1\])/.test(match[1] ?? "")) return false;
	const names = ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"];
	if (names.some((name) => unitEnvironment(setup, name) !== undefined || hasEnv(setup, name))) return false;
	return !/:2376\/?$/.test(address);
}
