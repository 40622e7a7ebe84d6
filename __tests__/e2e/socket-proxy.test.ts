import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { runFolder } from "./support/cache.ts";
import { Cleanup } from "./support/cleanup.ts";
import { unpackedPackages } from "./support/debian.ts";
import { answers } from "./support/engine.ts";
import { findings } from "./support/outcome.ts";
import { startPodman } from "./support/podman.ts";
import { must, run } from "./support/run.ts";

const world = inject("world");
const cleanup = new Cleanup();
afterAll(() => cleanup[Symbol.asyncDispose]());

/** What the best known socket proxy lets through by default. */
const always = "^(/v[0-9.]+)?/(version|_ping|events)";
const everything = "^/";

let program: string;
let libraries: string;
beforeAll(async () => {
	const parts = await unpackedPackages("bookworm", [
		"haproxy",
		"liblua5.3-0",
		"libopentracing-c-wrapper0",
		"libopentracing1",
	]);
	program = `${parts}/usr/sbin/haproxy`;
	libraries = (await must("sh", ["-c", 'echo "$1"/usr/lib/*-linux-gnu', "sh", parts])).trim();
}, 300_000);

/** A real haproxy before the engine, which lets through the paths and methods that these expressions match. */
async function startProxy(paths: readonly string[], methods: string): Promise<string> {
	const folder = await mkdtemp(join(world.folder, "proxy-"));
	const socket = join(folder, "docker.sock");
	const config = [
		"defaults",
		"  mode http",
		"  timeout client 60s",
		"  timeout server 60s",
		"  timeout connect 5s",
		"frontend docker",
		`  bind unix@${socket} mode 660`,
		...paths.map((path) => `  http-request allow if { path_reg ${path} } { method ${methods} }`),
		"  http-request deny",
		"  default_backend engine",
		"backend engine",
		`  server engine unix@${world.socket}`,
	];
	await writeFile(join(folder, "haproxy.cfg"), `${config.join("\n")}\n`);
	// It also ends when the tests are killed.
	const haproxy = spawn("setpriv", ["--pdeathsig=KILL", program, "-db", "-f", join(folder, "haproxy.cfg")], {
		env: { ...process.env, LD_LIBRARY_PATH: libraries },
		stdio: "ignore",
	});
	cleanup.add(async () => {
		const ended = once(haproxy, "exit");
		haproxy.kill("SIGKILL");
		await ended;
	});
	if (!(await answers(socket, haproxy))) throw new Error("haproxy did not start");
	return socket;
}

const examine = async (socket: string, docker = "required") => {
	const { report } = await runAction(world, {
		env: { DOCKER_HOST: `unix://${socket}` },
		with: { profile: "generic", docker },
	});
	return {
		found: findings(report, "fail", "error"),
		daemon: report.results.find(({ id }) => id === "docker/daemon"),
		presence: report.results.find(({ id }) => id === "docker/presence")?.status,
	};
};
const list = async () =>
	(await run(world.client, ["--host", `unix://${world.socket}`, "ps", "--all", "--quiet"])).stdout;

describe("haproxy before a real engine", () => {
	test("lets version, ping and events through: the CLI fails as foretold", async () => {
		const socket = await startProxy([always], "GET HEAD");
		const { found, daemon } = await examine(socket);
		expect(found).toEqual(["docker/daemon:forbidden"]);
		expect(daemon?.message).toContain("`POST /containers/create`");
		const real = await run(world.client, ["--host", `unix://${socket}`, "run", "--rm", "debian:12", "true"]);
		expect(real.output).toContain("Error response from daemon: <html><body><h1>403 Forbidden</h1>");
		expect((await examine(socket, "forbidden")).presence).toBe("pass");
		expect((await examine(socket, "optional")).found).toEqual([]);
	});

	test("lets POST through, and no path", async () => {
		expect((await examine(await startProxy([always], "GET HEAD POST"))).found).toEqual(["docker/daemon:forbidden"]);
	});

	test("lets only reading through", async () => {
		expect((await examine(await startProxy([everything], "GET HEAD"))).found).toEqual(["docker/daemon:forbidden"]);
	});

	test("lets everything but /info through: nothing is found, and nothing is created", async () => {
		const before = await list();
		const { found, daemon } = await examine(
			await startProxy([always, "/(containers|images|networks|volumes|build|system)(/|$)"], "GET HEAD POST DELETE"),
		);
		expect({ found, status: daemon?.status }).toEqual({ found: [], status: "pass" });
		expect(await list()).toBe(before);
	});
});

test("Podman rejects the same request", async () => {
	const folder = await runFolder("podman");
	const { socket } = cleanup.use(await startPodman({ folder, driver: "vfs", volumes: join(folder, "volumes") }));
	const { daemon } = await examine(socket);
	expect(daemon).toMatchObject({ status: "warn", reason: "podman" });
});
