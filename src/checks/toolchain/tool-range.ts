import type { ToolFacts } from "../../probes/tools.ts";
import { compareVersions, type Version, type VersionRange } from "../../versions.ts";
import type { Finding, Remedy } from "../check.ts";
import { code } from "../text.ts";
import type { Works } from "./diagnose.ts";
import { choose, componentOf, installRemedy, lowestOf, withRustup } from "./install.ts";
import { type Asked, commandLine, type ToolReason } from "./tool-asked.ts";

/** The tool works, and has another version than the policy asks for. */
export function outOfRange(asked: Asked, facts: ToolFacts, { version }: Works): Finding<ToolReason> {
	const { name, expectation, source, location } = asked;
	const range = expectation.version;
	const contradiction =
		asked.contradicts === undefined
			? ""
			: ` ${asked.contradicts} asks for what no version can be at the same time: one of the two has to change.`;
	const direction = isBelow(version, range) ? "older than" : "not in";
	return {
		kind: "finding",
		reason: "out-of-range",
		message: `${code(name)} is ${version.text}, ${direction} ${code(range.text)}, which ${source} asks for.${contradiction}`,
		why: `Jobs are built with ${code(name)} ${version.text}, whatever they were written for: what needs another version fails in the middle of the build, or gives something else than it should.`,
		expected: `${code(name)} ${code(range.text)} (${source})`,
		observed: version.text,
		evidence: [
			{ source: commandLine(facts), text: version.text },
			...(facts.found ? [{ source: "PATH", text: facts.found.path }] : []),
		],
		remedy: remedyOf(asked, facts, version),
		...(location && { location }),
	};
}

function remedyOf({ name, expectation, source }: Asked, facts: ToolFacts, version: Version): Remedy {
	const range = expectation.version;
	const way = facts.rustup ? throughRustup(name, facts, range) : installRemedy(name, facts.mode, range);
	return {
		...way,
		text: `Bring ${code(name)} from ${version.text} to a version in ${code(range.text)}. ${way.text}`,
		otherwise: {
			text: `If ${version.text} is good enough, change the range where it is stated: ${source}.`,
			kind: "workflow",
		},
	};
}

/** A tool of rustup changes with its toolchain. */
function throughRustup(name: string, facts: ToolFacts, range: VersionRange): Remedy {
	const toolchain = lowestOf(range) ?? "stable";
	const component = componentOf(name);
	const install = ["toolchain", "install", toolchain, "--profile", "minimal"];
	const add = component === undefined ? [] : ["--component", component];
	const first = withRustup([...install, ...add]);
	const then = withRustup(["default", toolchain]);
	return choose(
		facts.mode,
		{
			text: "Install the toolchain in the image and make it the default.",
			config: { file: "Dockerfile", language: "dockerfile", text: [...first.image, ...then.image].join("\n") },
			kind: "image",
		},
		{
			text: "Install the toolchain as the user of the runner and make it the default.",
			commands: [...first.host.slice(1), ...then.host.slice(1)],
			kind: "host",
		},
	);
}

/** Is it below what every alternative of the range begins with? */
function isBelow(version: Version, range: VersionRange): boolean {
	return range.anyOf.every((group) =>
		group.some(
			(comparator) => [">", ">=", ""].includes(comparator.operator) && compareVersions(version, comparator) < 0,
		),
	);
}
