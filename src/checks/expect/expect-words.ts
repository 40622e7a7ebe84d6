import { errnoText } from "../../errno-text.ts";
import { numberIn, parseNumberRange } from "../../policy/number-range.ts";
import { platforms } from "../../policy/platforms.ts";
import type { Expectation, Wanted } from "../../policy/policy.ts";
import { binfmtDirectory, type Handler } from "../../probes/binfmt.ts";
import type { Remedy } from "../check.ts";
import { lookAt, moreTime } from "../find-out.ts";
import { code, cut, listed, octal, oneLine, operand, shellPath, shellQuote, titleWith } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { commandText, subjectOf, wantedText } from "./wanted-text.ts";

/** One expectation, and where it is judged. */
export interface Seen {
	readonly expectation: Expectation;
	/** `.gitea/runner-check.yml:12`, if it is known. */
	readonly source: string | undefined;
	readonly inContainer: boolean;
	/** The path that was looked at. */
	readonly path?: string;
}

interface Different extends Seen {
	/** What differs, each with what was found: `mode 0755`. */
	readonly found: readonly string[];
	/** A handler that is registered and cannot be used. */
	readonly handler?: Handler;
}

interface Failed extends Seen {
	/** How the command ended: `exit code 3`. */
	readonly end: string;
	/** The first line that it printed. */
	readonly said: string;
}

interface Unreadable extends Seen {
	readonly path: string;
	readonly errno: string;
}

export const intro =
	"Each entry of `expect` has exactly one kind, and may say `why` it matters and how to `fix` it, in the team's own words. A finding shows them as text.\n\n" +
	'- **`file`**: a path, absolute or relative to the workspace. `exists` (default `true`), `type` (`file`, `directory`, `link`, `socket`, `device`; links are followed, except for `link`), `mode` (in quotes: `"0775"`), `owner` (a user\'s name or number), `contains` (a text in its first MiB).\n' +
	"- **`env`**: a variable. `set` (default `true`; an empty variable counts as not set), `is`, or `matches`, in which `*` stands for any characters. A variable whose name says secret can only be `set`.\n" +
	"- **`command`**: a list of words, started without a shell and without secrets. `exit` (default 0), `stdout` (a text that it prints), `timeout` (default `5s`; the run's own `timeout` has to be longer).\n" +
	'- **`sysctl`**: a kernel setting, read from `/proc/sys`. `is`: a value, or a range such as `">=524288"`.\n' +
	"- **`platform`**: programs for this platform can be started, because the machine is one, or because `binfmt_misc` has an enabled registration.\n\n" +
	"A workspace's policy is untrusted: without the input `trust-policy`, its commands are not run, and what files outside of the workspace contain is not looked at. Such an entry is skipped as `untrusted`.";

/** The nouns of the kinds. */
const nouns: Readonly<Record<Wanted["kind"], string>> = {
	file: "file",
	env: "variable",
	command: "command",
	sysctl: "kernel setting",
	platform: "platform",
};

export const words = {
	absent: reason<Seen>({
		level: "fail",
		title: "What the policy expects is missing",
		headline: ({ expectation: { name, wants } }) => titleWith(`The ${nouns[wants.kind]} of `, name, " is missing"),
		why,
		expected,
		tell: (seen) => ({ what: missing(seen), fix: fixOf(seen, supply(seen)) }),
	}),
	differs: reason<Different>({
		level: "fail",
		title: "Something is different from what the policy expects",
		headline: ({ expectation: { name, wants } }) => titleWith(`The ${nouns[wants.kind]} of `, name, " is different"),
		why,
		expected,
		tell: (seen) => ({ what: different(seen), fix: fixOf(seen, change(seen)) }),
	}),
	failed: reason<Failed>({
		level: "fail",
		title: "A command of the policy fails",
		headline: ({ expectation: { name } }) => titleWith("The command of ", name, " fails"),
		why,
		expected,
		tell: (seen) => ({
			what: `${subject(seen)} ended with ${seen.end}${seen.said === "" ? "" : `: ${code(seen.said)}`}.`,
			fix: fixOf(seen, runByHand(seen, "Run the command as the job's user, and fix what it reports.")),
		}),
	}),
	timeout: reason<Seen>({
		level: "fail",
		title: "A command of the policy does not end in time",
		headline: ({ expectation: { name } }) => titleWith("The command of ", name, " does not end in time"),
		why,
		expected,
		tell: (seen) => ({
			what: `${subject(seen)} did not end within its \`timeout\`, and was killed.`,
			fix: fixOf(
				seen,
				runByHand(
					seen,
					"Find out what the command waits for. If it is only slow, give it a longer `timeout` in the policy.",
				),
			),
		}),
	}),
};

