import { describe, expect, it } from "vitest";
import type { Fleet } from "../../src/fleet/fleet.ts";
import type { Look } from "../../src/fleet/look.ts";
import { failing, fleetOf, hoursAgo, lookAt, now, warning } from "./support/looks.ts";

const statesOf = ({ runners }: Fleet) => runners.map(({ name, status, verdict }) => [name, status, verdict ?? ""]);
const died: Partial<Look> = { status: "set-up-failed", why: "No image", failures: [], results: [] };
const titan = { name: "titan-1", profile: "titan", by: "the policy expects this runner" };

describe("a runner", () => {
	it("is what its newest report says", () => {
		const fleet = fleetOf([
			lookAt(1),
			lookAt(25, { results: [failing] }),
			lookAt(2, { name: "b", results: [warning] }),
		]);
		expect(statesOf(fleet)).toEqual([
			["b", "reported", "degraded"],
			["titan-1", "reported", "healthy"],
		]);
		expect(fleet.runners[1]).toMatchObject({
			profile: "titan",
			labels: ["titan"],
			last_report: hoursAgo(1),
			failures: [],
			failed: 1,
			history: [{ at: hoursAgo(25), failures: ["docker/socket:missing"] }, { at: hoursAgo(1) }],
		});
		expect(fleet.verdict).toBe("degraded");
	});

	it("has each profile apart", () => {
		const fleet = fleetOf([
			lookAt(1),
			lookAt(1, { profile: { name: "gpu", decided_by: "input" }, results: [failing] }),
		]);
		expect(fleet.runners.map(({ profile, verdict }) => [profile, verdict])).toEqual([
			["gpu", "misconfigured"],
			["titan", "healthy"],
		]);
		expect(fleet.verdict).toBe("misconfigured");
	});

	it("is silent once its newest report is older than the limit, not at it", () => {
		expect(statesOf(fleetOf([lookAt(26)]))).toEqual([["titan-1", "reported", "healthy"]]);
		const fleet = fleetOf([lookAt(26.01)]);
		expect(fleet.verdict).toBe("misconfigured");
		expect(fleet.runners).toMatchObject([
			{
				status: "silent",
				verdict: "healthy",
				since: hoursAgo(26.01),
				why: "No report within 26 h: the last one is of 2026-11-23 05:59 UTC.",
			},
		]);
	});

	it("is silent if it is expected and never reported", () => {
		const fleet = fleetOf([], { expected: [titan, titan] });
		expect(fleet.runners).toMatchObject([
			{
				name: "titan-1",
				profile: "titan",
				status: "silent",
				history: [],
				why: "The policy expects this runner, and it never sent a report.",
			},
		]);
		expect(fleet.verdict).toBe("misconfigured");
	});

	it("is not missing under another profile if no profile is expected", () => {
		const { profile: _, ...any } = titan;
		expect(statesOf(fleetOf([lookAt(1)], { expected: [any] }))).toEqual([["titan-1", "reported", "healthy"]]);
		expect(fleetOf([lookAt(1)], { expected: [{ ...titan, profile: "gpu" }] }).runners).toHaveLength(2);
	});

	it("failed in set-up if its newest job died, and keeps what its last report said", () => {
		const fleet = fleetOf([lookAt(25), lookAt(1, {}, died)]);
		expect(fleet.runners).toMatchObject([
			{
				status: "set-up-failed",
				verdict: "healthy",
				last_report: hoursAgo(25),
				why: "No image",
				failed: 1,
				since: hoursAgo(1),
			},
		]);
		expect(fleetOf([lookAt(30, {}, died)]).runners).toMatchObject([
			{ status: "silent", why: expect.stringContaining("there never was one") },
		]);
	});

	it("is sick since the first of the looks without a break", () => {
		const sick = { results: [failing] };
		const [runner] = fleetOf([
			lookAt(9),
			lookAt(7, sick),
			lookAt(6),
			lookAt(5, sick),
			lookAt(3, sick),
			lookAt(1, sick),
		]).runners;
		expect(runner?.since).toBe(hoursAgo(5));
		expect(runner?.failed).toBe(4);
	});

	it("waits if the job with its labels waits, and nobody knows the name of one that never came", () => {
		const labels = ["titan"];
		const waiting = [{ labels, since: hoursAgo(1), url: "https://git.example/1" }];
		expect(fleetOf([lookAt(25, {}, { labels })], { waiting }).runners).toMatchObject([
			{ name: "titan-1", status: "waiting", since: hoursAgo(1), url: "https://git.example/1" },
		]);
		// It was taken since.
		expect(statesOf(fleetOf([lookAt(0.5, {}, { labels })], { waiting }))).toEqual([["titan-1", "reported", "healthy"]]);
		expect(fleetOf([lookAt(1)], { waiting: [{ labels: ["gpu"], since: hoursAgo(2) }] }).runners).toMatchObject([
			{ name: "gpu", status: "waiting", labels: ["gpu"] },
			{ name: "titan-1", status: "reported" },
		]);
		expect(fleetOf([], { waiting, expected: [titan] }).runners).toMatchObject([{ name: "titan-1", status: "waiting" }]);
	});

	it.each([
		[{ online: false, disabled: false, busy: false }, "offline"],
		[{ online: true, disabled: true, busy: false }, "disabled"],
		[{ online: true, disabled: false, busy: true }, "reported"],
	])("is what the forge lists: %j", (state, status) => {
		const listed = new Map([["titan-1", { name: "titan-1", labels: ["titan"], ...state }]]);
		expect(fleetOf([lookAt(1)], { listed }).runners).toMatchObject([{ status, ...(state.busy && { busy: true }) }]);
		expect(fleetOf([], { listed, expected: [titan] }).runners).toMatchObject([
			{ status: status === "reported" ? "silent" : status },
		]);
	});

	it("is not silent if another one took the job for its labels", () => {
		const labels = ["builder"];
		const looks = [lookAt(50, { name: "a" }, { labels }), lookAt(2, { name: "b" }, { labels })];
		const fleet = fleetOf(looks);
		expect(statesOf(fleet)).toEqual([["b", "reported", "healthy"]]);
		expect(fleet.notes).toEqual([
			expect.stringMatching(/^a was not checked: other runners \(b\) took the jobs with its label builder\./),
		]);
		const expected = [{ ...titan, name: "a" }];
		expect(statesOf(fleetOf(looks, { expected }))).toContainEqual(["a", "silent", "healthy"]);
	});

	it("keeps a bounded part of a hostile report", () => {
		const results = Array.from({ length: 5000 }, () => ({ ...failing, id: `docker/${"x".repeat(2000)}` }));
		const [runner] = fleetOf([lookAt(1, { results })]).runners;
		expect(JSON.stringify(runner?.failures).length).toBeLessThan(50_000);
		expect(JSON.stringify(runner?.history).length).toBeLessThan(50_000);
	});

	it("counts the same report once, and no more than the last 60", () => {
		expect(fleetOf([lookAt(1), lookAt(1)]).runners[0]?.history).toHaveLength(1);
		const many = Array.from({ length: 500 }, (_, index) => lookAt(index / 10));
		const [runner] = fleetOf(many.reverse()).runners;
		expect(runner?.history).toHaveLength(60);
		expect(runner?.history[59]?.at).toBe(now);
	});
});

