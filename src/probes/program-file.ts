import type { Host } from "../host/host.ts";

/** What kind of program a file is, as its first bytes say. */
export interface ProgramFile {
	readonly format: "elf" | "script" | "mach-o" | "windows" | "empty" | "other" | "unreadable";
	/** Architecture of an ELF file in Node's words (`x64`, `arm64`, …), or `machine <number>` of one without a name here. */
	readonly machine?: string;
	/** What starts it: the loader of an ELF file, the interpreter of a script. Absent for a static one. */
	readonly interpreter?: string;
	/** False: that interpreter does not exist here. Absent: could not find out. */
	readonly interpreterFound?: boolean;
	/** The first line of a script ends as on Windows: the kernel takes the carriage return for part of the name. */
	readonly windowsLines?: true;
}

/** The loader's name is on the first page, except in patched files; Go puts it at the page's end. */
const headBytes = 8192;

/** `e_machine` of elf.h -> `process.arch` */
const machines: Readonly<Record<number, string>> = {
	3: "ia32",
	8: "mips",
	20: "ppc",
	21: "ppc64",
	22: "s390x",
	40: "arm",
	62: "x64",
	183: "arm64",
	243: "riscv64",
	258: "loong64",
};

/** Reads the head of a program. Source: the file itself. */
export async function readProgramFile(host: Host, path: string): Promise<ProgramFile> {
	const head = await host.readText(path, headBytes, "latin1");
	if (head.kind !== "ok") return { format: "unreadable" };
	const file = parseHead(head.value);
	if (file.interpreter === undefined) return file;
	const { kind } = await host.stat(file.interpreter);
	return kind === "unreadable" ? file : { ...file, interpreterFound: kind !== "absent" };
}

/** Why the kernel would not start a file as a program of this machine, as far as its head tells; `undefined`: it may well start. */
export async function whyNotStarted(host: Host, path: string, size: number): Promise<string | undefined> {
	const file = await readProgramFile(host, path);
	const { format, machine, interpreter, interpreterFound, windowsLines } = file;
	if (format === "empty") return "it is empty";
	if (interpreter !== undefined && interpreterFound === false) {
		return windowsLines ? "its first line ends as on Windows" : `it needs ${interpreter}, which does not exist`;
	}
	if (format === "elf") {
		if (machine !== undefined && !runsHere(machine, host.arch) && !(await isEmulated(host))) {
			return `it is built for ${machine} (this machine is ${host.arch})`;
		}
		const head = await host.readText(path, headBytes, "latin1");
		return head.kind === "ok" && lengthOf(head.value) > size ? "the file is cut off" : undefined;
	}
	return format === "other" || format === "windows" || format === "mach-o"
		? "it is not a program for Linux"
		: undefined;
}

/** 64-bit kernels of Intel and ARM run 32-bit programs. */
function runsHere(machine: string, arch: string): boolean {
	return machine === arch || (machine === "ia32" && arch === "x64") || (machine === "arm" && arch === "arm64");
}

/** Does the kernel hand programs of other machines to an emulator? */
async function isEmulated(host: Host): Promise<boolean> {
	const handlers = await host.list("/proc/sys/fs/binfmt_misc");
	return handlers.kind === "ok" && handlers.value.some((name) => /^(?:qemu|box64|rosetta|FEX)/.test(name));
}

/** How long an ELF file is at least: where the last part ends that is loaded. */
function lengthOf(head: string): number {
	if (head.charCodeAt(4) !== 2 || head.charCodeAt(5) !== 1) return 0;
	const read = (offset: number, bytes: number): number => {
		let value = 0;
		for (let index = bytes - 1; index >= 0; index--) value = value * 256 + (head.charCodeAt(offset + index) || 0);
		return value;
	};
	const [table, entrySize, entries] = [read(32, 8), read(54, 2), Math.min(read(56, 2), 64)];
	if (table + entries * entrySize > head.length) return 0;
	const ends = Array.from({ length: entries }, (_, index) => {
		const entry = table + index * entrySize;
		return read(entry, 4) === 1 ? read(entry + 8, 8) + read(entry + 32, 8) : 0;
	});
	return ends.reduce((most, end) => Math.max(most, end), 0);
}

function parseHead(head: string): ProgramFile {
	if (head === "") return { format: "empty" };
	if (head.startsWith("\u007fELF")) return parseElf(head);
	if (head.startsWith("#!")) {
		const interpreter = /^#![ \t]*([^\s\0]{1,200})/.exec(head)?.[1];
		const windowsLines = /^[^\n]*\r\n/.test(head);
		return {
			format: "script",
			...(interpreter !== undefined && { interpreter }),
			...(windowsLines && { windowsLines }),
		};
	}
	if (/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(head)) return { format: "mach-o" };
	if (head.startsWith("MZ")) return { format: "windows" };
	return { format: "other" };
}

function parseElf(head: string): ProgramFile {
	const wide = head.charCodeAt(4) === 2;
	const bigEndian = head.charCodeAt(5) === 2;
	const read = (offset: number, bytes: number): number => {
		let value = 0;
		for (let index = 0; index < bytes; index++) {
			const at = bigEndian ? offset + index : offset + bytes - 1 - index;
			value = value * 256 + (head.charCodeAt(at) || 0);
		}
		return value;
	};
	const machine = read(18, 2);
	const interpreter = interpreterOf(head, wide, read);
	return {
		format: "elf",
		machine: machines[machine] ?? `machine ${machine}`,
		...(interpreter !== undefined && { interpreter }),
	};
}

/** The string that the program header of type PT_INTERP points to. */
function interpreterOf(
	head: string,
	wide: boolean,
	read: (offset: number, bytes: number) => number,
): string | undefined {
	const [table, entrySize, entries] = wide
		? [read(32, 8), read(54, 2), read(56, 2)]
		: [read(28, 4), read(42, 2), read(44, 2)];
	for (let index = 0; index < Math.min(entries, 64); index++) {
		const entry = table + index * entrySize;
		if (read(entry, 4) !== 3) continue;
		const [offset, size] = wide ? [read(entry + 8, 8), read(entry + 32, 8)] : [read(entry + 4, 4), read(entry + 16, 4)];
		const name = head.slice(offset, offset + Math.min(size, 200)).split("\0")[0] ?? "";
		return /^\/[\x20-\x7e]+$/.test(name) ? name : undefined;
	}
	return undefined;
}
