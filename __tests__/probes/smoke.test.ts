import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { collectFacts } from "../../src/collect.ts";
import type { HttpOutcome, HttpRequest } from "../../src/host/host.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { type SmokeFacts, smokeProbe } from "../../src/probes/smoke.ts";
import { collect, createPolicy, createRequest } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

/** A fake engine on a real socket. It keeps containers and behaves as a test tells it. */
interface Behaviour {
	images?: unknown;
	create?: (body: Created) => Reply;
	start?: () => Reply;
	/** Exit code of the started program. */
	exit?: number;
	archive?: () => Reply;
	remove?: () => Reply;
}
interface Reply {
	readonly status: number;
	readonly message?: string;
}
interface Created {
	readonly Image: string;
	readonly Entrypoint: string[];
	readonly Cmd: string[];
	readonly Labels: Record<string, string>;
	readonly HostConfig: {
		readonly Mounts: { readonly Source: string; readonly ReadOnly: boolean }[];
		readonly Binds?: unknown;
	};
}

const asking = createPolicy({ smoke: { parts: ["docker"], all: false } });

let folder: string;
let workspace: string;
let close: () => Promise<void>;
const orders: string[] = [];
const containers = new Map<string, Created>();
let seenFiles: string[] = [];

const images = [
	{ RepoTags: ["big:1"], Size: 900 },
	{ RepoTags: ["small:1"], Size: 5 },
	{ RepoTags: null, Size: 1 },
	{ RepoTags: ["<none>:<none>"], Size: 1 },
];

async function bodyOf(request: IncomingMessage): Promise<string> {
	let text = "";
	for await (const chunk of request) text += chunk;
	return text;
}

async function listen(behaviour: Behaviour): Promise<void> {
	const server = createServer(async (request, response) => {
		const { pathname, searchParams } = new URL(request.url ?? "", "http://d");
		orders.push(`${request.method} ${pathname}`);
		const body = await bodyOf(request);
		const reply = ({ status, message }: Reply, value: unknown = {}): void => {
			response.writeHead(status).end(JSON.stringify(message === undefined ? value : { message }));
		};
		const name = pathname.split("/")[2] ?? "";
		await answer(request, response, { pathname, name, body, query: searchParams.get("name") ?? "", reply, behaviour });
	});
	await new Promise<void>((resolve) => server.listen(join(folder, "d.sock"), resolve));
	close = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	seen: {
		pathname: string;
		name: string;
		body: string;
		query: string;
		reply: (reply: Reply, value?: unknown) => void;
		behaviour: Behaviour;
	},
): Promise<void> {
	const { pathname, name, body, query, reply, behaviour } = seen;
	if (pathname === "/images/json") return reply({ status: 200 }, behaviour.images ?? images);
	if (pathname === "/containers/create") {
		const wanted: Created = JSON.parse(body);
		const answered = behaviour.create?.(wanted) ?? { status: 201 };
		if (answered.status === 201) containers.set(query, wanted);
		seenFiles = await readdir(workspace);
		return reply(answered);
	}
	if (pathname.endsWith("/json")) return reply({ status: 404, message: "No such container" });
	if (!containers.has(name)) return reply({ status: 404, message: "No such container" });
	if (pathname.endsWith("/start")) return reply(behaviour.start?.() ?? { status: 204 });
	if (pathname.endsWith("/wait")) return reply({ status: 200 }, { StatusCode: behaviour.exit ?? 0 });
	if (pathname.endsWith("/archive")) {
		response.writeHead(behaviour.archive?.().status ?? 200).end();
		return;
	}
	if (request.method === "DELETE") {
		const answered = behaviour.remove?.() ?? { status: 204 };
		if (answered.status === 204) containers.delete(name);
		return reply(answered);
	}
	reply({ status: 500, message: `not expected: ${request.method} ${pathname}` });
}

const smoke = (overrides: Parameters<typeof createRequest>[0] = {}): Promise<SmokeFacts> =>
	collect(
		smokeProbe,
		createRealHost({ DOCKER_HOST: `unix://${folder}/d.sock` }),
		createRequest({ workspace, policy: asking, ...overrides }),
	);

