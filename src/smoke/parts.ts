/** What `smoke` can do of what jobs do. */
export const smokeParts = ["docker", "rust", "git", "gpu"] as const;
export type SmokePart = (typeof smokeParts)[number];

/** What the input `smoke` asks for. */
export interface Smoke {
	readonly parts: readonly SmokePart[];
	/** `all`: a part that this machine has no program or device for is skipped. A part asked for by its name has to work. */
	readonly all: boolean;
}

export const smokeAllowed = `off, all, or a list of ${smokeParts.join(", ")}`;

/** `true` and `false` are what the input took when it had one part. @returns what is asked for, or the first word that nothing is known by. */
export function parseSmoke(words: readonly string[]): Smoke | { readonly unknown: string } | undefined {
	if (words.length < 2 && /^(?:off|false|)$/i.test(words[0] ?? "")) return undefined;
	const unknown = words.find((word) => !isPart(word) && !isTrue(word) && word !== "all");
	if (unknown !== undefined) return { unknown };
	if (words.includes("all")) return { parts: smokeParts, all: true };
	const asked = words.map((word) => (isTrue(word) ? "docker" : word));
	return { parts: smokeParts.filter((part) => asked.includes(part)), all: false };
}

function isPart(word: string): boolean {
	return (smokeParts as readonly string[]).includes(word);
}

function isTrue(word: string): boolean {
	return /^true$/i.test(word);
}