describe("the fleet", () => {
	it("is unknown without a runner", () => expect(fleetOf([]).verdict).toBe("unknown"));

	it.each([
		[["healthy", "degraded"], "degraded"],
		[["healthy", "unknown"], "unknown"],
		[["unknown", "misconfigured"], "misconfigured"],
	] as const)("is its worst runner: %j", (verdicts, worst) => {
		const looks = verdicts.map((verdict, index) => lookAt(1, { name: `r${index}`, verdict }));
		expect(fleetOf(looks).verdict).toBe(worst);
	});
});

describe("drift", () => {
	const on = (name: string, hours: number, tools: Readonly<Record<string, string>>) => lookAt(hours, { name, tools });

	it("names who differs in what, and since when", () => {
		const looks = [
			...["a", "b", "c"].map((name) => on(name, 20, { rustc: "rustc 1.91.0", node: "v22.0.0" })),
			...["a", "b"].map((name) => on(name, 10, { rustc: "rustc 1.92.0", node: "v22.0.0" })),
			...["a", "b"].map((name) => on(name, 1, { rustc: "rustc 1.92.0", node: "v22.0.0" })),
			on("c", 1, { rustc: "rustc 1.91.0", node: "v22.0.0" }),
		];
		expect(fleetOf(looks).drift).toEqual([
			{
				profile: "titan",
				what: "tool/rustc",
				values: [
					{ value: "1.92.0", runners: ["a", "b"] },
					{ value: "1.91.0", runners: ["c"] },
				],
				since: hoursAgo(10),
			},
		]);
	});

	it("begins again once they agreed", () => {
		const looks = [
			on("a", 9, { node: "v20.0.0" }),
			on("b", 8, { node: "v22.0.0" }),
			on("a", 7, { node: "v22.0.0" }),
			on("b", 3, { node: "v24.0.0" }),
		];
		expect(fleetOf(looks).drift).toMatchObject([{ what: "tool/node", since: hoursAgo(3) }]);
	});

	it("is not between profiles, nor with a runner that is silent, nor where a version is not known", () => {
		const other = { profile: { name: "gpu", decided_by: "input" } };
		expect(
			fleetOf([on("a", 1, { node: "v20.0.0" }), lookAt(1, { name: "b", tools: { node: "v22.0.0" }, ...other })]).drift,
		).toEqual([]);
		expect(fleetOf([on("a", 1, { node: "v20.0.0" }), on("b", 40, { node: "v22.0.0" })]).drift).toEqual([]);
		expect(fleetOf([on("a", 1, { node: "v20.0.0" }), on("b", 1, {})]).drift).toEqual([]);
	});

	it("is in the image, the engine and the driver too", () => {
		const facts = (digest: string, docker: string, driver: string) => {
			const answer = (value: unknown) => ({ ok: true as const, value, ms: 1 });
			return {
				"self-container": answer({
					state: "found",
					imageId: "sha256:0",
					imageDigests: [`ghcr.io/a/b@sha256:${digest}`],
				}),
				"docker-engine": answer({ version: { kind: "ok", value: { version: docker } } }),
				nvidia: answer({ kernelDriver: driver }),
			};
		};
		const looks = [
			lookAt(1, { name: "a", facts: facts("11", "26.1.5", "550.1") }),
			lookAt(1, { name: "b", facts: facts("22", "29.1.0", "580.1") }),
		];
		expect(fleetOf(looks).drift.map(({ what, values }) => [what, ...values.map(({ value }) => value)])).toEqual([
			["docker", "26.1.5", "29.1.0"],
			["image", "sha256:11", "sha256:22"],
			["nvidia-driver", "550.1", "580.1"],
		]);
	});

	it("survives facts in any form", () => {
		const answer = { ok: true as const, value: null, ms: 1 };
		const facts = {
			"self-container": answer,
			"docker-engine": { ...answer, value: { version: 7 } },
			nvidia: { ...answer, value: [] },
		};
		expect(fleetOf([lookAt(1, { facts }), lookAt(1, { name: "b", facts })]).drift).toEqual([]);
	});
});