export const unknowns = {
	unreadable: unknown<Unreadable>({
		title: "What the policy expects cannot be looked at",
		headline: ({ expectation: { name } }) => titleWith("Unknown whether ", name, " is as expected"),
		why,
		expected,
		tell: ({ path, errno }) => ({
			what: `${code(path)} cannot be looked at: ${errnoText(errno)}.`,
			fix: lookAt(path, errno),
		}),
	}),
	"no-such-user": unknown<Seen & { readonly user: string; readonly path: string }>({
		title: "The owner that the policy expects is unknown here",
		headline: ({ expectation: { name } }) => titleWith("Unknown whether the owner of ", name, " is right"),
		why,
		expected,
		tell: ({ user, path }) => ({
			what: `\`/etc/passwd\` has no user ${code(user)}, so it is unknown whether ${code(path)} is theirs.`,
			fix: {
				text: "Correct the name in the policy. If the user comes from a directory service, write the number instead: the commands show it.",
				commands: [`getent passwd ${operand(user)}`, `stat ${shellPath(path)}`],
				kind: "workflow",
			},
		}),
	}),
	"too-long": unknown<Seen & { readonly path: string }>({
		title: "A file is too long to be searched for a text",
		headline: ({ expectation: { name } }) => titleWith("The file of ", name, " is too long to search"),
		why,
		expected,
		tell: ({ path }) => ({
			what: `The text is not in the first MiB of ${code(path)}, and the rest was not read.`,
			fix: {
				text: "Expect a text nearer to the start of the file, or use a `command` such as `grep` in a trusted policy.",
				kind: "workflow",
			},
		}),
	}),
	"run-over": unknown<Seen>({
		title: "The run ended before a command of the policy",
		headline: ({ expectation: { name } }) => titleWith("The run ended before the command of ", name),
		why,
		expected,
		tell: (seen) => ({
			what: `${subject(seen)} was still running when this run had to end, before the command's own \`timeout\`.`,
			fix: moreTime(seen.expectation.wants.kind === "command" ? seen.expectation.wants.timeoutMs : undefined),
		}),
	}),
	"not-started": unknown<Seen & { readonly errno: string }>({
		title: "A command of the policy could not be started",
		headline: ({ expectation: { name } }) => titleWith("Cannot start the command of ", name),
		why,
		expected,
		tell: (seen) => ({
			what: `${subject(seen)} could not be started, for lack of resources: ${code(seen.errno)}.`,
			fix: lookAt("/proc/self/limits", seen.errno),
		}),
	}),
	"hidden-binfmt": unknown<Seen>({
		title: "Registrations of other platforms cannot be seen here",
		headline: ({ expectation: { name } }) => titleWith("Unknown whether the platform of ", name, " runs"),
		why,
		expected,
		tell: (seen) => ({
			what: `\`${binfmtDirectory}\` is not mounted in this container, so nothing shows whether programs for ${subject(seen)} run.`,
			fix: {
				text: `Run the check on the runner's host. The command there shows the registrations. For jobs in containers, skip it with the input \`skip: expect/${seen.expectation.name.split("`").join("'")}\`.`,
				commands: [`ls ${binfmtDirectory}`],
				kind: "host",
			},
		}),
	}),
};

