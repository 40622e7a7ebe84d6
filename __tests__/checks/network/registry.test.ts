import { describe, expect, it } from "vitest";
import { registryFamily } from "../../../src/checks/network/registry.ts";
import { registryTargets } from "../../../src/checks/network/registry-targets.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { RegistryFacts, RegistryLook, RegistryReply } from "../../../src/probes/registry.ts";
import type { LoginFacts } from "../../../src/probes/registry-login.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { findingOf, wayOut } from "../docker/facts.ts";
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
	container: ContainerFacts = createContainer(),
) {
	const facts: RegistryFacts = { login: { kind: "none", config, ...login }, looks };
	const [check] = registryFamily.expand(createPolicy({ registries: entries }));
	if (!check) throw new Error("no check");
	return judge(check, { registry: facts, container, job: createJob() });
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
		"%j is neither, which nobody takes for a pass",
		(entry) => {
			expect(registryTargets([entry])).toMatchObject({ targets: [], invalid: [{ entry }] });
			const [check] = registryFamily.expand(createPolicy({ registries: [entry] }));
			expect(check && judge(check, {})).toMatchObject({ kind: "undecided" });
		},
	);

	it("make one check for each registry, of whatever spelling, and none where there are none", () => {
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

	it("with a password in them name no check after it", () => {
		const [check] = registryFamily.expand(createPolicy({ registries: ["https://u:s3cr3t@ghcr.io/a"] }));
		expect(check?.id).not.toContain("s3cr3t");
	});
});

describe("a registry that gives what is asked for", () => {
	it("passes with its digest as evidence", () => {
		expect(judgeLooks([createLook()])).toMatchObject({
			kind: "pass",
			message: `\`${image}\` can be pulled`,
			evidence: [{ source: `HEAD ${url}`, text: expect.stringContaining("sha256:000") }, { source: config }],
		});
		expect(judgeLooks([createLook({ loggedIn: true })], { kind: "found" })).toMatchObject({
			kind: "pass",
			message: `\`${image}\` can be pulled, with a login`,
		});
	});

	it("passes without verified TLS where the daemon is told to do so, and says it", () => {
		const plain = judgeLooks([createLook({ url: url.replace("https", "http"), insecure: true })]);
		expect(plain).toMatchObject({
			kind: "pass",
			message: `\`${image}\` can be pulled, without TLS, as the Docker daemon is told (\`insecure-registries\`)`,
			evidence: [{ text: expect.stringContaining("`insecure-registries`") }, {}],
		});
		expect(judgeLooks([apiLook({ insecure: true })], {}, ["ghcr.io"])).toMatchObject({
			message: "`ghcr.io` answers, without verified TLS, as the Docker daemon is told (`insecure-registries`)",
		});
	});

	it("passes as a host where it only asks everybody for a token first", () => {
		const answer = reply(401, { challenge: "bearer" });
		expect(judgeLooks([apiLook({ answer })], {}, ["ghcr.io"])).toMatchObject({
			kind: "pass",
			message: "`ghcr.io` answers",
		});
		expect(judgeLooks([apiLook({ answer: reply(200), loggedIn: true })], {}, ["ghcr.io"]).kind).toBe("pass");
	});

	it("passes where it serves its images from another host", () => {
		const answer = reply(307, { location: "https://mirror.example/v2/x/manifests/1" });
		expect(judgeLooks([createLook({ answer })])).toMatchObject({ kind: "pass" });
	});

	it("passes where the CLI goes on without a configuration, or no program has a login", () => {
		expect(judgeLooks([createLook()], { kind: "config-ignored", message: "it is no JSON" })).toMatchObject({
			kind: "pass",
			evidence: [{}, { source: config, text: "the Docker CLI goes on without it: it is no JSON" }],
		});
		expect(judgeLooks([createLook()], { kind: "none", helper: "docker-credential-pass" }).kind).toBe("pass");
	});
});

describe("unresolvable", () => {
	it.each(["ENOTFOUND", "EAI_AGAIN"])("is a name without an address (%s)", (code) => {
		const verdict = judgeAnswer(failed(code));
		expect(verdict).toMatchObject({ reason: "unresolvable", observed: `${code}: connect ${code}` });
		expect(verdict.message).toContain("`ghcr.io` cannot be asked");
		expect(wayOut(verdict)).toContain("getent hosts ghcr.io");
		expect(wayOut(verdict)).toContain("dns");
	});

	it("names the token server where that has none", () => {
		const verdict = judgeAnswer(failed("ENOTFOUND"), { at: "token-server", url: "https://auth.docker.io/token" });
		expect(verdict.message).toContain("The token server of `ghcr.io` (`https://auth.docker.io/token`)");
		expect(wayOut(verdict)).toContain("getent hosts auth.docker.io");
	});
});

