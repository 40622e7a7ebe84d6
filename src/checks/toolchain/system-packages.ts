import { own } from "../../own.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, operand } from "../text.ts";
import { choose } from "./install.ts";

type Family = "apt" | "apk" | "dnf" | "zypper" | "pacman";

/** Debian's, Alpine's and Fedora's package of a program, if it has another name. Without one, it is asked for by the program. */
const packages: Readonly<Record<string, Partial<Record<Family, string>>>> = {
	cc: { apt: "build-essential", apk: "build-base", dnf: "gcc", zypper: "gcc", pacman: "base-devel" },
	gcc: { apt: "build-essential", apk: "build-base", dnf: "gcc", zypper: "gcc", pacman: "base-devel" },
	clang: { apt: "clang", apk: "clang", dnf: "clang" },
	"musl-gcc": { apt: "musl-tools" },
	"x86_64-linux-musl-gcc": { apt: "musl-tools" },
	"aarch64-linux-gnu-gcc": { apt: "gcc-aarch64-linux-gnu" },
	"arm-linux-gnueabihf-gcc": { apt: "gcc-arm-linux-gnueabihf" },
	"riscv64-linux-gnu-gcc": { apt: "gcc-riscv64-linux-gnu" },
	"x86_64-w64-mingw32-gcc": { apt: "gcc-mingw-w64-x86-64" },
	"i686-w64-mingw32-gcc": { apt: "gcc-mingw-w64-i686" },
	"ld.mold": { apt: "mold", apk: "mold", dnf: "mold", zypper: "mold", pacman: "mold" },
	"crti.o": { apt: "libc6-dev", apk: "musl-dev", dnf: "glibc-devel", zypper: "glibc-devel", pacman: "glibc" },
	"ld.lld": { apt: "lld", apk: "lld", dnf: "lld", zypper: "lld", pacman: "lld" },
	lld: { apt: "lld", apk: "lld", dnf: "lld", zypper: "lld", pacman: "lld" },
	mold: { apt: "mold", apk: "mold", dnf: "mold", zypper: "mold", pacman: "mold" },
	"ld.gold": { apt: "binutils-gold", apk: "binutils-gold", dnf: "binutils-gold", zypper: "binutils-gold" },
	"ld.bfd": { apt: "binutils", apk: "binutils", dnf: "binutils" },
	sccache: { apt: "sccache", apk: "sccache", dnf: "sccache", zypper: "sccache", pacman: "sccache" },
};

/** Installs what brings a program, with the package manager of this system. @param os `Debian GNU/Linux 12 (bookworm)` */
export function installPackage(program: string, mode: ToolFacts["mode"], os: string): Remedy {
	const family = familyOf(os);
	const known = own(packages, program)?.[family];
	const command = commands[family](operand(known ?? byProgram[family](program)));
	const text =
		known === undefined || known === program
			? `Install ${code(program)}`
			: `Install ${code(program)}, which comes with the package ${code(known)},`;
	return choose(
		mode,
		{
			text: `${text} in the job's image.`,
			config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${command.split("SUDO ").join("")}` },
			kind: "image",
		},
		{ text: `${text} on the runner's host.`, commands: [command.split("SUDO ").join("sudo ")], kind: "host" },
	);
}

const commands: Readonly<Record<Family, (name: string) => string>> = {
	apt: (name) => `SUDO apt-get update && SUDO apt-get install -y ${name}`,
	apk: (name) => `SUDO apk add --no-cache ${name}`,
	dnf: (name) => `SUDO dnf install -y ${name}`,
	zypper: (name) => `SUDO zypper install -y ${name}`,
	pacman: (name) => `SUDO pacman -S --needed --noconfirm ${name}`,
};

/** How a package manager names the package of a program that it knows and we do not. */
const byProgram: Readonly<Record<Family, (program: string) => string>> = {
	apt: (program) => program,
	apk: (program) => `cmd:${program}`,
	dnf: (program) => `/usr/bin/${program}`,
	zypper: (program) => `/usr/bin/${program}`,
	pacman: (program) => program,
};

function familyOf(os: string): Family {
	if (/alpine/i.test(os)) return "apk";
	if (/fedora|red hat|centos|rocky|alma|amazon|oracle/i.test(os)) return "dnf";
	if (/suse/i.test(os)) return "zypper";
	return /\barch\b|manjaro/i.test(os) ? "pacman" : "apt";
}
