import file from "./docker-cli-releases.json" with { type: "json" };

/** API versions that a release of the Docker CLI speaks. */
export interface CliApi {
	/** What it speaks unless it is negotiated down or pinned. */
	readonly max: string;
	/** The release is not in the table: it speaks `max` or newer. */
	readonly atLeast?: true;
	/** It refuses an engine whose newest API version is older. */
	readonly min: string;
}

/** One entry of `docker-cli-releases.json`. */
export interface CliRelease {
	/** First release: `29.3`. */
	readonly from: string;
	/** Last release whose API version is documented. Default: the last one before the next entry. */
	readonly upTo?: string;
	readonly newestApi: string;
	readonly oldestEngineApi: string;
	/** Version -> API version: `1.54`, `1.54 or newer`. */
	readonly examples: Readonly<Record<string, string>>;
}

/** The newest first. A test validates them against `docker-cli-releases.schema.json`, which JSON's inferred type is too wide for. */
export const cliReleases = file.releases as unknown as readonly CliRelease[];

/** `undefined` for a release that is older than the table: only the CLI itself can tell. */
export function apiOfRelease([major, minor]: readonly [number, number, number]): CliApi | undefined {
	const release = `${major}.${minor}`;
	const entry = cliReleases.find(({ from }) => compareApi(release, from) >= 0);
	if (!entry) return undefined;
	const isDocumented = entry.upTo === undefined || compareApi(release, entry.upTo) <= 0;
	return { max: entry.newestApi, min: entry.oldestEngineApi, ...(!isDocumented && { atLeast: true }) };
}

/** The first release that speaks this API version: `1.44` -> `25.0`. `undefined` if the table has none. */
export function releaseWithApi(api: string): string | undefined {
	return [...cliReleases].reverse().find(({ newestApi }) => compareApi(newestApi, api) >= 0)?.from;
}

/** Negative, zero or positive: `1.9` comes before `1.44`. It compares releases too: `18.9` equals `18.09`. */
export function compareApi(a: string, b: string): number {
	const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
	const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
	return aMajor - bMajor || aMinor - bMinor;
}

/** `1.44`; the CLI fails with anything else. */
export function isApiVersion(text: string): boolean {
	return /^\d{1,3}\.\d{1,3}$/.test(text);
}
