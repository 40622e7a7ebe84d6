import { describe, expect, it } from "vitest";
import type { FileOutcome, RunOptions } from "../../src/host/host.ts";
import type { Ask } from "../../src/probes/probe.ts";
import { type ToolFacts, toolProbe, unreachableHome } from "../../src/probes/tools.ts";
import type { Request } from "../../src/request.ts";
import { collect, createPolicy, createRequest, createTool } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";

/** A machine with a PATH of two directories, and the workspace. */
function machine(overrides: FakeMachine = {}): FakeMachine {
	return {
		env: { PATH: "/usr/local/bin:/usr/bin", HOME: "/home/runner" },
		...overrides,
		directories: { [workspace]: [], "/usr/bin": [], ...overrides.directories },
	};
}

function look(name: string, overrides: FakeMachine = {}, command = [name, "--version"]): Promise<ToolFacts> {
	return collect(toolProbe(name, command), createHost(machine(overrides)));
}

describe("the search along PATH", () => {
	it("finds the first executable and asks it, without a shell, in an empty directory", async () => {
		let seen: RunOptions | undefined;
		const facts = await look("git", {
			files: { "/usr/bin/git": executable(), "/usr/local/bin/git": file() },
			programs: {
				"/usr/bin/git --version": (options) => {
					seen = options;
					return exited("git version 2.39.5\n");
				},
			},
		});
		expect(facts).toMatchObject({
			name: "git",
			found: { path: "/usr/bin/git", realPath: "/usr/bin/git" },
			unusable: [{ path: "/usr/local/bin/git", kind: "not-executable", mode: 0o644 }],
			elsewhere: [],
			run: { kind: "ran", outcome: { kind: "exited", code: 0, stdout: "git version 2.39.5\n" } },
		});
		expect(facts.file).toBeUndefined();
		expect(seen).not.toHaveProperty("cwd");
		expect(seen).not.toHaveProperty("isTrusted");
		expect(seen).toMatchObject({
			env: { LC_ALL: "C", RUSTUP_AUTO_INSTALL: "0", GOTOOLCHAIN: "local", MISE_NOT_FOUND_AUTO_INSTALL: "false" },
		});
		expect(seen?.maxOutput).toBeLessThanOrEqual(4096);
		expect(seen?.signal).toBeInstanceOf(AbortSignal);
	});

	it("tells a shim of Corepack that was kept from downloading, unless the job's own environment does that", async () => {
		const said = "UsageError: Network access disabled by the environment; can't reach https://registry.example/yarn\n";
		const programs = { "/usr/bin/yarn --version": exited("", 1, said) };
		const files = { "/usr/bin/yarn": executable() };
		expect(await look("yarn", { files, programs })).toMatchObject({ corepack: true });
		const env = { PATH: "/usr/bin", COREPACK_ENABLE_NETWORK: "0" };
		expect(await look("yarn", { files, programs, env })).not.toHaveProperty("corepack");
		// It starts a shim of Corepack, and is none.
		const turbo = { "/usr/bin/turbo --version": exited("", 1, said) };
		expect(await look("turbo", { files: { "/usr/bin/turbo": executable() }, programs: turbo })).not.toHaveProperty(
			"corepack",
		);
	});

	it("tells a shim of mise that was kept from installing, unless the job's own environment does that", async () => {
		const said =
			"mise ERROR Tool not installed for shim: node\nMissing tool version: node@22.1.0\nInstall all missing tools with: mise install\n";
		const programs = { "/usr/bin/node --version": exited("", 1, said) };
		const files = { "/usr/bin/node": executable() };
		expect(await look("node", { files, programs })).toMatchObject({ mise: "node@22.1.0" });
		const env = { PATH: "/usr/bin", MISE_NOT_FOUND_AUTO_INSTALL: "0" };
		expect(await look("node", { files, programs, env })).not.toHaveProperty("mise");
	});

	it("takes an empty entry for the working directory, and a relative one below it", async () => {
		const facts = await look("tool", { env: { PATH: ":bin:./tools/:/usr/bin/" } });
		expect(facts.path).toEqual([workspace, `${workspace}/bin`, `${workspace}/tools`, "/usr/bin"]);
	});

	it("searches every directory, however many there are, like a shell", async () => {
		const directories = Array.from({ length: 300 }, (_, index) => `/nix/store/${index}/bin`);
		const last = "/nix/store/299/bin";
		const facts = await look("tool", {
			env: { PATH: directories.join(":") },
			files: { [`${last}/tool`]: executable() },
			programs: { [`${last}/tool --version`]: exited("tool 1.0\n") },
		});
		expect(facts.found?.path).toBe(`${last}/tool`);
		expect(facts.path).toEqual(directories);
	});

	it("searches what a shell searches where PATH is not set", async () => {
		const facts = await look("git", {
			env: {},
			files: { "/usr/bin/git": executable() },
			programs: { "/usr/bin/git --version": exited("git version 2.39.5") },
		});
		expect(facts).toMatchObject({ pathUnset: true, found: { path: "/usr/bin/git" } });
		expect((await look("git", { env: { PATH: "" } })).path).toEqual([workspace]);
	});

	it("passes over directories, and remembers links that lead nowhere and what it may not look at", async () => {
		const facts = await look("docker", {
			env: { PATH: "/a:/b:/c:/d:/e" },
			directories: { "/a/docker": [] },
			links: { "/b/docker": "/gone" },
			files: {
				"/c/docker": { kind: "unreadable", code: "EACCES" },
				"/d/docker": { kind: "unreadable", code: "EIO" },
				"/e/docker": { kind: "unreadable", code: "ELOOP" },
			},
		});
		expect(facts.unusable).toEqual([
			{ path: "/b/docker", kind: "dangling-link" },
			{ path: "/c/docker", kind: "closed", code: "EACCES" },
			{ path: "/d/docker", kind: "unreadable", code: "EIO" },
			{ path: "/e/docker", kind: "dangling-link" },
		]);
		expect(facts.run).toEqual({ kind: "not-found" });
	});

	it("takes a command with a slash at its word", async () => {
		const facts = await look("tool", { files: { "/opt/ci/tool": executable() } }, ["/opt/ci/tool", "-V"]);
		expect(facts.found?.path).toBe("/opt/ci/tool");
		expect((await look("tool", {}, ["/opt/none/tool"])).run).toEqual({ kind: "not-found" });
	});

	it("names the directory that never answers", async () => {
		const host = createHost(machine({ env: { PATH: "/usr/bin:/mnt/dead" }, files: { "/run/.containerenv": "" } }));
		const unlessDead =
			<T>(call: (path: string) => Promise<T>) =>
			(path: string) =>
				path.startsWith("/mnt/dead") ? new Promise<never>(() => {}) : call(path);
		const stuck = { ...host, stat: unlessDead(host.stat), lstat: unlessDead(host.lstat) };
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 20);
		const ask: Ask = (probe) => probe.collect(host, createRequest(), controller.signal, ask);
		const facts = await toolProbe("git", ["git", "--version"]).collect(stuck, createRequest(), controller.signal, ask);
		expect(facts.run).toEqual({ kind: "search-timed-out", directory: "/mnt/dead" });
		// Asked for after the deadline, but known by then.
		expect(facts.mode).toBe("container");
	});
});

