import type { Remedy } from "../../checks/check.ts";
import { code, cut, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { IgnoredLine } from "../facts.ts";
import { isHidden, reload, unitLines, whileNoJobRuns } from "./fixes.ts";

interface Ignored {
	readonly file: string;
	readonly line: IgnoredLine;
}

/** What keeps systemd from starting the service. */
export type FatalValue =
	| { readonly kind: "header"; readonly file: string }
	| {
			readonly kind:
				| "relative"
				| "remark"
				| "program"
				| "second-command"
				| "never-ready"
				| "oneshot"
				| "restart-of-oneshot";
			readonly file: string;
			readonly name: string;
			readonly value: string;
			/** The value without a remark behind it. */
			readonly bare: string | undefined;
	  };

/** What systemd does not read in the unit, and what it refuses. */
export const unitWords = {
	"ignored-line": reason<Ignored>({
		level: "warn",
		title: "systemd ignores a line of the unit",
		headline: ({ line }) => {
			switch (line.why) {
				case "outside":
				case "no-equals":
				case "no-name":
					return `systemd ignores line ${line.line} of the unit`;
				case "section":
					return titleWith("systemd ignores the section ", `[${line.name}]`);
				default:
					return titleWith("systemd ignores ", `${line.name}=`);
			}
		},
		why: ({ line }) => whyIgnored(line),
		expected: ({ line }) => {
			switch (line.why) {
				case "outside":
					return "`[Unit]` or `[Service]` above it";
				case "no-equals":
				case "no-name":
					return "`Name=value`";
				case "section":
					return "`[Unit]`, `[Service]` or `[Install]`";
				case "wrong-section":
					return `${code(line.name)} in ${code(`[${line.right}]`)}`;
				case "unknown-key":
					return code(line.meant);
				case "remark":
					return code(cut(`${line.name}=${line.bare}`));
				case "value":
					return line.expected;
			}
		},
		tell: ({ file, line }) => ({
			what: whatIgnored(line),
			fix: { ...fixIgnored(file, line), commands: ["sudo systemctl daemon-reload"], kind: "host" },
		}),
		more: "systemd knows no comments behind values: everything up to the end of the line is the value.",
	}),

	"fatal-value": reason<FatalValue>({
		level: "fail",
		title: "systemd does not start the service with this value",
		headline: (seen) =>
			seen.kind === "header"
				? "A section's header is broken"
				: titleWith("The service does not start with ", `${seen.name}=${seen.value}`),
		why: whyFatal,
		expected: (seen) => {
			switch (seen.kind) {
				case "header":
					return "`[Service]` alone on its line";
				case "relative":
					return "an absolute path, or `~`";
				case "remark":
					return code(cut(`${seen.name}=${seen.bare}`));
				case "program":
					return "an absolute path of the program";
				case "second-command":
					return "one `ExecStart`";
				case "restart-of-oneshot":
				case "never-ready":
				case "oneshot":
					return "`Type=simple`, or no `Type`";
			}
		},
		tell: (seen) => ({
			what: whatFatal(seen),
			fix: { ...fixFatal(seen), commands: reload(seen.file), kind: "host" },
		}),
	}),
};

function whatIgnored(line: IgnoredLine): string {
	switch (line.why) {
		case "outside":
			return "The line is before the first section.";
		case "no-equals":
			return "The line is neither a section nor an assignment.";
		case "no-name":
			return "The assignment has no name.";
		case "section":
			return `systemd knows no section ${code(`[${line.name}]`)}, and ignores everything in it.`;
		case "wrong-section":
			return `${code(line.name)} is in ${code(`[${line.section}]`)}, but systemd reads it in ${code(`[${line.right}]`)}.`;
		case "unknown-key":
			return `systemd knows no ${code(line.name)} in ${code(`[${line.section}]`)}. Did you mean ${code(line.meant)}?`;
		case "remark":
			return `What follows ${code(cut(`${line.name}=${line.bare}`))} is a part of the value for systemd, which it cannot read then.`;
		case "value":
			return `${code(cut(line.value))} is not a value of ${code(line.name)}.`;
	}
}

function whyIgnored(line: IgnoredLine): string {
	const lines: Readonly<Record<string, string>> = {
		outside: "`Assignment outside of section. Ignoring.`",
		"no-equals": "`Missing '=', ignoring line.`",
		"no-name": "`Missing key name before '=', ignoring line.`",
		section: "`Unknown section. Ignoring.`",
	};
	const said = lines[line.why] ?? "`ignoring`";
	const effect = "name" in line ? effects[line.name] : undefined;
	return `systemd's journal says ${said}, and the service starts as if the line were not there.${effect === undefined ? "" : ` ${effect}`}`;
}

/** What is so without the line. */
const effects: Readonly<Record<string, string>> = {
	Restart: "So nothing restarts the runner after it exits.",
	TimeoutStopSec: "So a stop ends running jobs after 90 seconds.",
	RestartSec: "So systemd restarts the runner after 100 ms, and gives up after 5 times.",
};

function fixIgnored(
	file: string,
	line: IgnoredLine,
): { readonly text: string; readonly config?: NonNullable<Remedy["config"]> } {
	switch (line.why) {
		case "outside":
			return { text: `Write \`[Unit]\` or \`[Service]\` above line ${line.line}.` };
		case "no-equals":
			return { text: "Write `Name=value`, or begin the line with `#` if it is a comment." };
		case "no-name":
			return { text: "Write the name before the `=`." };
		case "section":
			return { text: "Correct the name of the section. Sections of your own begin with `X-`." };
		case "wrong-section":
			return { text: `Move the line to ${code(`[${line.right}]`)}.` };
		case "unknown-key":
			return { text: `Write ${code(line.meant)}.` };
		case "remark":
			return {
				text: `Write ${code(cut(`${line.name}=${line.bare}`))}, and the remark on a line of its own that begins with \`#\`.`,
				...(!isHidden(line.bare) && {
					config: unitLines(file, `[${sectionOf(line.name)}]\n${line.name}=${line.bare}`),
				}),
			};
		case "value":
			return { text: `Write ${line.expected}.` };
	}
}

function sectionOf(name: string): string {
	return /^(?:StartLimit|JobTimeout)/.test(name) ? "Unit" : "Service";
}

function whatFatal(seen: FatalValue): string {
	if (seen.kind === "header") return "The header of a section does not end with `]`.";
	const setting = code(cut(`${seen.name}=${seen.value}`, 200));
	switch (seen.kind) {
		case "relative":
			return `${setting} is not an absolute path.`;
		case "remark":
			return `systemd knows no comments behind values, so the remark in ${setting} is a part of the value.`;
		case "program":
			return `The path of the program in ${setting} is relative, and systemd expands neither \`~\` nor variables there.`;
		case "second-command":
			return "The service has more than one `ExecStart`.";
		case "never-ready":
			return `With ${setting}, systemd waits for a signal of readiness that the runner never gives.`;
		case "oneshot":
			return `With ${setting}, systemd waits for the runner to exit, which a daemon does not.`;
		case "restart-of-oneshot":
			return `${setting} is not allowed with \`Type=oneshot\`.`;
	}
}

function whyFatal(seen: FatalValue): string {
	const refused = "`Unit configuration has fatal error, unit will not be started`";
	switch (seen.kind) {
		case "header":
			return "systemd does not load the unit: `Invalid section header`.";
		case "relative":
			return `systemd refuses the unit: ${refused}.`;
		case "program":
			return `systemd refuses the unit: \`Neither a valid executable name nor an absolute path\`, ${refused}.`;
		case "remark":
			return seen.name === "User"
				? "There is no such user: the service ends with `status=217/USER`."
				: "There is no such directory: the service ends with `status=200/CHDIR`.";
		case "second-command":
			return "systemd refuses the unit: `Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.`";
		case "never-ready":
			return "After 90 seconds, systemd says `start operation timed out. Terminating` and stops the runner with its jobs.";
		case "oneshot":
			return "The service stays in `activating`: what waits for it never starts, and `systemctl start` does not return.";
		case "restart-of-oneshot":
			return "systemd refuses the unit: `Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.`";
	}
}

function fixFatal(seen: FatalValue): { readonly text: string; readonly config?: NonNullable<Remedy["config"]> } {
	switch (seen.kind) {
		case "header":
			return { text: `Write the header alone on its line. ${whileNoJobRuns}` };
		case "relative":
			return { text: `Write the absolute path. ${whileNoJobRuns}` };
		case "program":
			return { text: `Write the absolute path of the program. ${whileNoJobRuns}` };
		case "remark":
			return {
				text: `Put the remark on a line of its own, which begins with \`#\`. ${whileNoJobRuns}`,
				...(!isHidden(seen.bare ?? "") && { config: unitLines(seen.file, `[Service]\n${seen.name}=${seen.bare}`) }),
			};
		case "second-command":
			return {
				text: "Keep one of the commands. In a drop-in, an empty `ExecStart=` must come before the new one. Restart the runner while no job runs.",
			};
		case "restart-of-oneshot":
		case "never-ready":
		case "oneshot":
			return {
				text: `Remove the type: the runner is a plain daemon. ${whileNoJobRuns}`,
				config: unitLines(seen.file, "[Service]\nType=simple"),
			};
	}
}
