import { afterEach, describe, expect, it, vi } from "vitest";
import { type Check, defineCheck, type Verdict } from "../src/checks/check.ts";
import { matchesId } from "../src/checks/matches-id.ts";
import { collectFacts } from "../src/collect.ts";
import { judgeAll, probesOfFindings } from "../src/engine.ts";
import { DeadMount, unlessDead } from "../src/host/dead-mount.ts";
import type { Policy } from "../src/policy/policy.ts";
import type { Facts, Probe } from "../src/probes/probe.ts";
import type { Result } from "../src/report/report.ts";
import { createPolicy, createRequest } from "./support/builders.ts";
import { createHost } from "./support/fake-host.ts";

const thing: Probe<{ broken: boolean }> = { name: "thing", collect: async () => ({ broken: false }) };

const finding = (level?: "warn" | "fail"): Verdict<"broken"> => ({
	kind: "finding",
	reason: "broken",
	message: "The thing is broken.",
	why: "Nothing works.",
	expected: "a whole thing",
	observed: "a broken thing",
	evidence: [{ source: "thing", text: "crack" }],
	remedy: { text: "Mend it.", kind: "host" },
	...(level && { level }),
});

const unsureVerdict: Verdict = {
	kind: "undecided",
	title: "The thing cannot be seen",
	message: "The file of the thing cannot be read.",
	why: "Nothing may work.",
	expected: "a thing",
	observed: "EACCES",
	evidence: [{ source: "thing", text: "EACCES" }],
	remedy: { text: "Open the file.", kind: "host" },
};

const pass = (text: string): Verdict => ({
	kind: "pass",
	message: "It is whole.",
	evidence: [{ source: "thing", text }],
});

function createCheck(id: string, overrides: Partial<Check> = {}): Check {
	return defineCheck({
		id,
		title: `${id} is whole`,
		reasons: { broken: { level: "fail", title: "It is broken." }, worn: { level: "warn", title: "It is worn." } },
		needs: { thing },
		judge: ({ thing }) => ((thing as { broken: boolean }).broken ? finding() : pass("seen whole")),
		...overrides,
	});
}

const whole: Facts = { thing: { ok: true, value: { broken: false }, ms: 3 } };
const broken: Facts = { thing: { ok: true, value: { broken: true }, ms: 3 } };

function judgeWith(checks: readonly Check[], facts: Facts, policy: Policy = createPolicy()): readonly Result[] {
	return judgeAll(checks, facts, policy, { started: "2026-11-24T06:00:00.000Z" });
}

const briefly = (results: readonly Result[]) =>
	results.map(({ id, status, reason }) => `${id} ${status} ${reason ?? ""}`.trim());

