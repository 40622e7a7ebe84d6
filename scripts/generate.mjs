/** Writes what is generated from other files: the tables of the README, the composite action, and the schemas. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { build } from "esbuild";
import { parse, stringify } from "yaml";
import { yamlModule } from "./yaml-plugin.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** README.md with the tables of inputs and outputs that action.yml gives. */
export function readmeWithTables(readme, actionYml) {
	const { inputs, outputs } = parse(actionYml);
	const rows = (entries, cells) =>
		Object.entries(entries).map(([name, entry]) => `| ${[`\`${name}\``, ...cells(entry)].join(" | ")} |`);
	const cell = (text) => text.replaceAll("|", "\\|");
	const shown = (value) => (value === "" ? "" : `\`${value}\``);
	const tables = {
		inputs: [
			"| input | default | meaning |",
			"|---|---|---|",
			...rows(inputs, (entry) => [shown(entry.default), cell(entry.description)]),
		],
		outputs: ["| output | meaning |", "|---|---|", ...rows(outputs, (entry) => [cell(entry.description)])],
	};
	return Object.entries(tables).reduce((text, [name, lines]) => {
		const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
		return `${text.slice(0, text.indexOf(start) + start.length)}\n${lines.join("\n")}\n${text.slice(text.indexOf(end))}`;
	}, readme);
}

/** The composite action for workflows: the same inputs and outputs, and a clear word where node is missing. */
export function shellAction(actionYml) {
	const { name, author, inputs, outputs } = parse(actionYml);
	const variable = (input) => `INPUT_${input.toUpperCase().replaceAll("-", "_")}`;
	const action = {
		name: `${name} (from a shell)`,
		description: "runner-check for images that may have no node: says so, instead of failing to start.",
		author,
		inputs,
		outputs: Object.fromEntries(
			Object.entries(outputs).map(([output, { description }]) => [
				output,
				{ description, value: `\${{ steps.check.outputs.${output} }}` },
			]),
		),
		runs: {
			using: "composite",
			steps: [
				{
					id: "check",
					shell: "sh",
					env: Object.fromEntries(Object.keys(inputs).map((input) => [variable(input), `\${{ inputs.${input} }}`])),
					run: '. "$GITHUB_ACTION_PATH/../hooks/find-node.sh"\nexec node "$GITHUB_ACTION_PATH/../dist/main.js"\n',
				},
			],
		},
	};
	return `# Generated from action.yml by scripts/generate.mjs.\n${stringify(action, { lineWidth: 0 })}`;
}

const yamlData = {
	name: "yaml-data",
	setup(builder) {
		builder.onLoad({ filter: /\.ya?ml$/ }, ({ path }) => ({ contents: yamlModule(path), loader: "js" }));
	},
};

/** `more.ts` is loaded only while something runs, and nothing runs here. */
const withoutMore = {
	name: "without-more",
	setup(builder) {
		builder.onResolve({ filter: /\/more\.ts$/ }, ({ path, kind }) =>
			kind === "dynamic-import" ? { path, external: true } : undefined,
		);
	},
};

/** A module of the sources, bundled and loaded. */
async function load(source) {
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: [source],
		bundle: true,
		platform: "node",
		format: "esm",
		write: false,
		plugins: [yamlData, withoutMore],
		// The packages that are CommonJS ask for Node's modules by `require`.
		banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
	});
	return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** The docs pages of checks as they have to be in `docs/checks/`: file -> text. */
export async function checkPages() {
	const { pages } = await load("scripts/pages.ts");
	return pages(root);
}

/** The names of the lint's checks, which every run reports and only some load. */
export async function lintNames() {
	const { lintChecks } = await load("src/lint/checks.ts");
	const reasonsOf = ({ reasons }) =>
		Object.fromEntries(Object.entries(reasons).map(([reason, { level, title }]) => [reason, { level, title }]));
	const checks = lintChecks.map((check) => [check.id, { title: check.title, reasons: reasonsOf(check) }]);
	return {
		"src/knowledge/lint-checks.json": `${JSON.stringify({ checks: Object.fromEntries(checks) }, null, "\t")}\n`,
	};
}

/** `docs/secrets.md`: what counts as a secret. */
export async function secretsPage() {
	const page = await load("scripts/secrets-page.ts");
	return { "docs/secrets.md": page.secretsPage() };
}

/** JSON Schema of what a valibot schema of the sources describes. */
async function schemaOf(source, exported, title) {
	const module = await load(source);
	return {
		$schema: "http://json-schema.org/draft-07/schema#",
		$id: `https://raw.githubusercontent.com/fortemi/runner-check/v1/schema/${title}.schema.json`,
		title: `runner-check ${title}`,
		...toJsonSchema(module[exported], { errorMode: "ignore" }),
	};
}

/** The schemas as they have to be in `schema/`: file -> text. */
export async function schemas() {
	const entries = [
		["schema/policy.schema.json", await schemaOf("src/policy/schema.ts", "policySchema", "policy")],
		["schema/after.schema.json", await schemaOf("src/after/after-report.ts", "afterSchema", "after")],
		["schema/report.schema.json", await schemaOf("src/report/schema.ts", "reportSchema", "report")],
		["schema/fleet.schema.json", await schemaOf("src/fleet/schema.ts", "fleetSchema", "fleet")],
	];
	return Object.fromEntries(entries.map(([file, schema]) => [file, `${JSON.stringify(schema, null, "\t")}\n`]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const readme = readFileSync(`${root}README.md`, "utf8");
	const actionYml = readFileSync(`${root}action.yml`, "utf8");
	writeFileSync(`${root}README.md`, readmeWithTables(readme, actionYml));
	writeFileSync(`${root}sh/action.yml`, shellAction(actionYml));
	const pages = { ...(await lintNames()), ...(await schemas()), ...(await checkPages()), ...(await secretsPage()) };
	for (const [file, text] of Object.entries(pages)) {
		writeFileSync(root + file, text);
	}
}
