import { code, cut, titleWith, yamlValue } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import { forgejoKeys, giteaKeys, giteaKeysUpTo, type RunnerSystem } from "../../knowledge/config-keys.ts";
import { own } from "../../own.ts";
import { fits } from "../read/go-values.ts";
import { isNull, type Scalar, type Tree } from "../read/tree.ts";
import { configLines, isHidden } from "./fixes.ts";

export type UnknownKey = { readonly file: string; readonly key: string } & (
	| {
			readonly kind: "unknown";
			readonly system: RunnerSystem;
			/** The section that it is in; empty at the top. */
			readonly section: string;
			/** Keys of that section. */
			readonly siblings: readonly string[];
			/** The path of the key that was probably meant. */
			readonly meant: string | undefined;
			/** What to do instead, for a key that many people believe in. */
			readonly instead: string | undefined;
			readonly value: Tree;
			/** The runner's release, if it is newer than the keys that are known here. */
			readonly newerRelease: string | undefined;
	  }
	| { readonly kind: "too-new"; readonly since: string; readonly version: string }
);

interface MisplacedKey {
	readonly file: string;
	readonly key: string;
	/** Where the runner looks for it. */
	readonly right: string;
	readonly value: Tree;
}

interface DeprecatedKey {
	readonly file: string;
	readonly key: string;
	readonly successor: string;
	readonly value: Tree;
}

export const intro =
	"Compares each key with the keys that the runner knows. Gitea's runner ignores any other key. Since 3.0.0 it warns in its own log; before that, it says nothing.";

export const words = {
	"unknown-key": reason<UnknownKey>({
		level: "warn",
		title: "The runner does not know a key",
		headline: (seen) =>
			seen.kind === "too-new"
				? titleWith("The key ", seen.key, ` needs runner ${seen.since}`)
				: titleWith("Unknown key ", seen.key),
		why: (seen) => {
			if (seen.kind === "too-new") return "This runner ignores the key, so the setting has no effect.";
			if (seen.system === "forgejo") return "The runner silently ignores the key, so the setting has no effect.";
			return `The runner ignores the key, so the setting has no effect. From 3.0.0 on, its own log says ${code(`field ${cut(nameIn(seen), 60)} not found`)}; before, nothing does.`;
		},
		expected: (seen) => {
			if (seen.kind === "too-new") return `runner ${seen.since} or later`;
			if (seen.meant === undefined && seen.instead !== undefined) return "nothing: the runner has no such key";
			return seen.meant === undefined ? `one of ${seen.siblings.map(code).join(", ")}` : code(seen.meant);
		},
		tell: (seen) => {
			if (seen.kind === "too-new") {
				return {
					what: `Runner ${seen.version} does not know ${code(seen.key)} yet: it was added in ${seen.since}.`,
					fix: {
						text: "Remove the key.",
						kind: "runner",
						otherwise: { text: `Upgrade the runner to ${seen.since} or later.`, kind: "host" },
					},
				};
			}
			const { file, section, meant, instead, value, newerRelease } = seen;
			const where = section === "" ? "at the top of the file" : `in ${code(section)}`;
			const what = `The runner does not know the key ${code(cut(nameIn(seen)))} ${where}.`;
			if (instead !== undefined) {
				const did = meant === undefined ? "" : ` Did you mean ${code(meant)}?`;
				return { what: `${what}${did}`, fix: { text: instead, kind: "runner" } };
			}
			if (meant === undefined) {
				return {
					what,
					fix:
						seen.system === "forgejo"
							? {
									text: "Remove the key, or look up its name: the command prints every key with its default.",
									commands: ["forgejo-runner generate-config"],
									kind: "runner",
								}
							: {
									text: "Remove the key, or look up its name: the command prints every key with its default (before 3.1.0: `gitea-runner generate-config`).",
									commands: ["gitea-runner config generate"],
									kind: "runner",
								},
				};
			}
			const unless =
				newerRelease === undefined
					? ""
					: `, unless runner ${newerRelease} added a key with this name (the keys of releases up to ${giteaKeysUpTo} are known here)`;
			return {
				what: `${what} Did you mean ${code(meant)}?`,
				fix: { text: `Write ${code(meant)}${unless}.`, ...moved(file, meant, value), kind: "runner" },
			};
		},
		more: `The keys of runners up to ${giteaKeysUpTo} are known here. A later release may know more, so this is a warning.`,
	}),

	"misplaced-key": reason<MisplacedKey>({
		level: "fail",
		title: "A key is in the wrong section",
		headline: ({ key }) => titleWith("", key, " is in the wrong section"),
		why: "The runner ignores the key there, so the setting has no effect.",
		expected: ({ right }) => code(right),
		tell: ({ file, key, right, value }) => ({
			what: `The runner does not read ${code(cut(key))}, it reads ${code(right)}.`,
			fix: {
				text: `Move the key, with its value, to ${code(right.slice(0, right.lastIndexOf(".")))}.`,
				...moved(file, right, value),
				kind: "runner",
			},
		}),
		more: "The usual ones are `container.labels`, `runner.options`, `runner.docker_host`, and keys at the top of the file.",
	}),

	"deprecated-key": reason<DeprecatedKey>({
		level: "warn",
		title: "A key is deprecated",
		headline: ({ key }) => titleWith("", key, " is deprecated"),
		why: ({ value }) =>
			isBridge(value)
				? "The runner still reads it and warns at every start. Here, `bridge` gives each job a network of its own, and so does an empty `network`."
				: "The runner still reads it, warns at every start, and ignores it once the new key is set.",
		expected: ({ successor }) => code(successor),
		tell: ({ file, key, successor, value }) => ({
			what: `${code(key)} is deprecated. Its successor is ${code(successor)}.`,
			fix: isBridge(value)
				? { text: "Rename the key, and leave it empty.", ...moved(file, successor, emptyValue), kind: "runner" }
				: { text: "Rename the key.", ...moved(file, successor, value), kind: "runner" },
		}),
	}),
};

