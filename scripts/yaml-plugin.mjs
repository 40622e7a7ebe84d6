import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The module that stands for a YAML file: its data, so that no parser is needed at run time. */
export function yamlModule(path) {
	return `export default ${JSON.stringify(parse(readFileSync(path, "utf8")))};`;
}

/** For vitest. */
export const yamlForVite = {
	name: "yaml-data",
	load(id) {
		return /\.ya?ml$/.test(id) ? yamlModule(id) : undefined;
	},
};
