import type { UnitSetting } from "../facts.ts";
import { maskSetting } from "../secrets/mask.ts";
import type { Problem } from "./tree.ts";

/**
 * Reads a systemd unit: sections, assignments, comments, and lines continued by a backslash. Secrets become stars. Any other line
 * is a problem: systemd ignores it with a warning.
 */
export function parseUnit(text: string): { readonly settings: readonly UnitSetting[]; readonly problem?: Problem } {
	const settings: UnitSetting[] = [];
	const lines = text.split(/\r\n|\n/);
	let section = "";
	for (let index = 0; index < lines.length; index++) {
		const line = lines[index] ?? "";
		const trimmed = line.trim();
		if (trimmed === "" || /^[#;]/.test(trimmed)) continue;
		const header = /^\[([^\]]+)\]$/.exec(trimmed);
		if (header) {
			section = header[1] ?? "";
			continue;
		}
		const equals = line.indexOf("=");
		const place = { line: index + 1, column: line.length - line.trimStart().length + 1 };
		if (equals < 0 || section === "") {
			const message =
				section === ""
					? "the assignment is before the first section"
					: "the line is neither a section nor an assignment";
			return { settings, problem: { ...place, message } };
		}
		let value = line.slice(equals + 1);
		while (value.endsWith("\\") && index + 1 < lines.length) {
			index++;
			const next = lines[index] ?? "";
			value = `${value.slice(0, -1)} ${/^\s*[#;]/.test(next) ? "\\" : next.trim()}`;
		}
		const name = line.slice(0, equals).trim();
		settings.push({ section, name, value: maskSetting(name, value.trim()).slice(0, 4096), ...place });
	}
	return { settings };
}
