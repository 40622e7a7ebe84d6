import { describe, expect, it } from "vitest";
import type { HttpOutcome } from "../../../src/host/host.ts";
import { createPolicy } from "../../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../../support/fake-host.ts";
import { apiOf, type EngineName, examine, findingsOf, type Recording, recordings } from "./facts.ts";

/*
 * Replays what real CLIs of ten years said to real daemons. The recording tells the expected result: if `docker ps` worked, there
 * is nothing to find; if it failed, a check has to report it.
 */

const docker = "/usr/bin/docker";
const recorded = (name: string): Recording => {
	const recording = recordings.find((candidate) => candidate.name === name);
	if (!recording) throw new Error(`no recording ${name}`);
	return recording;
};

/** `DOCKER_HOST=unix:///x DOCKER_API_VERSION=1.24 docker ps` -> its variables. */
function variablesOf({ command }: Recording): Record<string, string> {
	return Object.fromEntries([...command.matchAll(/\b(DOCKER_[A-Z_]+)=(\S*)/g)].map(([, name, value]) => [name, value]));
}

/** What `docker version --format {{json .}}` would have printed, if only its text was recorded. */
function asJson(text: Recording): ReturnType<typeof exited> {
	const [, used = "", newest = used] = /^ API version: +(\S+)(?: \(downgraded from (\S+)\))?/m.exec(text.stdout) ?? [];
	if (used === "") return exited("", text.exit, text.stderr);
	const server = text.exit === 0 ? {} : null;
	const client = { ApiVersion: used, DefaultAPIVersion: newest };
	return exited(JSON.stringify({ Client: client, Server: server }), text.exit, text.stderr);
}

function machineWith(version: Recording, overrides: FakeMachine = {}): FakeMachine {
	return {
		...overrides,
		env: { PATH: "/usr/bin", ...overrides.env },
		files: {
			[docker]: executable(),
			"/var/run/docker.sock": file({ kind: "socket", mode: 0o660 }),
			...overrides.files,
		},
		programs: {
			[`${docker} --version`]: exited(version.stdout, version.exit, version.stderr),
			...overrides.programs,
		},
	};
}

const findings = async (machine: FakeMachine, policy = createPolicy()) =>
	findingsOf(await examine(createHost(machine), policy));

const engineOf: Readonly<Record<string, EngineName>> = {
	live: "20.10.24",
	d26: "26.1.5",
	d28: "28.5.2",
	d29: "29.7.2",
	podmansock: "podman 4.3.1",
};

/** The finding that the CLI's own error about versions stands for. */
function complaintOf(ps: Recording, engine: EngineName): readonly string[] {
	const podman = engine.startsWith("podman") ? ["warn docker/daemon:podman"] : [];
	if (/is too old/.test(ps.stderr)) return [...podman, "docker/api-version:client-too-old"];
	if (/is too new|page not found|invalid API version/.test(ps.stderr)) return ["docker/api-version:client-too-new"];
	expect(ps.exit).toBe(0);
	// It works, but only because this release lowers the pin.
	return /_api1\.99_/.test(ps.name) ? ["warn docker/api-version:client-too-new"] : podman;
}

describe("CLI and daemon of different ages", () => {
	const pairs = recordings.flatMap((ps) => {
		const [, cli, key] = /^(cli[\d.]+)_(live|d26|d28|d29|podmansock)(?:_api[^_]+)?_ps$/.exec(ps.name) ?? [];
		const engine = key === undefined ? undefined : engineOf[key];
		return cli === undefined || engine === undefined ? [] : [{ name: ps.name, ps, cli, engine }];
	});

	it("are many", () => {
		expect(pairs.length).toBeGreaterThan(60);
	});

	it.each(pairs)("$name", async ({ ps, cli, engine }) => {
		const { DOCKER_API_VERSION } = variablesOf(ps);
		const machine = machineWith(recorded(`${cli}_--version`), {
			env: DOCKER_API_VERSION === undefined ? {} : { DOCKER_API_VERSION },
			api: apiOf(engine),
			programs: {
				[`${docker} version --format {{json .}}`]: asJson(recorded(ps.name.replace(/_ps$/, "_version"))),
			},
		});
		expect(await findings(machine)).toEqual(complaintOf(ps, engine));
	});

	it.each(pairs.filter(({ ps }) => ps.exit !== 0))("$name, without asking the CLI", async ({ ps, cli, engine }) => {
		const { DOCKER_API_VERSION } = variablesOf(ps);
		const silent = { kind: "timed-out", abandoned: false, stdout: "", stderr: "", ms: 1 } as const;
		const machine = machineWith(recorded(`${cli}_--version`), {
			env: DOCKER_API_VERSION === undefined ? {} : { DOCKER_API_VERSION },
			api: apiOf(engine),
			programs: { [`${docker} version --format {{json .}}`]: silent },
		});
		expect(await findings(machine)).toEqual(complaintOf(ps, engine));
	});

	it.each(["20.10.24", "24.0.9", "26.1.5", "28.2.2", "29.7.2"])("JSON of CLI %s is read", async (version) => {
		const json = recorded(`cli${version}_live_versionjson`);
		const strange = { ...recorded(`cli${version}_--version`), stdout: "Docker version unknown, build x\n" };
		const machine = machineWith(strange, {
			api: apiOf("20.10.24"),
			programs: { [`${docker} version --format {{json .}}`]: exited(json.stdout, json.exit, json.stderr) },
		});
		const results = await examine(createHost(machine));
		expect(findingsOf(results)).toEqual([]);
		expect(results["docker/api-version"]?.message).toContain("speak API 1.41");
	});
});

