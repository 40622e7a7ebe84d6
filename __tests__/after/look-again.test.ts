import { expect, test } from "vitest";
import { lookAgain } from "../../src/after/look-again.ts";
import { checkRunner } from "../../src/check-runner.ts";
import type { Host, HttpRequest } from "../../src/host/host.ts";
import { kernelMessagesProbe } from "../../src/probes/kernel-messages.ts";
import { machineStateProbe } from "../../src/probes/machine-state.ts";
import { type OwnJob, ownJobProbe } from "../../src/probes/own-job.ts";
import { renderAfterLog, renderAfterSummary } from "../../src/render/after.ts";
import { renderAfterPrometheus } from "../../src/render/after-prometheus.ts";
import { renderAfterJson } from "../../src/render/json.ts";
import type { Report } from "../../src/report/report.ts";
import { createPolicy, createRequest } from "../support/builders.ts";
import { answered, createHost, file } from "../support/fake-host.ts";
import { engine, machine } from "./support/after.ts";

const mark = "CANARY";
const canary = (place: string): string => `${mark}${place}5f2c`;
/** Ends a group, sets a command of the log, moves the cursor, and would open HTML and a link in Markdown. */
const hostile = "\n::error::forged\n\u001b[2J<script>alert(1)</script>[x](javascript:alert(1))\u202e";
const id = "b".repeat(64);
const runtimeToken = `a.${Buffer.from('{"JobID":117}').toString("base64url")}.${canary("jwt")}`;
const job = {
	GITHUB_REPOSITORY: "o/r",
	GITHUB_SERVER_URL: "https://git.example.com",
	GITHUB_API_URL: "https://git.example.com/api/v1",
	ACTIONS_RUNTIME_TOKEN: runtimeToken,
	DEPLOY_PASSWORD: canary("env"),
};

/** The report of a start that saw a Docker daemon, as a file has it. */
async function atStart(facts: Readonly<Record<string, unknown>> = {}): Promise<Report> {
	const report = await checkRunner(createHost(), createRequest({ policy: createPolicy() }), {
		decidedBy: "input",
		policyFile: undefined,
	});
	const seen = Object.entries({ ...machine(), ...engine, ...facts });
	const answers = Object.fromEntries(seen.map(([name, value]) => [name, { ok: true, value, ms: 1 } as const]));
	return JSON.parse(JSON.stringify({ ...report, facts: { ...report.facts, ...answers } }));
}

function outputsOf(report: Awaited<ReturnType<typeof lookAgain>>): readonly string[] {
	return [
		renderAfterLog(report, { width: 120, unicode: true, color: false, groups: true }),
		renderAfterSummary(report),
		renderAfterPrometheus(report, ""),
		renderAfterJson(report),
	];
}

