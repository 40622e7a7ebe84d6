import type { Host } from "../host/host.ts";
import { isOfWorkspace } from "../host/workspace.ts";
import type { Request } from "../request.ts";
import { absolute, join } from "./program-search.ts";
import { tomlEntries } from "./toml-entries.ts";

/** Which toolchain a job's rustup would choose in the workspace, read as text: rustup itself is not asked there. */
export type ToolchainChoice =
	/** The default one: nothing in or above the workspace chooses another. */
	| { readonly kind: "default" }
	/** Its plain name. The variable RUSTUP_TOOLCHAIN makes rustup choose it anywhere. */
	| { readonly kind: "named"; readonly name: string; readonly at: WrittenAt }
	/** One whose programs may be the workspace's, and which is not run. `by`: the file or the variable that chooses it. */
	| { readonly kind: "untrusted"; readonly by: string };

/** A line that names a toolchain. */
export interface WrittenAt {
	/** Relative to the workspace if it is in there. */
	readonly file: string;
	/** Counted from 1. */
	readonly line: number;
	/** It is rustup's default toolchain. */
	readonly isDefault?: true;
}

/** The files in which a workspace chooses its toolchain; rustup reads the older name first. */
export const toolchainFiles = ["rust-toolchain", "rust-toolchain.toml"] as const;
/** Bytes read of such a file, which has a few lines. */
const maxFile = 16 * 1024;
/** A channel, a release, or the name of a toolchain that the machine has. Never a path, which rustup would take as well. */
const plainName = /^[A-Za-z0-9][\w.-]{0,99}$/;

const byDefault: ToolchainChoice = { kind: "default" };

/**
 * In rustup's order: RUSTUP_TOOLCHAIN; then from the workspace upwards, an override in its settings or a toolchain file.
 * @param home Where rustup keeps its toolchains and settings.
 */
export async function chosenToolchain(
	host: Host,
	{ workspace, usesWorkspace }: Pick<Request, "workspace" | "usesWorkspace">,
	home: string | undefined,
): Promise<ToolchainChoice> {
	if (home !== undefined && (await isOfWorkspace(host, home, workspace))) {
		return { kind: "untrusted", by: host.env.RUSTUP_HOME ? "RUSTUP_HOME" : "HOME" };
	}
	const linked = home === undefined ? undefined : await linkIntoWorkspace(host, home, workspace);
	if (linked !== undefined) return { kind: "untrusted", by: linked };
	const { RUSTUP_TOOLCHAIN: variable } = host.env;
	if (variable) {
		const isPath = variable.includes("/");
		const isUntrusted = isPath && (await isOfWorkspace(host, absolute(variable, workspace), workspace));
		return isUntrusted ? { kind: "untrusted", by: "RUSTUP_TOOLCHAIN" } : byDefault;
	}
	const overrides = home === undefined ? {} : await overridesIn(host, join(home, "settings.toml"));
	for (let directory = workspace; ; directory = parentOf(directory)) {
		const override = overrides[directory];
		if (override) return plainName.test(override.name) ? { kind: "named", ...override } : byDefault;
		const prefix = directory === workspace ? "" : directory;
		const choice = directory === workspace && !usesWorkspace ? undefined : await choiceAt(host, directory, prefix);
		if (choice) return choice;
		if (directory === "/") return byDefault;
	}
}

async function choiceAt(host: Host, directory: string, prefix: string): Promise<ToolchainChoice | undefined> {
	for (const file of toolchainFiles) {
		const text = await host.readInside(directory, join(directory, file), maxFile);
		if (text.kind === "absent") continue;
		const pin = text.kind === "ok" ? pinIn(text.value) : undefined;
		if (pin === "none") return undefined;
		const at = { file: prefix === "" ? file : join(prefix, file), line: pin?.line ?? 1 };
		return pin ? { kind: "named", name: pin.channel, at } : { kind: "untrusted", by: file };
	}
	return undefined;
}

export interface Pin {
	readonly channel: string;
	/** Counted from 1. */
	readonly line: number;
}

/**
 * `[toolchain]` with `channel = "1.92"`, or nothing but a name. rustup never reads the file here, so what is overlooked starts nothing.
 * @returns `none` if it chooses no toolchain, and `undefined` if it names a path, or in a way that takes a parser of TOML.
 */
export function pinIn(text: string): Pin | "none" | undefined {
	const lines = text.split(/\r?\n/).map((line) => line.replace(/^\uFEFF|\s*#.*$/g, ""));
	if (text.length >= maxFile || lines.some((line) => /\bpath\b|\\/.test(line))) return undefined;
	const written = lines.filter((line) => line.trim() !== "");
	const only = written[0]?.trim() ?? "";
	if (written.length === 1 && plainName.test(only)) return { channel: only, line: 1 + lines.indexOf(written[0] ?? "") };
	let table = "";
	for (const [index, line] of lines.entries()) {
		const header = /^\s*\[\s*([\w.-]+)\s*\]\s*$/.exec(line)?.[1];
		if (header !== undefined) table = header;
		else if (table === "" && line.trim() !== "") return undefined;
		const channel = table === "toolchain" ? /^\s*channel\s*=\s*["']([^"']*)["']\s*$/.exec(line)?.[1] : undefined;
		if (channel !== undefined) return plainName.test(channel) ? { channel, line: index + 1 } : undefined;
	}
	return "none";
}

/** The toolchain of the machine that is a link into the workspace: `rustup toolchain link` makes such. */
async function linkIntoWorkspace(host: Host, home: string, workspace: string): Promise<string | undefined> {
	const names = await host.list(join(home, "toolchains"));
	if (names.kind !== "ok") return undefined;
	const paths = names.value.slice(0, 100).map((name) => join(join(home, "toolchains"), name));
	const isLink = await Promise.all(paths.map(async (path) => (await host.lstat(path)).kind === "link"));
	const links = paths.filter((_, index) => isLink[index]);
	const isInside = await Promise.all(links.map((path) => isOfWorkspace(host, path, workspace)));
	return links.find((_, index) => isInside[index]);
}

type Override = { readonly name: string; readonly at: WrittenAt };

/** Directory -> toolchain, as `rustup override set` writes them. */
async function overridesIn(host: Host, file: string): Promise<Readonly<Record<string, Override>>> {
	const text = await host.readText(file);
	if (text.kind !== "ok") return {};
	const found = tomlEntries(text.value).entries.flatMap(({ path, value, line }): [string, Override][] => {
		const [table, directory, ...more] = path;
		if (table !== "overrides" || directory === undefined || more.length > 0 || typeof value !== "string") return [];
		return [[directory, { name: value, at: { file, line } }]];
	});
	return Object.fromEntries(found);
}

/** What names the default toolchain, in the settings of rustup. */
export async function defaultWrittenAt(host: Host, home: string): Promise<WrittenAt | undefined> {
	const file = join(home, "settings.toml");
	const text = await host.readText(file);
	if (text.kind !== "ok") return undefined;
	const entry = tomlEntries(text.value).entries.find(({ path }) => path.join(".") === "default_toolchain");
	return entry && { file, line: entry.line, isDefault: true };
}

function parentOf(directory: string): string {
	return directory.slice(0, Math.max(1, directory.lastIndexOf("/")));
}
