import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { toolFamily } from "../../../src/checks/toolchain/tool.ts";
import type { RunOutcome } from "../../../src/host/host.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { parseRange } from "../../../src/policy/ranges.ts";
import { type ToolFacts, unreachableHome } from "../../../src/probes/tools.ts";
import { versionCommand } from "../../../src/probes/version-command.ts";
import { createPolicy, createTool, judge } from "../../support/builders.ts";
import { exited } from "../../support/fake-host.ts";
import { createJob } from "../runner/facts.ts";
import { failed, notFound, ran, said } from "./facts.ts";

const timedOut: RunOutcome = { kind: "timed-out", abandoned: false, stdout: "", stderr: "", ms: 10_000 };
const notStarted = (code: string): RunOutcome => ({ kind: "not-started", code, stdout: "", stderr: "", ms: 0 });
const noDefault =
	"error: rustup could not choose a version of rustc to run, because one wasn't specified explicitly, and no default is configured.\nhelp: run 'rustup default stable' to download the latest stable release of Rust.\n";

function checkOf(policy: Policy, name: string) {
	const check = toolFamily.expand(policy).find(({ id }) => id === `tool/${name}`);
	return check ?? expect.fail(`no check for ${name}`);
}

function verdictOf(facts: ToolFacts, policy = policyWith(facts.name), leader?: ToolFacts) {
	return judge(checkOf(policy, facts.name), { tool: facts, job: createJob(), ...(leader && { leader }) }, policy);
}

function policyWith(...names: string[]): Policy {
	return createPolicy({ tools: Object.fromEntries(names.map((name) => [name, createTool(name)])) });
}

function findingOf(facts: ToolFacts, policy?: Policy): Finding<string> {
	const verdict = verdictOf(facts, policy);
	if (verdict.kind !== "finding") return expect.fail(`${verdict.kind}: ${verdict.message}`);
	return verdict;
}

function textOf(finding: Finding<string>): string {
	return JSON.stringify(finding.remedy);
}

describe("a tool that works", () => {
	it.each([
		["rustc", "rustc 1.95.0 (59807616e 2026-04-14)\n", "`rustc` 1.95.0"],
		["git", "git version 2.39.5\n", "`git` 2.39.5"],
		["jq", "jq-1.6\n", "`jq` 1.6"],
	])("%s passes with its version", (name, text, message) => {
		expect(verdictOf(said(name, text))).toMatchObject({ kind: "pass", message });
	});

	it("may print its version on standard error, and warn before", () => {
		const java = ran("java", exited("", 0, 'Picked up JAVA_TOOL_OPTIONS: -X\nopenjdk version "17.0.15" 2025-04-15\n'));
		expect(verdictOf(java)).toMatchObject({ kind: "pass", message: "`java` 17.0.15" });
		const docker = ran(
			"docker",
			exited("Docker version 27.5.1, build 9f9e405\n", 0, "WARNING: Error loading config file: x"),
		);
		expect(verdictOf(docker)).toMatchObject({ kind: "pass" });
	});

	it("may complain on standard error about something that it gets by without", () => {
		const complaint =
			"ERROR: ld.so: object 'x.so' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.";
		expect(verdictOf(ran("git", exited("git version 2.39.5", 0, complaint)))).toMatchObject({ kind: "pass" });
		const helper = "helper: error while loading shared libraries: libx.so.1: cannot open shared object file";
		expect(verdictOf(ran("git", exited("git version 2.39.5", 0, helper)))).toMatchObject({ kind: "pass" });
	});

	it("may be a shim of Corepack, which downloads it when a job first calls it", () => {
		const said = "UsageError: Network access disabled by the environment; can't reach https://registry.example/yarn";
		const policy = (range: string) =>
			createPolicy({ tools: { yarn: createTool("yarn", { version: parseRange(range) ?? expect.fail() }) } });
		const facts = failed("yarn", said, 1, { corepack: true });
		expect(verdictOf(facts, policy("*"))).toMatchObject({ kind: "pass", message: expect.stringContaining("Corepack") });
		const [seen] = (verdictOf(facts, policy("*")) as { evidence: readonly { text: string }[] }).evidence;
		expect(said).toContain(seen?.text ?? expect.fail());
		// The newest may be too new.
		expect(verdictOf(facts, policy(">=3 <4"))).toMatchObject({
			kind: "undecided",
			evidence: [{ text: seen?.text }, {}],
			remedy: { config: { text: expect.stringContaining("RUN corepack prepare 'yarn@>=3 <4' --activate") } },
		});
		// The job's own environment forbids the download.
		expect(findingOf(failed("yarn", said), policy("*")).reason).toBe("broken");
	});

	it("may be a shim of mise, which installs the version when a job first calls it", () => {
		const said = "mise ERROR Tool not installed for shim: node\nMissing tool version: node@22.1.0";
		const facts = failed("node", said, 1, { mise: "node@22.1.0", mode: "host" });
		expect(verdictOf(facts)).toMatchObject({
			kind: "undecided",
			remedy: { commands: ["# as the runner's user", "mise install node@22.1.0"] },
		});
		expect(textOf(findingOf(failed("node", said.replace("node@", "--yes@"), 1)))).not.toContain("--yes");
		// The job's own environment forbids the installation.
		expect(findingOf(failed("node", said, 1, { mode: "host" }))).toMatchObject({
			remedy: { commands: ["# as the runner's user", "mise install node@22.1.0"] },
		});
	});

	it("is the Node that runs us, and was not started for it", () => {
		const facts = said("node", "", { run: { kind: "own-node", version: "22.11.0" } });
		expect(verdictOf(facts)).toMatchObject({
			kind: "pass",
			message: "`node` 22.11.0",
			evidence: [{ source: "the Node that runs this check" }, { source: "PATH" }],
		});
	});
});

