import type { Host } from "../host/host.ts";
import { isOfWorkspace } from "../host/workspace.ts";
import { cargoSettings } from "./cargo-settings.ts";
import { type Prepared, type Preparing, programFor } from "./smoke-part.ts";
import { chosenToolchain } from "./toolchain-choice.ts";
import { rustupHome, toolProbe } from "./tools.ts";

/** The empty table keeps cargo from looking for the workspace of a job's crate above. */
const manifest = `[package]
name = "runner-check-smoke"
version = "0.0.0"
edition = "2018"

[workspace]
`;
const buildScript = `fn main() { println!("cargo:rustc-env=SMOKE=works"); }\n`;
const crate = `fn main() { println!("a crate with a build script {}", env!("SMOKE")); }\n`;

/** Variables of the job that say how its crates are built. Other programs do not get them, as they name programs. */
const ofBuild =
	/^(?:RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|CARGO_ENCODED_RUSTFLAGS|CARGO_BUILD_(?:RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|TARGET|RUSTFLAGS)|CARGO_TARGET_\w+_(?:LINKER|RUNNER|RUSTFLAGS))$/;

const quiet = {
	LC_ALL: "C",
	CARGO_NET_OFFLINE: "true",
	CARGO_TERM_COLOR: "never",
	CARGO_TERM_PROGRESS_WHEN: "never",
	CARGO_INCREMENTAL: "0",
	RUSTUP_AUTO_INSTALL: "0",
	RUSTUP_DIST_SERVER: "file:///dev/null",
	// Its server would live on, in a session of its own.
	SCCACHE_NO_DAEMON: "1",
};

/**
 * Builds and runs two lines with a build script, once with the results in the workspace's file system, and once in the temporary
 * directory. An untrusted workspace is not where cargo runs: it gets what its configuration says as variables (`cargoSettings`).
 */
export async function rustPart(preparing: Preparing): Promise<Prepared> {
	const { host, request } = preparing;
	const { workspace, trusts } = request;
	const command = request.policy.tools.cargo?.command ?? ["cargo", "--version"];
	const cargo = await programFor(preparing, "cargo", toolProbe("cargo", command));
	if (typeof cargo !== "string") return cargo;
	const settings = trusts ? { variables: {}, leftOut: [] } : await cargoSettings(host, workspace);
	if ("untrusted" in settings && settings.untrusted) return { kind: "untrusted", by: settings.untrusted };
	const job = Object.entries(host.env).filter(
		(entry): entry is [string, string] => ofBuild.test(entry[0]) && !!entry[1],
	);
	for (const [name, value] of trusts ? [] : job) {
		if (await leadsInto(host, value, workspace)) return { kind: "untrusted", by: name };
	}
	const choice = trusts ? undefined : await chosenToolchain(host, request, rustupHome(host, workspace));
	if (choice?.kind === "untrusted") return { kind: "untrusted", by: choice.by };

	const at = `${await preparing.workspace()}/rust`;
	const temp = `${await preparing.temp()}/rust`;
	const elsewhere = await host.emptyDirectory();
	const env = {
		...quiet,
		...settings.variables,
		...Object.fromEntries(job),
		...(choice?.kind === "named" && { RUSTUP_TOOLCHAIN: choice.name }),
	};
	const sequence = (name: string, folder: string, target: string) => ({
		name,
		steps: [
			{
				command: [cargo, "run", "--offline", "--manifest-path", `${folder}/Cargo.toml`, "--target-dir", target],
				cwd: trusts ? folder : elsewhere,
				env,
				files: {
					[`${folder}/Cargo.toml`]: manifest,
					[`${folder}/build.rs`]: buildScript,
					[`${folder}/src/main.rs`]: crate,
				},
			},
		],
	});
	return {
		kind: "ready",
		leftOut: settings.leftOut,
		sequences: [
			sequence("rust in the workspace", `${at}/one`, `${at}/target`),
			// The crate stays in the workspace, whose configuration cargo reads if it is trusted.
			sequence("rust in the temporary directory", `${at}/two`, `${temp}/target`),
		],
	};
}

/** Does a value name something in the workspace? A relative path is relative to an empty directory, so it leads nowhere. */
async function leadsInto(host: Host, value: string, workspace: string): Promise<boolean> {
	const paths = value.split(/[\s=\u001f]+/).filter((word) => word.startsWith("/"));
	const inside = await Promise.all(paths.map((path) => isOfWorkspace(host, path, workspace)));
	return inside.includes(true);
}
