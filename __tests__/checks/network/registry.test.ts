import { describe, expect, it } from "vitest";
import { registryFamily } from "../../../src/checks/network/registry.ts";
import { registryTargets } from "../../../src/checks/network/registry-targets.ts";
import type { ProxyReachFacts } from "../../../src/probes/proxy-reach.ts";
import type { RegistryFacts, RegistryLook, RegistryReply } from "../../../src/probes/registry.ts";
import type { LoginFacts } from "../../../src/probes/registry-login.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { findingOf } from "../docker/facts.ts";
import { createContainer, createJob } from "../runner/facts.ts";

const image = "ghcr.io/fortemi/fortemi/builder:latest";
const url = "https://ghcr.io/v2/fortemi/fortemi/builder/manifests/latest";
const config = "/root/.docker/config.json";
const reply = (status: number, overrides: Partial<RegistryReply> = {}): RegistryReply => ({
	kind: "answered",
	status,
	genuine: true,
	...overrides,
});
const failed = (code: string, at?: "proxy") =>
	({ kind: "failed", code, message: `connect ${code}`, ...(at && { at }) }) as const;

const createLook = (overrides: Partial<RegistryLook> = {}): RegistryLook => ({
	image,
	at: "registry",
	url,
	answer: reply(200, { digest: `sha256:${"0".repeat(64)}` }),
	loggedIn: false,
	...overrides,
});
const apiLook = (overrides: Partial<RegistryLook> = {}): RegistryLook => {
	const { image: _image, ...look } = createLook({ url: "https://ghcr.io/v2/", ...overrides });
	return look;
};

function judgeLooks(
	looks: readonly RegistryLook[],
	login: Partial<LoginFacts> = {},
	entries = [image],
	reach: ProxyReachFacts = { proxies: [] },
) {
	const facts: RegistryFacts = { login: { kind: "none", config, ...login }, looks };
	const [check] = registryFamily.expand(createPolicy({ registries: entries }));
	if (!check) throw new Error("no check");
	return judge(check, { registry: facts, reach, container: createContainer(), job: createJob() });
}
const judgeAnswer = (answer: RegistryLook["answer"], overrides: Partial<RegistryLook> = {}) =>
	findingOf(judgeLooks([createLook({ answer, ...overrides })]));

describe("the entries of a policy", () => {
	it.each([
		["ghcr.io", "ghcr.io", undefined],
		["GHCR.io/", "ghcr.io", undefined],
		["https://ghcr.io/v2/", "ghcr.io", undefined],
		["localhost", "localhost", undefined],
		["localhost:5000", "localhost:5000", undefined],
		["registry:5000", "registry:5000", undefined],
		["gitea:300/", "gitea:300", undefined],
		["192.168.1.7:5000", "192.168.1.7:5000", undefined],
		["[::1]:5000", "[::1]:5000", undefined],
		["docker.io", "docker.io", undefined],
		["registry-1.docker.io", "docker.io", undefined],
		["hub.docker.com", "docker.io", undefined],
		["debian", "docker.io", "library/debian latest"],
		["debian:12", "docker.io", "library/debian 12"],
		["gitea/runner:3.3.0", "docker.io", "gitea/runner 3.3.0"],
		["docker.io/debian", "docker.io", "library/debian latest"],
		["index.docker.io/a/b", "docker.io", "a/b latest"],
		["ghcr.io/fortemi/fortemi/builder:gpu", "ghcr.io", "fortemi/fortemi/builder gpu"],
		["ghcr.io:443/a", "ghcr.io:443", "a latest"],
		["localhost/a", "localhost", "a latest"],
		[`ghcr.io/a:1@sha256:${"a".repeat(64)}`, "ghcr.io", `a sha256:${"a".repeat(64)}`],
	])("%s", (entry, host, wanted) => {
		const { targets, invalid } = registryTargets([entry]);
		expect(invalid).toEqual([]);
		expect(targets.map((target) => target.host)).toEqual([host]);
		expect(targets[0]?.images.map(({ repository, reference }) => `${repository} ${reference}`)).toEqual(
			wanted === undefined ? [] : [wanted],
		);
	});

	it.each(["", "Bad_Ref:Tag", "a b", "ghcr.io/UPPER", "ghcr.io/a/../b", "ghcr.io/a?x=1", "http://ghcr.io/a", "a\r\nb"])(
		"%j is neither, which is not a pass",
		(entry) => {
			expect(registryTargets([entry])).toMatchObject({ targets: [], invalid: [{ entry }] });
			const [check] = registryFamily.expand(createPolicy({ registries: [entry] }));
			expect(check && judge(check, {})).toMatchObject({ kind: "undecided" });
		},
	);

	it("make one check for each registry, however it is written", () => {
		const registries = ["debian:12", "ghcr.io/a/b", "ghcr.io", "ghcr.io/c:1", "ghcr.io/a/b", "docker.io/gitea/runner"];
		expect(registryFamily.expand(createPolicy({ registries })).map(({ id }) => id)).toEqual([
			"registry/docker.io",
			"registry/ghcr.io",
		]);
		expect(registryTargets(registries).targets[1]?.images.map(({ name }) => name)).toEqual([
			"ghcr.io/a/b",
			"ghcr.io/c:1",
		]);
		expect(registryFamily.expand(createPolicy())).toEqual([]);
	});

	it("never name a check after a password", () => {
		const [check] = registryFamily.expand(createPolicy({ registries: ["https://u:s3cr3t@ghcr.io/a"] }));
		expect(check?.id).not.toContain("s3cr3t");
	});
});

