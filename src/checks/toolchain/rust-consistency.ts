import type { Policy } from "../../policy/policy.ts";
import { jobProbe } from "../../probes/job.ts";
import { type CargoHome, type FullHome, type RustFacts, type RustTool, rustProbe } from "../../probes/rust.ts";
import { findVersion } from "../../versions.ts";
import { defineCheck, type Finding, isProof, type Verdict } from "../check.ts";
import { serviceOfJob } from "../docker/situation.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { code, listed, octal } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { directoryOf } from "./paths.ts";
import { intro, pass, unknowns, words } from "./rust-consistency-words.ts";

type Reason = keyof typeof words;

/** Do the parts of the Rust toolchain fit together, and can cargo work with them? */
export const rustConsistency = defineCheck({
	id: "rust/consistency",
	title: "rustc and cargo match, and cargo can write to its home",
	intro,
	reasons: words,
	needs: { rust: rustProbe, job: jobProbe },
	after: ["tool/rustc", "tool/cargo"],
	applies: ({ tools }: Policy) => tools.rustc !== undefined || tools.cargo !== undefined,
	judge({ rust, job }, policy): Verdict<Reason> {
		const { rustc, cargo, cargoHome } = rust;
		if (rust.untrusted) {
			const message = `${listed(rust.untrusted.map(code))} would be the workspace's own, and what is in a workspace is not run.`;
			return { kind: "skip", reason: "untrusted", message };
		}
		// What stops jobs comes before what only slows them down.
		const problem =
			(cargo && (homeFinding(rust, cargoHome, serviceOfJob(job)) ?? fullFinding(rust, cargoHome, policy))) ??
			mismatch(rust) ??
			pinFinding(rust, policy);
		if (problem) return problem;
		if (cargo && cargoHome.kind === "unknown") {
			const { path, code: errno } = cargoHome;
			const details = { observed: errno, evidence: [{ source: path, text: errno }] };
			return undecided(unknowns, "cargo-home", { path, errno }, details);
		}
		const found = [
			...(rustc ? [{ name: "rustc", tool: rustc }] : []),
			...(cargo ? [{ name: "cargo", tool: cargo }] : []),
		];
		const evidence = [
			...found.map(({ name, tool }) => evidenceOf(name, tool)),
			...(cargo && "path" in cargoHome ? [{ source: cargoHome.path, text: cargoHome.kind }] : []),
		];
		if (found.length === 0 || !isProof(evidence)) {
			return { kind: "skip", reason: "not-applicable", message: "Neither `rustc` nor `cargo` is installed." };
		}
		const tools = found.map(({ name, tool }) => nameOf(name, tool));
		return { kind: "pass", message: pass(tools, cargo && cargoHome), evidence };
	},
});

function nameOf(name: string, { version }: RustTool): string {
	return version === undefined ? name : `${name} ${version}`;
}

function evidenceOf(name: string, { path, version, rustup }: RustTool): { source: string; text: string } {
	return {
		source: `${name} --version`,
		text: `${version ?? "no version"} at ${path}${rustup ? ", through rustup" : ""}`,
	};
}

function mismatch({ rustc, cargo, mode }: RustFacts): Finding<Reason> | undefined {
	const [compiler, builder] = [rustc, cargo].map((tool) => findVersion(tool?.version ?? ""));
	if (!rustc || !cargo || !compiler || !builder) return undefined;
	const [major, minor] = compiler.numbers;
	if (builder.numbers[0] === major && builder.numbers[1] === minor) return undefined;
	if ([rustc, cargo].every(isOfDistribution)) return undefined;
	return finding(
		words,
		"rustc-cargo-mismatch",
		{ rustc, cargo, compiler: compiler.text, builder: builder.text, mode },
		{
			observed: `rustc ${compiler.text}, cargo ${builder.text}`,
			evidence: [evidenceOf("rustc", rustc), evidenceOf("cargo", cargo)],
		},
	);
}

/**
 * Debian 12 ships rustc 1.63 with cargo 1.65, and Debian 11 1.48 with 1.46: they were built to work together. Ubuntu's have a directory for
 * each release (`/usr/lib/rust-1.80/bin`), and links from elsewhere may lead to any of them.
 */
function isOfDistribution({ path, realPath = path, rustup }: RustTool): boolean {
	return !rustup && /^\/(?:usr\/)?(?:bin|lib\/rust(?:-[\d.]+)?\/bin)$/.test(directoryOf(realPath));
}

