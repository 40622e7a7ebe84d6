import { describe, expect, it } from "vitest";
import { dockerApiVersion } from "../../../src/checks/docker/api-version.ts";
import type { CliStatement, DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import type { EngineVersion } from "../../../src/probes/docker-engine.ts";
import { judge } from "../../support/builders.ts";
import {
	createCli,
	createContainer,
	createEngine,
	createInfo,
	createTool,
	createVersion,
	debian,
	findingOf,
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

describe("passes", () => {
	it("a newer CLI, which uses the daemon's version, and an older one, which keeps its own", () => {
		const newer = judgeVersions({ version: "28.2.2", api: { max: "1.50", min: "1.24" } }, oldEngine);
		expect(newer).toMatchObject({ kind: "pass", message: expect.stringContaining("speak API 1.41") });
		const older = judgeVersions({ version: "25.0.3", api: { max: "1.44", min: "1.24" } });
		expect(older).toMatchObject({ kind: "pass", message: expect.stringContaining("speak API 1.44") });
	});

	it("numbers, not texts, are compared", () => {
		expect(judgeVersions(old, { minApiVersion: "1.9", apiVersion: "1.100" }).kind).toBe("pass");
	});

	it("an old client that the engine accepts", () => {
		expect(judgeVersions(old, { minApiVersion: "1.40", version: "29.7.2", apiVersion: "1.55" }).kind).toBe("pass");
		expect(judgeVersions(old, { minApiVersion: undefined }).kind).toBe("pass");
	});

	it("a release newer than the table, which speaks what the last known one does", () => {
		const cli = { version: "30.1.0", api: { max: "1.55", min: "1.40", atLeast: true } } as const;
		expect(judgeVersions(cli).kind).toBe("pass");
	});

	it("a client without a number", () => {
		const facts: DockerCliFacts = { product: "docker", plugins: [], said: told("1.52", "1.43") };
		expect(judgeVersions({}, {}, { cli: facts }).message).toMatch(/^The Docker CLI and daemon /);
	});

	it("a CLI that says that it works", () => {
		const picky = { version: "29.1.2", api: { max: "1.52", min: "1.44" }, said: told("1.52", "1.41") };
		expect(judgeVersions(picky, oldEngine).kind).toBe("pass");
		expect(judgeVersions({ ...old, said: told("1.45") }).kind).toBe("pass");
	});
});

describe("skips", () => {
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
});

it("does not pass an unknown build that does not say what it speaks", () => {
	const facts: DockerCliFacts = { product: "docker", plugins: [], said: { kind: "timed-out" } };
	expect(judgeVersions({}, {}, { cli: facts }).kind).toBe("undecided");
});

it("client-too-old believes the CLI more than the table", () => {
	expect(findingOf(judgeVersions({ version: "29.1.2", said: told("1.43") })).observed).toBe("1.43");
});

it("client-too-old never tells the daemon to accept what it does not start with", () => {
	expect(findingOf(judgeVersions({ pinned: "1.23" })).remedy.otherwise).toBeUndefined();
	expect(findingOf(judgeVersions({ pinned: "1.24" })).remedy.otherwise?.config?.text).toContain('"1.24"');
});

it("client-too-old names a client without a number", () => {
	const facts: DockerCliFacts = { product: "docker", plugins: [], said: told("1.41") };
	const verdict = judgeVersions({}, {}, { cli: facts });
	expect(findingOf(verdict).title).toBe("The Docker CLI is too old for this daemon");
	expect(findingOf(verdict).message).toMatch(/^The Docker CLI in this image speaks API 1.41\./);
});

describe("client-too-new", () => {
	it("upgrades a snap as a snap: the package would be a second daemon", () => {
		const version = { kind: "ok", value: createVersion(oldEngine) } as const;
		const info = {
			kind: "ok",
			value: createInfo({ dockerRootDir: "/var/snap/docker/common/var-lib-docker" }),
		} as const;
		const cli = { version: "29.1.2", api: { max: "1.52", min: "1.44" } };
		const { remedy } = findingOf(judgeVersions(cli, {}, { engine: createEngine({ version, info }) }));
		expect(remedy.commands).toEqual(["sudo snap refresh docker"]);
	});

	it("is a warning only if the CLI lowers the pin, whatever its number says", () => {
		const cli = { version: "29.7.2", api: { max: "1.55", min: "1.40" }, pinned: "1.99" } as const;
		expect(findingOf(judgeVersions(cli, oldEngine)).level).toBe("warn");
		expect(findingOf(judgeVersions({ ...cli, said: told("1.55", "1.99", "too new") }, oldEngine)).level).toBe("fail");
		expect(findingOf(judgeVersions({ ...cli, version: "29.4.0", said: told("1.54", "1.41") }, oldEngine)).level).toBe(
			"warn",
		);
	});

	it("quotes the first line of the CLI's error", () => {
		const error = "API version 1.41 is not supported by this client: the minimum supported API version is 1.44\nmore";
		const verdict = judgeVersions({ said: { kind: "failed", error } }, oldEngine);
		expect(findingOf(verdict).why).toMatch(/the minimum supported API version is 1\.44`\.$/);
		expect(findingOf(judgeVersions({ said: { kind: "timed-out" } }, oldEngine)).why).toMatch(/commands fail\.$/);
	});

	it.each(["bogus", "1", "1.44.0", "1.44 "])("is a pin that is not a version: %j", (pinned) => {
		expect(findingOf(judgeVersions({ pinned }))).toMatchObject({ reason: "client-too-new", level: "fail" });
	});
});
