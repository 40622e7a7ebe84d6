import type { AskedMount } from "../../host/host.ts";
import type { Remedy } from "../check.ts";
import { code, listed, shellQuote, titleWith } from "../text.ts";
import { reason, unknown } from "../words.ts";

interface Dead {
	/** The mount to fix first. */
	readonly mount: AskedMount;
	readonly others: readonly AskedMount[];
}

export const intro =
	"Some file systems wait for a server or for another process: NFS, SMB, FUSE, 9p, virtiofs, autofs. If that does not answer, any process that touches them hangs, and often cannot even be killed. Before this action touches a path, it finds the mount that holds it, and asks each mount of such a type once, in a process of its own. A mount gets a quarter of `timeout` to answer, at most 5 seconds.\n\nA check that needs something on a dead mount is skipped as `needs:fs/mount`; everything else is judged. If the policy file is on it, the run is judged by the inputs and the built-in profiles. A mount that dies in the middle of a run is noticed, too; but if a call of this action already waits for it, only a signal may end the step, with exit code 137. If `fs/mount` is switched off, these checks are `error`, since nothing explains why they could not decide.";

export const words = {
	"not-answering": reason<Dead>({
		level: "fail",
		title: "A mount does not answer",
		headline: ({ mount }) => titleWith("The mount ", mount.target, " does not answer"),
		why: "Any step that touches the mount hangs until the job's timeout, and its processes may survive `kill -9`.",
		expected: "every mount on the paths of this run answers",
		tell: (seen) => ({ what: whatHangs(seen), fix: fix(seen.mount) }),
		more: "A FUSE file system also hangs if its daemon is stopped or deadlocked, and an NFS mount if a firewall drops its packets. A kernel log with `nfs: server … not responding` confirms the latter.",
	}),
};

export const unknowns = {
	unasked: unknown<{ readonly mounts: readonly AskedMount[] }>({
		title: "A mount could not be asked whether it answers",
		headline: ({ mounts: [mount] }) => titleWith("The mount ", mount?.target ?? "?", " could not be asked"),
		why: "Any step that touches a mount that does not answer hangs until the job's timeout.",
		expected: "a process that looks at the mount",
		tell: ({ mounts }) => ({
			what: `No process could be started to ask ${listed(mounts.map(({ target }) => code(target)))}.`,
			fix: {
				text: "Look at the mount by hand. If the machine has no room for another process, raise the limit or end what is left of old jobs.",
				commands: [
					...mounts.slice(0, 3).map(({ target }) => `timeout 5 ls -d ${shellQuote(target)}; echo "exit code $?"`),
					"ulimit -u",
				],
				kind: "host",
			},
		}),
	}),
};

function whatHangs({ mount, others }: Dead): string {
	const { target, fsType, source, ms, wanted } = mount;
	const [first] = wanted;
	const needed = first === undefined || first === target ? "" : ` This run needs ${code(first)} on it.`;
	const more =
		others.length === 0
			? ""
			: ` ${listed(others.map((other) => `${code(other.target)} (${code(other.fsType)} from ${code(other.source)})`))} ${others.length === 1 ? "does" : "do"} not answer either.`;
	return `${code(target)} (${code(fsType)} from ${code(source)}) did not answer within ${seconds(ms)}.${needed}${more}`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

/** Never `umount -f` or `-l` as the first step: processes that write there lose what is not written yet. */
function fix({ target, fsType, source }: AskedMount): Remedy {
	const server = /^(\[[0-9a-f:]+\]|[\w.-]+):\//i.exec(source)?.[1] ?? /^\/\/([\w.-]+)\//.exec(source)?.[1];
	const find = `findmnt --mountpoint ${shellQuote(target)}`;
	const lost = `If the server will not come back, unmount it: this breaks every process that has files open on ${code(target)}, and what they have not written yet is lost.`;
	if (fsType.startsWith("fuse")) {
		return {
			text: `Find the FUSE daemon behind the mount, and restart it. ${lost.replace("the server", "the daemon")}`,
			commands: [find, `ps -eo pid,stat,etime,args | grep -F ${shellQuote(target)}`],
			kind: "host",
		};
	}
	const ask = server === undefined ? [] : [`ping -c 3 ${server.replace(/[[\]]/g, "")}`];
	return {
		text: `Check whether the server behind the mount is up and reachable from this machine; the mount recovers when the server answers again. ${lost}`,
		commands: [find, ...ask, "sudo dmesg | grep -i 'not respond' | tail"],
		kind: "host",
	};
}
