import type { BlockedDirectory } from "../../host/host.ts";
import type { WritableFacts, WritablePlace } from "../../probes/writable.ts";
import type { Remedy } from "../check.ts";
import { code, listed, octal, shellQuote } from "../text.ts";
import { reason } from "../words.ts";
import { isOfSystem } from "./places.ts";

export interface Leftovers {
	/** The first few directories that cannot be emptied; at least one. */
	readonly blocked: readonly BlockedDirectory[];
	readonly workspace: WritablePlace;
	/** The job's user. */
	readonly user: Pick<WritableFacts, "uid" | "gid">;
}

export const leftoverWords = reason<Leftovers>({
	level: "fail",
	title: "The workspace holds files that the job cannot remove",
	headline: ({ blocked, user }) =>
		blocked.some(({ uid }) => uid !== user.uid)
			? "The workspace holds files of another user"
			: "The workspace holds read-only directories",
	why: "The next checkout cannot clean the workspace. It stops with `EACCES: permission denied` after `warning: failed to remove`.",
	expected: "directories that the job's user can empty",
	tell: (seen) => ({ what: whatIsLeft(seen), fix: clean(seen) }),
	more: "A short look: the upper directories first, at most 400 of them and for 20 ms. It does not follow links, nor look at file systems whose calls wait for a server (NFS, FUSE). Nothing is looked at for root, whom no permission stops. What counts is the directory: a file of root in a directory of the job's user can be removed.",
});

function whatIsLeft({ blocked, user }: Leftovers): string {
	const paths = blocked.map(({ path, uid, mode }) => `${code(path)} (uid ${uid}, mode ${code(octal(mode))})`);
	const which = blocked.length === 1 ? "this directory" : "these directories";
	return `This job runs as uid ${user.uid} and cannot remove what is in ${which} of its workspace: ${listed(paths)}.`;
}

function clean({ blocked, workspace, user }: Leftovers): Remedy {
	const uid = user.uid ?? 0;
	const directory = workspace.directory ?? workspace.path;
	const safe = blocked.filter(({ path }) => !isOfSystem(path));
	const foreign = safe.filter((one) => one.uid !== uid);
	const closed = safe.filter(({ mode }) => (mode & 0o200) === 0);
	if (safe.length === 0) {
		return {
			text: `Start the job in a workspace of its own: ${code(directory)} holds directories of the system, which must keep their owner and mode.`,
			commands: [`ls -ldn ${pathsOf(blocked)}`],
			kind: "runner",
		};
	}
	if (foreign.length === 0) {
		return {
			text: "Give the directories' modes write permission back. The job's user owns them. Go makes its module cache read-only: `go clean -modcache` removes it, and `GOFLAGS=-modcacherw` keeps it writable.",
			commands: [`chmod -R u+rwX ${pathsOf(safe)}`],
			kind: "host",
		};
	}
	const isItsOwn = (workspace.uid === uid || workspace.uid === 0) && !isOfSystem(directory);
	const byRoot = foreign.some((one) => one.uid === 0);
	return {
		text: `Give ${isItsOwn ? "the workspace" : "these directories"} to the job's user, once, on the machine that holds ${isItsOwn ? "it" : "them"}.${byRoot ? " Usually a container that ran as root in this workspace left these files." : ""}`,
		commands: [
			`sudo chown -R ${uid}:${user.gid ?? uid} ${isItsOwn ? shellQuote(directory) : pathsOf(foreign)}`,
			...(closed.length === 0 ? [] : [`sudo chmod -R u+rwX ${pathsOf(closed)}`]),
		],
		kind: "host",
		otherwise: {
			text: 'To prevent it, start containers that write to the workspace as its owner: `docker run --user "$(id -u):$(id -g)"`.',
			kind: "workflow",
		},
	};
}

function pathsOf(directories: readonly BlockedDirectory[]): string {
	return directories.map(({ path }) => shellQuote(path)).join(" ");
}