describe("words of public reports", () => {
	it.each([
		// actions/setup-node#109: npm on Alpine without node.
		["npm", "env: can't execute 'node': No such file or directory", "broken", "node"],
		// NixOS/nixpkgs#398197
		["git", "Could not start dynamically linked executable: /opt/git", "missing-library", "/opt/git"],
		// open-power/pdbg#111
		[
			"git",
			"git: error while loading shared libraries: libx.so.6: cannot enable executable stack as shared object requires: Invalid argument",
			"missing-library",
			"libx.so.6",
		],
		// docker/compose#1339
		[
			"docker-compose",
			"docker-compose: error while loading shared libraries: libz.so.1: failed to map segment from shared object: Operation not permitted",
			"missing-library",
			"libz.so.1",
		],
		// canonical/github-runner-operator#56
		["chromium", "/system.slice/lxd-agent.service is not a snap cgroup", "broken", "cgroup"],
		// asdf-vm/asdf#517
		["iex", "asdf: No version set for command iex\nyou might want to add one of the following", "missing", "iex"],
		["mvn", "/usr/bin/mvn: 9: /usr/lib/jvm/java/bin/java: not found", "broken", "/usr/lib/jvm/java/bin/java"],
	])("%s: %s", (name, text, reason, subject) => {
		const found = findingOf(failed(name, text, 127));
		expect(found.reason).toBe(reason);
		expect(`${found.message} ${JSON.stringify(found.evidence)}`).toContain(subject);
		expect(textOf(found)).not.toContain("Run it by hand");
	});

	it.each([
		["/system.slice/home-runner.service is not a snap cgroup for tag snap.x", "in the session of a user"],
		["Sorry, home directories outside of /home needs configuration.", "below `/home`"],
		["Sorry, home directories outside of /home are not currently supported. ", "below `/home`"],
		["snap-confine has elevated permissions and is not confined but should be.", "AppArmor"],
	])("a snap: %s", (said, why) => expect(findingOf(failed("x", said, 1)).message).toContain(why));

	it("a library that may not be run is not installed again", () => {
		const mapped = "x: error while loading shared libraries: libz.so.1: failed to map segment from shared object: ";
		expect(textOf(findingOf(failed("x", `${mapped}Operation not permitted`, 127)))).toContain("noexec");
	});
});

describe("missing", () => {
	it("says how to install it where the job runs", () => {
		const inImage = findingOf(notFound("ffmpeg"));
		expect(inImage).toMatchObject({ reason: "missing", remedy: { kind: "image", config: { file: "Dockerfile" } } });
		expect(textOf(inImage)).toContain("apt-get install -y --no-install-recommends ffmpeg");
		const onHost = findingOf(notFound("ffmpeg", { mode: "host" }));
		expect(onHost).toMatchObject({ remedy: { kind: "host" } });
		expect(onHost.remedy.commands).toEqual(["sudo apt-get update && sudo apt-get install -y ffmpeg"]);
		const unknown = findingOf(notFound("ffmpeg", { mode: "unknown" }));
		expect(unknown.remedy).toMatchObject({ kind: "image", otherwise: { kind: "host" } });
	});

	it.each([
		["psql", "postgresql-client"],
		["ssh", "openssh-client"],
		["rustc", "COPY --from=rust:1-slim /usr/local/cargo"],
		["cargo-clippy", "rustup component add clippy"],
		["cargo-nextest", "cargo install --locked cargo-nextest"],
		["sqlx", "cargo install --locked sqlx-cli"],
		["docker", "COPY --from=docker:cli"],
		["node", "COPY --from=node:24-slim /usr/local/bin/node"],
		["nvidia-smi", "container toolkit"],
	])("knows where %s comes from", (name, words) => {
		expect(textOf(findingOf(notFound(name)))).toContain(words);
	});

	it("asks for the version that the policy asks for", () => {
		const policy = createPolicy({
			tools: { rustc: createTool("rustc", { version: parseRange(">=1.92") ?? expect.fail() }) },
		});
		expect(textOf(findingOf(notFound("rustc"), policy))).toContain("COPY --from=rust:1.92-slim /usr/local/rustup");
	});

	it("quotes a strange name", () => {
		expect(textOf(findingOf(notFound("a b;rm -rf /")))).toContain("'a b;rm -rf /'");
	});

	it("tells a dangling link and a shim without its tool", () => {
		const link = notFound("node", { unusable: [{ path: "/usr/bin/node", kind: "dangling-link" }] });
		expect(findingOf(link)).toMatchObject({ reason: "missing", observed: "dangling link" });
		for (const text of [
			"pyenv: python3: command not found\n\nThe `python3' command exists in these Python versions:",
			"No version is set for command python3\nConsider adding one of the following versions",
			"/usr/bin/env: 'python3': No such file or directory",
			"/opt/shims/python3: line 3: python3: command not found",
		]) {
			expect(findingOf(failed("python3", text, 127))).toMatchObject({ reason: "missing" });
		}
		expect(findingOf(failed("node", "Volta error: Node is not available."))).toMatchObject({ reason: "missing" });
	});
});

describe("off-path", () => {
	const cargo = { elsewhere: ["/home/runner/.cargo/bin/cargo"], path: ["/usr/local/bin", "/usr/bin"] };

	it("gives the service a PATH on a host", () => {
		const finding = findingOf(notFound("cargo", { ...cargo, mode: "host" }));
		expect(finding).toMatchObject({
			reason: "off-path",
			observed: "only at /home/runner/.cargo/bin/cargo",
			remedy: {
				kind: "host",
				config: {
					language: "ini",
					text: '[Service]\nEnvironment="PATH=/home/runner/.cargo/bin:/usr/local/bin:/usr/bin"',
				},
				otherwise: { commands: ['echo /home/runner/.cargo/bin >> "$GITHUB_PATH"'] },
			},
		});
		expect(finding.remedy.commands).toContain("sudo systemctl restart gitea-runner");
	});

	it("gives the image a PATH in a container", () => {
		expect(findingOf(notFound("cargo", cargo)).remedy).toMatchObject({
			kind: "image",
			config: { language: "dockerfile", text: 'ENV PATH="/home/runner/.cargo/bin:$PATH"' },
		});
		expect(findingOf(notFound("cargo", { ...cargo, mode: "unknown" })).remedy).toMatchObject({
			kind: "image",
			otherwise: { kind: "host" },
		});
	});

	it("keeps a strange directory inside of its quotes", () => {
		const strange = { elsewhere: ['/opt/a"$(id)\n%h\\/cargo'] };
		const image = findingOf(notFound("cargo", strange)).remedy.config?.text;
		expect(image).toBe('ENV PATH="/opt/a\\"\\$(id)?%h\\\\:$PATH"');
		const host = findingOf(notFound("cargo", { ...strange, mode: "host" })).remedy.config?.text;
		expect(host).toContain('PATH=/opt/a\\"$(id)?%%h\\\\:');
	});
});