describe("what the CLI says about itself", () => {
	it.each([
		["cli29.7.2_config-unreadable", []],
		["podmanshim_--version", ["warn docker/cli:podman-shim"]],
		["podmanshim_version", ["warn docker/cli:podman-shim"]],
		["podmanshim_missing-podman", ["docker/cli:broken"]],
		["podmanshim_user_info", ["docker/cli:broken"]],
	])("%s", async (name, expected) => {
		expect(await findings(machineWith(recorded(name), { api: apiOf("29.7.2") }))).toEqual(expected);
	});

	it("a shell without `docker`", async () => {
		const machine = { env: { PATH: "/usr/bin" }, files: machineWith(recorded("podmanshim_--version")).files ?? {} };
		const { [docker]: _, ...files } = machine.files;
		expect(await findings({ ...machine, files, api: apiOf("29.7.2") })).toEqual(["docker/cli:missing"]);
	});

	it.each([
		["run_buildx", "warn docker/plugins:buildx-missing"],
		["run_compose", "warn docker/plugins:compose-missing"],
	])("%s: no plugin of that name", async (name, expected) => {
		for (const { stderr } of recordings.filter((recording) => recording.name.endsWith(name))) {
			expect(stderr).toMatch(/unknown command|is not a docker command/);
		}
		const plugin = name.replace("run_", "");
		const policy = createPolicy({ docker: { require: "required", plugins: [plugin] } });
		const machine = machineWith(recorded("cli29.7.2_--version"), { api: apiOf("29.7.2") });
		expect(await findings(machine, policy)).toEqual([expected]);
		const directory = "/usr/libexec/docker/cli-plugins";
		const with_ = {
			...machine,
			directories: { [directory]: [`docker-${plugin}`] },
			files: { ...machine.files, [`${directory}/docker-${plugin}`]: executable() },
		};
		expect(await findings(with_, policy)).toEqual([]);
	});
});

describe("addresses that a CLI cannot use", () => {
	const failed = (code: string): Record<string, HttpOutcome> => ({
		"GET /version": { kind: "failed", code, message: code },
		"GET /info": { kind: "failed", code, message: code },
	});
	const certificates = { "/lab/certdir/ca.pem": "x", "/lab/certdir/cert.pem": "x", "/lab/certdir/key.pem": "x" };
	const invalid = "docker/endpoint:invalid-host";
	const desktop = { "/root/.docker/config.json": '{"currentContext":"desktop-linux"}' };

	const cases: readonly (readonly [string, string, FakeMachine?])[] = [
		["badscheme_ps", invalid],
		["badscheme2_ps", invalid],
		["httpscheme_ps", invalid],
		["unixtwo_ps", invalid],
		["npipe_version", invalid],
		["fd_version", invalid],
		["DOCKER_CONTEXT-bad_ps", invalid],
		["ctx-desktop_ps", invalid, { files: desktop }],
		["tls-nocerts_version", "docker/endpoint:tls-files-missing"],
		["tls-certpath-missing_version", "docker/endpoint:tls-files-missing"],
		["tls-noclientcert_version", "docker/endpoint:tls-files-missing"],
		["tls-to-http_version", "docker/daemon:unreachable", { files: certificates, api: failed("EPROTO") }],
		[
			"tls-wronghost_version",
			"docker/daemon:unreachable",
			{ files: certificates, api: failed("ERR_TLS_CERT_ALTNAME_INVALID") },
		],
		["tcprefused_ps", "docker/daemon:unreachable", { api: failed("ECONNREFUSED") }],
	];
	const named = cases.flatMap(([suffix, expected, machine]) =>
		recordings
			.filter((recording) => recording.name.endsWith(`_${suffix}`))
			.map((recording) => ({ name: recording.name, recording, expected, machine })),
	);

	it("are many", () => {
		expect(named.length).toBeGreaterThan(35);
	});

	it.each(named)("$name -> $expected", async ({ recording, expected, machine }) => {
		expect(recording.exit).not.toBe(0);
		const whole = machineWith(recorded("cli29.7.2_--version"), { ...machine, env: variablesOf(recording) });
		expect(await findings(whole)).toEqual([expected]);
	});

	it.each(["20.10.24", "29.7.2"])("an address without a port works, as it did with %s", async (version) => {
		const recording = recorded(`cli${version}_tcp-noport_version`);
		expect(recording.exit).toBe(0);
		const whole = machineWith(recorded(`cli${version}_--version`), {
			env: variablesOf(recording),
			api: apiOf("20.10.24"),
		});
		expect(await findings(whole)).toEqual([]);
	});
});
