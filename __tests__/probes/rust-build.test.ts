import { describe, expect, it } from "vitest";
import { rustBuild } from "../../src/checks/toolchain/rust-build.ts";
import { holdsFor } from "../../src/probes/cargo-target.ts";
import { rustBuildProbe } from "../../src/probes/rust-build.ts";
import type { Request } from "../../src/request.ts";
import { createJob } from "../checks/runner/facts.ts";
import { collect, createPolicy, createRequest, createTool, judge } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const config = `${workspace}/.cargo/config.toml`;
const os = { name: "Debian GNU/Linux 12 (bookworm)", user: "root", hostname: "h", arch: "x64" };

function hostWith({ env, files, ...rest }: FakeMachine) {
	return createHost({
		env: { PATH: "/usr/local/cargo/bin:/usr/bin", HOME: "/home/ci", ...env },
		files: { [`${workspace}/Cargo.toml`]: "[package]", "/usr/bin/cc": executable(), ...files },
		...rest,
	});
}

const look = (machine: FakeMachine = {}, request: Partial<Request> = {}) =>
	collect(rustBuildProbe, hostWith(machine), createRequest(request));

/** The check's verdict, in one word. */
async function say(machine: FakeMachine = {}, tools = ["rustc", "cargo"]): Promise<string> {
	const policy = createPolicy({ tools: Object.fromEntries(tools.map((name) => [name, createTool(name)])) });
	const build = await look(machine, { policy });
	const verdict = judge(rustBuild, { build, job: createJob(), os }, policy);
	return "reason" in verdict ? verdict.reason : verdict.kind;
}

const noCc = { "/usr/bin/cc": { kind: "absent" } } as const;

describe("a workspace", () => {
	it("that is not Rust, or not this run's, is not judged", async () => {
		expect(await say({ files: { [`${workspace}/Cargo.toml`]: { kind: "absent" }, ...noCc } })).toBe("not-applicable");
		expect(await look({ files: noCc }, { usesWorkspace: false })).toMatchObject({ project: false, programs: [] });
	});

	it("that has all it needs passes", async () => {
		expect(await say()).toBe("pass");
		expect(await say({ files: noCc })).toBe("linker-missing");
		expect(await say({ files: { ...noCc, "/usr/bin/cc": file() } })).toBe("linker-missing");
	});

	it("is untrusted: a configuration that leads out of it is not read", async () => {
		const machine = { links: { [config]: "/home/ci/.netrc" }, files: { "/home/ci/.netrc": 'password = "hush-hush"' } };
		expect(await say(machine)).toBe("untrusted");
		expect(JSON.stringify(await look(machine))).not.toContain("hush");
		// What is asked for by a variable goes before the file.
		expect(await say({ ...machine, env: { RUSTC_WRAPPER: "sccache" } })).toBe("wrapper-missing");
	});

	it("is undecided where a configuration cannot be read", async () => {
		expect(await say({ files: { [config]: { kind: "unreadable", code: "EIO" } } })).toBe("undecided");
		expect(await say({ files: { "/home/ci/.cargo/config.toml": { kind: "unreadable", code: "EACCES" } } })).toBe(
			"undecided",
		);
		expect(await say({ files: { [config]: "[build" } })).toBe("undecided");
	});

	it("names what asks for a wrapper, and where", async () => {
		const { programs } = await look({ files: { [config]: '# comment\n[build]\nrustc-wrapper = "sccache"\n' } });
		expect(programs[0]).toMatchObject({ role: "wrapper", program: "sccache", file: ".cargo/config.toml", line: 3 });
		const above = await look({ files: { "/workspace/.cargo/config.toml": 'build.rustc-wrapper = "tools/w"\n' } });
		expect(above.programs[0]).toMatchObject({ file: "/workspace/.cargo/config.toml", path: "/workspace/tools/w" });
	});
});

