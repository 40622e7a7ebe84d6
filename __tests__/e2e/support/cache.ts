import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

const cacheRoot = process.env.RUNNER_CHECK_E2E_CACHE ?? "/var/tmp/runner-check-e2e";

/**
 * A folder that `make` fills once per `key`. It appears under its name only when it is complete, so an interrupted run leaves
 * nothing half made and two runs at once do not disturb each other.
 */
export async function cached(name: string, key: string, make: (folder: string) => Promise<void>): Promise<string> {
	const folder = join(cacheRoot, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 12)}`);
	if (existsSync(folder)) return folder;
	const unfinished = `${folder}.${process.pid}`;
	await mkdir(unfinished, { recursive: true });
	try {
		const started = performance.now();
		await make(unfinished);
		await rename(unfinished, folder);
		console.log(`e2e: made ${name} in ${Math.round((performance.now() - started) / 1000)} s`);
	} catch (error) {
		await rm(unfinished, { recursive: true, force: true });
		if (!existsSync(folder)) throw error;
	}
	return folder;
}
