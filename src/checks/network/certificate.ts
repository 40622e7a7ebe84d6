import type { Certificate } from "../../host/host.ts";
import type { Evidence } from "../check.ts";

/** Time in which a renewal that failed can still be repaired. */
const warnDays = 14;
const day = 24 * 60 * 60 * 1000;

/**
 * Days until a certificate expires, if it should have been renewed by now.
 * @param started Start of the run, ISO 8601.
 */
export function daysLeft({ from, until }: Certificate, started: string): number | undefined {
	const [start, end, now] = [from, until, started].map((time) => Date.parse(time)) as [number, number, number];
	const left = end - now;
	const lifetime = end - start;
	if (!(left > 0 && left <= warnDays * day)) return undefined;
	// Certificates of hours or a few days come from servers that renew them (Caddy, step-ca, ACME), at a third of their lifetime.
	const isAutomatic = lifetime < 7 * day && lifetime % day !== 0;
	if (isAutomatic && left > lifetime / 3) return undefined;
	return Math.floor(left / day);
}

/** `within a day`, `in 3 days` */
export function inDays(days: number): string {
	if (days === 0) return "within a day";
	return days === 1 ? "in 1 day" : `in ${days} days`;
}

/** `2026-11-27 10:00 UTC` */
export function shownTime(time: string): string {
	return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

export function certificateEvidence(source: string, { from, until }: Certificate): Evidence {
	return { source, text: `certificate valid from ${shownTime(from)} to ${shownTime(until)}` };
}

export const expiringMore =
	"Read from the connection that is made anyway. Certificates with a lifetime of less than a week are left to the servers that renew them, until less than a third of it is left.";
