import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectFamily } from "../../../src/checks/expect/expect.ts";
import { checkIds, knowsCheck } from "../../../src/checks/known-checks.ts";
import { expectableOf } from "../../../src/cli/expectable.ts";
import { collectFacts } from "../../../src/collect.ts";
import { judgeAll, probesOf } from "../../../src/engine.ts";
import type { RunOptions } from "../../../src/host/host.ts";
import { isInRange, parseNumberRange } from "../../../src/policy/number-range.ts";
import { type PolicyFile, readPolicy } from "../../../src/policy/policy-file.ts";
import { builtInProfiles, toPolicy } from "../../../src/policy/profile.ts";
import type { Result } from "../../../src/report/report.ts";
import { createRequest } from "../../support/builders.ts";
import { createHost, exited, type FakeMachine, file } from "../../support/fake-host.ts";

const known = { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds };
const workspace = "/workspace/fortemi/fortemi";

function policyOf(text: string, from?: PolicyFile["from"]) {
	const read = readPolicy("policy.yml", `version: 1\n${text}`, known);
	if (!("source" in read)) throw new Error(JSON.stringify(read));
	return toPolicy("generic", { ...read, ...(from && { from }) });
}

interface How {
	readonly from?: PolicyFile["from"];
	readonly trusts?: boolean;
	readonly timeoutMs?: number;
}

/** The results of the entries of `expect` on a machine. */
async function results(text: string, machine: FakeMachine, { from, trusts = false, timeoutMs = 10_000 }: How = {}) {
	const policy = policyOf(text, from);
	const checks = expectFamily.expand(policy);
	const request = createRequest({ policy, trusts, timeoutMs });
	const facts = await collectFacts(probesOf(checks), createHost(machine), request);
	return { results: judgeAll(checks, facts, policy, { started: "2026-11-24T06:00:00.000Z" }), facts };
}

async function one(entry: string, machine: FakeMachine, how?: How): Promise<Result> {
	const [result] = (await results(`expect:\n  it: ${entry}\n`, machine, how)).results;
	if (!result) throw new Error("no result");
	return result;
}

const arm64 = `enabled
interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
flags: POCF
offset 0
magic 7f454c460201010000000000000000000200b700
mask ffffffffffffff00fffffffffffffffffeffffff
`;
const binfmt = (text: string, name = "qemu-aarch64"): FakeMachine => ({
	directories: { "/proc/sys/fs/binfmt_misc": ["register", "status", name] },
	files: { "/proc/sys/fs/binfmt_misc/status": "enabled\n", [`/proc/sys/fs/binfmt_misc/${name}`]: text },
});

describe("the ten examples of the docs", () => {
	const page = readFileSync("docs/checks/expect.md", "utf8");
	const examples = /```yaml\n(expect:\n[\s\S]*?)```/.exec(page)?.[1] ?? "";
	const good: FakeMachine = {
		env: { SCCACHE_REDIS: "redis://cache.lan", LANG: "C.UTF-8" },
		directories: binfmt(arm64).directories ?? {},
		files: {
			...binfmt(arm64).files,
			"/proc/sys/fs/inotify/max_user_watches": "1048576\n",
			"/proc/sys/vm/max_map_count": "262144\n",
			"/srv/cache": file({ kind: "directory", mode: 0o775 }),
			"/srv/builds": file({ kind: "directory", mode: 0o755, uid: 1000 }),
			"/etc/passwd": "root:x:0:0::/root:/bin/sh\nbuilder:x:1000:1000::/home/builder:/bin/sh\n",
			"/etc/docker/daemon.json": '{ "registry-mirrors": ["https://mirror.lan"] }',
		},
		programs: { "licensetool status": exited("license is valid until 2027-06-30\n") },
	};

	it("pass on a machine that is like that", async () => {
		const { results: all } = await results(examples, good);
		expect(all.map(({ id, status }) => [id, status])).toEqual(
			[
				"inotify",
				"map-count",
				"cache-volume",
				"build-directory",
				"registry-mirror",
				"no-apt-proxy",
				"compiler-cache",
				"locale",
				"license",
				"arm64",
			].map((name) => [`expect/${name}`, "pass"]),
		);
		for (const { evidence } of all) expect(evidence.length).toBeGreaterThan(0);
	});

	it("fail on a machine that is not", async () => {
		const { results: all } = await results(examples, {
			files: { "/etc/apt/apt.conf.d/99proxy": "Acquire::http::Proxy" },
		});
		expect(all.map(({ reason }) => reason)).toEqual([
			...Array.from({ length: 5 }, () => "absent"),
			"differs",
			...Array.from({ length: 4 }, () => "absent"),
		]);
		expect(new Set(all.map(({ title }) => title)).size).toBe(10);
		expect(all.find(({ id }) => id === "expect/license")?.remedy?.text).toContain("`Ask the tools team");
	});
});