describe("unreachable", () => {
	it.each([
		["ECONNREFUSED", "nothing listens there", "curl"],
		["EHOSTUNREACH", "no route to it", "curl"],
		["ECONNRESET", "closes the connection", "curl"],
		["EPROTO", "the TLS handshake fails", "insecure-registries"],
		["ERR_SSL_WRONG_VERSION_NUMBER", "the TLS handshake fails", "insecure-registries"],
		["HPE_INVALID_CONSTANT", "does not speak HTTP", "curl"],
		["EWHATEVER", "EWHATEVER", "curl"],
	])("by %s: %s", (code, what, way) => {
		const verdict = judgeAnswer(failed(code));
		expect(verdict.reason).toBe("unreachable");
		expect(verdict.message).toContain(what);
		expect(wayOut(verdict)).toContain(way);
	});

	it.each([
		["HTTP_407", "requires a user name and a password"],
		["HTTP_403", "forbids it"],
		["HTTP_502", "status 502"],
		["ECONNREFUSED", "nothing listens at the proxy"],
		["ENOTFOUND", "does not resolve"],
		["EPIPE", "fails with `EPIPE`"],
	])("by the proxy: %s", (code, what) => {
		const verdict = judgeAnswer(failed(code, "proxy"), { via: "http://proxy.lan:3128" });
		expect(verdict.reason).toBe("unreachable");
		expect(verdict.message).toContain(what);
		expect(verdict.message).toContain("`http://proxy.lan:3128`");
		expect(wayOut(verdict)).toContain("NO_PROXY: ghcr.io");
	});

	it.each([
		[reply(503), "it answers with status 503"],
		[reply(418), "status 418"],
		[reply(200, { genuine: false }), "login page"],
		[reply(302, { location: "https://login.example/" }), "sends on to `https://login.example/`"],
		[failed("EINSECURE"), "connect EINSECURE"],
	])("by an answer that is no registry's", (answer, what) => {
		const verdict = judgeAnswer(answer);
		expect(verdict.reason).toBe("unreachable");
		expect(verdict.message).toContain(what);
	});
});