describe("a target", () => {
	const target = (name: string) => ({ env: { CARGO_BUILD_TARGET: name }, files: noCc });

	it.each([
		"x86_64-unknown-linux-musl",
		"wasm32-unknown-unknown",
		"wasm32-wasip2",
		"thumbv7em-none-eabihf",
		"./my.json",
	])("with a linker of its own is not judged: %s", async (name) =>
		expect(await say(target(name))).toBe("not-applicable"),
	);

	it("of another machine may have a linker", async () => {
		const arm = "aarch64-unknown-linux-gnu";
		const named = `[build]\ntarget = "${arm}"\n[target.${arm}]\nlinker = "aarch64-linux-gnu-gcc"\n`;
		expect(await say({ files: { [config]: named } })).toBe("linker-missing");
		expect(await say({ files: { [config]: named, "/usr/bin/aarch64-linux-gnu-gcc": executable(), ...noCc } })).toBe(
			"pass",
		);
		expect(await say({ env: { CARGO_BUILD_TARGET: "x86_64-pc-windows-gnu" } })).toBe("linker-missing");
	});

	it("is Alpine's own where the loader is", async () => {
		const alpine = { "/lib/ld-musl-x86_64.so.1": file() };
		const named = '[target.x86_64-unknown-linux-musl]\nlinker = "clang"\n';
		expect(await say({ files: { ...alpine, ...noCc } })).toBe("linker-missing");
		expect(await say({ files: { ...alpine, [config]: named } })).toBe("linker-missing");
		expect(await say({ files: { [config]: named } })).toBe("pass");
		expect(await say({ files: { ...alpine }, env: { CARGO_TARGET_X86_64_ALPINE_LINUX_MUSL_LINKER: "nocc" } })).toBe(
			"linker-missing",
		);
	});
});

describe("a cross build", () => {
	const files = { [config]: '[build]\ntarget = "aarch64-unknown-linux-gnu"\n' };
	const named = { [config]: `${files[config]}[target.aarch64-unknown-linux-gnu]\nlinker = "aarch64-linux-gnu-gcc"\n` };
	const gcc = { "/usr/bin/aarch64-linux-gnu-gcc": executable() };

	it("needs a linker of its own, and a line that names it", async () => {
		expect(await say({ files })).toBe("linker-missing");
		expect(await say({ files: { ...files, ...gcc } })).toBe("linker-missing");
		expect(await say({ files: { ...named, ...gcc } })).toBe("pass");
		expect(await say({ files: named })).toBe("linker-missing");
	});

	it("is not one on a machine of that architecture, for 32 bits, or with `cross`", async () => {
		expect(await say({ files, arch: "arm64" })).toBe("pass");
		expect(await say({ files: { [config]: '[build]\ntarget = "i686-unknown-linux-gnu"\n' } })).toBe("pass");
		expect(await say({ files: { ...files, [`${workspace}/Cross.toml`]: "" } })).toBe("not-applicable");
	});
});

describe("a linker that the compiler is told to start", () => {
	const flags = (flag: string) => ({ env: { RUSTFLAGS: `-C link-arg=${flag}` } });

	it("may be clang's", async () => {
		expect(await say(flags("--ld-path=/usr/bin/mold"))).toBe("linker-missing");
		expect(await say({ ...flags("--ld-path=ld.mold"), files: { "/usr/bin/ld.mold": executable() } })).toBe("pass");
	});

	it.each([
		["1.85.0", "x64", "linker-missing"],
		["1.90.0", "x64", "pass"],
		["1.95.0", "arm64", "linker-missing"],
	])("lld comes with rustc %s on %s: %s", async (version, arch, expected) => {
		const machine = {
			...flags("-fuse-ld=lld"),
			arch,
			files: { "/usr/bin/rustc": executable() },
			programs: { "/usr/bin/rustc --version": exited(`rustc ${version} (4d91de4e4 2025-02-17)\n`) },
		};
		expect(await say(machine)).toBe(expected);
		expect(await say({ ...machine, files: { ...machine.files, "/usr/bin/ld.lld": executable() } })).toBe("pass");
	});
});

describe("Debian's compiler without its C library", () => {
	const debian = { "/var/lib/dpkg/status": file() };
	const crti = { "/usr/lib/x86_64-linux-gnu/crti.o": file() };

	it("links nothing", async () => {
		expect(await say({ files: debian })).toBe("linker-missing");
		expect(await say({ files: { ...debian, ...crti } })).toBe("pass");
	});

	it("is not guessed of another compiler, target or system", async () => {
		expect(await say()).toBe("pass");
		const own = { ...debian, ...noCc, "/usr/local/cargo/bin/cc": executable() };
		expect(await say({ files: own })).toBe("pass");
		expect(await say({ files: debian, env: { CARGO_BUILD_TARGET: "wasm32-wasip2" } })).toBe("not-applicable");
		expect(await say({ files: debian, arch: "s390x" })).toBe("pass");
	});
});

