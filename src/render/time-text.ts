/** A time as people read it, to the minute: `2026-11-24 06:00 UTC`. */
export function timeText(iso: string): string {
	return iso.replace("T", " ").replace(/:\d\d(?:\.\d+)?Z$/, " UTC");
}
