import type { Fleet, FleetRunner } from "../../../src/fleet/fleet.ts";

/** A runner that reported and is healthy, until `overrides` say otherwise. */
export function createFleetRunner(overrides: Partial<FleetRunner> = {}): FleetRunner {
	return {
		name: "titan",
		profile: "titan",
		labels: ["titan"],
		status: "reported",
		verdict: "healthy",
		last_report: "2026-11-28T03:17:00.000Z",
		failures: [],
		warnings: [],
		results: [],
		versions: {},
		history: [{ at: "2026-11-28T03:17:00.000Z", status: "reported", verdict: "healthy", failures: [], warnings: [] }],
		failed: 0,
		...overrides,
	};
}

/** A healthy fleet without runners, until `overrides` say otherwise. */
export function createFleet(overrides: Partial<Fleet> = {}): Fleet {
	return {
		version: 1,
		generated: "2026-11-28T06:00:00.000Z",
		verdict: "healthy",
		runners: [],
		drift: [],
		unserved: [],
		rejected: [],
		changes: [],
		notes: [],
		...overrides,
	};
}
