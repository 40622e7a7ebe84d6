import type { Ailment } from "./diagnose.ts";

/**
 * How programs say what is wrong with them, whatever exit code they end with. The first pattern that is found decides.
 * Its groups `subject` and `within` name what it is about: a toolchain, a component and its toolchain, a library.
 */
type Signature = readonly [reason: Ailment["reason"], variant: Ailment["variant"], pattern: RegExp];

/** rustup, in the words of 1.20 to 1.29. */
const rustup: readonly Signature[] = [
	[
		"component-missing",
		"component",
		/^error: '(?<subject>[^'\n]+)' is not installed for the (?:custom )?toolchain '(?<within>[^'\n]+)'/m,
	],
	[
		"component-missing",
		"component-damaged",
		/^error: the '[^'\n]+' binary, normally provided by the '(?<subject>[^'\n]+)' component, is not applicable to the '(?<within>[^'\n]+)' toolchain/m,
	],
	[
		"component-missing",
		"component-unavailable",
		/^error: the '(?<subject>[^'\n]+)' component which provides the command '[^'\n]+' is not available for the '(?<within>[^'\n]+)' toolchain/m,
	],
	[
		"component-missing",
		"component",
		/^error: unknown binary '(?<subject>[^'\n]+)' in (?:official|custom) toolchain '(?<within>[^'\n]+)'/im,
	],
	[
		"component-missing",
		"component",
		/^error: toolchain '(?<within>[^'\n]+)' does not (?:have the binary|contain component) [`']?(?<subject>[\w.-]+)/m,
	],
	[
		"toolchain-not-installed",
		"toolchain-path",
		/^error: invalid toolchain: the path '(?<subject>[^'\n]+)' has no bin/m,
	],
	[
		"toolchain-not-installed",
		"toolchain",
		/toolchain '(?<subject>[^'\n]+)'(?: specified in override file '[^'\n]*')? is not install(?:ed|able)/,
	],
	["toolchain-not-installed", "toolchain", /^info: syncing channel updates for '?(?<subject>[^'\s]+)/m],
	[
		"toolchain-not-installed",
		"toolchain",
		/^error: (?:could not download nonexistent rust version|no release found for) [`'](?<subject>[^`'\n]+)/m,
	],
	[
		"no-default-toolchain",
		"no-default",
		/rustup could not choose a version of \S+ to run|no override and no default toolchain set|^error: no (?:default|active) toolchain/m,
	],
	["broken", "rustup-file", /^error: could not parse (?:the )?(?:override|settings) file:? '(?<subject>[^'\n]+)'/m],
	[
		"broken",
		"rustup-file",
		/^error: (?:invalid toolchain name detected in override file|relative path toolchain) '(?<subject>[^'\n]+)'/m,
	],
	[
		"broken",
		"rustup-home",
		/^error: could not (?:write|read|create|open) (?:settings file|[\w-]+ directory|temp \w+):? '(?<subject>[^'\n]+)'/m,
	],
	["broken", "rustup-home", /^error: (?:unable to create ~\/\.rustup|could not find home dir)/m],
	["broken", "toolchain-damaged", /^error: missing manifest in toolchain '(?<subject>[^'\n]+)'/im],
	["broken", "not-a-proxy", /^error: unknown proxy name: '(?<subject>[^'\n]+)'/m],
	["broken", "exit", /^error: (?:infinite recursion detected|rustup is not installed at)/m],
];

