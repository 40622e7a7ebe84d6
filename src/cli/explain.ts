import type { KnownCheck } from "../checks/check.ts";
import { matchesId } from "../checks/matches-id.ts";
import { docsOf } from "../docs-of.ts";
import { own } from "../own.ts";
import { nearest } from "../policy/nearest.ts";
import { UsageError } from "./arguments.ts";
import { renderList } from "./list.ts";
import { wrapMarkdown } from "./wrap.ts";

/** Page of the docs (`docs/checks/docker.md`) -> its Markdown. Made from `docs/` when `dist` is built. */
export type Docs = Readonly<Record<string, string>>;

/** Reasons that any check can have, beyond its own. */
const commonReasons: Readonly<Record<string, string>> = {
	"not-applicable":
		"skip: There is nothing to judge here, for example no job container on a host label, or no `/dev/shm` outside Linux. It has no effect on the verdict.",
	"not-in-profile":
		"skip: The profile does not ask for this check. `runner-check policy --profile NAME` prints what it asks for.",
	disabled:
		"skip: The input `skip`, or `severity: off` in the policy, switched the check off. The report still lists it.",
	absent: "skip: The profile makes it optional, and it is not installed.",
	untrusted: "skip: A file in the workspace asks for this, and files in a workspace are not trusted to do so.",
	"needs:":
		"skip: `needs:ID` means that the check ID failed first. Fix that one; this check is judged in the next run.",
	timeout:
		"error: The check could not decide before the deadline, so it counts as a failure. The finding says what did not answer, and how to ask by hand. If the machine is only slow, raise the input `timeout`. Some checks have their own reason `timeout`: name the check to explain it.",
	crashed:
		"error: The check crashed, which is a bug in runner-check. It counts as a failure. Please report it with the JSON report.",
	undecided:
		"error: The check could not find out. It counts as a failure, and its message says why. `explain ID:undecided` has the cases of one check.",
	"no-facts":
		"error: The report comes from a version of runner-check that did not collect these facts. Run the check again.",
};

/**
 * What the docs say about a check, one of its reasons, or a whole area.
 * @param wanted `docker`, `docker/socket`, `docker/socket:missing`, `tool/rustc:missing`, `not-applicable`.
 * @param width Columns of the terminal.
 * @throws UsageError if there is no such check or reason.
 */
export function explain(wanted: string, checks: readonly KnownCheck[], docs: Docs, width: number): string {
	const ofArea = checks.filter(({ id }) => id.startsWith(`${wanted}/`));
	if (ofArea.length > 0) return renderList(ofArea, "text");
	const common = own(commonReasons, wanted.startsWith("needs:") ? "needs:" : wanted);
	if (common !== undefined) return `${wrapMarkdown(common, width)}\n`;

	// The last colon, and only if a reason follows: `registry/localhost:5000` has a colon of its own.
	const colon = wanted.lastIndexOf(":");
	const hasReason = colon > 0 && !/^\d+$/.test(wanted.slice(colon + 1));
	const [id, reason] = hasReason ? [wanted.slice(0, colon), wanted.slice(colon + 1)] : [wanted, undefined];
	const check = checks.find((entry) => entry.id === id || (entry.id.endsWith("/*") && matchesId(entry.id, id)));
	if (!check) {
		const areas = [...new Set(checks.map((entry) => entry.id.split("/")[0] ?? ""))];
		const like = nearest(id, [...checks.map((entry) => entry.id), ...areas, ...Object.keys(commonReasons)]);
		throw new UsageError(
			`there is no check \`${id}\`${like === undefined ? "" : `, did you mean \`${like}\`?`} \`list\` prints them all`,
		);
	}
	const page = docs[docsOf(check.id).split("#")[0] ?? ""] ?? "";
	const section = check.id.endsWith("/*") ? page : sectionOf(page, 2, check.id.split("/")[1] ?? "");
	if (reason === undefined) return `${check.id}: ${check.title}\n\n${wrapMarkdown(body(section), width)}\n`;

	const known = own(check.reasons, reason);
	const shared = own(commonReasons, reason.startsWith("needs") ? "needs:" : reason);
	const undecided = reason === "undecided" ? body(sectionOf(section, 3, reason)) : "";
	if (undecided !== "") return `${check.id}:${reason}\n\n${wrapMarkdown(undecided, width)}\n`;
	if (!known && shared !== undefined) return `${wrapMarkdown(shared, width)}\n`;
	if (!known)
		throw new UsageError(
			`\`${check.id}\` has no reason \`${reason}\`; it has: ${Object.keys(check.reasons).join(", ")}`,
		);
	const text = wrapMarkdown(body(sectionOf(section, 3, reason)), width);
	return `${check.id}:${reason}\n\n${text}\n`;
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
