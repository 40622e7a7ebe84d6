import { existsSync, readdirSync, readFileSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkPages, lintNames, readmeWithTables, schemas, secretsPage, shellAction } from "../scripts/generate.mjs";
import { checkIds, knowsCheck } from "../src/checks/known-checks.ts";
import { allChecks } from "../src/checks/list.ts";
import { otherChecks } from "../src/checks/other-checks.ts";
import { namedChecks } from "../src/checks/run-checks.ts";
import { sectionOf } from "../src/cli/explain.ts";
import { docsOf } from "../src/docs-of.ts";
import { resolveInputs } from "../src/inputs.ts";
import { readPolicy } from "../src/policy/policy-file.ts";
import { builtInProfiles } from "../src/policy/profile.ts";
import { version } from "../src/version.ts";
import { createHost } from "./support/fake-host.ts";

const read = (path: string) => readFileSync(path, "utf8");

/** The fenced blocks of a page, by their language. */
function blocks(page: string, language: string): string[] {
	return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
		(match) => match[1] ?? "",
	);
}

describe("the docs of checks", () => {
	it.each([...allChecks, ...otherChecks].map((check) => [check.id, check] as const))(
		"%s: a section for it and for each of its reasons",
		(id, check) => {
			const path = docsOf(id).split("#")[0] ?? "";
			const page = read(path);
			const section = id.endsWith("/*") ? page : sectionOf(page, 2, id.split("/")[1] ?? "");
			expect(section.split("\n").length, `${path} has a section for ${id}`).toBeGreaterThan(3);
			for (const reason of Object.keys(check.reasons)) {
				expect(
					sectionOf(section, 3, reason)
						.split("\n")
						.filter((line) => line.trim() !== "").length,
					`${path} explains ${id}:${reason}`,
				).toBeGreaterThan(1);
			}
		},
	);

	it("hold no section of a check that does not exist", () => {
		const names = readdirSync("docs/checks").flatMap((file) => {
			const area = file.replace(/\.md$/, "");
			return [
				...read(`docs/checks/${file}`)
					.replace(/^```[\s\S]*?^```$/gm, "")
					.matchAll(/^## (\S+)$/gm),
			].map((match) => `${area}/${match[1]}`);
		});
		expect(names.filter((name) => ![...checkIds, ...otherChecks.map(({ id }) => id)].includes(name))).toEqual([]);
	});
});

describe("what is generated", () => {
	it("README.md has the tables of action.yml", () => {
		expect(read("README.md")).toBe(readmeWithTables(read("README.md"), read("action.yml")));
	});

	it("sh/action.yml has the inputs and outputs of action.yml", () => {
		expect(read("sh/action.yml")).toBe(shellAction(read("action.yml")));
	});

	it("docs/checks/ has the words of the checks", async () => {
		for (const [file, text] of Object.entries(await checkPages())) expect(read(file), file).toBe(text);
		for (const [file, text] of Object.entries(await secretsPage())) expect(read(file), file).toBe(text);
	});

	it("every run knows the names of the lint's checks", async () => {
		for (const [file, text] of Object.entries(await lintNames())) expect(read(file), file).toBe(text);
		expect(namedChecks.map(({ id, title }) => [id, title])).toEqual(allChecks.map(({ id, title }) => [id, title]));
	});

	it("schema/ has what the program validates with", async () => {
		for (const [file, text] of Object.entries(await schemas())) expect(read(file), file).toBe(text);
	});

	it("the version is the package's", () => {
		expect(version).toBe(JSON.parse(read("package.json")).version);
	});
});

describe("the examples of the README", () => {
	const readme = read("README.md");
	const documents = blocks(readme, "yaml").map((text) => parse(text));
	const known = { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds };

	it("use the action with inputs that it accepts", async () => {
		const steps = documents
			.flatMap(
				(document) =>
					Object.values(document.jobs ?? {}) as { steps: { uses?: string; with?: Record<string, string> }[] }[],
			)
			.flatMap((job) => job.steps)
			.filter((step) => step.uses?.startsWith("fortemi/runner-check@"));
		expect(steps.length).toBeGreaterThan(2);
		for (const step of steps) {
			const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [
				name,
				String(value).replace(/\$\{\{.*\}\}/, "titan"),
			]);
			await resolveInputs(Object.fromEntries(inputs), {
				host: createHost(),
				decideProfile: async () => ({ name: "titan", decidedBy: "environment" }),
				defaultReportDir: undefined,
			});
		}
	});

	it("show a policy that the program and the published schema accept", () => {
		const policies = blocks(readme, "yaml").filter((text) => text.includes("version: 1"));
		expect(policies).toHaveLength(1);
		for (const text of policies) {
			expect(readPolicy("README.md", text, known)).toHaveProperty("source");
			const validate = new Ajv({ strict: false }).compile(JSON.parse(read("schema/policy.schema.json")));
			expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
		}
	});

	it("name files that exist", () => {
		const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");
		expect(links.length).toBeGreaterThan(5);
		expect(links.filter((link) => !existsSync(link))).toEqual([]);
	});
});

describe("the built-in profiles", () => {
	it("are a policy file that anybody could have written", () => {
		const text = read("src/policy/profiles.yaml");
		expect(readPolicy("profiles.yaml", text, { profiles: [], knowsCheck, checkIds })).toHaveProperty("source");
	});
});
