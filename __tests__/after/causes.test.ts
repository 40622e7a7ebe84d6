import { describe, expect, test } from "vitest";
import { afterChecks } from "../../src/after/list.ts";
import { judgeAll } from "../../src/engine.ts";
import contract from "../fixtures/contract-checks.json" with { type: "json" };
import { createPolicy } from "../support/builders.ts";
import { ended, factsOf, machine, type Situation, say, selfId } from "./support/after.ts";

const mebibyte = 2 ** 20;
const state = machine()["machine-state"];
const places = machine().disks.places;
const minute = 60_000;
const base = ended - 4 * minute;

const workspace = (changes: object) => ({
	disks: { places: { ...places, workspace: { ...places.workspace, ...changes } } },
});
const temp = (changes: object) => ({ disks: { places: { ...places, temp: { ...places.temp, ...changes } } } });
const group = (changes: object) => [{ ...state.groups[0], ...changes }];
const onHost = { container: { mode: "host", witness: "GITHUB_WORKSPACE", names: [] } };
const docker = (changes: object) => ({
	"docker-since": {
		address: "unix:///var/run/docker.sock",
		answer: { kind: "ok", value: "OK" },
		events: { count: 6, oldest: base, told: [] },
		containers: [],
		self: selfId,
		...changes,
	},
});
const sibling = "b".repeat(64);
const event = (action: string, more: object = {}) => ({
	time: base + minute,
	action,
	type: "container",
	id: sibling,
	name: "postgres",
	...more,
});
const kept = (changes: object = {}) => ({
	id: sibling,
	name: "postgres",
	created: base + 1000,
	oomKilled: true,
	exitCode: 137,
	running: false,
	memory: 64 * mebibyte,
	...changes,
});
const kernel = (...messages: object[]) => ({ "kernel-messages": { kind: "read", messages } });
const record = (value: object) => ({ "own-job": value });
const steps = (...conclusions: (string | undefined)[]) =>
	conclusions.map((conclusion, at) => ({
		name: `step ${at}`,
		status: conclusion === undefined ? "in_progress" : "completed",
		...(conclusion && { conclusion }),
	}));
const gpu = (changes: object = {}) => ({
	nvidia: {
		run: {
			command: "nvidia-smi",
			ms: 9,
			form: "csv",
			kind: "exited",
			code: 0,
			messages: "",
			gpus: [{ index: 0, name: "NVIDIA H200", uuid: "GPU-1", memoryFree: 140 * 2 ** 30 }],
			...changes,
		},
	},
});
const runnerGroup = "/sys/fs/cgroup/system.slice/gitea-runner.service";

const rebooted = { bootId: "00000000-fec2-41c1-bbac-70dfb76237e1" };

type Row = readonly [what: string, situation: Situation, cause: string, found: readonly string[], sentence?: RegExp];

