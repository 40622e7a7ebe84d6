import type { Host } from "../host/host.ts";

/** An existing directory: the path itself, or the nearest one above it. */
export type Existing =
	| { readonly kind: "found"; readonly path: string; readonly exists: boolean }
	| { readonly kind: "unreadable"; readonly code: string };

/** Follows links. A path that does not exist yet will be created in the nearest existing directory above it. */
export async function nearestExisting(host: Host, path: string): Promise<Existing> {
	let candidate = path;
	for (;;) {
		const outcome = await host.realPath(candidate);
		if (outcome.kind === "ok") return { kind: "found", path: outcome.value, exists: candidate === path };
		if (outcome.kind === "unreadable") return outcome;
		const above = candidate.replace(/\/+[^/]*\/*$/, "") || "/";
		// Nothing is above the root, nor above a relative name.
		if (above === candidate) return { kind: "unreadable", code: "ENOENT" };
		candidate = above;
	}
}

/** The job's directory for temporary files, which actions use. */
export function tempDirectory(env: Host["env"]): string {
	return absolute(env.RUNNER_TEMP) ?? "/tmp";
}

/** HOME, or the home in the user database. `/` does not count: Docker sets it for a uid without an entry. */
export function homeDirectory(host: Host): string | undefined {
	const home = absolute(host.env.HOME) ?? absolute(host.userHome);
	return home === "/" ? undefined : home;
}

export function absolute(path: string | undefined): string | undefined {
	return path?.startsWith("/") ? path : undefined;
}

/**
 * Resolves when the signal aborts, to race against. No call on a file system returns while its server is gone, and one such
 * place must not hide the others.
 */
export function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
}