describe("not-executable", () => {
	const file = { path: "/usr/bin/git", kind: "not-executable", mode: 0o644, uid: 0, gid: 0 } as const;

	it("is a file without the bit, even if there is another one outside PATH", () => {
		const finding = findingOf(notFound("git", { unusable: [file], elsewhere: ["/opt/git/bin/git"] }));
		expect(finding).toMatchObject({ reason: "not-executable", remedy: { commands: ["chmod a+rx /usr/bin/git"] } });
		expect(finding.evidence).toContainEqual({ source: "/usr/bin/git", text: "mode 0644, owner 0, group 0" });
	});

	it("is a file with the bit that this user or this mount forbids", () => {
		const finding = findingOf(notFound("git", { unusable: [{ ...file, mode: 0o750 }] }));
		expect(textOf(finding)).toContain("noexec");
	});

	it("is a directory on PATH that this user may not enter", () => {
		const closed = { path: "/root/.cargo/bin/rustc", kind: "closed", code: "EACCES" } as const;
		const finding = findingOf(notFound("rustc", { unusable: [closed] }));
		expect(finding).toMatchObject({ reason: "not-executable" });
		expect(finding.message).toContain("`/root/.cargo/bin`");
		const elsewhere = ["/usr/local/cargo/bin/rustc"];
		expect(findingOf(notFound("rustc", { unusable: [closed], elsewhere }))).toMatchObject({ reason: "off-path" });
	});

	it.each(["EACCES", "EPERM"])("shows only at the start, too: %s", (code) => {
		const finding = findingOf(ran("git", notStarted(code)));
		expect(finding).toMatchObject({ reason: "not-executable" });
		expect(textOf(finding)).not.toContain("chmod");
	});
});

describe("wrong-architecture", () => {
	it.each<[string, ToolFacts]>([
		["the kernel says so", ran("node", notStarted("ENOEXEC"))],
		["a shell says so", failed("node", "sh: 1: /opt/node: Exec format error", 126)],
		["qemu says so", failed("node", "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file", 255)],
		[
			"the file says so",
			failed("node", "/usr/bin/node: 1: \u0001\u0002: not found", 127, { file: { format: "elf", machine: "arm64" } }),
		],
		["it is for macOS", failed("node", "Syntax error", 2, { file: { format: "mach-o" } })],
		[
			"the processor is too old for its libraries",
			failed(
				"node",
				"node: error while loading shared libraries: /lib/libc.so.6: CPU ISA level is lower than required",
				127,
			),
		],
		["the processor is too old", failed("node", "Fatal glibc error: CPU does not support x86-64-v3", 127)],
	])("%s", (_, facts) => {
		expect(findingOf(facts)).toMatchObject({ reason: "wrong-architecture" });
	});

	it("names both architectures, and the platform to build for", () => {
		const finding = findingOf(failed("node", "1: not found", 127, { file: { format: "elf", machine: "arm64" } }));
		expect(finding.message).toBe(
			"`/usr/bin/node` was built for another architecture (`arm64`); this machine is `x64`.",
		);
		expect(textOf(finding)).toContain("--platform linux/amd64");
	});

	it.each([
		["ia32", "x64"],
		["arm", "arm64"],
	])("is not a 32-bit program (%s on %s) that fails for another reason", (machine, arch) => {
		const facts = failed("node", "out of luck", 1, { arch, file: { format: "elf", machine } });
		expect(findingOf(facts)).toMatchObject({ reason: "broken" });
	});
});

describe("missing-library", () => {
	it.each([
		["git: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by git)", "GLIBC_2.38"],
		[
			"node: /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by node)",
			"GLIBCXX_3.4.30",
		],
		[
			"node: error while loading shared libraries: libnode.so.137: cannot open shared object file: No such file",
			"libnode.so.137",
		],
		["git: error while loading shared libraries: /lib/libz.so.1: ELF file OS ABI invalid", "/lib/libz.so.1"],
		[
			"git: relocation error: /lib/libc.so.6: symbol _dl_exception_create, version GLIBC_PRIVATE not defined in file ld-linux-x86-64.so.2 with link time reference",
			"_dl_exception_create",
		],
		["Error loading shared library libgcc_s.so.1: No such file or directory (needed by /opt/node)", "libgcc_s.so.1"],
		["Error relocating /opt/node: __vsnprintf_chk: symbol not found", "__vsnprintf_chk"],
		["git: symbol lookup error: git: undefined symbol: inflateInit2_", "inflateInit2_"],
		["ImportError: libGL.so.1: cannot open shared object file: No such file or directory", "libGL.so.1"],
		["dyld[1]: Library not loaded: @rpath/libssl.3.dylib", "libssl.3.dylib"],
	])("%s", (text, subject) => {
		const finding = findingOf(failed("git", text, 127));
		expect(finding).toMatchObject({ reason: "missing-library" });
		expect(finding.message).toContain(subject);
	});

	it("is a loader that is not there: glibc's program on musl", () => {
		const interpreter = "/lib64/ld-linux-x86-64.so.2";
		const file = { format: "elf", machine: "x64", interpreter, interpreterFound: false } as const;
		const finding = findingOf(ran("node", notStarted("ENOENT"), { file }));
		expect(finding).toMatchObject({ reason: "missing-library" });
		expect(finding.message).toContain(interpreter);
		expect(textOf(finding)).toContain("Alpine");
		expect(
			findingOf(failed("node", "bash: line 1: /usr/bin/node: cannot execute: required file not found", 127)),
		).toMatchObject({
			reason: "missing-library",
		});
	});

	it("is what a program says on standard output, even before a version and with a good end", () => {
		const text =
			"helper: error while loading shared libraries: libx.so.1: cannot open shared object file\ntool 1.2.3\n";
		const finding = findingOf(said("tool", text));
		expect(finding).toMatchObject({ reason: "missing-library" });
		expect(finding.message).toContain("libx.so.1");
	});

	it("is not a library that does not fit into memory", () => {
		const text = "rustc: error while loading shared libraries: libLLVM.so: failed to map segment from shared object";
		expect(findingOf(failed("rustc", text, 127))).toMatchObject({ reason: "broken" });
	});
});

