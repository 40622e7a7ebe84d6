import { compareVersions, findVersion } from "../../versions.ts";
import type { GivenFlag, OptionProblem } from "../create-flags.ts";
import { isOn } from "../create-flags.ts";
import { isPrivileged, optionsOf, type SocketSharing, socketSharing } from "../docker-access.ts";
import type { ConfigFile } from "../facts.ts";
import { type Context, defineRule, type Found, whereItHolds } from "../rule.ts";
import { type Setup, textsAt } from "../setup.ts";
import { positionIn, type Scalar } from "../tree.ts";
import { isAllowed, type Mount, mountsOf, normalize, socketPath } from "../volumes.ts";
import { yamlText } from "../yaml-text.ts";

type R =
	| "unterminated-quote"
	| "unknown-flag"
	| "ignored-network"
	| "stripped"
	| "duplicate-socket-mount"
	| "socket-not-mounted"
	| "volume-not-allowed";

/** `container.options`: read as the runner reads them, mounts judged against `valid_volumes` and `docker_host`. */
export const options = defineRule<R>({
	id: "config/options",
	title: "The runner accepts and keeps every option of its job containers",
	reasons: {
		"unterminated-quote": { level: "fail", title: "a quote in the options is never closed" },
		"unknown-flag": { level: "fail", title: "the options hold a flag, or a value, that the runner cannot read" },
		"ignored-network": { level: "warn", title: "`--network` in the options has no effect" },
		stripped: { level: "fail", title: "the runner drops an option because its containers are not privileged" },
		"duplicate-socket-mount": { level: "fail", title: "the Docker socket is mounted twice, so no job starts" },
		"socket-not-mounted": { level: "fail", title: "the options mount the Docker socket, and the runner refuses it" },
		"volume-not-allowed": { level: "fail", title: "`valid_volumes` does not allow a mount of the options" },
	},
	fine: "the runner accepts and keeps every option",
	find(setup, context) {
		const { config } = setup;
		const { scalar, options } = optionsOf(setup);
		if (!config || !scalar) return [];
		const place = placeOf(config, scalar, setup, context);
		if (options.problem) return [unreadable(place, options.problem)];
		return [
			...options.flags.flatMap((flag) => judgeFlag(place, flag)),
			...mountsOf(options.flags).flatMap((mount) => judgeMount(place, mount)),
		];
	},
});

interface Place {
	readonly config: ConfigFile;
	readonly scalar: Scalar;
	readonly setup: Setup;
	readonly context: Context;
	readonly sharing: SocketSharing;
	/** What `valid_volumes` says. */
	readonly valid: readonly string[];
	/** The same with what the runner mounts itself: its own volumes and the socket are allowed without being named. */
	readonly allowed: readonly string[];
	/** Do globs stop at slashes, and in which versions? */
	readonly strictGlobs: { readonly versions?: string } | undefined;
}

function placeOf(config: ConfigFile, scalar: Scalar, setup: Setup, context: Context): Place {
	const sharing = socketSharing(setup);
	const valid = textsAt(config.root, "container", "valid_volumes");
	const own = sharing.kind === "mounted" ? [sharing.source, "act-toolcache"] : ["act-toolcache"];
	const strictGlobs = whereItHolds("volume-glob-stops-at-slash", setup, context);
	return { config, scalar, setup, context, sharing, valid, allowed: [...valid, ...own], strictGlobs };
}

function at(place: Place, offset: number): Pick<Found<R>, "file" | "line" | "column"> {
	return { file: place.config.path, ...positionIn(place.scalar, offset) };
}

const diesInSetUp = "Every job dies while its container is made, before the first step.";

