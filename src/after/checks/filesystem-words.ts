import type { Evidence } from "../../checks/check.ts";
import { code, cut, shellQuote } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { MachineState, MountState } from "../../probes/machine-state.ts";
import { span } from "../span.ts";

interface Failed {
	readonly mount: MountState;
	readonly before: MachineState;
	readonly now: MachineState;
}

export const intro =
	"Compares the mounts of the job's places with the start: the options of the mount and of the file system itself, which show `emergency_ro` after an error while the mount still says `rw`. On ext4, `/sys/fs/ext4/<device>/errors_count` counts errors; on the host, the kernel's log names those of other file systems and of disks. Only devices that a place of the job is on count.";

export const words = {
	"read-only": reason<Failed & { readonly errors: readonly Evidence[] }>({
		level: "fail",
		title: "A file system became read-only during the job",
		headline: ({ mount: { target } }) => `${code(cut(target, 30))} became read-only`,
		why: "Writes fail with `Read-only file system`.",
		expected: "writable, as at the start",
		tell: ({ mount: { target, fsType }, errors, before, now }) => ({
			what: `The file system at ${code(target)} (${fsType}) became read-only ${span(before, now)}${errors.length > 0 ? ", after an error of the disk or of the file system" : ""}.`,
			fix: {
				text:
					errors.length > 0
						? "Back up what is on the disk, and check it and its file system before jobs use it again. `fsck` needs the file system unmounted."
						: "Find out who remounted it, then make it writable again.",
				commands:
					errors.length > 0
						? ["sudo dmesg --ctime | grep -E 'I/O error|EXT4-fs|XFS|BTRFS' | tail -n 20"]
						: [`findmnt ${shellQuote(target)}`, `sudo mount -o remount,rw ${shellQuote(target)}`],
				kind: "host",
			},
		}),
	}),
	"io-error": reason<Failed>({
		level: "fail",
		title: "A disk or its file system reported errors",
		headline: ({ mount: { target } }) => `The disk at ${code(cut(target, 25))} reported errors`,
		why: "Reads and writes fail with `Input/output error`, or files have the wrong content.",
		expected: "no errors since the start",
		tell: ({ mount: { target, name = "" }, before, now }) => ({
			what: `The disk ${code(name)} at ${code(target)} reported errors ${span(before, now)}.`,
			fix: {
				text: "Back up what is on it, and check the disk before jobs use it again.",
				commands: [
					"sudo dmesg --ctime | grep -E 'I/O error|EXT4-fs|XFS|BTRFS' | tail -n 20",
					`sudo smartctl -a ${shellQuote(`/dev/${name}`)}`,
				],
				kind: "host",
			},
		}),
	}),
};