function pinFinding(rust: RustFacts, { profile }: Policy): Finding<Reason> | undefined {
	const { pinned, toolchains, rustc, cargo, override, mode } = rust;
	const tools = [rustc, cargo].filter((tool): tool is RustTool => tool?.rustup === true);
	if (!pinned || override !== undefined || tools.length === 0) return undefined;
	const names = toolchains.kind === "listed" ? toolchains.names : undefined;
	const missing = tools.some((tool) => tool.instead) || (names && !names.some((name) => isOf(pinned.channel, name)));
	if (!missing) return undefined;
	const installed = names?.slice(0, 8).join(", ");
	return finding(
		words,
		"pinned-toolchain-missing",
		{ pinned, toolchains, profile, mode },
		{
			observed: installed === undefined ? "not installed" : installed === "" ? "none" : installed,
			evidence: [
				{ source: `${pinned.file}:${pinned.line}`, text: `channel = "${pinned.channel}"` },
				{ source: `${toolchains.home}/toolchains`, text: installed || "nothing" },
			],
			location: { file: pinned.file, line: pinned.line },
		},
	);
}

/** Is `1.92-x86_64-unknown-linux-gnu` the toolchain `1.92`? `nightly-2026-01-01-…` is not `nightly`. */
function isOf(channel: string, installed: string): boolean {
	if (installed === channel) return true;
	if (!installed.startsWith(`${channel}-`)) return false;
	return /^(?:x86_64|aarch64|i[3-6]86|arm|thumb|riscv|powerpc|s390x|loongarch|mips|sparc)/.test(
		installed.slice(channel.length + 1),
	);
}

function homeFinding({ uid, mode, offline }: RustFacts, home: CargoHome, service: string): Finding<Reason> | undefined {
	if (home.kind === "writable" || home.kind === "unknown") return undefined;
	if (home.kind === "not-writable" && home.crates && offline) return undefined;
	const details =
		home.kind === "no-home"
			? {
					observed: "no home directory",
					evidence: [{ source: "environment", text: "CARGO_HOME and HOME are not set" }],
				}
			: {
					observed: home.exists ? `${home.at} is not writable` : `${home.path} cannot be created`,
					evidence: [{ source: home.at, text: ownerOf(home) }],
				};
	return finding(words, "cargo-home-not-writable", { home, uid, mode, service }, details);
}

/** No room for downloads. If a disk check, or `fs/writable`, reports the same mount, this waits for it. */
function fullFinding({ mode, offline }: RustFacts, home: CargoHome, policy: Policy): Verdict<Reason> | undefined {
	if (home.kind !== "writable" || !home.full || offline) return undefined;
	const { path, full } = home;
	const id = reporterOf(full, policy);
	if (id !== undefined) {
		const message = `Nothing can be written to ${code(path)}, for the cause that \`${id}\` reports.`;
		return { kind: "skip", reason: `needs:${id}`, message };
	}
	const observed = full.freeBytes < 1024 ? "no free space" : full.freeInodes === 0 ? "no free inodes" : "no room";
	const evidence = [
		{ source: `file system of ${path}`, text: `${full.freeBytes} bytes free` },
		...(full.freeInodes === undefined
			? []
			: [{ source: `file system of ${path}`, text: `${full.freeInodes} inodes free` }]),
		...(full.target === undefined ? [] : [{ source: "/proc/self/mountinfo", text: `mounted at ${full.target}` }]),
	];
	return finding(words, "cargo-home-full", { path, full, mode }, { observed, evidence });
}

function reporterOf({ shared, freeBytes, freeInodes }: FullHome, policy: Policy): string | undefined {
	const isJudged = (unit: "free" | "inodes"): boolean =>
		policy.disk.some((entry) => shared.includes(entry.path) && (entry[unit] ?? 0) > 0);
	if (freeBytes < 2 ** 20 && isJudged("free") && !isSwitchedOff("disk/free", "low", policy)) return "disk/free";
	if (freeInodes === 0 && isJudged("inodes") && !isSwitchedOff("disk/inodes", "low", policy)) return "disk/inodes";
	const tried = ["workspace", "temp", "home"].some((name) => shared.includes(name));
	return tried && !isSwitchedOff("fs/writable", "no-space", policy) ? "fs/writable" : undefined;
}

function ownerOf({ mode, uid, gid }: { mode?: number; uid?: number; gid?: number }): string {
	return mode === undefined ? "cannot be inspected" : `mode ${octal(mode)}, owner ${uid}, group ${gid}`;
}