describe("tls-untrusted", () => {
	it.each([
		["SELF_SIGNED_CERT_IN_CHAIN", "an unknown authority", "/etc/docker/certs.d/ghcr.io/ca.crt"],
		["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "an unknown authority", "update-ca-certificates"],
		["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed", "/etc/docker/certs.d/ghcr.io/ca.crt"],
		["CERT_HAS_EXPIRED", "has expired", "date -u"],
		["CERT_NOT_YET_VALID", "not valid yet", "date -u"],
		["ERR_TLS_CERT_ALTNAME_INVALID", "for another name", "openssl s_client -connect ghcr.io:443"],
	])("by %s", (code, what, way) => {
		const verdict = judgeAnswer(failed(code));
		expect(verdict.reason).toBe("tls-untrusted");
		expect(verdict.message).toContain(what);
		expect(wayOut(verdict)).toContain(way);
	});
});

describe("tls-untrusted, seen from a container", () => {
	const seenBy = (code: string, container: Partial<ContainerFacts>) =>
		findingOf(judgeLooks([createLook({ answer: failed(code) })], {}, [image], createContainer(container)));

	it("says that the daemon's own authorities count for pulls, and are not seen from there", () => {
		const inside = seenBy("SELF_SIGNED_CERT_IN_CHAIN", { mode: "container" });
		expect(inside.reason).toBe("tls-untrusted");
		expect(inside.message).toContain("what this container trusts");
		expect(inside.message).toContain("`/etc/docker/certs.d`");
		expect(wayOut(inside)).toContain("the image of the job");
		const onHost = seenBy("SELF_SIGNED_CERT_IN_CHAIN", { mode: "host" });
		expect(onHost.message).not.toContain("container");
		expect(wayOut(onHost)).not.toContain("the image of the job");
	});

	it("does not where no authority would mend it", () => {
		expect(seenBy("CERT_HAS_EXPIRED", { mode: "container" }).message).not.toContain("container");
	});
});

describe("access", () => {
	it("unauthorized: without a login", () => {
		const verdict = judgeAnswer(reply(401, { challenge: "bearer", message: "UNAUTHORIZED: authentication required" }));
		expect(verdict).toMatchObject({
			reason: "unauthorized",
			observed: "status 401, UNAUTHORIZED: authentication required",
		});
		expect(verdict.message).toContain("without a login");
		expect(wayOut(verdict)).toContain("docker login ghcr.io");
		expect(wayOut(verdict)).toContain("registry: ghcr.io");
		const host = findingOf(judgeLooks([apiLook({ answer: reply(401, { challenge: "basic" }) })], {}, ["ghcr.io"]));
		expect(host.reason).toBe("unauthorized");
	});

	it("unauthorized: with a login that is refused", () => {
		const verdict = judgeAnswer(reply(401), { at: "token-server", loggedIn: true });
		expect(verdict.message).toContain("refuses the login");
		expect(wayOut(verdict)).toContain("Log in anew");
		const host = judgeLooks([apiLook({ answer: reply(401, { challenge: "bearer" }), loggedIn: true })], {
			kind: "found",
		});
		expect(findingOf(host).reason).toBe("unauthorized");
	});

	it("unauthorized: by a program that keeps the login and fails", () => {
		const login = { kind: "helper-failed", helper: "docker-credential-pass", message: "pass not initialized" } as const;
		const verdict = findingOf(judgeLooks([createLook()], login));
		expect(verdict).toMatchObject({ reason: "unauthorized", observed: "pass not initialized" });
		expect(wayOut(verdict)).toContain("echo ghcr.io | docker-credential-pass get");
	});

	it("denied: a stale login that keeps from what is public", () => {
		const verdict = judgeAnswer(reply(403, { message: "DENIED: denied" }), {
			at: "token-server",
			loggedIn: true,
			publicAnyway: true,
		});
		expect(verdict).toMatchObject({ reason: "denied", observed: "status 403, DENIED: denied" });
		expect(verdict.message).toContain("is public, but ghcr.io denies it");
		expect(verdict.remedy.commands).toEqual(["docker logout ghcr.io"]);
	});

	it("denied: private, or not there", () => {
		const verdict = judgeAnswer(reply(403), { at: "token-server" });
		expect(verdict.message).toContain("It is private, or does not exist");
		expect(wayOut(verdict)).toContain("read:packages");
	});

	it("not-found: an image, with the ways that there are", () => {
		const verdict = judgeAnswer(reply(404));
		expect(verdict.reason).toBe("not-found");
		expect(verdict.message).toContain("the name or the tag is wrong, or the image is private and there is no login");
		expect(wayOut(verdict)).toContain(`docker buildx imagetools inspect ${image}`);
		expect(wayOut(verdict)).toContain("docker login ghcr.io");
		expect(judgeAnswer(reply(404), { loggedIn: true }).message).not.toContain("private");
	});

	it("not-found: a host that is no registry", () => {
		const verdict = findingOf(judgeLooks([apiLook({ answer: reply(404) })], {}, ["ghcr.io"]));
		expect(verdict.message).toContain("is no registry");
	});

	it("rate-limited: with the time to wait", () => {
		const verdict = judgeAnswer(reply(429, { retryAfter: 60 }));
		expect(verdict.reason).toBe("rate-limited");
		expect(wayOut(verdict)).toContain("60 s");
		const hub = findingOf(judgeLooks([createLook({ answer: reply(429) })], {}, ["debian"]));
		expect(wayOut(hub)).toContain("registry-mirrors");
		expect(hub.remedy.commands).toEqual(["docker login"]);
	});
});

describe("credential-helper-missing", () => {
	const login = { kind: "helper-missing", helper: "docker-credential-desktop", setting: "credsStore" } as const;

	it.each([200, 401, 403, 404, 429])("is the cause, whatever a registry says to strangers (%i)", (status) => {
		const verdict = findingOf(judgeLooks([createLook({ answer: reply(status) })], login));
		expect(verdict).toMatchObject({ reason: "credential-helper-missing", observed: "not on PATH" });
		expect(verdict.message).toContain("`docker-credential-desktop`");
		expect(wayOut(verdict)).toContain("del(.credsStore)");
	});

	it("names the entry of a single registry", () => {
		const verdict = judgeLooks([createLook()], { ...login, setting: "credHelpers" });
		expect(wayOut(verdict)).toContain('del(.credHelpers["ghcr.io"])');
	});

	it("comes after the network's own trouble", () => {
		expect(findingOf(judgeLooks([createLook({ answer: failed("ENOTFOUND") })], login)).reason).toBe("unresolvable");
	});
});

describe("timeout", () => {
	it("is a registry that says nothing", () => {
		const verdict = judgeAnswer({ kind: "timed-out" });
		expect(verdict).toMatchObject({ reason: "timeout", observed: "no answer within the deadline" });
		expect(wayOut(verdict)).toContain("mtu");
	});

	it("is a program for logins that does not end", () => {
		const login = { kind: "helper-hangs", helper: "docker-credential-x" } as const;
		expect(findingOf(judgeLooks([createLook()], login))).toMatchObject({
			reason: "timeout",
			message: expect.stringContaining("does not end"),
		});
	});
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
		expect(verdict.message).toContain("The same holds for `ghcr.io/c:1`.");
		expect(verdict.evidence).toHaveLength(5);
	});
});

it("a kind of proxy that we do not speak to is no fault of anybody", () => {
	expect(judgeLooks([createLook({ answer: { kind: "other-proxy" }, via: "socks5://p:1080" })])).toEqual({
		kind: "skip",
		reason: "not-applicable",
		message: "A proxy applies to `ghcr.io` that this check does not speak to: `socks5://p:1080`.",
	});
});

it("quotes what goes into commands", () => {
	const verdict = judgeAnswer(failed("ENOTFOUND"), { at: "token-server", url: "https://a';rm -rf ~;'/token" });
	expect(verdict.remedy.commands?.[0]).toBe(`getent hosts 'a'\\'';rm -rf ~;'\\'''`);
});
