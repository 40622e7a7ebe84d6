/** What an ELF file for a platform says of itself, and which Node runs natively there. */
export interface PlatformFormat {
	/** Values of `process.arch` that run it without help, as containerd counts them. */
	readonly native: readonly string[];
	/** Class and `e_machine` of the header, as hexadecimal digits in the file's order. */
	readonly elf: { readonly class: string; readonly machine: string };
	/** The usual name of QEMU's registration. */
	readonly handler: string;
}

const arm: PlatformFormat = {
	native: ["arm", "arm64"],
	elf: { class: "01", machine: "2800" },
	handler: "qemu-arm",
};
const arm64: PlatformFormat = {
	native: ["arm64"],
	elf: { class: "02", machine: "b700" },
	handler: "qemu-aarch64",
};

/** The platforms that a policy may name. Source: elf.h, and the registrations of qemu-binfmt-conf.sh. */
const known = {
	"linux/amd64": { native: ["x64"], elf: { class: "02", machine: "3e00" }, handler: "qemu-x86_64" },
	"linux/386": { native: ["ia32", "x64"], elf: { class: "01", machine: "0300" }, handler: "qemu-i386" },
	"linux/arm64": arm64,
	"linux/arm64/v8": arm64,
	"linux/arm": arm,
	"linux/arm/v6": arm,
	"linux/arm/v7": arm,
	"linux/ppc64le": { native: ["ppc64"], elf: { class: "02", machine: "1500" }, handler: "qemu-ppc64le" },
	"linux/s390x": { native: ["s390x"], elf: { class: "02", machine: "0016" }, handler: "qemu-s390x" },
	"linux/riscv64": { native: ["riscv64"], elf: { class: "02", machine: "f300" }, handler: "qemu-riscv64" },
	"linux/loong64": { native: ["loong64"], elf: { class: "02", machine: "0201" }, handler: "qemu-loongarch64" },
} as const satisfies Readonly<Record<string, PlatformFormat>>;

export type PlatformName = keyof typeof known;

export const platforms: Readonly<Record<PlatformName, PlatformFormat>> = known;

export const platformNames = Object.keys(platforms) as PlatformName[];
