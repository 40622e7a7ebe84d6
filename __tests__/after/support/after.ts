import { withStart } from "../../../src/after/facts.ts";
import { afterChecks } from "../../../src/after/list.ts";
import { type Cause, causeOf } from "../../../src/after/verdict.ts";
import { forForeignFacts } from "../../../src/cli/foreign-facts.ts";
import { judgeAll } from "../../../src/engine.ts";
import type { Facts } from "../../../src/probes/probe.ts";
import type { Result } from "../../../src/report/report.ts";
import { createPolicy } from "../../support/builders.ts";

/** As the second look wraps them: facts of a form that no probe writes leave a check undecided. */
const asRun = afterChecks.map(forForeignFacts);

type Values = Readonly<Record<string, unknown>>;

const gibibyte = 2 ** 30;
const started = Date.parse("2026-11-24T14:03:00.000Z");
export const ended = started + 4 * 60_000;
const own = "/sys/fs/cgroup";
export const selfId = "a".repeat(64);

const place = (freeBytes: number, freeInodes = 5_000_000, target = "/srv", fsType = "ext4") => ({
	kind: "measured",
	path: `${target}/work`,
	freeBytes,
	totalBytes: 100 * gibibyte,
	freeInodes,
	totalInodes: 6_000_000,
	source: "statfs",
	mount: { target, fsType },
});

/** A machine that is well, at a time in milliseconds after the start of the job. */
export function machine(after = 0) {
	return {
		"machine-state": {
			time: started + after,
			uptime: 1_000_000 + after,
			bootId: "559bf407-fec2-41c1-bbac-70dfb76237e1",
			oomKills: 3,
			pressure: { memory: { some: 0, full: 0 }, cpu: { some: 0, full: 0 } },
			groups: [{ path: own, version: 2, oomKills: 0, ooms: 0, cpu: { periods: 10, throttled: 0, throttledUs: 0 } }],
			mounts: [
				{ target: "/srv", fsType: "ext4", device: "8:1", name: "sda1", readOnly: false, options: "rw" },
				{ target: "/tmp", fsType: "tmpfs", device: "0:33", readOnly: false, options: "rw,size=16384k" },
			],
			ext4: { sda1: { errors: 0, writtenKiB: 1000 } },
			interfaces: ["eth0"],
			socket: { path: "/var/run/docker.sock", inode: 77 },
			resolverChanged: started - 1000,
		},
		disks: {
			places: {
				workspace: place(38 * gibibyte),
				temp: { ...place(12 * 2 ** 20, 4000, "/tmp", "tmpfs"), totalBytes: 16 * 2 ** 20, totalInodes: 4096 },
			},
		},
		container: { mode: "container", witness: "cgroup", names: [selfId] },
		job: { inJob: true, system: "gitea", capabilities: [] },
		forge: {
			url: "https://git.example.com",
			host: "git.example.com",
			isLoopback: false,
			asked: "https://git.example.com/api/v1/version",
			answer: { kind: "answered", status: 200, isJson: true },
		},
		"cache-server": { url: "http://10.0.0.1:4000", answer: { kind: "answered", status: 204, body: "" } },
	};
}

type Machine = ReturnType<typeof machine>;

/** The start as it is, and what differs from it at the end. Values of `undefined` were not seen. */
export interface Situation {
	readonly start?: Values;
	readonly end?: Values;
	/** Parts of `machine-state` that differ at the end. */
	readonly state?: Partial<Record<keyof Machine["machine-state"], unknown>>;
	/** At the start, and in whatever `end` and `state` do not name. */
	readonly both?: Values;
	readonly startState?: Partial<Record<keyof Machine["machine-state"], unknown>>;
	readonly verdict?: "healthy" | "misconfigured";
	readonly failures?: readonly string[];
	readonly hasFailed?: boolean;
}

const docker = {
	address: "unix:///var/run/docker.sock",
	answer: { kind: "ok", value: "OK" },
	events: { count: 184, oldest: started - 5000, told: [] },
	bridgeCreated: started - 86_400_000,
	containers: [],
	self: selfId,
};
const failedStep = {
	kind: "known",
	status: "in_progress",
	steps: [
		{ name: "Run fortemi/runner-check@v1", status: "completed", conclusion: "success" },
		{ name: "Run make test", status: "completed", conclusion: "failure" },
	],
	asked: 1,
};
const atEnd = { "docker-since": docker, "kernel-messages": { kind: "absent" }, "own-job": failedStep };
export const engine = {
	"docker-engine": {
		endpoint: "unix:///var/run/docker.sock",
		version: {
			kind: "ok",
			value: { version: "29.1.2", apiVersion: "1.52", components: [], server: "Docker/29.1.2 (linux)" },
		},
		info: { kind: "ok", value: {} },
	},
	"docker-endpoint": { endpoint: { kind: "unix", path: "/var/run/docker.sock" } },
	"tool-versions": { rustc: { version: "1.92.0", path: "/usr/local/cargo/bin/rustc" } },
};

function answers(values: Values): Facts {
	const known = Object.entries(values).filter(([, value]) => value !== undefined);
	return Object.fromEntries(known.map(([name, value]) => [name, { ok: true, value, ms: 1 } as const]));
}

/** The facts of both looks, as the checks get them. */
export function factsOf({ start = {}, end = {}, state = {}, both = {}, startState = {} }: Situation): Facts {
	const [first, last] = [machine(), machine(4 * 60_000)];
	const before = {
		...first,
		...engine,
		...both,
		"machine-state": { ...first["machine-state"], ...startState },
		...start,
	};
	const now = {
		...last,
		"tool-versions": engine["tool-versions"],
		...atEnd,
		...both,
		"machine-state": { ...last["machine-state"], ...startState, time: ended, uptime: 1_240_000, ...state },
		...end,
	};
	return withStart({ facts: answers(before) }, answers(now));
}

export interface Said extends Cause {
	/** `id:reason` of all that is neither a pass nor a skip. */
	readonly found: readonly string[];
	readonly results: readonly Result[];
}

/** What the second look says. */
export function say(situation: Situation): Said {
	const facts = factsOf(situation);
	const results = judgeAll(asRun, facts, createPolicy(), { started: new Date(ended).toISOString() });
	const { verdict = "healthy", failures = [], hasFailed = true } = situation;
	const before = failures.map((name): Result => {
		const [id = "", reason = ""] = name.split(":");
		return { id, status: "fail", reason, title: "", message: "", evidence: [], docs: "", duration_ms: 0 };
	});
	const record = facts["own-job"];
	const cause = causeOf(
		results,
		record?.ok ? (record.value as never) : undefined,
		{ verdict, results: before },
		hasFailed,
	);
	const found = results
		.filter(({ status }) => status !== "pass" && status !== "skip")
		.map(({ id, reason, by }) => `${id}:${reason}${by ? ` by ${by}` : ""}`);
	return { ...cause, found, results };
}