const runner: readonly Row[] = [
	[
		"the disk filled up",
		{ end: workspace({ freeBytes: 0 }) },
		"runner",
		["after/disk:filled"],
		/disk of the workspace.*filled up between 14:03 and 14:07 UTC$/,
	],
	[
		"the disk filled up, by the job",
		{
			end: {
				...workspace({ freeBytes: 0 }),
				"written-since": {
					written: [{ path: "/srv/jobs/target", shown: "target/", bytes: 41 * 2 ** 30, files: 9000 }],
				},
			},
		},
		"runner",
		["after/disk:filled"],
		/filled up between 14:03 and 14:07 UTC: 41 GiB written below `target\/`$/,
	],
	[
		"inodes were used up",
		{ end: workspace({ freeInodes: 0 }) },
		"runner",
		["after/inodes:used-up"],
		/ran out of inodes/,
	],
	[
		"inodes were used up by empty files",
		{
			end: {
				...workspace({ freeInodes: 0 }),
				"written-since": {
					written: [
						{ path: "/tmp/work", shown: "/tmp/work", bytes: 2 ** 16, files: 2 },
						{ path: "/srv/jobs/many", shown: "many/", bytes: 0, files: 6262 },
					],
				},
			},
		},
		"runner",
		["after/inodes:used-up"],
		/6,262 files written below `many\/`/,
	],
	[
		"without space there are no inodes on XFS: one finding",
		{ end: workspace({ freeBytes: 0, freeInodes: 0 }) },
		"runner",
		["after/disk:filled"],
	],
	[
		"remounted read-only",
		{ state: { mounts: [{ ...state.mounts[0], readOnly: true, options: "ro" }] } },
		"runner",
		["after/filesystem:read-only"],
		/file system at `\/srv` \(ext4\) became read-only between/,
	],
	[
		"an error of the file system, with mountinfo still saying rw",
		{
			state: {
				mounts: [{ ...state.mounts[0], readOnly: true, options: "rw,errors=remount-ro,emergency_ro" }],
				ext4: { sda1: { errors: 1, lastError: 1_795_000_000 } },
			},
		},
		"runner",
		["after/filesystem:read-only"],
		/after an error of the disk/,
	],
	[
		"errors that did not stop it",
		{ state: { ext4: { sda1: { errors: 2 } } } },
		"runner",
		["after/filesystem:io-error"],
	],
	[
		"errors in the kernel's log",
		{
			both: onHost,
			end: kernel({ about: "io", uptime: 1_100_000, device: "sda1", text: "I/O error, dev sda1, sector 7" }),
		},
		"runner",
		["after/filesystem:io-error"],
	],
	[
		"errors of the disk that the partition is on, as the block layer names it",
		{
			both: onHost,
			end: kernel({ about: "io", uptime: 1_100_000, device: "sda", text: "critical medium error, dev sda, sector 7" }),
		},
		"runner",
		["after/filesystem:io-error"],
	],
	[
		"the job's container was hit by the machine's own lack of memory",
		{ state: { groups: group({ oomKills: 1 }), oomKills: 4 } },
		"runner",
		["after/memory:oom-killed"],
		/had no memory left/,
	],
	[
		"a limited container that had not met its limit (v2)",
		{
			startState: { groups: group({ limitBytes: 512 * mebibyte }) },
			state: {
				groups: group({ oomKills: 1, ooms: 0, limitBytes: 512 * mebibyte, peakBytes: 90 * mebibyte }),
				oomKills: 4,
			},
		},
		"runner",
		["after/memory:oom-killed"],
	],
	[
		"a host job whose runner's group lost a process as the machine had no memory",
		{
			both: onHost,
			startState: { groups: group({ path: runnerGroup }) },
			state: { groups: group({ path: runnerGroup, oomKills: 1 }), oomKills: 4 },
			end: kernel({
				about: "oom",
				uptime: 1_100_000,
				text: "oom-kill:",
				oom: { of: "machine", group: "/system.slice/gitea-runner.service", program: "rustc" },
			}),
		},
		"runner",
		["after/memory:oom-killed"],
		/the machine ran out of memory, and the kernel killed `rustc`/,
	],
	[
		"the runner's unit has a limit, which was met",
		{
			both: onHost,
			startState: { groups: group({ path: runnerGroup }) },
			state: { groups: group({ path: runnerGroup, oomKills: 1 }), oomKills: 4 },
			end: kernel({
				about: "oom",
				uptime: 1_100_000,
				text: "oom-kill:",
				oom: {
					of: "group",
					limitGroup: "/system.slice/gitea-runner.service",
					group: "/system.slice/gitea-runner.service",
				},
			}),
		},
		"runner",
		["after/memory:oom-killed"],
	],
	[
		"a container without a limit was killed",
		{
			state: { oomKills: 4 },
			end: docker({ containers: [kept({ memory: 0 })], events: { count: 9, told: [event("oom")] } }),
		},
		"runner",
		["after/memory:oom-killed"],
	],
	[
		"the daemon was restarted: another socket",
		{ both: onHost, state: { socket: { path: "/var/run/docker.sock", inode: 99 } } },
		"runner",
		["after/docker:restarted"],
	],
	[
		"the daemon was restarted: a younger bridge",
		{ both: onHost, end: docker({ bridgeCreated: base + 2 * minute }) },
		"runner",
		["after/docker:restarted"],
		/started again at 14:05 UTC$/,
	],
	[
		"the daemon was killed",
		{
			both: onHost,
			end: docker({ answer: { kind: "failed", code: "ECONNREFUSED", message: "connect ECONNREFUSED" } }),
		},
		"runner",
		["after/docker:gone"],
	],
	[
		"the daemon was stopped, and its socket with it",
		{
			both: onHost,
			state: { socket: undefined },
			end: docker({ answer: { kind: "failed", code: "ENOENT", message: "connect ENOENT" } }),
		},
		"runner",
		["after/docker:gone"],
	],
	[
		"the network was removed, and nothing else is blamed for it",
		{
			startState: { interfaces: ["eth0", "tunl0"] },
			state: { interfaces: ["tunl0"] },
			end: { forge: { ...machine().forge, answer: { kind: "failed", code: "ENETUNREACH", message: "" } } },
		},
		"runner",
		["after/docker:network-removed"],
	],
	[
		"the forge is gone",
		{
			end: {
				forge: { ...machine().forge, answer: { kind: "failed", code: "ECONNREFUSED", message: "" } },
				"own-job": { kind: "no-answer", code: "ECONNREFUSED" },
			},
		},
		"runner",
		["after/network:forge-lost"],
	],
	[
		"a proxy says for the forge that it is gone",
		{ end: { forge: { ...machine().forge, answer: { kind: "answered", status: 502, isJson: false } } } },
		"runner",
		["after/network:forge-lost"],
	],
	[
		"DNS is gone",
		{ end: { forge: { ...machine().forge, answer: { kind: "failed", code: "EAI_AGAIN", message: "" } } } },
		"runner",
		["after/network:dns-lost"],
	],
	[
		"the runner was stopped",
		{ end: record({ kind: "known", status: "in_progress", steps: steps("success", undefined), asked: 2 }) },
		"runner",
		["after/runner:restarted"],
		/cut the step `step 1` off\. If this job is shown as a success, it is not one$/,
	],
	[
		"the runner was stopped three hours and a minute after the job began",
		{
			end: record({
				kind: "known",
				status: "in_progress",
				startedAt: ended - 181 * minute,
				steps: steps("success", undefined),
				asked: 2,
			}),
		},
		"runner",
		["after/runner:restarted"],
	],
	[
		"the machine was started again: nothing else can be told",
		{
			both: { ...gpu(), ...onHost },
			state: { ...rebooted, oomKills: 0, uptime: 90_000, socket: { path: "/var/run/docker.sock", inode: 99 } },
			end: {
				...docker({ bridgeCreated: base + 3 * minute }),
				...gpu({ gpus: [], form: "other", messages: "No devices were found" }),
			},
		},
		"runner",
		["after/runner:rebooted"],
	],
	[
		"a GPU fell off the bus",
		{ start: gpu(), end: gpu({ gpus: [], form: "other", messages: "No devices were found" }) },
		"runner",
		["after/gpu:lost"],
	],
	[
		"a container that lost its GPU, as after `systemctl daemon-reload`",
		{
			start: gpu(),
			end: gpu({ gpus: [], form: "other", code: 255, messages: "Failed to initialize NVML: Unknown Error" }),
		},
		"runner",
		["after/gpu:lost"],
	],
	[
		"a GPU is lost, with exit code 0",
		{ start: gpu(), end: gpu({ gpus: [{ index: 0, uuid: "GPU-1", troubles: { "memory.used": "GPU is lost" } }] }) },
		"runner",
		["after/gpu:lost"],
	],
	[
		"an Xid of the hardware",
		{
			both: { ...gpu(), ...onHost },
			end: kernel({
				about: "xid",
				xid: 79,
				uptime: 1_100_000,
				text: "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.",
			}),
		},
		"runner",
		["after/gpu:xid"],
	],
];

