import { describe, expect, it } from "vitest";
import { dockerApiVersion } from "../../../src/checks/docker/api-version.ts";
import type { CliStatement, DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import type { EngineVersion } from "../../../src/probes/docker-engine.ts";
import { judge } from "../../support/builders.ts";
import {
	createCli,
	createContainer,
	createEngine,
	createTool,
	createVersion,
	debian,
	findingOf,
	fixOf,
} from "./facts.ts";

const judgeVersions = (
	cli: Partial<DockerCliFacts>,
	engine: Partial<EngineVersion> = {},
	others: Record<string, unknown> = {},
) =>
	judge(dockerApiVersion, {
		cli: createCli(cli),
		tool: createTool(),
		engine: createEngine({ version: { kind: "ok", value: createVersion(engine) } }),
		container: createContainer(),
		os: debian,
		...others,
	});

const old: Partial<DockerCliFacts> = { version: "20.10.24", api: { max: "1.41", min: "1.24" } };
const oldEngine: Partial<EngineVersion> = { version: "20.10.24", apiVersion: "1.41", minApiVersion: "1.12" };
const told = (newestApi: string, usedApi = newestApi, error?: string): CliStatement => ({
	kind: "told",
	newestApi,
	usedApi,
	...(error !== undefined && { error }),
});

describe("a pair that can talk", () => {
	it("names the version that both speak", () => {
		expect(judgeVersions({})).toMatchObject({
			kind: "pass",
			message: "docker 29.1.2 and the daemon (29.1.2) speak API 1.52",
		});
	});

	it("lets a newer CLI go down, and an older one stay where it is", () => {
		const newer = judgeVersions({ version: "28.2.2", api: { max: "1.50", min: "1.24" } }, oldEngine);
		expect(newer).toMatchObject({ kind: "pass", message: expect.stringContaining("speak API 1.41") });
		const older = judgeVersions({ version: "25.0.3", api: { max: "1.44", min: "1.24" } });
		expect(older).toMatchObject({ kind: "pass", message: expect.stringContaining("speak API 1.44") });
	});

	it("compares numbers, not texts", () => {
		expect(judgeVersions(old, { minApiVersion: "1.9", apiVersion: "1.100" }).kind).toBe("pass");
	});

	it("lets an old client in where the engine does", () => {
		expect(judgeVersions(old, { minApiVersion: "1.40", version: "29.7.2", apiVersion: "1.55" }).kind).toBe("pass");
		expect(judgeVersions(old, { minApiVersion: undefined }).kind).toBe("pass");
	});

	it("believes a release newer than the table to speak what the last known one does", () => {
		const cli = { version: "30.1.0", api: { max: "1.55", min: "1.40", atLeast: true } } as const;
		expect(judgeVersions(cli).kind).toBe("pass");
	});

	it("takes a pin that fits, whatever the release would do by itself", () => {
		expect(judgeVersions({ ...old, pinned: "1.44" })).toMatchObject({
			kind: "pass",
			message: expect.stringContaining("pinned by `DOCKER_API_VERSION`"),
		});
	});

	it("may be a client without a number", () => {
		const facts: DockerCliFacts = { product: "docker", plugins: [], said: told("1.52", "1.43") };
		expect(judgeVersions({}, {}, { cli: facts }).message).toMatch(/^the docker client and the daemon /);
	});

	it("believes the CLI that it works", () => {
		const picky = { version: "29.1.2", api: { max: "1.52", min: "1.44" }, said: told("1.52", "1.41") };
		expect(judgeVersions(picky, oldEngine).kind).toBe("pass");
	});
});

describe("nothing to compare", () => {
	it.each([
		["no CLI", { product: "none" } as const, "absent"],
		["Podman's script", { product: "podman" } as const, "not-applicable"],
		["another program", { product: "other" } as const, "not-applicable"],
	])("%s", (_, cli, reason) => {
		expect(judgeVersions(cli)).toMatchObject({ kind: "skip", reason });
	});

	it("no daemon", () => {
		const engine = createEngine({ version: { kind: "failed", code: "ENOENT", message: "" } });
		expect(judgeVersions({}, {}, { engine })).toMatchObject({ kind: "skip", reason: "absent" });
	});

	it("an unknown release that does not say what it speaks is no success", () => {
		const facts: DockerCliFacts = { product: "docker", plugins: [], said: { kind: "timed-out" } };
		expect(judgeVersions({}, {}, { cli: facts }).kind).toBe("undecided");
		const newer = { api: { max: "1.55", min: "1.40", atLeast: true }, said: { kind: "timed-out" } } as const;
		expect(judgeVersions(newer, { minApiVersion: "1.60", apiVersion: "1.70" }).kind).toBe("undecided");
	});
});

describe("client-too-old", () => {
	it("is the five red days of April 2026", () => {
		const verdict = judgeVersions({ ...old, said: told("1.41", "1.41", "client version 1.41 is too old") });
		expect(findingOf(verdict)).toMatchObject({
			reason: "client-too-old",
			message: "docker 20.10.24 in this image speaks API 1.41, the daemon on the host (29.1.2) accepts 1.44 and newer.",
			expected: "client API >= 1.44",
			observed: "1.41",
		});
		expect(findingOf(verdict).evidence).toContainEqual({
			source: "GET /version on unix:///var/run/docker.sock",
			text: "MinAPIVersion 1.44, ApiVersion 1.52",
		});
		expect(findingOf(verdict).remedy).toMatchObject({
			kind: "image",
			commands: ["apt-get update && apt-get install -y docker-ce-cli docker-buildx-plugin"],
			otherwise: { config: { file: "/etc/docker/daemon.json", text: '{ "min-api-version": "1.41" }' }, kind: "host" },
		});
		expect(findingOf(verdict).remedy.text).toContain("25.0 or newer");
	});

	it("has another brake in engines before 29", () => {
		const way = fixOf(judgeVersions(old, { version: "28.5.2", apiVersion: "1.51", minApiVersion: "1.44" }));
		expect(way).toContain("DOCKER_MIN_API_VERSION");
		expect(way).not.toContain("daemon.json");
	});

	it("is mended on the host where the job runs there, and in Alpine with its own packages", () => {
		const host = judgeVersions(old, {}, { container: createContainer({ mode: "host" }) });
		expect(fixOf(host)).toContain("sudo apt-get update && sudo apt-get install");
		expect(findingOf(host).message).toContain("docker 20.10.24 speaks API 1.41, the daemon (29.1.2)");
		const alpine = judgeVersions(old, {}, { os: { ...debian, name: "Alpine Linux v3.16" } });
		expect(fixOf(alpine)).toContain("apk add docker-cli docker-cli-buildx");
	});

	it("believes the CLI more than the table", () => {
		expect(judgeVersions({ ...old, said: told("1.45") }).kind).toBe("pass");
		expect(findingOf(judgeVersions({ version: "29.1.2", said: told("1.43") })).observed).toBe("1.43");
	});

	it("is also a pin that is too low", () => {
		const verdict = judgeVersions({ pinned: "1.41" });
		expect(findingOf(verdict)).toMatchObject({
			reason: "client-too-old",
			message: "`DOCKER_API_VERSION` pins API 1.41, the daemon (29.1.2) accepts 1.44 and newer.",
			observed: "DOCKER_API_VERSION=1.41",
		});
		expect(fixOf(verdict)).toContain("unset DOCKER_API_VERSION");
	});
});

describe("client-too-new", () => {
	it("is a pin that is too high, which older releases do not forgive", () => {
		const cli = { version: "28.2.2", api: { max: "1.50", min: "1.24" }, pinned: "1.99" } as const;
		const verdict = judgeVersions(cli, oldEngine);
		expect(findingOf(verdict)).toMatchObject({
			reason: "client-too-new",
			level: "fail",
			expected: "API <= 1.41, or no pin",
		});
		expect(findingOf(verdict).why).toContain("client version 1.99 is too new");
	});

	it("is a warning where the CLI lowers it without a word", () => {
		const cli = { version: "29.7.2", api: { max: "1.55", min: "1.40" }, pinned: "1.99" } as const;
		expect(findingOf(judgeVersions(cli, oldEngine)).level).toBe("warn");
		// Whatever the number says, the CLI knows best.
		expect(findingOf(judgeVersions({ ...cli, said: told("1.55", "1.99", "too new") }, oldEngine)).level).toBe("fail");
		expect(findingOf(judgeVersions({ ...cli, version: "29.4.0", said: told("1.54", "1.41") }, oldEngine)).level).toBe(
			"warn",
		);
	});

	it("is an engine that is too old for the first releases of 29", () => {
		const error = "API version 1.41 is not supported by this client: the minimum supported API version is 1.44\nmore";
		const verdict = judgeVersions({ said: { kind: "failed", error } }, oldEngine);
		expect(findingOf(verdict)).toMatchObject({ reason: "client-too-new", level: "fail", observed: "1.41" });
		expect(findingOf(verdict).why).toContain("the minimum supported API version is 1.44`.");
		expect(findingOf(judgeVersions({ said: { kind: "timed-out" } }, oldEngine)).why).toMatch(/commands fail\.$/);
	});

	it.each(["bogus", "1", "v1.44", "1.44.0", "1.44 "])("is a pin that is no version: %j", (pinned) => {
		expect(findingOf(judgeVersions({ pinned }))).toMatchObject({ reason: "client-too-new", level: "fail" });
	});
});
