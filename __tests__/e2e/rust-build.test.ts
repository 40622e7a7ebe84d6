import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rustBuild } from "../../src/checks/toolchain/rust-build.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { rustBuildProbe } from "../../src/probes/rust-build.ts";
import { createJob } from "../checks/runner/facts.ts";
import { collect, createRequest, judge } from "../support/builders.ts";

/** What cargo is told, by variables and files. `ROOT` in them is the folder of the test. */
interface Told {
	readonly env?: Readonly<Record<string, string>>;
	/** Path below the folder -> text. The workspace is `work/ws`, HOME is `home`. */
	readonly files?: Readonly<Record<string, string>>;
}

const machine = "x86_64-unknown-linux-gnu";
const ofMachine = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU";
const config = "work/ws/.cargo/config.toml";
const wrapped = (program: string) => `[build]\nrustc-wrapper = "${program}"\n`;
const linked = (program: string, table = `target.${machine}`) => `[${table}]\nlinker = "${program}"\n`;

/** None of these programs exists: `nocc`, `nowrap`. `okcc` and `okwrap` do. */
const table: Readonly<Record<string, Told>> = {
	"nothing, with cc": {},
	"nothing, without cc": { env: { PATH: "ROOT/bin" } },
	"a wrapper that exists": { env: { RUSTC_WRAPPER: "okwrap" } },
	"a wrapper in a variable": { env: { RUSTC_WRAPPER: "nowrap" } },
	"a wrapper in cargo's variable": { env: { CARGO_BUILD_RUSTC_WRAPPER: "nowrap" } },
	"an empty variable before cargo's": { env: { RUSTC_WRAPPER: "", CARGO_BUILD_RUSTC_WRAPPER: "nowrap" } },
	"a variable before cargo's": { env: { RUSTC_WRAPPER: "okwrap", CARGO_BUILD_RUSTC_WRAPPER: "nowrap" } },
	"a wrapper for the workspace": { env: { RUSTC_WORKSPACE_WRAPPER: "nowrap" } },
	"a wrapper for the workspace in cargo's variable": { env: { CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER: "nowrap" } },
	"a wrapper for the workspace in a file": { files: { [config]: '[build]\nrustc-workspace-wrapper = "nowrap"' } },
	"a wrapper in the workspace's file": { files: { [config]: wrapped("nowrap") } },
	"a dotted key": { files: { [config]: 'build.rustc-wrapper = "nowrap"' } },
	"an inline table": { files: { [config]: "build = { jobs = 1, rustc-wrapper = 'nowrap' }" } },
	"an empty variable before the file": { env: { RUSTC_WRAPPER: "" }, files: { [config]: wrapped("nowrap") } },
	"cargo's empty variable before the file": {
		env: { CARGO_BUILD_RUSTC_WRAPPER: "" },
		files: { [config]: wrapped("nowrap") },
	},
	"a file above the workspace": { files: { "work/.cargo/config.toml": wrapped("nowrap") } },
	"a nearer file that switches it off": {
		files: { [config]: wrapped(""), "work/.cargo/config.toml": wrapped("nowrap") },
	},
	"the file of CARGO_HOME": { files: { "home/.cargo/config.toml": wrapped("nowrap") } },
	"another CARGO_HOME": {
		env: { CARGO_HOME: "ROOT/cargo" },
		files: { "cargo/config.toml": wrapped("nowrap"), "home/.cargo/config.toml": wrapped("okwrap") },
	},
	"the older name of the file before the other": {
		files: { "work/ws/.cargo/config": wrapped("nowrap"), [config]: wrapped("okwrap") },
	},
	"an included file": { files: { [config]: 'include = ["more.toml"]', "work/ws/.cargo/more.toml": wrapped("nowrap") } },
	"the file before the one it includes": {
		files: { [config]: `include = ["more.toml"]\n${wrapped("okwrap")}`, "work/ws/.cargo/more.toml": wrapped("nowrap") },
	},
	"a path relative to the workspace": { files: { [config]: wrapped("scripts/wrap"), "work/ws/scripts/wrap": "" } },
	"a path relative to the directory above": {
		files: { "work/.cargo/config.toml": wrapped("scripts/wrap"), "work/ws/scripts/wrap": "" },
	},
	"a path in a variable": { env: { RUSTC_WRAPPER: "./scripts/wrap" }, files: { "work/ws/scripts/wrap": "" } },
	"a path in the file of CARGO_HOME": {
		files: { "home/.cargo/config.toml": wrapped("scripts/wrap"), "home/scripts/wrap": "" },
	},
	"a tilde": { files: { [config]: wrapped("~/wrap"), "home/wrap": "" } },
	"a program of cargo's own directory, through rustup": {
		env: { RUSTC_WRAPPER: "homewrap" },
		files: { "home/.cargo/bin/homewrap": "" },
	},
	"a table that is cargo's own": { files: { [config]: '[env]\nRUSTC_WRAPPER = "nowrap"' } },
	"a linker of the target": { files: { [config]: linked("nocc") } },
	"a linker that exists, without cc": { env: { PATH: "ROOT/bin:ROOT/tools" }, files: { [config]: linked("okcc") } },
	"a linker of another target": { files: { [config]: linked("nocc", "target.aarch64-unknown-linux-gnu") } },
	"a linker of a cfg": { files: { [config]: linked("nocc", "target.'cfg(all(unix, target_os = \"linux\"))'") } },
	"a linker of a cfg that does not hold": { files: { [config]: linked("nocc", "target.'cfg(not(unix))'") } },
	"the target before the cfg": { files: { [config]: linked("okcc") + linked("nocc", "target.'cfg(unix)'") } },
	"a linker in a variable": { env: { [`${ofMachine}_LINKER`]: "nocc" } },
	"a variable before the file, for linkers": {
		env: { [`${ofMachine}_LINKER`]: "okcc" },
		files: { [config]: linked("nocc") },
	},
	"a flag": { env: { RUSTFLAGS: "-g -C linker=nocc" } },
	"a flag without a space": { env: { RUSTFLAGS: "-Clinker=nocc" } },
	"a long flag": { env: { RUSTFLAGS: "--codegen=linker=nocc" } },
	"encoded flags before others": {
		env: { CARGO_ENCODED_RUSTFLAGS: "-C\u001flinker=nocc", RUSTFLAGS: "-C linker=okcc" },
	},
	"the last flag": { env: { RUSTFLAGS: "-C linker=nocc -C linker=okcc" } },
	"a flag before the file": { env: { RUSTFLAGS: "-C linker=okcc" }, files: { [config]: linked("nocc") } },
	"flags of the file": { files: { [config]: '[build]\nrustflags = [\n  "-C",\n  "linker=nocc",\n]' } },
	"an empty variable before flags of the file": {
		env: { RUSTFLAGS: "" },
		files: { [config]: '[build]\nrustflags = "-C linker=nocc"' },
	},
	"flags of the target before the build's": {
		files: { [config]: `[build]\nrustflags = "-C linker=nocc"\n[target.${machine}]\nrustflags = ["-g"]` },
	},
	"flags of the target in a variable": { env: { [`${ofMachine}_RUSTFLAGS`]: "-C linker=nocc" } },
	"a linker for the compiler": { env: { RUSTFLAGS: "-C link-arg=-fuse-ld=mold" } },
	"this machine as the target": { files: { [config]: `[build]\ntarget = "${machine}"\n${linked("nocc")}` } },
	"rustc's own linker, by name": {
		env: { PATH: "ROOT/bin", RUSTFLAGS: "-C linker=rust-lld -C link-self-contained=no" },
		files: {
			"work/ws/src/main.rs":
				"#![no_std]\n#![no_main]\n#[panic_handler]\nfn f(_: &core::panic::PanicInfo) -> ! { loop {} }\n",
		},
	},
};

