/**
 * Stands in for `node:fs` in the job summary of @actions/core: the real promises take 2 ms of every run to load, and nothing
 * else goes on when the summary is written.
 */
import { accessSync, appendFileSync, type WriteFileOptions, writeFileSync } from "node:fs";

export { constants } from "node:fs";

export const promises = {
	async access(path: string, mode: number): Promise<void> {
		accessSync(path, mode);
	},
	async appendFile(path: string, text: string, options: WriteFileOptions): Promise<void> {
		appendFileSync(path, text, options);
	},
	async writeFile(path: string, text: string, options: WriteFileOptions): Promise<void> {
		writeFileSync(path, text, options);
	},
};