beforeEach(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), "smoke-")));
	workspace = await realpath(await mkdtemp(join(tmpdir(), "smoke-workspace-")));
	orders.length = 0;
	containers.clear();
	close = async () => {};
});
afterEach(async () => {
	vi.useRealTimers();
	await close();
	// Whatever happened, nothing is left behind.
	expect(await readdir(workspace).catch(() => [])).toEqual([]);
	await rm(folder, { recursive: true });
	await rm(workspace, { recursive: true, force: true });
});

const changes = () => orders.filter((order) => !order.startsWith("GET "));

test("does nothing unless it is requested", async () => {
	await listen({});
	expect(await smoke({ policy: createPolicy() })).toEqual({ workspace, outcome: { kind: "not-asked" } });
	expect(orders).toEqual([]);
});

describe("a container that starts", () => {
	test("sees the workspace, and is removed", async () => {
		await listen({});
		expect(await smoke()).toEqual({ workspace, outcome: { kind: "seen", image: "small:1" } });
		const name = changes()[1]?.split("/")[2];
		expect(name).toMatch(/^runner-check-smoke-/);
		expect(changes()).toEqual([
			"POST /containers/create",
			`POST /containers/${name}/start`,
			`POST /containers/${name}/wait`,
			`DELETE /containers/${name}`,
		]);
		expect(containers.size).toBe(0);
	});

	test("changes nothing else", async () => {
		let made: Created | undefined;
		await listen({
			create: (body) => {
				made = body;
				return { status: 201 };
			},
		});
		await smoke();
		expect(made).toMatchObject({ Image: "small:1", Labels: { "runner-check": "smoke" } });
		// `Binds` would create a missing directory on the daemon's host.
		expect(made?.HostConfig.Binds).toBeUndefined();
		expect(made?.HostConfig.Mounts).toEqual([
			{ Type: "bind", Source: workspace, Target: "/runner-check", ReadOnly: true },
		]);
		expect(seenFiles).toEqual([made?.Cmd[0]?.split("/").pop()]);
	});

	test("does not see the file: another directory is there", async () => {
		await listen({ exit: 1 });
		expect((await smoke()).outcome).toMatchObject({
			kind: "not-seen",
			message: expect.stringContaining("exit code 1"),
		});
		expect(containers.size).toBe(0);
	});

	test.each([
		[
			"at its start",
			{ start: () => ({ status: 400, message: 'exec: "cat": executable file not found in $PATH: unknown' }) },
		],
		["by its exit code", { exit: 127 }],
	])("has no cat, which shows %s: the engine is asked what it sees", async (_, behaviour) => {
		await listen(behaviour);
		expect((await smoke()).outcome.kind).toBe("seen");
		await close();
		await listen({ ...behaviour, archive: () => ({ status: 404 }) });
		expect((await smoke()).outcome.kind).toBe("not-seen");
	});
});

describe("a container that does not start", () => {
	// The error of dockerd 29 on runc 1.1 at every start.
	const message =
		'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: namespace {"time" ""} does not exist: unknown';

	test("the runtime's own error, and nothing is left behind", async () => {
		await listen({ start: () => ({ status: 500, message }) });
		expect(await smoke()).toEqual({ workspace, outcome: { kind: "not-started", image: "small:1", message } });
		expect(containers.size).toBe(0);
	});

	test.each([
		["Docker", (path: string) => `invalid mount config for type "bind": bind source path does not exist: ${path}`],
		["Podman", (path: string) => `statfs ${path}: no such file or directory`],
	])("%s does not find the workspace on its host", async (_, say) => {
		await listen({ create: () => ({ status: 400, message: say(workspace) }) });
		expect((await smoke()).outcome).toEqual({ kind: "not-seen", image: "small:1", message: say(workspace) });
		expect(changes()).toEqual(["POST /containers/create"]);
	});

	test("a proxy denies it", async () => {
		await listen({ create: () => ({ status: 403, message: "Forbidden" }) });
		expect((await smoke()).outcome).toEqual({ kind: "forbidden", message: "Forbidden" });
	});

	test("no image exists, and none is pulled", async () => {
		await listen({ images: [] });
		expect((await smoke()).outcome).toEqual({ kind: "no-image" });
		expect(changes()).toEqual([]);
	});

	test("the workspace cannot be written", async () => {
		await listen({});
		await rm(workspace, { recursive: true });
		expect((await smoke()).outcome).toEqual({ kind: "no-file", code: "ENOENT" });
		expect(changes()).toEqual([]);
	});

	test("no daemon listens", async () => {
		expect((await smoke()).outcome).toMatchObject({ kind: "no-answer", message: expect.stringContaining("ENOENT") });
	});
});

