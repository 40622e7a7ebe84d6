import { readFileSync } from "node:fs";
import { Looks } from "../../../src/fleet/collect-looks.ts";
import type { Fleet } from "../../../src/fleet/fleet.ts";
import { judgeFleet } from "../../../src/fleet/judge-fleet.ts";
import { type Look, lookOf } from "../../../src/fleet/look.ts";
import type { Report } from "../../../src/report/report.ts";

const now = "2026-11-28T06:12:00.000Z";
const read = (name: string): Report => JSON.parse(readFileSync(`__tests__/fixtures/reports/${name}.json`, "utf8"));

/** A kind of runner: its label, its names, and what it is like when it is well. */
const kinds = [
	{ label: "matric-builder", name: "builder", report: read("healthy-container") },
	{ label: "matric-builder-gpu", name: "builder-gpu", report: read("healthy-container") },
	{ label: "titan", name: "titan", report: read("healthy-host") },
	{ label: "gpu", name: "gpu", report: read("healthy-host") },
] as const;
const [broken, degraded] = [read("broken-container"), read("degraded-host")];

/** Always the same numbers from 0 to 1. */
function numbers(): () => number {
	let state = 7;
	return () => {
		state = (state * 16807) % 2147483647;
		return state / 2147483647;
	};
}

/** It has sent no report for three nights. */
function isGone(name: string): boolean {
	return /^(?:titan-3|.*-[1-9]50)$/.test(name);
}

/** A fleet as its collector makes it, of this many runners and a look of every night. What is wrong is taken from real reports. */
export function plausibleFleet(count: number, nights: number): Fleet {
	const random = numbers();
	const looks = new Looks();
	const names = [...Array(count).keys()].map((index) => {
		const kind = kinds[index % kinds.length] ?? kinds[0];
		return { kind, name: `${kind.name}-${Math.floor(index / kinds.length) + 1}`, luck: random() };
	});
	for (const { kind, name, luck } of names) {
		let sickFor = 0;
		for (let night = nights - 1; night >= 0; night--) {
			if (isGone(name) && night < 3) continue;
			if (sickFor === 0 && random() < (luck > 0.8 ? 0.1 : 0.012)) sickFor = 1 + Math.floor(random() * 4);
			const isSick = sickFor > 0 || (luck < 0.06 && night < 2);
			if (sickFor > 0) sickFor--;
			const isWeak = luck > 0.3 && luck < 0.4;
			const source = isSick ? broken : isWeak ? degraded : kind.report;
			looks.add(lookFor(source, { kind, name, night, isOld: luck > 0.2 && luck < 0.27 && night < 6 }));
		}
	}
	return judgeFleet({
		looks,
		expected: names
			.filter(({ name }) => isGone(name))
			.map(({ name, kind: { label } }) => ({ name, profile: label, by: "the policy expects this runner" })),
		waiting: [{ labels: ["arm64"], since: "2026-11-28T03:17:00.000Z" }],
		labelsOf: (profile) => [profile],
		now,
		maxAgeMs: 26 * 3_600_000,
		unserved: [{ label: "arm64", file: ".gitea/workflows/release.yml", line: 31 }],
		rejected: [],
		notes: ["The token may not list runners, so nothing is known about runners that are offline or disabled."],
	});
}

interface Night {
	readonly kind: (typeof kinds)[number];
	readonly name: string;
	readonly night: number;
	/** It has an older compiler than the others of its kind. */
	readonly isOld: boolean;
}

function lookFor(source: Report, { kind, name, night, isOld }: Night): Look {
	const at = new Date(Date.parse("2026-11-28T03:17:00.000Z") - night * 86_400_000).toISOString();
	const url = `https://git.example/fortemi/fortemi/actions/runs/${900 - night}/jobs/1`;
	const report = { ...source, started: at, profile: { ...source.profile, name: kind.label } };
	const look = lookOf(
		{ ...report, runner: { ...source.runner, system: "gitea", version: "v3.3.0", name } },
		{
			labels: [kind.label],
			url,
		},
	);
	const rustc = isOld ? "1.91.0" : "1.92.0";
	return { ...look, versions: { ...look.versions, "tool/rustc": rustc, "tool/cargo": rustc, docker: "29.1.2" } };
}