describe("a file", () => {
	const files = {
		"/srv/x": file({ kind: "directory", mode: 0o1777, uid: 7 }),
		"/etc/conf": "mirror.lan",
		[`${workspace}/Makefile`]: "all:\n",
	};
	it.each([
		["{ file: /srv/x }", "pass"],
		["{ file: /srv/x, exists: false }", "differs"],
		["{ file: /srv/y, exists: false }", "pass"],
		["{ file: /srv/x, type: file }", "differs"],
		['{ file: /srv/x, mode: "1777" }', "pass"],
		['{ file: /srv/x, mode: "777" }', "differs"],
		["{ file: /srv/x, owner: 7 }", "pass"],
		["{ file: /srv/x, owner: 8 }", "differs"],
		["{ file: /srv/x, owner: nobody-knows }", "undecided"],
		["{ file: /srv/x, contains: text }", "differs"],
		["{ file: /etc/conf, contains: mirror.lan }", "pass"],
		["{ file: /etc/conf, contains: other.lan }", "differs"],
		["{ file: Makefile, contains: 'all:' }", "pass"],
		["{ file: missing.txt }", "absent"],
		["{ file: secret.txt, contains: root }", "differs"],
		["{ file: loop, type: link }", "pass"],
	])("%s is %s", async (entry, outcome) => {
		const links = { [`${workspace}/secret.txt`]: "/etc/conf", [`${workspace}/loop`]: `${workspace}/Makefile` };
		const { status, reason } = await one(entry, { files, links, directories: { [workspace]: [] } });
		expect(reason ?? status).toBe(outcome);
	});

	it("that a stranger asks for is not read outside of the workspace", async () => {
		const machine = { files: { ...files, "/root/.netrc": "password s3cr3t-canary" } };
		const guess = "{ file: /root/.netrc, contains: s3cr3t }";
		expect(await one(guess, machine, { from: "untrusted" })).toMatchObject({ status: "skip", reason: "untrusted" });
		expect(await one(guess, machine, { from: "workspace", trusts: true })).toMatchObject({ status: "pass" });
		expect(await one("{ file: Makefile, contains: 'all:' }", machine, { from: "untrusted" })).toMatchObject({
			status: "pass",
		});
	});

	it("is never in the facts", async () => {
		const { facts } = await results("expect: { it: { file: /etc/conf, contains: lan } }\n", {
			files: { "/etc/conf": "canary.lan" },
		});
		expect(JSON.stringify(facts)).not.toContain("canary");
	});
});

describe("a variable", () => {
	const env = { LANG: "POSIX", EMPTY: "", API_TOKEN: "canary-1234", PLAIN: "ghp_0123456789abcdefghijABCDEFGHIJ012345" };
	it.each([
		["{ env: LANG }", "pass"],
		["{ env: EMPTY }", "absent"],
		["{ env: EMPTY, is: other }", "absent"],
		["{ env: NOTHING }", "absent"],
		["{ env: LANG, set: false }", "differs"],
		["{ env: NOTHING, set: false }", "pass"],
		["{ env: LANG, is: POSIX }", "pass"],
		["{ env: LANG, is: posix }", "differs"],
		['{ env: LANG, matches: "P*X" }', "pass"],
		['{ env: LANG, matches: "P*Y" }', "differs"],
		["{ env: API_TOKEN }", "pass"],
	])("%s is %s", async (entry, outcome) => {
		const { status, reason } = await one(entry, { env });
		expect(reason ?? status).toBe(outcome);
	});

	it.each(["{ env: API_TOKEN }", "{ env: PLAIN, is: other }", "{ env: API_TOKEN, set: false }"])(
		"%s shows no secret",
		async (entry) => {
			const { facts, results: all } = await results(`expect: { it: ${entry} }\n`, { env });
			expect(JSON.stringify([facts, all])).not.toMatch(/canary|ghp_/);
		},
	);

	it("that a stranger asks for is not shown", async () => {
		const { observed } = await one("{ env: LANG, is: other }", { env }, { from: "untrusted" });
		expect(observed).toBe("set, value not shown");
	});

	it("is matched in no time, whatever the pattern", async () => {
		const started = Date.now();
		await one(`{ env: LANG, matches: "${"*a".repeat(2000)}b" }`, { env: { LANG: "a".repeat(100_000) } });
		expect(Date.now() - started).toBeLessThan(2000);
	});
});

