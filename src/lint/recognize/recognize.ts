import { forgejoKeys, giteaKeys, type RunnerSystem } from "../../knowledge/config-keys.ts";
import { own } from "../../own.ts";
import { nameOf } from "../paths.ts";
import { entryAt, scalarsIn, type Tree } from "../read/tree.ts";
import { certainKind } from "./look-alikes.ts";

export type FileType = "config" | "registration" | "unit" | "workflow";

/** Recognizes a file, by its content before its name; `config` if nothing says otherwise. */
export function typeOf(path: string, text: string): FileType {
	const name = nameOf(path);
	const start = text.slice(0, 65_536);
	// `gpu.runner` may be one, and `Dockerfile.runner` is not.
	if (name === ".runner" || (isRegistration(name) && /^\s*\{/.test(start))) return "registration";
	if (/\.(?:service|timer|socket)$/.test(name) || /\.service\.d\/[^/]*\.conf$/.test(path)) return "unit";
	if (certainKind(start) !== undefined) return "config";
	if (/^\s*\{(?![{%#])/.test(start)) return isRegistrationText(start) ? "registration" : "config";
	if (/^\[(?:Unit|Service|Install)\]\s*$/m.test(start)) return "unit";
	if (/^jobs\s*:/m.test(start) && /^["']?on["']?\s*:/m.test(start)) return "workflow";
	return "config";
}

/** JSON is YAML, so a configuration may be written in it; then it has sections. */
function isRegistrationText(json: string): boolean {
	return (
		!/"(?:log|runner|cache|container|host|metrics|server)"\s*:\s*\{/.test(json) &&
		/"(?:uuid|labels|address)"\s*:/.test(json)
	);
}

/** Whose runner reads this configuration: recognized by keys that only one of them knows, then by the path and by whom the text names. */
export function systemOf(path: string, root: Tree | undefined, text: string): RunnerSystem {
	const votes = { gitea: 0, forgejo: 0 };
	for (const key of Object.keys(giteaKeys)) {
		if (own(forgejoKeys, key) === undefined && entryAt(root, ...key.split("."))) votes.gitea++;
	}
	for (const key of Object.keys(forgejoKeys)) {
		if (own(giteaKeys, key) === undefined && entryAt(root, ...key.split("."))) votes.forgejo++;
	}
	if (entryAt(root, "server", "connections")) votes.forgejo++;
	const dockerHost = entryAt(root, "container", "docker_host")?.value;
	if (dockerHost?.kind === "scalar" && dockerHost.text === "automount" && votes.gitea === 0) votes.forgejo++;
	if (votes.forgejo !== votes.gitea) return votes.forgejo > votes.gitea ? "forgejo" : "gitea";
	if (/forgejo/i.test(path)) return "forgejo";
	if (/gitea|act[-_]runner/i.test(`${path}\n${text}`)) return "gitea";
	// Only Forgejo's runner has LXC.
	const hasLxc = scalarsIn(entryAt(root, "runner", "labels")?.value).some((label) => /^[^:]*:lxc:/.test(label.text));
	return hasLxc || /forgejo/i.test(text) ? "forgejo" : "gitea";
}

/** Is this the name of a registration file? */
export function isRegistration(path: string): boolean {
	return /\.runner$/.test(path);
}
