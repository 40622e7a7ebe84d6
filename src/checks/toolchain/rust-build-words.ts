import { errnoText } from "../../errno-text.ts";
import type { UnreadConfig } from "../../probes/cargo-config.ts";
import type { BuildProgram, RustBuildFacts } from "../../probes/rust-build.ts";
import type { Remedy } from "../check.ts";
import { lookAt } from "../find-out.ts";
import { code, operand, shellQuote, systemdText, titleWith } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { choose, componentOf, dockerfileText, type Fix, withRustup } from "./install.ts";
import { baseName, directoryOf } from "./paths.ts";
import { installPackage } from "./system-packages.ts";
import { fixPath, tellUnexpanded } from "./tool-presence-words.ts";

interface Missing {
	readonly missing: BuildProgram;
	readonly build: RustBuildFacts;
	/** `Debian GNU/Linux 12 (bookworm)` */
	readonly os: string;
	/** Unit of the runner that started the job. */
	readonly service: string;
}

export const intro =
	"`rustc --version` and `cargo --version` work without a linker, and without the compiler wrapper that cargo is told to use; no build does. Judged only if the workspace has a `Cargo.toml`. Variables and configuration are read in cargo's own order: `RUSTC_WRAPPER`, `CARGO_BUILD_RUSTC_WRAPPER`, then `.cargo/config.toml` of the workspace and of each directory above it, then that of `CARGO_HOME`; and so for `RUSTC_WORKSPACE_WRAPPER`, for linkers (`CARGO_TARGET_<TRIPLE>_LINKER`, `linker`, `-C linker=`, `-fuse-ld=` and `--ld-path=` in flags), for the compiler (`RUSTC`, `build.rustc`) and for `build.target`. Nothing is started.";

export const words = {
	"linker-missing": reason<Missing>({
		level: "fail",
		title: "The linker of Rust builds is missing",
		headline: ({ missing: { program, role } }) =>
			role === "libc"
				? "The files that every program is linked with are missing"
				: titleWith("Rust builds need the linker ", program),
		why: ({ missing: { role, program, isCross } }) =>
			isCross
				? "Compiling works, but each program fails to link: `file in wrong format`."
				: role === "libc"
					? "Compiling works, but each program fails to link: `cannot find Scrt1.o: No such file or directory`."
					: role === "ld"
						? `Compiling works, but each program fails to link: ${code(`cannot find '${program}'`)}.`
						: `Every build fails with ${code(`error: linker '${program}' not found`)}, although \`rustc --version\` and \`cargo --version\` work.`,
		expected: ({ missing: { program, role } }) =>
			role === "libc" ? `the C library's ${code(program)}` : `the linker ${code(program)}`,
		tell: (seen) => ({ what: tellLinker(seen), fix: fixLinker(seen) }),
		more: "rustc compiles on its own, but links with the C compiler `cc`. An image with rustup alone has none. On Debian, the files that it links with are in a package of their own (`libc6-dev`), which `--no-install-recommends` leaves out. WebAssembly and bare-metal targets bring a linker, and that of musl targets is not judged.",
	}),

	"wrapper-missing": reason<Missing>({
		level: "fail",
		title: "The compiler wrapper of cargo is missing",
		headline: ({ missing: { program, role } }) =>
			titleWith(role === "rustc" ? "cargo cannot start the compiler " : "cargo cannot start the wrapper ", program),
		why: ({ missing: { program, path, role } }) =>
			`Every build fails with ${code(`could not execute process '${path ?? program} ${role === "rustc" ? "-vV" : "… rustc -vV"}' (never executed)`)}, although \`cargo --version\` works.`,
		expected: ({ missing: { program, role } }) =>
			role === "rustc" ? `the compiler ${code(program)}` : `the wrapper ${code(program)}, or none`,
		tell: (seen) => ({ what: tellWrapper(seen), fix: fixWrapper(seen) }),
		more: "An empty variable switches the wrapper off, and goes before the file. A value with a slash is a path, relative to the directory that holds `.cargo` (in a variable: to the workspace). Nothing expands `~` in it. A value without a slash is searched along PATH.",
	}),
};

/** Who names a program: `RUSTC_WRAPPER`, `.cargo/config.toml:2`. */
export function askedBy({
	variable,
	file,
	line,
	isCross,
}: Pick<BuildProgram, "variable" | "file" | "line" | "isCross">): string {
	if (isCross) return "nothing names it";
	return variable ?? (file === undefined ? "rustc's default" : `${file}:${line}`);
}

