import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import type { KernelMessages } from "../../probes/kernel-messages.ts";
import { type MachineState, type MountState, machineStateProbe } from "../../probes/machine-state.ts";
import { atStart } from "../facts.ts";
import { kernelMessages } from "../handles.ts";
import { sameBoot } from "../span.ts";
import { intro, words } from "./filesystem-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

type Reason = keyof typeof words;

export const afterFilesystem: Check = defineCheck({
	id: "after/filesystem",
	title: "No file system of the job failed",
	intro,
	reasons: words,
	needs: { before: atStart(machineStateProbe), now: machineStateProbe, kernel: kernelMessages },
	judge({ before, now, kernel }): Verdict<Reason> {
		if (!before) return notSeenBefore("the mounts");
		if (!sameBoot(before, now)) return afterReboot;
		const both = now.mounts.flatMap((is) => {
			// Another file system at the same place is another mount, which somebody put there.
			const was = before.mounts.find(({ target, device }) => target === is.target && device === is.device);
			return was ? [{ was, is, errors: errorsOf(is, before, now, kernel) }] : [];
		});
		const evidence = both.map(
			({ is }): Evidence => ({
				source: "/proc/self/mountinfo",
				text: `${is.target} (${is.fsType}): ${is.readOnly ? `read-only ${is.options}`.trim() : "writable"}`,
			}),
		);
		const turned = both.find(({ was, is }) => is.readOnly && !was.readOnly);
		if (turned) {
			const seen = { mount: turned.is, errors: turned.errors, before, now };
			const own = evidence.filter(({ text }) => text.startsWith(`${turned.is.target} `));
			const observed = `read-only ${turned.is.options}`.trim();
			return finding(words, "read-only", seen, { observed, evidence: [...own, ...turned.errors] });
		}
		const failed = both.find(({ errors }) => errors.length > 0);
		if (failed) {
			const seen = { mount: failed.is, before, now };
			return finding(words, "io-error", seen, { observed: failed.errors[0]?.text ?? "", evidence: failed.errors });
		}
		if (!isProof(evidence))
			return { kind: "skip", reason: "not-applicable", message: "No mount of the start is here any more." };
		return { kind: "pass", message: "The file systems of the job are as they were", evidence };
	},
});

/** Errors of the mount's device in between. */
function errorsOf(
	{ name }: MountState,
	before: MachineState,
	now: MachineState,
	kernel: KernelMessages,
): readonly Evidence[] {
	if (name === undefined) return [];
	const [was, is] = [before.ext4[name], now.ext4[name]];
	const counted: readonly Evidence[] =
		was && is && is.errors > was.errors
			? [
					{
						source: `/sys/fs/ext4/${name}`,
						text: `errors_count ${was.errors} at the start, ${is.errors} now${is.lastError ? `, the last at ${new Date(is.lastError * 1000).toISOString()}` : ""}`,
					},
				]
			: [];
	const messages = kernel.kind === "read" ? kernel.messages : [];
	const told = messages
		.filter(({ about, device }) => about === "io" && device !== undefined && isOn(name, device))
		.slice(-3)
		.map(({ text }) => ({ source: "/dev/kmsg", text }));
	return [...counted, ...told];
}

/** Is it this device, or a partition of this disk: `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`? */
function isOn(name: string, device: string): boolean {
	const part = name.startsWith(device) ? name.slice(device.length) : undefined;
	return part === "" || (part !== undefined && (/\d$/.test(device) ? /^p\d+$/ : /^\d+$/).test(part));
}