function unreadable(place: Place, problem: OptionProblem): Found<R> {
	const base = { ...at(place, problem.offset), why: diesInSetUp };
	switch (problem.kind) {
		case "unterminated": {
			const line = lineAround(place.scalar.text, problem.offset);
			const isComment = line.trimStart().startsWith("#");
			const name = { "'": "a single quote", '"': "a double quote", "\\": "a backslash" }[problem.what];
			return {
				...base,
				reason: "unterminated-quote",
				message: `${name} in \`container.options\` ${problem.what === "\\" ? "has nothing after it" : "is never closed"}`,
				expected: problem.what === "\\" ? "something after the backslash" : "a second quote",
				found: isComment ? "a line that is meant as a comment" : `\`${clip(line.trim())}\``,
				remedy: {
					text: isComment
						? "There are no comments in the options: a `#` there is a word like any other, and its quotes count. Move the line out of the text."
						: "Close the quote, or escape it with a backslash.",
					kind: "runner",
				},
			};
		}
		case "unknown":
			return {
				...base,
				reason: "unknown-flag",
				message: `the runner knows no option \`${problem.flag}\`${problem.meant ? `: \`${problem.meant}\` is meant?` : ""}`,
				expected: problem.meant ? `\`${problem.meant}\`` : "an option of `docker create`",
				found: `\`${problem.flag}\``,
				remedy: {
					text: problem.meant
						? `Write \`${problem.meant}\`.`
						: "Take it out: only options of `docker create` can stand here.",
					kind: "runner",
				},
			};
		case "no-value":
			return {
				...base,
				reason: "unknown-flag",
				message: `\`${problem.flag}\` at the end of \`container.options\` lacks its value`,
				expected: `\`${problem.flag}\` with a value`,
				found: "nothing after it",
				remedy: { text: "Write the value after it, or take the option out.", kind: "runner" },
			};
		case "bad-value":
			return {
				...base,
				reason: "unknown-flag",
				message: `the runner cannot read \`${clip(problem.value)}\` as the value of \`${problem.flag}\``,
				...(/^-v|^--volume/.test(problem.flag) && {
					why: "The runner leaves such a mount out, or the job dies while its container is made.",
				}),
				expected: problem.expected,
				found: `\`${clip(problem.value)}\``,
				remedy: { text: `Write ${problem.expected}.`, kind: "runner" },
			};
	}
}

function lineAround(text: string, offset: number): string {
	const start = text.lastIndexOf("\n", offset - 1) + 1;
	const end = text.indexOf("\n", offset);
	return text.slice(start, end < 0 ? undefined : end);
}