describe("judgeAll", () => {
	it.each(["", "  \n"])("passes nothing on evidence that says nothing: %j", (text) => {
		const [result] = judgeWith([createCheck("a/one", { judge: () => pass(text) })], whole);
		expect(result).toMatchObject({ status: "error", reason: "undecided" });
		expect(result?.title).toContain("a/one");
	});

	it("is not stopped by evidence without a text, to which the facts of a report from elsewhere can lead", () => {
		const results = judgeWith(
			[createCheck("a/one", { judge: () => pass(undefined as never) }), createCheck("a/two")],
			whole,
		);
		expect(briefly(results)).toEqual(["a/one error undecided", "a/two pass"]);
	});

	it("passes what is whole and fails what is broken, with everything that the verdict says", () => {
		expect(briefly(judgeWith([createCheck("a/one")], whole))).toEqual(["a/one pass"]);
		const [result] = judgeWith([createCheck("a/one")], broken);
		expect(result).toMatchObject({
			status: "fail",
			reason: "broken",
			expected: "a whole thing",
			observed: "a broken thing",
			docs: "docs/checks/a.md#one",
			duration_ms: 3,
		});
	});

	it("gives an error, never a pass, where a probe crashed, overran or is not there", () => {
		const crashed: Facts = { thing: { ok: false, reason: "crashed", message: "boom", ms: 1 } };
		const late: Facts = { thing: { ok: false, reason: "timeout", message: "no answer within 10 s", ms: 10_000 } };
		expect(briefly(judgeWith([createCheck("a/one")], crashed))).toEqual(["a/one error crashed"]);
		expect(briefly(judgeWith([createCheck("a/one")], late))).toEqual(["a/one error timeout"]);
		expect(briefly(judgeWith([createCheck("a/one")], {}))).toEqual(["a/one error no-facts"]);
	});

	it("judges a report that lacks what no input named by facts of nothing", () => {
		const needs = { thing: { ...thing, unnamed: { broken: false } } };
		expect(briefly(judgeWith([createCheck("a/one", { needs })], {}))).toEqual(["a/one pass"]);
		expect(briefly(judgeWith([createCheck("a/one", { needs })], broken))).toEqual(["a/one fail broken"]);
	});

	it("gives an error where the check itself crashes or cannot decide", () => {
		const crashing = createCheck("a/crashing", {
			judge: () => {
				throw new Error("a bug");
			},
		});
		const unsure = createCheck("a/unsure", { judge: () => unsureVerdict });
		expect(briefly(judgeWith([crashing, unsure], whole))).toEqual([
			"a/crashing error crashed",
			"a/unsure error undecided",
		]);
	});

	it("skips what comes after a failure, and names the root of a chain", () => {
		const chain = [
			createCheck("c/third", { after: ["b/second"] }),
			createCheck("b/second", { after: ["a/first"] }),
			createCheck("a/first"),
		];
		expect(briefly(judgeWith(chain, broken))).toEqual([
			"c/third skip needs:a/first",
			"b/second skip needs:a/first",
			"a/first fail broken",
		]);
		expect(briefly(judgeWith(chain, whole))).toEqual(["c/third pass", "b/second pass", "a/first pass"]);
	});

	it("lets a skipped prerequisite block nothing, and an undecided one everything", () => {
		const absent = createCheck("a/absent", { judge: () => ({ kind: "skip", reason: "absent", message: "Not here." }) });
		const unsure = createCheck("a/unsure", { judge: () => unsureVerdict });
		const checks = [
			absent,
			unsure,
			createCheck("b/x", { after: ["a/absent"] }),
			createCheck("b/y", { after: ["a/unsure"] }),
		];
		expect(briefly(judgeWith(checks, whole)).slice(2)).toEqual(["b/x pass", "b/y skip needs:a/unsure"]);
	});

	it("shows what the profile does not ask for and what was switched off, and judges neither", () => {
		const unasked = createCheck("a/unasked", { applies: () => false });
		const policy = createPolicy({ skip: ["b/*"], severity: { "c/off": "off" } });
		expect(briefly(judgeWith([unasked, createCheck("b/one"), createCheck("c/off")], broken, policy))).toEqual([
			"a/unasked skip not-in-profile",
			"b/one skip disabled",
			"c/off skip disabled",
		]);
	});

	it("takes the level from the reason, from the case, and last from the policy", () => {
		const worn = createCheck("a/worn", { judge: () => ({ ...finding(), reason: "worn" }) as Verdict });
		const mild = createCheck("a/mild", { judge: () => finding("warn") });
		const checks = [worn, mild, createCheck("a/grave")];
		expect(judgeWith(checks, broken).map(({ status }) => status)).toEqual(["warn", "warn", "fail"]);
		const policy = createPolicy({ severity: { "a/worn:worn": "fail", "a/*": "warn" } });
		expect(judgeWith(checks, broken, policy).map(({ status }) => status)).toEqual(["fail", "warn", "warn"]);
	});

	it("takes a glob, with a reason and without, for severities and acceptances alike", () => {
		const severity = (entries: Record<string, "warn" | "off">) =>
			judgeWith([createCheck("a/one")], broken, createPolicy({ severity: entries }))[0];
		expect(severity({ "a/*:broken": "warn" })).toMatchObject({ status: "warn" });
		expect(severity({ "a/*": "warn", "*:broken": "off" })).toMatchObject({ status: "skip" });
		expect(severity({ "a/*:other": "warn" })).toMatchObject({ status: "fail" });
		for (const check of ["a/*", "a/*:broken", "*"]) {
			const accept = [{ check, reason: "ordered", until: "2026-12-31" }];
			expect(judgeWith([createCheck("a/one")], broken, createPolicy({ accept }))[0]).toHaveProperty("accepted");
		}
	});

	it("keeps a failure that was turned down or accepted in the way of what builds on it", () => {
		const checks = [createCheck("a/one"), createCheck("b/two", { after: ["a/one"] })];
		const down = createPolicy({ severity: { "a/one": "warn" } });
		expect(briefly(judgeWith(checks, broken, down))).toEqual(["a/one warn broken", "b/two skip needs:a/one"]);
		const accepted = createPolicy({ accept: [{ check: "a/one", reason: "ordered", until: "2026-12-31" }] });
		expect(briefly(judgeWith(checks, broken, accepted))).toEqual(["a/one skip broken", "b/two skip needs:a/one"]);
	});

	it("accepts a deviation until its last day, and says afterwards that the acceptance ran out", () => {
		const accept = (until: string) => createPolicy({ accept: [{ check: "a/one:broken", reason: "ordered", until }] });
		expect(judgeWith([createCheck("a/one")], broken, accept("2026-11-24"))[0]).toMatchObject({
			status: "skip",
			accepted: { reason: "ordered", until: "2026-11-24" },
		});
		expect(judgeWith([createCheck("a/one")], broken, accept("2026-11-23"))[0]).toMatchObject({
			status: "fail",
			acceptance_expired: "2026-11-23",
		});
	});
});

