import { anyVersion, type Comparator, type VersionRange } from "../versions.ts";

export const rangesAllowed = "a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";

/** Parses a range as people write it; `undefined` if it is not a range. Loads `semver` only for a range that needs it. */
export async function parseRange(text: string): Promise<VersionRange | undefined> {
	const wanted = text.trim();
	if (wanted === "*") return anyVersion;
	// `semver` takes an empty range for any version; in a policy it is a slip of the pen.
	if (wanted === "" || wanted.length > 200) return undefined;
	// The commonest range by far means but one thing, and is not worth the 8 ms that `semver` takes to load.
	const least = /^>=\s?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?$/.exec(wanted);
	if (least) {
		const [major, minor, patch] = [1, 2, 3].map((part) => Number(least[part] ?? 0)) as [number, number, number];
		return { text: wanted, anyOf: [[{ operator: ">=", numbers: [major, minor, patch], prerelease: [] }]] };
	}
	const { default: Range } = await import("semver/classes/range.js");
	try {
		const range = new Range(wanted);
		return { text: wanted, anyOf: range.set.map((group) => group.flatMap(comparatorOf)) };
	} catch {
		return undefined;
	}
}

/** `semver` marks "any" by a version that is not one. */
function comparatorOf(comparator: import("semver").Comparator): readonly Comparator[] {
	const { operator, semver: version } = comparator;
	if (version?.major === undefined) return [];
	const numbers = [version.major, version.minor, version.patch] as const;
	return [{ operator: operator as Comparator["operator"], numbers, prerelease: version.prerelease }];
}

/** Is there a version in both ranges? */
export async function intersect(first: VersionRange, second: VersionRange): Promise<boolean> {
	if (first.text === "*" || second.text === "*") return true;
	const { default: intersects } = await import("semver/ranges/intersects.js");
	return intersects(first.text, second.text);
}
