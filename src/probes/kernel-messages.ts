import type { Host } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";
import type { Probe } from "./probe.ts";

/** What the kernel said since a moment that explains how programs end. */
export type KernelMessages =
	| { readonly kind: "read"; readonly messages: readonly KernelMessage[] }
	/** `absent`: a job container has no log of the kernel. */
	| { readonly kind: "absent" }
	| { readonly kind: "unreadable"; readonly code: string };

export interface KernelMessage {
	readonly about: "oom" | "io" | "xid";
	/** Milliseconds since the machine was started. */
	readonly uptime: number;
	readonly text: string;
	/** Of `oom`: whose memory ran out, and who was killed; left out if it was a part of the memory that a program was bound to. */
	readonly oom?: OomRecord;
	/** Of `xid`: its number. */
	readonly xid?: number;
	/** Of `io`: the device. The block layer names the whole disk (`sda`), a file system its partition (`sda1`). */
	readonly device?: string;
}

export interface OomRecord {
	/** `machine`: all of it was used up; `group`: the limit of a control group. */
	readonly of: "machine" | "group";
	/** The group whose limit it was, and that of the victim: `/system.slice/gitea-runner.service`. */
	readonly limitGroup?: string;
	readonly group?: string;
	readonly program?: string;
}

const maxMessages = 50;

/**
 * Source: /dev/kmsg, which most kernels show to root only and job containers do not have.
 * @param since Milliseconds since the machine was started; `undefined`: not known, so no record counts.
 */
export function kernelMessagesProbe(since: number | undefined): Probe<KernelMessages> {
	return {
		name: "kernel-messages",
		async collect(host: Host): Promise<KernelMessages> {
			const log = await host.kernelLog();
			if (log.kind !== "ok") return log;
			const messages = log.value.flatMap((record) => messageOf(record) ?? []);
			return {
				kind: "read",
				messages: messages.filter(({ uptime }) => since !== undefined && uptime >= since).slice(-maxMessages),
			};
		},
	};
}

/** `6,1234,5678901,-;text`, and lines of details after it. */
function messageOf(record: string): KernelMessage | undefined {
	const match = /^(\d+),\d+,(\d+),[^;]*;([^\n]*)/.exec(record);
	// Facilities other than the kernel's own (0) are programs, a job's too, which write there what they like.
	if (!match || Number(match[1]) >> 3 !== 0) return undefined;
	const uptime = Math.round(Number(match[2]) / 1000);
	const text = bounded(match[3] ?? "", 500);
	const told = meaningOf(text);
	return told && { ...told, uptime, text };
}

function meaningOf(text: string): Omit<KernelMessage, "uptime" | "text"> | undefined {
	if (text.startsWith("oom-kill:")) {
		const oom = oomOf(text);
		return { about: "oom", ...(oom && { oom }) };
	}
	const xid = /^NVRM: Xid \([^)]*\): (\d{1,4})\b/.exec(text)?.[1];
	if (xid !== undefined) return { about: "xid", xid: Number(xid) };
	for (const pattern of ioErrors) {
		const device = pattern.exec(text)?.[1];
		if (device !== undefined) return { about: "io", device: bounded(device, 50) };
	}
	return undefined;
}

/**
 * The words of the kernel's block/blk-core.c (`blk_errors`), fs/buffer.c, and of the file systems. A disk that refuses to forget blocks
 * (`DISCARD`) loses nothing.
 */
const ioErrors = [
	/^(?:\w+: )?(?:I\/O|timeout|critical (?:medium|space allocation)|device offline) error, dev ([\w-]+), sector \d(?!.*:\((?:DISCARD|SECURE_ERASE|WRITE_ZEROES)\))/,
	/^Buffer I\/O error on dev(?:ice)? ([\w-]+), logical block \d/,
	/^EXT4-fs error \(device ([\w-]+)\)/,
	/^EXT4-fs warning \(device ([\w-]+)\): ext4_end_bio:.*I\/O error/,
	/^EXT4-fs \(([\w-]+)\): Remounting filesystem read-only/,
	/^XFS \(([\w-]+)\): .*(?:[Cc]orruption|I\/O error|writeback error|Shutting down|been shut down due to)/,
	/^BTRFS:? (?:error|critical) \(device ([\w-]+)/,
];

const limits: Readonly<Record<string, OomRecord["of"]>> = { CONSTRAINT_MEMCG: "group", CONSTRAINT_NONE: "machine" };

/** `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=node,pid=1,uid=0` */
function oomOf(text: string): OomRecord | undefined {
	const field = (name: string): string | undefined => new RegExp(`(?:[:,])${name}=([^,]*)`).exec(text)?.[1];
	const of = limits[field("constraint") ?? ""];
	// A program can bind itself to a part of the memory, which then runs out alone.
	if (!of) return undefined;
	const [limitGroup, group, program] = [field("oom_memcg"), field("task_memcg"), field("task")];
	return {
		of,
		...(limitGroup && { limitGroup: bounded(limitGroup, 300) }),
		...(group && { group: bounded(group, 300) }),
		...(program && { program: bounded(program, 100) }),
	};
}
