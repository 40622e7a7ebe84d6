import type { Edit } from "../../checks/check.ts";
import type { KnownKey } from "../../knowledge/config-keys.ts";
import { fits } from "../read/go-values.ts";
import type { Entry, Position, Scalar, Tree } from "../read/tree.ts";

/** Writes another value. @param to As it is to be in the file, with quotes if it needs them. */
export function rewritten(scalar: Scalar, to: string): readonly Edit[] {
	const { line, column, text, plain } = scalar;
	return [{ line, column, from: plain ? [text] : [`"${text}"`, `'${text}'`], to }];
}

/** Writes another text in place of a text. */
export function rewrittenText(scalar: Scalar, to: string): readonly Edit[] {
	return rewritten(scalar, JSON.stringify(to));
}

/** Writes another key. */
export function renamed({ key, line, column }: Entry, to: string): readonly Edit[] {
	return [{ line, column, from: [key, `"${key}"`, `'${key}'`], to }];
}

/** Writes a setting of a unit in another way. */
export function rewrittenSetting(
	{ line, column, name, value }: Position & { readonly name: string; readonly value: string },
	to: string,
): readonly Edit[] {
	return [{ line, column, from: writtenSettings(name, value), to }];
}

/** Moves the remark behind a setting of a unit to a line of its own. */
export function withoutRemarkBehind(place: Position, name: string, bare: string): readonly Edit[] {
	return [
		{ line: place.line, column: place.column, from: writtenSettings(name, bare), to: `${name}=${bare}`, remark: true },
	];
}

function writtenSettings(name: string, value: string): readonly string[] {
	return ["=", " = ", "= ", " ="].map((sign) => `${name}${sign}${value}`);
}

/**
 * Keys that give jobs or others more than they had, labels, which would replace those that the runner was registered with, and keys
 * that may end what works: a cache or an image that is not where they say, another place of the workspace. A key of this kind that
 * the runner ignored so far is for a person to decide, however clear its name is.
 */
const forPeople = new Set([
	"cache.external_server",
	"container.force_pull",
	"container.workdir_parent",
	"host.workdir_parent",
	"container.privileged",
	"container.docker_host",
	"container.options",
	"container.valid_volumes",
	"container.bind_workdir",
	"container.network",
	"runner.insecure",
	"runner.labels",
]);

/** May a key that the runner ignored so far take effect, with this value? */
export function maySet(key: string, value: Tree, known: KnownKey | undefined): boolean {
	if (!known || known.secret || forPeople.has(key)) return false;
	switch (known.type) {
		case "texts":
			return value.kind === "list" && value.items.every((item) => item.kind === "scalar");
		case "environment":
			return value.kind === "map" && value.entries.every((entry) => entry.value.kind === "scalar");
		default:
			return value.kind === "scalar" && value.text !== "" && fits(value, known.type);
	}
}