/** The key without its section. */
function nameIn({ section, key }: { readonly section: string; readonly key: string }): string {
	return section === "" ? key : key.slice(section.length + 1);
}

const emptyValue: Scalar = { kind: "scalar", text: "", plain: false, line: 0, column: 0 };

function isBridge(value: Tree): boolean {
	return value.kind === "scalar" && value.text === "bridge";
}

/** The lines that set the key in its place; none if the value is hidden here or has sections of its own. */
function moved(file: string, key: string, value: Tree): { readonly config?: ReturnType<typeof configLines> } {
	const parts = key.split(".");
	const indent = "  ".repeat(parts.length - 1);
	const sections = parts.slice(0, -1).map((part, depth) => `${"  ".repeat(depth)}${part}:`);
	const fitting = fitted(key, value);
	const lines = fitting && valueLines(`${indent}${parts[parts.length - 1]}:`, fitting, indent);
	return lines ? { config: configLines(file, [...sections, ...lines].join("\n")) } : {};
}

/** The value in the form that the key takes; `undefined`: nothing tells which one is meant. */
function fitted(key: string, value: Tree): Tree | undefined {
	const known = own(giteaKeys, key) ?? own(forgejoKeys, key);
	// A section, which holds its own keys.
	if (!known) return value;
	if (known.type === "environment") return undefined;
	const isList = value.kind === "list";
	if (known.type === "texts")
		return value.kind === "scalar" && !isNull(value) ? { ...value, kind: "list", items: [value] } : value;
	if (isList && known.type === "text") {
		const [only, ...more] = value.items;
		if (more.length > 0 || (only && only.kind !== "scalar")) return undefined;
		return only ?? { ...emptyValue, plain: false };
	}
	if (value.kind !== "scalar") return undefined;
	return fits(value, known.type) ? value : undefined;
}

function valueLines(start: string, value: Tree, indent: string): readonly string[] | undefined {
	if (value.kind === "map") return undefined;
	if (value.kind === "list") {
		const items = value.items.flatMap((item) => (item.kind === "scalar" && !isHidden(item.text) ? [item] : []));
		if (items.length < value.items.length || items.length > 10) return undefined;
		return items.length === 0 ? [`${start} []`] : [start, ...items.map((item) => `${indent}  - ${quoted(item)}`)];
	}
	if (isHidden(value.text)) return undefined;
	if (!value.text.includes("\n")) return [`${start} ${quoted(value)}`.trimEnd()];
	// A block takes the indentation of its first line away from all of them.
	if (/^\s|[\u0000-\u0008\u000b-\u001f]/.test(value.text)) return [`${start} ${yamlValue(value.text)}`];
	const below = value.text.trimEnd().split("\n");
	return [`${start} |`, ...below.map((line) => `${indent}  ${line}`)];
}

function quoted({ text, plain }: Scalar): string {
	return plain && text !== "" && !/: |#/.test(text) ? text : yamlValue(text);
}
