import type { Host } from "../host/host.ts";
import { isOfWorkspace } from "../host/workspace.ts";
import { own } from "../own.ts";
import { type CargoEntry, cargoHomeOf, readCargoConfig } from "./cargo-config.ts";
import { holdsFor, hostTarget, type Target } from "./cargo-target.ts";
import { absolute, join } from "./program-search.ts";

/** What a workspace's configuration of cargo says about how to build, as the variables that say the same. */
export interface CargoSettings {
	readonly variables: Readonly<Record<string, string>>;
	/** Settings that were left out, as they are written. */
	readonly leftOut: readonly string[];
	/** The setting that names a program of the workspace. */
	readonly untrusted?: string;
}

/** A program that PATH finds, a target, a word. */
const plainName = /^[A-Za-z0-9][\w.+-]*$/;
/** Options of the compiler that name no file and load nothing. */
const plainFlag =
	/^(?:target-cpu=[\w.-]+|target-feature=[\w.+,-]+|link-arg=-fuse-ld=[A-Za-z0-9][\w.-]*|linker=[A-Za-z0-9][\w.+-]*|linker-flavor=[\w-]+|(?:debuginfo|opt-level|strip|prefer-dynamic|relocation-model|force-frame-pointers)=[\w-]+)$/;
/** What is left out is named, up to this many. */
const maxLeftOut = 10;

/**
 * Reads cargo's configuration for a workspace that is not trusted, as text: cargo would read it too, and run what it names. Only what is
 * surely no program and no file of the workspace becomes a variable. Cargo itself reads the configuration in its home.
 */
export async function cargoSettings(host: Host, workspace: string): Promise<CargoSettings> {
	const [{ entries, unread }, target] = await Promise.all([readCargoConfig(host, workspace), hostTarget(host)]);
	const variables: Record<string, string> = {};
	const leftOut: string[] = unread ? [`${unread.file}: ${unread.why}`] : [];
	const home = cargoHomeOf(host, workspace);
	for (const entry of entries.filter(({ base }) => join(base, ".cargo") !== home)) {
		const variable = variableOf(entry.path, target);
		if (variable === undefined) {
			if (decidesBuild(entry.path)) leftOut.push(written(entry));
			continue;
		}
		// The nearest file comes first.
		if (variable in variables) continue;
		const value = plainValue(entry);
		if (value !== undefined) variables[variable] = value;
		else if (!isProgram(entry)) leftOut.push(written(entry));
		else {
			const path = absolute(entry.value as string, entry.base);
			if (await isOfWorkspace(host, path, workspace)) return { variables: {}, leftOut, untrusted: written(entry) };
			variables[variable] = path;
		}
	}
	return { variables, leftOut: leftOut.slice(0, maxLeftOut) };
}

const ofBuild: Readonly<Record<string, string>> = {
	rustc: "CARGO_BUILD_RUSTC",
	"rustc-wrapper": "CARGO_BUILD_RUSTC_WRAPPER",
	"rustc-workspace-wrapper": "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
	target: "CARGO_BUILD_TARGET",
	rustflags: "CARGO_BUILD_RUSTFLAGS",
};

function variableOf(path: readonly string[], machine: Target): string | undefined {
	const [table, second = "", third = ""] = path;
	if (table === "build" && path.length === 2) return own(ofBuild, second);
	if (table !== "target" || path.length !== 3 || !["linker", "runner", "rustflags"].includes(third)) return undefined;
	const triple = second.startsWith("cfg(") && holdsFor(second, machine) === true ? machine.name : second;
	return plainName.test(triple) ? `CARGO_TARGET_${triple.replace(/\W/g, "_")}_${third}`.toUpperCase() : undefined;
}

/** May the setting change how a crate is built? */
function decidesBuild([table = ""]: readonly string[]): boolean {
	return ["build", "target", "env", "profile", "unstable", "host", "patch"].includes(table);
}

/** The value, if it surely names nothing of the workspace. */
function plainValue({ path, value }: CargoEntry): string | undefined {
	if (path[path.length - 1] === "rustflags") return plainFlags(typeof value === "string" ? value.split(/\s+/) : value);
	return typeof value === "string" && plainName.test(value) ? value : undefined;
}

/** One path of a program: with arguments, any of them may be a script. */
function isProgram({ path, value }: CargoEntry): boolean {
	const key = path[path.length - 1];
	return key !== "rustflags" && key !== "target" && typeof value === "string" && /^\S*\/\S*$/.test(value);
}

function plainFlags(words: readonly string[]): string | undefined {
	const flags = words.filter((word) => word !== "");
	const isPlain = flags.every((word, index) => {
		if (word === "-C") return plainFlag.test(flags[index + 1] ?? "");
		return flags[index - 1] === "-C" || plainFlag.test(/^-C(.+)$/.exec(word)?.[1] ?? "");
	});
	return isPlain ? flags.join(" ") : undefined;
}

/** `.cargo/config.toml:3: target.x86_64-unknown-linux-gnu.linker = "clang"` */
function written({ file, line, path, value }: CargoEntry): string {
	return `${file}:${line}: ${path.join(".")} = ${JSON.stringify(value)}`.slice(0, 300);
}
