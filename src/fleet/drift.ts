import { compare, type RunnerLooks } from "./collect-looks.ts";
import type { Drift } from "./fleet.ts";

/** Where runners of one profile differ. @param runners Those whose newest report counts. */
export function driftOf(runners: readonly RunnerLooks[]): readonly Drift[] {
	const byProfile = new Map<string, RunnerLooks[]>();
	for (const runner of runners) {
		const { profile } = runner;
		if (profile === undefined || !runner.report) continue;
		const known = byProfile.get(profile);
		if (known) known.push(runner);
		else byProfile.set(profile, [runner]);
	}
	return [...byProfile].sort(([a], [b]) => compare(a, b)).flatMap(([profile, members]) => driftIn(profile, members));
}

function driftIn(profile: string, members: readonly RunnerLooks[]): readonly Drift[] {
	const names = [...new Set(members.flatMap(({ report }) => Object.keys(report?.versions ?? {})))].sort();
	return names.flatMap((what): Drift[] => {
		const runners = new Map<string, string[]>();
		for (const { name, report } of members) {
			const value = versionOf(report?.versions, what);
			if (value === undefined) continue;
			const known = runners.get(value);
			if (known) known.push(name);
			else runners.set(value, [name]);
		}
		if (runners.size < 2) return [];
		const values = [...runners].map(([value, named]) => ({ value, runners: named }));
		values.sort((a, b) => b.runners.length - a.runners.length || compare(a.value, b.value));
		const since = sinceWhen(members, what);
		return [{ profile, what, values, ...(since !== undefined && { since }) }];
	});
}

function versionOf(versions: Readonly<Record<string, string>> | undefined, what: string): string | undefined {
	return versions && Object.getOwnPropertyDescriptor(versions, what)?.value;
}

/** When the runners began to differ: plays back, in the order of time, which runner had which value. */
function sinceWhen(members: readonly RunnerLooks[], what: string): string | undefined {
	const events = members.flatMap(({ name, past }) =>
		past.flatMap(({ at, versions }) => {
			const value = versionOf(versions, what);
			return value === undefined ? [] : [{ at, name, value }];
		}),
	);
	events.sort((a, b) => compare(a.at, b.at));
	const values = new Map<string, string>();
	const counts = new Map<string, number>();
	let since: string | undefined;
	for (const { at, name, value } of events) {
		const before = values.get(name);
		if (before !== undefined) {
			const left = (counts.get(before) ?? 1) - 1;
			if (left === 0) counts.delete(before);
			else counts.set(before, left);
		}
		values.set(name, value);
		counts.set(value, (counts.get(value) ?? 0) + 1);
		if (counts.size < 2) since = undefined;
		else since ??= at;
	}
	return since;
}