describe("a command", () => {
	const entry = "{ command: [tool, --status], stdout: valid, timeout: 100ms }";
	const program = (outcome: Parameters<typeof exited>) => ({ programs: { "tool --status": exited(...outcome) } });

	it.each<[string, FakeMachine, string]>([
		["prints the text", program(["is valid"]), "pass"],
		["prints it on stderr", program(["", 0, "is valid"]), "differs"],
		["exits with another code", program(["is valid", 2]), "failed"],
		["is not installed", {}, "absent"],
	])("that %s", async (_, machine, outcome) => {
		const { status, reason } = await one(entry, machine);
		expect(reason ?? status).toBe(outcome);
	});

	const hangs: FakeMachine = {
		programs: {
			"tool --status": ({ signal }: RunOptions) =>
				new Promise((resolve) =>
					signal.addEventListener("abort", () =>
						resolve({ kind: "timed-out", abandoned: false, stdout: "", stderr: "", ms: 100 }),
					),
				),
		},
	};

	it("that hangs is killed after its own timeout, or left undecided at the run's", async () => {
		expect(await one(entry, hangs)).toMatchObject({ status: "fail", reason: "timeout" });
		expect(await one(entry, hangs, { timeoutMs: 20 })).toMatchObject({ status: "error", reason: "undecided" });
	});

	it("of an untrusted policy is not run", async () => {
		let ran = false;
		const machine: FakeMachine = {
			run: async () => {
				ran = true;
				return exited("valid");
			},
		};
		expect(await one(entry, machine, { from: "untrusted", trusts: true })).toMatchObject({
			status: "skip",
			reason: "untrusted",
		});
		expect(await one("{ command: [./check.sh] }", machine)).toMatchObject({ status: "skip", reason: "untrusted" });
		expect(ran).toBe(false);
	});

	it.each([true, false])("of a trusted policy of the workspace runs there (with the input: %s)", async (trusts) => {
		const seen: (string | undefined)[] = [];
		const machine: FakeMachine = {
			directories: { [workspace]: [] },
			run: async ([program], { cwd }) => {
				seen.push(program, cwd);
				return exited("");
			},
		};
		expect(await one("{ command: [./check.sh] }", machine, { from: "workspace", trusts })).toMatchObject({
			status: "pass",
		});
		expect(seen).toEqual([`${workspace}/check.sh`, workspace]);
	});
});

describe("a platform", () => {
	it.each<[string, FakeMachine, string]>([
		["the machine's own", { arch: "arm64" }, "pass"],
		["registered", binfmt(arm64), "pass"],
		["registered under another name", binfmt(arm64, "rosetta"), "pass"],
		["disabled", binfmt(arm64.replace("enabled", "disabled")), "differs"],
		["registered with an interpreter that is gone", binfmt(arm64.replace("POCF", "OC")), "differs"],
		["not registered, but another is", binfmt(arm64.replace("b700", "f300")), "absent"],
		["not registered at all", {}, "absent"],
	])("that is %s", async (_, machine, outcome) => {
		const { status, reason } = await one("{ platform: linux/arm64 }", machine);
		expect(reason ?? status).toBe(outcome);
	});
});

