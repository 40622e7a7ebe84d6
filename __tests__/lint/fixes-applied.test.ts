/** Lines of configuration that the lint prints: written into the file, they make the finding go away. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { Result } from "../../src/report/report.ts";
import { casesIn } from "../support/cases.ts";
import { isLintCase, type LintCase, lintCase, readLintCase } from "../support/lint-cases.ts";

const root = fileURLToPath(new URL("../cases", import.meta.url));
const cases = casesIn(root).filter(({ name }) => isLintCase(join(root, name)));

/** What a fix tells people to take out of the file, next to the lines that they have to write. */
const takesOut = /\b(?:remove|move|rename)\b|^Write `/i;

type Yaml = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Yaml {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As a person would write the lines into the file: sections are joined, everything else is replaced. */
function merged(file: unknown, lines: unknown): unknown {
	if (!isMap(file) || !isMap(lines)) return lines;
	const joined = Object.entries(lines).map(([key, value]) => [key, key in file ? merged(file[key], value) : value]);
	return { ...file, ...Object.fromEntries(joined) };
}

/** The case with the lines of this fix in their file; `undefined` if they belong to another one. */
function applied(one: LintCase, { remedy }: Result): LintCase | undefined {
	const config = remedy?.config;
	const text = config && one.texts[config.file];
	if (!config || text === undefined) return undefined;
	// Compose merges an override as a person would write the lines into the file.
	if (/^services:/m.test(config.text)) {
		return { ...one, files: [config.file], texts: { ...one.texts, "compose.override.yaml": config.text } };
	}
	if (config.language === "yaml") {
		const changed = stringify(merged(parse(text, { uniqueKeys: false }), parse(config.text)));
		return { ...one, texts: { ...one.texts, [config.file]: changed } };
	}
	if (config.language !== "ini" || !config.file.endsWith(".service")) return undefined;
	// In a drop-in, an empty assignment comes before a command that replaces another.
	const lines = config.text.replace(/^ExecStart=(?=.)/m, "ExecStart=\nExecStart=");
	return { ...one, texts: { ...one.texts, [`${config.file}.d/zz-fix.conf`]: lines } };
}

const fixed = await Promise.all(
	cases.map(async ({ name }) => {
		const one = readLintCase(join(root, name));
		const { results } = await lintCase(one);
		return results.flatMap((result) => {
			// The lines for a workflow's finding are those of another runner.
			if (takesOut.test(result.remedy?.text ?? "") || result.id.startsWith("workflow/")) return [];
			const after = applied(one, result);
			return after ? [[`${result.id}:${result.reason} of ${name}`, result, after] as const] : [];
		});
	}),
);

describe("the lines of a fix, written into the file", () => {
	test("are those of many findings", () => expect(fixed.flat().length).toBeGreaterThan(50));

	test.each(fixed.flat())("%s is gone", async (_name, { id, reason, message }, after) => {
		const { results } = await lintCase(after);
		expect(results.filter((other) => other.id === id && other.reason === reason && other.message === message)).toEqual(
			[],
		);
	});
});
