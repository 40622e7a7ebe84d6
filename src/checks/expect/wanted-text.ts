import type { Wanted } from "../../policy/policy.ts";
import { cut, listed, octal, oneLine, shellQuote } from "../text.ts";

/** The command in one line, as a shell takes it. */
export function commandText(command: readonly string[]): string {
	return command.map(shellQuote).join(" ");
}

/** What is looked at: a path, a variable, a command, a setting, a platform. */
export function subjectOf(wants: Wanted): string {
	switch (wants.kind) {
		case "file":
			return wants.path;
		case "env":
			return wants.variable;
		case "command":
			return oneLine(commandText(wants.command));
		case "sysctl":
			return wants.setting;
		case "platform":
			return wants.platform;
	}
}

/** What is expected of it, in as few words as possible: `mode 0775 and owner runner`. */
export function wantedText(wants: Wanted): string {
	const subject = cut(subjectOf(wants));
	switch (wants.kind) {
		case "file": {
			if (!wants.exists) return `nothing at ${subject}`;
			const { type, mode, owner, contains } = wants;
			const parts = [
				...(mode === undefined ? [] : [`mode ${octal(mode)}`]),
				...(owner === undefined ? [] : [`owner ${owner}`]),
				...(contains === undefined ? [] : [`the text ${cut(oneLine(contains))}`]),
			];
			const name = type === undefined ? subject : `${type} ${subject}`;
			if (type === undefined && parts.length === 0) return `${subject} exists`;
			return `${name}${parts.length === 0 ? "" : ` with ${listed(parts)}`}`;
		}
		case "env":
			if (!wants.set) return `${subject} is not set`;
			if (wants.is !== undefined) return `${subject} is ${cut(oneLine(wants.is))}`;
			return wants.matches === undefined ? `${subject} is set` : `${subject} matches ${cut(oneLine(wants.matches))}`;
		case "command": {
			const text = wants.stdout === undefined ? "" : `, stdout has ${cut(oneLine(wants.stdout))}`;
			return `${subject}: exit code ${wants.exit} within ${seconds(wants.timeoutMs)}${text}`;
		}
		case "sysctl":
			return wants.is === undefined ? `${subject} exists` : `${subject} ${cut(oneLine(wants.is))}`;
		case "platform":
			return `programs for ${subject} run`;
	}
}

export function seconds(ms: number): string {
	return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