describe("passes", () => {
	it("with unverified TLS if the daemon allows it, and says so", () => {
		expect(judgeLooks([apiLook({ insecure: true })], {}, ["ghcr.io"])).toMatchObject({
			message: "`ghcr.io` answers, without verified TLS, as the Docker daemon's `insecure-registries` allow",
		});
	});

	it("with a login that the registry accepts", () => {
		expect(judgeLooks([apiLook({ answer: reply(200), loggedIn: true })], {}, ["ghcr.io"]).kind).toBe("pass");
	});

	it("if images are served from another host", () => {
		const answer = reply(307, { location: "https://mirror.example/v2/x/manifests/1" });
		expect(judgeLooks([createLook({ answer })])).toMatchObject({ kind: "pass" });
	});

	it("if the CLI ignores its configuration, or the helper has no login", () => {
		expect(judgeLooks([createLook()], { kind: "config-ignored", message: "it is not JSON" })).toMatchObject({
			kind: "pass",
			evidence: [{}, { source: config, text: "ignored by the Docker CLI: it is not JSON" }],
		});
		expect(judgeLooks([createLook()], { kind: "none", helper: "docker-credential-pass" }).kind).toBe("pass");
	});
});

describe("unreachable", () => {
	it.each([
		["EHOSTUNREACH", "this network has no route to it"],
		["ETIMEDOUT", "the connection timed out"],
		["ECONNRESET", "it closes the connection without an answer"],
		["ERR_SSL_WRONG_VERSION_NUMBER", "the TLS handshake fails"],
		["HPE_INVALID_CONSTANT", "does not speak HTTP"],
		["EWHATEVER", "EWHATEVER"],
	])("by %s: %s", (code, what) => {
		expect(judgeAnswer(failed(code))).toMatchObject({
			reason: "unreachable",
			message: expect.stringContaining(what),
		});
	});

	it.each([
		["HTTP_403", "the proxy `http://proxy.lan:3128` forbids it"],
		["HTTP_502", "cannot connect to it (status 502)"],
		["ECONNREFUSED", "nothing listens at the proxy `http://proxy.lan:3128`"],
		["ENOTFOUND", "the name of the proxy `http://proxy.lan:3128` does not resolve"],
		["EPIPE", "fails with `EPIPE`"],
	])("by the proxy: %s", (code, what) => {
		const verdict = judgeAnswer(failed(code, "proxy"), { via: "http://proxy.lan:3128" });
		expect(verdict).toMatchObject({ reason: "unreachable", message: expect.stringContaining(what) });
	});

	it.each([
		[reply(418), "status 418"],
		[reply(302, { location: "https://login.example/" }), "redirects to `https://login.example/`"],
		[failed("EINSECURE"), "connect EINSECURE"],
	])("by an answer that does not come from a registry", (answer, what) => {
		expect(judgeAnswer(answer)).toMatchObject({
			reason: "unreachable",
			message: expect.stringContaining(what),
		});
	});
});