describe("the search outside PATH", () => {
	it("looks in the usual places only where PATH has none", async () => {
		const found = await look("cargo", {
			files: { "/home/runner/.cargo/bin/cargo": executable(), "/usr/bin/cargo": executable() },
		});
		expect(found.elsewhere).toEqual([]);
		const missing = await look("cargo", { files: { "/home/runner/.cargo/bin/cargo": executable() } });
		expect(missing).toMatchObject({ elsewhere: ["/home/runner/.cargo/bin/cargo"], run: { kind: "not-found" } });
	});

	it.each([
		["cargo", "/usr/local/cargo/bin/cargo", {}],
		["cargo", "/root/.cargo/bin/cargo", {}],
		["cargo", "/data/cargo/bin/cargo", { CARGO_HOME: "/data/cargo" }],
		["node", "/home/runner/.volta/bin/node", {}],
		["go", "/usr/local/go/bin/go", {}],
		["docker", "/snap/bin/docker", {}],
		["git", "/bin/git", {}],
		["tool", "/opt/tool/bin/tool", {}],
	])("finds %s at %s", async (name, path, env) => {
		const home = { PATH: "/usr/local/bin:/usr/bin", HOME: "/home/runner" };
		const facts = await look(name, { env: { ...home, ...env }, files: { [path]: executable() } });
		expect(facts.elsewhere).toEqual([path]);
	});

	it("puts the newest of nvm first, and names each file once", async () => {
		const nvm = "/home/runner/.nvm/versions/node";
		const facts = await look("node", {
			directories: { [nvm]: ["v9.11.2", "v22.11.0", "v18.20.4"] },
			files: Object.fromEntries(["v9.11.2", "v22.11.0"].map((version) => [`${nvm}/${version}/bin/node`, executable()])),
			links: { "/root/.cargo/bin/node": `${nvm}/v22.11.0/bin/node` },
		});
		expect(facts.elsewhere).toHaveLength(2);
		expect(facts.elsewhere).toContain(`${nvm}/v9.11.2/bin/node`);
		const plain = await look("node", {
			directories: { [nvm]: ["v9.11.2", "v22.11.0"] },
			files: Object.fromEntries(["v9.11.2", "v22.11.0"].map((version) => [`${nvm}/${version}/bin/node`, executable()])),
		});
		expect(plain.elsewhere).toEqual([`${nvm}/v22.11.0/bin/node`, `${nvm}/v9.11.2/bin/node`]);
	});
});