describe("broken", () => {
	it.each<[string, ToolFacts, string]>([
		["fails", failed("git", "fatal: bad config line 1", 128), "exit code 128"],
		[
			"is ended by a signal",
			ran("git", { kind: "signalled", signal: "SIGSEGV", stdout: "", stderr: "", ms: 1 }),
			"SIGSEGV",
		],
		[
			"hands on to nothing",
			failed("docker", "/usr/bin/docker: 4: exec: /usr/bin/podman: not found", 127),
			"`/usr/bin/podman`",
		],
		["wraps nothing", failed("node", "/bin/sh: /opt/node: not found", 127), "`/opt/node`"],
		["is a script without its interpreter", failed("npm", "env: 'node': No such file or directory", 127), "`node`"],
		[
			"is a script whose interpreter the kernel cannot find",
			ran("tool", notStarted("ENOENT"), {
				file: { format: "script", interpreter: "/opt/perl", interpreterFound: false },
			}),
			"`/opt/perl`",
		],
		[
			"is a script from Windows",
			failed("tool", "env: 'sh\\r': No such file or directory", 127, {
				file: { format: "script", windowsLines: true },
			}),
			"Windows",
		],
		["is an empty file", failed("tool", "", 126, { file: { format: "empty" } }), "empty"],
		[
			"is a page of HTML",
			failed("tool", "1: Syntax error: newline unexpected", 2, { file: { format: "other" } }),
			"not a program",
		],
		[
			"has settings of rustup that make no sense",
			failed("rustc", "error: could not parse settings file: '/r/settings.toml': bad"),
			"/r/settings.toml",
		],
		[
			"has a home of rustup that is closed",
			failed("rustc", "error: could not create home directory: '/x/.rustup': Permission denied"),
			"/x/.rustup",
		],
		[
			"has a damaged toolchain",
			failed("rustc", "error: Missing manifest in toolchain '1.80.0-x86_64-unknown-linux-gnu'"),
			"1.80.0",
		],
		[
			"is a link to rustup by mistake",
			failed("sqlx", "error: unknown proxy name: 'sqlx'; valid proxy names are 'rustc'"),
			"rustup",
		],
	])("%s", (_, facts, words) => {
		const finding = findingOf(facts);
		expect(finding).toMatchObject({ reason: "broken" });
		expect(finding.message).toContain(words);
	});

	it("shows the line that tells most", () => {
		const trace =
			"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module '../lib/cli.js'\nRequire stack:";
		expect(findingOf(failed("npm", trace)).evidence[0]?.text).toBe(
			"Error: Cannot find module '../lib/cli.js'\nRequire stack:",
		);
	});

	it("shows the first lines where none tells most", () => {
		const text = "out of luck\ntry again later\nbye\n";
		expect(findingOf(failed("tool", text)).evidence[0]?.text).toBe("out of luck\ntry again later");
	});

	it("shows the lines of a program that ends them as Windows or a progress bar does", () => {
		const text = "10 %\r20 %\rfatal: no luck\r\ntry again later\r\n";
		expect(findingOf(failed("tool", text)).evidence[0]?.text).toBe("fatal: no luck\ntry again later");
	});

	it("may say `not found` of something else than itself: only a shell's 127 means the tool", () => {
		const facts = (code: number) => failed("ffmpeg", "ffmpeg: not found", code);
		expect(findingOf(facts(127))).toMatchObject({ reason: "missing" });
		expect(findingOf(facts(3))).toMatchObject({ reason: "broken", message: expect.stringContaining("exit code 3") });
	});

	it("fails though it printed a version: it ran and failed", () => {
		expect(findingOf(ran("tool", exited("tool 1.2.3\n", 3)))).toMatchObject({ reason: "broken" });
	});
});

