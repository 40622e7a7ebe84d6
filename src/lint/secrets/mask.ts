import {
	isSection,
	type KeyTable,
	keysOf,
	knownKey,
	pathBelow,
	type RunnerSystem,
} from "../../knowledge/config-keys.ts";
import { nearest } from "../../policy/nearest.ts";
import { isSecretName } from "../../report/secret-names.ts";
import { secretsInLabel } from "../read/labels.ts";
import { isNull, type Scalar, type Tree } from "../read/tree.ts";
import { believedKey } from "../rules/believed-keys.ts";
import { maskCommand } from "./mask-command.ts";
import { maskPairs, maskProse, maskShapes, maskUrls, starLetters, stars } from "./secret-text.ts";

/**
 * Keeps secrets out of the facts. Each character becomes one star, so that every position in the text stays valid.
 */

/** A text that may contain a URL with a password, or a token in a label. */
export function maskText(text: string): string {
	let masked = maskShapes(maskUrls(text));
	for (const { from, to } of secretsInLabel(masked)) {
		masked = masked.slice(0, from) + starLetters(masked.slice(from, to)) + masked.slice(to);
	}
	return masked;
}

/** A configuration without secrets, and without the values of `runner.envs` and of unknown keys. */
export function maskTree(root: Tree, system: RunnerSystem): Tree {
	const masking = new Masking(keysOf(system));
	return masking.maskAliases(masking.maskSection(root, ""));
}

/** A file with more misspelled keys is not a configuration. */
const maxGuesses = 100;

class Masking {
	private readonly table: KeyTable;
	/** Last part of each known path, in lowercase without `_` -> may its value be shown? */
	private readonly harmless = new Map<string, boolean>();
	private readonly names: readonly string[];
	private guesses = 0;
	/** Where the values of secret keys are in the file. An alias has the place of its anchor, and may be the value of a harmless key. */
	private readonly secrets = new Set<string>();

	constructor(table: KeyTable) {
		this.table = table;
		for (const [path, known] of Object.entries(table)) {
			const name = bare(path.slice(path.lastIndexOf(".") + 1));
			const isHarmless = !known.secret && known.type !== "environment";
			this.harmless.set(name, isHarmless && this.harmless.get(name) !== false);
		}
		this.names = [...this.harmless.keys()];
	}

	/** A text where sections belong can be anything: a file that holds a secret alone, a token after `cache:`. */
	maskSection(tree: Tree, path: string): Tree {
		return tree.kind === "map" ? this.maskAt(tree, path) : this.hide(tree);
	}

	/** Hides what is also the value of a secret key. */
	maskAliases(tree: Tree): Tree {
		switch (tree.kind) {
			case "map":
				return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: this.maskAliases(entry.value) })) };
			case "list":
				return { ...tree, items: tree.items.map((item) => this.maskAliases(item)) };
			case "scalar":
				return this.secrets.has(placeOf(tree)) ? this.hide(tree) : tree;
		}
	}

	private maskAt(tree: Tree, path: string): Tree {
		if (tree.kind !== "map") return tree.kind === "scalar" ? maskScalar(tree, path) : this.maskItems(tree, path);
		const entries = tree.entries.map((entry) => {
			const below = pathBelow(path, entry.key);
			const known = knownKey(this.table, below);
			if (isSection(this.table, below)) return { ...entry, value: this.maskSection(entry.value, below) };
			if (known?.secret || known?.type === "environment") return { ...entry, value: this.hide(entry.value, true) };
			if (known) return { ...entry, value: this.maskAt(entry.value, below) };
			const meant = knownKey(this.table, believedKey(below, "gitea")?.meant ?? "");
			const isKnown = meant !== undefined && !meant.secret && meant.type !== "environment";
			const isShown = entry.value.kind !== "map" && (isKnown || this.isHarmless(entry.key));
			return {
				...entry,
				key: maskProse(maskText(entry.key)),
				value: isShown ? this.maskAt(entry.value, below) : this.hide(entry.value, isSecretName(entry.key)),
			};
		});
		return { ...tree, entries };
	}

	/**
	 * A known key that is misspelled or in the wrong section keeps its value, so that the finding can show the line to write.
	 * A name that looks like a secret, or like no known key, does not.
	 */
	private isHarmless(key: string): boolean {
		if (key.length > 40 || isSecretName(key) || /cred|auth|key/i.test(key)) return false;
		const name = bare(key);
		const known = this.harmless.get(name);
		if (known !== undefined) return known;
		const meant = ++this.guesses > maxGuesses ? undefined : nearest(name, this.names);
		return meant !== undefined && this.harmless.get(meant) === true;
	}

	private maskItems(tree: Tree & { kind: "list" }, path: string): Tree {
		return {
			...tree,
			items: tree.items.map((item) => {
				if (item.kind === "scalar") return maskScalar(item, path, true);
				if (item.kind !== "map") return this.hide(item);
				// `- gpu: docker://image`: a label with a space after the colon.
				const entries = item.entries.map((entry) => {
					const { value } = entry;
					return {
						...entry,
						value: value.kind === "scalar" && isLabels(path) ? maskScalar(value, path) : this.hide(value),
					};
				});
				return { ...item, entries };
			}),
		};
	}

	/**
	 * Keeps the shape, and whether a scalar is empty.
	 * @param isSecret It surely is one: its key says so.
	 */
	private hide(tree: Tree, isSecret = false): Tree {
		switch (tree.kind) {
			case "map": {
				const isHidden = (key: string): boolean => isSecret || isSecretName(key);
				const entries = tree.entries.map((entry) => ({ ...entry, value: this.hide(entry.value, isHidden(entry.key)) }));
				return { ...tree, entries };
			}
			case "list":
				return { ...tree, items: tree.items.map((item) => this.hide(item, isSecret)) };
			case "scalar":
				if (isNull(tree) || tree.text === "") return tree;
				if (isSecret) this.secrets.add(placeOf(tree));
				return { ...tree, text: stars(tree.text) };
		}
	}
}

function placeOf({ line, column }: Scalar): string {
	return `${line}:${column}`;
}

function bare(name: string): string {
	return name.replace(/[_-]/g, "").toLowerCase();
}

function isLabels(path: string): boolean {
	return /labels?$/i.test(path);
}

/** @param isItem It is an item of a list, so it may be the value of a `-e` before it. */
function maskScalar(scalar: Scalar, path: string, isItem = false): Scalar {
	const masked = maskText(scalar.text);
	// A label has colons of its own, so only tokens and URLs are hidden in it.
	const text = isLabels(path) ? masked : maskCommand(maskPairs(masked), isItem);
	return text === scalar.text ? scalar : { ...scalar, text };
}

/** The value of a unit's setting. */
export function maskSetting(name: string, value: string): string {
	if (isSecretName(name) || /^SetCredential/i.test(name)) return stars(value);
	const bare = mayHaveHash.test(name) ? value : value.replace(/(?<=\s[#;]).*$/, stars);
	return maskCommand(maskPairs(maskText(bare)), name === "Environment");
}

/** Settings in which `#` does not begin a remark, which may be the password that somebody wrote down. */
const mayHaveHash = /^(?:Exec|Environment$|Description$|Documentation$|Condition|Assert)/;
