/**
 * Versions as tools print them, and ranges as people write them. A range is parsed by `semver` when the
 * request is made (see `policy/ranges.ts`) and kept as plain comparators, so that judging needs no library,
 * a run with nothing but `*` never loads one, and a report can be judged again from its JSON.
 */

/** [major, minor, patch] and the pre-release identifiers, e.g. nightly of 1.97.0 -> ["nightly"]. */
export interface Version {
	readonly text: string;
	readonly numbers: readonly [number, number, number];
	readonly prerelease: readonly (string | number)[];
}

export interface Comparator {
	readonly operator: "" | "<" | "<=" | ">" | ">=";
	readonly numbers: readonly [number, number, number];
	readonly prerelease: readonly (string | number)[];
}

export interface VersionRange {
	/** As it was written: `>=1.92 <2`. */
	readonly text: string;
	/** One of these groups must hold, each with all its comparators. Empty group: any version. */
	readonly anyOf: readonly (readonly Comparator[])[];
}

export const anyVersion: VersionRange = { text: "*", anyOf: [[]] };

const versionPattern =
	/(?:^|[^\w.])v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d+)*(?:-((?:alpha|beta|rc|nightly|dev|pre|ea|canary|next)[\w.-]*))?/i;

/**
 * Finds the first version in what a tool printed: `rustc 1.95.0-nightly (abc 2026-01-01)`,
 * `Docker version 20.10.24+dfsg1, build 297e128`, `git version 2.39.5 (Apple Git-154)`, `v22.11.0`.
 * A suffix of a distribution (`29.6.2-1~debian`, `+dfsg1`) is no pre-release: it changes no comparison.
 * `undefined` where there is none.
 */
export function findVersion(text: string): Version | undefined {
	const match = versionPattern.exec(text);
	if (!match) return undefined;
	const numbers = [match[1], match[2], match[3] ?? "0"].map(Number) as [number, number, number];
	const prerelease = match[4]?.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
	const tail = prerelease.length > 0 ? `-${match[4]}` : "";
	return { text: `${match[1]}.${match[2]}${match[3] === undefined ? "" : `.${match[3]}`}${tail}`, numbers, prerelease };
}

/** Negative, zero or positive, in the order of Semantic Versioning: a pre-release comes before its release. */
export function compareVersions(
	a: Pick<Version, "numbers" | "prerelease">,
	b: Pick<Version, "numbers" | "prerelease">,
): number {
	for (const index of [0, 1, 2] as const) {
		const difference = a.numbers[index] - b.numbers[index];
		if (difference !== 0) return difference;
	}
	if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
	for (let index = 0; index < Math.max(a.prerelease.length, b.prerelease.length); index++) {
		const difference = comparePart(a.prerelease[index], b.prerelease[index]);
		if (difference !== 0) return difference;
	}
	return 0;
}

function comparePart(a: string | number | undefined, b: string | number | undefined): number {
	if (a === b) return 0;
	if (a === undefined) return -1;
	if (b === undefined) return 1;
	if (typeof a === "number" && typeof b === "number") return a - b;
	if (typeof a === "number") return -1;
	if (typeof b === "number") return 1;
	return a < b ? -1 : 1;
}

/** Does a version lie in a range? A nightly of 1.97.0 satisfies `>=1.92`, as a person would expect. */
export function satisfies(version: Version, range: VersionRange): boolean {
	return range.anyOf.some((group) => group.every((comparator) => holds(version, comparator)));
}

function holds(version: Version, comparator: Comparator): boolean {
	const order = compareVersions(version, comparator);
	switch (comparator.operator) {
		case "":
			return order === 0;
		case "<":
			return order < 0;
		case "<=":
			return order <= 0;
		case ">":
			return order > 0;
		case ">=":
			return order >= 0;
	}
}