describe("rustup", () => {
	it.each([
		["no-default-toolchain", noDefault],
		["no-default-toolchain", "error: no override and no default toolchain set\n"],
		[
			"toolchain-not-installed",
			"error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed\nhelp: run `rustup toolchain install`",
		],
		[
			"toolchain-not-installed",
			"error: override toolchain 'x' is not installed: the RUSTUP_TOOLCHAIN environment variable specifies an uninstalled toolchain",
		],
		[
			"toolchain-not-installed",
			"error: custom toolchain 'foo' specified in override file '/w/rust-toolchain.toml' is not installed",
		],
		[
			"toolchain-not-installed",
			"info: syncing channel updates for '1.70.0-x86_64-unknown-linux-gnu'\nerror: could not download file",
		],
		["component-missing", "error: 'rustc' is not installed for the toolchain '1.95.0-x86_64-unknown-linux-gnu'."],
		["component-missing", "error: toolchain 'nightly-x86_64-unknown-linux-gnu' does not have the binary `rustc`"],
	])("%s: %s", (reason, text) => {
		expect(findingOf(failed("rustc", text))).toMatchObject({ reason });
	});

	// As rustup 1.29 says it, of toolchains of its own that were damaged on purpose.
	it.each([
		[
			"cargo",
			"error: the 'cargo' binary, normally provided by the 'cargo' component, is not applicable to the 'stable-x86_64-unknown-linux-gnu' toolchain",
			"lists the component `cargo`",
			"rustup toolchain uninstall stable-x86_64-unknown-linux-gnu",
		],
		[
			"cargo-miri",
			"error: the 'miri' component which provides the command 'cargo-miri' is not available for the 'stable-x86_64-unknown-linux-gnu' toolchain",
			"does not offer the component `miri`",
			"rustup toolchain install nightly --profile minimal --component miri",
		],
		[
			"rust-analyzer",
			"error: Unknown binary 'rust-analyzer' in official toolchain 'stable-x86_64-unknown-linux-gnu'.",
			"the component with `rust-analyzer` is not installed in the toolchain `stable-x86_64-unknown-linux-gnu`",
			"rustup component add --toolchain stable-x86_64-unknown-linux-gnu rust-analyzer",
		],
	])("%s lacks its component: each way of it has its own way out", (name, text, message, command) => {
		const finding = findingOf(failed(name, text));
		expect(finding).toMatchObject({ reason: "component-missing", message: expect.stringContaining(message) });
		expect(JSON.stringify(finding.remedy)).toContain(command);
	});

	it("was never set up: it complains about the home that nobody can create", () => {
		const text = `error: could not create home directory: '${unreachableHome}': Not a directory (os error 20)`;
		const facts = failed("rustc", text, 1, { rustup: { link: true, neverSetUp: { home: "/github/home/.rustup" } } });
		const finding = findingOf(facts);
		expect(finding).toMatchObject({ reason: "no-default-toolchain" });
		expect(finding.message).toContain("`/github/home/.rustup`");
		expect(JSON.stringify(finding)).not.toContain(unreachableHome);
		const proxyless = said("rustc", "rustc 1.63.0", { rustup: { link: false, neverSetUp: { home: "/root/.rustup" } } });
		expect(verdictOf(proxyless)).toMatchObject({ kind: "pass" });
		// A version that a failed tool prints, its environment's perhaps, makes it no working one.
		const dying = {
			...facts,
			run: { kind: "ran" as const, outcome: exited(`v4.1.0 RUSTUP_HOME=${unreachableHome}\n`, 1) },
		};
		expect(verdictOf(dying)).not.toMatchObject({ kind: "pass" });
	});

	it("would download what only the workspace asks for: the tool works, with the default", () => {
		const text = "error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed\n";
		const rustup = { link: true, autoInstall: true, outsideWorkspace: exited("rustc 1.95.0 (59807616e 2026-04-14)\n") };
		expect(verdictOf(failed("rustc", text, 1, { rustup }))).toMatchObject({
			kind: "pass",
			message:
				"`rustc` 1.95.0: the default toolchain, because `1.70.0-x86_64-unknown-linux-gnu` of the workspace is not installed",
		});
		for (const changed of [
			{ autoInstall: false },
			{ outsideWorkspace: exited("", 1, noDefault) },
			// A version that a failed tool prints makes it no working one.
			{ outsideWorkspace: exited("rustc 1.95.0\n", 1) },
		]) {
			expect(verdictOf(failed("rustc", text, 1, { rustup: { ...rustup, ...changed } }))).toMatchObject({
				reason: "toolchain-not-installed",
			});
		}
	});

	it("names the component as rustup does, and quotes what goes into commands", () => {
		const clippy = findingOf(
			failed(
				"cargo-clippy",
				"error: 'cargo-clippy' is not installed for the toolchain 'my tool'.\nhelp: run `rustup component add clippy` to install it",
			),
		);
		expect(textOf(clippy)).toContain("rustup component add --toolchain 'my tool' clippy");
	});

	const failedWith = (said: string, rustup: object) =>
		findingOf(failed("rustc", said, 1, { mode: "host", rustup: { link: true, ...rustup } }));

	it.each([
		["stabel", "stable"],
		["latest", "stable"],
		["v1.92", "1.92"],
		["1.92.0.0", "1.92.0"],
		["nightly-2026-13-40", "nightly"],
		["a;id", "stable"],
	])("has %s corrected where it is written, and does not install it", (name, meant) => {
		const said = `error: toolchain '${name}' is not installed`;
		const at = { file: "rust-toolchain.toml", line: 2 };
		const inFile = failedWith(said, { chosenBy: at, autoInstall: true });
		expect(inFile).toMatchObject({ reason: "toolchain-not-installed", remedy: { kind: "workflow" } });
		expect(inFile.remedy.text).toContain(`\`rust-toolchain.toml:2\`: \`${meant}\` exists`);
		expect(inFile.remedy.config?.text).toBe(`[toolchain]\nchannel = "${meant}"`);
		const settings = { file: "/home/ci/.rustup/settings.toml", line: 2, isDefault: true };
		expect(failedWith(said, { chosenBy: settings }).remedy.commands).toEqual([`rustup default ${meant}`]);
		expect(failedWith(said, { chosenBy: "RUSTUP_TOOLCHAIN" }).message).toContain("`RUSTUP_TOOLCHAIN` asks");
		expect(textOf(inFile)).not.toContain("toolchain install");
	});

	it("is not taken for a download if the workspace misspells the name", () => {
		const outsideWorkspace = exited("rustc 1.95.0\n");
		const finding = failedWith("error: toolchain 'stabel' is not installed", { autoInstall: true, outsideWorkspace });
		expect(finding.title).toBe("Rust has no toolchain `stabel`");
	});

	it.each([
		["error: Missing manifest in toolchain '1.95.0-x86_64-unknown-linux-gnu'"],
		[
			"error: 'rustc' is not installed for the toolchain '1.95.0-x86_64-unknown-linux-gnu'.\nhelp: run `rustup component add rustc`",
		],
		[
			"/r/toolchains/1.95.0-x86_64-unknown-linux-gnu/bin/rustc: error while loading shared libraries: librustc_driver-61.so: cannot open shared object file",
		],
		["error: could not parse manifest file: '/r/toolchains/1.95.0-x86_64-unknown-linux-gnu/lib/rustlib/m.toml': error"],
	])("a broken toolchain is installed again: %s", (said) => {
		expect(failedWith(said, {}).remedy.commands).toEqual([
			"rustup toolchain uninstall 1.95.0-x86_64-unknown-linux-gnu && rustup toolchain install 1.95.0-x86_64-unknown-linux-gnu",
		]);
	});

	it("uses the toolchains of a home elsewhere, which is named", () => {
		const otherHomes = [{ path: "/usr/local/rustup", toolchains: ["1.92.0-x86_64-unknown-linux-gnu"] }];
		for (const said of [noDefault, "error: toolchain '1.92.0-x86_64-unknown-linux-gnu' is not installed"]) {
			expect(failedWith(said, { otherHomes }).remedy.config?.text).toBe(
				'[Service]\nEnvironment="RUSTUP_HOME=/usr/local/rustup"',
			);
		}
		const other = failedWith("error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed", { otherHomes });
		expect(textOf(other)).not.toContain("RUSTUP_HOME");
	});
});

