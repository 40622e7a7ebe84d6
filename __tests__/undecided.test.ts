/** Every `error`, whatever caused it, says what a finding says: a title, what, why, expected, observed, and what to do. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Check } from "../src/checks/check.ts";
import { allChecks } from "../src/checks/list.ts";
import { hasWait } from "../src/checks/waits.ts";
import { forForeignFacts } from "../src/cli/foreign-facts.ts";
import { judgeAll, probesOf } from "../src/engine.ts";
import type { Policy } from "../src/policy/policy.ts";
import type { Answer, Facts } from "../src/probes/probe.ts";
import { annotationOf } from "../src/render/annotations.ts";
import { renderJunit } from "../src/render/junit.ts";
import { renderLog } from "../src/render/log.ts";
import { renderSummary } from "../src/render/summary.ts";
import { headlineOf } from "../src/render/view.ts";
import type { Report, Result } from "../src/report/report.ts";
import { casesIn, judgeCase } from "./support/cases.ts";

const folder = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const reports = readdirSync(folder("fixtures/reports"))
	.sort()
	.map((name) => [name, JSON.parse(readFileSync(join(folder("fixtures/reports"), name), "utf8")) as Report] as const);

/** Title -> ids of the checks that used it, over this whole file. */
const titles = new Map<string, Set<string>>();
let errors = 0;

function check(result: Result): void {
	if (result.status !== "error") return;
	errors++;
	const { id, title, message, why, expected, observed, remedy, evidence } = result;
	const texts = { title, message, why, expected, observed, remedy: remedy?.text };
	for (const [name, text] of Object.entries(texts)) {
		expect(typeof text === "string" && text.trim() !== "", `${id} (${message}) has no ${name}`).toBe(true);
	}
	expect(evidence.length, `${id} (${message}) has no evidence`).toBeGreaterThan(0);
	expect(title.length, title).toBeLessThanOrEqual(60);
	titles.set(title, (titles.get(title) ?? new Set()).add(id));
}

/** The checks of a run with this policy. */
function checksFor(policy: Policy): readonly Check[] {
	return allChecks.flatMap((entry): readonly Check[] => ("expand" in entry ? entry.expand(policy) : [entry]));
}

/** Without prerequisites, so that no check hides behind another. */
function judgedAlone(policy: Policy, facts: Facts): readonly Result[] {
	const moment = { started: "2026-11-24T06:00:00.000Z" };
	return checksFor(policy).flatMap((one) => judgeAll([forForeignFacts({ ...one, after: [] })], facts, policy, moment));
}

/** Policies that ask for everything, and that forbid everything. */
function policiesOf({ expectations }: Report): readonly Policy[] {
	const all: Policy = {
		...expectations,
		severity: {},
		skip: [],
		accept: [],
		runsIn: "container",
		image: "ghcr.io/team/builder:1",
		imageMaxAgeDays: 30,
		docker: { require: "required", plugins: ["buildx", "compose"] },
		gpu: { ...expectations.gpu, require: "required", count: 1, memory: 2 ** 30, freeMemory: 2 ** 30 },
		privileged: "forbidden",
		toolCache: "persistent",
		disk: [{ path: "workspace", free: 1, inodes: 1 }],
		memory: 1,
		cpus: 1,
		shm: 1,
		openFiles: 1,
		registries: ["ghcr.io", "Bad_Ref:Tag"],
		services: [{ name: "ollama", url: "http://localhost:11434", models: [] }],
	};
	const none: Policy = {
		...all,
		runsIn: "host",
		docker: { require: "forbidden", plugins: [] },
		gpu: { ...expectations.gpu, require: "forbidden" },
	};
	return [all, none];
}

describe("every case that is undecided", () => {
	it.each(casesIn(folder("cases")).filter(({ reason }) => reason === "error"))("$name explains itself", async (one) => {
		const { result } = await judgeCase(one);
		check(result);
	});
});

