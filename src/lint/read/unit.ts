import { systemdKeys } from "../../knowledge/systemd-keys.ts";
import { editDistance } from "../../policy/nearest.ts";
import type { IgnoredLine, UnitSetting } from "../facts.ts";
import { maskSetting } from "../secrets/mask.ts";
import { expectedValue, withoutRemark } from "./unit-values.ts";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Why = Without<IgnoredLine, "line" | "column">;

/** What systemd makes of the text of a unit. */
export interface UnitText {
	readonly settings: readonly UnitSetting[];
	readonly ignored: readonly IgnoredLine[];
	/** A section's header that is broken: systemd does not load the unit. */
	readonly brokenHeader?: { readonly line: number; readonly column: number };
}

/** A unit with more of them is not one. */
const maxIgnored = 20;

/**
 * Reads a systemd unit as systemd does: sections, assignments, comments, and lines continued by a backslash. Settings are
 * without what systemd ignores. Secrets become stars.
 */
export function parseUnit(text: string): UnitText {
	const settings: UnitSetting[] = [];
	const ignored: IgnoredLine[] = [];
	const lines = text.split(/\r\n|\n/);
	let section = "";
	let isForeign = false;
	for (let index = 0; index < lines.length; index++) {
		const line = lines[index] ?? "";
		const trimmed = line.trim();
		if (trimmed === "" || /^[#;]/.test(trimmed)) continue;
		const place = { line: index + 1, column: line.length - line.trimStart().length + 1 };
		const ignore = (why: Why): void => {
			if (ignored.length < maxIgnored) ignored.push({ ...place, ...why } as IgnoredLine);
		};
		if (trimmed.startsWith("[")) {
			if (!trimmed.endsWith("]")) return { settings, ignored, brokenHeader: place };
			section = trimmed.slice(1, -1);
			isForeign = section.startsWith("X-");
			if (!isForeign && !/^(?:Unit|Service|Install|Timer|Socket|Path|Mount|Slice|Scope)$/.test(section)) {
				ignore({ why: "section", name: section.slice(0, 60) });
				isForeign = true;
			}
			continue;
		}
		const equals = line.indexOf("=");
		let value = line.slice(equals + 1);
		while (value.endsWith("\\") && index + 1 < lines.length) {
			index++;
			const next = lines[index] ?? "";
			value = `${value.slice(0, -1)} ${/^\s*[#;]/.test(next) ? "\\" : next.trim()}`;
		}
		const name = line.slice(0, Math.max(0, equals)).trim();
		if (section === "") ignore({ why: "outside" });
		else if (isForeign) continue;
		else if (equals < 0) ignore({ why: "no-equals" });
		else if (name === "") ignore({ why: "no-name" });
		else {
			const setting = { section, name, value: maskSetting(name, value.trim()).slice(0, 4096), ...place };
			const why = name.startsWith("X-") ? undefined : whyIgnored(setting, value.trim());
			if (why) ignore(why);
			else settings.push(setting);
		}
	}
	return { settings, ignored };
}

/** @param raw The value before anything was hidden: a switch such as `PrivateTmp` looks like a secret by its name. */
function whyIgnored({ section, name, value }: UnitSetting, raw: string): Why | undefined {
	const known = systemdKeys[section];
	if (known && !known.has(name)) {
		const right = Object.keys(systemdKeys).find((other) => systemdKeys[other]?.has(name));
		const meant = right ? undefined : [...known].find((key) => isMisspelled(name, key));
		if (right !== undefined) return { why: "wrong-section", name, section, right };
		return meant === undefined ? undefined : { why: "unknown-key", name, section, meant };
	}
	const expected = expectedValue(name, raw);
	if (expected === undefined) return undefined;
	const bare = withoutRemark(raw);
	return bare !== undefined && expectedValue(name, bare) === undefined
		? { why: "remark", name, bare: value.slice(0, bare.length) }
		: { why: "value", name, value: value.slice(0, 200), expected };
}

/** A later release may know the key: only a typing error of one that is known here is surely none. */
function isMisspelled(name: string, key: string): boolean {
	return name.toLowerCase() === key.toLowerCase() || (key.length > 5 && editDistance(name, key) <= 1);
}
