import { describe, expect, it } from "vitest";
import type { RunOptions } from "../../src/host/host.ts";
import { dockerCliProbe } from "../../src/probes/docker-cli.ts";
import { apiOf } from "../checks/docker/facts.ts";
import { collect } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";

const docker = "/usr/bin/docker";
const ask = `${docker} version --format {{json .}}`;

/** A machine with a CLI that prints this for its version. */
const withCli = (printed: string, machine: FakeMachine = {}): FakeMachine => ({
	...machine,
	env: { PATH: "/usr/bin", ...machine.env },
	files: { [docker]: executable(), ...machine.files },
	programs: { [`${docker} --version`]: exited(printed), ...machine.programs },
});
const look = (machine: FakeMachine) => collect(dockerCliProbe, createHost(machine));
const statement = (newest: string, used: string, server: unknown = { Version: "29.1.2" }) =>
	JSON.stringify({ Client: { Version: "x", ApiVersion: used, DefaultAPIVersion: newest }, Server: server });

describe("what answers `docker --version`", () => {
	it.each([
		["Docker version 20.10.24+dfsg1, build 297e128\n", "docker", "20.10.24", { max: "1.41", min: "1.24" }],
		["Docker version 17.05.0-ce, build 89658be\n", "docker", "17.05.0", { max: "1.29", min: "1.24" }],
		["Docker version 19.03.15, build 99e3ed8919\n", "docker", "19.03.15", { max: "1.40", min: "1.24" }],
		["Docker version 29.7.2, build 9f4be4fde6\n", "docker", "29.7.2", { max: "1.55", min: "1.40" }],
		["Docker version dev, build abc\n", "docker", undefined, undefined],
		["podman version 4.3.1\n", "podman", "4.3.1", undefined],
		["nerdctl version 2.0.0\n", "other", "2.0.0", undefined],
		["hello\n", "other", undefined, undefined],
	])("%j", async (printed, product, version, api) => {
		const facts = await look(withCli(printed));
		expect([facts.product, facts.version, facts.api]).toEqual([product, version, api]);
	});

	it("is not found out if it is the workspace's, which is not run", async () => {
		const workspace = "/workspace/fortemi/fortemi";
		const files = { [`${workspace}/bin/docker`]: executable() };
		const facts = await look({ env: { PATH: `${workspace}/bin:/usr/bin` }, files });
		expect(facts.product).toBe("untrusted");
	});

	it("is nothing if it is missing, fails or hangs", async () => {
		expect((await look({ env: { PATH: "/usr/bin" } })).product).toBe("none");
		const failing = exited("Docker version 29.7.2, build x\n", 2);
		expect((await look(withCli("", { programs: { [`${docker} --version`]: failing } }))).product).toBe("none");
		const hanging = { kind: "timed-out", abandoned: true, stdout: "", stderr: "", ms: 1 } as const;
		expect((await look(withCli("", { programs: { [`${docker} --version`]: hanging } }))).product).toBe("none");
	});

	it("is Podman's script, which its stderr shows too", async () => {
		const shim = exited(
			"4.9.0\n",
			0,
			"Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.\n",
		);
		expect((await look(withCli("", { programs: { [`${docker} --version`]: shim } }))).product).toBe("podman");
	});
});