function clip(text: string): string {
	return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Options that let a container out of itself: releases 3.0.0 to 3.3.0 drop them even from the owner's own file. */
const hostReaching = new Set([
	"pid",
	"ipc",
	"uts",
	"cgroupns",
	"userns",
	"cap-add",
	"security-opt",
	"device",
	"device-cgroup-rule",
	"gpus",
	"volumes-from",
	"runtime",
	"cgroup-parent",
	"sysctl",
]);

function judgeFlag(place: Place, flag: GivenFlag): readonly Found<R>[] {
	const { setup, context } = place;
	if (flag.name === "network" || flag.name === "net") return [ignoredNetwork(place, flag)];
	if (flag.name === "use-api-socket" && setup.system === "gitea") return [apiSocket(place, flag)];
	const version = context.version === undefined ? undefined : findVersion(context.version);
	const since = flag.since === undefined ? undefined : findVersion(flag.since);
	if (setup.system === "gitea" && version && since && compareVersions(version, since) < 0) {
		return [notYet(place, flag, version.text, since.text)];
	}
	if (isPrivileged(setup)) return [];
	if (flag.name === "privileged" && isOn(flag)) return [privilegedFlag(place, flag)];
	const holds = hostReaching.has(flag.name) ? whereItHolds("gpu-option-dropped", setup, context) : undefined;
	return holds ? [stripped(place, flag, holds.versions)] : [];
}

function ignoredNetwork(place: Place, flag: GivenFlag): Found<R> {
	return {
		...at(place, flag.offset),
		reason: "ignored-network",
		message: `\`${flag.written}\` in \`container.options\` has no effect: the runner chooses the network itself`,
		why: "Jobs are in the runner's own network all the same, so what this should make reachable is not.",
		expected: "`container.network`",
		found: `\`${flag.written} ${clip(flag.value ?? "")}\``,
		remedy: {
			text: "Name the network in `container.network`. With `host` or `bridge` there, service containers are not found by their names.",
			kind: "runner",
			config: {
				file: place.config.path,
				language: "yaml",
				text: `container:\n  network: ${yamlText(flag.value ?? "")}`,
			},
		},
	};
}

function apiSocket(place: Place, flag: GivenFlag): Found<R> {
	return {
		...at(place, flag.offset),
		reason: "unknown-flag",
		message: "the runner refuses `--use-api-socket`",
		why: diesInSetUp,
		expected: "`container.docker_host`",
		found: "`--use-api-socket`",
		remedy: {
			text: "Take it out: the runner mounts the socket by itself, unless `container.docker_host` forbids it.",
			kind: "runner",
		},
	};
}

function notYet(place: Place, flag: GivenFlag, version: string, since: string): Found<R> {
	return {
		...at(place, flag.offset),
		reason: "unknown-flag",
		message: `runner ${version} does not know \`${flag.written}\` yet: it came with ${since}`,
		why: diesInSetUp,
		expected: `a runner from ${since} on`,
		found: `\`${flag.written}\``,
		remedy: { text: `Upgrade the runner to ${since} or newer, or take the option out.`, kind: "runner" },
	};
}

function privilegedFlag(place: Place, flag: GivenFlag): Found<R> {
	return {
		...at(place, flag.offset),
		reason: "stripped",
		message: "`--privileged` in `container.options` has no effect while `container.privileged` is not set",
		why: "The runner drops it, so the containers are not privileged, and what needs it (Docker in Docker) fails inside the job.",
		expected: "`container.privileged: true`, or no `--privileged`",
		found: "`--privileged`",
		remedy: {
			text: "Take the option out. Only where every job may do everything on this machine, set the key instead.",
			kind: "runner",
			config: { file: place.config.path, language: "yaml", text: "container:\n  privileged: true" },
		},
	};
}

function stripped(place: Place, flag: GivenFlag, versions: string | undefined): Found<R> {
	const isGpu = flag.name === "gpus" || flag.name === "runtime" || /nvidia|gpu/i.test(flag.value ?? "");
	const which = versions ? `runners ${versions}` : "this runner";
	return {
		...at(place, flag.offset),
		reason: "stripped",
		message: `${which} ${versions ? "drop" : "drops"} \`--${flag.name}\` from \`container.options\`, because \`container.privileged\` is not set`,
		why: isGpu
			? "Jobs start without a GPU. One line in the job's set-up log is all that says so; the job itself finds no `nvidia-smi`."
			: "Jobs start without it. One line in the job's set-up log is all that says so.",
		expected: "a runner that keeps the options of its own configuration: newer than 3.3.0, or older than 3.0.0",
		found: `\`${clip(`${flag.written} ${flag.value ?? ""}`.trim())}\``,
		remedy: {
			text: "Upgrade the runner beyond 3.3.0: newer releases trust their own configuration.",
			kind: "runner",
			otherwise: isGpu
				? {
						text: "Until then let the daemon give every container the GPUs: make `nvidia` its default runtime on the host, and name the GPUs in a variable, which no release drops.",
						kind: "host",
						commands: [
							"sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
							"sudo systemctl restart docker",
						],
						config: {
							file: place.config.path,
							language: "yaml",
							text: "container:\n  options: --env NVIDIA_VISIBLE_DEVICES=all",
						},
					}
				: {
						text: "Where every job may do everything on this machine, privileged containers keep the option.",
						kind: "runner",
						config: { file: place.config.path, language: "yaml", text: "container:\n  privileged: true" },
					},
		},
		...(versions !== undefined && { versions }),
	};
}

function judgeMount(place: Place, mount: Mount): readonly Found<R>[] {
	const { setup, context, sharing, allowed, strictGlobs } = place;
	if (mount.source === "") return [];
	const refusal = refusalOf(mount, allowed, strictGlobs);

	if (mount.target !== socketPath) return refusal ? [notAllowed(place, mount, refusal.versions)] : [];
	if (!refusal) return sharing.kind === "mounted" ? duplicate(place, mount) : [];
	if (sharing.kind === "none") return [socketRefused(place, mount, sharing, refusal.versions)];
	const displaces = whereItHolds("option-volume-displaces-mount", setup, context);
	return [
		displaces ? displaced(place, mount, sharing, displaces.versions) : notAllowed(place, mount, refusal.versions),
	];
}

/** Is a mount refused, and in which versions where they differ and the runner's is not known? */
function refusalOf(
	mount: Mount,
	allowed: readonly string[],
	strictGlobs: Place["strictGlobs"],
): { readonly versions: string | undefined } | undefined {
	const isRefusedBefore = !isAllowed(mount, allowed, false);
	const isRefusedSince = !isAllowed(mount, allowed, true);
	const isKnown = strictGlobs?.versions === undefined;
	if (isKnown) return (strictGlobs ? isRefusedSince : isRefusedBefore) ? { versions: undefined } : undefined;
	if (isRefusedBefore && isRefusedSince) return { versions: undefined };
	if (isRefusedSince) return { versions: strictGlobs.versions };
	return isRefusedBefore ? { versions: "before 4.0.0" } : undefined;
}

function duplicate(place: Place, mount: Mount): readonly Found<R>[] {
	const { setup, context } = place;
	const holds = setup.system === "forgejo" ? {} : whereItHolds("duplicate-socket-mount", setup, context);
	if (!holds) return [];
	const versions: string | undefined = "versions" in holds ? holds.versions : undefined;
	return [
		{
			...at(place, mount.offset),
			reason: "duplicate-socket-mount",
			message: `\`container.options\` mounts \`${socketPath}\`, and the runner mounts it too${versions ? ` (runners ${versions})` : ""}`,
			why: `Docker refuses two mounts on one path, so every job dies in its set-up with \`Duplicate mount point: ${socketPath}\`.`,
			expected: "one mount of the socket: the runner's own",
			found: `\`${clip(`${mount.source}:${mount.target}`)}\``,
			remedy: {
				text: "Take the mount out of the options: `container.docker_host` brings the socket into every job by itself. That is right for every release.",
				kind: "runner",
				config: {
					file: place.config.path,
					language: "yaml",
					text: `container:\n  docker_host: ${setup.system === "forgejo" ? "automount" : `unix://${socketPath}`}`,
				},
				otherwise: {
					text: "Or mount it only by the options.",
					kind: "runner",
					config: {
						file: place.config.path,
						language: "yaml",
						text: `container:\n  docker_host: "-"\n  options: ${yamlText(`-v ${mount.source}:${socketPath}`)}\n  valid_volumes:\n    - ${yamlText(mount.source)}`,
					},
				},
			},
			...(versions !== undefined && { versions }),
		},
	];
}

function socketRefused(
	place: Place,
	mount: Mount,
	sharing: SocketSharing & { kind: "none" },
	versions: string | undefined,
): Found<R> {
	return {
		...at(place, mount.offset),
		reason: "socket-not-mounted",
		message: `the runner refuses the mount of \`${clip(mount.source)}\`, so jobs have no Docker socket: ${sharing.because}, and \`valid_volumes\` does not allow it`,
		why: `The set-up log says \`[${clip(mount.source)}] is not a valid volume, will be ignored\`; the job goes on, and its first \`docker\` finds no daemon.`,
		expected: `the socket in \`container.valid_volumes\`, or a \`container.docker_host\` that is mounted`,
		found: `\`${clip(`${mount.source}:${mount.target}`)}\``,
		remedy: {
			text: "Allow the mount, or take it out and let the runner mount the socket.",
			kind: "runner",
			config: { file: place.config.path, language: "yaml", text: validVolumes(place, mount.source) },
			otherwise: {
				text: "The runner's own mount:",
				kind: "runner",
				config: {
					file: place.config.path,
					language: "yaml",
					text: `container:\n  docker_host: ${place.setup.system === "forgejo" ? "automount" : `unix://${socketPath}`}`,
				},
			},
		},
		...(versions !== undefined && { versions }),
	};
}

function displaced(
	place: Place,
	mount: Mount,
	sharing: SocketSharing & { kind: "mounted" },
	versions: string | undefined,
): Found<R> {
	return {
		...at(place, mount.offset),
		reason: "socket-not-mounted",
		message: `the mount of \`${clip(mount.source)}\` displaces the runner's own mount of \`${clip(sharing.source)}\` and is then refused itself, so jobs have no Docker socket${versions ? ` (runners ${versions})` : ""}`,
		why: `The set-up log says \`[${clip(mount.source)}] is not a valid volume, will be ignored\`; the job goes on, and its first \`docker\` finds no daemon.`,
		expected: `one mount of the socket: \`${clip(sharing.source)}\` by the runner itself`,
		found: `\`${clip(`${mount.source}:${mount.target}`)}\``,
		remedy: {
			text: "Take the mount out of the options: the runner mounts the socket of `container.docker_host` at the same place in every job.",
			kind: "runner",
			otherwise: {
				text: "Where it is another socket that jobs should have, allow it.",
				kind: "runner",
				config: { file: place.config.path, language: "yaml", text: validVolumes(place, mount.source) },
			},
		},
		...(versions !== undefined && { versions }),
	};
}

function notAllowed(place: Place, mount: Mount, versions: string | undefined): Found<R> {
	const { valid } = place;
	const isToolCache = normalize(mount.target) === "/opt/hostedtoolcache";
	return {
		...at(place, mount.offset),
		reason: "volume-not-allowed",
		message: `\`container.valid_volumes\` does not allow \`${clip(mount.source)}\`, which \`container.options\` mounts${versions ? ` (runners ${versions})` : ""}`,
		why: `The runner leaves the mount out with \`[${clip(mount.source)}] is not a valid volume, will be ignored\` in the set-up log, and the job goes on without ${isToolCache ? "the tool cache" : `\`${clip(mount.target)}\``}.`,
		expected: `\`${clip(mount.source)}\` in \`container.valid_volumes\``,
		found:
			valid.length === 0
				? "no `valid_volumes`: nothing is allowed"
				: valid.map((entry) => `\`${clip(entry)}\``).join(", "),
		remedy: {
			text: versions
				? "Releases differ in what a `*` matches: before 4.0 also slashes, from then on none. Name the path itself."
				: "Add the source as it stands. `/folder/**` is for what lies below a folder, not for the folder.",
			kind: "runner",
			config: { file: place.config.path, language: "yaml", text: validVolumes(place, mount.source) },
		},
		...(versions !== undefined && { versions }),
	};
}

function validVolumes(place: Place, source: string): string {
	const entries = [...place.valid, source].slice(-20).map((entry) => `    - ${yamlText(entry)}`);
	return ["container:", "  valid_volumes:", ...entries].join("\n");
}
