import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rmdir, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { reportsIn } from "../../src/fleet/read-log.ts";
import { type AfterJob, type AfterOutcome, afterOrder, findingsOf, outcomeOf } from "./support/after-jobs.ts";
import { builderImage } from "./support/builder-image.ts";
import { Engine, hostUser, importImage } from "./support/engine.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer } from "./support/gitea-server.ts";
import { must } from "./support/run.ts";
import { type DaemonOptions, RunnerDaemon } from "./support/runner-daemon.ts";

/**
 * What makes jobs fail, induced for real on a real runner. The second look names it, says whose doing it is, and blames nothing
 * else. docs/after.md has what it said.
 */
const world = inject("world");
let forge: Forge;
let server: GiteaServer;
beforeAll(async () => {
	forge = await startForge(join(world.folder, "after-causes-forge"));
});
afterAll(() => forge?.[Symbol.asyncDispose]());
beforeEach(async () => {
	server = await GiteaServer.start(world.giteaServer);
});
afterEach(() => server[Symbol.asyncDispose]());

const both = ["container", "host"] as const;

interface Cause extends AfterJob {
	readonly runner?: Partial<DaemonOptions>;
	/** What happens on the machine while the job waits. */
	readonly happens?: () => Promise<unknown>;
	/** What is undone when the second look is over, so that the runner can report what it said. */
	readonly ends?: () => Promise<unknown>;
}

/** Runs a job that stops until something has happened on the machine, then does the rest of its script, and fails. */
async function runThrough({ runner: options, happens, ends, ...job }: Cause): Promise<AfterOutcome> {
	const gate = await mkdtemp(join(world.folder, "gate-"));
	await chmod(gate, 0o777); // reports are written there, too
	const reports = { "report-dir": gate };
	const run = `echo ready\nuntil test -e ${gate}/open; do sleep 0.1; done\n${job.run}\nexit 1`;
	const runner = await RunnerDaemon.start(world, { instance: server.url, volumes: [gate], ...options });
	try {
		await chmod(runner.registration, 0o600); // otherwise a warning at the start
		const { id } = await server.queue(afterOrder(forge, { ...job, run, with: { ...job.with, ...(ends && reports) } }));
		await server.until(id, ({ rows }) => rows.includes("ready"));
		await happens?.();
		await writeFile(join(gate, "open"), "");
		for (let tries = 0; tries < 450 && ends && !existsSync(join(gate, "after.json")); tries++) await sleep(100);
		await ends?.();
		return outcomeOf(await server.ended(id, 120_000));
	} finally {
		await runner.stop();
	}
}

const docs = readFileSync("docs/after.md", "utf8");

/** Numbers and times differ from run to run. */
const withoutNumbers = (text: string): string => text.replace(/\d[\d.,:]*/g, "#");

