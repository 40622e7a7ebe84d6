import type { Policy } from "../../policy/policy.ts";
import { type CargoHome, type RustFacts, type RustTool, rustProbe } from "../../probes/rust.ts";
import { findVersion } from "../../versions.ts";
import { defineCheck, type Finding } from "../check.ts";
import { code, octal, shellQuote } from "../text.ts";
import { choose, dockerfileText } from "./install.ts";
import { directoryOf } from "./paths.ts";

type Reason = "rustc-cargo-mismatch" | "pinned-toolchain-missing" | "cargo-home-not-writable";

/** Do the parts of the Rust toolchain fit together, and can cargo work with them? */
export const rustConsistency = defineCheck({
	id: "rust/consistency",
	title: "rustc and cargo belong together, and cargo can write where it has to",
	reasons: {
		"rustc-cargo-mismatch": { level: "warn", title: "rustc and cargo are of different versions" },
		"pinned-toolchain-missing": {
			level: "warn",
			title: "Every job downloads the Rust toolchain that the workspace asks for",
		},
		"cargo-home-not-writable": { level: "fail", title: "cargo cannot write to its home directory" },
	},
	needs: { rust: rustProbe },
	after: ["tool/rustc", "tool/cargo"],
	applies: ({ tools }: Policy) => tools.rustc !== undefined || tools.cargo !== undefined,
	judge({ rust }, policy) {
		const { rustc, cargo, cargoHome } = rust;
		if (!rustc && !cargo) {
			return { kind: "skip", reason: "not-applicable", message: "Neither `rustc` nor `cargo` is installed here." };
		}
		// What stops jobs comes before what only surprises them.
		const finding = (cargo && homeFinding(rust, cargoHome)) ?? mismatch(rust) ?? pinFinding(rust, policy);
		if (finding) return finding;
		if (cargo && cargoHome.kind === "unknown") {
			return {
				kind: "undecided",
				message: `Could not find out whether cargo may write to ${code(cargoHome.path)}: ${code(cargoHome.code)}.`,
			};
		}
		const versions = [rustc && nameOf("rustc", rustc), cargo && nameOf("cargo", cargo)].filter(Boolean).join(", ");
		const where = cargo && "path" in cargoHome ? `; ${useOf(cargoHome)} ${code(cargoHome.path)}` : "";
		return { kind: "pass", message: `${versions}${where}` };
	},
});

/** In a check that passes, a home that is not writable is that of a cargo which does not have to write. */
function useOf({ kind }: CargoHome): string {
	return kind === "writable" ? "cargo writes to" : "cargo is offline and reads";
}

function nameOf(name: string, { version }: RustTool): string {
	return version === undefined ? name : `${name} ${version}`;
}

function mismatch({ rustc, cargo, mode }: RustFacts): Finding<Reason> | undefined {
	const [compiler, builder] = [rustc, cargo].map((tool) => findVersion(tool?.version ?? ""));
	if (!rustc || !cargo || !compiler || !builder) return undefined;
	const [major, minor] = compiler.numbers;
	if (builder.numbers[0] === major && builder.numbers[1] === minor) return undefined;
	const older = [rustc, cargo].find((tool) => !tool.rustup) ?? cargo;
	const mixed = rustc.rustup !== cargo.rustup;
	return {
		kind: "finding",
		reason: "rustc-cargo-mismatch",
		message: `rustc is ${compiler.text} (${code(rustc.path)}) and cargo is ${builder.text} (${code(cargo.path)})${mixed ? ": one is rustup's, the other is not" : ""}.`,
		why: "cargo and rustc are released as a pair. A cargo that is newer passes options that the compiler does not know; one that is older cannot read the manifests and lock files of today.",
		expected: "rustc and cargo of the same release",
		observed: `rustc ${compiler.text}, cargo ${builder.text}`,
		evidence: [evidenceOf("rustc", rustc), evidenceOf("cargo", cargo)],
		remedy: choose(
			mode,
			{
				text: "Keep one of the two installations in the image: rustup's directory first on PATH, and the distribution's packages removed.",
				commands: ["apt-get remove -y rustc cargo", "which -a rustc cargo"],
				kind: "image",
			},
			{
				text: `Keep one of the two installations: remove the one with ${code(older.path)}, or put the other one first on the PATH of the runner's service.`,
				commands: ["which -a rustc cargo", "sudo apt-get remove rustc cargo"],
				kind: "host",
			},
		),
	};
}

function evidenceOf(name: string, { path, version, rustup }: RustTool): { source: string; text: string } {
	return { source: `${name} --version`, text: `${version} at ${path}${rustup ? ", through rustup" : ""}` };
}

