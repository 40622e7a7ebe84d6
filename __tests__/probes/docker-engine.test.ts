import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/host/host.ts";
import { askEngine, dockerEngineProbe, isDenied } from "../../src/probes/docker-engine.ts";
import { apiOf, type EngineName } from "../checks/docker/facts.ts";
import { collect } from "../support/builders.ts";
import { answered, createHost, type FakeMachine } from "../support/fake-host.ts";

const look = (machine: FakeMachine) => collect(dockerEngineProbe, createHost(machine));

describe("real engines", () => {
	it.each([
		["20.10.24", "20.10.24+dfsg1", "1.41", "1.12", "overlay2"],
		["26.1.5", "26.1.5+dfsg1", "1.45", "1.24", "vfs"],
		["28.5.2", "28.5.2+dfsg4", "1.51", "1.44", "vfs"],
		["29.7.2", "29.7.2", "1.55", "1.40", "vfs"],
		["podman 4.3.1", "4.3.1", "1.41", "1.24", "vfs"],
	] as const)("are read: %s", async (name, version, apiVersion, minApiVersion, driver) => {
		const facts = await look({ api: apiOf(name satisfies EngineName) });
		expect(facts.version).toMatchObject({ kind: "ok", value: { version, apiVersion, minApiVersion } });
		expect(facts.info).toMatchObject({ kind: "ok", value: { driver, name: "vm" } });
		expect(facts.endpoint).toBe("unix:///var/run/docker.sock");
	});

	it("tell their components and the name of their server", async () => {
		const { version } = await look({ api: apiOf("podman 4.3.1") });
		expect(version).toMatchObject({
			value: { components: [{ name: "Podman Engine", version: "4.3.1" }], server: "Libpod/4.3.1 (linux)" },
		});
	});

	it("tell runtimes, warnings and CDI directories", async () => {
		const { info } = await look({ api: apiOf("29.7.2") });
		expect(info).toMatchObject({
			value: {
				runtimes: ["io.containerd.runc.v2", "runc"],
				defaultRuntime: "runc",
				cdiDevices: ["/etc/cdi", "/var/run/cdi"],
				warnings: [expect.stringContaining("cgroup v1 is deprecated")],
				cgroupDriver: "cgroupfs",
			},
		});
	});
});

describe("what is not a healthy engine", () => {
	const version = async (api: NonNullable<FakeMachine["api"]>) => (await look({ api })).version;

	it.each([
		["a web page", answered("<html><body>hello</body></html>"), { kind: "not-docker" }],
		["nothing", answered(""), { kind: "not-docker" }],
		["other JSON", answered({ status: "ok" }), { kind: "not-docker" }],
		["a list", answered([]), { kind: "not-docker" }],
		["numbers for versions", answered({ Version: 29, ApiVersion: 1.52 }), { kind: "not-docker" }],
		[
			"an error of the engine",
			answered({ message: "layer does not exist" }, 500),
			{ kind: "http-error", status: 500, body: "layer does not exist" },
		],
		["an empty error", answered("", 500), { kind: "http-error", status: 500, body: "" }],
		["a proxy's page", answered("<h1>403 Forbidden</h1>", 403), { kind: "http-error", status: 403 }],
		[
			"a protocol that is not HTTP",
			{ kind: "failed", code: "HPE_INVALID_CONSTANT", message: "Parse Error: Expected HTTP/" } as const,
			{ kind: "not-docker", body: "Parse Error: Expected HTTP/" },
		],
		[
			"a refusal",
			{ kind: "failed", code: "ECONNREFUSED", message: "connect ECONNREFUSED" } as const,
			{ kind: "failed", code: "ECONNREFUSED" },
		],
		["silence", { kind: "timed-out" } as const, { kind: "timed-out" }],
	])("is named: %s", async (_, outcome, expected) => {
		expect(await version({ "GET /version": outcome })).toMatchObject(expected);
	});

	it("does not fill the report", async () => {
		const answer = await version({ "GET /version": answered("x".repeat(400_000)) });
		expect(JSON.stringify(answer).length).toBeLessThan(3000);
	});

	it("is not trusted if it was cut", async () => {
		const cut = { kind: "answered", status: 200, headers: {}, body: '{"Version"', truncated: true } as const;
		expect(await version({ "GET /version": cut })).toMatchObject({ kind: "failed", code: "EMSGSIZE" });
	});

	it("affects only its own answer", async () => {
		const { "GET /version": good } = apiOf("29.7.2");
		if (!good) throw new Error("no recording");
		const denied = await look({ api: { "GET /version": good, "GET /info": answered("no", 403) } });
		expect([denied.version.kind, denied.info.kind]).toEqual(["ok", "http-error"]);
		const slow = await look({ api: { "GET /version": good, "GET /info": { kind: "timed-out" } } });
		expect([slow.version.kind, slow.info.kind]).toEqual(["ok", "timed-out"]);
	});
});

