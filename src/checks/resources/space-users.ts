import type { SpaceUser, SpaceUsersFacts } from "../../probes/space-users.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import type { Evidence, Remedy } from "../check.ts";
import { pruningLoses } from "../docker/situation.ts";
import { code, listed, operand, shellQuote } from "../text.ts";
import { isOfSystem } from "./places.ts";

/** Named in a finding. */
const maxNamed = 5;

/** What takes most of a disk: bytes, or inodes, which only directories are counted by. */
export interface Fillers {
	readonly users: readonly SpaceUser[];
	readonly by: "bytes" | "files";
}

/**
 * The largest things on a disk of this size. What an engine stores counts too if its disk is not visible.
 * @param diskBytes Size of the disk's file system.
 */
export function fillersOf(
	facts: SpaceUsersFacts | undefined,
	diskBytes: number,
	by: Fillers["by"] = "bytes",
): Fillers | undefined {
	const onDisk = (facts?.users ?? []).filter((user) => user.diskBytes === undefined || user.diskBytes === diskBytes);
	const counted =
		by === "files" ? onDisk.filter(({ files = 0 }) => files > 0) : onDisk.filter(({ bytes }) => bytes > 0);
	const users = [...counted].sort((a, b) => amountOf(b, by) - amountOf(a, by)).slice(0, maxNamed);
	return users.length === 0 ? undefined : { users, by };
}

/** The engine's own, whatever disk they are on: the check of its storage knows that it is this one. */
export function fillersOfEngine(facts: SpaceUsersFacts | undefined): Fillers | undefined {
	const users = (facts?.users ?? []).filter(({ kind, bytes }) => isOfEngine(kind) && bytes > 0).slice(0, maxNamed);
	return users.length === 0 ? undefined : { users, by: "bytes" };
}

function isOfEngine(kind: SpaceUser["kind"]): boolean {
	return ["image", "shared-layers", "container", "volume", "builder", "build-cache", "container-log"].includes(kind);
}

function amountOf({ bytes, files = 0 }: SpaceUser, by: Fillers["by"]): number {
	return by === "files" ? files : bytes;
}

/** `` The largest: image `x` (41 GiB, unused) and the build cache (12 GiB). `` with a blank before it. */
export function whoFills(fillers: Fillers | undefined): string {
	if (!fillers) return "";
	return ` The largest: ${listed(fillers.users.map((user) => `${nameOf(user)} (${detailsOf(user, fillers.by)})`))}.`;
}

export function fillersEvidence(fillers: Fillers | undefined, facts: SpaceUsersFacts | undefined): readonly Evidence[] {
	return [
		...(fillers?.users ?? []).map((user) => ({
			source: sourceOf(user),
			text: `${plainName(user)}: ${detailsOf(user, fillers?.by ?? "bytes")}`,
		})),
		...(facts?.unseen ?? []).map((text) => ({ source: "GET /system/df", text })),
	];
}

function detailsOf(user: SpaceUser, by: Fillers["by"]): string {
	const amount = by === "files" ? `${formatCount(user.files ?? 0)} files` : formatBytes(user.bytes);
	return [
		`${user.atLeast ? "at least " : ""}${amount}`,
		...(user.unused ? [user.kind === "container" ? "stopped" : "unused"] : []),
	].join(", ");
}

function nameOf(user: SpaceUser): string {
	const name = code(user.name);
	switch (user.kind) {
		case "image":
			return `image ${name}`;
		case "shared-layers":
			return "the layers that several images share";
		case "container":
			return `what container ${name} wrote`;
		case "volume":
			return `volume ${name}`;
		case "builder":
			return `the cache of builder ${name}`;
		case "build-cache":
			return "the build cache";
		case "container-log":
			return `the log of container ${name}`;
		case "workspace":
			return `this job's workspace ${name}`;
		case "old-workspace":
			return `another workspace, ${name}`;
		case "act-cache":
			return `the runner's cache ${name}`;
		case "tool-cache":
			return `the tool cache ${name}`;
		case "temp":
			return `temporary files in ${name}`;
	}
}

