import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { allChecks } from "../src/checks/list.ts";
import { casesIn, judgeCase } from "./support/cases.ts";

/** How the product sounds: CONTRIBUTING.md. Phrase to avoid -> what to write. */
const avoid: readonly (readonly [RegExp, string])[] = [
	[/(?<!there )\bis no (?!longer|more than|later than|newer than|older than|such)/i, "is not a"],
	[/(?<!there )\b(?:is|are) none\b/i, "is not a …, or: no …"],
	[/\b(?:lies|lie) (?:at|in|on|below|behind|outside)\b/i, "is at, is in"],
	[/\b(?:stands|stand) (?:at|in|on|below|beside|there|here)\b/i, "is at, is in"],
	[/\bis there\b(?=[.,;:]|$)/im, "exists, is installed"],
	[/\bwhoever\b/i, "any user, anyone who"],
	[/\banybody\b/i, "anyone"],
	[/\bbesides?\b/i, "next to, also"],
	[/\bwithout a word\b/i, "silently"],
	[/\bmend(?:s|ed|ing)?\b/i, "fix"],
	[/\bway(?:s)? out\b/i, "fix"],
	[/\banew\b/i, "again"],
	[/\bnothing wrong\b/i, "no problems found"],
	[/\bas good as\b/i, "meets"],
	[/\bof it\.(?=\s|$)/im, "a sentence that does not dangle"],
	[
		/(?:^|[.!?] |\* )Where [^.,:]{3,70}, (?:the|its?|they|this|that|an?|nothing|no|each|only)\b/m,
		"If, or a sentence that names its subject first",
	],
	[/\b(?:colour|behaviour|recognis|flavour|misspelt|cancelled(?!\(\)))/i, "American spelling"],
];

/** Everything that people read: sources, docs, generated pages, and what findings look like. */
const files = spawnSync(
	"git",
	[
		...["ls-files", "--", "src", "docs", "hooks", "sh", "examples", ".gitea", "scripts", ".ci", "schema"],
		...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "action.yml", ".pre-commit-hooks.yaml"],
		...["__tests__/cases/**/expected.md", "__tests__/golden", "__tests__/support"],
	],
	{ encoding: "utf8" },
)
	.stdout.split("\n")
	.filter((file) => /\.(?:ts|mjs|md|ya?ml|sh|json|txt|service|html)$|^\.ci\/run$/.test(file))
	// Words of other programs, as they print them.
	.filter((file) => !/^src\/knowledge\/.*\.(?:ya?ml|json)$/.test(file));

test("there are files to read", () => {
	expect(files.length).toBeGreaterThan(300);
});

test.each(files)("%s sounds like the rest", (file) => {
	const found = readFileSync(file, "utf8")
		.split("\n")
		.flatMap((line, index) =>
			avoid
				.filter(([phrase]) => phrase.test(line))
				.map(
					([phrase, instead]) =>
						`${file}:${index + 1}: ${phrase.exec(line)?.[0]?.trim()} -> ${instead}: ${line.trim()}`,
				),
		);
	expect(found.slice(0, 20).join("\n")).toBe("");
});

const maxTitle = 60;

describe("titles", () => {
	const reasons = allChecks.flatMap(({ id, reasons }) =>
		Object.entries(reasons).map(([reason, { title }]) => [`${id}:${reason}`, title] as const),
	);

	test.each(reasons)("%s: %s", (_, title) => {
		expect(title.length).toBeLessThanOrEqual(maxTitle);
		expect(title).not.toMatch(/\.$/);
	});

	test("two findings of different checks never share one", async () => {
		const cases = casesIn(fileURLToPath(new URL("cases", import.meta.url)));
		const idsOf = new Map<string, Set<string>>();
		for (const one of cases) {
			const { id, status, title } = (await judgeCase(one)).result;
			if (status !== "fail" && status !== "warn") continue;
			idsOf.set(title, (idsOf.get(title) ?? new Set()).add(id));
		}
		const shared = [...idsOf]
			.filter(([, ids]) => ids.size > 1)
			.map(([title, ids]) => `${title}: ${[...ids].join(", ")}`);
		expect(shared).toEqual([]);
	});
});
