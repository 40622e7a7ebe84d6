/** Words for tools that start, but print no version, another version than expected, or nothing in time. */
import type { ToolFacts } from "../../probes/tools.ts";
import { compareVersions, type Version, type VersionRange } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import { reason } from "../words.ts";
import { commandLine, type ExpectedTool, onPathAndWorking } from "./expected-tool.ts";
import { choose, componentOf, hostOrImage, installRemedy, toolchainFor, withRustup } from "./install.ts";
import { fixPath, tellUnexpanded } from "./tool-presence-words.ts";
import type { DefectSeen } from "./tool-words.ts";

interface OutOfRange {
	readonly expected: ExpectedTool;
	readonly facts: ToolFacts;
	readonly version: Version;
}

export const words = {
	"unreadable-version": reason<DefectSeen>({
		level: "fail",
		title: "The tool does not print its version",
		headline: ({ expected: { name }, defect }) =>
			defect.variant === "version" && defect.subject !== undefined
				? `${name} has a build name instead of a version number`.slice(0, 60)
				: `${name} does not print its version`.slice(0, 60),
		why: ({ expected: { name } }) =>
			`Nothing shows whether ${code(name)} has the version that jobs need, or whether it is ${code(name)} at all.`,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => ({
			what: tellUnreadable(expected.name, facts, defect),
			fix:
				defect.variant === "version" && defect.subject !== undefined
					? fixBuild(expected, facts)
					: fixCommand(expected, facts),
		}),
		more: 'A build that prints `N-117768-g1234abcd` as its version, as FFmpeg\'s development builds do, has no number and is in no range. It passes if any version is accepted (`*`). An empty file that is executable also "succeeds" and prints nothing.',
	}),

	"out-of-range": reason<OutOfRange>({
		level: "fail",
		title: "The tool has another version than expected",
		headline: ({ expected: { name, expectation }, version }) => {
			const how = isBelow(version, expectation.version) ? "too old" : "not in range";
			const whole = `${name} ${version.text} is ${how} (needs ${expectation.version.text})`;
			return whole.length <= 60 ? whole : `${name} ${version.text} is ${how}`.slice(0, 60);
		},
		why: ({ expected: { name }, version }) =>
			`Jobs build with ${code(name)} ${version.text}. Code that needs another version fails in the middle of the build, or gives other results.`,
		expected: ({ expected: { name, expectation, source } }) =>
			`${code(name)} ${code(expectation.version.text)} (${source})`,
		tell: ({ expected, facts, version }) => ({
			what: `${tellRange(expected, version)}${facts.unexpanded ? ` ${tellUnexpanded(facts.unexpanded)}` : ""}`,
			fix: fixRange(expected, facts, version),
		}),
		more: 'The finding names who asks for the version: the input `tools`, a line of the policy, or a file of the repository (`rust-toolchain.toml`, `Cargo.toml`, `.nvmrc`, `package.json`). A suffix of a distribution (`20.10.24+dfsg1`) changes nothing. A nightly or a release candidate comes before its release and after the previous one: `1.97.0-nightly` is in `>=1.92`. For rustc and cargo only the number counts, as it does for cargo: `1.92.0-nightly` builds code with `rust-version = "1.92"`.',
	}),

	timeout: reason<DefectSeen>({
		level: "fail",
		title: "The tool did not answer in time",
		headline: ({ expected: { name }, defect }) =>
			defect.variant === "search" ? `The search for ${name} got no answer` : `${name} did not answer in time`,
		why: ({ expected: { name }, defect }) =>
			defect.variant === "search"
				? "Every step that looks for a program there hangs. Often it is a network mount whose server is gone."
				: `A step that calls ${code(name)} hangs in the same way, until the job's time limit.`,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => ({
			what:
				defect.variant === "search"
					? `The file system did not answer during the search for ${code(expected.name)}${defect.subject ? ` in ${code(defect.subject)}` : ""}.`
					: `${code(commandLine(facts))} did not finish within the deadline${wasAbandoned(facts) ? " and survived SIGKILL: the kernel holds it" : ""}.`,
			fix: fixSlow(facts, defect),
		}),
		more: "The deadline is the input `timeout`. The tool was killed with all its children. A tool that survives even SIGKILL is held by the kernel, usually in a driver or a dead mount. Only fixing that, or a reboot, ends it.",
	}),
};