function plainName(user: SpaceUser): string {
	return nameOf(user).split("`").join("");
}

function sourceOf({ kind, name }: SpaceUser): string {
	if (kind === "container-log") return "logs of containers";
	return isOfEngine(kind) ? "GET /system/df" : `files in ${name}`;
}

/**
 * Removes what is named, and nothing that is in use: Docker refuses that itself, and the rest is to be removed while no job runs.
 */
export function removeFillers({ users }: Fillers, engine: "docker" | "podman"): Omit<Remedy, "otherwise"> {
	const commands = users.flatMap((user) => commandsFor(user, engine));
	const kinds = new Set(users.map(({ kind }) => kind));
	const prunes = commands.some((line) => /\bprune\b/.test(line));
	const refuses = commands.some((line) => /^\w+ (?:image |volume )?rm\b/.test(line));
	const idle = [...(kinds.has("volume") ? ["volumes"] : []), ...(kinds.has("old-workspace") ? ["workspaces"] : [])];
	const text = [
		commands.some((line) => /\brm\b|\bprune\b/.test(line))
			? "Remove those that are no longer needed: each command says what it removes."
			: "Look into these, and remove what is no longer needed.",
		...(refuses ? [`${engine === "podman" ? "Podman" : "Docker"} refuses to remove what a container uses.`] : []),
		...(idle.length > 0 ? [`Remove ${listed(idle)} only while no job is running.`] : []),
		...(prunes ? ["Pruning takes what is unused and older than a week."] : []),
		...(prunes || kinds.has("image") ? [pruningLoses(engine)] : []),
		...(kinds.has("container-log")
			? ["The limit of the logs holds for containers that are created after the next start of Docker."]
			: []),
	].join(" ");
	return {
		text,
		commands,
		...(kinds.has("container-log") && {
			config: {
				file: "/etc/docker/daemon.json",
				language: "json" as const,
				text: '{ "log-opts": { "max-size": "10m", "max-file": "3" } }',
			},
		}),
		kind: "host",
	};
}

function commandsFor(user: SpaceUser, engine: "docker" | "podman"): readonly string[] {
	const { kind, name, unused } = user;
	const size = `${formatBytes(user.bytes)}`;
	switch (kind) {
		case "image":
			return unused
				? [`${engine} image rm ${operand(name)}   # an image of ${size} that no container uses`]
				: [`${engine} ps --all --filter ${shellQuote(`ancestor=${name}`)}   # who uses this image`];
		case "shared-layers":
			return [`${engine} image ls   # images that share layers free them together`];
		case "container":
			return unused
				? [`${engine} rm ${operand(name)}   # a stopped container, with what it wrote`]
				: [`${engine} diff ${operand(name)} | head   # what a running container wrote`];
		case "volume":
			return unused
				? [`${engine} volume rm ${operand(name)}   # all data of an unused volume: it may be a database`]
				: [`${engine} ps --all --filter ${shellQuote(`volume=${name}`)}   # who uses this volume`];
		case "builder":
			return [`docker buildx prune --builder ${shellQuote(name)} --filter until=168h   # cache of this builder`];
		case "build-cache":
			return [`${engine} builder prune --filter until=168h   # build cache`];
		case "container-log":
			return [`${engine} inspect --format '{{.LogPath}}' ${operand(name)}   # where the log is`];
		case "old-workspace":
			return isRemovable(name)
				? [
						`sudo find ${shellQuote(name)} -maxdepth 0 -mtime +0 -exec rm -r --one-file-system {} +   # a workspace that is older than a day, while no job is running`,
					]
				: [lookInto(name)];
		default:
			return [lookInto(name)];
	}
}

function lookInto(path: string): string {
	return `sudo du -xh --max-depth=2 -- ${shellQuote(path)} | sort -h | tail -20`;
}

/** A path that cannot be a directory of the system, in whatever way it got into the facts. */
function isRemovable(path: string): boolean {
	return /^\/[^/]+\/.+\/(?:act|_work)\/[^/.][^/]*$/.test(path) && !path.includes("/../") && !isOfSystem(path);
}
