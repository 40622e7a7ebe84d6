import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HttpOutcome, HttpRequest } from "../../src/host/host.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { type RegistryFacts, type RegistryImage, registryProbe } from "../../src/probes/registry.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";
import { basicOf, digest, type FakeRegistry, fakeRegistry } from "../support/registry.ts";
import { type Certificate, Certificates, Servers } from "../support/servers.ts";

let home: string;
let servers: Servers;
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), "runner-check-"));
	servers = new Servers();
});
afterEach(() => {
	servers.close();
	rmSync(home, { recursive: true, force: true });
});

const image = (repository: string, reference = "latest"): RegistryImage => ({
	name: `test/${repository}:${reference}`,
	repository,
	reference,
});

function configure(config: unknown): void {
	mkdirSync(join(home, ".docker"), { recursive: true });
	writeFileSync(join(home, ".docker/config.json"), typeof config === "string" ? config : JSON.stringify(config));
}

/** Looks with the real host, and proves that no secret is in the facts. */
async function look(
	host: string,
	images: RegistryImage[] = [],
	env: Record<string, string> = {},
): Promise<RegistryFacts> {
	const machine = createRealHost({ PATH: process.env.PATH, HOME: home, ...env });
	const facts = await collect(registryProbe({ host, images }), machine);
	expect(JSON.stringify(facts)).not.toMatch(/s3cr3t|Basic |Bearer |for-login|for-anyone/);
	expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
	return facts;
}

const basic = (login: string) => ({ auth: Buffer.from(login).toString("base64") });
const registry = (overrides: Partial<FakeRegistry> = {}): FakeRegistry => ({
	images: { "fortemi/builder": "public", secret: "private" },
	login: "build:s3cr3t",
	log: [],
	...overrides,
});
async function start(fake: FakeRegistry): Promise<string> {
	return `127.0.0.1:${await servers.http(fakeRegistry(fake))}`;
}