/** The kernel and the loaders of glibc, musl and macOS. */
const loader: readonly Signature[] = [
	[
		"missing-library",
		"symbol-version",
		/version [`'](?<subject>(?:GLIBC|GLIBCXX|CXXABI|GCC)_[\w.]+)' not found(?: \(required by (?<within>[^)\n]+)\))?/,
	],
	[
		"missing-library",
		"library",
		/error while loading shared libraries: (?<subject>[^:\s]+): (?:cannot open shared object file|wrong ELF class|invalid ELF header|ELF file (?:OS ABI|version|data encoding|machine)|file too short)/,
	],
	["missing-library", "library", /(?<subject>[\w.+-]+\.so[\w.]*): cannot open shared object file/],
	["missing-library", "library", /Error loading shared library (?<subject>[^:\s]+):/],
	["missing-library", "library", /Library not loaded: (?<subject>\S+)/],
	["missing-library", "symbol", /symbol lookup error: [^\n]*undefined symbol: (?<subject>[^\s:,]+)/],
	[
		"missing-library",
		"symbol",
		/relocation error: [^\n]*symbol (?<subject>[^\s,]+)[^\n]* not defined in file \S+ with link time reference/,
	],
	["missing-library", "symbol", /Error relocating [^\n:]+: (?<subject>[^\s:]+): symbol not found/],
	["missing-library", "foreign-loader", /cannot execute: required file not found/],
	[
		"wrong-architecture",
		"architecture",
		/Exec format error|cannot execute binary file|Bad CPU type in executable|^(?:qemu-[\w-]+|rosetta error): (?:could not|failed to) open/im,
	],
	["wrong-architecture", "cpu", /CPU does not support (?<subject>x86-64-v\d)/],
	["wrong-architecture", "cpu", /CPU ISA level is lower than required/],
];

/** Programs that hand on to another one. */
const delegates: readonly Signature[] = [
	["component-missing", "subcommand", /no such (?:sub)?command: [`'"]?(?<subject>[\w-]+)/],
	["component-missing", "subcommand", /git: '(?<subject>[\w-]+)' is not a git command/],
	["component-missing", "subcommand", /docker: '(?<subject>[\w-]+)' is not a docker command/],
	["component-missing", "subcommand", /unknown command: docker (?<subject>[\w-]+)/],
	["component-missing", "subcommand", /unrecognized command [`'"]podman (?<subject>[\w-]+)/],
	["broken", "interpreter", /env: \$?['‘`"]?(?<subject>[\w.+/-]+)(?:\\r)?['’"]?: No such file or directory/],
	["broken", "delegate", /exec: (?<subject>[\w.+/-]+): (?:not found|No such file|cannot execute)/],
	[
		"broken",
		"delegate",
		/^(?:\/\S{1,40}\/)?\w{0,4}sh: (?:line )?(?:\d+: )?(?<subject>\/[\w.+/-]+): (?:not found|No such file)/m,
	],
	["missing", "shim", /^No version is set for command (?<subject>\S+)/m],
	["missing", "shim", /^Volta error: (?<subject>\w+) is not available/im],
	["missing", "shim", /^mise ERROR No version is set for shim: (?<subject>\S+)/m],
	["missing", "shim", /^(?:pyenv|rbenv|nodenv|goenv|plenv): (?<subject>[\w.-]+): command not found/m],
];

/** Words of which every signature above has one: what holds none of them says nothing that is wrong. */
const complaint =
	/error|not |no such |lower than required|unknown binary|no version |no override |bad cpu |failed |unknown command|unrecognized command|info: syncing/i;

/** What the text of a run says that is wrong; `undefined` where it says nothing known. */
export function signatureIn(text: string): Ailment | undefined {
	// Compiling three dozen expressions to find nothing in `rustc 1.95.0 (…)` would cost more than all else of this check.
	if (!complaint.test(text)) return undefined;
	const ofRustup = firstOf(rustup, text);
	return ofRustup ? { ...ofRustup, rustup: true } : (firstOf(loader, text) ?? firstOf(delegates, text));
}

function firstOf(signatures: readonly Signature[], text: string): Ailment | undefined {
	for (const [reason, variant, pattern] of signatures) {
		const match = pattern.exec(text);
		if (!match) continue;
		const { subject, within } = match.groups ?? {};
		return {
			kind: "sick",
			reason,
			variant,
			told: linesAt(text, match.index),
			...(subject !== undefined && { subject }),
			...(within !== undefined && { within }),
		};
	}
	return undefined;
}

/** The line at an index and the two after it, where such tools put their advice. */
function linesAt(text: string, index: number): string {
	const start = text.lastIndexOf("\n", index - 1) + 1;
	return text.slice(start).split("\n").slice(0, 3).join("\n").trim().slice(0, 600);
}