describe("changes", () => {
	it("tells what came and what went since the look before", () => {
		const fleet = fleetOf([
			lookAt(25, { results: [warning] }),
			lookAt(1, { results: [failing] }),
			lookAt(25, { name: "b" }),
			lookAt(1, { name: "b" }),
		]);
		expect(fleet.changes).toEqual([
			{
				name: "titan-1",
				profile: "titan",
				before: "degraded",
				now: "misconfigured",
				came: ["docker/socket:missing"],
				went: ["disk/free:low"],
			},
		]);
	});

	it("tells of a new runner, if there was a look before at all", () => {
		expect(fleetOf([lookAt(1)]).changes).toEqual([]);
		expect(fleetOf([lookAt(1), lookAt(25, { name: "b" }), lookAt(1, { name: "b" })]).changes).toEqual([
			{ name: "titan-1", profile: "titan", now: "healthy", came: [], went: [] },
		]);
	});

	it("tells once that a runner became silent", () => {
		const others = [lookAt(25, { name: "b" }), lookAt(1, { name: "b" })];
		expect(fleetOf([lookAt(30), ...others]).changes).toMatchObject([
			{ name: "titan-1", before: "healthy", now: "silent", came: [], went: [] },
		]);
		expect(fleetOf([lookAt(60), ...others]).changes).toEqual([]);
	});
});
