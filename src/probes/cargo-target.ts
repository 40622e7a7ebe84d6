import type { Host } from "../host/host.ts";

/** What a build is for. */
export interface Target {
	/** `x86_64-unknown-linux-gnu` */
	readonly name: string;
	/** It is this machine: compiler and build scripts run here. */
	readonly isHost: boolean;
}

/** `process.arch` -> the first part of the target's name */
const architectures: Readonly<Record<string, string>> = {
	x64: "x86_64",
	arm64: "aarch64",
	ia32: "i686",
	arm: "armv7",
	ppc64: "powerpc64le",
	s390x: "s390x",
	riscv64: "riscv64gc",
	loong64: "loongarch64",
};

/** The target of this machine, by its architecture and its C library. Source: `process.arch`, and the loaders in /lib. */
export async function hostTarget(host: Host): Promise<Target> {
	const arch = architectures[host.arch] ?? host.arch;
	const loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", `/lib/ld-musl-${arch}.so.1`];
	const [forGlibc, forArm, forMusl] = await Promise.all(loaders.map((path) => host.stat(path)));
	const isMusl = forMusl?.kind === "file" && forGlibc?.kind === "absent" && forArm?.kind === "absent";
	return { name: `${arch}-unknown-linux-${isMusl ? "musl" : "gnu"}${arch === "armv7" ? "eabihf" : ""}`, isHost: true };
}

/** Is a name that of a target? A distribution puts its own name in the second place: `x86_64-alpine-linux-musl`. */
export function isTarget(name: string, target: Target): boolean {
	if (name === target.name || !target.isHost) return name === target.name;
	const [own, named] = [target.name, name].map((one) => one.split("-"));
	return named?.length === own?.length && named?.every((part, index) => index === 1 || part === own?.[index]) === true;
}

/** The same for the part of a variable: `CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER`. */
export function isTargetVariable(variable: string, key: "LINKER" | "RUSTFLAGS", target: Target): boolean {
	const [arch = "", vendor = "", ...rest] = target.name.split("-");
	const middle = target.isHost ? "[A-Z0-9]+" : vendor;
	const parts = [arch, middle, ...rest].map((part) => (part === middle ? part : part.replace(/\W/g, "_")));
	return new RegExp(`^CARGO_TARGET_${parts.join("_")}_${key}$`, "i").test(variable);
}

/** What rustc links with if nothing else is named; `undefined` where it brings a linker, or that cannot be told. */
export function defaultLinker(target: Target): string | undefined {
	if (target.isHost || /-linux-gnu/.test(target.name)) return "cc";
	const mingw = /^(x86_64|i686)-pc-windows-gnu$/.exec(target.name)?.[1];
	return mingw && `${mingw}-w64-mingw32-gcc`;
}

/**
 * The usual name of the C compiler that links for another architecture, since the `cc` of this machine does not; `undefined`: it does,
 * or that cannot be told.
 */
export function crossLinker(target: Target, machine: Target): string | undefined {
	const [arch = "", , os, env] = target.name.split("-");
	if (target.isHost || os !== "linux" || !env?.startsWith("gnu")) return undefined;
	const [own, other] = [archOf(machine.name), archOf(target.name)];
	// A compiler for 64 bits links for 32 as well, with its package for that.
	if (own === other || (own === "x86_64" && other === "x86")) return undefined;
	const prefix = other === "arm" ? "arm" : arch.replace(/^(riscv(?:32|64)).*/, "$1");
	return `${prefix}-linux-${env}-gcc`;
}

/** Longer ones are not written by people. */
const maxExpression = 1000;

/** Does `cfg(…)` hold for a target? `undefined` where its name does not tell, as of a feature. */
export function holdsFor(expression: string, target: Target): boolean | undefined {
	if (expression.length > maxExpression) return undefined;
	const tokens = expression.match(/[\w-]+|"[^"]*"|[(),=]/g) ?? [];
	let at = 0;
	const takes = (token: string): boolean => tokens[at] === token && ++at > 0;
	const list = (): (boolean | undefined)[] => {
		const values: (boolean | undefined)[] = [];
		for (takes("("); at < tokens.length && !takes(")"); takes(",")) values.push(read());
		return values;
	};
	const read = (): boolean | undefined => {
		const word = tokens[at++] ?? "";
		if (word === "cfg" || word === "all") return every(list());
		if (word === "any") return not(every(list().map(not)));
		if (word === "not") return not(every(list()));
		return takes("=") ? isSet(word, tokens[at++]?.replace(/"/g, ""), target) : isSet(word, undefined, target);
	};
	return read();
}

function every(values: readonly (boolean | undefined)[]): boolean | undefined {
	if (values.includes(false)) return false;
	return values.includes(undefined) ? undefined : true;
}

function not(value: boolean | undefined): boolean | undefined {
	return value === undefined ? undefined : !value;
}

/** What a target's name says about it. */
function isSet(key: string, value: string | undefined, { name }: Target): boolean | undefined {
	const os = /windows|linux|darwin|android|freebsd|netbsd|openbsd|wasi|uefi/.exec(name)?.[0] ?? "none";
	const isUnix = /linux|darwin|android|bsd/.test(os);
	switch (key) {
		case "unix":
			return isUnix;
		case "windows":
			return os === "windows";
		case "target_os":
			return value === (os === "darwin" ? "macos" : /android/.test(name) ? "android" : os);
		case "target_family":
			return value === "unix" ? isUnix : value === "windows" ? os === "windows" : /^wasm/.test(name);
		case "target_arch":
			return value === archOf(name);
		case "target_env":
			return value === (/(gnu|musl|msvc|uclibc|newlib|sgx)/.exec(name)?.[1] ?? "");
		case "target_vendor":
			return value === name.split("-")[1];
		case "target_pointer_width":
			return value === (/64|s390x/.test(name.split("-")[0] ?? "") ? "64" : "32");
		default:
			return undefined;
	}
}

function archOf(name: string): string {
	const first = name.split("-")[0] ?? "";
	if (/^(?:arm|thumb)/.test(first)) return "arm";
	if (/^i[3-6]86$/.test(first)) return "x86";
	return first.replace(/^(riscv(?:32|64)).*/, "$1").replace(/^powerpc64le$/, "powerpc64");
}
