import { describe, expect, test } from "vitest";
import { cargoSettings } from "../../src/probes/cargo-settings.ts";
import { createHost } from "../support/fake-host.ts";

const workspace = "/work/project";
const read = (config: string, more: Parameters<typeof createHost>[0] = {}) =>
	cargoSettings(
		createHost({
			userHome: "/home/ci",
			...more,
			files: {
				[`${workspace}/.cargo/config.toml`]: config,
				[workspace]: { kind: "directory", mode: 0o755, uid: 0, gid: 0, size: 0 },
				...more.files,
			},
		}),
		workspace,
	);

describe("what an untrusted workspace says about builds", () => {
	test("reaches cargo if it names programs of the machine", async () => {
		const config = `
[build]
rustc-wrapper = "sccache" # a cache
target = "x86_64-unknown-linux-musl"

[target.x86_64-unknown-linux-musl]
linker = "/usr/bin/musl-gcc"
rustflags = [
	"-C", "link-arg=-fuse-ld=mold",
	"-Ctarget-cpu=x86-64-v2",
]
[target.'cfg(target_os = "linux")']
linker = "clang"
`;
		expect(await read(config)).toEqual({
			variables: {
				CARGO_BUILD_RUSTC_WRAPPER: "sccache",
				CARGO_BUILD_TARGET: "x86_64-unknown-linux-musl",
				CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER: "/usr/bin/musl-gcc",
				CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS: "-C link-arg=-fuse-ld=mold -Ctarget-cpu=x86-64-v2",
				CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER: "clang",
			},
			leftOut: [],
		});
	});

	test.each([
		'[target.x86_64-unknown-linux-gnu]\nlinker = "./tools/ld"',
		`[build]\nrustc-wrapper = "${workspace}/wrap"`,
		'build.rustc = "tools/../rustc"',
		'[target."cfg(unix)"]\nrunner = "tools/run"',
		'[build]\nrustc-wrapper = "/opt/link"',
	])("is not followed into the workspace: %j", async (config) => {
		const { untrusted, variables } = await read(config, {
			links: { "/opt/link": `${workspace}/wrap` },
			files: { [`${workspace}/wrap`]: "" },
		});
		expect(untrusted).toContain(".cargo/config.toml:");
		expect(variables).toEqual({});
	});

	test.each([
		'[target.x86_64-unknown-linux-gnu]\nrunner = "sh evil.sh"',
		'[target.x86_64-unknown-linux-gnu]\nrunner = ["python3", "-c", "print(1)"]',
		'[build]\nrustflags = ["-C", "linker=./evil"]',
		'[build]\nrustflags = "-Clink-arg=-B/work/project"',
		'[build]\nrustflags = ["-C", "link-arg=-fuse-ld=../evil"]',
		'[build]\nrustflags = ["-Zcodegen-backend=/x.so"]',
		'[env]\nLD_PRELOAD = "x.so"',
		'[target.x86_64-unknown-linux-gnu]\nlinker = "-evil"',
	])("is left out, and named: %j", async (config) => {
		const { variables, leftOut, untrusted } = await read(config);
		expect({ variables, untrusted }).toEqual({ variables: {}, untrusted: undefined });
		expect(leftOut).toHaveLength(1);
	});

	test("cargo itself reads the configuration in its home", async () => {
		const files = { "/home/ci/.cargo/config.toml": '[build]\nrustc-wrapper = "sccache"' };
		expect(await read("", { files })).toEqual({ variables: {}, leftOut: [] });
	});
});