describe("an engine that stops answering", () => {
	test("no answer to a request: it ends in time, and removes by name what may have been created", async () => {
		const hanging = new Set<ServerResponse>();
		const server = createServer((request, response) => {
			orders.push(`${request.method} ${new URL(request.url ?? "", "http://d").pathname}`);
			if (request.url === "/images/json") response.end(JSON.stringify(images));
			else if (request.method === "DELETE") response.writeHead(204).end();
			else if (request.url?.startsWith("/containers/create")) hanging.add(response);
			else response.writeHead(404).end("{}");
		});
		await new Promise<void>((resolve) => server.listen(join(folder, "d.sock"), resolve));
		close = async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		};
		vi.useFakeTimers({ toFake: ["hrtime", "setTimeout", "clearTimeout"] });
		const asked = smoke({ timeoutMs: 500 });
		while (hanging.size === 0) await setImmediate();
		// A fifth of the time, and what it takes to report, are left: half of it for the answer, half for removing the container.
		await vi.advanceTimersByTimeAsync(400 + 200);
		expect(await asked).toEqual({ workspace, outcome: { kind: "no-answer", message: "no answer in time" } });
		expect(changes()[1]).toMatch(/^DELETE \/containers\/runner-check-smoke-/);
	});

	test("no answer at all: reported in time, with the container's name", async () => {
		await listen({});
		const plain = createRealHost({ DOCKER_HOST: `unix://${folder}/d.sock` });
		let dead = false;
		const host = {
			...plain,
			request: (wanted: HttpRequest): Promise<HttpOutcome> => {
				dead ||= wanted.path.endsWith("/wait");
				if (!dead) return plain.request(wanted);
				return new Promise((resolve) => {
					wanted.signal.addEventListener("abort", () => resolve({ kind: "timed-out" }));
				});
			},
		};
		const request = createRequest({ workspace, policy: asking, timeoutMs: 500 });
		vi.useFakeTimers({ toFake: ["hrtime", "setTimeout", "clearTimeout"] });
		const asked = collectFacts([smokeProbe], host, request);
		while (!dead) await setImmediate();
		// The deadline, and what it takes to give up the removal. The run itself would wait 600 ms.
		await vi.advanceTimersByTimeAsync(500 + 300);
		const facts = await asked;
		expect(facts.smoke).toMatchObject({
			ok: true,
			value: { outcome: { kind: "no-answer" }, leftBehind: expect.stringMatching(/^runner-check-smoke-/) },
		});
	});

	test("a container that cannot be removed is named", async () => {
		await listen({ remove: () => ({ status: 500, message: "device or resource busy" }) });
		const facts = await smoke();
		expect(facts).toMatchObject({
			outcome: { kind: "seen" },
			leftBehind: expect.stringMatching(/^runner-check-smoke-/),
		});
	});
});

test("the job's own image is preferred to the smallest", async () => {
	const id = "a".repeat(64);
	const self = { Id: id, Image: `sha256:${"b".repeat(64)}`, State: { Running: true }, Config: { Hostname: "builder" } };
	const bodies: string[] = [];
	const host = createHost({
		env: { JOB_CONTAINER_NAME: "job" },
		placeFile: async () => ({ kind: "ok", value: { name: ".runner-check-x", remove: async () => {} } }),
		request: async ({ method = "GET", path, body }) => {
			if (body) bodies.push(body);
			const value = path === "/containers/job/json" ? self : path.endsWith("/wait") ? { StatusCode: 0 } : {};
			const status = path.includes("/containers/builder/") ? 404 : 200;
			return {
				kind: "answered",
				status,
				headers: {},
				body: method === "HEAD" ? "" : JSON.stringify(value),
				truncated: false,
			};
		},
	});
	expect((await collect(smokeProbe, host, createRequest({ policy: asking }))).outcome).toEqual({
		kind: "seen",
		image: self.Image,
	});
	expect(JSON.parse(bodies[0] ?? "").Image).toBe(self.Image);
});
