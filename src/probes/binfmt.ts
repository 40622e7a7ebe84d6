import type { Host } from "../host/host.ts";
import { type PlatformName, platforms } from "../policy/platforms.ts";

/** The kernel's registrations of programs for another platform. `hidden`: this process sees no binfmt_misc. */
export type Binfmt =
	| {
			readonly kind: "seen";
			/** Are registrations in use at all? */
			readonly isOn: boolean;
			readonly handlers: readonly Handler[];
	  }
	| { readonly kind: "hidden" }
	| { readonly kind: "unreadable"; readonly code: string };

export interface Handler {
	readonly name: string;
	readonly enabled: boolean;
	readonly interpreter: string;
	/** `F`: the kernel keeps the interpreter open, so it also works where its file is not. */
	readonly flags: string;
	/** Without `F`: is the file of the interpreter there? */
	readonly isThere?: boolean;
}

export const binfmtDirectory = "/proc/sys/fs/binfmt_misc";

/** Nobody registers more. */
const maxHandlers = 100;

/** The registrations for a platform. Source: /proc/sys/fs/binfmt_misc, by what each says of the files that it takes. */
export async function binfmtOf(host: Host, platform: PlatformName): Promise<Binfmt> {
	const names = await host.list(binfmtDirectory);
	if (names.kind === "unreadable") return names;
	const entries = names.kind === "ok" ? names.value : [];
	if (!entries.includes("status")) return { kind: "hidden" };
	const status = await host.readText(`${binfmtDirectory}/status`);
	if (status.kind === "unreadable") return status;
	if (status.kind === "absent") return { kind: "hidden" };
	const handlers = await Promise.all(
		entries
			.filter((name) => name !== "status" && name !== "register")
			.slice(0, maxHandlers)
			.map((name) => handlerOf(host, name, platform)),
	);
	return { kind: "seen", isOn: status.value.trim() === "enabled", handlers: handlers.flat() };
}

async function handlerOf(host: Host, name: string, platform: PlatformName): Promise<readonly Handler[]> {
	const read = await host.readText(`${binfmtDirectory}/${name}`, 4096);
	if (read.kind !== "ok" || !takes(read.value, platform)) return [];
	const interpreter = /^interpreter (.*)$/m.exec(read.value)?.[1] ?? "";
	const flags = /^flags: ?(\S*)$/m.exec(read.value)?.[1] ?? "";
	const isThere = flags.includes("F") ? undefined : (await host.stat(interpreter)).kind === "file";
	return [
		{
			name,
			enabled: /^enabled$/m.test(read.value),
			interpreter,
			flags,
			...(isThere !== undefined && { isThere }),
		},
	];
}

/** Is its magic that of an ELF file for this platform? The name of a registration is anyone's choice. */
function takes(text: string, platform: PlatformName): boolean {
	const magic = /^magic ([0-9a-f]+)$/m.exec(text)?.[1] ?? "";
	const { elf } = platforms[platform];
	return magic.startsWith(`7f454c46${elf.class}`) && magic.slice(36, 40) === elf.machine;
}
