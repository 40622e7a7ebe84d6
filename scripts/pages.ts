/**
 * Makes `docs/checks/<area>.md`: the page's opening as `src/…/<area>.md` has it, then a section for each check, from the
 * words of its reasons and from real findings, which its case folders give.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Case, casesIn, judgeCase } from "../__tests__/support/cases.ts";
import type { KnownCheck, Reason } from "../src/checks/check.ts";
import { allChecks } from "../src/checks/list.ts";
import { matchesId } from "../src/checks/matches-id.ts";
import { otherChecks } from "../src/checks/other-checks.ts";
import { code, fence, markdown } from "../src/render/markdown-text.ts";
import { fixBlocks } from "../src/render/summary-finding.ts";
import type { Result } from "../src/report/report.ts";

/** Every page that has an opening: path -> text. @param root The project's folder. */
export async function pages(root: string): Promise<Readonly<Record<string, string>>> {
	const cases = casesIn(join(root, "__tests__/cases"));
	const openings = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".md"))
		.sort();
	const entries = openings.map(async (path) => {
		const area = basename(path, ".md");
		const checks = [...allChecks, ...otherChecks].filter(({ id }) => id.startsWith(`${area}/`));
		if (checks.length === 0) throw new Error(`src/${path} opens a page, but no check is of the area ${area}`);
		const sections = await Promise.all(checks.map((check) => sectionOf(check, cases)));
		const opening = readFileSync(join(root, "src", path), "utf8").trimEnd();
		return [`docs/checks/${area}.md`, `${[opening, ...sections].join("\n\n")}\n`] as const;
	});
	return Object.fromEntries(await Promise.all(entries));
}

/** A family is its page's only check and needs no heading of its own. */
async function sectionOf(check: KnownCheck, cases: readonly Case[]): Promise<string> {
	const heading = check.id.endsWith("/*") ? [] : [`## ${check.id.split("/")[1]}`];
	if (check.intro === undefined) throw new Error(`${check.id} has no \`intro\` for its docs page`);
	const reasons = Object.entries(check.reasons).map(([reason, words]) =>
		reasonBlock(
			reason,
			words,
			cases.filter((one) => one.reason === reason && matchesId(check.id, one.id)),
			check.id,
		),
	);
	const unknown = await undecidedBlock(cases.filter((one) => one.reason === "error" && matchesId(check.id, one.id)));
	return [...heading, check.intro, ...(await Promise.all(reasons)), ...unknown].join("\n\n");
}

async function reasonBlock(
	reason: string,
	words: Reason & { readonly more?: string },
	cases: readonly Case[],
	id: string,
): Promise<string> {
	const head = [`### ${reason}`, `**${words.level}**: ${markdown(words.title)}.`];
	const more = words.more === undefined ? [] : [words.more];
	if (!("tell" in words)) return [...head, ...more].join("\n\n");
	if (cases.length === 0)
		throw new Error(`${id}:${reason} has no case: add __tests__/cases/${id}/${reason}--<what>/case.json`);
	const results = (await Promise.all(cases.map(judgeCase))).map(({ result }) => result);
	const whys = [...new Set(results.map(({ why }) => why ?? ""))];
	const shared = whys.length === 1 ? whys.map((why) => markdown(why)) : [];
	const shown = caseBlocks(cases, results, whys.length > 1);
	return [...head, ...shared, ...more, ...shown].join("\n\n");
}

/** What the check says when it cannot decide. That is not one of its reasons. */
async function undecidedBlock(cases: readonly Case[]): Promise<readonly string[]> {
	if (cases.length === 0) return [];
	const results = (await Promise.all(cases.map(judgeCase))).map(({ result }) => result);
	const head = ["### undecided", "**error**: The check could not find out. This counts as a failure."];
	return [[...head, ...caseBlocks(cases, results, true)].join("\n\n")];
}

/** Cases with the same explanation and fix share a heading. */
function caseBlocks(cases: readonly Case[], results: readonly Result[], withWhy: boolean): readonly string[] {
	const groups = new Map<string, { readonly headings: string[]; readonly messages: Set<string> }>();
	for (const [index, one] of cases.entries()) {
		const result = results[index] as Result;
		const { message, why, remedy } = result;
		const rest = [
			...(withWhy ? [markdown(why ?? "")] : []),
			...(remedy ? fixBlocks(remedy, "Fix it") : []),
			...(remedy?.otherwise ? fixBlocks(remedy.otherwise, "Or") : []),
		];
		const key = rest.filter((block) => block !== "").join("\n\n");
		const group = groups.get(key) ?? { headings: [], messages: new Set() };
		group.headings.push(one.heading);
		group.messages.add(`${fileBlock(one, result)}> ${markdown(message)}`);
		groups.set(key, group);
	}
	return [...groups].map(([rest, { headings, messages }]) =>
		[`#### ${headings.join(" / ")}`, ...messages, rest].join("\n\n"),
	);
}

const linesAround = 6;

/** The part of the case's file that the result is about; empty if it is not about a file. */
function fileBlock({ root, name }: Case, { location }: Result): string {
	const path = join(root, name, location?.file ?? "");
	if (location?.line === undefined || !existsSync(path)) return "";
	const lines = readFileSync(path, "utf8").trimEnd().split("\n");
	const first = Math.max(0, location.line - 1 - linesAround);
	const shown = lines.slice(first, location.line + linesAround).join("\n");
	return `${code(location.file)}, line ${location.line}:\n\n${fence(shown, languageOf(location.file))}\n\n`;
}

function languageOf(file: string): string {
	if (/\.ya?ml$/.test(file)) return "yaml";
	return file.endsWith(".runner") ? "json" : "ini";
}
