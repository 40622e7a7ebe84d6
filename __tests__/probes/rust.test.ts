import { describe, expect, it } from "vitest";
import { type RustFacts, rustProbe } from "../../src/probes/rust.ts";
import { collect, createPolicy, createRequest, createTool } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const readOnly = file({ kind: "directory", mode: 0o555, uid: 0, gid: 0 });
const rootOwned = {
	kind: "not-writable",
	path: "/home/runner/.cargo",
	exists: true,
	mode: 0o555,
	uid: 0,
	gid: 0,
} as const;
const closed = { kind: "unreadable", code: "EACCES" } as const;

function look(overrides: FakeMachine = {}, tools = ["rustc", "cargo"]): Promise<RustFacts> {
	const policy = createPolicy({ tools: Object.fromEntries(tools.map((name) => [name, createTool(name)])) });
	const host = createHost({
		env: { PATH: "/usr/bin", HOME: "/home/runner" },
		programs: {
			"/usr/bin/rustc --version": exited("rustc 1.95.0 (59807616e 2026-04-14)\n"),
			"/usr/bin/cargo --version": exited("cargo 1.95.0 (f2d3ce0bd 2026-03-21)\n"),
		},
		...overrides,
		files: { "/usr/bin/rustc": executable(), "/usr/bin/cargo": executable(), ...overrides.files },
		directories: { [workspace]: [], "/home/runner": [], "/home": [], ...overrides.directories },
	});
	return collect(rustProbe, host, createRequest({ policy }));
}

describe("the tools", () => {
	it("are those that the profile asks for", async () => {
		expect(await look()).toMatchObject({
			rustc: { path: "/usr/bin/rustc", version: "1.95.0", rustup: false, instead: false },
			cargo: { path: "/usr/bin/cargo", version: "1.95.0", rustup: false, instead: false },
		});
		expect((await look({}, ["cargo"])).rustc).toBeUndefined();
		expect((await look({ files: { "/usr/bin/cargo": { kind: "absent" } } })).cargo).toBeUndefined();
	});

	it("are the default's where the workspace's toolchain is missing", async () => {
		const facts = await look({
			files: { [`${workspace}/rust-toolchain.toml`]: "1.70.0" },
			programs: {
				"/usr/bin/rustc --version": ({ env }) =>
					env?.RUSTUP_TOOLCHAIN === undefined
						? exited("rustc 1.95.0\n")
						: exited("", 1, "error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed\n"),
			},
		});
		expect(facts.rustc).toEqual({ path: "/usr/bin/rustc", version: "1.95.0", rustup: true, instead: true });
	});
});

describe("a full disk", () => {
	const home = "/home/runner/.cargo";
	const space = (freeBytes: number, freeInodes = 10) =>
		({
			kind: "ok",
			value: { freeBytes, totalBytes: 2 ** 30, freeInodes, totalInodes: 1000, source: "statfs" },
		}) as const;
	const full = (overrides: FakeMachine = {}) =>
		look({
			directories: { [home]: [] },
			spaces: { [home]: space(0) },
			writable: { [home]: { kind: "unreadable", code: "ENOSPC" } },
			...overrides,
		});

	it("is told with what shares it", async () => {
		expect((await full()).cargoHome).toEqual({
			kind: "writable",
			path: home,
			full: { freeBytes: 0, freeInodes: 10, shared: [] },
		});
		const mountinfo = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n";
		const shared = await full({
			files: { "/proc/self/mountinfo": mountinfo },
			spaces: { [home]: space(0), "/home/runner": space(0), [workspace]: space(0) },
		});
		expect(shared.cargoHome).toMatchObject({ full: { target: "/", shared: ["workspace", "home"] } });
	});

	it("also lacks inodes alone", async () => {
		expect((await full({ spaces: { [home]: space(2 ** 30, 0) } })).cargoHome).toHaveProperty("full");
	});

	it("is believed only if nothing can be written", async () => {
		expect((await full({ writable: { [home]: { kind: "ok", value: null } } })).cargoHome).not.toHaveProperty("full");
		expect((await full({ spaces: { [home]: space(2 ** 30) } })).cargoHome).not.toHaveProperty("full");
	});
});

it("where links of a tool lead is told", async () => {
	const facts = await look({
		links: { "/usr/bin/rustc": "/usr/lib/rust-1.80/bin/rustc" },
		files: { "/usr/lib/rust-1.80/bin/rustc": executable() },
	});
	expect(facts.rustc).toMatchObject({ path: "/usr/bin/rustc" });
});

