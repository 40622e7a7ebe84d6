import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { dockerSocketProbe } from "../../src/probes/docker-socket.ts";
import { apiOf, examine, findingsOf } from "../checks/docker/facts.ts";
import { collect } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

describe("on a fake machine", () => {
	const look = (machine: FakeMachine) => collect(dockerSocketProbe, createHost(machine));
	const path = "/var/run/docker.sock";
	const socket = file({ kind: "socket", mode: 0o660, gid: 998 });

	it("tells mode, owner and group, with the group's name if it has one", async () => {
		const facts = await look({
			files: { [path]: socket, "/etc/group": "root:x:0:\ndocker:x:998:runner\n" },
			api: apiOf("29.7.2"),
		});
		expect(facts).toMatchObject({
			kind: "unix",
			found: "socket",
			owner: { mode: 0o660, uid: 0, gid: 998, group: "docker" },
			connection: "accepted",
		});
	});

	it("asks at other usual paths if nothing is at this one, and only then", async () => {
		const rootless = "/run/user/1001/docker.sock";
		const machine = { uid: 1001, files: { [rootless]: socket }, api: apiOf("29.7.2") };
		expect(await look(machine)).toMatchObject({ found: "absent", answering: [{ path: rootless }] });
		expect(await look({ ...machine, api: apiOf("podman 4.3.1") })).toMatchObject({
			answering: [{ path: rootless, podman: true }],
		});
		expect(await look({ ...machine, api: {} })).not.toHaveProperty("answering");
		const there = { ...machine, files: { ...machine.files, [path]: socket } };
		expect(await look(there)).not.toHaveProperty("answering");
	});

	it("names no group that this system does not know", async () => {
		const facts = await look({ files: { [path]: socket, "/etc/group": "root:x:0:\nbroken\n::9:\n" } });
		expect(facts).toMatchObject({ owner: { gid: 998 } });
		expect(facts).not.toHaveProperty("owner.group");
	});

	it("tells the user and all groups, including the first", async () => {
		const facts = await look({
			uid: 1001,
			gid: 1001,
			groups: [4, 998],
			files: { [path]: socket, "/etc/passwd": "root:x:0:0::/root:/bin/sh\nrunner:x:1001:1001::/:/bin/sh\n" },
		});
		expect(facts).toMatchObject({ user: { uid: 1001, name: "runner", groups: [1001, 4, 998] } });
	});

	it("tells a user namespace by its map of ids", async () => {
		const of = (map: string) => look({ files: { [path]: socket, "/proc/self/uid_map": map } });
		expect(await of("         0     100000      65536\n")).toMatchObject({ userNamespace: true });
		expect(await of("         0          0 4294967295\n")).not.toHaveProperty("userNamespace");
		expect(await look({ files: { [path]: socket } })).not.toHaveProperty("userNamespace");
	});

	it("follows a link and keeps its target", async () => {
		const facts = await look({ links: { [path]: "/run/user/1000/docker.sock" } });
		expect(facts).toMatchObject({ found: "link", link: { to: "/run/user/1000/docker.sock", found: "absent" } });
	});

	it("distinguishes a closed directory from a missing socket", async () => {
		const facts = await look({ files: { [path]: { kind: "unreadable", code: "EACCES" } } });
		expect(facts).toMatchObject({ found: "unreadable", code: "EACCES" });
		expect(await look({})).toMatchObject({ found: "absent" });
	});

	it.each([
		["timed-out", { kind: "timed-out" } as const],
		["EACCES", { kind: "failed", code: "EACCES", message: "connect EACCES" } as const],
		["accepted", { kind: "failed", code: "ECONNRESET", message: "socket hang up" } as const],
		["accepted", { kind: "failed", code: "HPE_INVALID_CONSTANT", message: "Parse Error" } as const],
	])("tells the result of connecting: %s", async (connection, outcome) => {
		expect(await look({ files: { [path]: socket }, api: { "GET /version": outcome } })).toMatchObject({ connection });
	});

	it("knows the source of a container's socket", async () => {
		const mountinfo = [
			"1 0 8:1 / / rw - ext4 /dev/sda1 rw",
			"2 1 0:25 /gitea-runner-1/api.sock /run/docker.sock rw - tmpfs tmpfs rw",
		].join("\n");
		const facts = await look({
			files: { "/run/docker.sock": socket, "/proc/self/mountinfo": mountinfo },
			links: { [path]: "/run/docker.sock" },
		});
		expect(facts).toMatchObject({ mountRoot: "/gitea-runner-1/api.sock" });
	});

	it("knows the source of the mount that covers another one, with a blank in its path", async () => {
		const mountinfo = [
			"2 1 0:25 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw",
			"3 2 0:26 /my\\040run/docker.sock /run/docker.sock rw - tmpfs tmpfs rw",
		].join("\n");
		const facts = await look({
			files: { "/run/docker.sock": socket, "/proc/self/mountinfo": mountinfo },
			links: { [path]: "/run/docker.sock" },
		});
		expect(facts).toMatchObject({ mountRoot: "/my run/docker.sock" });
	});

	it("ignores endpoints that are not a socket", async () => {
		expect(await look({ env: { DOCKER_HOST: "tcp://docker:2375" } })).toEqual({ kind: "none" });
	});
});