/** Where it was looked for, and what is there instead. */
function tellPlace({ program, path, unusable, elsewhere = [], unexpanded }: BuildProgram): string {
	if (unexpanded) return `it is only at ${code(elsewhere[0] ?? "")}. ${tellUnexpanded(unexpanded)}`;
	if (unusable?.kind === "dangling-link") return `${code(unusable.path)} is a dangling link.`;
	if (unusable) return `the job's user cannot execute ${code(unusable.path)}.`;
	if (elsewhere[0] !== undefined) return `it is only at ${code(elsewhere[0])}, which is not on PATH.`;
	if (path === undefined) return "it is not on PATH.";
	const tilde = /^(?:~|\$)/.test(program) ? `, as nothing expands ${code(program.split("/")[0] ?? "")} there` : "";
	return `there is no file ${code(path)}${tilde}.`;
}

function tellLinker({ missing, build }: Missing): string {
	const { program, target, role, unnamed, path } = missing;
	if (role === "libc")
		return `The C compiler is installed without the C library's files for linking: ${code(path ?? program)} does not exist.`;
	if (missing.isCross) {
		const state = unnamed === undefined ? "is not on PATH" : `is at ${code(unnamed)}, but nothing names it`;
		return `The build is for ${code(target ?? "")}, and rustc links with \`cc\`, as nothing names another linker. That of this machine does not link for it. ${code(program)} ${state}.`;
	}
	if (missing.variable === undefined && missing.file === undefined) {
		const others = (build.compilers ?? []).map(code);
		const instead = others.length === 0 ? "" : ` ${others.join(" and ")} could do it, if named.`;
		return `rustc links with ${code(program)}, as nothing names another linker, but ${tellPlace(missing)}${instead}`;
	}
	const does = role === "ld" ? "makes the compiler link with" : "names the linker";
	return `${code(askedBy(missing))} ${does} ${code(program)}${target === undefined ? "" : ` for ${code(target)}`}, but ${tellPlace(missing)}`;
}

function tellWrapper({ missing }: Missing): string {
	if (missing.role === "rustc")
		return `${code(askedBy(missing))} makes cargo start ${code(missing.program)} as the compiler, but ${tellPlace(missing)}`;
	const around = missing.role === "workspace-wrapper" ? "rustc in the crates of the workspace" : "rustc";
	return `${code(askedBy(missing))} makes cargo start ${code(missing.program)} around ${around}, but ${tellPlace(missing)}`;
}

function fixLinker(seen: Missing): Remedy {
	const { missing, build, os } = seen;
	if (missing.role === "libc") return installPackage("crti.o", build.mode, os);
	if (missing.isCross) return fixCross(seen);
	const placed = fixPlace(seen);
	if (placed) return placed;
	const install = installPackage(baseName(missing.program), build.mode, os);
	if (missing.variable !== undefined || missing.file !== undefined) {
		return install.otherwise
			? install
			: { ...install, otherwise: correct(missing, "name a linker that is installed, or remove the line", build.mode) };
	}
	const [compiler] = build.compilers ?? [];
	if (compiler === undefined || missing.target === undefined || install.otherwise) return install;
	const variable = linkerVariable(missing.target);
	return {
		...install,
		otherwise: { ...setVariable(variable, compiler, seen), text: `Name ${code(compiler)} as the linker.` },
	};
}

/** Installing is not enough: cargo has to be told. */
function fixCross(seen: Missing): Remedy {
	const { missing, build, os } = seen;
	const { target = "", program, unnamed } = missing;
	const name: Fix = {
		...setVariable(linkerVariable(target), unnamed ?? program, seen),
		text: `Name ${code(program)} as the linker for this target.`,
	};
	if (unnamed !== undefined) return name;
	return { ...installPackage(program, build.mode, os), otherwise: { ...name, text: `${name.text} Both are needed.` } };
}

function linkerVariable(target: string): string {
	return `CARGO_TARGET_${target.toUpperCase().replace(/\W/g, "_")}_LINKER`;
}

function fixWrapper(seen: Missing): Remedy {
	const { missing, build, os } = seen;
	const { program, role } = missing;
	if (role === "rustc") {
		return fixPlace(seen) ?? correct(missing, "name a compiler that is installed, or remove the line", build.mode);
	}
	const variable = role === "wrapper" ? "RUSTC_WRAPPER" : "RUSTC_WORKSPACE_WRAPPER";
	const off: Fix = {
		text: `Build without it: set ${code(variable)} to the empty string for these jobs${missing.variable === variable ? "" : `, which goes before ${code(askedBy(missing))}`}.`,
		config: { file: "the workflow's job", language: "yaml", text: `env:\n  ${variable}: ""` },
		kind: "workflow",
	};
	const fix = fixPlace(seen) ?? installWrapper(program, build.mode, os);
	return { ...fix, otherwise: off };
}