describe("the Node that runs us", () => {
	const links = { "/usr/bin/node": "/opt/node/bin/node" };
	const files = { "/opt/node/bin/node": executable() };

	it("is not started: it knows its version", async () => {
		const facts = await look("node", { links, files, execPath: "/opt/node/bin/node", nodeVersion: "22.11.0" });
		expect(facts).toMatchObject({ run: { kind: "own-node", version: "22.11.0" }, found: { path: "/usr/bin/node" } });
	});

	it("is not any other node, and not one that is asked something else", async () => {
		const programs = { "/usr/bin/node --version": exited("v18.20.4\n"), "/usr/bin/node -p 1": exited("1\n") };
		const other = await look("node", { links, files, programs, execPath: "/usr/local/bin/node" });
		expect(other.run).toMatchObject({ kind: "ran", outcome: { stdout: "v18.20.4\n" } });
		const asked = await look("node", { links, files, programs, execPath: "/opt/node/bin/node" }, ["node", "-p", "1"]);
		expect(asked.run).toMatchObject({ kind: "ran" });
	});
});

describe("a proxy of rustup", () => {
	const links = { "/usr/bin/rustc": "/usr/bin/rustup" };
	const files = { "/usr/bin/rustup": executable(), "/home/runner/.rustup/settings.toml": 'version = "12"\n' };
	const notInstalled = exited("", 1, "error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed\n");

	it("is known by its link", async () => {
		const programs = { "/usr/bin/rustc --version": exited("rustc 1.95.0\n") };
		expect((await look("rustc", { links, files, programs })).rustup).toEqual({ link: true });
		const real = await look("rustc", { files: { ...files, "/usr/bin/rustc": executable() }, programs });
		expect(real.rustup).toEqual({ link: false });
	});

	it("is asked outside of the workspace too, where the workspace's toolchain is not installed", async () => {
		const facts = await look("rustc", {
			links,
			files: { ...files, [`${workspace}/rust-toolchain.toml`]: "1.70.0" },
			programs: {
				"/usr/bin/rustc --version": ({ env }) =>
					env?.RUSTUP_TOOLCHAIN === undefined ? exited("rustc 1.95.0\n") : notInstalled,
			},
		});
		expect(facts).toMatchObject({
			run: { outcome: { code: 1 } },
			rustup: { link: true, autoInstall: true, outsideWorkspace: { stdout: "rustc 1.95.0\n" } },
		});
	});

	it.each<[string, FakeMachine, boolean]>([
		["RUSTUP_AUTO_INSTALL", { env: { PATH: "/usr/bin", HOME: "/home/runner", RUSTUP_AUTO_INSTALL: "0" } }, false],
		["its settings", { files: { ...files, "/home/runner/.rustup/settings.toml": 'auto_install = "disable"' } }, false],
		["nothing", {}, true],
	])("knows from %s whether jobs would install a toolchain", async (_, overrides, expected) => {
		const programs = { "/usr/bin/rustc --version": notInstalled };
		expect((await look("rustc", { links, files, programs, ...overrides })).rustup?.autoInstall).toBe(expected);
	});

	it.each<[string, FakeMachine, boolean]>([
		["nothing", {}, true],
		["toolchains that nobody chose", { directories: { "/home/runner/.rustup/toolchains": ["stable-x86_64"] } }, true],
		[
			"toolchains, and a file that names one",
			{
				directories: { "/home/runner/.rustup/toolchains": ["stable-x86_64"] },
				files: { "/usr/bin/rustup": executable(), [`${workspace}/rust-toolchain.toml`]: "" },
			},
			false,
		],
		[
			"a name for what is not there",
			{ env: { PATH: "/usr/bin", HOME: "/home/runner", RUSTUP_TOOLCHAIN: "stable" } },
			true,
		],
		["settings", { files }, false],
	])("cannot set itself up in a home with %s: %j", async (_, overrides, kept) => {
		let home: string | undefined;
		const facts = await look("rustc", {
			links,
			files: { "/usr/bin/rustup": executable() },
			programs: {
				"/usr/bin/rustc --version": ({ env }) => {
					home = env?.RUSTUP_HOME;
					return exited("rustc 1.95.0\n");
				},
			},
			...overrides,
		});
		expect(home).toBe(kept ? unreachableHome : undefined);
		expect(facts.rustup?.neverSetUp).toEqual(kept ? { home: "/home/runner/.rustup" } : undefined);
	});
});