describe("cargo's home", () => {
	it.each<[string, FakeMachine, RustFacts["cargoHome"]]>([
		["is below HOME", {}, { kind: "writable", path: "/home/runner/.cargo" }],
		[
			"is CARGO_HOME",
			{ env: { PATH: "/usr/bin", CARGO_HOME: "/usr/local/cargo" }, directories: { "/usr/local/cargo": [] } },
			{ kind: "writable", path: "/usr/local/cargo" },
		],
		[
			"lies below the workspace where it is relative",
			{ env: { PATH: "/usr/bin", CARGO_HOME: "cache/cargo" } },
			{ kind: "writable", path: `${workspace}/cache/cargo` },
		],
		[
			"is not writable",
			{ files: { "/home/runner/.cargo": readOnly } },
			{
				kind: "not-writable",
				path: "/home/runner/.cargo",
				at: "/home/runner/.cargo",
				exists: true,
				mode: 0o555,
				uid: 0,
				gid: 0,
			},
		],
		[
			"holds a registry that is root's",
			{ directories: { "/home/runner/.cargo": [] }, files: { "/home/runner/.cargo/registry/cache": readOnly } },
			{
				kind: "not-writable",
				path: "/home/runner/.cargo",
				at: "/home/runner/.cargo/registry/cache",
				exists: true,
				mode: 0o555,
				uid: 0,
				gid: 0,
			},
		],
		[
			"is root's, with a registry of the user's",
			{ files: { "/home/runner/.cargo": readOnly }, directories: { "/home/runner/.cargo/registry": [] } },
			{ kind: "writable", path: "/home/runner/.cargo" },
		],
		[
			"is root's, with a registry and a git of the user's",
			{
				files: { "/home/runner/.cargo": readOnly },
				directories: { "/home/runner/.cargo/registry": [], "/home/runner/.cargo/git": [] },
			},
			{ kind: "writable", path: "/home/runner/.cargo" },
		],
		[
			"is root's like its git, with a registry of the user's",
			{
				files: { "/home/runner/.cargo": readOnly, "/home/runner/.cargo/git": readOnly },
				directories: { "/home/runner/.cargo/registry": [] },
			},
			{ ...rootOwned, at: "/home/runner/.cargo/git" },
		],
		[
			"is root's like what is in the user's registry",
			{
				files: { "/home/runner/.cargo": readOnly, "/home/runner/.cargo/registry/index": readOnly },
				directories: { "/home/runner/.cargo/registry": [] },
			},
			{ ...rootOwned, at: "/home/runner/.cargo/registry/index" },
		],
		[
			"is root's like its registry",
			{ files: { "/home/runner/.cargo": readOnly, "/home/runner/.cargo/registry": readOnly } },
			{ ...rootOwned, at: "/home/runner/.cargo" },
		],
		[
			"is root's, with the crates that an image brings",
			{ files: { "/home/runner/.cargo": readOnly, "/home/runner/.cargo/registry/src": readOnly } },
			{ ...rootOwned, at: "/home/runner/.cargo", crates: true },
		],
		[
			"cannot be created",
			{ env: { PATH: "/usr/bin", HOME: "/nonexistent" }, files: { "/": readOnly } },
			{ kind: "not-writable", path: "/nonexistent/.cargo", at: "/", exists: false, mode: 0o555, uid: 0, gid: 0 },
		],
		[
			"is a file",
			{ files: { "/home/runner/.cargo": "oops" } },
			{
				kind: "not-writable",
				path: "/home/runner/.cargo",
				at: "/home/runner/.cargo",
				exists: true,
				mode: 0o644,
				uid: 0,
				gid: 0,
			},
		],
		[
			"lies where this user may not look",
			{ files: { "/home/runner/.cargo": closed } },
			{ kind: "not-writable", path: "/home/runner/.cargo", at: "/home/runner/.cargo", exists: false },
		],
		[
			"cannot be looked at for another reason",
			{ files: { "/home/runner/.cargo": { kind: "unreadable", code: "EIO" } } },
			{ kind: "unknown", path: "/home/runner/.cargo", code: "EIO" },
		],
		[
			"is a link that leads nowhere",
			{ links: { "/home/runner/.cargo": "/mnt/cargo" } },
			{ kind: "unknown", path: "/home/runner/.cargo", code: "ENOENT" },
		],
		[
			"holds a registry that is a link that leads nowhere",
			{
				directories: { "/home/runner/.cargo": [] },
				links: { "/home/runner/.cargo/registry": "/mnt/registry" },
			},
			{ kind: "unknown", path: "/home/runner/.cargo/registry", code: "ENOENT" },
		],
		[
			"holds a registry that is a file",
			{ directories: { "/home/runner/.cargo": [] }, files: { "/home/runner/.cargo/registry": "oops" } },
			{ kind: "unknown", path: "/home/runner/.cargo/registry", code: "ENOTDIR" },
		],
		[
			"holds a registry whose disk is broken",
			{
				directories: { "/home/runner/.cargo": [] },
				files: { "/home/runner/.cargo/registry": { kind: "unreadable", code: "EIO" } },
			},
			{ kind: "unknown", path: "/home/runner/.cargo/registry", code: "EIO" },
		],
		["does not exist without a HOME", { env: { PATH: "/usr/bin" }, userHome: undefined }, { kind: "no-home" }],
		[
			"is the user database's without a HOME",
			{ env: { PATH: "/usr/bin" }, userHome: "/home/runner" },
			{ kind: "writable", path: "/home/runner/.cargo" },
		],
	])("%s", async (_, machine, expected) => {
		expect((await look(machine)).cargoHome).toEqual(expected);
	});
});