describe("what a proxy keeps back", () => {
	const invalid = answered({ message: "Content-Type specified (text/plain) must be 'application/json'" }, 400);
	const page = answered("<html><body><h1>403 Forbidden</h1>\n", 403);
	const usual = {
		"POST /containers/create": invalid,
		"POST /session": invalid,
		"POST /build?buildargs=%7B": invalid,
		"POST /images/create?fromImage=:": invalid,
	};
	const lists = {
		"GET /containers/json?limit=1": answered([]),
		"GET /images/json?filters=%7B%22reference%22%3A%5B%22runner-check%2Fnone%22%5D%7D": answered([]),
	};
	const open = { ...apiOf("20.10.24"), ...usual, ...lists };
	const names = Object.keys({ ...usual, ...lists }).map((request) => request.replace(/\?.*/, ""));
	const statuses = async (api: NonNullable<FakeMachine["api"]>) =>
		(await look({ api })).requests?.map(({ request, status, by }) => `${status} ${request} ${by}`);
	const fromAll = (status: number, by: string) => names.map((request) => `${status} ${request} ${by}`);
	/** The same paths with a version in front. */
	const withVersion = (api: NonNullable<FakeMachine["api"]>, version: string) =>
		Object.fromEntries(Object.entries(api).map(([key, answer]) => [key.replace(" ", ` /v${version}`), answer]));

	it("costs a healthy engine four requests that create nothing", async () => {
		const sent: HttpRequest[] = [];
		const record = (request: HttpRequest) => {
			sent.push(request);
			return invalid;
		};
		const recorded = Object.fromEntries(Object.keys(usual).map((request) => [request, record]));
		expect(await statuses({ ...open, ...recorded })).toEqual(fromAll(400, "engine").slice(0, 4));
		expect(sent[0]).toMatchObject({ body: "{", headers: { "content-type": "text/plain" } });
		expect(sent.every(({ path }) => !path.startsWith("/v"))).toBe(true);
	});

	it("is looked at closely if anything is denied", async () => {
		const closed = Object.fromEntries(Object.keys({ ...usual, ...lists }).map((request) => [request, page]));
		expect(await statuses({ ...open, ...closed, "GET /info": page })).toEqual(fromAll(403, "proxy"));
		const withoutInfo = await statuses({ ...open, "GET /info": page });
		expect(withoutInfo).toEqual([...fromAll(400, "engine").slice(0, 4), ...fromAll(200, "engine").slice(4)]);
		expect(await statuses({ ...open, "POST /containers/create": answered("", 405) })).toHaveLength(6);
	});

	it.each([
		[403, "Forbidden\n"],
		[405, "Method Not Allowed\n"],
		[404, "404 page not found\n"],
		[400, "<h1>Bad request</h1>"],
		[503, "<h1>503 Service Unavailable</h1>"],
	])("is told by an answer that is not an engine's (%s)", async (status, body) => {
		const [create] = (await statuses({ ...open, "POST /containers/create": answered(body, status) })) ?? [];
		expect(create).toBe(`${status} POST /containers/create proxy`);
	});

	it("may be what buildx connects to, by path and not by method alone", async () => {
		const deniedGet = { ...open, "GET /grpc": page };
		const grpc = async (api: NonNullable<FakeMachine["api"]>) => (await statuses(api))?.find((one) => /grpc/.test(one));
		expect(await grpc({ ...deniedGet, "POST /v1.44/grpc": page })).toBe("403 POST /grpc proxy");
		const upgrade = answered({ message: "no upgrade proto in request" }, 500);
		expect(await grpc({ ...deniedGet, "POST /v1.44/grpc": upgrade })).toBe("500 POST /grpc engine");
		// An engine has nothing there but for POST.
		expect(await grpc({ ...open, "GET /grpc": answered({ message: "page not found" }, 404) })).toBeUndefined();
	});

	it("is not guessed from an engine that lacks a path", async () => {
		const absent = answered({ message: "page not found" }, 404, { "api-version": "1.24" });
		const requests = (await look({ api: { ...open, "POST /build?buildargs=%7B": absent } })).requests ?? [];
		expect(requests.filter(isDenied)).toEqual([]);
		// Podman answers as a proxy does that denies with 404.
		const notFound = { "POST /session": answered("Not Found\n", 404), "GET /grpc": answered("Not Found\n", 404) };
		const { requests: ofPodman = [] } = await look({ api: { ...open, ...apiOf("podman 4.3.1"), ...notFound } });
		expect(ofPodman.map(({ name }) => name)).toEqual(["create", "build", "pull"]);
		const { requests: ofProxy = [] } = await look({ api: { ...open, ...notFound } });
		expect(ofProxy.filter(isDenied).map(({ name }) => name)).toEqual(expect.arrayContaining(["session", "grpc"]));
	});

	it("is nothing if the paths only need a version, as the CLI sends them", async () => {
		const ping = answered("", 200, { "api-version": "1.41" });
		const strict = { ...withVersion(open, "1.41"), "HEAD /_ping": ping };
		const denied = Object.fromEntries(Object.keys(open).map((request) => [request, page]));
		const facts = await look({ api: { ...denied, ...strict } });
		expect(facts.version).toMatchObject({ kind: "ok", value: { version: "20.10.24+dfsg1" } });
		expect(facts.info.kind).toBe("ok");
		expect((facts.requests ?? []).filter(isDenied)).toEqual([]);
		// The version may be asked for without one.
		const posts = Object.fromEntries(Object.keys(usual).map((request) => [request, page]));
		const half = await look({ api: { ...open, ...posts, ...withVersion(usual, "1.44") } });
		expect((half.requests ?? []).filter(isDenied)).toEqual([]);
		// Podman has no such path in either form.
		const absent = { ...page, status: 404 };
		const api = {
			...open,
			...apiOf("podman 4.3.1"),
			"POST /session": page,
			"POST /v1.44/session": absent,
		};
		const { requests = [] } = await look({ api });
		expect(requests.filter(isDenied)).toEqual([]);
		expect(requests.map(({ name }) => name)).toContain("create");
		const readOnly = await look({ api: { ...denied, ...withVersion(apiOf("20.10.24"), "1.41"), "HEAD /_ping": ping } });
		expect(readOnly.version.kind).toBe("ok");
	});

	it("says nothing if nothing answers", async () => {
		expect(await look({})).not.toHaveProperty("requests");
		const late = Object.fromEntries(Object.keys(usual).map((request) => [request, { kind: "timed-out" } as const]));
		expect(await look({ api: { ...open, ...late } })).not.toHaveProperty("requests");
	});
});