describe("asking the CLI itself", () => {
	/** Facts, and how often the CLI was asked. */
	async function asking(version: string, machine: FakeMachine, answer = exited(statement("1.50", "1.41"))) {
		const calls: RunOptions[] = [];
		const facts = await look(
			withCli(`Docker version ${version}, build x\n`, {
				...machine,
				programs: {
					[ask]: (options) => {
						calls.push(options);
						return answer;
					},
				},
			}),
		);
		return { calls, facts };
	}

	it.each([
		["20.10.24", "20.10.24"],
		["28.2.2", "20.10.24"],
		["28.2.2", "29.7.2"],
		["20.10.24", "29.7.2"],
		["30.0.0", "29.7.2"],
		["29.7.2", "podman 4.3.1"],
	] as const)("costs nothing if release %s fits engine %s", async (version, engine) => {
		expect((await asking(version, { api: apiOf(engine) })).calls).toEqual([]);
	});

	it("costs nothing without an engine", async () => {
		expect((await asking("20.10.24", {})).calls).toEqual([]);
	});

	it.each([
		["too old for the engine", "24.0.9", "28.5.2", {}],
		["too new for the engine", "29.1.2", "20.10.24", {}],
		["of no known release", "dev", "29.7.2", {}],
		["older than the table", "1.13.1", "29.7.2", {}],
		["pinned too high", "28.2.2", "29.7.2", { DOCKER_API_VERSION: "1.99" }],
		["pinned too low", "28.2.2", "28.5.2", { DOCKER_API_VERSION: "1.24" }],
	] as const)("happens if it seems %s", async (_, version, engine, env) => {
		const { calls, facts } = await asking(version, { api: apiOf(engine), env });
		expect(calls).toHaveLength(1);
		expect(calls[0]?.signal).toBeInstanceOf(AbortSignal);
		expect(facts.said).toEqual({ kind: "told", newestApi: "1.50", usedApi: "1.41" });
	});

	it("keeps the error", async () => {
		const tooOld = "Error response from daemon: client version 1.43 is too old.\n";
		const machine = { api: apiOf("28.5.2") };
		const complaint = await asking("24.0.9", machine, exited(statement("1.43", "1.43", null), 1, tooOld));
		expect(complaint.facts.said).toEqual({
			kind: "told",
			newestApi: "1.43",
			usedApi: "1.43",
			error: "Error response from daemon: client version 1.43 is too old.",
		});
		const panic = await asking("24.0.9", machine, exited("", 2, `panic: ${"x".repeat(10_000)}`));
		expect(panic.facts.said?.kind).toBe("failed");
		expect(JSON.stringify(panic.facts).length).toBeLessThan(1000);
		const hang = await asking("24.0.9", machine, {
			kind: "timed-out",
			abandoned: false,
			stdout: "",
			stderr: "",
			ms: 1,
		});
		expect(hang.facts.said).toEqual({ kind: "timed-out" });
	});

	it("does not trust exit code 0 without a daemon", async () => {
		const dead = exited(statement("1.43", "1.43", null), 0);
		expect((await asking("24.0.9", { api: apiOf("28.5.2") }, dead)).facts.said).toMatchObject({
			error: expect.anything(),
		});
	});
});

describe("DOCKER_API_VERSION", () => {
	it("is kept, bounded, and only if it is set", async () => {
		expect((await look(withCli("", { env: { DOCKER_API_VERSION: "1.44" } }))).pinned).toBe("1.44");
		expect(await look(withCli("", { env: { DOCKER_API_VERSION: "" } }))).not.toHaveProperty("pinned");
		const long = await look(withCli("", { env: { DOCKER_API_VERSION: "x".repeat(1000) } }));
		expect(long.pinned?.length).toBeLessThan(110);
	});
});