describe("CARGO_NET_OFFLINE", () => {
	it.each([
		["true", true],
		["1", true],
		["false", undefined],
		["", undefined],
	])("%j", async (value, expected) => {
		const env = { PATH: "/usr/bin", HOME: "/home/runner", CARGO_NET_OFFLINE: value };
		expect((await look({ env })).offline).toBe(expected);
	});
});

describe("the toolchain that the workspace asks for", () => {
	it.each<[string, string, string, RustFacts["pinned"]]>([
		[
			"a table",
			"rust-toolchain.toml",
			'# ours\n[toolchain]\nchannel = "1.92.0" # pinned\ncomponents = ["clippy"]\n',
			{ file: "rust-toolchain.toml", line: 3, channel: "1.92.0" },
		],
		[
			"single quotes and Windows lines",
			"rust-toolchain.toml",
			"[ toolchain ]\r\nchannel='nightly-2026-01-01'\r\n",
			{ file: "rust-toolchain.toml", line: 2, channel: "nightly-2026-01-01" },
		],
		["the old form", "rust-toolchain", "\n1.70.0\n", { file: "rust-toolchain", line: 2, channel: "1.70.0" }],
		[
			"the old name with a table",
			"rust-toolchain",
			'[toolchain]\nchannel = "stable"\n',
			{ file: "rust-toolchain", line: 2, channel: "stable" },
		],
		["another table", "rust-toolchain.toml", '[other]\nchannel = "1.0"\n', undefined],
		["no table", "rust-toolchain.toml", 'channel = "1.0"\nother = 1\n', undefined],
		["a path", "rust-toolchain.toml", '[toolchain]\npath = "/opt/rust"\n', undefined],
		["nothing", "rust-toolchain.toml", "", undefined],
	])("is read from %s", async (_, name, text, expected) => {
		expect((await look({ files: { [`${workspace}/${name}`]: text } })).pinned).toEqual(expected);
	});

	it("is the older name's where there are both", async () => {
		const files = {
			[`${workspace}/rust-toolchain`]: "1.70.0",
			[`${workspace}/rust-toolchain.toml`]: '[toolchain]\nchannel = "1.92.0"',
		};
		expect((await look({ files })).pinned?.channel).toBe("1.70.0");
	});

	it("is the working directory's where there is no workspace", async () => {
		const files = { "/somewhere/rust-toolchain": "1.70.0", [workspace]: { kind: "absent" } as const };
		expect((await look({ files, workingDirectory: "/somewhere" })).pinned?.channel).toBe("1.70.0");
	});

	it("comes with what is installed and with what overrides it", async () => {
		const facts = await look({
			env: { PATH: "/usr/bin", HOME: "/home/runner", RUSTUP_HOME: "/usr/local/rustup", RUSTUP_TOOLCHAIN: "stable" },
			directories: { "/usr/local/rustup/toolchains": ["1.92.0-x86_64-unknown-linux-gnu"] },
		});
		expect(facts).toMatchObject({
			override: "stable",
			toolchains: { kind: "listed", home: "/usr/local/rustup", names: ["1.92.0-x86_64-unknown-linux-gnu"] },
		});
		expect((await look()).toolchains).toEqual({ kind: "listed", home: "/home/runner/.rustup", names: [] });
	});
});

it("does not show what a link in the workspace leads to", async () => {
	const machine = { links: { [`${workspace}/rust-toolchain`]: "/root/secret" }, files: { "/root/secret": "canary" } };
	expect(JSON.stringify(await look(machine))).not.toContain("canary");
});