describe("secrets of the engine", () => {
	it("are not kept", async () => {
		const info = {
			Driver: "overlay2",
			HttpProxy: "http://user:s3cr3t@proxy:3128",
			HttpsProxy: "http://user:s3cr3t@proxy:3128",
			RegistryConfig: {
				Mirrors: ["https://u:s3cr3t@mirror.lan"],
				IndexConfigs: {
					"s3cr3t.example": {},
					"u:s3cr3t@registry.lan": { Secure: false },
					"registry.lan:5000": { Secure: false, Mirrors: ["https://u:s3cr3t@mirror.lan"] },
				},
				InsecureRegistryCIDRs: ["10.0.0.0/8 s3cr3t"],
			},
			Labels: ["token=s3cr3t"],
		};
		expect(JSON.stringify(await look({ api: { "GET /info": answered(info) } }))).not.toContain("s3cr3t");
	});
});

describe("registries that the daemon asks without verified TLS", () => {
	const insecureOf = async (RegistryConfig: unknown) => {
		const { info } = await look({ api: { "GET /info": answered({ Driver: "overlay2", RegistryConfig }) } });
		return info.kind === "ok" ? info.value.insecureRegistries : info;
	};

	it("are kept, by name and by network", async () => {
		const IndexConfigs = {
			"docker.io": { Secure: true },
			"192.168.1.7:5000": { Secure: false },
			"registry.lan": { Secure: false },
			"[fd00::7]:5000": { Secure: false },
			"unsaid.lan": {},
			"odd.lan": { Secure: "false" },
			"hostile name": { Secure: false },
		};
		const InsecureRegistryCIDRs = ["::1/128", "127.0.0.0/8", "192.168.0.0/16", 7, "10.0.0.0", "a.lan/8"];
		expect(await insecureOf({ IndexConfigs, InsecureRegistryCIDRs })).toEqual({
			names: ["192.168.1.7:5000", "registry.lan", "[fd00::7]:5000"],
			networks: ["::1/128", "127.0.0.0/8", "192.168.0.0/16"],
		});
	});

	it.each([
		undefined,
		null,
		[],
		{ IndexConfigs: [], InsecureRegistryCIDRs: null },
		{ IndexConfigs: { "a.lan": null }, InsecureRegistryCIDRs: {} },
	])("are none in %j", async (config) => {
		expect(await insecureOf(config)).toBeUndefined();
	});

	it("do not fill the report", async () => {
		const names = Array.from({ length: 5000 }, (_, index) => [`r${index}.lan`, { Secure: false }]);
		const long = [["x".repeat(5000), { Secure: false }]];
		const InsecureRegistryCIDRs = Array.from({ length: 5000 }, () => "10.0.0.0/8");
		const found = await insecureOf({ IndexConfigs: Object.fromEntries([...long, ...names]), InsecureRegistryCIDRs });
		expect(found).toMatchObject({ names: { length: 50 }, networks: { length: 50 } });
		expect(JSON.stringify(found).length).toBeLessThan(2000);
	});
});

