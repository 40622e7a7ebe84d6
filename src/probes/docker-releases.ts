/** API versions that a release of the Docker CLI speaks, as its own documentation has them. */
export interface CliApi {
	/** What it speaks unless negotiated down or pinned. */
	readonly max: string;
	/** The release is newer than this table: it speaks `max` and perhaps newer ones too. */
	readonly atLeast?: true;
	/** It refuses to talk to an engine whose newest version lies below this. */
	readonly min: string;
}

/** [first release, its newest API version], the newest release first. Patch releases never change it. */
const newestApi: readonly (readonly [release: readonly [number, number], api: string])[] = [
	[[29, 7], "1.55"],
	[[29, 3], "1.54"],
	[[29, 2], "1.53"],
	[[29, 0], "1.52"],
	[[28, 3], "1.51"],
	[[28, 2], "1.50"],
	[[28, 1], "1.49"],
	[[28, 0], "1.48"],
	[[27, 2], "1.47"],
	[[27, 0], "1.46"],
	[[26, 0], "1.45"],
	[[25, 0], "1.44"],
	[[24, 0], "1.43"],
	[[23, 0], "1.42"],
	[[20, 10], "1.41"],
	[[19, 3], "1.40"],
	[[18, 9], "1.39"],
	[[18, 6], "1.38"],
	[[18, 3], "1.37"],
	[[18, 2], "1.36"],
	[[17, 12], "1.35"],
	[[17, 11], "1.34"],
	[[17, 10], "1.33"],
	[[17, 9], "1.32"],
	[[17, 7], "1.31"],
	[[17, 6], "1.30"],
	[[17, 5], "1.29"],
	[[17, 4], "1.28"],
	[[17, 3], "1.27"],
];

/** Releases of which nobody has yet written down what they speak: 29.6, and what came after 29.7. */
const unwritten = (major: number, minor: number): boolean => major > 29 || (major === 29 && (minor === 6 || minor > 7));

/** `undefined` for a release that is older than the table: whoever wants to know has to ask it. */
export function apiOfRelease(numbers: readonly [number, number, number]): CliApi | undefined {
	const [major, minor] = numbers;
	const max = newestApi.find(([release]) => isAtLeast(major, minor, release))?.[1];
	if (max === undefined) return undefined;
	// Three releases asked for engines of 25.0 or newer; before and after, the oldest engines still in use will do.
	const min = isAtLeast(major, minor, [29, 3]) ? "1.40" : isAtLeast(major, minor, [29, 0]) ? "1.44" : "1.24";
	return { max, min, ...(unwritten(major, minor) && { atLeast: true }) };
}

/** The first release that speaks this API version: `1.44` -> `25.0`. `undefined` where the table ends before. */
export function releaseWithApi(api: string): string | undefined {
	const [[major, minor] = []] = [...newestApi].reverse().find(([, newest]) => compareApi(newest, api) >= 0) ?? [];
	return major === undefined ? undefined : `${major}.${String(minor).padStart(major < 23 ? 2 : 1, "0")}`;
}

/** Negative, zero or positive: `1.9` comes before `1.44`. */
export function compareApi(a: string, b: string): number {
	const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
	const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
	return aMajor - bMajor || aMinor - bMinor;
}

/** `1.44`; anything else makes the CLI fail. */
export function isApiVersion(text: string): boolean {
	return /^\d{1,3}\.\d{1,3}$/.test(text);
}

function isAtLeast(major: number, minor: number, [thanMajor, thanMinor]: readonly [number, number]): boolean {
	return major > thanMajor || (major === thanMajor && minor >= thanMinor);
}