const limitedV1 = { path: "/sys/fs/cgroup/memory", version: 1, limitBytes: 512 * mebibyte };
const job: readonly Row[] = [
	["a step failed, and all is well", {}, "job", [], /^Nothing shows that the runner caused this/],
	[
		"errors of other disks",
		{
			both: onHost,
			end: kernel(
				...["sd", "sdb", "sda12", "sda1p", "dm-0", "sr0"].map((device) => ({
					about: "io",
					uptime: 1_100_000,
					device,
					text: `I/O error, dev ${device}, sector 7`,
				})),
			),
		},
		"job",
		[],
	],
	[
		"a GPU that remapped a row of its memory, which no program notices",
		{
			both: { ...gpu(), ...onHost },
			end: kernel({
				about: "xid",
				xid: 63,
				uptime: 1_100_000,
				text: "NVRM: Xid (PCI:0000:3b:00): 63, pid='<unknown>'",
			}),
		},
		"job",
		[],
	],
	[
		"its --memory, cgroup v2",
		{
			startState: { groups: group({ limitBytes: 512 * mebibyte }) },
			state: {
				groups: group({ limitBytes: 512 * mebibyte, peakBytes: 512 * mebibyte, ooms: 1, oomKills: 1 }),
				oomKills: 4,
			},
		},
		"job",
		["after/memory:oom-killed by job"],
		/^The job caused this: the kernel killed a process of the job's container at its own memory limit of 512 MiB between 14:03 and 14:07 UTC$/,
	],
	[
		"its --memory, cgroup v1, where failcnt stays 0",
		{
			startState: { groups: [{ ...limitedV1, oomKills: 0, peakBytes: 90 * mebibyte }] },
			state: { groups: [{ ...limitedV1, oomKills: 1, peakBytes: 512 * mebibyte }], oomKills: 4 },
		},
		"job",
		["after/memory:oom-killed by job"],
	],
	[
		"a proxy that the job set",
		{
			end: {
				forge: {
					...machine().forge,
					via: "http://proxy:1",
					answer: { kind: "failed", code: "ECONNREFUSED", message: "", at: "proxy" },
				},
			},
		},
		"job",
		[],
	],
	[
		"another address of the forge that the job set",
		{
			end: {
				forge: {
					...machine().forge,
					url: "https://git.exmaple.invalid",
					answer: { kind: "failed", code: "ENOTFOUND", message: "" },
				},
			},
		},
		"job",
		[],
	],
	[
		"its full tmpfs",
		{ end: temp({ freeBytes: 0 }) },
		"job",
		["after/disk:filled by job"],
		/tmpfs `\/tmp\/work` of the job's container filled up/,
	],
	[
		"a limit that it set within its container, which counts there too (v2)",
		{ state: { groups: group({ oomKills: 1, ooms: 1, peakBytes: 90 * mebibyte }), oomKills: 4 } },
		"job",
		["after/memory:oom-killed by job"],
		/at a memory limit that was set inside of it between/,
	],
	[
		"on the host's network, another container ended",
		{ startState: { interfaces: ["docker0", "eth0", "veth12ab"] }, state: { interfaces: ["docker0", "eth0"] } },
		"job",
		[],
	],
	[
		"it was started after a clock that was fast was set back: the bridge is of the future",
		{ both: onHost, end: docker({ bridgeCreated: ended + 50 * minute }) },
		"job",
		[],
	],
	[
		"Podman, whose `bridge` is as young as its service",
		{
			both: {
				...onHost,
				"docker-engine": {
					endpoint: "unix:///var/run/docker.sock",
					version: {
						kind: "ok",
						value: { version: "5.2.0", apiVersion: "1.41", components: [], server: "Libpod/5.2.0 (linux)" },
					},
					info: { kind: "ok", value: {} },
				},
			},
			end: docker({ bridgeCreated: ended - 100 }),
		},
		"job",
		[],
	],
	[
		"`runner-check after` as one of its steps",
		{
			hasFailed: false,
			end: record({
				kind: "known",
				status: "in_progress",
				steps: steps("success", undefined),
				asked: 1,
				inStep: true,
			}),
		},
		"job",
		[],
	],
	["its tmpfs without inodes", { end: temp({ freeInodes: 0 }) }, "job", ["after/inodes:used-up by job"]],
	[
		"a file system that it mounted itself is full",
		{ end: workspace({ freeBytes: 0, mount: { target: "/srv/jobs", fsType: "tmpfs" } }) },
		"job",
		[],
	],
	[
		"its `docker kill`",
		{
			both: onHost,
			end: docker({
				events: { count: 9, told: [event("create"), event("kill", { signal: 9 }), event("die", { exitCode: 137 })] },
			}),
		},
		"job",
		[],
	],
	[
		"a container of its own that met its own limit",
		{
			state: { oomKills: 4 },
			end: docker({
				containers: [kept()],
				events: { count: 9, told: [event("create"), event("oom"), event("die", { exitCode: 137 })] },
			}),
		},
		"job",
		["after/memory:oom-killed by job"],
		/the container `postgres` met its own memory limit of 64 MiB/,
	],
	[
		"the same, removed meanwhile, with a kernel's log",
		{
			both: onHost,
			state: { oomKills: 4 },
			end: {
				...docker({ events: { count: 9, told: [event("create"), event("oom")] } }),
				...kernel({
					about: "oom",
					uptime: 1_100_000,
					text: "oom-kill:",
					oom: { of: "group", limitGroup: `/docker/${sibling}`, group: `/docker/${sibling}` },
				}),
			},
		},
		"job",
		["after/memory:oom-killed by job"],
	],
	[
		"a socket that it removed",
		{ both: onHost, end: docker({ answer: { kind: "failed", code: "ENOENT", message: "" }, listensUnseen: true }) },
		"job",
		["after/docker:gone by job"],
	],
	[
		"it changed DOCKER_HOST",
		{ end: docker({ address: "tcp://nowhere:2375", answer: { kind: "failed", code: "ENOTFOUND", message: "" } }) },
		"job",
		[],
	],
	[
		"a fault of its CUDA program",
		{
			both: { ...gpu(), ...onHost },
			end: kernel({ about: "xid", xid: 31, uptime: 1_100_000, text: "NVRM: Xid (PCI:0): 31, MMU Fault" }),
		},
		"job",
		["after/gpu:xid by job"],
	],
	[
		"it installed another rustc",
		{ end: { "tool-versions": { rustc: { version: "1.80.0", path: "/opt/rust/bin/rustc" } } } },
		"job",
		["after/tools:changed by job"],
	],
	["somebody canceled it", { end: record({ kind: "refused", status: 401 }) }, "job", [], /canceled/],
	[
		"a job that succeeded",
		{
			hasFailed: false,
			end: record({ kind: "known", status: "in_progress", steps: steps("success", "success"), asked: 1 }),
		},
		"job",
		[],
		/^Nothing that this job ran on gave out$/,
	],
	[
		"a runner that does not tell (GitHub)",
		{
			both: { job: { inJob: true, system: "github", capabilities: [] } },
			end: record({ kind: "not-asked", why: "no-job" }),
		},
		"job",
		[],
	],
];

