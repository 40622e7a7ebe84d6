import { describe, expect, it } from "vitest";
import { dockerClient } from "../../../src/checks/docker/client.ts";
import type { DockerClientFacts } from "../../../src/probes/docker-client.ts";
import type { RegistryFacts } from "../../../src/probes/registry.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createCli, createContainer, createJob } from "./facts.ts";

const path = "/home/ci/.docker/config.json";
const desktop = { helper: "docker-credential-desktop", setting: "credsStore" } as const;
const facts: DockerClientFacts = {
	directory: "/home/ci/.docker",
	namedBy: "home",
	config: { path, state: "ok" },
	missingHelpers: [],
	authConfig: { state: "unset" },
	user: { uid: 1001, name: "ci" },
};
const login = { kind: "helper-missing", config: path, helper: desktop.helper, setting: "credsStore" } as const;
const denied: RegistryFacts = {
	login,
	looks: [
		{
			image: "ghcr.io/a/b:c",
			at: "registry",
			url: "https://ghcr.io/v2/a/b/manifests/c",
			answer: { kind: "answered", status: 401, genuine: true },
			loggedIn: false,
		},
	],
};
const judged = (
	client: Partial<DockerClientFacts>,
	{ require = "required", cli = {}, registries = [], more = {} } = {} as {
		require?: "required" | "optional";
		cli?: object;
		registries?: readonly string[];
		more?: Record<string, unknown>;
	},
) => {
	const policy = createPolicy({ docker: { require, plugins: [] }, registries });
	const [check] = dockerClient.expand(policy);
	if (!check) throw new Error("no check");
	const verdict = judge(
		check,
		{ client: { ...facts, ...client }, cli: createCli(cli), container: createContainer(), job: createJob(), ...more },
		policy,
	);
	if (verdict.kind === "finding") return `${verdict.level} ${verdict.reason}`;
	return verdict.kind === "skip" ? `skip ${verdict.reason}` : verdict.kind;
};

const foreign = { path: "/home/ci/.docker/buildx", kind: "directory", need: "write", mode: 0o700, uid: 0 } as const;

describe("docker/client", () => {
	it.each<[string, Partial<DockerClientFacts>, string]>([
		["a missing helper for everything", { missingHelpers: [desktop] }, "credential-helper-missing"],
		["a foreign directory", { closed: foreign }, "foreign-owned"],
		["a closed file", { config: { path, state: "unreadable", why: "EACCES" } }, "config-unreadable"],
		["malformed logins", { authConfig: { state: "malformed", why: "x" } }, "auth-malformed"],
	])("fails if Docker is required, else warns: %s", (_, client, reason) => {
		expect(judged(client)).toBe(`fail ${reason}`);
		expect(judged(client, { require: "optional" })).toBe(`warn ${reason}`);
	});

	it("warns of a helper for one registry, after everything else", () => {
		const one = { ...desktop, setting: "credHelpers", registry: "gcr.io" } as const;
		expect(judged({ missingHelpers: [one] })).toBe("warn credential-helper-missing");
		expect(judged({ missingHelpers: [one], closed: foreign })).toBe("fail foreign-owned");
	});

	it("waits for a registry that reports the same helper, and only then", () => {
		const seen = { registries: ["ghcr.io/a/b:c"], more: { "registry/ghcr.io": denied } };
		expect(judged({ missingHelpers: [desktop] }, seen)).toBe("skip needs:registry/ghcr.io");
		const unreachable = { ...denied, looks: [{ ...denied.looks[0], answer: { kind: "timed-out" } }] };
		expect(judged({ missingHelpers: [desktop] }, { ...seen, more: { "registry/ghcr.io": unreachable } })).toBe(
			"fail credential-helper-missing",
		);
	});

	it("leaves a directory of DOCKER_CONFIG alone that only buildx would need", () => {
		const client = { namedBy: "DOCKER_CONFIG", closed: { ...foreign, path: facts.directory } } as const;
		expect(judged(client)).toBe("pass");
		const buildx = { name: "buildx", path: "/usr/libexec/docker/cli-plugins/docker-buildx", state: "executable" };
		expect(judged(client, { cli: { plugins: [buildx] } })).toBe("fail foreign-owned");
	});

	it("does not judge a variable that this CLI does not read", () => {
		const malformed = { authConfig: { state: "malformed", why: "x" } } as const;
		expect(judged(malformed, { cli: { version: "28.2.2" } })).toBe("pass");
		expect(judged(malformed, { cli: { version: "28.3.0" } })).toBe("fail auth-malformed");
	});

	it("says nothing about a CLI that is not there, or not Docker's", () => {
		expect(judged({ missingHelpers: [desktop] }, { cli: { product: "none" } })).toBe("skip absent");
		expect(judged({ missingHelpers: [desktop] }, { cli: { product: "podman" } })).toBe("skip not-applicable");
	});
});