describe("plugins", () => {
	const system = "/usr/libexec/docker/cli-plugins";
	const plugins = async (machine: FakeMachine) => (await look(machine)).plugins;

	it("are found in the system's directories, without being started", async () => {
		const found = await plugins({
			directories: { [system]: ["docker-buildx", "docker-compose", "README", "docker-buildx.bak"] },
			files: { [`${system}/docker-buildx`]: executable(), [`${system}/docker-compose`]: file() },
		});
		expect(found).toEqual([
			{ name: "buildx", path: `${system}/docker-buildx`, state: "executable" },
			{ name: "compose", path: `${system}/docker-compose`, state: "not-executable" },
		]);
	});

	it("are found in the home, in DOCKER_CONFIG and in the directories of config.json", async () => {
		const home = "/home/ci/.docker/cli-plugins";
		const extra = "/opt/plugins";
		const machine = {
			directories: { [home]: ["docker-buildx"], [extra]: ["docker-compose"], "/cfg/cli-plugins": ["docker-scout"] },
			files: {
				[`${home}/docker-buildx`]: executable(),
				[`${extra}/docker-compose`]: executable(),
				"/cfg/cli-plugins/docker-scout": executable(),
				"/home/ci/.docker/config.json": JSON.stringify({ cliPluginsExtraDirs: [extra, 7] }),
			},
		};
		const names = async (env: Record<string, string>) => (await plugins({ ...machine, env })).map(({ name }) => name);
		expect(await names({ HOME: "/home/ci" })).toEqual(["compose", "buildx"]);
		expect(await names({ HOME: "/home/ci", DOCKER_CONFIG: "/cfg" })).toEqual(["scout"]);
	});

	it("count once, and the one that works counts", async () => {
		const home = "/root/.docker/cli-plugins";
		const found = await plugins({
			directories: { [home]: ["docker-buildx"], [system]: ["docker-buildx"] },
			files: { [`${system}/docker-buildx`]: executable() },
			links: { [`${home}/docker-buildx`]: "/gone" },
		});
		expect(found).toEqual([{ name: "buildx", path: `${system}/docker-buildx`, state: "executable" }]);
	});

	it("can be links to a file that does not exist", async () => {
		const found = await plugins({
			directories: { [system]: ["docker-buildx"] },
			links: { [`${system}/docker-buildx`]: "/gone" },
		});
		expect(found).toMatchObject([{ state: "dangling-link" }]);
	});
});

describe("plugins that the kernel does not start", () => {
	const path = "/usr/libexec/docker/cli-plugins/docker-buildx";
	const other = "/usr/local/lib/docker/cli-plugins/docker-buildx";
	/** The head of a static program for this machine, whose only part ends at 4096. */
	const elf = (machine = 62): string => {
		const head = Buffer.alloc(4096);
		head.write("\x7fELF\x02\x01\x01", "latin1");
		head.writeUInt16LE(machine, 18);
		head.writeBigUInt64LE(64n, 32);
		head.writeUInt16LE(56, 54);
		head.writeUInt16LE(1, 56);
		head.writeUInt32LE(1, 64);
		head.writeBigUInt64LE(4096n, 64 + 32);
		return head.toString("latin1");
	};
	const pluginOf = async (content: string, machine: FakeMachine = {}) => {
		const plugins = await look({
			...machine,
			directories: { "/usr/libexec/docker/cli-plugins": ["docker-buildx"], ...machine.directories },
			files: { [path]: content, ...machine.files },
			access: async () => ({ kind: "granted" }),
		});
		return plugins.plugins[0];
	};

	it.each([
		["", "it is empty"],
		["Not Found", "it is not a program for Linux"],
		["MZ", "it is not a program for Linux"],
		[elf(183), "it is built for arm64 (this machine is x64)"],
		[elf().slice(0, 2000), "the file is cut off"],
		["#!/usr/bin/nothing\n", "it needs /usr/bin/nothing, which does not exist"],
	])("are broken: %j", async (content, why) => {
		expect(await pluginOf(content)).toEqual({ name: "buildx", path, state: "broken", why });
	});

	it.each([
		["a program", elf(), {}],
		["one of 32 bits", elf(3), {}],
		["one with an emulator", elf(183), { directories: { "/proc/sys/fs/binfmt_misc": ["qemu-aarch64", "status"] } }],
		["a script", "#!/bin/sh\n", { files: { "/bin/sh": executable() } }],
	])("are not: %s", async (_, content, machine) => {
		expect(await pluginOf(content, machine)).toMatchObject({ state: "executable" });
	});

	it("hide those of later directories", async () => {
		const machine = {
			directories: { "/usr/local/lib/docker/cli-plugins": ["docker-buildx"] },
			files: { [other]: "<html>" },
		};
		expect(await pluginOf(elf(), machine)).toMatchObject({ path: other, state: "broken" });
	});
});
