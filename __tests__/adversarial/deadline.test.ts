import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { graceMs, outcomeOf, reportIn, run } from "./support/run.ts";

let folder: string;
beforeAll(() => {
	// In memory: a disk takes a minute for the many workflows.
	folder = mkdtempSync(join(inject("world").folder, "deadline-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = [process.execPath, resolve("dist/cli.js")];
const generic = ["--profile", "generic", "--format", "json", "--fail-on", "never"];

describe("a dead DNS search domain", () => {
	it("costs one deadline, although nothing can end the system's own lookup", async () => {
		const resolvConf = join(folder, "resolv.conf");
		writeFileSync(resolvConf, "nameserver 127.0.0.1\nsearch dead.example dead2.example\n");
		const script = [
			"ip link set lo up",
			`mount --bind ${resolvConf} /etc/resolv.conf`,
			`"$0" ${resolve("__tests__/adversarial/support/slow-nameserver.mjs")} > ${folder}/up & server=$!`,
			`until [ -s ${folder}/up ]; do sleep 0.05; done`,
			'start=$(date +%s%N); "$@"; echo "took $(( ($(date +%s%N) - start) / 1000000 ))" >&2',
			"kill $server",
		].join("\n");
		const registries = ["--registries", "[registry.corp.example]"];
		const services = ["--services", '[{ name: s, url: "http://service.corp.example/" }]'];
		const words = [...cli, ...generic, "--timeout", "2s", ...registries, ...services];
		const namespaces = ["unshare", "--net", "--mount", "--propagation", "private"];
		const ended = await run([...namespaces, "sh", "-c", script, process.execPath, ...words]);
		const took = Number(/took (\d+)/.exec(ended.stderr)?.[1]);
		console.log(`dead search domain, timeout 2 s: ended after ${took} ms`);
		expect(took).toBeLessThan(2000 + graceMs);
		const report = reportIn(ended);
		expect(outcomeOf(report, "registry/registry.corp.example")).toBe("fail:timeout");
		expect(outcomeOf(report, "service/s")).toBe("fail:timeout");
	});
});

describe("100,000 workflows", () => {
	const workspace = () => join(folder, "workflows");
	beforeAll(() => {
		const directory = join(workspace(), ".gitea/workflows");
		mkdirSync(directory, { recursive: true });
		for (let index = 0; index < 100_000; index++) {
			const text = `name: w${index}\non: push\njobs:\n  build:\n    runs-on: titan\n    steps:\n      - run: make\n`;
			writeFileSync(join(directory, `w${index}.yml`), text);
		}
	});

	const inJob = { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", GITHUB_JOB: "build", GITHUB_WORKFLOW: "none" };

	it("cost `profile: auto` one deadline, and decide nothing", async () => {
		const env = { ...inJob, GITHUB_WORKSPACE: workspace() };
		const words = [...cli, "--format", "json", "--fail-on", "never", "--timeout", "2s"];
		const ended = await run(words, { env, cwd: workspace() });
		console.log(`100,000 workflows, timeout 2 s: ended after ${Math.round(ended.ms)} ms`);
		expect(ended.ms).toBeLessThan(2000 + graceMs);
		expect(reportIn(ended).profile.decided_by).toBe("environment");
	});

	it("are too many for a glob, which says so", async () => {
		const words = [...cli, ...generic, "--timeout", "2s", "--workflows", ".gitea/workflows/*.yml"];
		const ended = await run(words, { cwd: workspace() });
		console.log(`a glob of 100,000 workflows, timeout 2 s: ended after ${Math.round(ended.ms)} ms`);
		expect(ended.ms).toBeLessThan(2000 + graceMs);
		expect(outcomeOf(reportIn(ended), "workflow/runs-on")).toBe("error:undecided");
	});
});

describe("workflows of the greatest length", () => {
	it("are read one after the other until the deadline", async () => {
		const workspace = join(folder, "long");
		mkdirSync(join(workspace, ".gitea/workflows"), { recursive: true });
		const text = `on: push\njobs:\n  build:\n    runs-on: titan\n    steps:\n${"      - run: echo\n".repeat(14_000)}`;
		for (let index = 0; index < 100; index++) writeFileSync(join(workspace, `.gitea/workflows/w${index}.yml`), text);
		const glob = [...cli, ...generic, "--timeout", "2s", "--workflows", ".gitea/workflows/*.yml"];
		const ended = await run(glob, { cwd: workspace });
		console.log(`100 workflows of 250 kB, timeout 2 s: ended after ${Math.round(ended.ms)} ms`);
		expect(ended.ms).toBeLessThan(2000 + graceMs);
		expect(outcomeOf(reportIn(ended), "workflow/runs-on")).toBe("error:undecided");
		const env = { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", GITHUB_JOB: "build", GITHUB_WORKSPACE: workspace };
		const auto = await run([...cli, "--format", "json", "--fail-on", "never", "--timeout", "2s"], { env });
		expect(auto.ms).toBeLessThan(2000 + graceMs);
		expect(reportIn(auto).profile.decided_by).toBe("environment");
	});
});

/** A text of about the size, and not more than a policy may have. */
const filled = (size: number, part: (index: number) => string): string => {
	let text = "";
	for (let index = 0; text.length < size; index++) text += part(index);
	return text;
};

describe("a hostile policy", () => {
	const size = 130_000;
	const profile = (text: string): string => `version: 1\nprofiles:\n  generic:\n${text}`;
	it.each([
		["60,000 keys", `version: 1\nseverity:\n${filled(700_000, (index) => `  k${index}: off\n`)}`],
		["keys up to the limit", `version: 1\nseverity:\n${filled(size, (index) => `  k${index}: off\n`)}`],
		["one key again and again", filled(size, () => "version: 1\n")],
		["thousands of tools", profile(`    tools:\n${filled(size, (index) => `      t${index}: "*"\n`)}`)],
		[
			"thousands of registries",
			profile(`    registries:\n${filled(size, (index) => `      - 127.0.0.1:9/r${index}\n`)}`),
		],
		[
			"a chain of profiles",
			`version: 1\nprofiles:\n${filled(size, (index) => `  p${index}: { extends: p${index + 1} }\n`)}`,
		],
		["brackets", `version: 1\nprofiles: ${"[".repeat(size)}\n`],
		["braces", `version: 1\nprofiles: ${"{a: ".repeat(size / 4)}\n`],
		["a mistake in every letter", `a: ${"]".repeat(size)}\n`],
		["indentation", `version: 1\nprofiles:\n${filled(size, (index) => `${" ".repeat(index)}a:\n`)}`],
		["question marks", `version: 1\nprofiles: ${"? ".repeat(size / 2)}\n`],
		["anchors", `version: 1\n${filled(size, (index) => `k${index}: &a${index} 1\n`)}`],
		["aliases", `version: 1\nx: &a [1]\ny: [${"*a,".repeat(size / 3)}]\n`],
		["a long range", profile(`    tools: { rustc: "${">=1 ".repeat(size / 5)}" }\n`)],
		["a long image", profile(`    image: "${"a/".repeat(size / 2)}"\n`)],
		["one huge quoted text", profile(`    image: '${"x\n  ".repeat(size / 4)}'\n`)],
		["documents", `version: 1\n${"---\n".repeat(size / 4)}`],
	])("is refused at once, with its place: %s", async (_, text) => {
		const path = join(folder, "hostile.yml");
		writeFileSync(path, text);
		const ended = await run([...cli, ...generic, "--policy", path]);
		expect(ended).toMatchObject({ status: 2, stdout: "" });
		for (const line of ended.stderr.trim().split("\n"))
			expect(line).toMatch(/hostile\.yml:\d+:\d+: found .+; allowed: /);
		expect(ended.stderr).not.toContain("call stack");
		expect(ended.ms).toBeLessThan(2 * graceMs);
	});

	it.each([
		["blank lines", `version: 1\n${"\n".repeat(size)}`],
		["a comment", `version: 1\n# ${"x".repeat(size)}\n`],
		[
			"as much as is allowed",
			profile(
				[
					`    tools: { ${Array.from({ length: 150 }, (_, index) => `t${index}: ">=1"`).join(", ")} }`,
					`    registries: [${Array.from({ length: 100 }, (_, index) => `127.0.0.1:9/r${index}`).join(", ")}]`,
					`    services: [${Array.from({ length: 100 }, (_, index) => `{ name: s${index}, url: http://127.0.0.1:9 }`).join(", ")}]`,
					`severity: { ${Array.from({ length: 500 }, (_, index) => `"tool/*${index}*${index}": off`).join(", ")} }\n`,
				].join("\n"),
			),
		],
	])("that is valid has its deadline: %s", async (_, text) => {
		const path = join(folder, "large.yml");
		writeFileSync(path, text);
		const ended = await run([...cli, ...generic, "--timeout", "3s", "--policy", path]);
		console.log(`a policy of ${_}, timeout 3 s: ended after ${Math.round(ended.ms)} ms`);
		expect(reportIn(ended).profile.name).toBe("generic");
		expect(ended.stderr).toBe("");
		expect(ended.ms).toBeLessThan(3000 + graceMs);
	});
});

describe("files of the repository that state versions", () => {
	it.each([
		["rust-toolchain.toml", "a\n".repeat(500_000)],
		["rust-toolchain", "\n".repeat(1_000_000)],
		["Cargo.toml", `${"[".repeat(100)}\n`.repeat(10_000)],
		["Cargo.toml", `rust-version${" ".repeat(50_000)}\n`.repeat(20)],
		[".nvmrc", "#\n".repeat(500_000)],
		["package.json", `{"engines":{${filled(700_000, (index) => `"k${index}":"*",\n`)}"node":"*"}}`],
		["package.json", "[".repeat(1_000_000)],
	])("cost next to nothing: %s", async (name, text) => {
		const workspace = mkdtempSync(join(folder, "stated-"));
		writeFileSync(join(workspace, name), text);
		const ended = await run([...cli, ...generic, "--timeout", "2s"], { cwd: workspace });
		expect(reportIn(ended).profile.name).toBe("generic");
		expect(ended.ms).toBeLessThan(2000 + graceMs);
	});
});

describe("a hostile tool", () => {
	it.each([
		["prints without end", "while :; do echo noise; done"],
		["prints without end, by all means", "yes & yes >&2 & yes & wait"],
		["closes its output and lives on", "exec >&- 2>&-; sleep 600"],
		["ignores every signal that it can", "trap '' HUP INT QUIT TERM PIPE; while :; do sleep 600; done"],
		["leaves a child that holds its output", "(sleep 600) & echo 1.2.3"],
		["leaves a daemon that holds its output", "setsid sleep 5 & echo 1.2.3"],
		["stops itself", "kill -STOP $$"],
		["prints a line of 100 MB", "head -c 100000000 /dev/zero; sleep 600"],
	])("that %s costs one deadline and is gone", async (_, script) => {
		const bin = mkdtempSync(join(folder, "bin-"));
		// So that it can be found among the processes.
		const mark = `hostile-${Math.random().toString(36).slice(2)}`;
		writeFileSync(join(bin, mark), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
		const tools = ["--tools", `${mark}: "*"`];
		const env = { PATH: `${bin}:${process.env.PATH}` };
		const ended = await run([...cli, ...generic, "--timeout", "2s", ...tools], { env });
		console.log(`a tool that ${_}, timeout 2 s: ended after ${Math.round(ended.ms)} ms`);
		expect(ended.ms).toBeLessThan(2000 + graceMs);
		expect(outcomeOf(reportIn(ended), `tool/${mark}`)).toMatch(/^(?:fail:timeout|fail:unreadable-version|pass)$/);
		expect(commandsWith(mark)).toEqual([]);
	});
});

describe("a hostile server", () => {
	const drip = (head: string, part: string) => (socket: Socket) => {
		socket.write(head);
		const timer = setInterval(() => socket.write(part), 200);
		socket.on("close", () => clearInterval(timer)).on("error", () => undefined);
	};
	const flood = (head: string, part: string) => (socket: Socket) => {
		const pour = (): void => {
			while (!socket.destroyed && socket.write(part.repeat(Math.ceil(65_536 / part.length))));
		};
		socket.on("error", () => undefined).on("drain", pour);
		socket.write(head);
		pour();
	};
	const ok = "HTTP/1.1 200 OK\r\n";
	const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
	it.each([
		["says nothing", () => undefined],
		["drips its status", drip("", "H")],
		["drips headers", drip(ok, "x-a: b\r\n")],
		["drips a body", drip(`${ok}\r\n`, "[")],
		["drips empty promises", drip("", "HTTP/1.1 100 Continue\r\n\r\n")],
		["has headers without end", flood(ok, "x-a: b\r\n")],
		["has a header without end", flood(`${ok}x-a: `, "b")],
		["has a body without end", flood(`${ok}\r\n`, "[")],
		["has a body without end, byte by byte", flood(chunked, "1\r\n[\r\n")],
		["has promises without end", flood("", "HTTP/1.1 100 Continue\r\n\r\n")],
		["has trailers without end", flood(`${chunked}1\r\n1\r\n0\r\n`, "x-a: b\r\n")],
	] as const)("that %s costs one deadline: Docker's, the forge's, a registry and a service", async (_, answer) => {
		const sockets = new Set<Socket>();
		const accept = (socket: Socket): void => {
			sockets.add(socket.on("error", () => undefined));
			answer(socket);
		};
		const tcp = createServer(accept).listen(0, "127.0.0.1");
		const unix = createServer(accept).listen(join(folder, "docker.sock"));
		await Promise.all([once(tcp, "listening"), once(unix, "listening")]);
		const place = `127.0.0.1:${(tcp.address() as AddressInfo).port}`;
		try {
			const env = {
				DOCKER_HOST: `unix://${folder}/docker.sock`,
				GITHUB_ACTIONS: "true",
				GITEA_ACTIONS: "true",
				GITHUB_SERVER_URL: `http://${place}`,
				GITHUB_API_URL: `http://${place}/api/v1`,
				GITHUB_REPOSITORY: "o/r",
				GITHUB_RUN_ID: "1",
				GITHUB_JOB: "j",
				GITHUB_WORKSPACE: folder,
			};
			// A server that floods takes seconds of CPU time. On a busy machine, that must not cost the other answers.
			const more = ["--token", "t0ken-of-nobody", "--registries", `[${place}/image]`];
			const services = ["--services", `[{ name: s, url: "http://${place}/" }]`];
			const words = [...cli, "--format", "json", "--fail-on", "never", "--timeout", "4s", "--docker", "required"];
			const ended = await run([...words, ...more, ...services], { env, cwd: folder });
			console.log(`a server that ${_}, timeout 4 s: ended after ${Math.round(ended.ms)} ms`);
			const report = reportIn(ended);
			expect(ended.ms).toBeLessThan(4000 + graceMs);
			expect(report.profile.decided_by).toBe("environment");
			expect(outcomeOf(report, "docker/daemon")).toMatch(/^fail:/);
			// A status is enough for some of these, whatever follows.
			for (const id of ["runner/server", "service/s", `registry/${place}`])
				expect(`${id} ${outcomeOf(report, id)}`).not.toMatch(/ (?:skip|no result|error:crashed)/);
		} finally {
			for (const socket of sockets) socket.destroy();
			tcp.close();
			unix.close();
			rmSync(join(folder, "docker.sock"), { force: true });
		}
	});
});

/** Command lines of the processes that have a text in them. */
function commandsWith(text: string): readonly string[] {
	return readdirSync("/proc").flatMap((pid) => {
		if (!/^\d+$/.test(pid)) return [];
		try {
			const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
			return command.includes(text) ? [command] : [];
		} catch {
			return [];
		}
	});
}

describe("a clock that is set back while a run looks", () => {
	it("gives no duration below zero", async () => {
		const shift = join(folder, "shift.cjs");
		// An hour back at every look.
		writeFileSync(
			shift,
			`const RealDate = Date; let back = 0;
			const early = () => RealDate.prototype.getTime.call(new RealDate()) - 3_600_000 * back++;
			globalThis.Date = class extends RealDate {
				constructor(...given) { given.length === 0 ? super(early()) : super(...given); }
				static now() { return early(); }
			};`,
		);
		const services = ["--services", '[{ name: s, url: "http://127.0.0.1:9/" }]'];
		const words = [process.execPath, "--require", shift, resolve("dist/cli.js"), ...generic, ...services];
		const report = reportIn(await run([...words, "--tools", "git: '*'"]));
		const negative = (value: unknown): readonly string[] =>
			typeof value !== "object" || value === null
				? []
				: Object.entries(value).flatMap(([key, inner]) =>
						/^(?:ms|duration_ms)$/.test(key) && !(Number(inner) >= 0) ? [`${key}: ${inner}`] : negative(inner),
					);
		expect(negative(report)).toEqual([]);
		expect(report.duration_ms).toBeLessThan(60_000);
		expect(report.facts["tool:git"]?.ms).toBeGreaterThan(0);
	});
});