/** Wrappers are programs of crates; cargo must not use the one that it builds. */
function installWrapper(program: string, mode: RustBuildFacts["mode"], os: string): Remedy {
	const component = componentOf(program);
	if (component !== undefined) {
		const { image, host } = withRustup(["component", "add"], component);
		return choose(
			mode,
			{
				text: `Add rustup's component ${code(component)} in the job's image.`,
				config: { file: "Dockerfile", language: "dockerfile", text: image.join("\n") },
				kind: "image",
			},
			{ text: `Add rustup's component ${code(component)} on the runner's host.`, commands: host, kind: "host" },
		);
	}
	if (program === "sccache") return installPackage(program, mode, os);
	const command = `RUSTC_WRAPPER= RUSTC_WORKSPACE_WRAPPER= cargo install --locked ${operand(program)}`;
	return choose(
		mode,
		{
			text: `Install ${code(program)} in the job's image. If it is a crate, cargo builds it.`,
			config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${command}` },
			kind: "image",
		},
		{
			text: `Install ${code(program)} on the runner's host. If it is a crate, cargo builds it.`,
			commands: ["# as the runner's user", command],
			kind: "host",
		},
	);
}

/** The fix of a program that exists, but not where cargo looks for it; `undefined` if there is none. */
function fixPlace({ missing, build, service }: Missing): Remedy | undefined {
	const { program, path, unusable, elsewhere = [] } = missing;
	if (elsewhere[0] !== undefined) {
		const facts = { ...build, ...(missing.unexpanded && { unexpanded: missing.unexpanded }) };
		return fixPath(directoryOf(elsewhere[0]), facts, service);
	}
	if (unusable?.kind === "not-executable") {
		return {
			text: "Make it executable, in the repository if the file is tracked there.",
			commands: [`ls -l ${shellQuote(unusable.path)}`, `git update-index --chmod=+x -- ${shellQuote(program)}`],
			kind: "workflow",
		};
	}
	if (path === undefined) return undefined;
	const written =
		missing.meant === undefined ? "write the path of a program that exists" : `write ${code(missing.meant)}`;
	return correct(missing, written, build.mode);
}

/** @param mode Where a file outside of the workspace is. */
function correct(missing: BuildProgram, what: string, mode: RustBuildFacts["mode"]): Fix {
	const { variable, file = "", path, program } = missing;
	const where = code(askedBy(missing));
	const isRelative = path !== undefined && missing.meant === undefined && !program.startsWith("/");
	const at = isRelative ? ` A path there is relative to ${code(relativeTo(path, program))}.` : "";
	const elsewhere = mode === "host" ? "host" : "image";
	return {
		text: `${variable === undefined ? `In ${where}` : `Where ${where} is set`}, ${what}.${at}`,
		kind: file.startsWith("/") ? elsewhere : "workflow",
	};
}

/** `/work` of `/work/~/w` and `~/w` */
function relativeTo(path: string, program: string): string {
	const end = `/${program.replace(/^\.\//, "")}`;
	return path.endsWith(end) ? path.slice(0, -end.length) || "/" : directoryOf(path);
}

function setVariable(name: string, value: string, { build, service }: Missing): Fix {
	return choose(
		build.mode === "host" ? "host" : "container",
		{
			text: "",
			config: { file: "Dockerfile", language: "dockerfile", text: `ENV ${name}="${dockerfileText(value)}"` },
			kind: "image",
		},
		{
			text: "",
			config: {
				file: `/etc/systemd/system/${service}.service.d/override.conf`,
				language: "ini",
				text: `[Service]\nEnvironment="${name}=${systemdText(value)}"`,
			},
			kind: "host",
		},
	);
}

export const unknowns = {
	config: unknown<UnreadConfig>({
		title: "Unknown which linker and wrapper cargo uses",
		why: "A program that is named there and missing stops every build. cargo itself fails if it cannot read the file.",
		expected: "a configuration of cargo that can be read",
		tell: ({ file, why, line }) => ({
			what:
				why === "syntax"
					? `${code(`${file}:${line}`)} is not TOML as far as this check reads it, so it is unknown what the file names.`
					: `${code(file)} cannot be read (${errnoText(why)}), so it is unknown what it names.`,
			fix:
				why === "syntax"
					? {
							text: "Correct the line: cargo names the place too.",
							commands: ["cargo metadata --no-deps --format-version 1 > /dev/null"],
							kind: "workflow",
						}
					: lookAt(file, why),
		}),
	}),
};