describe("details of a finding", () => {
	const culprit: Probe<{ name: string }> = { name: "culprit", collect: async () => ({ name: "gremlin" }) };
	const check = createCheck("a/curious", {
		details: { of: ["broken"], needs: { culprit } },
		judge: (facts) => {
			const { thing, culprit: by } = facts as { thing: { broken: boolean }; culprit?: { name: string } };
			return thing.broken ? { ...finding(), message: `Broken by ${by?.name ?? "someone"}.` } : pass("seen whole");
		},
	});
	const moment = { started: "2026-11-24T06:00:00.000Z" };
	const wanted = (facts: Facts, policy = createPolicy(), of = check) =>
		probesOfFindings([of, createCheck("a/other")], facts, policy, moment).map(({ name }) => name);

	it("are asked for if there is one, and for that reason only", () => {
		expect(wanted(broken)).toEqual(["culprit"]);
		expect(wanted(whole)).toEqual([]);
		expect(wanted(broken, createPolicy({ severity: { "a/curious": "off" } }))).toEqual([]);
		expect(wanted(broken, createPolicy(), { ...check, details: { of: ["worn"], needs: { culprit } } })).toEqual([]);
	});

	it("tell more about it, and their loss or failure decides nothing", () => {
		const messageOf = (facts: Facts) => judgeWith([check], { ...broken, ...facts })[0]?.message;
		expect(messageOf({ culprit: { ok: true, value: { name: "gremlin" }, ms: 1 } })).toBe("Broken by gremlin.");
		expect(messageOf({})).toBe("Broken by someone.");
		expect(messageOf({ culprit: { ok: false, reason: "timeout", message: "late", ms: 1 } })).toBe("Broken by someone.");
	});

	it("are looked for without asking again for what is known", async () => {
		let looked = 0;
		const once: Probe<number> = { name: "once", collect: async () => ++looked };
		const asking: Probe<number> = { name: "asking", collect: async (_host, _request, _signal, ask) => ask(once) };
		const known = await collectFacts([once], createHost(), createRequest());
		const facts = await collectFacts([asking], createHost(), createRequest(), undefined, undefined, known);
		expect(looked).toBe(1);
		expect(Object.keys(facts)).toEqual(["asking", "once"]);
	});
});