/** docs/after.md has it, with places as they usually are. */
function expectQuoted(text: string): void {
	const quoted = text
		.replace(/between [\d:]+ and [\d:]+ UTC/, "at 14:07 UTC")
		.replace(new RegExp(`${world.folder}/[^\`]*/mnt`), "/srv/runner")
		.replace(/\/[\da-f]{16}\//, "/27bb289ef9fe44da/")
		.replace(/unix:\/\/\S*docker\.sock/g, "unix:///run/docker.sock");
	expect(withoutNumbers(docs)).toContain(withoutNumbers(quoted));
}

function expectCause(ended: AfterOutcome, caused_by: string, findings: readonly string[]): void {
	expect(findingsOf(ended)).toEqual(findings);
	expect(ended.after).toMatchObject({ caused_by, outcome: "failed" });
	expect(ended.task.result).toBe("failure");
	expectQuoted(ended.after?.sentence ?? "no sentence");
}

describe.each(both)("a small disk of a %s job", (on) => {
	/** An ext4 of 400 MiB with 6,400 inodes, where the runner has its workspaces. */
	async function runOnSmallDisk(run: string, happens?: (disk: string) => Promise<unknown>): Promise<AfterOutcome> {
		const folder = await mkdtemp(join(world.folder, "disk-"));
		const disk = join(folder, "mnt");
		await chmod(folder, 0o755);
		const make =
			'truncate -s 400M "$1.img" && mkfs.ext4 -q -i 65536 "$1.img" && mkdir "$1" && mount -o loop "$1.img" "$1"';
		await must("sh", ["-c", `${make} && chown ${hostUser}:${hostUser} "$1"`, "sh", disk]);
		try {
			const inputs = { profile: "generic", "min-free-disk": "100MiB", "min-free-inodes": "100", "fail-on": "never" };
			return await runThrough({
				on,
				run,
				with: inputs,
				runner: { workspaces: disk },
				...(happens && { happens: () => happens(disk) }),
			});
		} finally {
			await must("umount", ["--lazy", disk]);
		}
	}

	test("that fills up", async () => {
		const ended = await runOnSmallDisk("mkdir target\nhead -c 900M /dev/zero > target/big");
		expectCause(ended, "runner", ["after/disk:filled (fail)"]);
	});

	test("that has no inode left", async () => {
		const ended = await runOnSmallDisk("mkdir many && cd many && seq 9000 | xargs touch");
		expectCause(ended, "runner", ["after/inodes:used-up (fail)"]);
	});

	test("that becomes read-only", async () => {
		const ended = await runOnSmallDisk("touch result", (disk) => must("mount", ["-o", "remount,ro", disk]));
		expectCause(ended, "runner", ["after/filesystem:read-only (fail)"]);
	});
});

describe("memory", () => {
	const hog = "node -e 'Buffer.alloc(2 ** 29, 1)'";
	const limit = "--memory=400m --memory-swap=400m";

	test("a container job whose workflow limits it", async () => {
		const job = { container: { image: builderImage, options: limit } };
		const ended = await runThrough({ on: "container", run: hog, job });
		expectCause(ended, "job", ["after/memory:oom-killed (job)"]);
	});

	test("a container job that the runner's configuration limits", async () => {
		const ended = await runThrough({ on: "container", run: hog, runner: { containerOptions: limit } });
		expectCause(ended, "job", ["after/memory:oom-killed (job)"]);
	});

	test.each(both)("a container that a %s job started", async (on) => {
		const name = `postgres-of-a-${on}-job`;
		const run = `docker run --network=none --memory=64m --memory-swap=64m --name=${name} ${builderImage} ${hog}`;
		try {
			const ended = await runThrough({ on, run });
			expectCause(ended, "job", ["after/memory:oom-killed (job)"]);
		} finally {
			await must(world.client, [`--host=unix://${world.socket}`, "rm", "--force", name]);
		}
	});
});

describe("a CPU quota that starves", () => {
	const spin = "timeout 5 sh -c 'while :; do :; done'";

	test("a container job", async () => {
		const ended = await runThrough({ on: "container", run: spin, runner: { containerOptions: "--cpus=0.2" } });
		expectCause(ended, "unknown", ["after/cpu:starved (warn)"]);
	});

	test("a host job", async () => {
		const isUnified = existsSync("/sys/fs/cgroup/cgroup.controllers"); // version 2
		const group = join("/sys/fs/cgroup", isUnified ? "" : "cpu", "runner-check-starved");
		await mkdir(group);
		try {
			if (isUnified) {
				await writeFile("/sys/fs/cgroup/cgroup.subtree_control", "+cpu");
				await writeFile(join(group, "cpu.max"), "20000 100000");
			} else await writeFile(join(group, "cpu.cfs_quota_us"), "20000");
			const startedBy = ["sh", "-c", 'echo 0 > "$0/cgroup.procs" && exec "$@"', group];
			const ended = await runThrough({ on: "host", run: spin, runner: { startedBy } });
			expectCause(ended, "unknown", ["after/cpu:starved (warn)"]);
		} finally {
			await rmdir(group);
		}
	});
});

describe("the Docker daemon", () => {
	let folder: string;
	let engine: Engine;
	beforeEach(async () => {
		folder = join(await mkdtemp(join(world.folder, "engine-")), "engine");
		await chmod(join(folder, ".."), 0o755);
		await start();
	});
	// What a killed daemon left behind is the next one's to end.
	afterEach(async () => {
		await engine.crash();
		await start();
		await engine[Symbol.asyncDispose]();
	});
	const start = async (): Promise<void> => {
		engine = await Engine.start({ folder, path: world.enginePath });
		await chmod(folder, 0o755);
	};
	const restart = async (): Promise<void> => {
		await engine.crash();
		await start();
	};

	test("that is killed during a host job", async () => {
		const happens = () => engine.crash();
		const ended = await runThrough({ on: "host", run: "docker ps", runner: { socket: engine.socket }, happens });
		expectCause(ended, "runner", ["after/docker:gone (fail)"]);
	});

	test("that is started again during a host job", async () => {
		const ended = await runThrough({
			on: "host",
			run: "docker ps",
			runner: { socket: engine.socket },
			happens: restart,
		});
		expectCause(ended, "runner", ["after/docker:restarted (fail)"]);
	});

	// It takes the post step away. The log has the cause, and the start's report.
	test.each([
		["killed", () => engine.crash()],
		["started again", restart],
	])("that is %s during a container job", async (_, happens) => {
		await importImage(world, engine.socket);
		const ended = await runThrough({ on: "container", run: "docker ps", runner: { socket: engine.socket }, happens });
		expect(ended.after).toBeUndefined();
		expect(ended.task.result).toBe("failure");
		const [, why = ""] = ended.log.split("\nFailure - Post fortemi/runner-check@v1\n");
		const [line = ""] = why.split("\n");
		expect(line).toMatch(/^##\[error\](?:Cannot connect to the Docker daemon|failed to connect to the docker API)/);
		expectQuoted(line);
		const read = reportsIn(ended.log, { repository: "acme/widgets", runId: "101", runner: "titan-1" });
		expect(read).toMatchObject({ after: [], rejected: [] });
		expect(read.reports).toHaveLength(1);
	});
});

test("the network of a container job that is removed", async () => {
	const client = (...args: string[]) => must(world.client, [`--host=unix://${world.socket}`, ...args]);
	const removeNetwork = async () => {
		const [container = ""] = (await client("ps", "--format={{.Names}}")).trim().split("\n");
		const [network = ""] = (await client("network", "ls", "--filter=type=custom", "--format={{.Name}}")).split("\n");
		await client("network", "disconnect", "--force", network, container);
		await client("network", "rm", network);
	};
	const ended = await runThrough({
		on: "container",
		run: "git ls-remote https://git.example.com/acme/widgets.git",
		with: { "fail-on": "never" },
		runner: { network: "" },
		happens: removeNetwork,
	});
	expectCause(ended, "runner", ["after/docker:network-removed (fail)"]);
});

/** A way to the forge that can break. */
class Way {
	readonly #open = new Set<Socket>();
	readonly #server: Server;

	constructor(target: string) {
		const port = Number(new URL(target).port);
		this.#server = createServer((from) => this.#join(from, connect(port, "127.0.0.1")));
	}

	async start(port = 0): Promise<this> {
		await once(this.#server.listen(port, "127.0.0.1"), "listening");
		return this;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	async cut(): Promise<void> {
		if (!this.#server.listening) return;
		const closed = once(this.#server, "close");
		this.#server.close();
		for (const socket of this.#open) socket.destroy();
		await closed;
	}

	#join(from: Socket, to: Socket): void {
		for (const [one, other] of [
			[from, to],
			[to, from],
		] as const) {
			this.#open.add(one);
			one.pipe(other);
			one.on("error", () => other.destroy()).on("close", () => this.#open.delete(one));
		}
	}
}

/** A name server that knows one name, which is 127.0.0.1. */
class NameServer {
	readonly address = "127.0.0.77";
	readonly name = "git.acme.test";
	#socket: UdpSocket | undefined;

	async start(): Promise<void> {
		const socket = createSocket("udp4");
		this.#socket = socket;
		socket.on("message", (query, { port, address }) => socket.send(this.#answerTo(query), port, address));
		await once(socket.bind(53, this.address), "listening");
	}

	async stop(): Promise<void> {
		const socket = this.#socket;
		this.#socket = undefined;
		if (!socket) return;
		const closed = once(socket, "close");
		socket.close();
		await closed;
	}

	#answerTo(query: Buffer): Buffer {
		const question = query.subarray(12, query.indexOf(0, 12) + 5);
		const labels = this.name.split(".").map((label) => String.fromCharCode(label.length) + label);
		const isKnown = question.subarray(0, -5).toString("latin1").toLowerCase() === labels.join("");
		const isA = isKnown && question.readUInt16BE(question.length - 4) === 1;
		const head = Buffer.alloc(12);
		query.copy(head, 0, 0, 2);
		head.writeUInt16BE(isKnown ? 0x8580 : 0x8583, 2); // an answer, or no such name
		head.writeUInt16BE(1, 4);
		head.writeUInt16BE(isA ? 1 : 0, 6);
		// The name of the question, A, IN, for a second, four bytes.
		const answer = isA ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1] : [];
		return Buffer.concat([head, question, Buffer.from(answer)]);
	}
}

describe.each(both)("the forge of a %s job", (on) => {
	test("that is gone", async () => {
		const way = await new Way(server.url).start();
		const { port } = way;
		try {
			const instance = `http://127.0.0.1:${port}`;
			const run = `git ls-remote ${instance}/acme/widgets.git`;
			const ends = () => way.start(port);
			const ended = await runThrough({ on, run, runner: { instance }, happens: () => way.cut(), ends });
			expectCause(ended, "runner", ["after/network:forge-lost (fail)"]);
		} finally {
			await way.cut();
		}
	});

	test("whose name does not resolve any more", async () => {
		const names = new NameServer();
		const way = await new Way(server.url).start();
		try {
			await names.start();
			const folder = await mkdtemp(join(world.folder, "names-"));
			await chmod(folder, 0o755);
			const resolver = join(folder, "resolv.conf");
			await writeFile(resolver, `nameserver ${names.address}\n`);
			const instance = `http://${names.name}:${way.port}`;
			const ended = await runThrough({
				on,
				run: `git ls-remote ${instance}/acme/widgets.git`,
				runner: { instance, resolver, containerOptions: `--dns=${names.address}` },
				happens: () => names.stop(),
				ends: () => names.start(),
			});
			expectCause(ended, "runner", ["after/network:dns-lost (fail)"]);
		} finally {
			await names.stop();
			await way.cut();
		}
	});
});
