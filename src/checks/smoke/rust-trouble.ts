/** What cargo's words say is wrong with a build. */
export interface RustTrouble {
	readonly reason: "compile-failed" | "link-failed" | "cannot-execute";
	readonly cause:
		| "noexec"
		| "instruction"
		| "foreign"
		| "runner"
		| "library"
		| "linker"
		| "linker-choice"
		| "link-library"
		| "no-space"
		| "memory"
		| "wrapper"
		| "standard-library"
		| "unknown";
	/** What it is about: the linker, the wrapper, a library, a target. */
	readonly subject?: string;
}

/** The first that matches decides. Groups named `subject` say what it is about. */
const known: readonly (readonly [RegExp, RustTrouble["reason"], RustTrouble["cause"]])[] = [
	[/no space left on device|disk quota exceeded|\(os error 28\)/i, "compile-failed", "no-space"],
	[/signal: 7, SIGBUS|Bus error/, "link-failed", "no-space"],
	[
		/\(signal: 9, SIGKILL|cannot allocate memory|\(os error 12\)|memory allocation of \d+ bytes failed/i,
		"compile-failed",
		"memory",
	],
	[/signal: 4, SIGILL|illegal instruction/i, "cannot-execute", "instruction"],
	[
		/could not execute process `[^`\n]*(?:build-script-build|runner-check-smoke)[^`\n]*`[\s\S]*?permission denied \(os error 13\)/i,
		"cannot-execute",
		"noexec",
	],
	[
		/could not execute process `(?<subject>[^\s`]+) [^`\n]*runner-check-smoke`[\s\S]*?\(os error 2\)/i,
		"cannot-execute",
		"runner",
	],
	[
		/could not execute process `[^`\n]*(?:build-script-build|runner-check-smoke)[^`\n]*`[\s\S]*?(?:exec format error|\(os error 8\))/i,
		"cannot-execute",
		"foreign",
	],
	[
		/error while loading shared libraries: (?<subject>[^\s:]+)|Error loading shared library (?<subject2>[^\s:]+)/,
		"cannot-execute",
		"library",
	],
	[/could not execute process `[^`\n]*(?:build-script-build|runner-check-smoke)[^`\n]*`/i, "cannot-execute", "unknown"],
	[/could not execute process `(?<subject>[^\s`]+)[^`\n]*rustc[^`\n]*`/i, "compile-failed", "wrapper"],
	[/linker `(?<subject>[^`\n]+)` not found/, "link-failed", "linker"],
	[
		/invalid linker name in argument '-fuse-ld=(?<subject>[^'\n]+)'|(?:cannot find|collect2[^\n]*cannot find) '(?<subject2>ld[\w.]*|mold|lld)'/i,
		"link-failed",
		"linker-choice",
	],
	[
		/cannot find -l:?(?<subject>[\w.+-]+)|unable to find library -l(?<subject2>[\w.+-]+)|cannot find (?<subject3>S?crt[1in]\.o)/,
		"link-failed",
		"link-library",
	],
	[/linking with `(?<subject>[^`\n]+)` failed/, "link-failed", "unknown"],
	[/the `(?<subject>[\w.-]+)` target may not be installed/, "compile-failed", "standard-library"],
	[/can't find crate for `(?:std|core)`/, "compile-failed", "standard-library"],
];

export function rustTroubleIn(text: string): RustTrouble {
	for (const [pattern, reason, cause] of known) {
		const match = pattern.exec(text);
		if (!match) continue;
		const { subject, subject2, subject3 } = match.groups ?? {};
		const named = subject ?? subject2 ?? subject3;
		return { reason, cause, ...(named !== undefined && { subject: named }) };
	}
	// The crate was built, and then did not do what it is for.
	const ran = /process didn't exit successfully: `[^`\n]*(?:build-script-build|runner-check-smoke)|^\s*Running /m.test(
		text,
	);
	return { reason: ran ? "cannot-execute" : "compile-failed", cause: "unknown" };
}