describe("a shim without a version", () => {
	const shim = (name: string, said: string, at = `/home/ci/.local/bin/${name}`, range = "*") => {
		const policy = createPolicy({
			tools: { [name]: createTool(name, { version: parseRange(range) ?? expect.fail() }) },
		});
		return findingOf(failed(name, said, 126, { mode: "host", found: { path: at, realPath: at } }), policy);
	};

	it.each<[string, string, string, string, string[]]>([
		[
			"node",
			"mise ERROR No version is set for shim: node\nSet a global default version with one of the following:\nmise use -g node@20.1.0",
			">=22",
			"mise",
			["mise use --global node@20.1.0"],
		],
		[
			"npm",
			"mise ERROR npm is not a valid shim. This likely means you uninstalled a tool",
			"*",
			"mise",
			["mise use --global node@latest"],
		],
		["yarn", 'Volta error: Could not find executable "yarn"', "*", "Volta", ["volta install yarn"]],
		["node", "Volta error: Node is not available.", ">=22.1", "Volta", ["volta install node@22.1"]],
		[
			"python3",
			"pyenv: version `3.12.1' is not installed (set by PYENV_VERSION environment variable)",
			"*",
			"pyenv",
			["pyenv install --skip-existing 3.12.1"],
		],
		[
			"ruby",
			"rbenv: ruby: command not found\n\nThe `ruby' command exists in these Ruby versions:\n  3.2.2\n",
			"*",
			"rbenv",
			["rbenv global 3.2.2"],
		],
		[
			"go",
			"unknown command: go. Perhaps you have to reshim?",
			">=1.22",
			"asdf",
			[
				"asdf install golang latest:1.22",
				"asdf set --home golang latest:1.22   # before asdf 0.16: asdf global golang latest:1.22",
			],
		],
		[
			"node",
			"No version is set for command node\nConsider adding one of the following versions in your config file at /home/ci/.tool-versions\nnodejs 20.11.0\n",
			"*",
			"asdf",
			["asdf set --home nodejs 20.11.0   # before asdf 0.16: asdf global nodejs 20.11.0"],
		],
	])("gets the fix of its manager: %s, %s", (name, said, range, manager, commands) => {
		const finding = shim(name, said, undefined, range);
		expect(finding).toMatchObject({ reason: "missing", remedy: { kind: "host" } });
		expect(finding.message).toContain(`a shim of ${manager}`);
		expect(finding.remedy.commands).toEqual(["# as the runner's user", ...commands]);
	});

	it("of an unknown manager is installed as any tool", () => {
		expect(textOf(shim("node", "bash: line 1: node: command not found"))).not.toContain("shim");
	});

	it("is one cause for all that one version brings", () => {
		const policy = policyWith("node", "npm");
		const said = (name: string) => failed(name, `No version is set for command ${name}`, 126);
		expect(verdictOf(said("npm"), policy, said("node"))).toMatchObject({ kind: "skip", reason: "needs:tool/node" });
	});
});

describe("component-missing of a program with commands", () => {
	it.each([
		[
			"cargo",
			["cargo", "nextest", "--version"],
			"error: no such command: `nextest`",
			"cargo install --locked cargo-nextest",
		],
		["git-lfs", ["git", "lfs", "version"], "git: 'lfs' is not a git command. See 'git --help'.", "git-lfs"],
		["buildx", ["docker", "buildx", "version"], "docker: 'buildx' is not a docker command.", "docker-buildx-plugin"],
		["compose", ["docker", "compose", "version"], "docker: unknown command: docker compose", "docker-compose-plugin"],
	])("%s", (name, command, text, words) => {
		const finding = findingOf(failed(name, text, 1, { command }));
		expect(finding).toMatchObject({ reason: "component-missing" });
		expect(textOf(finding)).toContain(words);
	});
});

describe("unreadable-version", () => {
	it.each<[string, ToolFacts]>([
		["prints nothing", said("tool", "")],
		["prints no version", said("tool", "hello\n")],
		["knows no such option", failed("tool", "tool: unrecognized option '--version'\nTry 'tool --help'", 2)],
		["knows no such flag", failed("tool", "flag provided but not defined: -version\nUsage:", 2)],
	])("%s", (_, facts) => {
		const finding = findingOf(facts);
		expect(finding).toMatchObject({ reason: "unreadable-version" });
		expect(finding.remedy.config?.text).toContain('"tool": {"version":"*","command":["tool","-V"]}');
	});
});

it("shows what a tool printed instead of its version", () => {
	const finding = findingOf(said("tool", "\n\nhello\n\nworld\n"));
	expect(finding.evidence[0]).toEqual({ source: "tool --version", text: "hello\nworld" });
});

it.each(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"])("decides nothing where the machine is out of it: %s", (code) => {
	expect(verdictOf(ran("git", notStarted(code)))).toMatchObject({
		kind: "undecided",
		message: expect.stringContaining(`\`${code}\``),
	});
});

describe("timeout", () => {
	it("is a tool that does not end", () => {
		expect(findingOf(ran("git", timedOut))).toMatchObject({ reason: "timeout" });
		const abandoned = findingOf(ran("nvidia-smi", { ...timedOut, abandoned: true }));
		expect(abandoned.message).toContain("SIGKILL");
	});

	it("is a file system that does not answer", () => {
		const facts = notFound("git", { run: { kind: "search-timed-out", directory: "/mnt/tools" } });
		expect(findingOf(facts)).toMatchObject({ reason: "timeout" });
		expect(findingOf(facts).message).toContain("`/mnt/tools`");
	});

	it("is a download where rustup was caught at one", () => {
		const facts = ran("rustc", { ...timedOut, stderr: "info: syncing channel updates for '1.70.0'\n" });
		expect(findingOf(facts)).toMatchObject({ reason: "toolchain-not-installed" });
	});
});

