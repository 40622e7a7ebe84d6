import { builderUser, otherImage } from "./support/builder-image.ts";
import { dockerGroup } from "./support/engine.ts";
import { leftoverMark } from "./support/job.ts";
import type { BrokenSocket } from "./support/sockets.ts";

/** One job on a real runner that was broken (or not) in one way, and what the action must find. */
export interface Case {
	name: string;
	/** `container` is a `matric-builder` job in the builder image, `host` a `titan` job on this machine. */
	on?: "container" | "host";
	/** A host job runs as an ordinary user who may use Docker, not as root. */
	ordinaryUser?: boolean;
	/** What lies in place of a good Docker socket. */
	socket?: BrokenSocket | "missing";
	/** The image of the job container, where it is not the builder image. */
	image?: string;
	/** Options of the job container. `OLD_DOCKER` stands for the path of a Docker client 20.10. */
	options?: string;
	/** A shell script that breaks something in the job before the check runs. */
	before?: string;
	/** Inputs of the action. */
	with?: Record<string, string>;
	/** Every `id:reason` that may be `fail` or `error`. The exit status must be 1, or 0 where there is none. */
	fails: string[];
	/** Every `id:reason` that may be `warn`, each with the reason why it comes with this case. */
	warns?: string[];
}

/** Puts a shell script in place of a tool. */
const standIn = (path: string, script: string) =>
	`rm -f ${path} && cat > ${path} <<'END'\n#!/bin/sh\n${script}\nEND\nchmod +x ${path}`;

/** Puts the workspace of a host job onto a small file system. */
const workspaceOn = (options: string, then = "true") =>
	[
		'small=$(mktemp -d "$RUNNER_TEMP/small.XXXX")',
		`mount -t tmpfs -o ${options} small "$small"`,
		'cp -a . "$small"',
		`(cd "$small" && ${then})`,
		'mount --bind "$small" "$PWD"',
	].join(" && ");

/** Only root can mount something over a workspace. */
const rootOnHost = "runner/user:root";

const rust = "/usr/local/rust/bin";

export const cases: Case[] = [
	// Nothing wrong.
	{ name: "container job as root", fails: [] },
	{
		name: "container job as a user of the docker group",
		options: `--user ${builderUser} --group-add ${dockerGroup}`,
		fails: [],
	},
	{
		name: "container job with a uid that has no name and no HOME of its own",
		options: `--user 4242 --group-add ${dockerGroup} --env CARGO_HOME=/tmp/cargo --env DOCKER_CONFIG=/tmp/docker`,
		fails: [],
	},
	{
		name: "container job whose user has no place for buildx",
		options: `--user 4242 --group-add ${dockerGroup} --env CARGO_HOME=/tmp/cargo`,
		fails: ["docker/client:foreign-owned"],
	},
	{ name: "host job as a user of the docker group", on: "host", ordinaryUser: true, fails: [] },
	{ name: "host job as root", on: "host", fails: [], warns: [rootOnHost] },

	// The socket.
	{ name: "socket missing", socket: "missing", fails: ["docker/socket:missing"] },
	{ name: "socket is a directory", socket: "directory", fails: ["docker/socket:directory"] },
	{ name: "socket is a plain file", socket: "plain-file", fails: ["docker/socket:not-a-socket"] },
	{ name: "socket is stale", socket: "stale", fails: ["docker/socket:refused"] },
	{ name: "daemon stopped", socket: "stopped", fails: ["docker/socket:refused"] },
	{
		name: "user outside of the socket's group",
		options: `--user ${builderUser}`,
		fails: ["docker/socket:permission-denied"],
	},
	{ name: "socket is world-writable", socket: "world-writable", fails: ["docker/socket:world-writable"] },

	// The daemon behind it.
	{
		name: "daemon accepts and never answers",
		socket: "silent",
		with: { timeout: "2s" },
		fails: ["docker/daemon:timeout"],
	},
	{
		name: "daemon begins an answer and never ends it",
		socket: "drip",
		with: { timeout: "2s" },
		fails: ["docker/daemon:timeout"],
	},
	{ name: "daemon talks garbage", socket: "garbage", fails: ["docker/daemon:not-docker"] },
	{ name: "daemon answers HTTP 500", socket: "http-500", fails: ["docker/daemon:http-error"] },
	{
		name: "Docker 20.10 client, engine that accepts API 1.44 and newer",
		socket: "minimum-api-1.44",
		options: "--volume OLD_DOCKER:/usr/local/bin/docker",
		fails: ["docker/api-version:client-too-old"],
	},

	// The tools.
	{ name: "rustc missing", before: `rm ${rust}/rustc`, fails: ["tool/rustc:missing"] },
	{
		name: "cargo in ~/.cargo/bin, which is not on the PATH",
		before: `mkdir -p ~/.cargo/bin && mv ${rust}/cargo ~/.cargo/bin`,
		fails: ["tool/cargo:off-path"],
	},
	{
		name: "rustup without a default toolchain",
		before: `for tool in rustc cargo; do cp /opt/rustup/rustup ${rust}/$tool; done`,
		fails: ["tool/rustc:no-default-toolchain"], // cargo, which fails for the same reason, waits for it
	},
	{ name: "rustc older than asked for", with: { tools: 'rustc: ">=99"' }, fails: ["tool/rustc:out-of-range"] },
	{
		name: "rustc of long ago",
		before: standIn(`${rust}/rustc`, "echo 'rustc 1.40.0 (73528e339 2019-12-16)'"),
		with: { tools: 'rustc: ">=1.92"' },
		fails: ["tool/rustc:out-of-range"],
	},
	{
		name: "nowhere to put crates: a uid with / for its HOME",
		options: `--user 4242 --group-add ${dockerGroup}`,
		fails: ["rust/consistency:cargo-home-not-writable"],
	},
	{
		name: "tool hangs and ignores SIGTERM",
		before: standIn("/usr/bin/git", `trap '' TERM\nwhile :; do sleep ${leftoverMark}; done`),
		with: { timeout: "2s" },
		fails: ["tool/git:timeout"],
	},
	{
		name: "tool leaves a child that keeps its output open",
		before: standIn("/usr/bin/git", `sleep ${leftoverMark} &\necho git version 2.39.5`),
		with: { timeout: "2s" },
		fails: [], // it did say its version
	},

	// The disk.
	{
		name: "disk below the floor",
		on: "host",
		before: workspaceOn("size=64m,nr_inodes=2m"),
		fails: ["disk/free:low"],
		warns: [rootOnHost],
	},
	{
		name: "no inodes left",
		on: "host",
		before: workspaceOn("size=64g,nr_inodes=200", "i=0; while : > filler.$i; do i=$((i + 1)); done 2> /dev/null"),
		fails: ["disk/inodes:low"],
		warns: [rootOnHost],
	},
	{
		name: "workspace is read-only",
		on: "host",
		before: 'mount --bind . "$PWD" && mount -o remount,bind,ro "$PWD"',
		fails: ["fs/writable:read-only"],
		warns: [rootOnHost],
	},

	// Where the job landed.
	{
		name: "container label on a host runner",
		on: "host",
		with: { profile: "matric-builder" },
		fails: ["runner/mode:host-instead-of-container"],
		warns: [rootOnHost],
	},
	{
		name: "host label on a container runner",
		with: { profile: "titan" },
		fails: ["runner/mode:container-instead-of-host"],
	},
	{ name: "another image than the profile's", image: otherImage, fails: ["runner/image:wrong-image"] },
];