test("no secret and no hostile text of the kernel, Docker, the forge or the report gets into an output", async () => {
	const secrets = `${canary("env")} https://joe:${canary("login")}@x.example/ Authorization: Bearer ${canary("bearer")}abcdefghijklmnop`;
	const said = `${hostile} ${secrets}`;
	const kernel = [
		`6,1,9000000000,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=x,mems_allowed=0,global_oom,task_memcg=/y,task=${said.replace(/[,\n]/g, " ")},pid=1,uid=0`,
		`6,2,9000000000,-;NVRM: Xid (PCI:0): 31, ${said.replace(/\n/g, " ")}`,
	];
	const time = Date.now();
	const event = {
		Type: "container",
		Action: "oom",
		timeNano: time * 1e6,
		Actor: { ID: id, Attributes: { name: said } },
	};
	const step = { name: said, status: "completed", conclusion: "failure" };
	const host = createHost({
		env: job,
		files: { "/proc/uptime": "9000.00 1.0", "/var/run/docker.sock": file({ kind: "socket" }) },
		kernelLog: async () => ({ kind: "ok", value: kernel }),
		async request({ path }: HttpRequest) {
			if (path === "/_ping") return answered("OK");
			if (path.startsWith("/events?")) return answered(JSON.stringify(event));
			if (path.endsWith("/actions/jobs/117/logs"))
				return answered(`cp: ${said.replace(/\n/g, " ")}: No space left on device`);
			if (path.includes("/actions/jobs/117")) return answered({ status: said, steps: [step] });
			return answered({ message: said }, 404);
		},
	});
	const before = await atStart({
		"machine-state": { ...machine()["machine-state"], time: time - 60_000, bootId: undefined },
	});
	const report = await lookAgain(
		host,
		{ ...before, runner: { ...before.runner, name: `r ${canary("env")}` } },
		{ workspace: "/work", timeoutMs: 10_000, isOver: true, hasFailed: true },
	);
	// All of it was looked at.
	expect(JSON.stringify(report.facts)).toMatch(/oom-kill.*Xid/);
	expect(report.facts["docker-since"]).toMatchObject({ value: { events: { told: [{ action: "oom" }] } } });
	expect(report.facts["own-job"]).toMatchObject({ value: { kind: "known" } });
	expect(report.facts["job-log"]).toMatchObject({ value: { noSpace: [{}] } });
	expect(report.results.find((result) => result.id === "after/memory")).toMatchObject({ status: "error" });
	const outputs = outputsOf(report);
	for (const text of outputs) {
		expect(text).not.toContain(mark);
		expect(text).not.toMatch(/^::error/m);
		expect(text.replace(/\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
	}
	// In a code span, it is text.
	expect(outputs[1]?.replace(/`[^`\n]*`/g, "")).not.toMatch(/<script|\[x\]\(javascript/);
	expect(report.results.filter(({ title }) => title.startsWith("Unusable facts"))).toEqual([]);
});

test("what the probes of the second look say is of the form that its checks read", async () => {
	const socket = file({ kind: "socket", inode: 77 });
	const host = createHost({
		env: job,
		files: { "/proc/uptime": "9000.00 1.0", "/proc/vmstat": "oom_kill 3\n", "/var/run/docker.sock": socket },
		async request({ path }: HttpRequest) {
			if (path === "/_ping") return answered("OK");
			if (path.startsWith("/events?")) return answered("");
			if (path === "/containers/json?all=1") return answered([]);
			return answered({ message: "not found" }, 404);
		},
	});
	const before = await atStart();
	const report = await lookAgain(host, before, {
		workspace: "/work",
		timeoutMs: 10_000,
		isOver: true,
		hasFailed: true,
	});
	expect(report.results.filter(({ title }) => title.startsWith("Unusable facts"))).toEqual([]);
	expect(report.facts["docker-since"]).toMatchObject({ ok: true, value: { answer: { kind: "ok", value: "OK" } } });
});

test("a line in /etc/hosts is as much a change of how names resolve as a new resolv.conf", async () => {
	const changedAt = async (files: Record<string, ReturnType<typeof file>>) => {
		const never = () => Promise.reject(new Error("not asked"));
		const { signal } = new AbortController();
		return (await machineStateProbe.collect(createHost({ files }), createRequest(), signal, never)).resolverChanged;
	};
	const [old, young] = [file({ changed: 9000, modified: 1000 }), file({ modified: 2000 })];
	expect(await changedAt({ "/etc/resolv.conf": old, "/etc/hosts": young })).toBe(2000);
	expect(await changedAt({ "/etc/resolv.conf": young, "/etc/hosts": old })).toBe(2000);
	expect(await changedAt({ "/etc/resolv.conf": old })).toBe(1000);
	expect(await changedAt({})).toBeUndefined();
});

test("a report with impossible times is no crash, and proves nothing", async () => {
	for (const time of [1e300, -1e300, -1, "now", null]) {
		const before = await atStart({ "machine-state": { ...machine()["machine-state"], time, uptime: "0" } });
		const report = await lookAgain(createHost(), before, {
			workspace: "/work",
			timeoutMs: 1000,
			isOver: true,
			hasFailed: true,
		});
		expect(report.since).toBe(before.started);
		expect(report.caused_by, String(time)).toBe("unknown");
		expect(() => outputsOf(report)).not.toThrow();
	}
});

/** What the probe says, and where the job's token went. */
async function ask(
	isPost: boolean,
	env: Host["env"],
	timeoutMs = 6000,
	steps = [{ name: "a", status: "in_progress" }],
	startedAt = "2026-01-02T15:03:09Z",
) {
	const requests: HttpRequest[] = [];
	const host = createHost({
		env: { ...job, ...env },
		async request(request) {
			requests.push(request);
			return answered({ status: "in_progress", started_at: startedAt, steps });
		},
	});
	const never = () => Promise.reject(new Error("asks for no other probe"));
	const value: OwnJob = await ownJobProbe(isPost).collect(
		host,
		createRequest({ timeoutMs }),
		new AbortController().signal,
		never,
	);
	return { value, requests };
}

test("the job's token goes to its forge, and to nobody else", async () => {
	const { requests } = await ask(false, {});
	expect(requests.map(({ to, path, headers }) => [to, path, headers?.authorization])).toEqual([
		[
			{ host: "git.example.com", port: 443, tls: { verify: true } },
			"/api/v1/repos/o/r/actions/jobs/117",
			`Bearer ${runtimeToken}`,
		],
	]);
	for (const [env, why] of [
		[{ GITHUB_API_URL: "https://evil.example/api/v1" }, "foreign"],
		[{ GITHUB_API_URL: "http://git.example.com/api/v1" }, "insecure"],
		[{ GITHUB_API_URL: "https://git.example.com@evil.example/api/v1" }, "foreign"],
		[{ GITHUB_API_URL: undefined }, "no-api"],
		[{ ACTIONS_RUNTIME_TOKEN: "opaque" }, "no-job"],
	] as const) {
		const { value, requests } = await ask(true, env);
		expect(value).toEqual({ kind: "not-asked", why });
		expect(requests).toEqual([]);
	}
});

test("a step in progress is asked for again after the job only, and only after a wait that proves something", async () => {
	expect((await ask(true, {})).value).toMatchObject({ asked: 2 });
	expect((await ask(true, {}, 3000)).value).toMatchObject({ asked: 1 });
	expect((await ask(false, {})).value).toMatchObject({ asked: 1, inStep: true, startedAt: 1767366189000 });
	// As Gitea writes what has not happened.
	const unknown = await ask(false, {}, 6000, [], "1970-01-01T00:00:00Z");
	expect(unknown.value).not.toHaveProperty("startedAt");
	const ended = await ask(true, {}, 6000, [{ name: "a", status: "completed" }]);
	expect(ended.value).toMatchObject({ asked: 1 });
	expect(ended.value).not.toHaveProperty("inStep");
});

test("only what the kernel itself says, since the start, and of a form that names the disk", async () => {
	const collect = async (...value: readonly string[]) => {
		const host = createHost({ kernelLog: async () => ({ kind: "ok", value }) });
		const never = () => Promise.reject(new Error("asks for no other probe"));
		const answer = await kernelMessagesProbe(1000).collect(host, createRequest(), new AbortController().signal, never);
		return answer.kind === "read" ? answer.messages : [];
	};
	const oom = (constraint: string) =>
		`6,1,2000000,-;oom-kill:constraint=${constraint},nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a,task=node,pid=1,uid=0`;
	expect(await collect("3,1,2000000,-;I/O error, dev sda1, sector 8 op 0x0:(READ)")).toMatchObject([
		{ about: "io", device: "sda1" },
	]);
	expect(await collect("3,1,2000000,-;blk_update_request: I/O error, dev sda, sector 8")).toMatchObject([
		{ device: "sda" },
	]);
	// Messages of public reports: a bad sector, a failed write, and file systems that gave up.
	const told: readonly (readonly [string, string])[] = [
		["print_req_error: critical medium error, dev sdb, sector 8736552", "sdb"],
		["critical medium error, dev nvme0n1, sector 8 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2", "nvme0n1"],
		["Buffer I/O error on dev dm-0, logical block 32538624, lost async page write", "dm-0"],
		["Buffer I/O error on device sdc, logical block 228625287", "sdc"],
		[
			"EXT4-fs warning (device sdc): ext4_end_bio:323: I/O error 7 writing to inode 58327123 (offset 0 size 53248)",
			"sdc",
		],
		["XFS (dm-0): writeback error on inode 134, offset 0, sector 4096", "dm-0"],
		["XFS (dm-0): Filesystem has been shut down due to log error (0x2).", "dm-0"],
		["BTRFS: error (device sda3: state A) in btrfs_commit_transaction:2400: errno=-5 IO failure", "sda3"],
	];
	for (const [text, device] of told)
		expect(await collect(`3,1,2000000,-;${text}`), text).toMatchObject([{ about: "io", device }]);
	expect(await collect(oom("CONSTRAINT_NONE"))).toMatchObject([
		{ oom: { of: "machine", group: "/a", program: "node" } },
	]);
	// What no check reads does not push out what one does.
	const flood = Array.from({ length: 60 }, () => "3,1,3000000,-;INFO: task x:1 blocked for more than 120 seconds.");
	expect(await collect(oom("CONSTRAINT_NONE"), ...flood)).toHaveLength(1);
	// A program that bound itself to one node of the memory used that up, not the machine.
	const [bound] = await collect(oom("CONSTRAINT_MEMORY_POLICY"));
	expect(bound).toMatchObject({ about: "oom" });
	expect(bound).not.toHaveProperty("oom");
	const foreign = [
		// The job wrote it: facility 1.
		"14,1,2000000,-;I/O error, dev sda1, sector 8",
		// The name of a program, as the kernel prints it.
		"4,1,2000000,-;process '/tmp/I/O error, dev sda1, sector 8' started with executable stack",
		"3,1,999000,-;I/O error, dev sda1, sector 8",
		// A disk that cannot discard blocks keeps what it holds.
		"3,1,2000000,-;critical target error, dev sda, sector 8 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 2",
		"3,1,2000000,-;I/O error, dev sda, sector 8 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 2",
		"4,1,2000000,-;EXT4-fs warning (device sda1): ext4_dirblock_csum_verify:406: inode #2: comm x",
		"no record",
	];
	expect(await collect(...foreign)).toEqual([]);
});