describe("out-of-range", () => {
	const range = parseRange(">=1.92 <2") ?? expect.fail();
	const policy = createPolicy({
		tools: { rustc: createTool("rustc", { version: range }), node: createTool("node", { version: range }) },
		sources: { "tools.rustc": ".gitea/runner-check.yml:12:7", "tools.node": "input `tools`" },
	});

	it("names who asks for it, and where", () => {
		const finding = findingOf(said("rustc", "rustc 1.63.0"), policy);
		expect(finding).toMatchObject({
			reason: "out-of-range",
			message: "`rustc` is 1.63.0, older than `>=1.92 <2`, which `.gitea/runner-check.yml:12:7` asks for.",
			location: { file: ".gitea/runner-check.yml", line: 12, column: 7 },
		});
		const newer = findingOf(said("node", "v22.11.0"), policy);
		expect(newer.message).toBe("`node` is 22.11.0, not in `>=1.92 <2`, which the input `tools` asks for.");
		expect(newer.location).toBeUndefined();
		const builtIn = createPolicy({ tools: { rustc: createTool("rustc", { version: range }) } });
		expect(findingOf(said("rustc", "rustc 1.63.0"), builtIn).message).toContain("the profile `test`");
	});

	it("changes the toolchain where rustup has it", () => {
		const rustup = { link: true };
		expect(textOf(findingOf(said("rustc", "rustc 1.63.0", { rustup }), policy))).toContain("rustup default 1.92");
		const onHost = findingOf(said("rustc", "rustc 1.63.0", { rustup, mode: "host" }), policy);
		expect(onHost.remedy.commands).toEqual(["rustup toolchain install 1.92 --profile minimal", "rustup default 1.92"]);
	});

	it.each([
		["rustc", "<1.80", "rustup default 1.79"],
		["rustc", "<=1.80", "rustup default 1.80"],
		["rustc", "<1.80.1", "rustup default 1.80.0"],
		["rustc", "<2", "rustup default stable"],
		["node", "<23", "node:22-slim"],
		["npm", ">=10 <11", "node:24-slim"],
	])("installs a version of the range: %s %s", (name, wanted, expected) => {
		const version = parseRange(wanted) ?? expect.fail();
		const only = createPolicy({ tools: { [name]: createTool(name, { version }) } });
		const facts = said(name, "99.1.0", name === "rustc" ? { rustup: { link: true } } : {});
		expect(textOf(findingOf(facts, only))).toContain(expected);
	});

	it("takes what lies within", () => {
		expect(verdictOf(said("rustc", "rustc 1.97.0-nightly (abc 2026-05-01)"), policy)).toMatchObject({ kind: "pass" });
	});

	it("takes a nightly or beta of just that number, as cargo does", () => {
		expect(verdictOf(said("rustc", "rustc 1.92.0-nightly (abc 2025-10-01)"), policy)).toMatchObject({ kind: "pass" });
		expect(findingOf(said("rustc", "rustc 1.91.0-beta.3 (abc 2025-10-01)"), policy).reason).toBe("out-of-range");
		expect(findingOf(said("node", "v1.92.0-rc.1"), policy).reason).toBe("out-of-range");
	});

	it("cannot say it of a build without a number, which will do where any version does", () => {
		const build = said("node", "node version N-117768-g1234abcd-20241112 Copyright\nbuilt with gcc 1.93.0");
		expect(verdictOf(build)).toMatchObject({ kind: "pass", message: "`node` N-117768-g1234abcd-20241112" });
		const finding = findingOf(build, policy);
		expect(finding).toMatchObject({ reason: "unreadable-version", observed: "N-117768-g1234abcd-20241112" });
		expect(finding.remedy.text).toContain("`*`");
	});
});

describe("an optional tool", () => {
	const policy = createPolicy({ tools: { ffmpeg: createTool("ffmpeg", { optional: true }) } });

	it.each<[string, ToolFacts]>([
		["missing", notFound("ffmpeg")],
		["off PATH", notFound("ffmpeg", { elsewhere: ["/opt/ffmpeg/bin/ffmpeg"] })],
		[
			"behind a closed directory",
			notFound("ffmpeg", { unusable: [{ path: "/root/bin/ffmpeg", kind: "closed", code: "EACCES" }] }),
		],
		["only a proxy", failed("ffmpeg", "error: 'ffmpeg' is not installed for the toolchain '1.95.0'.")],
	])("may be %s", (_, facts) => {
		expect(verdictOf(facts, policy)).toMatchObject({ kind: "skip", reason: "absent" });
	});

	it("says where it is, if it is anywhere", () => {
		const verdict = verdictOf(notFound("ffmpeg", { elsewhere: ["/opt/ffmpeg/bin/ffmpeg"] }), policy);
		expect(verdict.message).toContain("`/opt/ffmpeg/bin/ffmpeg`");
	});

	it.each<[string, ToolFacts]>([
		["broken", failed("ffmpeg", "Segmentation fault", 139)],
		[
			"missing-library",
			failed("ffmpeg", "ffmpeg: error while loading shared libraries: libav.so.1: cannot open shared object file", 127),
		],
		[
			"not-executable",
			notFound("ffmpeg", {
				unusable: [{ path: "/usr/bin/ffmpeg", kind: "not-executable", mode: 0o644, uid: 0, gid: 0 }],
			}),
		],
		["timeout", ran("ffmpeg", timedOut)],
	])("is a finding where it is there and %s", (reason, facts) => {
		expect(verdictOf(facts, policy)).toMatchObject({ kind: "finding", reason });
	});
});

describe("what could not be found out", () => {
	it.each<[string, ToolFacts]>([
		[
			"a directory that cannot be read",
			notFound("git", { unusable: [{ path: "/mnt/bin/git", kind: "unreadable", code: "EIO" }] }),
		],
		["a machine without free processes", ran("git", notStarted("EAGAIN"))],
		["a machine without memory", ran("git", notStarted("ENOMEM"))],
	])("%s", (_, facts) => {
		expect(verdictOf(facts)).toMatchObject({ kind: "undecided" });
	});
});