function why({ expectation: { why: ours } }: Seen): string {
	if (ours !== undefined) return ended(oneLine(cut(ours, 500)));
	return "The team declared this about its machines, so its jobs rely on it.";
}

function ended(text: string): string {
	return /[.!?…]$/.test(text.trimEnd()) ? text : `${text}.`;
}

function expected({ expectation: { wants } }: Seen): string {
	return wantedText(wants);
}

function subject({ expectation: { wants } }: Seen): string {
	return code(cut(subjectOf(wants), 200));
}

function missing(seen: Seen): string {
	const { wants } = seen.expectation;
	switch (wants.kind) {
		case "file":
			return `${code(seen.path ?? wants.path)} does not exist.`;
		case "env":
			return `The variable ${subject(seen)} is not set, or is empty.`;
		case "command":
			return `${code(wants.command[0] ?? "")} was not found, so ${subject(seen)} could not be run.`;
		case "sysctl":
			return `This kernel has no setting ${subject(seen)}, or this job cannot see it.`;
		case "platform":
			return `This machine cannot start programs for ${subject(seen)}: it is another platform, and no handler for it is registered.`;
	}
}

function different(seen: Different): string {
	const { wants } = seen.expectation;
	if (wants.kind === "file" && !wants.exists)
		return `${code(seen.path ?? wants.path)} exists, and the policy says that it must not.`;
	if (wants.kind === "platform") return `Programs for ${subject(seen)} cannot be started: ${brokenHandler(seen)}.`;
	const found = listed(seen.found.map((one) => code(cut(oneLine(one), 200))));
	return `The policy expects ${code(wantedText(wants))}, but this machine has ${found}.`;
}

function brokenHandler({ handler }: Different): string {
	if (!handler) return "`binfmt_misc` is turned off";
	if (!handler.enabled) return `the registration ${code(handler.name)} is disabled`;
	return `the registration ${code(handler.name)} needs ${code(handler.interpreter)}, which does not exist`;
}

/** The team's own words, as text that nothing can be hidden in; else the usual fix. */
function fixOf({ expectation: { fix }, source }: Seen, usual: Remedy): Remedy {
	if (fix === undefined) return usual;
	const from = source === undefined ? "The policy" : `The policy (${code(source)})`;
	return { text: `${from} says: ${code(oneLine(cut(fix, 1000)))}`, kind: usual.kind };
}

function supply(seen: Seen): Remedy {
	const { wants } = seen.expectation;
	switch (wants.kind) {
		case "file":
			return inFiles(seen, `Provide ${code(seen.path ?? wants.path)}, or correct the path in the policy.`);
		case "env":
			return setVariable(seen, `Set ${subject(seen)}`);
		case "command":
			return {
				text: `Install ${code(wants.command[0] ?? "")} where jobs find it, or correct the command in the policy. The search follows the runner's PATH.`,
				commands: [`command -v ${operand(wants.command[0] ?? "")}`, 'echo "$PATH"'],
				kind: place(seen),
			};
		case "sysctl":
			return {
				text: "Correct the name in the policy, or load the kernel module that brings this setting. The command looks for it.",
				commands: [`sysctl ${operand(wants.setting)}`],
				kind: "host",
			};
		case "platform":
			return {
				text: `Install QEMU's user emulation on the runner's host. Its package registers ${code(platforms[wants.platform].handler)} with the kernel.`,
				commands: [
					"sudo apt-get install --yes qemu-user-static   # Debian, Ubuntu",
					`cat ${binfmtDirectory}/${platforms[wants.platform].handler}`,
				],
				kind: "host",
			};
	}
}