describe("a compiler in place of rustc", () => {
	it("has to be there", async () => {
		expect(await say({ env: { RUSTC: "/opt/rust/bin/rustc" } })).toBe("wrapper-missing");
		expect(await say({ files: { [config]: '[build]\nrustc = "rustc-1.80"\n' } })).toBe("wrapper-missing");
		expect(await say({ env: { RUSTC: "rustc" }, files: { "/usr/bin/rustc": executable() } })).toBe("pass");
	});
});

describe("one cause", () => {
	it("is reported by the tool of the profile that is missing", async () => {
		expect(await say({ files: noCc }, ["rustc", "gcc"])).toBe("needs:tool/gcc");
		expect(await say({ files: { ...noCc, "/usr/bin/gcc": executable() } }, ["rustc", "gcc"])).toBe("linker-missing");
		expect(await say({ env: { RUSTC_WRAPPER: "sccache" } }, ["rustc", "sccache"])).toBe("needs:tool/sccache");
		expect(await say({ env: { RUSTC_WRAPPER: "/opt/sccache" } }, ["rustc", "sccache"])).toBe("wrapper-missing");
	});

	it("is a directory that PATH lacks", async () => {
		const files = { "/usr/bin/git": executable(), "/opt/bin/cargo": executable() };
		expect(await say({ files, env: { PATH: "/opt/bin" } }, ["cargo", "git"])).toBe("needs:tool/git");
		expect(await say({ files, env: { PATH: "/opt/bin" } }, ["cargo"])).toBe("linker-missing");
	});
});

it("a program that is outside PATH, or not executable, is told from one that is missing", async () => {
	const outside = await look({
		env: { RUSTC_WRAPPER: "sccache" },
		files: { "/home/ci/.cargo/bin/sccache": executable() },
	});
	expect(outside.programs[0]).toMatchObject({ elsewhere: ["/home/ci/.cargo/bin/sccache"] });
	const closed = await look({ env: { RUSTC_WRAPPER: "sccache" }, files: { "/usr/bin/sccache": file() } });
	expect(closed.programs[0]).toMatchObject({ unusable: { path: "/usr/bin/sccache", kind: "not-executable" } });
	const tilde = await look({ env: { RUSTC_WRAPPER: "~/bin/sccache" } });
	expect(tilde.programs[0]).toMatchObject({ path: `${workspace}/~/bin/sccache`, meant: "/home/ci/bin/sccache" });
});

it("a rustup's cargo also finds what cargo installed", async () => {
	const files = { "/usr/bin/cargo": executable(), "/home/ci/.cargo/bin/sccache": executable() };
	const env = { RUSTC_WRAPPER: "sccache" };
	expect(await say({ files, env })).toBe("wrapper-missing");
	expect(await say({ files: { ...files, "/usr/bin/rustup": file() }, env })).toBe("pass");
});

describe("cfg", () => {
	const linux = { name: "x86_64-unknown-linux-gnu", isHost: true };

	it.each<[string, boolean | undefined]>([
		["cfg(unix)", true],
		["cfg(windows)", false],
		["cfg(not(windows))", true],
		['cfg(target_os = "linux")', true],
		['cfg(all(target_arch="x86_64", target_env = "gnu", target_pointer_width = "64"))', true],
		['cfg(any(target_os = "macos", target_os = "ios"))', false],
		['cfg(target_feature = "avx2")', undefined],
		['cfg(any(unix, target_feature = "avx2"))', true],
		['cfg(all(windows, target_feature = "avx2"))', false],
		["cfg(all())", true],
		["cfg(any())", false],
		['cfg(target_family = "unix")', true],
		["cfg(", true],
		[`cfg(${"not(".repeat(10_000)}`, undefined],
	])("%s", (expression, holds) => expect(holdsFor(expression, linux)).toBe(holds));
});
