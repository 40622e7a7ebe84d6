import type { Look } from "./look.ts";

/** Looks of one runner and profile that are kept: what the history shows. */
const maxHistory = 60;

/** What is kept of a look that is not the newest. */
export type PastLook = Pick<
	Look,
	"at" | "status" | "verdict" | "failures" | "warnings" | "url" | "versions" | "labels"
>;

/** All looks at one runner under one profile. */
export interface RunnerLooks {
	readonly name: string;
	readonly profile?: string;
	/** Oldest first. */
	readonly past: readonly PastLook[];
	readonly newest: Look;
	/** The newest look that brought a report, if any. */
	readonly report?: Look;
	readonly after?: Look["after"];
}

interface Open {
	past: PastLook[];
	newest: Look;
	report?: Look;
	after?: { runner: number; job: number; unknown: number };
}

/** Collects looks, in any order, and drops at once what the fleet does not need of the older ones. */
export class Looks {
	readonly #runners = new Map<string, Open>();

	add(look: Look): void {
		const key = JSON.stringify([look.name, look.profile]);
		const known = this.#runners.get(key);
		const open: Open = known ?? { past: [], newest: look };
		if (!known) this.#runners.set(key, open);
		// The same report in two folders is one look.
		const isSame = ({ at, status, verdict }: PastLook) =>
			at === look.at && status === look.status && verdict === look.verdict;
		if (open.past.some(isSame)) return;
		open.past.push(pastOf(look));
		if (look.at > open.newest.at) open.newest = look;
		if (look.status === "reported" && (!open.report || look.at >= open.report.at)) open.report = look;
		if (look.after) {
			open.after ??= { runner: 0, job: 0, unknown: 0 };
			for (const cause of ["runner", "job", "unknown"] as const) open.after[cause] += look.after[cause];
		}
		if (open.past.length > 2 * maxHistory) open.past = lastOf(open.past);
	}

	/** In the order of their names. */
	all(): readonly RunnerLooks[] {
		const entries = [...this.#runners.values()].map(({ past, newest, report, after }): RunnerLooks => {
			const { name, profile } = newest;
			return {
				name,
				...(profile !== undefined && { profile }),
				past: lastOf(past),
				newest,
				...(report && { report }),
				...(after && { after }),
			};
		});
		return entries.sort((a, b) => compare(a.name, b.name) || compare(a.profile ?? "", b.profile ?? ""));
	}
}

function pastOf({ at, status, verdict, failures, warnings, url, versions, labels }: Look): PastLook {
	return { at, status, ...(verdict && { verdict }), failures, warnings, ...(url && { url }), versions, labels };
}

function lastOf(looks: readonly PastLook[]): PastLook[] {
	return [...looks].sort((a, b) => compare(a.at, b.at)).slice(-maxHistory);
}

/** The same order on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
