import { isSecretName } from "../../report/secret-names.ts";
import { maskText } from "../secrets/mask.ts";
import { maskCommand } from "../secrets/mask-command.ts";
import { maskPairs, maskProse, stars } from "../secrets/secret-text.ts";
import { isOpenVariable } from "./mask-service.ts";

/** `NAME=value` or `NAME: value` of a variable, with what is before the name. */
const variable = /^(\s*(?:-\s+)?["']?)([A-Za-z_]\w*)(["']?\s*[=:]\s*)(.*)$/;

/** A line of a compose file. A variable shows its value only if its name is known and no secret. */
export function maskComposeLine(raw: string): string {
	const [code = "", comment = ""] = splitComment(raw);
	const shown = comment.slice(0, 1) + stars(comment.slice(1));
	const closed = closedInFlow(code);
	return (
		(closed === undefined ? shownLine(code) : shownLine(code.slice(0, closed)) + stars(code.slice(closed))) + shown
	);
}

/** `{ NAME: value, … }`: where the value of the first variable begins that must be hidden; the rest of the line is hidden with it. */
function closedInFlow(code: string): number | undefined {
	const isEnvironment = /^\s*["']?environment["']?\s*:\s*\{/.test(code);
	for (const match of code.matchAll(/(?<=[{,]\s*["']?)([A-Za-z_]\w*)(?:["']\s*:|\s*:(?=\s|$))\s*/g)) {
		const [written, name = ""] = match;
		const isVariable = isEnvironment || /^[A-Z][A-Z0-9_]*$/.test(name);
		if (isSecretName(name) || (isVariable && !isOpenVariable(name))) return match.index + written.length;
	}
	return undefined;
}

function shownLine(code: string): string {
	const [, before = "", name, sign = "", value = ""] = variable.exec(code) ?? [];
	if (name === undefined) return hidden(code);
	const isVariable = sign.includes("=") || /^[A-Z][A-Z0-9_]*$/.test(name);
	if (isSecretName(name) || (isVariable && !isOpenVariable(name))) return before + name + sign + hiddenValue(value);
	return before + name + sign + (isVariable ? maskProse(maskText(value)) : hidden(value));
}

/** A reference to a variable of Compose is harmless, but its default may be a secret. */
function hiddenValue(value: string): string {
	return /^["']?\$\{?[A-Za-z_]\w*\}?["']?\s*$/.test(value) ? value : stars(value);
}

function hidden(text: string): string {
	return maskProse(maskCommand(maskPairs(maskText(text))));
}

function splitComment(raw: string): readonly [string, string] {
	const start = raw.search(/(?:^|\s)#/);
	return start < 0 ? [raw, ""] : [raw.slice(0, start), raw.slice(start)];
}
