import type { Finding } from "../../checks/check.ts";
import { type Details, finding } from "../../checks/words.ts";
import {
	giteaKeysUpTo,
	isOtherSection,
	isSection,
	type KeyTable,
	keysOf,
	knownKey,
	pathBelow,
} from "../../knowledge/config-keys.ts";
import { editDistance, nearest } from "../../policy/nearest.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import type { ConfigFile } from "../facts.ts";
import { maySet, renamed, rewrittenText } from "../fix/certain.ts";
import { type Entry, entryOf, isNull, type MapTree } from "../read/tree.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { settings } from "../setup/subjects.ts";
import { believedKey } from "./believed-keys.ts";
import { intro, words } from "./unknown-key-words.ts";

type Problem = Finding<keyof typeof words>;

/** Keys that no runner knows, that are in the wrong section, or that have a successor. */
export const unknownKey = defineRule({
	id: "config/unknown-key",
	title: "The runner knows every key of its configuration",
	intro,
	reasons: words,
	subject: settings,
	fine: "the runner knows every key",
	find({ config }, { version }) {
		return config?.root?.kind === "map" ? new KeyWalk(config, version).walk(config.root, "") : [];
	},
});

/** Does this rule report that the key is in the wrong section? */
export function isMisplaced(config: ConfigFile, key: string): boolean {
	if (config.root?.kind !== "map") return false;
	const walk = new KeyWalk(config, undefined);
	walk.walk(config.root, "");
	return walk.misplacedKeys.has(key);
}

const maxSuggestions = 100;

/** Names that other programs have as well: `metrics.port` is not a misplaced `cache.port`. */
const genericNames = new Set(
	"addr dir enabled envs file host interval job level port retention script timeout v2".split(" "),
);

class KeyWalk {
	/** Where the keys belong that are in the wrong section. */
	readonly misplacedKeys = new Set<string>();
	private unknownKeys = 0;
	/** Key or section -> the paths at which the runner knows it, below the top. */
	private readonly places = new Map<string, Set<string>>();
	private readonly table: KeyTable;
	private readonly config: ConfigFile;
	private readonly version: string | undefined;

	constructor(config: ConfigFile, version: string | undefined) {
		this.config = config;
		this.version = version;
		this.table = keysOf(config.system);
		for (const path of Object.keys(this.table)) {
			// The name of a connection is unknown, so no key is said to belong there.
			if (path.includes("*")) continue;
			const keys = path.split(".");
			for (const [index, key] of keys.entries()) {
				if (index === 0) continue;
				const places = this.places.get(key) ?? new Set();
				this.places.set(key, places.add(keys.slice(0, index + 1).join(".")));
			}
		}
	}

	walk(map: MapTree, section: string): readonly Problem[] {
		return map.entries.flatMap((entry) => {
			const key = pathBelow(section, entry.key);
			if (isSection(this.table, key)) return entry.value.kind === "map" ? this.walk(entry.value, key) : [];
			const known = knownKey(this.table, key);
			if (known?.insteadOf) return isNull(entry.value) ? [] : [this.deprecated(map, entry, key, known.insteadOf)];
			if (known) return known.since === undefined ? [] : this.tooNew(entry, key, known.since);
			if (section === "" && isOtherSection(this.config.system, entry.key)) return [];
			// YAML's usual place for anchors.
			if (section === "" && entry.key.startsWith("x-")) return [];
			const right = believedKey(key, this.config.system) ? undefined : this.rightPlace(entry.key);
			return [right === undefined ? this.unknown(map, entry, section, key) : this.misplaced(entry, key, right)];
		});
	}

	/** The path at which the runner knows this key; `undefined`: none, or one of several. */
	private rightPlace(key: string): string | undefined {
		if (genericNames.has(key)) return undefined;
		const places = this.places.get(key);
		if (places?.size === 1) return [...places][0];
		return places?.has(`runner.${key}`) ? `runner.${key}` : undefined;
	}

	private unknown(map: MapTree, entry: Entry, section: string, key: string): Problem {
		const siblings = childrenOf(this.table, section.replace(/^(server\.connections\.)[^.]+$/, "$1*"));
		const { path: file, system } = this.config;
		const version = this.version === undefined ? undefined : findVersion(this.version);
		const limit = findVersion(giteaKeysUpTo);
		const isNewer = system === "gitea" && version && limit && compareVersions(version, limit) > 0;
		const believed = believedKey(key, system);
		const isHere = believed?.meant !== undefined && knownKey(this.table, believed.meant) !== undefined;
		const meant = believed ? (isHere ? believed.meant : undefined) : this.meantKey(entry.key, section, siblings);
		const newerRelease = isNewer ? version.text : undefined;
		const seen = {
			kind: "unknown",
			file,
			key,
			system,
			section,
			siblings,
			meant,
			instead: believed?.instead,
			value: entry.value,
			newerRelease,
		} as const;
		const name = meant === undefined ? undefined : nameIn(section, meant);
		const isCertain =
			name !== undefined &&
			meant !== undefined &&
			believed?.instead === undefined &&
			newerRelease === undefined &&
			(believed !== undefined || isSurely(entry.key, name, siblings)) &&
			!entryOf(map, name) &&
			maySet(meant, entry.value, knownKey(this.table, meant));
		const edits = isCertain ? renamed(entry, name) : undefined;
		return finding(words, "unknown-key", seen, { ...this.details(entry, `\`${key}\``), edits });
	}