describe("every check", () => {
	it.each(reports)("explains a timeout, a crash and missing facts of each of its probes (%s)", (_, report) => {
		for (const policy of policiesOf(report)) {
			for (const { name } of probesOf(checksFor(policy))) {
				const answers: readonly (Answer<unknown> | undefined)[] = [
					{ ok: false, reason: "timeout", message: "no answer within 10 s", ms: 10_000 },
					{ ok: false, reason: "mount", message: "`/mnt/gone` does not answer", ms: 5000 },
					{ ok: false, reason: "crashed", message: "spawn EMFILE", ms: 1 },
					{ ok: false, reason: "crashed", message: "x is not a function", ms: 1 },
					undefined,
				];
				for (const answer of answers) {
					const facts = Object.fromEntries(
						Object.entries({ ...report.facts, [name]: answer }).filter(([, one]) => one),
					);
					for (const result of judgedAlone(policy, facts as Facts)) check(result);
				}
			}
		}
	});

	it("has a probe whose wait is described", () => {
		const probes = reports.flatMap(([, report]) => policiesOf(report).flatMap((policy) => probesOf(checksFor(policy))));
		expect([...new Set(probes.map(({ name }) => name))].filter((name) => !hasWait(name))).toEqual([]);
	});
});

/** What a part of the facts becomes if a probe could not find it out, or a report was edited. */
const damages: readonly unknown[] = [
	undefined,
	null,
	"",
	[],
	{},
	{ kind: "unreadable", code: "EACCES", source: "/x", path: "/x" },
	{ kind: "unreadable", code: "EMFILE", source: "/x", path: "/x" },
	{ kind: "timed-out", stdout: "", stderr: "", ms: 10_000, abandoned: true },
	{ kind: "failed", code: "EIO", message: "read EIO" },
	{ kind: "http-error", status: 500, body: "broken" },
	{ kind: "ran", outcome: { kind: "not-started", code: "EMFILE", stdout: "", stderr: "", ms: 1 } },
	{ kind: "search-timed-out", directory: "/mnt/gone/bin" },
	{ kind: "unknown", path: "/x", code: "EIO" },
];

/** The value with one of its parts replaced, for every part down to three levels. */
function* damaged(value: unknown, depth = 3): Generator<unknown> {
	for (const damage of damages) yield damage;
	if (depth === 0 || typeof value !== "object" || value === null) return;
	for (const [key, part] of Object.entries(value).slice(0, 40)) {
		for (const other of damaged(part, depth - 1)) {
			yield Array.isArray(value)
				? value.map((one, at) => (String(at) === key ? other : one))
				: { ...value, [key]: other };
		}
	}
}

describe("damaged facts", () => {
	it.each(reports)(
		"of %s leave only errors that explain themselves",
		(_, report) => {
			for (const policy of policiesOf(report)) {
				const checks = checksFor(policy).map((one) => forForeignFacts({ ...one, after: [] }));
				for (const [name, answer] of Object.entries(report.facts)) {
					if (!answer.ok) continue;
					const concerned = checks.filter((one) => Object.values(one.needs).some((probe) => probe.name === name));
					for (const value of damaged(answer.value)) {
						const facts = { ...report.facts, [name]: { ok: true, value, ms: 1 } } as Facts;
						for (const one of concerned) {
							for (const result of judgeAll([one], facts, policy, { started: report.started })) check(result);
						}
					}
				}
			}
		},
		120_000,
	);
});

afterAll(() => {
	expect(errors).toBeGreaterThan(1000);
	const shared = [...titles]
		.filter(([, ids]) => ids.size > 1)
		.map(([title, ids]) => `${title}: ${[...ids].join(", ")}`);
	expect(shared, "titles that two checks share").toEqual([]);
});

describe("every renderer", () => {
	const [, report] = reports.find(([name]) => name === "healthy-container.json") as (typeof reports)[number];
	const [policy] = policiesOf(report) as [Policy, Policy];
	const late: Answer<unknown> = { ok: false, reason: "timeout", message: "no answer within 10 s", ms: 10_000 };
	const results = judgedAlone(policy, { ...report.facts, "docker-storage": late }).filter(
		({ id }) => id === "docker/storage",
	);
	const undecided: Report = { ...report, results, counts: { pass: 0, warn: 0, fail: 0, error: 1, skip: 0 } };
	const [result] = results as [Result];

	it.each<[string, () => string]>([
		["log", () => renderLog(undecided, { color: false, unicode: true, groups: false, width: 1000 })],
		["summary", () => renderSummary(undecided)],
		["junit", () => renderJunit(undecided)],
		["annotation", () => annotationOf(result, false).message + annotationOf(result, false).properties.title],
	])("%s prints its title, its fix and its command", (name, render) => {
		const text = render().replace(/&(?:quot|#x27|apos);/g, "'");
		expect(text).toContain("timeout 60 docker system df");
		expect(text).toContain("Usual causes are");
		if (name !== "junit") expect(text).toContain("timed out");
		expect(headlineOf(result)).not.toMatch(/^Could not decide/);
	});
});