function tellUnreadable(name: string, facts: ToolFacts, { variant, subject }: DefectSeen["defect"]): string {
	const command = code(commandLine(facts));
	if (variant === "silent") return `${command} succeeded, but printed nothing.`;
	if (variant === "usage") return `${code(facts.found?.path ?? name)} does not understand ${command}.`;
	return subject === undefined
		? `${command} printed no version.`
		: `${command} prints ${code(subject)} as its version, a build name without a number.`;
}

function fixBuild({ name, expectation }: ExpectedTool, facts: ToolFacts): Remedy {
	const install = installRemedy(name, facts.mode, expectation.version);
	return {
		...install,
		text: `Install a release of ${code(name)}, which has a number, or accept any version (\`*\`) in the profile. ${install.text}`,
	};
}

function fixCommand({ name, profile, expectation }: ExpectedTool, facts: ToolFacts): Remedy {
	const entry = JSON.stringify({ version: expectation.version.text, command: [facts.command[0] ?? name, "-V"] });
	return {
		text: `Find out which command prints the version of ${code(name)}, and state it in the policy file.`,
		commands: [`${facts.command.map(shellQuote).join(" ")}; echo "exit code $?"`],
		config: {
			file: ".gitea/runner-check.yml",
			language: "yaml",
			text: [
				"version: 1",
				"profiles:",
				`  ${JSON.stringify(profile)}:`,
				"    tools:",
				`      ${JSON.stringify(name)}: ${entry}`,
			].join("\n"),
		},
		kind: "workflow",
	};
}

function tellRange({ name, expectation, source, contradicts }: ExpectedTool, version: Version): string {
	const range = expectation.version;
	const direction = isBelow(version, range) ? "older than" : "not in";
	const conflict =
		contradicts === undefined ? "" : ` No version satisfies both this and ${contradicts}: change one of them.`;
	return `${code(name)} is ${version.text}, ${direction} ${code(range.text)}, which ${source} asks for.${conflict}`;
}

function fixRange({ name, expectation, source, service }: ExpectedTool, facts: ToolFacts, version: Version): Remedy {
	const range = expectation.version;
	if (facts.unexpanded) return fixPath(facts.unexpanded.meant, facts, service);
	const fix = facts.rustup ? fixWithRustup(name, facts, range) : installRemedy(name, facts.mode, range);
	return {
		...fix,
		text: `Change ${code(name)} from ${version.text} to a version in ${code(range.text)}. ${fix.text}`,
		otherwise: {
			text: `If ${version.text} is good enough, change the range where it is stated: ${source}.`,
			kind: "workflow",
		},
	};
}

/** A tool of rustup changes with its toolchain. */
function fixWithRustup(name: string, facts: ToolFacts, range: VersionRange): Remedy {
	const toolchain = toolchainFor(range);
	const component = componentOf(name);
	const first = withRustup([
		...["toolchain", "install", toolchain, "--profile", "minimal"],
		...(component === undefined ? [] : ["--component", component]),
	]);
	const then = withRustup(["default", toolchain]);
	return choose(
		facts.mode,
		{
			text: "Install the toolchain in the image and make it the default.",
			config: { file: "Dockerfile", language: "dockerfile", text: [...first.image, ...then.image].join("\n") },
			kind: "image",
		},
		{
			text: "Install the toolchain as the runner's user and make it the default.",
			commands: [...first.host.slice(1), ...then.host.slice(1)],
			kind: "host",
		},
	);
}

/** Is it below the start of every alternative of the range? */
function isBelow(version: Version, range: VersionRange): boolean {
	return range.anyOf.every((group) =>
		group.some(
			(comparator) => [">", ">=", ""].includes(comparator.operator) && compareVersions(version, comparator) < 0,
		),
	);
}

function fixSlow(facts: ToolFacts, { variant, subject }: DefectSeen["defect"]): Remedy {
	if (variant === "search") {
		return {
			text: "Find the mount whose server does not answer, then mount it again or take it off PATH.",
			commands: ["findmnt --types nfs,nfs4,cifs,fuse", ...(subject ? [`timeout 5 ls -d ${shellQuote(subject)}`] : [])],
			kind: "host",
		};
	}
	const command = facts.command.map(shellQuote).join(" ");
	return {
		text: "Find out what it waits for: a lock, the network, or a device. If the machine is only slow, raise the input `timeout`.",
		commands: [`time timeout 60 ${command}`, `timeout 10 strace -f ${command}`],
		kind: hostOrImage(facts),
	};
}

function wasAbandoned({ run }: ToolFacts): boolean {
	return run.kind === "ran" && run.outcome.kind === "timed-out" && run.outcome.abandoned;
}
