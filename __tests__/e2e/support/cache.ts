import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";

const cacheRoot = process.env.RUNNER_CHECK_E2E_CACHE ?? "/var/tmp/runner-check-e2e";

/**
 * A folder that `make` fills once per `key`. It gets its name only when it is complete, so an interrupted run leaves
 * nothing half made and two runs at once do not disturb each other. Its modification time says when it was last used.
 */
export async function cached(name: string, key: string, make: (folder: string) => Promise<void>): Promise<string> {
	const folder = join(cacheRoot, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 12)}`);
	if (existsSync(folder)) {
		const now = new Date();
		await utimes(folder, now, now);
		return folder;
	}
	await mkdir(cacheRoot, { recursive: true });
	const unfinished = await mkdtemp(`${folder}.`);
	await chmod(unfinished, 0o755);
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

/** A new folder for this run alone, next to the cache. `.ci/clean` removes it if this run is killed. */
export async function runFolder(kind: "world" | "engine" | "podman"): Promise<string> {
	const folder = await mkdtemp(`${cacheRoot}-${kind}-`);
	await chmod(folder, 0o755); // for users of the docker group
	return folder;
}

/** Keeps `.ci/clean` away from the cache and the folders of this run until it is disposed, or this process dies. */
export async function holdCache(): Promise<AsyncDisposable> {
	await mkdir(cacheRoot, { recursive: true });
	const hold = ["flock", "--shared", "--no-fork", cacheRoot, "sh", "-c", "echo held; exec sleep infinity"];
	const holder = spawn("setpriv", ["--pdeathsig=KILL", ...hold], { stdio: ["ignore", "pipe", "inherit"] });
	const failed = once(holder, "exit").then(() => Promise.reject(new Error("the lock on the cache cannot be had")));
	await Promise.race([once(holder.stdout, "data"), failed]);
	failed.catch(() => undefined); // it ends later, as it is told
	return {
		async [Symbol.asyncDispose]() {
			const ended = once(holder, "exit");
			holder.kill("SIGKILL");
			await ended;
		},
	};
}
