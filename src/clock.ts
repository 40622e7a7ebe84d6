/** Milliseconds since some moment, for durations: unlike the time of day, it never jumps. */
export function now(): number {
	// biome-ignore lint/style/noRestrictedGlobals: `performance` loads eight modules of Node.
	const [seconds, nanoseconds] = process.hrtime();
	return seconds * 1000 + nanoseconds / 1e6;
}

/** Whole milliseconds since `start`, a value of `now`. */
export function since(start: number): number {
	return Math.round(now() - start);
}

/** Even a run that has used up its time looks for this long. */
const leastMs = 100;

/** What is left of `ms` since `start`, as a number that reads well. */
export function timeLeft(ms: number, start: number): number {
	const left = Math.ceil((ms - since(start)) / 100) * 100;
	return Math.min(ms, Math.max(left, leastMs));
}
