import { own } from "../../own.ts";
import { nearest } from "../../policy/nearest.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import type { ConfigFile } from "../facts.ts";
import { giteaKeysUpTo, isSection, type KeyTable, keysOf } from "../keys.ts";
import { type Context, defineRule, type Found } from "../rule.ts";
import type { Setup } from "../setup.ts";
import { type Entry, isNull, type MapTree, type Tree } from "../tree.ts";

type R = "unknown-key" | "misplaced-key" | "deprecated-key";

/** Sections of configurations that exist, but whose keys are not known here: they are let pass. */
const unknownSections: Readonly<Record<string, readonly string[]>> = {
	// Forgejo's runner: connections to several servers. Gitea's 4.x: pods and telemetry.
	forgejo: ["server"],
	gitea: ["kubernetes", "telemetry", "otel", "tracing"],
};

/** Keys that no runner knows, that stand in the wrong section, or that have a successor. */
export const unknownKey = defineRule<R>({
	id: "config/unknown-key",
	title: "Every key of the configuration is one that the runner knows",
	reasons: {
		"unknown-key": { level: "warn", title: "the runner ignores a key that it does not know" },
		"misplaced-key": { level: "fail", title: "a key stands in a section where the runner does not look for it" },
		"deprecated-key": { level: "warn", title: "a key has a successor" },
	},
	fine: "the runner knows every key",
	find(setup, context) {
		const { config } = setup;
		if (config?.root?.kind !== "map") return [];
		return new KeyWalk(config, setup, context).walk(config.root, "");
	},
});

const maxSuggestions = 100;

class KeyWalk {
	private unknownKeys = 0;
	/** Key or section -> the paths at which the runner knows it, below the top. */
	private readonly places = new Map<string, Set<string>>();
	private readonly table: KeyTable;
	private readonly config: ConfigFile;
	private readonly setup: Setup;
	private readonly context: Context;

	constructor(config: ConfigFile, setup: Setup, context: Context) {
		this.config = config;
		this.setup = setup;
		this.context = context;
		this.table = keysOf(config.system);
		for (const path of Object.keys(this.table)) {
			const keys = path.split(".");
			for (const [index, key] of keys.entries()) {
				if (index === 0) continue;
				const places = this.places.get(key) ?? new Set();
				this.places.set(key, places.add(keys.slice(0, index + 1).join(".")));
			}
		}
	}

	walk(map: MapTree, path: string): readonly Found<R>[] {
		return map.entries.flatMap((entry) => {
			const full = path === "" ? entry.key : `${path}.${entry.key}`;
			if (isSection(this.table, full)) {
				return entry.value.kind === "map" ? this.walk(entry.value, full) : [];
			}
			const known = own(this.table, full);
			if (known?.insteadOf) return isNull(entry.value) ? [] : [this.deprecated(entry, full, known.insteadOf)];
			if (known) return known.since === undefined ? [] : this.tooNew(entry, full, known.since);
			if (path === "" && unknownSections[this.setup.system]?.includes(entry.key)) return [];
			// YAML's usual place for anchors.
			if (path === "" && entry.key.startsWith("x-")) return [];
			return [this.unknown(entry, path, full)];
		});
	}

	private unknown(entry: Entry, path: string, full: string): Found<R> {
		const right = this.rightPlace(entry.key);
		return right === undefined ? this.nowhere(entry, path, full) : this.misplaced(entry, full, right);
	}

	/** The path under which the runner knows this key; `undefined` where there is none, or several and no telling which. */
	private rightPlace(key: string): string | undefined {
		const places = this.places.get(key);
		if (places?.size === 1) return [...places][0];
		return places?.has(`runner.${key}`) ? `runner.${key}` : undefined;
	}

