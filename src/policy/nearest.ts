/** The known word that a misspelled one most likely means; `undefined` if none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
	let best: { word: string; distance: number } | undefined;
	for (const candidate of known) {
		const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
		// A word of which no letter is left is another word.
		const isClose = distance <= Math.max(2, Math.floor(candidate.length / 3)) && distance < candidate.length;
		if (isClose && (!best || distance < best.distance)) {
			best = { word: candidate, distance };
		}
	}
	return best?.word;
}

/** Insertions, deletions and substitutions between two words, each looked at up to 80 characters. */
export function editDistance(first: string, second: string): number {
	const a = first.slice(0, 80);
	const b = second.slice(0, 80);
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
			current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
		}
		previous = current;
	}
	return previous[b.length] ?? 0;
}