const unknown: readonly Row[] = [
	[
		"a CPU quota that starved it",
		{ state: { groups: group({ cpu: { periods: 510, throttled: 491, throttledUs: 43_449_565 } }) } },
		"unknown",
		["after/cpu:starved"],
		/quota was used up in 491 of 500 periods/,
	],
	["a kill that nobody claims", { state: { oomKills: 4 } }, "unknown", ["after/memory:undecided"]],
	[
		"a kill in the runner's group without the kernel's log",
		{
			both: onHost,
			startState: { groups: group({ path: runnerGroup }) },
			state: { groups: group({ path: runnerGroup, oomKills: 1 }) },
		},
		"unknown",
		["after/memory:undecided"],
	],
	[
		"a container killed for memory that is gone",
		{ state: { oomKills: 4 }, end: docker({ events: { count: 9, told: [event("create"), event("oom")] } }) },
		"unknown",
		["after/memory:undecided"],
		/The container is gone/,
	],
	[
		"a container older than the job",
		{ state: { oomKills: 4 }, end: docker({ events: { count: 9, told: [event("oom")] } }) },
		"unknown",
		["after/memory:undecided"],
	],
	[
		"the machine ran out of memory and killed something else",
		{
			both: onHost,
			startState: { groups: group({ path: runnerGroup }) },
			state: { groups: group({ path: runnerGroup }), oomKills: 4 },
			end: kernel({
				about: "oom",
				uptime: 1_100_000,
				text: "oom-kill:",
				oom: { of: "machine", group: "/system.slice/ollama.service" },
			}),
		},
		"unknown",
		["after/memory:undecided"],
	],
	[
		"memory pressure",
		{ state: { pressure: { memory: { some: 90_000_000, full: 72_000_000 } } } },
		"unknown",
		["after/memory:pressure"],
	],
	["the clock was set", { state: { time: ended + 3_600_000 } }, "unknown", ["after/clock:jumped"], /forward by 3600 s/],
	["almost full", { end: workspace({ freeBytes: 200 * mebibyte }) }, "unknown", ["after/disk:undecided"]],
	["full before the job too", { both: workspace({ freeBytes: 0 }) }, "unknown", ["after/disk:undecided"]],
	[
		"a disk that does not answer",
		{ end: workspace({ kind: "unreadable", code: "ETIMEDOUT" }) },
		"unknown",
		["after/disk:undecided"],
	],
	[
		"a daemon that hangs",
		{ both: onHost, end: docker({ answer: { kind: "timed-out" } }) },
		"unknown",
		["after/docker:undecided"],
	],
	[
		"a socket that was closed to the job",
		{ both: onHost, end: docker({ answer: { kind: "failed", code: "EACCES", message: "" } }) },
		"unknown",
		["after/docker:undecided"],
	],
	[
		"a container whose socket is gone: the job may have removed it",
		{ end: docker({ answer: { kind: "failed", code: "ENOENT", message: "connect ENOENT" } }) },
		"unknown",
		["after/docker:undecided"],
	],
	[
		"a step in progress, and no second answer",
		{ end: record({ kind: "known", status: "in_progress", steps: steps("success", undefined), asked: 1 }) },
		"unknown",
		["after/runner:undecided"],
		/step `step 1` still in progress/,
	],
	[
		"a job that hung until it met the runner's limit, which leaves the record of a runner that was stopped",
		{
			end: record({
				kind: "known",
				status: "in_progress",
				startedAt: ended - 180 * minute - 1500,
				steps: steps("success", undefined),
				asked: 2,
			}),
		},
		"unknown",
		["after/runner:undecided"],
		/cut the step `step 1` off 3 h after the job began\. Either/,
	],
	[
		"another machine, where all is different",
		{
			state: { ...rebooted, oomKills: 9, socket: { path: "/var/run/docker.sock", inode: 99 }, interfaces: ["ens3"] },
			end: {
				...workspace({ freeBytes: 0, freeInodes: 0 }),
				forge: { ...machine().forge, answer: { kind: "failed", code: "ECONNREFUSED", message: "" } },
			},
		},
		"unknown",
		["after/runner:undecided"],
		/has been running since before the report was written/,
	],
	[
		"no port is left for a connection to the forge",
		{ end: { forge: { ...machine().forge, answer: { kind: "failed", code: "EADDRNOTAVAIL", message: "" } } } },
		"unknown",
		["after/network:undecided"],
	],
	[
		"a name that does not resolve after resolv.conf was changed",
		{
			state: { resolverChanged: base + minute },
			end: { forge: { ...machine().forge, answer: { kind: "failed", code: "ENOTFOUND", message: "" } } },
		},
		"unknown",
		["after/network:undecided"],
		/perhaps by the job itself/,
	],
	[
		"the cache server is gone",
		{
			end: {
				"cache-server": { ...machine()["cache-server"], answer: { kind: "failed", code: "ECONNREFUSED", message: "" } },
			},
		},
		"unknown",
		["after/network:cache-lost"],
	],
	[
		"a record that may not be read",
		{ end: record({ kind: "refused", status: 403 }) },
		"unknown",
		["after/runner:undecided"],
	],
	[
		"a tool upgraded on the host",
		{ both: onHost, end: { "tool-versions": { rustc: { version: "1.93.0", path: "/usr/local/cargo/bin/rustc" } } } },
		"unknown",
		["after/tools:changed"],
	],
	[
		"the memory of a GPU was taken",
		{ start: gpu(), end: gpu({ gpus: [{ index: 0, uuid: "GPU-1", memoryFree: 2 ** 30 }] }) },
		"unknown",
		["after/gpu:memory-taken"],
	],
	[
		"a GPU is too hot",
		{
			start: gpu(),
			end: gpu({ gpus: [{ index: 0, uuid: "GPU-1", memoryFree: 140 * 2 ** 30, thermalSlowdown: true }] }),
		},
		"unknown",
		["after/gpu:throttled"],
	],
	[
		"an Xid that both can cause",
		{
			both: { ...gpu(), ...onHost },
			end: kernel({ about: "xid", xid: 109, uptime: 1_100_000, text: "NVRM: Xid (PCI:0): 109" }),
		},
		"unknown",
		["after/gpu:undecided"],
	],
	[
		"nvidia-smi hangs",
		{ start: gpu(), end: gpu({ kind: "timed-out", abandoned: true, gpus: [], form: "other" }) },
		"unknown",
		["after/gpu:undecided"],
	],
	[
		"it was broken at the start",
		{ verdict: "misconfigured", failures: ["docker/socket:missing"] },
		"unknown",
		[],
		/`docker\/socket:missing` failed at the start already/,
	],
	[
		"errors of a disk that the job is not on",
		{ state: { ext4: { sda1: { errors: 0 }, sdb1: { errors: 9 } } } },
		"job",
		[],
	],
];

