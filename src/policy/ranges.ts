import type { Comparator as SemverComparator } from "semver";
import Range from "semver/classes/range.js";
import intersects from "semver/ranges/intersects.js";
import { anyVersion, type Comparator, type VersionRange } from "../versions.ts";

export const rangesAllowed = "a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";

/** Parses a range as people write it; `undefined` if it is not a range. */
export function parseRange(text: string): VersionRange | undefined {
	const wanted = text.trim();
	if (wanted === "*") return anyVersion;
	// `semver` takes an empty range for any version; in a policy it is a slip of the pen.
	if (wanted === "" || wanted.length > 200) return undefined;
	try {
		const range = new Range(wanted);
		return { text: wanted, anyOf: range.set.map((group) => group.flatMap(comparatorOf)) };
	} catch {
		return undefined;
	}
}

/** `semver` marks "any" by a version that is not one. */
function comparatorOf(comparator: SemverComparator): readonly Comparator[] {
	const { operator, semver: version } = comparator;
	if (version?.major === undefined) return [];
	const numbers = [version.major, version.minor, version.patch] as const;
	return [{ operator: operator as Comparator["operator"], numbers, prerelease: version.prerelease }];
}

/** Is there a version in both ranges? */
export function intersect(first: VersionRange, second: VersionRange): boolean {
	return intersects(first.text, second.text);
}
