/** Writes what is generated from other files: the tables of the README, and the schemas of policy and report. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { build } from "esbuild";
import { parse } from "yaml";

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

/** JSON Schema of what a valibot schema of the sources describes. */
async function schemaOf(source, exported, title) {
	const { outputFiles } = await build({
		absWorkingDir: root,
		entryPoints: [source],
		bundle: true,
		format: "esm",
		write: false,
	});
	const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
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
		["schema/report.schema.json", await schemaOf("src/report/schema.ts", "reportSchema", "report")],
	];
	return Object.fromEntries(entries.map(([file, schema]) => [file, `${JSON.stringify(schema, null, "\t")}\n`]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const readme = readFileSync(`${root}README.md`, "utf8");
	writeFileSync(`${root}README.md`, readmeWithTables(readme, readFileSync(`${root}action.yml`, "utf8")));
	for (const [file, text] of Object.entries(await schemas())) writeFileSync(root + file, text);
}