describe("tls-untrusted", () => {
	it.each([
		"UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
		"DEPTH_ZERO_SELF_SIGNED_CERT",
		"CERT_NOT_YET_VALID",
		"HOSTNAME_MISMATCH",
	])("by %s", (code) => {
		expect(judgeAnswer(failed(code)).reason).toBe("tls-untrusted");
	});

	it("does not blame the container for an expired certificate", () => {
		expect(judgeAnswer(failed("CERT_HAS_EXPIRED")).message).not.toContain("container");
	});
});

describe("a registry that only the daemon reaches, through its own proxy", () => {
	const via = "http://proxy.lan:3128";
	const own = { answer: failed("ENOTFOUND") };
	const byDaemon = { byDaemon: true, needsToken: true, via, own } as const;

	it("is a warning about builds, which shows what this job got", () => {
		const verdict = findingOf(judgeLooks([createLook(byDaemon)]));
		expect(verdict).toMatchObject({ reason: "unreachable", level: "warn" });
		expect(verdict.evidence.map(({ text }) => text)).toContain("ENOTFOUND: connect ENOTFOUND");
	});

	it.each<[string, RegistryReply, string]>([
		["no pulls are left", reply(200, { pulls: { left: 0 } }), "rate-limited"],
		["a web page answers", reply(200, { genuine: false }), "unreachable"],
	])("is a failure of pulls, too: %s", (_what, answer, reason) => {
		const verdict = judgeAnswer(answer, byDaemon);
		expect(verdict.reason).toBe(reason);
		expect(verdict.level).toBeUndefined();
		expect(verdict.title).not.toContain("Builds");
	});

	it("does not hide another image that cannot be pulled", () => {
		const name = "ghcr.io/other/image:1";
		const other = createLook({ image: name, answer: reply(502), via, byDaemon: true, own });
		const verdict = findingOf(judgeLooks([createLook(byDaemon), other], {}, [image, name]));
		expect(verdict.level).toBeUndefined();
		expect(verdict.message).not.toContain("own proxy");
	});

	it("waits for `network/proxy` if the proxy of the job is dead", () => {
		const dead = "http://dead.lan:3128";
		const answer = failed("ECONNREFUSED", "proxy");
		const proxies = [{ proxy: dead, host: "dead.lan", variables: ["https_proxy"], answer }];
		const looks = [createLook({ ...byDaemon, own: { answer, via: dead } })];
		expect(judgeLooks(looks, {}, [image], { proxies })).toMatchObject({ reason: "needs:network/proxy" });
	});
});

describe("access", () => {
	it("unauthorized: a registry that is asked for no image and does not use tokens", () => {
		const host = judgeLooks([apiLook({ answer: reply(401, { challenge: "basic" }) })], {}, ["ghcr.io"]);
		expect(findingOf(host)).toMatchObject({
			reason: "unauthorized",
			message: "ghcr.io answers with status 401 without a login.",
		});
	});

	it("unauthorized: a token that the registry rejects", () => {
		const look = apiLook({ answer: reply(401, { challenge: "bearer" }), loggedIn: true });
		expect(findingOf(judgeLooks([look], { kind: "found" })).reason).toBe("unauthorized");
	});

	it("a token server without the address that the registry names says nothing about the image", () => {
		const realm = "https://ghcr.io/token";
		const found = judgeAnswer(reply(404), { at: "token-server", url: realm });
		expect(found).toMatchObject({ reason: "unreachable", message: expect.stringContaining(realm) });
	});

	it("not-found: a registry without TLS is asked without it", () => {
		const look = apiLook({ url: "http://localhost:5000/v2/", answer: reply(404) });
		const { remedy } = findingOf(judgeLooks([look], {}, ["localhost:5000"]));
		expect(remedy.commands).toEqual(["curl -sS -D - -o /dev/null http://localhost:5000/v2/"]);
	});

	it("not-found: with a login, the image is not called private", () => {
		expect(judgeAnswer(reply(404), { loggedIn: true }).message).not.toContain("private");
	});
});