describe("a kernel setting", () => {
	const files = {
		"/proc/sys/net/ipv4/tcp_rmem": "4096\t131072\t6291456\n",
		"/proc/sys/fs/file-max": "9223372036854775807\n",
	};
	it.each([
		['{ sysctl: net.ipv4.tcp_rmem, is: "4096 131072 6291456" }', "pass"],
		['{ sysctl: net.ipv4.tcp_rmem, is: ">=1" }', "differs"],
		['{ sysctl: fs.file-max, is: ">=9223372036854775807" }', "pass"],
		['{ sysctl: fs.file-max, is: ">9223372036854775806 <9223372036854775807" }', "differs"],
		["{ sysctl: fs.nothing }", "absent"],
	])("%s is %s", async (entry, outcome) => {
		const { status, reason } = await one(entry, { files });
		expect(reason ?? status).toBe(outcome);
	});

	it.each([
		[">=1 <3", "2", true],
		[">=1 <3", "3", false],
		["=3", "3", true],
		[">1", "text", undefined],
	])("%s of %s", (range, value, is) => {
		const parsed = parseNumberRange(range);
		expect(parsed && isInRange(value, parsed)).toBe(is);
	});
});

describe("a malformed entry", () => {
	it.each([
		["{ why: x }", "policy.yml:3:7", /^an entry without a kind$/, /file, env, command, sysctl, platform/],
		["{ file: /x, env: X }", "policy.yml:3:19", /^`env` next to `file`$/, /exactly one of/],
		["{ fiel: /x }", "policy.yml:3:9", /^unknown key `fiel`$/, /did you mean `file`/],
		["{ file: ../x }", "policy.yml:3:15", /\.\.\/x/, /an absolute path, or one in the workspace/],
		["{ file: ~/x }", "policy.yml:3:15", /~\/x/, /an absolute path/],
		["{ file: /x, mode: 775 }", "policy.yml:3:25", /775/, /in quotes/],
		['{ file: /x, mode: "rwx" }', "policy.yml:3:25", /rwx/, /permission bits/],
		[
			"{ file: /x, exit: 0 }",
			"policy.yml:3:19",
			/^`exit` next to `file`$/,
			/exists, type, mode, owner, contains, why, fix/,
		],
		["{ file: /x, exists: false, owner: 1 }", "policy.yml:3:34", /`owner` next to `exists: false`/, /must exist/],
		["{ file: /x, type: directory, contains: x }", "policy.yml:3:36", /`contains` of a directory/, /type: file/],
		["{ env: API_TOKEN, is: x }", "policy.yml:3:25", /whose name says secret/, /`set: true` only/],
		["{ env: X, is: x, matches: y }", "policy.yml:3:24", /`matches` next to `is`/, /one of the two/],
		["{ command: [] }", "policy.yml:3:18", /\[\]/, /program first/],
		["{ command: [x], timeout: 0s }", "policy.yml:3:32", /`0s`/, /at most `10m`/],
		["{ command: [x], exit: 256 }", "policy.yml:3:29", /256/, /from 0 to 255/],
		['{ sysctl: vm.x, is: ">= many" }', "policy.yml:3:27", /`>= many`/, />=524288/],
		["{ sysctl: ../etc/passwd }", "policy.yml:3:17", /etc/, /the name of a kernel setting/],
		["{ sysctl: net.ipv4.tcp_fastopen_key }", "policy.yml:3:17", /tcp_fastopen_key/, /not a key/],
		["{ platform: linux/arm65 }", "policy.yml:3:19", /arm65/, /linux\/arm64/],
	])("%s", (entry, place, found, allowed) => {
		const mistakes = readPolicy("policy.yml", `version: 1\nexpect:\n  it: ${entry}\n`, known);
		expect(mistakes).toEqual([{ place, found: expect.stringMatching(found), allowed: expect.stringMatching(allowed) }]);
	});
});

it("init declares what the machine has", async () => {
	const host = createHost({
		directories: binfmt(arm64).directories ?? {},
		files: {
			...binfmt(arm64).files,
			"/proc/sys/fs/inotify/max_user_watches": "1048576\n",
			"/proc/sys/fs/inotify/max_user_instances": "128\n",
		},
	});
	const lines = await expectableOf(host);
	expect(lines).toEqual([
		'  inotify-watches: { sysctl: fs.inotify.max_user_watches, is: ">=524288" }  # found 1048576',
		"  arm64: { platform: linux/arm64 }",
	]);
	expect(policyOf(`expect:\n${lines.join("\n")}\n`).expect).toHaveLength(2);
});