function pinFinding(rust: RustFacts, { profile }: Policy): Finding<Reason> | undefined {
	const { pinned, toolchains, rustc, cargo, override, mode } = rust;
	const tools = [rustc, cargo].filter((tool): tool is RustTool => tool?.rustup === true);
	if (!pinned || override !== undefined || tools.length === 0) return undefined;
	const listed = toolchains.kind === "listed" ? toolchains.names : undefined;
	const missing = tools.some((tool) => tool.instead) || (listed && !listed.some((name) => isOf(pinned.channel, name)));
	if (!missing) return undefined;
	const install = `rustup toolchain install ${shellQuote(pinned.channel)} --profile minimal`;
	return {
		kind: "finding",
		reason: "pinned-toolchain-missing",
		message: `${code(`${pinned.file}:${pinned.line}`)} asks for the Rust toolchain ${code(pinned.channel)}, which is not installed here.`,
		why: "rustup downloads it in every job that starts without it: some hundred megabytes and a minute each time, and no build at all where the network or Rust's server is away.",
		expected: `the toolchain ${code(pinned.channel)} in ${code(`${toolchains.home}/toolchains`)}`,
		observed: listed === undefined ? "not installed" : listed.length === 0 ? "none" : listed.slice(0, 8).join(", "),
		evidence: [
			{ source: `${pinned.file}:${pinned.line}`, text: `channel = "${pinned.channel}"` },
			{ source: `${toolchains.home}/toolchains`, text: listed?.slice(0, 8).join(", ") || "nothing" },
		],
		remedy: {
			...choose(
				mode,
				{
					text: `Install the toolchain in the image of ${code(profile)}.`,
					config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${install}` },
					kind: "image",
				},
				{ text: "Install the toolchain as the user that the runner runs as.", commands: [install], kind: "host" },
			),
			otherwise: {
				text: `Or ask for one that is installed, in ${code(pinned.file)}.`,
				commands: ["rustup toolchain list"],
				kind: "workflow",
			},
		},
		location: { file: pinned.file, line: pinned.line },
	};
}

/** Is `1.92-x86_64-unknown-linux-gnu` the toolchain `1.92`? `nightly-2026-01-01-…` is not `nightly`. */
function isOf(channel: string, installed: string): boolean {
	if (installed === channel) return true;
	if (!installed.startsWith(`${channel}-`)) return false;
	return /^(?:x86_64|aarch64|i[3-6]86|arm|thumb|riscv|powerpc|s390x|loongarch|mips|sparc)/.test(
		installed.slice(channel.length + 1),
	);
}

function homeFinding({ uid, mode, offline }: RustFacts, home: CargoHome): Finding<Reason> | undefined {
	if (home.kind === "writable" || home.kind === "unknown") return undefined;
	if (home.kind === "not-writable" && home.crates && offline) return undefined;
	const user = uid === undefined ? "the job's user" : `the job's user (uid ${uid})`;
	const common = {
		kind: "finding",
		reason: "cargo-home-not-writable",
		why: "cargo keeps the registry's index, the crates it downloads and its locks there: the first build with a dependency fails with `Permission denied (os error 13)`.",
		expected: "a CARGO_HOME that the job's user may write to",
	} as const;
	if (home.kind === "no-home") {
		return {
			...common,
			message:
				"cargo finds no home directory: neither CARGO_HOME nor HOME is set, and the user is not in the user database.",
			observed: "no home directory",
			evidence: [{ source: "environment", text: "CARGO_HOME and HOME are not set" }],
			remedy: remedyOf(undefined, mode),
		};
	}
	const { path, at, exists } = home;
	const message = exists
		? `${code(at)} is not writable for ${user}${at === path ? "" : `, and cargo has to write there: its home is ${code(path)}`}.`
		: `cargo's home ${code(path)} does not exist, and ${user} may not create it in ${code(at)}.`;
	return {
		...common,
		message,
		observed: exists ? `${at} is not writable` : `${path} cannot be created`,
		evidence: [{ source: at, text: ownerOf(home) }],
		remedy: remedyOf(home, mode),
	};
}

function ownerOf({ mode, uid, gid }: { mode?: number; uid?: number; gid?: number }): string {
	return mode === undefined ? "cannot be looked at" : `mode ${octal(mode)}, owner ${uid}, group ${gid}`;
}

function remedyOf(home: Extract<CargoHome, { kind: "not-writable" }> | undefined, mode: RustFacts["mode"]) {
	const shared = home?.exists && !home.path.startsWith("/root") ? home.path : "/usr/local/cargo";
	const owned = home?.exists ? home.path : "~/.cargo";
	return choose(
		mode,
		{
			text: "Give cargo a home in the image that every user may write to. Programs below `/root` are for root only.",
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: `ENV CARGO_HOME="${dockerfileText(shared)}"\nRUN mkdir -p "$CARGO_HOME" && chmod -R a+rwX "$CARGO_HOME"`,
			},
			kind: "image",
		},
		{
			text: "Give the directory back to the user that the runner runs as: a `sudo cargo` leaves it root's. Or set `CARGO_HOME` to a directory of that user.",
			commands: [
				`ls -ld ${home ? shellQuote(directoryOf(home.at)) : "~"} ${home ? shellQuote(home.at) : owned}`,
				`sudo chown -R RUNNER_USER: ${home?.exists ? shellQuote(home.path) : owned}`,
			],
			kind: "host",
		},
	);
}