describe("the way to a manifest", () => {
	it("gets a token for anybody, asks for the head alone, and keeps the digest", async () => {
		const fake = registry();
		const host = await start(fake);
		const { login, looks } = await look(host, [image("fortemi/builder")]);
		expect(login).toEqual({ kind: "none", config: `${home}/.docker/config.json` });
		expect(looks).toEqual([
			{
				image: "test/fortemi/builder:latest",
				at: "registry",
				url: `http://${host}/v2/fortemi/builder/manifests/latest`,
				answer: { kind: "answered", status: 200, genuine: true, digest },
				loggedIn: false,
			},
		]);
		expect(fake.log).toEqual([
			"HEAD /v2/fortemi/builder/manifests/latest",
			"GET /token?service=test&scope=repository%3Afortemi%2Fbuilder%3Apull",
			"HEAD /v2/fortemi/builder/manifests/latest Bearer for-anyone",
		]);
	});

	it("needs no token where nobody asks for one, and no HEAD where no image is named", async () => {
		const open = registry({ challenge: "none" });
		expect((await look(await start(open), [image("fortemi/builder")])).looks[0]?.answer).toMatchObject({ status: 200 });
		expect(open.log).toHaveLength(1);
		const fake = registry();
		expect((await look(await start(fake))).looks).toMatchObject([
			{ at: "registry", answer: { status: 401, challenge: "bearer", genuine: true }, loggedIn: false },
		]);
		expect(fake.log).toEqual(["GET /v2/", "GET /token?service=test"]);
	});

	it("shows the login of `auths` to the token server", async () => {
		const fake = registry();
		const host = await start(fake);
		configure({ auths: { [`https://${host}/v2/`]: basic("build:s3cr3t"), "other.example": basic("x:s3cr3t") } });
		const { login, looks } = await look(host, [image("secret")]);
		expect(login.kind).toBe("found");
		expect(looks).toMatchObject([{ answer: { status: 200 }, loggedIn: true }]);
		expect(fake.log[1]).toBe(`GET /token?service=test&scope=repository%3Asecret%3Apull ${basicOf("build:s3cr3t")}`);
		expect((await look(host)).looks).toMatchObject([{ answer: { status: 200 }, loggedIn: true }]);
	});

	it("reads user and password, and gets a token for an identity token", async () => {
		const fake = registry({ identityToken: "s3cr3t-identity" });
		const host = await start(fake);
		configure({ auths: { [host]: { username: "build", password: "s3cr3t" } } });
		expect((await look(host, [image("secret")])).looks).toMatchObject([{ answer: { status: 200 } }]);
		configure({ auths: { [host]: { ...basic("<token>:"), identitytoken: "s3cr3t-identity" } } });
		expect((await look(host, [image("secret")])).looks).toMatchObject([{ answer: { status: 200 }, loggedIn: true }]);
		expect(fake.log.at(-2)).toBe("POST /token");
	});

	it("shows it to a registry that wants it itself", async () => {
		const host = await start(registry({ challenge: "basic" }));
		expect((await look(host, [image("secret")])).looks).toMatchObject([
			{ answer: { status: 401, challenge: "basic" }, loggedIn: false },
		]);
		configure({ auths: { [host]: basic("build:s3cr3t") } });
		expect((await look(host, [image("secret")])).looks).toMatchObject([{ answer: { status: 200 }, loggedIn: true }]);
	});

	it("tells a stale login from an image that is not public", async () => {
		const host = await start(registry());
		configure({ auths: { [host]: basic("build:old-s3cr3t") } });
		expect((await look(host, [image("fortemi/builder"), image("secret")])).looks).toMatchObject([
			{ at: "token-server", answer: { status: 403, message: "DENIED: denied" }, loggedIn: true, publicAnyway: true },
			{ at: "token-server", answer: { status: 403 }, loggedIn: true },
		]);
	});

	it.each([401, 403, 404, 429, 500, 503])("keeps status %i", async (status) => {
		const host = await start(registry({ images: { bad: status } }));
		expect((await look(host, [image("bad")])).looks[0]?.answer).toMatchObject({ status });
	});

	it("follows no redirect", async () => {
		const log: string[] = [];
		const port = await servers.http((request, response) => {
			log.push(request.url ?? "");
			response.writeHead(307, { location: "https://mirror.example/v2/x/manifests/1?sig=s3cr3t" }).end();
		});
		expect((await look(`127.0.0.1:${port}`, [image("x", "1")])).looks[0]?.answer).toMatchObject({
			status: 307,
			location: "https://mirror.example/v2/x/manifests/1",
		});
		expect(log).toHaveLength(1);
	});

	it("knows a web page for what it is", async () => {
		const port = await servers.http((_, response) =>
			response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
		);
		expect((await look(`127.0.0.1:${port}`)).looks[0]?.answer).toMatchObject({ status: 200, genuine: false });
		const tokens = await servers.http((request, response) =>
			request.url?.startsWith("/v2/")
				? response.writeHead(401, { "www-authenticate": `Bearer realm="http://${request.headers.host}/t"` }).end()
				: response.end("<html>"),
		);
		expect((await look(`127.0.0.1:${tokens}`, [image("x")])).looks[0]).toMatchObject({
			at: "token-server",
			answer: { status: 200, genuine: false },
		});
	});

	it("tells what cannot be reached", async () => {
		expect((await look(`127.0.0.1:${await servers.closed()}`)).looks[0]?.answer).toMatchObject({
			code: "ECONNREFUSED",
		});
		expect((await look(`127.0.0.1:${await servers.breaking()}`)).looks[0]?.answer).toMatchObject({
			code: "ECONNRESET",
		});
		expect((await look("registry.invalid")).looks[0]?.answer).toMatchObject({
			kind: "failed",
			code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
		});
	});

	it("gives up with its deadline, and says what it knows", async () => {
		const host = createRealHost({ HOME: home });
		const probe = registryProbe({ host: `127.0.0.1:${await servers.silent()}`, images: [image("x")] });
		const facts = await probe.collect(host, createRequest(), AbortSignal.timeout(200), () => Promise.reject());
		expect(facts.looks[0]?.answer).toEqual({ kind: "timed-out" });
	});
});