describe("what else is known", () => {
	it("is where jobs run", async () => {
		expect((await look("git", { files: { "/run/.containerenv": "" } })).mode).toBe("container");
	});

	it("does without it where that cannot be found out", async () => {
		const host = createHost(machine());
		const signal = new AbortController().signal;
		const facts = await toolProbe("git", ["git"]).collect(host, createRequest(), signal, () =>
			Promise.reject(new Error("no")),
		);
		expect(facts).toMatchObject({ mode: "unknown", run: { kind: "not-found" } });
	});

	it("runs where it is itself, where there is no workspace", async () => {
		let seen: RunOptions | undefined;
		const host = createHost({
			env: { PATH: "/usr/bin" },
			files: { "/usr/bin/git": executable() },
			programs: {
				"/usr/bin/git --version": (options) => {
					seen = options;
					return exited("git version 2.39.5");
				},
			},
		});
		await collect(toolProbe("git", ["git", "--version"]), host);
		expect(seen && "cwd" in seen).toBe(false);
	});

	it("survives JSON", async () => {
		const facts = await look("cargo", { files: { "/root/.cargo/bin/cargo": executable() } });
		expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
	});
});

describe("a workspace that nobody vouches for", () => {
	/** How a tool was run, if it was. */
	const ran = async (overrides: FakeMachine, name = "rustc", request: Partial<Request> = {}) => {
		let seen: RunOptions | undefined;
		const run = (options: RunOptions) => {
			seen = options;
			return exited(`${name} 1.95.0\n`);
		};
		const host = createHost(
			machine({
				...overrides,
				files: {
					...(overrides.links?.[`/usr/bin/${name}`] === undefined && { [`/usr/bin/${name}`]: executable() }),
					"/usr/bin/rustup": executable(),
					"/home/runner/.rustup/settings.toml": "",
					...overrides.files,
				},
				programs: { [`/usr/bin/${name} --version`]: run, [`${workspace}/bin/${name} --version`]: run },
			}),
		);
		const facts = await collect(toolProbe(name, [name, "--version"]), host, createRequest(request));
		return { run: facts.run, seen };
	};
	const toolchainFile = `${workspace}/rust-toolchain.toml`;

	it.each([
		["a table", '[toolchain]\npath = "/workspace/fortemi/fortemi/evil"\n'],
		["a dotted key", 'toolchain.path = "/evil"'],
		["an escaped key", '[toolchain]\n"p\\u0061th" = "/evil"'],
		["an inline table after a number sign", 'toolchain = { profile = "#", path = "/evil" }'],
		["a path as the channel", '[toolchain]\nchannel = "../evil"'],
		["a long file", "x".repeat(20_000)],
	])("has no toolchain of its own run: %s", async (_, text) => {
		const toml = await ran({ files: { [toolchainFile]: text } });
		expect(toml).toEqual({ run: { kind: "untrusted", why: "toolchain", by: "rust-toolchain.toml" }, seen: undefined });
		const old = await ran({ files: { [`${workspace}/rust-toolchain`]: text } }, "cargo");
		expect(old).toMatchObject({ run: { kind: "untrusted", by: "rust-toolchain" }, seen: undefined });
	});

	it("does not have rustup repeat a file that a link leads to", async () => {
		const { run, seen } = await ran({ links: { [toolchainFile]: "/root/secret" }, files: { "/root/secret": "abc" } });
		expect({ run, seen }).toEqual({
			run: { kind: "untrusted", why: "toolchain", by: "rust-toolchain.toml" },
			seen: undefined,
		});
	});

	it.each<[string, FakeMachine, string | undefined]>([
		[
			"its toolchain file",
			{ files: { [toolchainFile]: '[toolchain]\nchannel = "1.92"\ncomponents = [\n"x",\n]\n' } },
			"1.92",
		],
		[
			"the older file, which is read first",
			{ files: { [toolchainFile]: "beta", [`${workspace}/rust-toolchain`]: "1.80" } },
			"1.80",
		],
		["a file above it", { files: { "/workspace/rust-toolchain.toml": "nightly-2026-01-01" } }, "nightly-2026-01-01"],
		[
			"an override of this machine",
			{ files: { "/home/runner/.rustup/settings.toml": `[overrides]\n"${workspace}" = "1.70"\n` } },
			"1.70",
		],
		["nothing", { files: { [toolchainFile]: '[toolchain]\ncomponents = ["rustfmt"]\n' } }, undefined],
		[
			"RUSTUP_TOOLCHAIN, which rustup sees anyway",
			{ env: { PATH: "/usr/bin", HOME: "/home/runner", RUSTUP_TOOLCHAIN: "1.60" }, files: { [toolchainFile]: "1.80" } },
			undefined,
		],
	])("chooses a toolchain by %s", async (_, overrides, expected) => {
		const { seen } = await ran(overrides);
		expect(seen?.env?.RUSTUP_TOOLCHAIN).toBe(expected);
		expect(seen).not.toHaveProperty("cwd");
	});

	it("chooses nothing with files that are not this run's", async () => {
		const { seen } = await ran({ files: { [toolchainFile]: "1.80" } }, "rustc", { usesWorkspace: false });
		expect(seen?.env).not.toHaveProperty("RUSTUP_TOOLCHAIN");
	});

	it.each([
		["RUSTUP_HOME", { RUSTUP_HOME: `${workspace}/.rustup` }],
		["HOME", { HOME: workspace }],
		["RUSTUP_TOOLCHAIN", { RUSTUP_TOOLCHAIN: `${workspace}/evil` }],
	])("has no toolchain run that %s leads to", async (by, more) => {
		const { run, seen } = await ran({ env: { PATH: "/usr/bin", HOME: "/home/runner", ...more } });
		expect({ run, seen }).toEqual({ run: { kind: "untrusted", why: "toolchain", by }, seen: undefined });
	});

	it("has no toolchain run that a link of rustup leads to", async () => {
		const toolchains = "/home/runner/.rustup/toolchains";
		const { run } = await ran({
			directories: { [toolchains]: ["evil"], [`${workspace}/evil`]: [] },
			links: { [`${toolchains}/evil`]: `${workspace}/evil` },
		});
		expect(run).toEqual({ kind: "untrusted", why: "toolchain", by: `${toolchains}/evil` });
	});

	it("does not keep a Rust from running that is not rustup's", async () => {
		const files = { [toolchainFile]: 'toolchain.path = "/evil"', "/usr/bin/rustup": { kind: "absent" } as const };
		expect((await ran({ files })).run).toMatchObject({ kind: "ran" });
	});

	it.each([
		["on PATH", { PATH: `${workspace}/bin:/usr/bin` }, {}],
		["on PATH, relative", { PATH: "bin:/usr/bin" }, {}],
		["by a link", {}, { "/usr/bin/tool": `${workspace}/bin/tool` }],
	])("has no program of its own run: %s", async (_, more, links) => {
		const env = { PATH: "/usr/bin", HOME: "/home/runner", ...more };
		const absent: FileOutcome = { kind: "absent" };
		const inPath = "/usr/bin/tool" in links ? {} : { "/usr/bin/tool": absent };
		const files = { [`${workspace}/bin/tool`]: executable(), ...inPath };
		const here = await ran({ env, links, files }, "tool");
		expect(here).toMatchObject({ run: { kind: "untrusted", why: "program" }, seen: undefined });
	});

	it("has its program run if an input trusts it, where a job would run it", async () => {
		const env = { PATH: `${workspace}/bin:/usr/bin`, HOME: "/home/runner" };
		const { seen } = await ran({ env, files: { [`${workspace}/bin/tool`]: executable() } }, "tool", { trusts: true });
		expect(seen).toMatchObject({ cwd: workspace, isTrusted: true });
	});

	it("is no workspace where it holds the user's home", async () => {
		const here = {
			env: { PATH: "/root/bin" },
			files: { "/root/bin/tool": executable() },
			directories: { "/root": [] },
		};
		const host = createHost({ ...here, programs: { "/root/bin/tool --version": exited("tool 1.0") } });
		const facts = await collect(toolProbe("tool", ["tool", "--version"]), host, createRequest({ workspace: "/root" }));
		expect(facts.run.kind).toBe("ran");
	});

	it("has no command of its policy run", async () => {
		const command = ["sh", "./evil.sh"];
		const tools = { evil: createTool("evil", { command, commandFrom: "untrusted" as const }) };
		const host = createHost(machine({ files: { "/usr/bin/sh": executable() } }));
		const facts = await collect(toolProbe("evil", command), host, createRequest({ policy: createPolicy({ tools }) }));
		expect(facts.run).toEqual({ kind: "untrusted", why: "command", by: "sh ./evil.sh" });
	});

	it("chooses plain versions for version managers, and no paths", async () => {
		const { seen } = await ran(
			{
				files: {
					[`${workspace}/.tool-versions`]: "nodejs 22.1.0 # comment\npython path:./evil\nterraform-docs 1.0\n",
					[`${workspace}/.python-version`]: "3.12\n",
					[`${workspace}/.ruby-version`]: "../evil",
				},
			},
			"tool",
		);
		expect(seen?.env).toMatchObject({
			ASDF_NODEJS_VERSION: "22.1.0",
			MISE_NODEJS_VERSION: "22.1.0",
			ASDF_TERRAFORM_DOCS_VERSION: "1.0",
			PYENV_VERSION: "3.12",
		});
		expect(Object.keys(seen?.env ?? {}).join()).not.toMatch(/ASDF_PYTHON|RBENV/);
	});
});
