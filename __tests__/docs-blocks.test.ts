/** Every block of configuration in the docs is one that its reader would accept. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { checkIds, knowsCheck } from "../src/checks/known-checks.ts";
import { fleetInputNames } from "../src/fleet/inputs.ts";
import { inputNames } from "../src/inputs.ts";
import { readPolicy } from "../src/policy/policy-file.ts";
import { builtInProfiles } from "../src/policy/profile.ts";
import { brief, lint } from "./lint/support/lint.ts";

interface Block {
	/** `README.md:120` */
	readonly place: string;
	readonly language: string;
	readonly text: string;
	/** The file that the page names for it: `config.yaml`. */
	readonly file: string;
}

function blocksOf(page: string): readonly Block[] {
	const text = readFileSync(page, "utf8");
	const named = /(?:^In (?:`([^`\n]+)`[^\n]*|([^`\n]+)):\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm;
	return [...text.matchAll(named)].map(({ 1: file, 2: described, 3: language = "", 4: body = "", index }) => ({
		place: `${page}:${text.slice(0, index).split("\n").length}`,
		language,
		text: body,
		file: file ?? described ?? "",
	}));
}

const pages = ["README.md", "CONTRIBUTING.md", "docs", "docs/checks"].flatMap((path) =>
	path.endsWith(".md")
		? [path]
		: readdirSync(path)
				.filter((name) => name.endsWith(".md"))
				.map((name) => `${path}/${name}`),
);
/** The pages of the lint show files that are wrong; there, a fix names its file. */
const showsWrongFiles = /^docs\/checks\/(?:compose|config|workflow)\.md:/;
const blocks = pages.flatMap(blocksOf).filter(({ place, file }) => file !== "" || !showsWrongFiles.test(place));
const yaml = blocks.filter(({ language }) => language === "yaml");

const policyKeys = ["version", "profiles", "expect", "severity", "accept", "fleet"];
const profileKeys = ["tools", "docker", "gpu", "disk", "registries", "services", "memory", "cpus", "shm", "open-files"];
const runnerKeys = ["runner", "container", "cache", "host", "log", "health_check", "server"];

function keysOf(text: string): readonly string[] {
	const data: unknown = parseDocument(text).toJS();
	return typeof data === "object" && data !== null && !Array.isArray(data) ? Object.keys(data) : [];
}

/** What a block is: by its own keys, as nothing else says so reliably. */
function kindOf({ text, file }: Block): "policy" | "profile" | "runner" | "workflow" | "steps" | "other" {
	if (/^the workflow's job|compose[\w.-]*\.ya?ml$/.test(file)) return "other";
	const keys = keysOf(text);
	if (text.trimStart().startsWith("-")) return "steps";
	if (keys.length > 0 && keys.every((key) => policyKeys.includes(key))) return "policy";
	if (keys.length > 0 && keys.every((key) => runnerKeys.includes(key))) return "runner";
	if (keys.length > 0 && keys.every((key) => profileKeys.includes(key))) return "profile";
	return keys.includes("jobs") ? "workflow" : "other";
}

const ofKind = (kind: ReturnType<typeof kindOf>) =>
	yaml.filter((block) => kindOf(block) === kind).map((block) => [block.place, block] as const);

test("there are blocks of every kind", () => {
	for (const kind of ["policy", "profile", "runner", "workflow"] as const)
		expect(ofKind(kind).length, kind).toBeGreaterThan(1);
});

describe("yaml", () => {
	test.each(yaml.map((block) => [block.place, block] as const))("%s is YAML", (_, { text }) => {
		expect(parseDocument(text).errors.map(({ message }) => message)).toEqual([]);
	});

	const known = { profiles: Object.keys(builtInProfiles), knowsCheck, checkIds };
	test.each(ofKind("policy"))("%s is a policy", async (place, { text }) => {
		const whole = /^version:/m.test(text) ? text : `version: 1\n${text}`;
		expect(await readPolicy(place, whole, known)).toHaveProperty("source");
	});

	test.each(ofKind("profile"))("%s is a profile of a policy", async (place, { text }) => {
		const indented = text.replace(/^(?=.)/gm, "    ");
		expect(await readPolicy(place, `version: 1\nprofiles:\n  team:\n${indented}`, known)).toHaveProperty("source");
	});

	test.each(ofKind("runner"))("%s is a configuration that the runner reads as it is meant", async (_, { text }) => {
		// A fix shows a part of a file, so only what is wrong with this part counts.
		const results = (await lint(text, "4.1.0")).filter(
			({ id, reason }) => /^config\/(?:syntax|unknown-key|type|volumes)$/.test(id) || reason === "unknown-flag",
		);
		expect(brief(results)).toEqual([]);
	});

	test.each(ofKind("workflow"))("%s uses inputs that exist", (_, { text }) => {
		const { jobs } = parseDocument(text).toJS() as { jobs: Record<string, { steps?: Step[] }> };
		expectInputs(Object.values(jobs).flatMap(({ steps = [] }) => steps));
	});

	test.each(ofKind("steps"))("%s uses inputs that exist", (_, { text }) => {
		expectInputs(parseDocument(text).toJS() as Step[]);
	});
});

interface Step {
	readonly uses?: string;
	readonly with?: Readonly<Record<string, unknown>>;
}

function expectInputs(steps: readonly Step[]): void {
	const ours = steps.filter(({ uses }) => uses?.startsWith("fortemi/runner-check"));
	const unknown = ours.flatMap((step) => {
		const known: readonly string[] = step.uses?.startsWith("fortemi/runner-check/fleet@")
			? fleetInputNames
			: inputNames;
		return Object.keys(step.with ?? {}).filter((name) => !known.includes(name));
	});
	expect(unknown).toEqual([]);
}

test.each(blocks.filter(({ language }) => language === "json").map((block) => [block.place, block] as const))(
	"%s is JSON",
	(_, { text }) => {
		expect(() => JSON.parse(text)).not.toThrow();
	},
);

test.each(
	blocks
		.filter(({ language, file }) => language === "ini" && !file.startsWith(".env"))
		.map((b) => [b.place, b] as const),
)("%s has only sections and settings", (_, { text }) => {
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	expect(lines.filter((line) => !/^(?:[#;].*|\[\w[\w.-]*\]|[\w.-]+ ?=.*)$/.test(line))).toEqual([]);
});

test.each(blocks.filter(({ language }) => language === "dockerfile").map((block) => [block.place, block] as const))(
	"%s begins with an instruction",
	(_, { text }) => {
		const lines = text.replace(/\\\n/g, " ").trim().split("\n");
		expect(
			lines.filter((line) => !/^(?:#|(?:ARG|CMD|COPY|ENV|FROM|RUN|USER|VOLUME|WORKDIR|LABEL)\s)/.test(line)),
		).toEqual([]);
	},
);