	/** The path of the key that was probably meant: a misspelled one of the same section, or one of another in other letters. */
	private meantKey(key: string, section: string, siblings: readonly string[]): string | undefined {
		// A file full of keys that no runner knows is not a configuration: there is nothing to suggest.
		if (++this.unknownKeys > maxSuggestions) return undefined;
		const sibling = siblings.find((name) => sameLetters(name, key)) ?? misspelled(key, siblings);
		if (sibling !== undefined) return section === "" ? sibling : `${section}.${sibling}`;
		const places = Object.keys(this.table).filter((path) => {
			const last = path.slice(path.lastIndexOf(".") + 1);
			if (path.includes("*")) return false;
			return !genericNames.has(last) && sameLetters(last, key);
		});
		return places.length === 1 ? places[0] : undefined;
	}

	private misplaced(entry: Entry, key: string, right: string): Problem {
		this.misplacedKeys.add(right);
		const seen = { file: this.config.path, key, right, value: entry.value };
		return finding(words, "misplaced-key", seen, this.details(entry, `\`${key}\``));
	}

	private deprecated(map: MapTree, entry: Entry, key: string, successor: string): Problem {
		const { value } = entry;
		const seen = { file: this.config.path, key, successor, value };
		const name = nameIn(key.slice(0, key.lastIndexOf(".")), successor);
		const isCertain = name !== undefined && !entryOf(map, name) && value.kind === "scalar";
		// `bridge` means a network for each job there, as an empty name does here.
		const emptied = value.kind === "scalar" && value.text === "bridge" ? rewrittenText(value, "") : [];
		const edits = isCertain ? [...renamed(entry, name), ...emptied] : undefined;
		return finding(words, "deprecated-key", seen, { ...this.details(entry, `\`${key}\``), edits });
	}

	/** A key that this release of the runner does not know yet: reported only if the release is known. */
	private tooNew(entry: Entry, key: string, since: string): readonly Problem[] {
		const version = this.version === undefined ? undefined : findVersion(this.version);
		const first = findVersion(since);
		if (this.config.system !== "gitea" || !version || !first || compareVersions(version, first) >= 0) return [];
		const seen = { kind: "too-new", file: this.config.path, key, since, version: version.text } as const;
		return [finding(words, "unknown-key", seen, this.details(entry, `runner ${version.text}`))];
	}

	private details(entry: Entry, observed: string): Details {
		return at(placeIn(this.config.path, entry), observed);
	}
}

/** The last part of a path, if it is in this section; `undefined`: it is in another one. */
function nameIn(section: string, path: string): string | undefined {
	const name = section === "" ? path : path.startsWith(`${section}.`) ? path.slice(section.length + 1) : ".";
	return name.includes(".") ? undefined : name;
}

/** Is the key this name with a typing error, and surely nothing else? Something appended, as in `dirs`, may be a key of its own. */
function isSurely(key: string, name: string, siblings: readonly string[]): boolean {
	if (sameLetters(key, name)) return true;
	const distance = (other: string): number => editDistance(other, key.toLowerCase());
	const isAlone = siblings.every((other) => other === name || distance(other) > distance(name) + 1);
	return isAlone && distance(name) <= 2 && name.length > 4 && !key.startsWith(name);
}

function childrenOf(table: KeyTable, path: string): readonly string[] {
	const prefix = path === "" ? "" : `${path}.`;
	const below = Object.keys(table).filter((known) => known.startsWith(prefix));
	return [...new Set(below.map((known) => known.slice(prefix.length).split(".")[0] ?? ""))];
}

/** The key of which this is a typing error: one letter of a short word, two or three of a long one, and no digit. */
function misspelled(key: string, names: readonly string[]): string | undefined {
	const digits = (text: string): string => text.replace(/\D/g, "");
	const close = names.filter((name) => {
		const allowed = name.length < 6 ? 1 : name.length < 12 ? 2 : 3;
		return digits(name) === digits(key) && editDistance(name, key.toLowerCase()) <= allowed;
	});
	return nearest(key, close);
}

/** `dockerHost`, `docker-host` and `DOCKER_HOST` are `docker_host`. */
function sameLetters(left: string, right: string): boolean {
	const bare = (text: string): string => text.replace(/[_-]/g, "").toLowerCase();
	return bare(left) === bare(right);
}
