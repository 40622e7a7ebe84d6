import { errnoText } from "../../errno-text.ts";
import { runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { AccountFacts } from "../../probes/account.ts";
import type { ToolCacheFacts } from "../../probes/tool-cache.ts";
import type { Remedy } from "../check.ts";
import { configFile, holdsHere, optionLine, restartRunner, type Situation } from "../docker/situation.ts";
import { lookAt } from "../find-out.ts";
import { isOfSystem } from "../resources/places.ts";
import { code, listed, shellQuote, yamlValue } from "../text.ts";
import { reason, skipReason, unknown } from "../words.ts";

export interface Cache {
	readonly path: string;
	readonly mount: ToolCacheFacts["mount"];
	readonly situation: Situation;
}

/** Why a cache ends with the job. */
export type Transience = "not-set" | "per-job" | "absent" | "in-container" | "in-memory" | "unnamed-volume";

interface NotPersistent extends Cache {
	readonly cause: Transience;
	readonly runnerVersion: string | undefined;
	readonly profile: string;
}

interface NotWritable extends Cache {
	readonly obstacle: "absent" | "unreadable" | "not-a-directory" | "read-only" | "owner";
	readonly errno: string | undefined;
	readonly account: AccountFacts;
}

interface Incomplete extends Cache {
	/** `node/22.11.0/x64` */
	readonly entries: readonly string[];
}

export const intro = `Checks the directory that \`RUNNER_TOOL_CACHE\` names, where \`setup-node\` and similar actions keep their downloads: does it exist, can jobs write to it, does it outlive the job, and are its entries complete? A builder image brings its own tools and needs no such cache, so most of this is reported only if the profile says \`tool-cache: persistent\`.

The directory is read like the actions' own library reads it: \`<tool>/<version>/<arch>\`, next to \`<arch>.complete\`.`;

export const words = {
	"not-set": skipReason({
		level: "skip",
		title: "No tool cache is set",
		message: "`RUNNER_TOOL_CACHE` is not set.",
		more: "Skipped, as in a terminal. In a job whose profile wants a persistent cache, this is `not-persistent`.",
	}),
	"not-writable": reason<NotWritable>({
		level: "warn",
		title: "The tool cache is not writable",
		headline: ({ obstacle }) => {
			if (obstacle === "absent") return "The tool cache cannot be created";
			return obstacle === "not-a-directory" ? "The tool cache is not a directory" : "The tool cache is not writable";
		},
		why: ({ obstacle }) =>
			`\`setup-node\`, \`setup-python\` and similar actions fail with ${errorsOf[obstacle]} when they have to download a version.`,
		expected: ({ account }) => `a directory that uid ${account.uid} can write to`,
		tell: (seen) => ({ what: `The tool cache ${code(seen.path)} ${obstacleIn(seen)}.`, fix: makeWritable(seen) }),
		more: "An ordinary user in a container whose cache belongs to root is not warned about unless the profile asks for a cache: Docker creates the runner's volume that way, and it matters only to jobs that use `setup-*` actions.",
	}),
	"not-persistent": reason<NotPersistent>({
		level: "skip",
		title: "The tool cache does not outlive the job",
		why: "Every job downloads its tools again. That takes minutes, and fails if the network or a rate limit is in the way.",
		expected: "a tool cache that outlives the job",
		tell: (seen) => ({
			what: `The profile ${code(seen.profile)} asks for a persistent tool cache, but ${notKept(seen)}`,
			fix: keep(seen),
		}),
		more: "Reported only if the profile says `tool-cache: persistent`; skipped otherwise.",
	}),
	incomplete: reason<Incomplete>({
		level: "warn",
		title: "The tool cache holds incomplete downloads",
		headline: ({ entries }) =>
			entries.length === 1
				? "The tool cache holds an incomplete download"
				: `The tool cache holds ${entries.length} incomplete downloads`,
		why: "A download was interrupted, or another job is downloading right now. Actions ignore such a directory, so every job downloads that version again.",
		expected: "a file `<arch>.complete` next to each tool's directory",
		tell: (seen) => ({
			what: `The tool cache ${code(seen.path)} has ${shownEntries(seen)} without the file \`.complete\`.`,
			fix: removeEntries(seen),
		}),
	}),
};

const errorsOf: Readonly<Record<NotWritable["obstacle"], string>> = {
	absent: "`EACCES`",
	unreadable: "`EACCES`",
	"not-a-directory": "`ENOTDIR`",
	"read-only": "`EROFS`",
	owner: "`EACCES`",
};

/** A sentence that may follow a "but", then the runner's version if that explains it. */
export function notKept(seen: NotPersistent): string {
	return `${code(seen.path)} is not kept for the next job: ${causeOf(seen.cause)}.${versionNote(seen)}`;
}

export function causeOf(cause: Transience): string {
	switch (cause) {
		case "not-set":
			return "RUNNER_TOOL_CACHE is not set";
		case "per-job":
			return "it is in the folder that the runner removes after the job";
		case "absent":
			return "it does not exist in this container";
		case "in-container":
			return "it is part of the container, which is removed after the job";
		case "in-memory":
			return "it is in memory (tmpfs)";
		case "unnamed-volume":
			return "its volume has no name and is removed with the container";
	}
}

/** Only where nothing is mounted can the runner's version be the cause. */
function versionNote({ cause, situation, runnerVersion }: NotPersistent): string {
	if (cause !== "not-set" && cause !== "absent" && cause !== "in-container") return "";
	const knowledge = runnerKnowledge("tool-cache-not-kept");
	switch (holdsHere("tool-cache-not-kept", situation)) {
		case "yes":
			return ` With runner ${code(runnerVersion ?? "?")}, ${knowledge.what}.`;
		case "no":
			return "";
		case "unknown":
			return ` With runners ${versionsOf(knowledge)}, ${knowledge.what}.`;
	}
}

function keep({ path, situation }: NotPersistent): Remedy {
	const { system, inContainer } = situation;
	if (system === "github" || system === "none") {
		return {
			text: "Mount a directory of the host at this path.",
			config: {
				file: "the workflow's job",
				language: "yaml",
				text: `container:\n  volumes:\n    - ${yamlValue(`/srv/toolcache:${path}`)}`,
			},
			kind: "workflow",
			otherwise: putIntoImage,
		};
	}
	if (!inContainer) {
		// Only Gitea's runner has this mode.
		if (system !== "gitea") return installOnMachine;
		return {
			text: `Let the runner keep one cache for all its jobs. \`capacity\` must be 1, because two jobs that install the same version at once damage the cache.${needsMode(situation)}`,
			config: { file: configFile, language: "yaml", text: "runner:\n  capacity: 1\n  tool_cache_mode: shared" },
			commands: restartRunner(situation),
			kind: "runner",
			otherwise: installOnMachine,
		};
	}
	const withVolume =
		system === "gitea"
			? " With `capacity: 1`, `tool_cache_mode: shared` (runner 3.2.0 and newer) does the same with a volume."
			: "";
	return {
		text: `Mount a directory of the host at this path, and allow it: the runner silently drops what \`valid_volumes\` does not name.${withVolume}`,
		config: {
			file: configFile,
			language: "yaml",
			text: `container:\n${optionLine(`--volume ${shellQuote(`/srv/toolcache:${path}`)}`)}\n  valid_volumes:\n    - /srv/toolcache`,
		},
		commands: ["sudo mkdir -p /srv/toolcache", ...restartRunner(situation)],
		kind: "runner",
		otherwise: putIntoImage,
	};
}

const putIntoImage = {
	text: "Put what every job needs into the image: no download, no cache, and the same version everywhere.",
	kind: "image",
} as const satisfies Remedy;

const installOnMachine = {
	text: "Install what every job needs on the machine: no download, no cache, and the same version in every job.",
	kind: "host",
} as const satisfies Remedy;

/** `tool_cache_mode` came in the release that stopped keeping the cache. */
function needsMode(situation: Situation): string {
	return holdsHere("tool-cache-not-kept", situation) === "yes"
		? ""
		: " This needs runner 3.2.0 or newer: older ones ignore `tool_cache_mode`.";
}

function obstacleIn({ obstacle, errno, account }: NotWritable): string {
	switch (obstacle) {
		case "absent":
			return `does not exist, and uid ${account.uid} cannot create it`;
		case "unreadable":
			return `cannot be read (${errno})`;
		case "not-a-directory":
			return "is not a directory";
		case "read-only":
			return "is mounted read-only";
		case "owner":
			return `is not writable for uid ${account.uid}`;
	}
}

function makeWritable(seen: NotWritable): Remedy {
	const { obstacle, path, account, situation } = seen;
	switch (obstacle) {
		case "absent":
			return {
				text: `Create the directory for ${userOf(account)}.`,
				commands: [`sudo install -d -o ${account.uid} -g ${account.gid} ${shellQuote(path)}`],
				kind: "host",
			};
		case "unreadable":
			return {
				text: `Give the jobs' user access to every directory above it. This command shows which one is closed.`,
				commands: [`namei -l ${shellQuote(path)}`],
				kind: situation.inContainer ? "image" : "host",
			};
		case "not-a-directory":
			return {
				text: "Replace the file with a directory, or point `RUNNER_TOOL_CACHE` to another path.",
				kind: situation.inContainer ? "image" : "host",
			};
		case "read-only":
			return {
				text: "Remove `:ro` from its mount in `container.options` of the runner's `config.yaml`.",
				commands: restartRunner(situation),
				kind: "runner",
			};
		case "owner":
			return giveToUser(seen);
	}
}

function userOf({ uid }: AccountFacts): string {
	return `the user that the jobs run as (uid ${uid})`;
}

/** A path that is not clearly a tool cache of its own gets no `chown -R`: it might be a directory of the system. */
function giveToUser({ path, mount, account, situation }: NotWritable): Remedy {
	const user = userOf(account);
	const isToolCache = /^\/[^/]*tool[^/]*$/i.test(path) || (/tool[^/]*\/*$/i.test(path) && !isOfSystem(path));
	const chown = (place: string) => `chown -R ${account.uid}:${account.gid} ${place}`;
	if (!situation.inContainer) {
		return {
			text: `Give the directory to ${user}.`,
			...(isToolCache && { commands: [`sudo ${chown(shellQuote(path))}`] }),
			kind: "host",
		};
	}
	if (mount === undefined) {
		return {
			text: `Give the directory to ${user}.`,
			...(isToolCache && {
				config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${chown(shellQuote(path))}` },
			}),
			kind: "image",
		};
	}
	const volume = volumeOf(mount);
	if (volume === undefined) {
		return {
			text: `Give the host's directory that is mounted there (${code(mount.root)} on its file system) to ${user}.`,
			kind: "host",
		};
	}
	return {
		text: `Give the volume to ${user}. A new volume takes the owner of the directory in the image.`,
		commands: [`sudo ${chown(mountpoint(volume))}`],
		kind: "host",
	};
}

/** The name of the Docker volume that is mounted. */
function volumeOf(mount: Cache["mount"]): string | undefined {
	return /\/volumes\/([\w.-]+)\/_data$/.exec(mount?.root ?? "")?.[1];
}

function mountpoint(volume: string): string {
	return `"$(docker volume inspect -f '{{.Mountpoint}}' ${shellQuote(volume)})"`;
}

const maxRemoved = 20;

function shownEntries({ entries }: Incomplete): string {
	const shown = entries.slice(0, 5).map(code);
	return entries.length > shown.length
		? `${shown.join(", ")} and ${entries.length - shown.length} more`
		: listed(shown);
}

function removeEntries({ path, mount, entries, situation }: Incomplete): Remedy {
	const [what, them] = entries.length === 1 ? ["this directory", "it"] : ["these directories", "them"];
	const text = `Remove ${what} when no job is running: a running job may be using ${them}. The next job downloads ${them} again. If this happens again, look for canceled jobs, a full disk, or two jobs that share the cache.`;
	const volume = situation.inContainer ? volumeOf(mount) : undefined;
	if (situation.inContainer && volume === undefined) {
		const source = mount === undefined ? "" : ` (${code(mount.root)} on its file system)`;
		return { text: `${text} On the host, the cache is the directory mounted at ${code(path)}${source}.`, kind: "host" };
	}
	if (volume === undefined && isOfSystem(path) && !/tool/i.test(path)) return { text, kind: "host" };
	// Without the volume, an empty variable would make this a path of the system.
	const [find, root] = volume === undefined ? ["", shellQuote(path)] : [`dir=${mountpoint(volume)} && `, '"${dir:?}"'];
	return {
		text,
		commands: entries.slice(0, maxRemoved).map((entry) => `${find}sudo rm -r ${root}/${shellQuote(entry)}`),
		kind: "host",
	};
}

export const unknowns = {
	contents: unknown<{ readonly path: string; readonly errno: string }>({
		title: "Unknown which tools the tool cache has",
		why: "`setup-*` actions list this directory too. If they cannot, they fail, or download the tool again in every job.",
		expected: "a directory that can be listed",
		tell: ({ path, errno }) => ({
			what: `${code(path)} cannot be listed: ${errnoText(errno)}.`,
			fix: lookAt(path, errno),
		}),
	}),
	mounts: unknown<{ readonly path: string }>({
		title: "Unknown whether the tool cache is kept",
		why: "If it is not, every job downloads its tools again, which takes minutes and fails without a network.",
		expected: ({ path }) => `the mount that contains ${code(path)}`,
		tell: ({ path }) => ({
			what: `Could not find out whether ${code(path)} is a mount: \`/proc/self/mountinfo\` cannot be read.`,
			fix: lookAt("/proc/self/mountinfo", "EACCES"),
		}),
	}),
};