describe("credential-helper-missing", () => {
	it("names Docker Hub as the CLI does", () => {
		const login = { kind: "helper-missing", helper: "docker-credential-pass", setting: "credHelpers" } as const;
		const { remedy } = findingOf(judgeLooks([createLook({ image: "debian:12" })], login, ["debian:12"]));
		expect(remedy.commands?.[0]).toContain(
			`jq 'del(.credHelpers["docker.io"], .credHelpers["https://index.docker.io/v1/"])' ${config}`,
		);
		expect(remedy.otherwise?.commands).toEqual(["echo https://index.docker.io/v1/ | docker-credential-pass get"]);
	});

	const login = { kind: "helper-missing", helper: "docker-credential-desktop", setting: "credsStore" } as const;

	it.each([200, 401, 403, 404, 429])("is the cause, whatever the registry says without a login (%i)", (status) => {
		const verdict = findingOf(judgeLooks([createLook({ answer: reply(status) })], login));
		expect(verdict).toMatchObject({ reason: "credential-helper-missing", observed: "not on PATH" });
	});

	it("comes after problems of the network", () => {
		expect(findingOf(judgeLooks([createLook({ answer: failed("ENOTFOUND") })], login)).reason).toBe("unresolvable");
	});
});

it.each<[string, Partial<RegistryLook>, Partial<LoginFacts>]>([
	["unresolvable", { answer: failed("ENOTFOUND"), at: "token-server" }, {}],
	["unreachable", { answer: failed("ECONNREFUSED"), at: "token-server" }, {}],
	["tls-untrusted", { answer: failed("CERT_HAS_EXPIRED") }, {}],
	["unauthorized", { answer: reply(401) }, {}],
	["unauthorized", {}, { kind: "helper-failed", helper: "docker-credential-x" }],
	["denied", { answer: reply(403) }, {}],
	["not-found", { answer: reply(404) }, {}],
	["rate-limited", { answer: reply(429) }, {}],
	["credential-helper-missing", {}, { kind: "helper-missing", helper: "docker-credential-x" }],
	["timeout", { answer: { kind: "timed-out" } }, {}],
	["timeout", {}, { kind: "helper-hangs", helper: "docker-credential-x" }],
])("the title of %s has room for a long name (%j, %j)", (reason, look, login) => {
	const long = `registry.of.the.platform.team.internal.example.com:5000/team/a-very-long-name-of-an-image:12.0.3`;
	const verdict = findingOf(judgeLooks([createLook({ image: long, ...look })], login, [long]));
	expect(verdict.reason).toBe(reason);
	expect(verdict.title?.length).toBeLessThanOrEqual(60);
});

describe("several images of one registry", () => {
	it("the worst decides, and all are in the evidence", () => {
		const verdict = findingOf(
			judgeLooks([
				createLook(),
				createLook({ image: "ghcr.io/a:1", answer: reply(404) }),
				createLook({ image: "ghcr.io/b:1", answer: reply(401) }),
				createLook({ image: "ghcr.io/c:1", answer: reply(401) }),
			]),
		);
		expect(verdict.reason).toBe("unauthorized");
		expect(verdict.message).toContain("The same is true for `ghcr.io/c:1`.");
		expect(verdict.evidence).toHaveLength(5);
	});
});

it("quotes what goes into commands", () => {
	const verdict = judgeAnswer(failed("ENOTFOUND"), { at: "token-server", url: "https://a';rm -rf ~;'/token" });
	expect(verdict.remedy.commands?.[0]).toBe(`getent hosts 'a'\\'';rm -rf ~;'\\'''`);
});