const all: readonly Row[] = [...runner, ...job, ...unknown];

describe.each([
	["the runner", runner],
	["the job", job],
	["unknown", unknown],
] as const)("caused by %s", (_, rows) => {
	test.each(rows.map((row) => [row[0], row] as const))("%s", (_what, [, situation, cause, found, sentence = /./]) => {
		const said = say(situation);
		expect({ cause: said.caused_by, found: said.found }).toEqual({ cause, found });
		expect(said.sentence).toMatch(sentence);
		expect(said.sentence).not.toMatch(/undefined|NaN|\[object|\.\.|\.$/);
		for (const { title, status } of said.results)
			if (status !== "skip") expect(title.length, title).toBeLessThanOrEqual(60);
	});
});

test("every reason of the contract is found by some row, with its level", () => {
	const wanted = Object.entries(contract.checks as Record<string, Record<string, string>>).filter(([id]) =>
		id.startsWith("after/"),
	);
	const own = Object.fromEntries(
		afterChecks.map(({ id, reasons }) => [
			id,
			Object.fromEntries(Object.entries(reasons).map(([name, { level }]) => [name, level])),
		]),
	);
	expect(own).toEqual(Object.fromEntries(wanted));
	const found = new Set(all.flatMap(([, , , names]) => names.map((name) => name.split(" ")[0])));
	const names = wanted.flatMap(([id, reasons]) => Object.keys(reasons).map((reason) => `${id}:${reason}`));
	expect(names.filter((name) => !found.has(name))).toEqual([]);
});

test("no warning alone blames the runner, and no cause is blamed on both", () => {
	for (const [what, situation] of all) {
		const { caused_by, results } = say(situation);
		expect(caused_by === "runner", what).toBe(results.some(({ status }) => status === "fail"));
	}
});

test("nothing passes without the facts of both looks", () => {
	const facts = factsOf({
		both: gpu(),
		state: { groups: group({ cpu: { periods: 60, throttled: 1, throttledUs: 5 } }) },
	});
	const judged = (known: typeof facts) =>
		judgeAll(
			afterChecks.map((check) => ({ ...check, after: [] })),
			known,
			createPolicy(),
			{ started: new Date(ended).toISOString() },
		);
	const passes = judged(facts)
		.filter(({ status }) => status === "pass")
		.map(({ id }) => id);
	expect(passes.sort()).toEqual(afterChecks.map(({ id }) => id).sort());
	for (const check of afterChecks) {
		for (const [key, { name }] of Object.entries(check.needs)) {
			// What explains more, and does not decide alone.
			if (["forge", "cacheBefore", "cacheNow", "endpoint", "log"].includes(key)) continue;
			const { [name]: _, ...without } = facts;
			const result = judged(without).find(({ id }) => id === check.id);
			expect(result?.status, `${check.id} without ${name}`).not.toBe("pass");
		}
	}
	const empty = judged({});
	expect(empty.filter(({ status }) => status === "pass")).toEqual([]);
});

describe("the job's log", () => {
	const said = (...noSpace: object[]) => ({ "job-log": { noSpace } });
	const line = { time: base + minute, text: "cp: error writing 'x': No space left on device" };

	test("makes it unknown if it says that a disk was full, and never the runner", () => {
		const told = say({ end: said(line) });
		expect(told).toMatchObject({ caused_by: "unknown", found: ["after/disk:undecided"] });
		expect(told.sentence).toContain(
			"the job's log says `cp: error writing 'x': No space left on device`, at 14:04 UTC",
		);
		expect(say({ end: said({ text: line.text }) }).caused_by).toBe("unknown");
	});

	test.each([
		["it says nothing", { "job-log": { noSpace: [] } }],
		["it could not be read", { "job-log": {} }],
		["that was before the job", said({ ...line, time: base - 1 })],
	])("changes nothing if %s", (_, end) => {
		expect(say({ end })).toMatchObject({ caused_by: "job", found: [] });
	});

	test("adds nothing to what is proved, nor to a job that succeeded", () => {
		expect(say({ end: { ...workspace({ freeBytes: 0 }), ...said(line) } })).toMatchObject({
			caused_by: "runner",
			found: ["after/disk:filled"],
		});
		const good = record({ kind: "known", status: "in_progress", steps: steps("success"), asked: 1 });
		expect(say({ end: { ...said(line), ...good }, hasFailed: false }).caused_by).toBe("job");
	});
});

describe("what was written to a disk, by whomever", () => {
	const wrote = (gibibytes: number) => ({ ext4: { sda1: { errors: 0, writtenKiB: 1000 + gibibytes * 2 ** 20 } } });

	test("is told if nothing of the job explains it", () => {
		expect(say({ end: workspace({ freeBytes: 0 }), state: wrote(41) }).sentence).toMatch(
			/filled up between 14:03 and 14:07 UTC: 41 GiB written to it, by whom is unknown$/,
		);
		const written = [{ path: "/srv/jobs/target", shown: "target/", bytes: 40 * 2 ** 30, files: 9 }];
		const end = { ...workspace({ freeBytes: 0 }), "written-since": { written } };
		expect(say({ end, state: wrote(41) }).sentence).toMatch(/40 GiB written below `target\/`$/);
	});

	test("is nothing to speak of if it is little, or was counted from another start of the machine", () => {
		expect(say({ end: workspace({ freeBytes: 0 }), state: wrote(0) }).sentence).toMatch(/UTC$/);
		const rebooted = { ...wrote(41), bootId: "0" };
		expect(JSON.stringify(say({ state: rebooted }).results)).not.toContain("session_write_kbytes");
	});

	test("is evidence of a disk that is well", () => {
		const { results } = say({ state: wrote(2) });
		expect(JSON.stringify(results)).toContain("2 GiB written since the start, by any program");
	});
});

test("how long programs waited for a CPU or a disk is told, and is no finding", () => {
	const pressure = { cpu: { some: 2.28e8 }, io: { some: 1e8, full: 2.4e7 } };
	const startState = { pressure: { cpu: { some: 0 }, io: { some: 0, full: 0 } } };
	const { found, results } = say({ startState, state: { pressure } });
	expect(found).toEqual([]);
	expect(results.find(({ id }) => id === "after/cpu")?.message).toBe(
		"No control group of this process had a CPU quota in use. Some program waited for a CPU during 95 % of the time, and every program waited for a disk during 10 % of the time.",
	);
});
