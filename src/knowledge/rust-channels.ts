import { nearest } from "../policy/nearest.ts";

/**
 * What rustup takes for a toolchain that it can download: `stable`, `1.92`, `nightly-2026-01-31`, each with a target. Source: rustup's
 * `src/dist/mod.rs`. Any other name is a toolchain that somebody linked.
 */
const official =
	/^(?:stable|beta|nightly|[0-9]\.(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]?))?(?:-beta(?:\.[0-9]{1,2})?)?)(?:-\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?(?:-[a-z]\w*(?:-\w+){1,3})?$/;

/** Can rustup install it? If not, and it is not there, its name is misspelled, or it was never linked. */
export function isOfficialToolchain(name: string): boolean {
	return official.test(name);
}

/** The channel that was probably meant: `stable` of `stabel` and `latest`, `1.92.0` of `v1.92.0.0`. */
export function probableChannel(name: string): string {
	const number = /(?:^|[^\d.])([1-9]\.\d{1,3}(?:\.\d{1,2})?)(?!\d)/.exec(name)?.[1];
	if (number !== undefined && official.test(number)) return number;
	const channel = /^(?:stable|beta|nightly)(?![a-z])/i.exec(name)?.[0];
	return channel?.toLowerCase() ?? nearest(name.toLowerCase(), ["stable", "beta", "nightly"]) ?? "stable";
}