describe("one cause, one failure", () => {
	const rust = policyWith("rustc", "cargo", "rustfmt");
	const rustc = failed("rustc", noDefault);
	const cargo = failed("cargo", noDefault.replace("rustc", "cargo"));

	it("skips what fails in rustup for the same reason as rustc", () => {
		expect(verdictOf(rustc, rust)).toMatchObject({ reason: "no-default-toolchain" });
		expect(verdictOf(cargo, rust, rustc)).toMatchObject({ kind: "skip", reason: "needs:tool/rustc" });
		const settings = "error: could not parse settings file: '/r/settings.toml': bad";
		expect(verdictOf(failed("cargo", settings), rust, failed("rustc", settings))).toMatchObject({ kind: "skip" });
	});

	it("does not skip another failure, nor one that nobody else reports", () => {
		const works = said("rustc", "rustc 1.95.0");
		expect(verdictOf(cargo, rust, works)).toMatchObject({ reason: "no-default-toolchain" });
		expect(verdictOf(cargo, policyWith("cargo"))).toMatchObject({ reason: "no-default-toolchain" });
		const component = "error: 'rustfmt' is not installed for the toolchain 'stable'.";
		const other = failed("rustc", "error: 'rustc' is not installed for the toolchain 'stable'.");
		expect(verdictOf(failed("rustfmt", component), rust, other)).toMatchObject({ reason: "component-missing" });
	});

	const waits = { kind: "skip", reason: "needs:tool/rustc" };

	it("skips cargo if no Rust is installed at all, and nothing that an installation of Rust does not bring", () => {
		expect(verdictOf(notFound("rustc"), rust)).toMatchObject({ reason: "missing" });
		expect(verdictOf(notFound("cargo"), rust, notFound("rustc"))).toMatchObject(waits);
		expect(verdictOf(notFound("rustfmt"), rust, notFound("rustc"))).toMatchObject({ reason: "missing" });
		expect(verdictOf(notFound("cargo"), rust, said("rustc", "rustc 1.95.0"))).toMatchObject({ reason: "missing" });
		const elsewhere = notFound("cargo", { elsewhere: ["/root/.cargo/bin/cargo"] });
		expect(verdictOf(elsewhere, rust, notFound("rustc"))).toMatchObject({ reason: "off-path" });
	});

	it("skips what is in the directory that PATH lacks, but not what is in another one", () => {
		const at = (directory: string, name: string) => notFound(name, { elsewhere: [`${directory}/${name}`] });
		const rustc = at("/root/.cargo/bin", "rustc");
		expect(verdictOf(rustc, rust)).toMatchObject({ reason: "off-path" });
		expect(verdictOf(at("/root/.cargo/bin", "cargo"), rust, rustc)).toMatchObject(waits);
		expect(verdictOf(at("/opt/rust/bin", "cargo"), rust, rustc)).toMatchObject({ reason: "off-path" });
		expect(verdictOf(at("/root/.cargo/bin", "cargo"), rust, notFound("rustc"))).toMatchObject({ reason: "off-path" });
	});

	it("reports a missing cargo itself if rustc is optional, so that nobody reports that one", () => {
		const tools = { rustc: createTool("rustc", { optional: true }), cargo: createTool("cargo") };
		const policy = createPolicy({ tools });
		expect(verdictOf(notFound("cargo"), policy, notFound("rustc"))).toMatchObject({ reason: "missing" });
	});

	it.each<[string, Partial<Policy>]>([
		["skip", { skip: ["tool/rustc"] }],
		["severity of the check", { severity: { "tool/rustc": "off" } }],
		["severity of the reason", { severity: { "tool/rustc:no-default-toolchain": "off" } }],
	])("reports it itself where tool/rustc is switched off by %s", (_, overrides) => {
		const policy = { ...rust, ...overrides };
		expect(verdictOf(cargo, policy, rustc)).toMatchObject({ reason: "no-default-toolchain" });
	});

	it("lets cargo speak for the others where the profile asks for no rustc", () => {
		const policy = policyWith("rustfmt", "cargo");
		const rustfmt = failed("rustfmt", noDefault.replace("rustc", "rustfmt"));
		expect(verdictOf(rustfmt, policy, cargo)).toMatchObject({ kind: "skip", reason: "needs:tool/cargo" });
	});

	it("knows that npm is a script of node", () => {
		const policy = policyWith("node", "npm");
		const npm = failed("npm", "/usr/bin/env: 'node': No such file or directory", 127);
		expect(verdictOf(npm, policy, notFound("node"))).toMatchObject({ kind: "skip", reason: "needs:tool/node" });
		expect(verdictOf(npm, policy, said("node", "v22.11.0"))).toMatchObject({ reason: "broken" });
		const library = "node: error while loading shared libraries: libnode.so.137: cannot open shared object file";
		expect(verdictOf(failed("npm", library, 127), policy, failed("node", library, 127))).toMatchObject({
			kind: "skip",
		});
	});

	it("leaves docker to docker/cli and nvidia-smi to gpu/driver", () => {
		const policy = policyWith("docker", "nvidia-smi", "git");
		expect(checkOf(policy, "docker").after).toEqual(["docker/cli"]);
		expect(checkOf(policy, "nvidia-smi").after).toEqual(["gpu/driver"]);
		expect(checkOf(policy, "git").after).toBeUndefined();
	});
});

describe("the docker tool", () => {
	it("is as optional as Docker is", () => {
		const policy = createPolicy({
			tools: { docker: createTool("docker") },
			docker: { require: "optional", plugins: [] },
		});
		expect(verdictOf(notFound("docker"), policy)).toMatchObject({ kind: "skip", reason: "absent" });
		expect(verdictOf(failed("docker", "bad", 1), policy)).toMatchObject({ reason: "broken" });
	});

	it("is not asked for where Docker is forbidden", () => {
		const policy = createPolicy({
			tools: { docker: createTool("docker") },
			docker: { require: "forbidden", plugins: [] },
		});
		expect(checkOf(policy, "docker").applies?.(policy)).toBe(false);
	});
});

describe("the command", () => {
	it("is the one that the program understands, unless the policy names another", () => {
		expect(versionCommand("ffmpeg", ["ffmpeg", "--version"])).toEqual(["ffmpeg", "-version"]);
		expect(versionCommand("go", ["go", "--version"])).toEqual(["go", "version"]);
		expect(versionCommand("git", ["git", "--version"])).toEqual(["git", "--version"]);
		expect(versionCommand("java", ["java", "--full-version"])).toEqual(["java", "--full-version"]);
	});

	it("gives one check for each tool, in the order of the policy", () => {
		expect(toolFamily.expand(policyWith("rustc", "cargo", "jq")).map(({ id }) => id)).toEqual([
			"tool/rustc",
			"tool/cargo",
			"tool/jq",
		]);
	});
});

it("mentions no template that was left open", () => {
	const facts = [
		notFound("x"),
		failed("x", "y"),
		said("x", ""),
		ran("x", timedOut),
		failed("x", noDefault),
		ran("x", notStarted("ENOENT")),
	];
	for (const text of facts.map((entry) => JSON.stringify(findingOf(entry))))
		expect(text).not.toMatch(/undefined|\[object|NaN/);
});