function change(seen: Different): Remedy {
	const { wants } = seen.expectation;
	switch (wants.kind) {
		case "file":
			return inFiles(seen, changeFile(code(seen.path ?? wants.path), wants));
		case "env":
			return setVariable(seen, wants.set ? `Correct ${subject(seen)}` : `Remove ${subject(seen)}`);
		case "sysctl":
			return setSysctl(wants.setting, wants.is ?? "");
		case "platform": {
			const { handler } = seen;
			if (handler === undefined) {
				return {
					text: "Enable `binfmt_misc` on the runner's host. The command shows who turned it off.",
					commands: ["systemctl status systemd-binfmt.service --no-pager"],
					kind: "host",
				};
			}
			if (handler.isThere === false) {
				return {
					text: `Install the interpreter ${code(handler.interpreter)} on the runner's host, or register a static one.`,
					commands: [`ls -l ${shellPath(handler.interpreter)}`],
					kind: "host",
				};
			}
			return {
				text: `Enable the registration ${code(handler.name)} on the runner's host.`,
				commands: [`sudo update-binfmts --enable ${operand(handler.name)}   # Debian, Ubuntu`],
				kind: "host",
			};
		}
		case "command":
			return runByHand(seen, "Run the command as the job's user, and compare what it prints with the policy.");
	}
}

function changeFile(file: string, { exists, mode, owner }: Extract<Wanted, { kind: "file" }>): string {
	if (!exists) return `Find out what created ${file}, and remove it if nothing needs it, or correct the policy.`;
	const wanted = [
		...(mode === undefined ? [] : [`mode ${octal(mode)}`]),
		...(owner === undefined ? [] : [`owner ${code(String(owner))}`]),
	];
	if (wanted.length === 0) return `Make ${file} what the policy expects, or correct the policy.`;
	return `Give ${file} ${listed(wanted)}, or correct the policy.`;
}

function place({ inContainer }: Seen): "image" | "host" {
	return inContainer ? "image" : "host";
}

function inFiles(seen: Seen, text: string): Remedy {
	const { wants } = seen.expectation;
	const path = seen.path ?? subjectOf(wants);
	const isRelative = wants.kind === "file" && !wants.path.startsWith("/");
	const hint =
		seen.inContainer && !isRelative ? " It comes from the job's image, or from a volume that the runner mounts." : "";
	return {
		text: `${text}${hint}`,
		commands: [`stat ${shellPath(path)}`],
		kind: isRelative ? "workflow" : place(seen),
	};
}

function setVariable({ inContainer }: Seen, start: string): Remedy {
	return {
		text: `${start} in \`env:\` of the workflow or in the runner's environment${inContainer ? ", or in the job's image" : ""}, or correct the policy.`,
		kind: "workflow",
	};
}

function setSysctl(setting: string, is: string): Remedy {
	const range = parseNumberRange(is);
	const value = range ? numberIn(range) : is;
	if (value === undefined || value === "") {
		return {
			text: `Set ${code(setting)} on the runner's host to a value in the range, or correct the policy.`,
			commands: [`sysctl ${operand(setting)}`],
			kind: "host",
		};
	}
	const file = `/etc/sysctl.d/90-${setting.replace(/[^\w.-]/g, "_").slice(0, 80)}.conf`;
	return {
		text: `Set ${code(setting)} on the runner's host. The command holds until the next boot; a line ${code(oneLine(`${setting} = ${value}`))} in ${code(file)} keeps it.`,
		commands: [`sudo sysctl -w ${operand(`${setting}=${value}`)}`],
		kind: "host",
	};
}

function runByHand(seen: Seen, text: string): Remedy {
	const { wants } = seen.expectation;
	const command = wants.kind === "command" ? commandText(wants.command) : shellQuote(subjectOf(wants));
	return { text, commands: [`${command}; echo "exit code $?"`], kind: place(seen) };
}

/** Why an expectation of the workspace's policy was not looked at. */
export function notLookedAt(what: "command" | "program" | "content", { wants }: Expectation): string {
	const subject = code(cut(subjectOf(wants), 200));
	const trust = "To trust this workspace, set the input `trust-policy: true`.";
	switch (what) {
		case "command":
			return `${subject} is a command of the workspace's own policy, which is not run. ${trust}`;
		case "program":
			return `${subject} is a program of the workspace, which is not run. ${trust}`;
		default:
			return `${subject} is outside of the workspace, and only the workspace's own policy asks what it contains. ${trust}`;
	}
}
