const sizeUnits: Readonly<Record<string, number>> = {
	"": 1,
	b: 1,
	kb: 1e3,
	mb: 1e6,
	gb: 1e9,
	tb: 1e12,
	kib: 2 ** 10,
	mib: 2 ** 20,
	gib: 2 ** 30,
	tib: 2 ** 40,
};

export const sizesAllowed = "a size with a unit such as `40GiB` or `500MB`, or a plain number of bytes";

/** Bytes of `40GiB`, `1.5 TB`, `4096`; `undefined` if it is not a size. */
export function parseSize(text: string): number | undefined {
	const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.exec(text.trim());
	const factor = sizeUnits[(match?.[2] ?? "").toLowerCase()];
	if (!match || factor === undefined) return undefined;
	const bytes = Math.round(Number(match[1]) * factor);
	return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export const durationsAllowed = "a duration such as `500ms`, `10s` or `2m`";

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `500ms`, `10s`, `2m`, `26h`, `30d`; `undefined` if it is not a duration. */
export function parseDuration(text: string): number | undefined {
	const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(text.trim());
	const factor = durationUnits[match?.[2] ?? ""];
	return match && factor !== undefined ? Math.round(Number(match[1]) * factor) : undefined;
}

/** A whole number of at least 0, with `_` or `,` between groups of digits as people write them: `1,000,000`. */
export function parseWholeNumber(text: string): number | undefined {
	const digits = text.trim().replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g, "");
	const value = /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
	return value;
}

/** Bytes as a policy states them: `40GiB`, `1536MiB`, `1500B`. */
export function writtenSize(bytes: number): string {
	for (const [unit, factor] of [
		["TiB", 2 ** 40],
		["GiB", 2 ** 30],
		["MiB", 2 ** 20],
		["KiB", 2 ** 10],
		["TB", 1e12],
		["GB", 1e9],
		["MB", 1e6],
	] as const) {
		if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
	}
	return `${bytes}B`;
}
