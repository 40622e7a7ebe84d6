import type { Fleet } from "../../../src/fleet/fleet.ts";
import { createResult } from "../../render/builders.ts";
import { createFleet, createFleetRunner } from "./fleets.ts";

/** A fleet with this text in every field and key that can hold one. */
export function hostileFleet(text: string): Fleet {
	const at = "2026-11-28T03:17:00.000Z";
	const finding = createResult("area/check", {
		id: text,
		status: "fail",
		reason: text,
		title: text,
		message: text,
		why: text,
		expected: text,
		observed: text,
		docs: text,
		acceptance_expired: text,
		evidence: [{ source: text, text }],
		remedy: {
			kind: "host",
			text,
			commands: [text, text],
			config: { file: text, language: "yaml", text },
			otherwise: { kind: "image", text, commands: [text] },
		},
	});
	const runner = createFleetRunner({
		name: text,
		profile: text,
		labels: [text, "gpu"],
		verdict: "misconfigured",
		failures: [text],
		warnings: [text],
		why: text,
		since: text,
		url: text,
		last_report: text,
		runner: { name: text, system: "gitea", version: text, mode: "host", os: text, arch: text, image: text, user: text },
		results: [finding, { ...finding, status: "warn" }, { ...finding, status: "skip" }],
		versions: { [text]: text, "tool/rustc": text },
		history: [
			{ at: text, status: "reported", verdict: "healthy", failures: [text], warnings: [text], url: text },
			{ at, status: "silent", failures: [text], warnings: [], url: `javascript:${text}` },
		],
	});
	return createFleet({
		generated: text,
		verdict: "misconfigured",
		runners: [runner, createFleetRunner({ status: "silent", why: text })],
		drift: [
			{
				profile: text,
				what: text,
				values: [
					{ value: text, runners: [text] },
					{ value: `${text}2`, runners: [text, "b"] },
				],
				since: text,
			},
		],
		unserved: [{ label: text, file: text, line: 1 }],
		rejected: [{ file: text, reason: text }],
		changes: [{ name: text, profile: text, before: text, now: text, came: [text], went: [text] }],
		notes: [text],
	});
}
