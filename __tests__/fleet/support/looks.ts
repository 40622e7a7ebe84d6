import { Looks } from "../../../src/fleet/collect-looks.ts";
import type { Fleet } from "../../../src/fleet/fleet.ts";
import { type FleetInput, judgeFleet } from "../../../src/fleet/judge-fleet.ts";
import { type Look, lookOf } from "../../../src/fleet/look.ts";
import type { Report } from "../../../src/report/report.ts";
import { createReport, createResult, createTools } from "../../render/builders.ts";

export const now = "2026-11-24T08:00:00.000Z";

/** A time so many hours before `now`. */
export function hoursAgo(hours: number): string {
	return new Date(Date.parse(now) - hours * 3_600_000).toISOString();
}

export const failing = createResult("docker/socket", { status: "fail", reason: "missing" });
export const warning = createResult("disk/free", { status: "warn", reason: "low" });

interface ReportParts extends Partial<Report> {
	readonly name?: string;
	readonly tools?: Readonly<Record<string, string>>;
}

/** A report of a runner, so many hours ago. */
export function reportOf(hours: number, { name = "titan-1", tools, ...overrides }: ReportParts = {}): Report {
	return createReport({
		started: hoursAgo(hours),
		runner: { ...createReport().runner, name },
		profile: { name: "titan", decided_by: "input" },
		...(tools && createTools(tools)),
		...overrides,
	});
}

export function lookAt(hours: number, parts: ReportParts = {}, record: Partial<Look> = {}): Look {
	return { ...lookOf(reportOf(hours, parts)), ...record };
}

/** The fleet of these looks at `now`. */
export function fleetOf(looks: readonly Look[], input: Partial<FleetInput> = {}): Fleet {
	const collected = new Looks();
	for (const look of looks) collected.add(look);
	return judgeFleet({
		looks: collected,
		expected: [],
		labelsOf: (profile) => [profile],
		now,
		maxAgeMs: 26 * 3_600_000,
		unserved: [],
		rejected: [],
		notes: [],
		...input,
	});
}