describe("the address", () => {
	const targets = async (env: Record<string, string>, files: FakeMachine["files"] = {}) => {
		const seen: HttpRequest[] = [];
		const host = createHost({ env, files });
		const facts = await collect(dockerEngineProbe, {
			...host,
			request: async (request) => {
				seen.push(request);
				return { kind: "timed-out" };
			},
		});
		return { facts, seen };
	};

	it("is the socket, all at once, with the deadline's signal", async () => {
		const { seen } = await targets({});
		expect(seen.map(({ path }) => path)).toEqual([
			"/version",
			"/info",
			"/containers/create",
			"/session",
			"/grpc",
			"/build?buildargs=%7B",
			"/images/create?fromImage=:",
		]);
		expect(seen.every(({ to, signal }) => "socket" in to && signal instanceof AbortSignal)).toBe(true);
	});

	it("is a host and port, with the certificates that exist", async () => {
		const { seen } = await targets(
			{ DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" },
			{ "/certs/ca.pem": "x", "/certs/key.pem": "x" },
		);
		expect(seen[0]?.to).toEqual({
			host: "docker",
			port: 2376,
			tls: { verify: true, ca: "/certs/ca.pem", key: "/certs/key.pem" },
		});
	});

	it.each(["ssh://build.example", "fd://"])("does not exist for %s", async (DOCKER_HOST) => {
		const { facts, seen } = await targets({ DOCKER_HOST });
		expect(seen).toEqual([]);
		expect([facts.version.kind, facts.info.kind]).toEqual(["no-endpoint", "no-endpoint"]);
	});
});

describe("askEngine", () => {
	it("returns any parsed JSON", async () => {
		const host = createHost({ api: { "GET /volumes": answered({ Volumes: null }) } });
		const answer = await askEngine(host, { kind: "unix", path: "/s" }, "/volumes", new AbortController().signal);
		expect(answer).toEqual({ kind: "ok", value: { Volumes: null } });
	});

	it("passes its limit on", async () => {
		let limit: number | undefined;
		const host = createHost();
		const request = async (wanted: HttpRequest) => {
			limit = wanted.maxBody;
			return { kind: "timed-out" } as const;
		};
		const signal = new AbortController().signal;
		await askEngine({ ...host, request }, { kind: "unix", path: "/s" }, "/system/df", signal, { maxBody: 9 });
		expect(limit).toBe(9);
	});
});