describe("TLS", () => {
	let certificates: Certificates;
	let certificate: Certificate;
	beforeAll(() => {
		certificates = new Certificates();
		certificate = certificates.make("registry", "DNS:registry.example");
	});
	afterAll(() => certificates.remove());

	it("is not asked for its certificate on this machine, as Docker does it", async () => {
		const port = await servers.https(certificate, fakeRegistry(registry({ challenge: "none" })));
		expect((await look(`127.0.0.1:${port}`, [image("fortemi/builder")])).looks[0]).toMatchObject({
			url: expect.stringMatching(/^https:/),
			answer: { status: 200 },
		});
	});

	it("is asked for it elsewhere, and the system's authorities count where Node's own do not", async () => {
		const port = await servers.https(certificate, fakeRegistry(registry({ challenge: "none" })));
		const proxy = await servers.proxy(port);
		const env = { https_proxy: `http://u:s3cr3t@127.0.0.1:${proxy.port}`, SSL_CERT_FILE: join(home, "nothing") };
		expect((await look("registry.example", [image("fortemi/builder")], env)).looks[0]).toMatchObject({
			answer: { kind: "failed", code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
			via: `http://127.0.0.1:${proxy.port}`,
		});
		const trusting = { ...env, SSL_CERT_FILE: certificate.cert };
		expect((await look("registry.example", [image("fortemi/builder")], trusting)).looks[0]).toMatchObject({
			answer: { status: 200 },
			trustedBy: certificate.cert,
		});
	});

	it("is refused with a certificate that has the common name only, as Docker does it", async () => {
		const old = certificates.make("registry.example");
		const port = await servers.https(old, fakeRegistry(registry({ challenge: "none" })));
		const { port: proxy } = await servers.proxy(port);
		const env = { https_proxy: `http://127.0.0.1:${proxy}`, SSL_CERT_FILE: old.cert };
		expect((await look("registry.example", [image("fortemi/builder")], env)).looks[0]).toMatchObject({
			answer: { kind: "failed", code: "CERT_COMMON_NAME_ONLY" },
		});
	});
});

describe("where a login goes", () => {
	const config = JSON.stringify({ auths: { "git.example": basic("build:s3cr3t") } });
	/** Asks a registry that sends everybody to `realm` for tokens; gives what was sent where. */
	async function sent(realm: string, host = "git.example"): Promise<readonly string[]> {
		const log: string[] = [];
		const machine: FakeMachine = {
			files: { "/root/.docker/config.json": config },
			env: { HOME: "/root" },
			request: async ({ to, path, headers = {} }: HttpRequest) => {
				const place = "socket" in to ? to.socket : `${to.tls ? "https" : "http"}://${to.host}:${to.port}`;
				log.push(`${place}${path.replace(/\?.*/, "")} ${headers.authorization ?? ""}`.trim());
				return answered("", 401, { "www-authenticate": `Bearer realm="${realm}",service="x"` });
			},
		};
		const facts = await collect(registryProbe({ host, images: [image("x")] }), createHost(machine));
		expect(JSON.stringify(facts)).not.toContain("s3cr3t");
		return log;
	}

	it("to the registry's token server over TLS", async () => {
		expect(await sent("https://auth.example/token?a=b")).toContain(
			`https://auth.example:443/token ${basicOf("build:s3cr3t")}`,
		);
	});

	it.each(["http://auth.example/token", "http://127.0.0.1:80/token", "ftp://x", "//x", ""])(
		"never to %j",
		async (realm) => {
			expect(await sent(realm)).toEqual(["https://git.example:443/v2/x/manifests/latest"]);
		},
	);

	it("never to another registry", async () => {
		const log = await sent("https://auth.example/token", "other.example");
		expect(log.join()).not.toContain("Basic");
	});

	it("is kept apart from what a token holds", async () => {
		const machine: FakeMachine = {
			request: async ({ path }: HttpRequest) =>
				path.startsWith("/v2/")
					? answered("", 401, { "www-authenticate": 'bearer service=x,realm="https://a.example/t"' })
					: answered({ token: "a\r\nevil: 1" }),
		};
		const { looks } = await collect(registryProbe({ host: "git.example", images: [image("x")] }), createHost(machine));
		expect(looks).toMatchObject([
			{ at: "token-server", url: "https://a.example/t", answer: { status: 200, genuine: false } },
		]);
	});
});

describe("a registry that the daemon is told to ask without verified TLS", () => {
	/** An engine whose `/info` has this `RegistryConfig`; gives the environment that leads to it. */
	async function engine(config: unknown, asked: string[] = []): Promise<Record<string, string>> {
		const port = await servers.http((request, response) => {
			asked.push(request.url ?? "");
			response.end(JSON.stringify({ Driver: "overlay2", RegistryConfig: config }));
		});
		return { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
	}
	// This machine too, but by no address of the loopback.
	const lan = async (fake: FakeRegistry) => (await start(fake)).replace("127.0.0.1", "0.0.0.0");
	const named = (host: string) => ({ IndexConfigs: { [host]: { Secure: false } } });
	const noTls = { kind: "failed", code: expect.stringMatching(/^(?:EPROTO|ERR_SSL)/) };

	it("by its name is asked without TLS, where it has none", async () => {
		const host = await lan(registry({ challenge: "none" }));
		expect((await look(host, [image("fortemi/builder")], await engine(named(host)))).looks).toMatchObject([
			{ url: `http://${host}/v2/fortemi/builder/manifests/latest`, insecure: true, answer: { status: 200, digest } },
		]);
	});

	it("by its network, too", async () => {
		const host = await lan(registry({ challenge: "none" }));
		const env = await engine({ InsecureRegistryCIDRs: ["127.0.0.0/8", "0.0.0.0/8"] });
		expect((await look(host, [image("fortemi/builder")], env)).looks).toMatchObject([
			{ insecure: true, answer: { status: 200 } },
		]);
	});

	it.each([
		["another name", { IndexConfigs: { "0.0.0.0:1": { Secure: false } } }],
		["another network", { InsecureRegistryCIDRs: ["127.0.0.0/8", "::/0", "1.0.0.0/8"] }],
		["nothing", {}],
	])("is none where the daemon names %s", async (_, config) => {
		const fake = registry({ challenge: "none" });
		const { looks } = await look(await lan(fake), [image("fortemi/builder")], await engine(config));
		expect(looks).toMatchObject([{ url: expect.stringMatching(/^https:/), answer: noTls }]);
		expect(looks[0]).not.toHaveProperty("insecure");
		expect(fake.log).toEqual([]);
	});

	it("is none where no daemon answers", async () => {
		const host = await lan(registry({ challenge: "none" }));
		for (const DOCKER_HOST of [`tcp://127.0.0.1:${await servers.closed()}`, "ssh://build.example", "unix:///nowhere"]) {
			expect((await look(host, [], { DOCKER_HOST })).looks).toMatchObject([{ answer: noTls }]);
		}
	});

	it("is none where asking the daemon fails, or lasts beyond the deadline", async () => {
		const host = await lan(registry({ challenge: "none" }));
		const machine = createRealHost({ HOME: home });
		const probe = registryProbe({ host, images: [] });
		const broken = await probe.collect(machine, createRequest(), AbortSignal.timeout(5000), () =>
			Promise.reject(new Error("crashed")),
		);
		expect(broken.looks).toMatchObject([{ answer: noTls }]);
		const late = await probe.collect(
			machine,
			createRequest(),
			AbortSignal.timeout(1500), // long enough for the registry's answer
			() => new Promise<never>(() => undefined),
		);
		expect(late.looks).toMatchObject([{ answer: noTls }]);
	});

	it("gets its login and its token as it is, with the token server on its own host", async () => {
		const fake = registry();
		const host = await lan(fake);
		configure({ auths: { [host]: basic("build:s3cr3t") } });
		expect((await look(host, [image("secret")], await engine(named(host)))).looks).toMatchObject([
			{ insecure: true, loggedIn: true, answer: { status: 200 } },
		]);
		const elsewhere = registry({ realm: `http://127.0.0.1:${await servers.http(fakeRegistry(fake))}/token` });
		const other = await lan(elsewhere);
		configure({ auths: { [other]: basic("build:s3cr3t") } });
		fake.log.length = 0;
		expect((await look(other, [image("secret")], await engine(named(other)))).looks).toMatchObject([
			{ at: "token-server", answer: { code: "EINSECURE" } },
		]);
		expect([...fake.log, ...elsewhere.log].join()).not.toContain("Basic");
	});

	it("is asked with TLS first, whatever its certificate", async () => {
		const certificates = new Certificates();
		const certificate = certificates.make("lan", "DNS:registry.example");
		const fake = registry({ challenge: "none" });
		const host = `0.0.0.0:${await servers.https(certificate, fakeRegistry(fake))}`;
		expect((await look(host, [image("fortemi/builder")], await engine({}))).looks).toMatchObject([
			{ answer: { kind: "failed" } },
		]);
		expect(fake.log).toEqual([]);
		expect((await look(host, [image("fortemi/builder")], await engine(named(host)))).looks).toMatchObject([
			{ url: expect.stringMatching(/^https:/), insecure: true, answer: { status: 200 } },
		]);
		certificates.remove();
	});

	it("makes no exception for a token server elsewhere", async () => {
		const verified: Record<string, boolean | undefined> = {};
		const machine: FakeMachine = {
			env: { DOCKER_HOST: "unix:///engine" },
			request: async ({ to }: HttpRequest) => {
				if ("socket" in to) return answered({ Driver: "x", RegistryConfig: named("registry.lan:5000") });
				if (to.host === "registry.lan" && to.tls?.verify)
					return { kind: "failed", code: "SELF_SIGNED_CERT_IN_CHAIN", message: "" };
				verified[to.host] = to.tls?.verify;
				return answered("", 401, { "www-authenticate": 'Bearer realm="https://auth.example/token"' });
			},
		};
		const probe = registryProbe({ host: "registry.lan:5000", images: [image("x")] });
		const { looks } = await collect(probe, createHost(machine));
		expect(verified).toEqual({ "registry.lan": false, "auth.example": true });
		expect(looks).toMatchObject([{ at: "token-server" }]);
		expect(looks[0]).not.toHaveProperty("insecure");
	});

	it("at the usual ports is asked at 80 where nobody listens at 443", async () => {
		const machine: FakeMachine = {
			env: { DOCKER_HOST: "unix:///engine" },
			request: async ({ to }: HttpRequest) => {
				if ("socket" in to) return answered({ Driver: "x", RegistryConfig: named("Registry.lan") });
				if (to.port === 80) return answered("", 200, { "docker-content-digest": digest });
				return { kind: "failed", code: "ECONNREFUSED", message: "refused" };
			},
		};
		const { looks } = await collect(registryProbe({ host: "registry.lan", images: [] }), createHost(machine));
		expect(looks).toMatchObject([{ url: "http://registry.lan/v2/", insecure: true, answer: { status: 200 } }]);
	});

	it.each([
		["192.168.1.7:5000", "192.168.0.0/16", true],
		["192.169.1.7:5000", "192.168.0.0/16", false],
		["10.0.0.7", "0.0.0.0/0", true],
		["10.0.0.7", "10.0.0.7/32", true],
		["10.0.0.7", "10.0.0.6/32", false],
		["[fd00:1::7]:5000", "fd00:1::/32", true],
		["[fd00:2::7]:5000", "fd00:1::/32", false],
		["[fd00::7]", "::/0", true],
		["[fd00::7]", "0.0.0.0/0", false],
		["[::ffff:10.0.0.7]", "::ffff:10.0.0.0/104", true],
		["10.0.0.7", "10.0.0.0/33", false],
		["10.0.0.7", "999.0.0.0/0", false],
		["10.0.0.7", "dead:::/0", false],
		["registry.lan:5000", "0.0.0.0/0", false],
	])("%s in %s: %s", async (host, network, insecure) => {
		const machine: FakeMachine = {
			env: { DOCKER_HOST: "unix:///engine" },
			request: async ({ to }: HttpRequest) => {
				if ("socket" in to) return answered({ Driver: "x", RegistryConfig: { InsecureRegistryCIDRs: [network] } });
				return to.tls ? { kind: "failed", code: "EPROTO", message: "no TLS" } : answered("", 200);
			},
		};
		const { looks } = await collect(registryProbe({ host, images: [] }), createHost(machine));
		expect(looks[0]?.answer.kind).toBe(insecure ? "answered" : "failed");
	});

	it("costs a registry that answers no question to the daemon", async () => {
		const asked: string[] = [];
		const env = await engine(named("other.lan"), asked);
		await look(await start(registry()), [image("fortemi/builder")], env);
		expect(asked).toEqual([]);
	});
});

describe("Docker Hub", () => {
	it("has another name for its API, and another for its logins", async () => {
		const asked: string[] = [];
		const machine: FakeMachine = {
			env: { DOCKER_CONFIG: "/etc/docker-cli/" },
			files: {
				"/etc/docker-cli/config.json": JSON.stringify({ auths: { "https://index.docker.io/v1/": basic("a:b") } }),
			},
			request: async ({ to }: HttpRequest) => {
				asked.push("host" in to ? to.host : to.socket);
				return answered("", 200, { "docker-content-digest": digest });
			},
		};
		const probe = registryProbe({ host: "docker.io", images: [image("library/debian", "12")] });
		expect(await collect(probe, createHost(machine))).toMatchObject({
			login: { kind: "found", config: "/etc/docker-cli/config.json" },
		});
		expect(asked).toEqual(["registry-1.docker.io"]);
	});
});

describe("a program that keeps logins", () => {
	function helper(name: string, script: string): string {
		const bin = join(home, "bin");
		mkdirSync(bin, { recursive: true });
		writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
		chmodSync(join(bin, name), 0o755);
		return `${bin}:/usr/bin:/bin`;
	}

	it("is asked for the registry's login on its input", async () => {
		const host = await start(registry());
		configure({ credHelpers: { [host]: "test" }, credsStore: "desktop" });
		const PATH = helper(
			"docker-credential-test",
			`[ "$1" = get ] && [ "$(cat)" = "${host}" ] && echo '{"ServerURL":"x","Username":"build","Secret":"s3cr3t"}'`,
		);
		expect(await look(host, [image("secret")], { PATH })).toMatchObject({
			login: { kind: "found", helper: "docker-credential-test", setting: "credHelpers" },
			looks: [{ answer: { status: 200 }, loggedIn: true }],
		});
	});

	it("may give a token in place of a password", async () => {
		const host = await start(registry({ identityToken: "s3cr3t-identity" }));
		configure({ credsStore: "test" });
		const PATH = helper("docker-credential-test", `echo '{"Username":"<token>","Secret":"s3cr3t-identity"}'`);
		expect((await look(host, [image("secret")], { PATH })).looks).toMatchObject([{ answer: { status: 200 } }]);
	});

	it.each([
		["exit 1", { kind: "helper-failed", message: "exit code 1" }],
		["echo 'pass not initialized' >&2; exit 1", { kind: "helper-failed", message: "pass not initialized" }],
		["echo 'joe has s3cr3t-login'; exit 1", { kind: "helper-failed", message: "joe has ***" }],
		[`echo '{"Secret":"s3cr3t"}'; exit 1`, { kind: "helper-failed", message: "exit code 1" }],
		[
			"echo 'no answer of 12345678.registry.example in time, see /var/log/helper-2.log'; exit 1",
			{ kind: "helper-failed", message: "no answer of 12345678.registry.example in time, see /var/log/helper-2.log" },
		],
		["echo 'credentials not found in native keychain'; exit 1", { kind: "none" }],
		["echo no json", { kind: "helper-failed", message: "it prints no login" }],
		[`echo '{"Username":"","Secret":""}'`, { kind: "none" }],
		["kill -9 $$", { kind: "helper-failed", message: "SIGKILL" }],
	])("that does %j is told apart", async (script, login) => {
		configure({ credsStore: "test" });
		const PATH = helper("docker-credential-test", script);
		expect((await look(await start(registry()), [], { PATH })).login).toMatchObject(login);
	});

	it("is missing where PATH does not lead, cannot be started, or can have no such name", async () => {
		const host = await start(registry());
		configure({ credsStore: "desktop" });
		const missing = { kind: "helper-missing", helper: "docker-credential-desktop", setting: "credsStore" };
		expect(await look(host, [image("fortemi/builder")])).toMatchObject({
			login: missing,
			looks: [{ answer: { status: 200 } }],
		});
		configure({ credHelpers: { [host]: "../evil" } });
		expect((await look(host)).login.kind).toBe("helper-missing");
		writeFileSync(join(home, "docker-credential-here"), "#!/nowhere/sh\n", { mode: 0o755 });
		configure({ credsStore: "here" });
		expect((await look(host, [], { PATH: home })).login).toMatchObject({
			kind: "helper-missing",
			message: expect.stringContaining("ENOENT"),
		});
	});

	it("is none that lies in the working directory", async () => {
		const machine: FakeMachine = {
			env: { HOME: "/root", PATH: ".:" },
			workingDirectory: "/",
			files: { "/root/.docker/config.json": '{"credsStore":"x"}', "/docker-credential-x": executable() },
		};
		const facts = await collect(registryProbe({ host: "git.example", images: [] }), createHost(machine));
		expect(facts.login.kind).toBe("helper-missing");
		expect(facts.login).not.toHaveProperty("message");
	});

	it("that hangs costs its own time, and not the registry's answer", async () => {
		const machine: FakeMachine = {
			env: { HOME: "/root", PATH: "/bin" },
			files: { "/root/.docker/config.json": '{"credsStore":"x"}', "/bin/docker-credential-x": executable() },
			programs: {
				"/bin/docker-credential-x get": { ...exited(""), kind: "timed-out", abandoned: false },
			},
			request: async () => answered("", 200, { "docker-content-digest": digest }),
		};
		expect(
			await collect(registryProbe({ host: "git.example", images: [image("x")] }), createHost(machine)),
		).toMatchObject({
			login: { kind: "helper-hangs" },
			looks: [{ answer: { status: 200 } }],
		});
	});
});

describe("a configuration that the CLI cannot read", () => {
	it.each([
		["{ not json", "it is not a JSON object"],
		["[]", "it is not a JSON object"],
		['{"experimental":true,"auths":{"git.example":{"auth":"dTpw"}}}', "its `experimental` is not a text in quotes"],
		[
			'{"auths":{"git.example":{"auth":"!!!"}}}',
			"the `auth` of one of its logins is not a user and a password in base64",
		],
	])("%j is reported, and ignored like by the CLI", async (text, message) => {
		const machine: FakeMachine = { env: { HOME: "/root" }, files: { "/root/.docker/config.json": text } };
		const facts = await collect(registryProbe({ host: "git.example", images: [] }), createHost(machine));
		expect(facts.login).toMatchObject({ kind: "config-ignored", message });
	});

	it("is told where it is closed to us", async () => {
		const machine: FakeMachine = {
			env: { HOME: "/root" },
			files: { "/root/.docker/config.json": { kind: "unreadable", code: "EACCES" } },
		};
		const facts = await collect(registryProbe({ host: "git.example", images: [] }), createHost(machine));
		expect(facts.login).toMatchObject({ kind: "config-ignored", message: "EACCES" });
	});
});

describe("logins that the CLI loses", () => {
	const lost = async (version: string, machine: FakeMachine) => {
		const host = createHost({
			...machine,
			env: { HOME: "/root", PATH: "/usr/bin", ...machine.env },
			files: { "/usr/bin/docker": executable(), ...machine.files },
			programs: { "/usr/bin/docker --version": exited(`${version}, build 1\n`) },
		});
		return (await collect(registryProbe({ host: "git.example", images: [] }), host)).login.isLost === true;
	};
	const malformed = { env: { DOCKER_AUTH_CONFIG: "{" } };
	const broken = { files: { "/root/.docker/config.json": "{" } };

	it.each([
		["Docker version 28.5.1", malformed, true],
		["Docker version 28.5.1", broken, true],
		["Docker version 20.10.24", malformed, false],
		["Docker version 20.10.24", broken, true],
		["podman version 4.3.1", malformed, false],
		["podman version 4.3.1", broken, false],
		["Docker version 28.5.1", {}, false],
	])("%s", async (version, machine, expected) => expect(await lost(version, machine)).toBe(expected));
});

describe("the daemon's mirrors of Docker Hub", () => {
	const debian = { name: "debian:12", repository: "library/debian", reference: "12" };
	const path = "/v2/library/debian/manifests/12";
	/** Asks on a machine whose daemon has these mirrors; who answers what is by the host's name. */
	async function asking(mirrors: readonly unknown[], answers: Readonly<Record<string, number | "refused">>) {
		const seen: string[] = [];
		const info = answered({
			Driver: "overlay2",
			RegistryConfig: { Mirrors: mirrors, IndexConfigs: { "docker.io": { Mirrors: mirrors } } },
		});
		const host = createHost({
			files: { "/var/run/docker.sock": file({ kind: "socket" }) },
			async request({ to, path: asked, headers }: HttpRequest) {
				if ("socket" in to) return asked === "/info" ? info : answered("", 400);
				seen.push(
					`${to.tls ? "https" : "http"}://${to.host}:${to.port}${asked}${headers?.authorization ? " login" : ""}`,
				);
				const status = answers[to.host] ?? "refused";
				return status === "refused"
					? { kind: "failed", code: "ECONNREFUSED", message: "connect ECONNREFUSED" }
					: answered("", status, { "docker-content-digest": digest });
			},
		});
		const { looks } = await collect(registryProbe({ host: "docker.io", images: [debian] }), host);
		return { seen, look: looks[0] };
	}

	it("are asked in their order, at their own address, and Docker Hub not at all if one has the image", async () => {
		const { seen, look: found } = await asking(["http://one.lan:5000/", "https://two.lan/hub/"], { "two.lan": 200 });
		expect(seen).toEqual([`http://one.lan:5000${path}`, `https://two.lan:443/hub${path}`]);
		expect(found).toMatchObject({
			mirror: "https://two.lan/hub",
			mirrors: [{ url: "http://one.lan:5000", answer: { code: "ECONNREFUSED" } }],
			answer: { status: 200 },
		});
	});

	it("come before Docker Hub, whose answer counts if they fail", async () => {
		const { seen, look: found } = await asking(["http://one.lan:5000/"], {
			"one.lan": 404,
			"registry-1.docker.io": 200,
		});
		expect(seen).toEqual([`http://one.lan:5000${path}`, `https://registry-1.docker.io:443${path}`]);
		expect(found).toMatchObject({
			mirrors: [{ url: "http://one.lan:5000", answer: { status: 404 } }],
			answer: { status: 200 },
		});
		expect(found).not.toHaveProperty("mirror");
	});

	it("never get a login, and one with a login in its address is left out", async () => {
		const { seen } = await asking(["http://u:s3cr3t@one.lan/", 5, "ftp://two.lan/"], {});
		expect(seen).toEqual([`https://registry-1.docker.io:443${path}`]);
	});
});

describe("pulls that are left", () => {
	it("are read from Docker Hub's headers", async () => {
		const host = createHost({
			request: async () =>
				answered("", 200, {
					"docker-content-digest": digest,
					"ratelimit-limit": "100;w=21600",
					"ratelimit-remaining": "0;w=21600",
				}),
		});
		const { looks } = await collect(registryProbe({ host: "docker.io", images: [image("a")] }), host);
		expect(looks).toMatchObject([{ answer: { pulls: { left: 0, of: 100, seconds: 21600 } } }]);
	});
});

describe("DOCKER_AUTH_CONFIG", () => {
	const variable = (host: string, login: string) => ({
		DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: basic(login) } }),
		// Without the Docker CLI of this machine.
		PATH: "/nowhere",
	});

	it("comes before the login of config.json", async () => {
		const fake = registry();
		const host = await start(fake);
		configure({ auths: { [host]: basic("build:s3cr3t-stale") } });
		const { login, looks } = await look(host, [image("secret")], variable(host, "build:s3cr3t"));
		expect(login).toEqual({ kind: "found", config: "DOCKER_AUTH_CONFIG" });
		expect(looks).toMatchObject([{ answer: { status: 200 }, loggedIn: true }]);
	});

	it("has no say about other registries, or if the CLI ignores it", async () => {
		const host = await start(registry());
		configure({ auths: { [host]: basic("build:s3cr3t") } });
		expect((await look(host, [image("secret")], variable("other.lan", "x:s3cr3t"))).login.config).toContain(
			"config.json",
		);
		const malformed = { DOCKER_AUTH_CONFIG: `{"auths":{"${host}":{"auth":"eDpz","email":"x"}}}` };
		expect((await look(host, [image("secret")], malformed)).login.config).toContain("config.json");
	});

	it.each([
		["28.3.0", undefined],
		["28.2.2", "28.2.2"],
	])("with Docker CLI %s", async (version, unreadBy) => {
		const host = createHost({
			env: { ...variable("ghcr.io", "build:s3cr3t"), PATH: "/usr/bin" },
			files: { "/usr/bin/docker": executable() },
			programs: { "/usr/bin/docker --version": exited(`Docker version ${version}, build x\n`) },
			request: async () => answered("", 401, { "www-authenticate": 'Basic realm="x"' }),
		});
		const { login, looks } = await collect(registryProbe({ host: "ghcr.io", images: [image("a")] }), host);
		expect(login.unreadBy).toBe(unreadBy);
		expect(looks[0]?.loggedIn).toBe(unreadBy === undefined);
	});
});