	private nowhere(entry: Entry, path: string, full: string): Found<R> {
		const siblings = childrenOf(this.table, path);
		// A file full of keys that nobody knows is no configuration: there is nothing to suggest.
		const isLost = ++this.unknownKeys > maxSuggestions;
		const meant = isLost
			? undefined
			: (siblings.find((name) => sameLetters(name, entry.key)) ?? nearest(entry.key, siblings));
		const elsewhere = meant === undefined && !isLost ? this.nearestElsewhere(entry.key) : undefined;
		const suggestion = meant ?? elsewhere;
		const { config } = this;
		const isGitea = config.system === "gitea";
		const version = this.context.version === undefined ? undefined : findVersion(this.context.version);
		const limit = findVersion(giteaKeysUpTo);
		const isNewer = isGitea && version && limit && compareVersions(version, limit) > 0;
		const section = path === "" ? "at the top of the file" : `in \`${path}\``;
		return {
			reason: "unknown-key",
			file: config.path,
			line: entry.line,
			column: entry.column,
			message: `the runner knows no key \`${entry.key}\` ${section}${suggestion ? `: \`${suggestion}\` is meant?` : ""}`,
			why: isGitea
				? "The runner ignores the key, so what it should bring about does not happen. It says so in its own log since 3.0.0, and nothing before."
				: "The runner ignores the key without a word, so what it should bring about does not happen.",
			expected: suggestion ? `\`${suggestion}\`` : `one of ${siblings.map((name) => `\`${name}\``).join(", ")}`,
			found: `\`${full}\``,
			remedy: {
				text: suggestion
					? `Write \`${suggestion}\`${isNewer ? `, unless release ${version.text} has brought a key of this name: the keys up to ${giteaKeysUpTo} are known here` : ""}.`
					: "Take the key out, or look up its name in the output of the runner's `config generate` (`generate-config` before 3.1.0).",
				kind: "runner",
				...(meant && { config: linesFor(config.path, path === "" ? meant : `${path}.${meant}`, entry.value) }),
			},
		};
	}

	private nearestElsewhere(key: string): string | undefined {
		const names = Object.keys(this.table);
		const last = nearest(key, [...new Set(names.map((name) => name.slice(name.lastIndexOf(".") + 1)))]);
		if (last === undefined) return undefined;
		const places = names.filter((name) => name.endsWith(`.${last}`));
		return places.length === 1 ? places[0] : undefined;
	}

	private misplaced(entry: Entry, full: string, right: string): Found<R> {
		return {
			reason: "misplaced-key",
			file: this.config.path,
			line: entry.line,
			column: entry.column,
			message: `\`${full}\` is in the wrong place: the runner reads \`${right}\``,
			why: "The runner ignores the key where it stands, so the setting has no effect.",
			expected: `\`${right}\``,
			found: `\`${full}\``,
			remedy: {
				text: `Move the key to \`${right.slice(0, right.lastIndexOf("."))}\`.`,
				kind: "runner",
				config: linesFor(this.config.path, right, entry.value),
			},
		};
	}

	private deprecated(entry: Entry, full: string, successor: string): Found<R> {
		const isBridge = entry.value.kind === "scalar" && entry.value.text === "bridge";
		const value: Tree = isBridge ? { kind: "scalar", text: "", plain: false, line: 0, column: 0 } : entry.value;
		return {
			reason: "deprecated-key",
			file: this.config.path,
			line: entry.line,
			column: entry.column,
			message: `\`${full}\` is deprecated: \`${successor}\` has taken its place`,
			why: isBridge
				? "The runner still reads it and warns at every start; `bridge` here makes a network for each job, which an empty `network` does."
				: "The runner still reads it, warns at every start, and ignores it once the successor is set.",
			expected: `\`${successor}\``,
			found: `\`${full}\``,
			remedy: {
				text: `Rename the key${isBridge ? " and leave it empty" : ""}.`,
				kind: "runner",
				config: linesFor(this.config.path, successor, value),
			},
		};
	}

	/** A key that this release of the runner does not know yet. Said only where the release is known. */
	private tooNew(entry: Entry, full: string, since: string): readonly Found<R>[] {
		const version = this.context.version === undefined ? undefined : findVersion(this.context.version);
		const first = findVersion(since);
		if (this.setup.system !== "gitea" || !version || !first || compareVersions(version, first) >= 0) return [];
		return [
			{
				reason: "unknown-key",
				file: this.config.path,
				line: entry.line,
				column: entry.column,
				message: `runner ${version.text} does not know \`${full}\` yet: it came with ${since}`,
				why: "This runner ignores the key, so what it should bring about does not happen.",
				expected: `a runner from ${since} on`,
				found: `runner ${version.text}`,
				remedy: { text: `Upgrade the runner to ${since} or newer, or take the key out.`, kind: "runner" },
			},
		];
	}
}

function childrenOf(table: KeyTable, path: string): readonly string[] {
	const prefix = path === "" ? "" : `${path}.`;
	const below = Object.keys(table).filter((known) => known.startsWith(prefix));
	return [...new Set(below.map((known) => known.slice(prefix.length).split(".")[0] ?? ""))];
}

/** `dockerHost`, `docker-host` and `DOCKER_HOST` are `docker_host`. */
function sameLetters(left: string, right: string): boolean {
	const bare = (text: string): string => text.replace(/[_-]/g, "").toLowerCase();
	return bare(left) === bare(right);
}

/** The lines that say the same in the right place. */
function linesFor(file: string, path: string, value: Tree): { file: string; language: "yaml"; text: string } {
	const keys = path.split(".");
	const indent = "  ".repeat(keys.length - 1);
	const sections = keys.slice(0, -1).map((key, depth) => `${"  ".repeat(depth)}${key}:`);
	const name = keys[keys.length - 1] ?? "";
	return { file, language: "yaml", text: [...sections, ...valueLines(`${indent}${name}:`, value, indent)].join("\n") };
}

function valueLines(start: string, value: Tree, indent: string): readonly string[] {
	if (value.kind === "scalar" && /\*{3,}/.test(value.text)) return [`${start} …`];
	if (value.kind === "list") {
		const items = value.items.slice(0, 10).map((item) => `${indent}  - ${item.kind === "scalar" ? quoted(item) : "…"}`);
		return value.items.length === 0 ? [`${start} []`] : [start, ...items];
	}
	if (value.kind === "map") return [`${start} …`];
	if (!value.text.includes("\n")) return [`${start} ${quoted(value)}`.trimEnd()];
	return [
		`${start} |`,
		...value.text
			.trimEnd()
			.split("\n")
			.map((line) => `${indent}  ${line}`),
	];
}

function quoted(value: Tree & { kind: "scalar" }): string {
	return value.plain && value.text !== "" && !/: |#/.test(value.text) ? value.text : JSON.stringify(value.text);
}