describe("a mount that does not answer", () => {
	const mounts: Probe<object> = { name: "mounts", collect: async () => ({}) };
	const mountCheck = createCheck("fs/mount", { needs: { mounts }, judge: () => finding() });
	const waits = createCheck("a/place", { judge: () => ({ kind: "waits-for-mount", message: "The place is on it." }) });
	const needs = createCheck("a/thing");
	const facts: Facts = {
		mounts: { ok: true, value: {}, ms: 1 },
		thing: {
			ok: false,
			reason: "mount",
			message: "the mount /mnt (nfs4, nas:/x) did not answer within 1.0 s",
			ms: 1000,
		},
	};

	it("is reported by `fs/mount` alone, wherever that is in the list", () => {
		expect(briefly(judgeWith([needs, mountCheck], facts))).toEqual([
			"a/thing skip needs:fs/mount",
			"fs/mount fail broken",
		]);
		expect(briefly(judgeWith([mountCheck, waits], { ...facts, ...whole }))).toEqual([
			"fs/mount fail broken",
			"a/place skip needs:fs/mount",
		]);
	});

	it("also blocks what comes after", () => {
		const after = createCheck("a/later", { needs: {}, after: ["a/thing"], judge: () => finding() });
		expect(briefly(judgeWith([after, needs, mountCheck], facts))[0]).toBe("a/later skip needs:fs/mount");
	});

	it("leaves a check undecided if `fs/mount` is switched off, turned down or accepted: it is never passed over", () => {
		const off = judgeWith([mountCheck, needs], facts, createPolicy({ skip: ["fs/*"] }));
		expect(briefly(off)).toEqual(["fs/mount skip disabled", "a/thing error undecided"]);
		expect(off[1]?.message).toContain("/mnt");
		const warned = judgeWith([mountCheck, needs], facts, createPolicy({ severity: { "fs/mount": "warn" } }));
		expect(briefly(warned)).toEqual(["fs/mount warn broken", "a/thing skip needs:fs/mount"]);
	});

	it("fails the probe that met it, and each that asked for that one, in the same words", async () => {
		const meets: Probe<object> = {
			name: "meets",
			collect: async (host) => ({ seen: await host.readText("/mnt/file") }),
		};
		const asks: Probe<object> = { name: "asks", collect: async (_host, _request, _signal, ask) => ask(meets) };
		const minds: Probe<object> = {
			name: "minds",
			collect: (_host, _request, _signal, ask) => unlessDead(ask(meets), ({ message }) => ({ told: message })),
		};
		const host = createHost({ readText: () => Promise.reject(new DeadMount("the mount /mnt did not answer")) });
		const answers = await collectFacts([asks, minds], host, createRequest());
		const dead = { ok: false, reason: "mount", message: "the mount /mnt did not answer" };
		expect(answers).toMatchObject({ meets: dead, asks: dead, minds: { ok: true, value: { told: dead.message } } });
	});

	it("is known to the probe that looks last", async () => {
		let met = "";
		const slow: Probe<object> = {
			name: "slow",
			async collect() {
				await new Promise((resolve) => setTimeout(resolve, 20));
				met = "met";
				return {};
			},
		};
		const last: Probe<object> = { name: "last", last: true, collect: async () => ({ met }) };
		const answers = await collectFacts([last, slow], createHost(), createRequest());
		expect(answers.last).toMatchObject({ ok: true, value: { met: "met" } });
	});
});

