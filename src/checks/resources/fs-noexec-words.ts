import type { NoExecMount, WritablePlace } from "../../probes/writable.ts";
import type { Remedy } from "../check.ts";
import { addOption, recreateRunner, type Situation } from "../docker/situation.ts";
import { code, listed, shellQuote, shortTitle, upperFirst } from "../text.ts";
import { reason } from "../words.ts";
import { placeName, placeWithPath } from "./places.ts";

/** A place on a mount with `noexec`. */
type NoExecPlace = WritablePlace & { readonly noExec: NoExecMount };

export interface NoExec {
	/** The place to fix first. */
	readonly place: NoExecPlace;
	readonly others: readonly NoExecPlace[];
	readonly situation: Situation;
}

export const noExecWords = reason<NoExec>({
	level: "fail",
	title: "No program can be started in a directory of the job",
	headline: ({ place }) =>
		shortTitle(
			`${upperFirst(placeName(place.name))} is mounted with \`noexec\``,
			"A directory of the job is mounted with `noexec`",
		),
	why: ({ place }) =>
		place.name === "workspace"
			? "cargo stops at the first build script with `could not execute process` and `Permission denied (os error 13)`. `./configure`, npm scripts and checked-out scripts end with `Permission denied` and exit code 126."
			: "`go test`, `go run`, the doc tests of Rust and many installers start programs there, and stop with `permission denied`.",
	expected: "a mount without `noexec`",
	tell: (seen) => ({ what: whatIsMounted(seen), fix: fixMount(seen) }),
	more: "Read from `/proc/self/mountinfo`. `docker run --tmpfs` mounts with `noexec` unless its options say `exec`. The home directory is not judged: tools in it are checked one by one.",
});

function whatIsMounted({ place, others }: NoExec): string {
	const all = [place, ...others];
	const holds = listed(
		all.map(
			(one) => `${placeWithPath(one.name, one.path)} is on the mount ${code(one.noExec.target)} (${one.noExec.fsType})`,
		),
	);
	const which = all.length === 1 ? "which has the option `noexec`" : "each with the option `noexec`";
	return `${upperFirst(holds)}, ${which}: files can be written there, but no program can be started.`;
}

function fixMount({ place, others, situation }: NoExec): Remedy {
	const { target, root, fsType, source } = place.noExec;
	const targets = [...new Set([place, ...others].map(({ noExec }) => noExec.target))];
	const isEngines = fsType === "tmpfs" && root === "/";
	if ((situation.inContainer || situation.inRunnerContainer) && isEngines) return fixTmpfs(targets, situation);
	if (situation.inContainer || situation.inRunnerContainer) {
		const find = source.startsWith("/") ? `findmnt -o TARGET,FSTYPE,OPTIONS --source ${shellQuote(source)}` : undefined;
		return {
			text: `Mount the file system that holds ${code(target)} without \`noexec\` on the runner's host: \`remount,exec\` now, and \`exec\` in its line of \`/etc/fstab\`. The next container gets it. Or take a volume on another file system.`,
			commands:
				find === undefined ? ["findmnt -O noexec"] : [find, `sudo mount -o remount,exec "$(${firstTarget(source)})"`],
			kind: "host",
		};
	}
	return {
		text: "Allow programs on this mount, now and in its line of `/etc/fstab`, so that the next start of the machine keeps it.",
		commands: [
			...targets.map((one) => `sudo mount -o remount,exec ${shellQuote(one)}`),
			"grep -n noexec /etc/fstab   # replace `noexec` with `exec` in the line of this mount",
		],
		kind: "host",
		otherwise: moveWork(situation),
	};
}

function firstTarget(source: string): string {
	return `findmnt -n -f -o TARGET --source ${shellQuote(source)}`;
}

function fixTmpfs(targets: readonly string[], situation: Situation): Remedy {
	const options = targets.map((target) => `--tmpfs ${target}:exec`).join(" ");
	const text = `Add \`exec\` to the options of the \`--tmpfs\` that mounts ${listed(targets.map(code))}, or replace it with a volume. Docker mounts a \`tmpfs\` with \`noexec\` unless told otherwise.`;
	if (situation.inRunnerContainer) {
		const recreate = recreateRunner(options);
		return { ...recreate, text: `${text} ${recreate.text}` };
	}
	return { text: `${text} The option is ${code(options)}.`, ...addOption(situation, options) };
}

/** `noexec` may be a rule of the machine's owner. */
function moveWork({ system }: Situation): Omit<Remedy, "otherwise"> {
	const why = "If `noexec` has to stay, move the workspaces to another file system:";
	switch (system) {
		case "gitea":
		case "forgejo":
			return {
				text: `${why} set \`host.workdir_parent\` in the runner's \`config.yaml\` to a directory there.`,
				kind: "runner",
			};
		case "github":
			return { text: `${why} configure the runner again with \`--work\` and a directory there.`, kind: "runner" };
		default:
			return { text: `${why} run the job in a directory there.`, kind: "host" };
	}
}
