import type { Host } from "../host/host.ts";

/** An existing place: the path asked for, or the nearest directory above it that exists. */
export type Existing =
	| { readonly kind: "found"; readonly path: string; readonly exists: boolean }
	| { readonly kind: "unreadable"; readonly code: string };

/** Follows links. What does not exist yet will be made in the nearest directory above that does. */
export async function nearestExisting(host: Host, path: string): Promise<Existing> {
	let candidate = path;
	for (;;) {
		const outcome = await host.realPath(candidate);
		if (outcome.kind === "ok") return { kind: "found", path: outcome.value, exists: candidate === path };
		if (outcome.kind === "unreadable") return outcome;
		if (candidate === "/") return { kind: "unreadable", code: "ENOENT" };
		candidate = candidate.replace(/\/+[^/]*\/*$/, "") || "/";
	}
}

/** The directory for temporary files of the job, as actions find it. */
export function tempDirectory(env: Host["env"]): string {
	return absolute(env.RUNNER_TEMP) ?? "/tmp";
}

/** HOME, or where the user database puts it. `/` is what Docker sets for a uid without an entry: no home at all. */
export function homeDirectory(host: Host): string | undefined {
	const home = absolute(host.env.HOME) ?? absolute(host.userHome);
	return home === "/" ? undefined : home;
}

export function absolute(path: string | undefined): string | undefined {
	return path?.startsWith("/") ? path : undefined;
}

/**
 * Comes true once the signal aborts, to race against. A file system whose server is gone lets no call on it return, and one
 * such place must not hide what the others say.
 */
export function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
}