describe("collectFacts", () => {
	const host = createHost();
	const request = createRequest({ timeoutMs: 50 });
	const hung: Probe<never> = { name: "hung", collect: () => new Promise(() => undefined) };

	it("turns a probe that crashes or hangs into a failed answer, in the time of one deadline", async () => {
		const crashing: Probe<never> = { name: "crashing", collect: () => Promise.reject(new Error("boom")) };
		// One after the other they would take 35 s.
		const many = Array.from({ length: 100 }, (_, index) => ({ ...hung, name: `hung-${index}` }));
		const started = Date.now();
		const facts = await collectFacts([thing, crashing, ...many], host, request);
		expect(Date.now() - started).toBeLessThan(10_000);
		expect(facts.thing).toMatchObject({ ok: true, value: { broken: false } });
		expect(facts.crashing).toMatchObject({ ok: false, reason: "crashed", message: "boom" });
		expect(many.map(({ name }) => facts[name])).toEqual(
			many.map(() => expect.objectContaining({ ok: false, reason: "timeout" })),
		);
	});

	it("lets a probe that notices its deadline give what it has", async () => {
		const careful: Probe<string> = {
			name: "careful",
			collect: (_host, _request, signal) =>
				new Promise((resolve) => signal.addEventListener("abort", () => resolve("half"))),
		};
		expect(await collectFacts([careful], host, request)).toMatchObject({ careful: { ok: true, value: "half" } });
	});

	it("runs a probe once however often it is asked, and keeps its facts", async () => {
		let runs = 0;
		const counted: Probe<number> = { name: "counted", collect: async () => ++runs };
		const asking = (name: string): Probe<number> => ({ name, collect: (_h, _r, _s, ask) => ask(counted) });
		const facts = await collectFacts([asking("one"), asking("two"), counted], host, createRequest());
		expect(runs).toBe(1);
		expect(Object.keys(facts)).toEqual(["counted", "one", "two"]);
	});

	it("sorts the facts by name, whichever probe began first", async () => {
		const named = (name: string): Probe<string> => ({ name, collect: async () => name });
		const facts = await collectFacts([named("c"), named("a"), named("b")], host, request);
		expect(Object.keys(facts)).toEqual(["a", "b", "c"]);
	});

	it.each<[string, () => Promise<string>]>([
		["throws", () => Promise.reject(new Error("boom"))],
		["is done", async () => "done"],
	])("stops the programs of a probe that %s before they end", async (_, end) => {
		let running = true;
		const starting: Probe<string> = {
			name: "starting",
			collect: (_host, _request, signal) => {
				signal.addEventListener("abort", () => {
					running = false;
				});
				return end();
			},
		};
		await collectFacts([starting], host, createRequest());
		expect(running).toBe(false);
	});

	describe("while it waits", () => {
		afterEach(() => {
			vi.useRealTimers();
		});

		it("names every second the probes that are not done, and no other", async () => {
			vi.useFakeTimers();
			const lasting = (name: string, ms: number): Probe<null> => ({
				name,
				collect: () => new Promise((resolve) => setTimeout(() => resolve(null), ms)),
			});
			const named: (readonly string[])[] = [];
			const probes = [lasting("slowest", 2500), lasting("slow", 1500), lasting("quick", 10)];
			const facts = collectFacts(probes, host, createRequest(), (names) => named.push(names));
			await vi.advanceTimersByTimeAsync(5000);
			await facts;
			expect(named).toEqual([["slow", "slowest"], ["slowest"]]);
		});

		it("gives a probe that is asked for late only the rest of the time", async () => {
			vi.useFakeTimers();
			const late: Probe<unknown> = {
				name: "late",
				collect: (_host, _request, _signal, ask) =>
					new Promise((resolve) => setTimeout(resolve, 900)).then(() => ask(hung)),
			};
			const facts = collectFacts([late], host, createRequest({ timeoutMs: 1000 }));
			let ended = false;
			facts.then(() => {
				ended = true;
			});
			await vi.advanceTimersByTimeAsync(1700);
			expect(ended).toBe(true);
			expect(await facts).toMatchObject({
				hung: { ok: false, reason: "timeout" },
				late: { ok: false, reason: "timeout" },
			});
		});
	});

	it("passes the failure of an asked probe on as it is", async () => {
		const asking: Probe<unknown> = { name: "asking", collect: (_h, _r, _s, ask) => ask(hung) };
		const facts = await collectFacts([asking], host, request);
		expect(facts.asking).toMatchObject({ ok: false, reason: "timeout" });
	});
});

describe("matchesId", () => {
	it.each([
		["docker/socket", "docker/socket", true],
		["docker/socket", "docker/sockets", false],
		["docker/*", "docker/socket", true],
		["*", "docker/socket", true],
		["*/presence", "gpu/presence", true],
		["tool/*", "docker/cli", false],
		["d.cker/*", "docker/cli", false],
	])("%s and %s: %s", (pattern, id, expected) => {
		expect(matchesId(pattern, id)).toBe(expected);
	});
});