const proxies = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
const hasRustup = spawnSync(join(proxies, "rustup"), ["which", "cargo"]).status === 0;

describe.skipIf(!hasRustup || process.arch !== "x64")(
	"what the check says of a configuration is what cargo does",
	() => {
		let root = "";
		beforeAll(() => {
			root = mkdtempSync(join(tmpdir(), "rust-build-"));
			mkdirSync(join(root, "bin"));
			for (const name of ["cargo", "rustc", "rustup"]) symlinkSync(join(proxies, name), join(root, "bin", name));
		});
		afterAll(() => rmSync(root, { recursive: true, force: true }));

		it.concurrent.each(Object.entries(table))("%s", async (what, told) => {
			const folder = join(root, what.replace(/\W+/g, "-"));
			const named = (text: string) => text.split("ROOT/bin").join(join(root, "bin")).split("ROOT").join(folder);
			const put = (path: string, text: string, mode = 0o644): void => {
				mkdirSync(dirname(join(folder, path)), { recursive: true });
				writeFileSync(join(folder, path), named(text), { mode });
			};
			put("tools/okwrap", script, 0o755);
			symlinkSync("/usr/bin/cc", join(folder, "tools/okcc"));
			put("home/.profile", "");
			put("work/ws/Cargo.toml", manifest);
			put("work/ws/src/main.rs", "fn main() {}\n");
			for (const [path, text] of Object.entries(told.files ?? {}))
				put(path, text || script, text === "" ? 0o755 : 0o644);
			const variables = {
				PATH: "ROOT/bin:ROOT/tools:/usr/bin:/bin",
				HOME: "ROOT/home",
				RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), ".rustup"),
				...told.env,
			};
			const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, named(value)]));
			const workspace = join(folder, "work/ws");

			const { failed, said } = await build(join(root, "bin/cargo"), workspace, env);
			const facts = await collect(rustBuildProbe, createRealHost(env), createRequest({ workspace }));
			const verdict = judge(rustBuild, { build: facts, job: createJob(), os });

			expect(verdict.kind === "finding" ? verdict.reason : "none", said).toBe(failed ? reasonIn(said) : "none");
			const missing = facts.programs.find(({ found }) => found === undefined);
			const program = missing?.path ?? missing?.program.replace(/^ld\..*/, "ld") ?? "";
			expect(said.replace("/./", "/")).toContain(program);
		});
	},
);

const script = '#!/bin/sh\nexec "$@"\n';
const manifest = '[package]\nname = "tiny"\nversion = "0.1.0"\nedition = "2021"\n[profile.dev]\npanic = "abort"\n';
const os = { name: "Debian GNU/Linux 12 (bookworm)", user: "root", hostname: "h", arch: "x64" };

/** What cargo fails for, in the words of the check. */
function reasonIn(said: string): string {
	if (/could not execute process/.test(said)) return "wrapper-missing";
	return /linker `[^`]*` not found|cannot find 'ld/.test(said) ? "linker-missing" : said;
}

function build(cargo: string, cwd: string, env: Record<string, string>): Promise<{ failed: boolean; said: string }> {
	return new Promise((resolve) =>
		execFile(cargo, ["build", "--offline", "--quiet"], { cwd, env }, (error, _, said) =>
			resolve({ failed: error !== null, said }),
		),
	);
}