/** From a socket in the file system to the finding in the report. */
describe("on this machine", () => {
	let directory: string;
	let path: string;
	let servers: Server[];
	let connections: Set<Socket>;
	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), "runner-check-"));
		path = join(directory, "docker.sock");
		servers = [];
		connections = new Set();
	});
	afterEach(() => {
		for (const connection of connections) connection.destroy();
		for (const server of servers) server.close();
		rmSync(directory, { recursive: true, force: true });
	});

	async function listen(server: Server, at = path): Promise<void> {
		server.on("connection", (socket: Socket) => {
			connections.add(socket);
			socket.on("error", () => undefined);
		});
		servers.push(server.listen(at));
		await new Promise((resolve) => server.once("listening", resolve));
		chmodSync(at, 0o660);
	}
	const speaking = (bytes: string) => createServer((socket) => socket.end(bytes));
	const answering = (status: number, body: string, type = "application/json") =>
		createHttpServer((_, response) => {
			response.writeHead(status, { "content-type": type });
			response.end(body);
		});
	const engine = (engineName: "29.7.2" | "podman 4.3.1" = "29.7.2") =>
		createHttpServer((request, response) => {
			const answer = apiOf(engineName)[`GET ${request.url}`];
			// An engine rejects the request that asks whether a proxy keeps it back.
			const unknown = { "content-type": "application/json" };
			if (answer?.kind !== "answered")
				return void response
					.writeHead(request.method === "POST" ? 400 : 404, unknown)
					.end('{"message":"page not found"}');
			response.writeHead(answer.status, answer.headers).end(answer.body);
		});

	/** The findings about Docker at `path`, except for the CLI, which this machine may lack. */
	async function findings(timeoutMs = 5000): Promise<readonly string[]> {
		const host = createRealHost({ PATH: directory, HOME: directory, DOCKER_HOST: `unix://${path}` });
		return findingsOf(await examine(host, undefined, timeoutMs)).filter((finding) => !finding.includes("docker/cli:"));
	}

	it("a live engine is not a finding", async () => {
		await listen(engine());
		expect(await findings()).toEqual([]);
	});

	it("nor is a link to a live one", async () => {
		await listen(engine(), join(directory, "real.sock"));
		symlinkSync("real.sock", path);
		expect(await findings()).toEqual([]);
	});

	it("nothing at the path", async () => {
		expect(await findings()).toEqual(["docker/socket:missing"]);
	});

	it("a link to a path that does not exist", async () => {
		symlinkSync("gone.sock", path);
		expect(await findings()).toEqual(["docker/socket:missing"]);
	});

	it("a directory", async () => {
		mkdirSync(path);
		expect(await findings()).toEqual(["docker/socket:directory"]);
	});

	it("a plain file", async () => {
		writeFileSync(path, "");
		expect(await findings()).toEqual(["docker/socket:not-a-socket"]);
	});

	it("a file in place of a directory", async () => {
		const within = join(path, "docker.sock");
		writeFileSync(path, "");
		path = within;
		expect(await findings()).toEqual(["docker/socket:missing"]);
	});

	it("a stale socket", async () => {
		const server = speaking("");
		await listen(server, join(directory, "live.sock"));
		// Closing removes the file, but not under its new name.
		renameSync(join(directory, "live.sock"), path);
		await new Promise((resolve) => server.close(resolve));
		servers = [];
		expect(await findings()).toEqual(["docker/socket:refused"]);
	});

	it("a socket that is open to every user", async () => {
		await listen(engine());
		chmodSync(path, 0o666);
		expect(await findings()).toEqual(["docker/socket:world-writable"]);
	});

	it.skipIf(process.getuid?.() !== 0 || process.seteuid === undefined)(
		"a socket that this user may not open",
		async () => {
			await listen(engine());
			// Without access for the group, to which this process still belongs.
			chmodSync(path, 0o600);
			chmodSync(directory, 0o755);
			process.seteuid?.(65534);
			try {
				expect(await findings()).toEqual(["docker/socket:permission-denied"]);
				process.seteuid?.(0);
				chmodSync(directory, 0o700);
				process.seteuid?.(65534);
				expect(await findings()).toEqual(["docker/socket:permission-denied"]);
			} finally {
				process.seteuid?.(0);
			}
		},
	);

	it("a daemon that never answers, within the deadline", async () => {
		await listen(createServer(() => undefined));
		expect(await findings(300)).toEqual(["docker/daemon:timeout"]);
	});

	it("a daemon that stops in the middle of its answer", async () => {
		await listen(createServer((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")));
		expect(await findings(300)).toEqual(["docker/daemon:timeout"]);
	});

	it.each([
		["garbage", speaking("what is this\n"), "docker/daemon:not-docker"],
		["an ssh server", speaking("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"), "docker/daemon:not-docker"],
		["a server that hangs up", speaking(""), "docker/daemon:unreachable"],
		["a web page", answering(200, "<html><body>hi</body></html>", "text/html"), "docker/daemon:not-docker"],
		["other JSON", answering(200, "{}"), "docker/daemon:not-docker"],
		["a proxy's 403 in JSON", answering(403, '{"message":"denied"}'), "docker/daemon:forbidden"],
		["a proxy's 403 in HTML", answering(403, "<h1>403</h1>", "text/html"), "docker/daemon:forbidden"],
		["a plugin's 401", answering(401, ""), "docker/daemon:forbidden"],
		["an engine's 500", answering(500, '{"message":"layer does not exist"}'), "docker/daemon:http-error"],
		["an empty 500", answering(500, ""), "docker/daemon:http-error"],
		["a proxy's 503", answering(503, "<h1>503</h1>", "text/html"), "docker/daemon:http-error"],
		["a 404", answering(404, "404 page not found", "text/plain"), "docker/daemon:http-error"],
	])("%s", async (_, server, finding) => {
		await listen(server);
		expect(await findings()).toEqual([finding]);
	});

	it("Podman is a warning", async () => {
		await listen(engine("podman 4.3.1"));
		expect(await findings()).toEqual(["warn docker/daemon:podman"]);
	});

	it("an answer without an end", async () => {
		await listen(
			createHttpServer((_, response) => {
				const more = () => response.write("x".repeat(65536), more);
				more();
			}),
		);
		expect(await findings()).toEqual(["docker/daemon:not-docker"]);
	});
});
