import { forgejoKeys, giteaKeys, isOtherSection, isSection } from "../../knowledge/config-keys.ts";
import { editDistance } from "../../policy/nearest.ts";
import { entryOf, isNull, type ListTree, type Tree } from "../read/tree.ts";

/** What `otherKind` calls a file of Docker Compose. */
export const composeFile = "a compose file";

/** What a text surely is, whether YAML could read it or not; `undefined`: nothing tells. */
export function certainKind(text: string): string | undefined {
	// `#!/usr/bin/env bash`, `#!/command/with-contenv sh`
	if (/^#!.*(?:sh|python[\d.]*|node|perl|ruby)\b/.test(text)) return "a script";
	return isQuadlet(text) ? "a Quadlet unit of Podman" : undefined;
}

/** Has it a section that systemd does not read, and that Podman makes a service of? */
function isQuadlet(text: string): boolean {
	return /^\[(?:Container|Pod|Kube|Volume|Build)\][ \t]*\r?$/m.test(text.slice(0, 65_536));
}

/** What a text is that cannot be read as YAML, by its first lines; `undefined`: nothing tells. */
export function textKind(path: string, text: string): string | undefined {
	const start = text.slice(0, 65_536);
	if (/\.(?:ba|z|da|k)?sh$/.test(path)) return "a script";
	if (/^\s*<(?:!doctype|html|\?xml)/i.test(start)) return "a page of HTML or XML";
	if (/^\[\[runners\]\]\s*$/m.test(start)) return "a configuration of GitLab Runner";
	if (/^FROM\s+\S+/m.test(start) && /^(?:RUN|COPY|CMD|ENTRYPOINT|USER|WORKDIR)\s/m.test(start)) return "a Dockerfile";
	const lines = start.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^\s*[#;]/.test(line));
	if (lines.length === 0) return undefined;
	const are = (pattern: RegExp): boolean => lines.every((line) => pattern.test(line));
	if (are(/^\s*(?:export\s+)?[A-Za-z_]\w*=.*$/)) return "a file of environment variables";
	const [first = "", ...rest] = lines;
	const isSetting = (line: string): boolean => /^\s*[\w.-]+\s*=/.test(line);
	const isSection = (line: string): boolean => /^\s*\[\[?[\w."-]+\]\]?\s*$/.test(line);
	if ((isSection(first) && rest.some(isSetting)) || (isSetting(first) && rest.some(isSection))) {
		return "an INI or TOML file";
	}
	return undefined;
}

/** Keys at the top of a file that tell what it is: all of a set must be there. */
const signatures: readonly (readonly [what: string, ...keys: readonly string[]])[] = [
	["a Kubernetes manifest", "apiVersion", "kind"],
	["the description of a Helm chart", "apiVersion", "name", "version"],
	["a policy of runner-check", "profiles", "version"],
	["the manifest of a Home Assistant add-on", "slug", "name"],
	["a description of an action", "runs", "name"],
	["the values of a Helm chart", "replicaCount"],
	["the values of a Helm chart", "fullnameOverride"],
	["the values of a Helm chart", "nameOverride"],
	["the values of a Helm chart", "imagePullSecrets"],
	["the values of a Helm chart", "nodeSelector"],
	["the values of a Helm chart", "tolerations"],
	["the values of a Helm chart", "serviceAccount"],
	["a configuration of pre-commit", "repos"],
	["a configuration of Dependabot", "updates", "version"],
	["a configuration of Prometheus", "scrape_configs"],
	["a pipeline of GitLab CI", "stages"],
	["a pipeline of Woodpecker or Drone", "steps"],
	["a pipeline of Woodpecker or Drone", "pipeline"],
];

/** What a YAML file is that no runner reads; `undefined`: it may well be a configuration of a runner. */
export function otherKind(root: Tree | undefined): string | undefined {
	if (root?.kind === "list") return listKind(root);
	if (root?.kind !== "map") return undefined;
	const names = new Set(root.entries.map(({ key }) => key));
	if (isConfiguration(root)) return undefined;
	if (entryOf(root, "services")?.value.kind === "map") return composeFile;
	const known = signatures.find(([, ...keys]) => keys.every((key) => names.has(key)));
	if (known) return known[0];
	const hasScripts = root.entries.filter(({ value }) => entryOf(value, "script")).length > 0;
	return hasScripts ? "a pipeline of GitLab CI" : "a configuration of another program";
}

/** A runner's configuration that begins with a list, or a list of labels, is one with an error, and stays one. */
function listKind({ items }: ListTree): string | undefined {
	const keys = items.flatMap((item) => (item.kind === "map" ? item.entries.map(({ key }) => key) : []));
	if (keys.some((key) => key === "hosts" || key === "tasks")) return "a playbook of Ansible";
	if (
		keys.some((key) => /^(?:ansible\.\w+\.|(?:include|import)_(?:tasks|role)$|register$|notify$|become$)/.test(key))
	) {
		return "a list of tasks of Ansible";
	}
	const isForeign = (key: string): boolean => !sectionNames.includes(key) && !innerKeys.has(key) && !isMisspelled(key);
	return keys.some(isForeign) ? "a configuration of another program" : undefined;
}

/** Every key and section that is not at the top. */
const innerKeys = new Set(
	[giteaKeys, forgejoKeys].flatMap((table) => Object.keys(table)).flatMap((path) => path.split(".").slice(1)),
);
const sectionNames = [
	...new Set([giteaKeys, forgejoKeys].flatMap((table) => Object.keys(table)).map((path) => path.split(".")[0] ?? "")),
];

/**
 * Is this a configuration of a runner? Not if more of its keys at the top are foreign than belong to a runner. A section
 * belongs to one if it has at least one key that a runner knows there. Misspelled sections, and keys that belong into one, count for
 * neither side.
 */
export function isConfiguration(root: Tree | undefined): boolean {
	if (root?.kind !== "map") return false;
	let foreign = 0;
	let own = 0;
	let doubtful = 0;
	for (const { key, value } of root.entries) {
		if (key.startsWith("x-") || key.startsWith(".")) continue;
		if (isRunnerSection(key, value)) own++;
		else if (key === "runner" || key === "container" || innerKeys.has(key) || isMisspelled(key)) doubtful++;
		else if (sectionNames.includes(key) && value.kind !== "map") doubtful++;
		else if (!sectionNames.includes(key)) foreign++;
	}
	if (foreign > own) return false;
	return own > 0 || doubtful > 0 || root.entries.every(({ value }) => isNull(value));
}

function isMisspelled(key: string): boolean {
	if (sectionNames.includes(key)) return false;
	const bare = (text: string): string => text.replace(/[_-]/g, "").toLowerCase();
	return sectionNames.some(
		(name) => bare(name) === bare(key) || (name.length > 4 && editDistance(name, key.toLowerCase()) <= 2),
	);
}

function isRunnerSection(name: string, value: Tree): boolean {
	if (name === "server") return entryOf(value, "connections") !== undefined;
	if (isOtherSection("gitea", name)) return value.kind === "map";
	if (!sectionNames.includes(name)) return false;
	if (isNull(value)) return true;
	if (value.kind !== "map") return false;
	return (
		value.entries.length === 0 ||
		value.entries.some(({ key }) =>
			[giteaKeys, forgejoKeys].some((table) => `${name}.${key}` in table || isSection(table, `${name}.${key}`)),
		)
	);
}

/** A place at which a template would fill something in. */
export interface Placeholder {
	readonly line: number;
	readonly column: number;
	/** `{{ … }}`: what is inside may be a secret. */
	readonly form: string;
}

/** A line that is nothing but an instruction or a remark: `{% for … %}`, `{{- if … }}`, `<% … %>`, `{# … #}`. */
const instruction =
	/^\s*(?:\{%[-+]?.*%\}|\{#.*#\}|\{\{[-~]?\s*(?:if|else|end|range|with|define|include|toYaml|tpl)\b.*\}\}|<%.*%>)\s*$/;
/** A value that is, or begins with, an expression: `key: {{ x }}`, `- "{{ x }}"`. */
const expression = /^(?:\s*(?:-\s+)?(?:[\w.-]+\s*:\s+)?|\s*-\s+)["']?(\{\{[^{}]*\}\}|<%=.*?%>)/;
/** A value that is a placeholder of something simpler: `${X}`, `@X@`, `__X__`, `%X%`, `<X>`. */
const simple =
	/^\s*(?:-\s+)?[\w.-]+\s*:\s+["']?(\$\{\w+(?::?[-=?+][^{}]*)?\}|\$\w+|@\w+@|__[A-Z]\w*__|%\w+%|<[A-Z][A-Z0-9_-]*>)["']?\s*(?:#.*)?$/;
/** How many values make a file one that still has to be filled in. */
const enough = 3;

/** The first placeholder of a file that is a template. A single variable is a problem of its own place. */
export function templateIn(text: string): Placeholder | undefined {
	const simples: Placeholder[] = [];
	let inVariables: number | undefined;
	for (const [index, line] of text.slice(0, 262_144).split(/\r?\n/).entries()) {
		if (!/[{<$@_%]/.test(line) || /^\s*#/.test(line)) {
			inVariables = depthOfVariables(line, inVariables);
			continue;
		}
		inVariables = depthOfVariables(line, inVariables);
		const at = (found: string): Placeholder => ({
			line: index + 1,
			column: line.indexOf(found) + 1,
			form: formOf(found),
		});
		if (instruction.test(line)) return at(line.trim());
		const filled = expression.exec(line)?.[1];
		// In a workflow, `${{ … }}` is for the forge.
		if (filled !== undefined) return at(filled);
		const value = inVariables === undefined ? simple.exec(line)?.[1] : undefined;
		if (value !== undefined) simples.push(at(value));
	}
	return simples.length >= enough ? simples[0] : undefined;
}

/**
 * The same in a unit. `${X}` is systemd's own there, and `{{.ID}}` or `{{json .}}` may be for a command that prints something.
 */
export function templateInUnit(text: string): Placeholder | undefined {
	for (const [index, line] of text.slice(0, 262_144).split(/\r?\n/).entries()) {
		if (!/[{@_]/.test(line) || /^\s*[#;]/.test(line) || /--format\b/.test(line)) continue;
		const found =
			/\{%[-+]?\s*\w[^%]*%\}|\{#[^{]*#\}|\{\{[-~]?\s*(?!json\b)[A-Za-z_][^{}]*\}\}|__[A-Z][A-Z\d_]*__|(?<![\w@])@[A-Za-z_]\w*@(?![\w@])/.exec(
				line,
			);
		if (found) return { line: index + 1, column: found.index + 1, form: formOf(found[0]) };
	}
	return undefined;
}

/** `{{ runner_file }}` -> `{{ … }}` */
function formOf(placeholder: string): string {
	if (/^\$\w/.test(placeholder)) return "$…";
	// What is inside may be a secret, and says nothing about the form.
	return placeholder.replace(/^(\{[{%#][-~+]?|\$\{|<%=?|__|[@%<]).*?([-~+]?[}%#]\}|%>|__|[}@%>])$/s, "$1 … $2");
}

/** The indentation of `envs:` as long as its lines go on: a `$` there may be wanted. */
function depthOfVariables(line: string, open: number | undefined): number | undefined {
	const depth = /^\s*/.exec(line)?.[0].length ?? 0;
	if (/^\s*(?:envs|environment|env)\s*:/.test(line)) return depth;
	if (open === undefined || line.trim() === "") return open;
	return depth > open ? open : undefined;
}

/** A variable in a text that a shell or Compose would expand; `undefined`: none. */
export function variableIn(text: string): string | undefined {
	return /\$\{[A-Za-z_][^}\s]*\}|\$\([^)]*\)|(?<![\w$\\])\$[A-Za-z_]\w*/.exec(text)?.[0];
}
