import type { Check, Family } from "../checks/check.ts";
import { matchesId } from "../checks/matches-id.ts";
import { docsOf } from "../docs-of.ts";
import { own } from "../own.ts";
import { nearest } from "../policy/nearest.ts";
import { UsageError } from "./arguments.ts";

/** Page of the docs (`docs/checks/docker.md`) -> its Markdown. Made from `docs/` when `dist` is built. */
export type Docs = Readonly<Record<string, string>>;

/**
 * What the docs say of a check, or of one of its reasons.
 * @param wanted `docker/socket`, `docker/socket:missing`, `tool/rustc:missing`.
 * @throws UsageError where there is no such check or reason.
 */
export function explain(wanted: string, checks: readonly (Check | Family)[], docs: Docs): string {
	const find = (id: string) =>
		checks.find((entry) => entry.id === id || (entry.id.endsWith("/*") && matchesId(entry.id, id)));
	// The last colon, and only where there is a reason behind it: `registry/localhost:5000` has one of its own.
	const colon = wanted.lastIndexOf(":");
	const hasReason = colon > 0 && !/^\d+$/.test(wanted.slice(colon + 1));
	const [id, reason] = hasReason ? [wanted.slice(0, colon), wanted.slice(colon + 1)] : [wanted, undefined];
	const check = find(id);
	if (!check) {
		const like = nearest(
			id,
			checks.map((entry) => entry.id),
		);
		throw new UsageError(
			`there is no check \`${id}\`${like === undefined ? "" : `, did you mean \`${like}\`?`} \`list\` prints them all`,
		);
	}
	const reasons = Object.keys(check.reasons);
	const known = reason === undefined ? undefined : own(check.reasons, reason);
	if (reason !== undefined && !known)
		throw new UsageError(`\`${check.id}\` has no reason \`${reason}\`; it has: ${reasons.join(", ")}`);

	const page = docs[docsOf(check.id).split("#")[0] ?? ""] ?? "";
	const name = check.id.split("/")[1] ?? "";
	const section = check.id.endsWith("/*") ? page : sectionOf(page, 2, name);
	if (reason === undefined) return `${check.id}: ${check.title}\n\n${body(section)}\n`;
	return `${check.id}:${reason} (${known?.level})\n${known?.title}\n\n${body(sectionOf(section, 3, reason))}\n`;
}

/** The section of a page under the heading `name` of that level, down to the next heading of the same or a higher one. */
export function sectionOf(page: string, level: number, name: string): string {
	const lines = page.split("\n");
	const start = lines.indexOf(`${"#".repeat(level)} ${name}`);
	if (start < 0) return "";
	let fenced = false;
	const length = lines.slice(start + 1).findIndex((line) => {
		if (line.startsWith("```")) fenced = !fenced;
		const heading = /^(#+) /.exec(line);
		return !fenced && heading !== null && (heading[1] ?? "").length <= level;
	});
	return lines.slice(start, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** A section without its heading. */
function body(section: string): string {
	return section.replace(/^#.*\n/, "").trim();
}
