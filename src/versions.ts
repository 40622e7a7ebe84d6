/**
 * Versions as tools print them, and ranges as people write them. A range is parsed by `semver` when the
 * request is made (see `policy/ranges.ts`) and kept as plain comparators, so that judging needs no library
 * and a report can be judged again from its JSON.
 */

/** [major, minor, patch] and the pre-release identifiers, e.g. nightly of 1.97.0 -> ["nightly"]. */
export interface Version {
	readonly text: string;
	readonly numbers: readonly [number, number, number];
	readonly prerelease: readonly (string | number)[];
	/** The text names a build and no number (`N-117768-g1234abc`): it can be compared with nothing, and the numbers are zero. */
	readonly unnumbered?: true;
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

/**
 * Numbers with dots, perhaps with a name or a `v` stuck to them (`go1.26`, `n7.1`, `OpenSSH_9.2`), and a pre-release.
 * What is part of a time, of a path (`/versions/3.11.7/lib`) or of an address (`http://127.0.0.1:9`) is not a version.
 */
const versionPattern =
	/(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i;

/** `openjdk 21 2023-09-19`, `openjdk version "21"`, `less 590 (GNU regex)`, `v22`, `x86_64-w64-mingw32-gcc (GCC) 12-win32` */
const majorPattern = /^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|-(?:win32|posix)\b|$)/;

/** Lines that tools print before or after their version: `WARNING: …`, `npm WARN …`, `(node:42) Warning: …`, `error: …`. */
const remark =
	/^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;

/**
 * Finds the first version in what a tool printed: `rustc 1.95.0-nightly (abc 2026-01-01)`,
 * `Docker version 20.10.24+dfsg1, build 297e128`, `git version 2.39.5 (Apple Git-154)`, `v22.11.0`.
 * Warnings and errors are passed over, unless a warning itself says the version (`Warning: client version is 0.5.4`).
 * A suffix of a distribution (`29.6.2-1~debian`, `+dfsg1`) is not a pre-release: it changes no comparison.
 * `undefined` if the text has no version.
 * @param name Of the tool: a line that begins with it comes before others (`Erlang/OTP 26 [erts-14.2.1]`, then `Elixir 1.16.0`).
 */
export function findVersion(text: string, name?: string): Version | undefined {
	const lines = text.replace(/\u001b\[[\d;]*m/g, "").split(/\r\n?|\n/);
	const plain = lines.filter((line) => !remark.test(line));
	const build = unnumberedBuild(plain.find((line) => line.trim() !== "") ?? "");
	if (build !== undefined) return { text: build, numbers: [0, 0, 0], prerelease: [], unnumbered: true };
	const own = name === undefined ? [] : plain.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()} `));
	return (
		firstOf(own, dotted) ?? firstOf(plain, dotted) ?? firstOf(plain, bare) ?? firstOf(lines.filter(saysVersion), dotted)
	);
}

/**
 * `ffmpeg version N-117768-g1234abc Copyright …`, `git-2020-08-31-4a11a6f`, `mc version RELEASE.2023-12-20T07-05-07Z`: it says what it
 * is, by no number. The numbers on the lines after that are those of its compiler and its libraries.
 */
function unnumberedBuild(line: string): string | undefined {
	return dotted(line)
		? undefined
		: /^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6}|RELEASE\.\d{4}-)([a-z][\w.-]{0,80})(?=\s|$)/i.exec(line)?.[1];
}

function saysVersion(line: string): boolean {
	return remark.test(line) && /\bversion is\b/i.test(line);
}

function firstOf(lines: readonly string[], read: (line: string) => Version | undefined): Version | undefined {
	for (const line of lines) {
		const version = read(line);
		if (version) return version;
	}
	return undefined;
}

/** `gcc-12 (Debian 12.2.0-14) 12.2.0`: the package in brackets may have another version. */
const packaged = /^\s*(?:[a-z][\w+-]* ){1,3}\([^()]*\) (?=v?\d)/i;

/** `mysql  Ver 15.1 Distrib 10.11.4-MariaDB`: the first is that of the client's protocol. */
const ofClient = /\bVer \d[\d.]* (?=Distrib \d)/;

function dotted(line: string): Version | undefined {
	const told = withoutPackage(line).replace(ofClient, "");
	const match = versionPattern.exec(told.includes("://") ? told.replace(/\w+:\/\/\S+/g, "") : told);
	if (!match) return undefined;
	const [, number = "", major, minor, patch = "0", afterHyphen, attached] = match;
	const tail = afterHyphen ?? attached;
	const prerelease = tail?.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
	return {
		text: tail === undefined ? number : `${number}-${tail}`,
		numbers: [Number(major), Number(minor), Number(patch)],
		prerelease,
	};
}

function withoutPackage(line: string): string {
	return line.includes("(") ? line.replace(packaged, "") : line;
}

function bare(line: string): Version | undefined {
	const major = majorPattern.exec(withoutPackage(line))?.[1];
	return major === undefined ? undefined : { text: major, numbers: [Number(major), 0, 0], prerelease: [] };
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

/** Is a version in a range? A version without a number is only in the range of all versions. A nightly of 1.97.0 satisfies `>=1.92`, as a person would expect. */
export function satisfies(version: Version, range: VersionRange): boolean {
	return range.anyOf.some((group) => group.every((comparator) => !version.unnumbered && holds(version, comparator)));
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
