import type { Facts, Probe } from "../probes/probe.ts";
import type { Report } from "../report/report.ts";

const prefix = "start:";

/** What a probe saw at the start of the job; `null` if it did not look, or found nothing out. */
export function atStart<T>(probe: Probe<T>): Probe<T | null> {
	return { ...only<T | null>(`${prefix}${probe.name}`), unnamed: null };
}

/** The same at the end, of a probe that looks only if it did at the start. */
export function ifLooked<T>(probe: Probe<T>): Probe<T | null> {
	return { ...only<T | null>(probe.name), unnamed: null };
}

/** The facts of a probe that is made when it is known since when it looks. */
export function only<T>(name: string): Probe<T> {
	return { name, collect: () => Promise.reject(new Error(`nobody collected ${name}`)) };
}

/** The facts of the end, and next to them those of the start. */
export function withStart(before: Pick<Report, "facts">, now: Facts): Facts {
	const known = Object.entries(before.facts).filter(([, { ok }]) => ok);
	return { ...Object.fromEntries(known.map(([name, answer]) => [`${prefix}${name}`, answer])), ...now };
}