describe("the daemon's own proxy", () => {
	const image = { name: "ghcr.io/o/x:1", repository: "o/x", reference: "1" };
	/** The machine itself reaches nothing; the proxies answer with a status, or refuse the tunnel. */
	async function asking(info: object, proxied: number | "HTTP_407" | "HTTP_403", wantsToken = false) {
		const seen: string[] = [];
		const challenge = { "www-authenticate": 'Bearer realm="https://token.ghcr.io/token",service="ghcr.io"' };
		const host = createHost({
			files: { "/var/run/docker.sock": file({ kind: "socket" }) },
			async request({ to, proxy, path, headers }: HttpRequest) {
				if ("socket" in to) return path === "/info" ? answered({ Driver: "overlay2", ...info }) : answered("", 400);
				seen.push(`${to.host}${proxy ? ` through ${proxy.host}` : ""}`);
				if (!proxy) return { kind: "failed", code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND" };
				if (to.host === "token.ghcr.io") return answered({ token: "t" });
				if (wantsToken && !headers?.authorization) return answered("", 401, challenge);
				return typeof proxied === "string"
					? { kind: "failed", code: proxied, message: "", at: "proxy" }
					: answered("", proxied, { "docker-content-digest": digest });
			},
		});
		const facts = await collect(registryProbe({ host: "ghcr.io", images: [image] }), host);
		return { seen, look: facts.looks[0], text: JSON.stringify(facts) };
	}
	const https = { HttpProxy: "http://proxy.lan:3128", HttpsProxy: "http://proxy.lan:3128" };

	it("is tried if the job itself gets no answer", async () => {
		const { seen, look } = await asking(https, 200);
		expect(seen).toEqual(["ghcr.io", "ghcr.io through proxy.lan"]);
		expect(look).toMatchObject({ byDaemon: true, via: "http://proxy.lan:3128", answer: { status: 200 } });
	});

	it("gets a token through it, which a build would have to get itself", async () => {
		const { look } = await asking(https, 200, true);
		expect(look).toMatchObject({ byDaemon: true, needsToken: true, answer: { status: 200 } });
	});

	it.each<[string, object]>([
		["none", {}],
		["one for other addresses", { HttpProxy: "http://proxy.lan:3128" }],
		["one that leaves the registry out", { ...https, NoProxy: "localhost,ghcr.io" }],
	])("is not tried: %s", async (_name, info) => {
		const { seen, look } = await asking(info, 200);
		expect(new Set(seen)).toEqual(new Set(["ghcr.io"]));
		expect(look).toMatchObject({ answer: { code: "ENOTFOUND" } });
	});

	it("refuses: the job's own failure counts", async () => {
		const { look } = await asking(https, "HTTP_403");
		expect(look).toMatchObject({ answer: { code: "ENOTFOUND" } });
		expect(look).not.toHaveProperty("closedProxy");
	});

	it("requires a login that only the daemon knows, which is not shown", async () => {
		const { look, text } = await asking({ HttpsProxy: "http://build:s3cr3t@proxy.lan:3128" }, "HTTP_407");
		expect(look).toMatchObject({ closedProxy: "http://proxy.lan:3128", answer: { code: "ENOTFOUND" } });
		expect(text).not.toContain("s3cr3t");
	});

	it("does not count if the job itself is only slow", async () => {
		let answer: (outcome: HttpOutcome) => void = () => {};
		const slow = new Promise<HttpOutcome>((resolve) => {
			answer = resolve;
		});
		const good = answered("", 200, { "docker-content-digest": digest });
		const host = createHost({
			files: { "/var/run/docker.sock": file({ kind: "socket" }) },
			async request({ to, proxy, path }: HttpRequest) {
				if ("socket" in to) return path === "/info" ? answered({ Driver: "overlay2", ...https }) : answered("", 400);
				if (!proxy) return slow;
				answer(good);
				await new Promise((resolve) => setTimeout(resolve, 50));
				return good;
			},
		});
		const probe = registryProbe({ host: "ghcr.io", images: [image] });
		const { looks } = await collect(probe, host, createRequest({ timeoutMs: 1500 }));
		expect(looks[0]).toMatchObject({ answer: { status: 200 } });
		expect(looks[0]).not.toHaveProperty("byDaemon");
	});

	it("is where a stale login is told from a private image, too", async () => {
		const auth = Buffer.from("u:old").toString("base64");
		const host = createHost({
			files: {
				"/var/run/docker.sock": file({ kind: "socket" }),
				"/home/u/.docker/config.json": JSON.stringify({ auths: { "ghcr.io": { auth } } }),
			},
			env: { HOME: "/home/u" },
			async request({ to, proxy, path, headers }: HttpRequest) {
				if ("socket" in to) return path === "/info" ? answered({ Driver: "overlay2", ...https }) : answered("", 400);
				if (!proxy) return { kind: "failed", code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND" };
				const { authorization } = headers ?? {};
				if (to.host === "token.ghcr.io") return authorization ? answered({}, 401) : answered({ token: "t" });
				const challenge = { "www-authenticate": 'Bearer realm="https://token.ghcr.io/token",service="ghcr.io"' };
				if (!authorization) return answered("", 401, challenge);
				return answered("", 200, { "docker-content-digest": digest });
			},
		});
		const { looks } = await collect(registryProbe({ host: "ghcr.io", images: [image] }), host);
		expect(looks[0]).toMatchObject({ byDaemon: true, loggedIn: true, publicAnyway: true, answer: { status: 401 } });
	});
});
