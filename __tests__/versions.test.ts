import { describe, expect, it } from "vitest";
import { anyVersion, compareVersions, findVersion, satisfies, type VersionRange } from "../src/versions.ts";
import { cpuTime } from "./support/cpu-time.ts";

/** What real tools print first -> the version in it. */
const printed: readonly (readonly [string, string | undefined])[] = [
	["rustc 1.95.0 (59807616e 2026-04-14)\n", "1.95.0"],
	["rustc 1.97.0-nightly (f2d3ce0bd 2026-05-01)", "1.97.0-nightly"],
	["rustc 1.96.0-beta.3 (0d9c1f6ad 2026-04-30)", "1.96.0-beta.3"],
	["rustc 1.63.0\n", "1.63.0"],
	[
		"cargo 1.95.0 (f2d3ce0bd 2026-03-21)\nrelease: 1.95.0\nlibcurl: 8.15.0-DEV (sys:0.4.83+curl-8.15.0 vendored)",
		"1.95.0",
	],
	["clippy 0.1.95 (59807616e1 2026-04-14)", "0.1.95"],
	["rustfmt 1.8.0-stable (59807616e1 2026-04-14)", "1.8.0"],
	["sqlx-cli-sqlx 0.8.6", "0.8.6"],
	["cargo-nextest 0.9.85 (ffe4bf16a 2024-11-26)\nrelease: 0.9.85", "0.9.85"],
	[
		"rustup 1.29.0 (28d1352db 2026-03-05)\ninfo: This is the version for the rustup toolchain manager, not the rustc compiler.\ninfo: the currently active `rustc` version is `rustc 1.95.0 (59807616e 2026-04-14)`",
		"1.29.0",
	],
	["x86_64-w64-mingw32-gcc (GCC) 12-win32\nCopyright (C) 2022 Free Software Foundation, Inc.", "12"],
	["x86_64-w64-mingw32-g++-posix (GCC) 13-posix", "13"],
	["mysql  Ver 15.1 Distrib 10.11.4-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper", "10.11.4"],
	["mysql  Ver 8.0.35-0ubuntu0.22.04.1 for Linux on x86_64 ((Ubuntu))", "8.0.35"],
	[
		"mc version RELEASE.2023-12-20T07-05-07Z (commit-id=abc)\nRuntime: go1.21.5 linux/amd64",
		"RELEASE.2023-12-20T07-05-07Z",
	],
	["git version 2.39.5", "2.39.5"],
	["git version 2.39.5 (Apple Git-154)", "2.39.5"],
	["git version 2.48.1.windows.1", "2.48.1"],
	["git version 2.45.0.rc1", "2.45.0-rc1"],
	["git-lfs/3.3.0 (GitHub; linux amd64; go 1.19.8)", "3.3.0"],
	["Docker version 20.10.24+dfsg1, build 297e128", "20.10.24"],
	["Docker version 28.2.2, build e6534b4", "28.2.2"],
	["Docker version 29.0.0-rc.2, build 1234567", "29.0.0-rc.2"],
	["podman version 4.3.1\nEmulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.", "4.3.1"],
	["Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.\npodman version 4.3.1", "4.3.1"],
	[
		"WARNING: Error loading config file: /home/ci-1.2/.docker/config.json: invalid character\nDocker version 27.5.1, build 9f9e405",
		"27.5.1",
	],
	["github.com/docker/buildx v0.30.1 9e66234aa13328a5e75b75aa5574e1ca6d6d9c01", "0.30.1"],
	["Docker Compose version v2.40.3", "2.40.3"],
	["v22.11.0", "22.11.0"],
	["v12.22.12\n", "12.22.12"],
	["v26.0.0-nightly20260101abcdef1234", "26.0.0-nightly20260101abcdef1234"],
	["11.19.1", "11.19.1"],
	["npm WARN config 8.0.0 cache-min has been deprecated\n10.9.2", "10.9.2"],
	["(node:5442) Warning: module 1.2 is old\n1.22.22", "1.22.22"],
	[
		"ffmpeg version 5.1.6-0+deb12u1 Copyright (c) 2000-2024 the FFmpeg developers\nbuilt with gcc 12 (Debian 12.2.0-14)",
		"5.1.6",
	],
	[
		"ffmpeg version n7.1-152-gd72536008a Copyright (c) 2000-2024 the FFmpeg developers\nbuilt with gcc 14.2.0 (crosstool-NG)",
		"7.1",
	],
	["Python 3.11.7", "3.11.7"],
	["Python 3.14.0rc2", "3.14.0-rc2"],
	["Python 3.15.0b1+", "3.15.0-b1"],
	["pip 23.2.1 from /usr/lib/python3.11/site-packages/pip (python 3.11)", "23.2.1"],
	["/opt/versions/3.11.7/lib/python3.11/site.py:9: note\ntool 2.4.6", "2.4.6"],
	['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)', "17.0.15"],
	['openjdk version "21" 2023-09-19\nOpenJDK Runtime Environment (build 21+35-2513)', "21"],
	["openjdk 21 2023-09-19", "21"],
	['java version "1.8.0_392"', "1.8.0"],
	['Picked up JAVA_TOOL_OPTIONS: -Dagent=1.2.3\nopenjdk version "17.0.15" 2025-04-15', "17.0.15"],
	["go version go1.26.8 linux/amd64", "1.26.8"],
	["go version go1.27rc1 linux/arm64", "1.27-rc1"],
	["NVIDIA-SMI version  : 550.163.01\nNVML version        : 550.163\nDRIVER version      : 550.163.01", "550.163.01"],
	['NVIDIA-SMI version  : 610.57.04\nDRIVER version      : Deprecated, see "KMD version" instead', "610.57.04"],
	["psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18"],
	["rsync  version 3.2.7  protocol version 31", "3.2.7"],
	["rsync  version v3.2.3  protocol version 31", "3.2.3"],
	["jq-1.6", "1.6"],
	["jq-1.7.1-apple", "1.7.1"],
	["Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu", "14.0.6"],
	["Apple clang version 15.0.0 (clang-1500.3.9.4)", "15.0.0"],
	["cmake version 3.25.1\n\nCMake suite maintained and supported by Kitware", "3.25.1"],
	["cmake version 3.30.0-rc2", "3.30.0-rc2"],
	["gcc (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"],
	["arm-none-eabi-gcc (15:10.3-2021.07-4) 10.3.1 20210824 (release)", "10.3.1"],
	["gcc (crosstool-NG 1.26.0) 13.2.0", "13.2.0"],
	["GNU gdb (Debian 13.1-3) 13.1", "13.1"],
	["GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu", "4.3"],
	["OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19 27 Jan 2026", "9.2"],
	["OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)", "3.0.19"],
	["OpenSSL 1.1.1w  11 Sep 2023", "1.1.1"],
	["curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13", "7.88.1"],
	["\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64-linux-gnu-thread-multi", "5.36.0"],
	["GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)", "5.2.15"],
	["aws-cli/1.45.11 Python/3.11.7 Linux/6.18.44 botocore/1.43.11", "1.45.11"],
	["\u001b[1mApache Maven 3.8.7\u001b[m\nJava version: 17.0.15, vendor: Debian", "3.8.7"],
	["*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***", "1.5.4"],
	["UnZip 6.00 of 20 April 2009, by Debian. Original by Info-ZIP.", "6.00"],
	["ninja 1.11.1.git.kitware.jobserver-1", "1.11.1"],
	["pandoc 2.17.1.1", "2.17.1.1"],
	["tmux 3.3a", "3.3"],
	["less 590 (GNU regular expressions)", "590"],
	['version.BuildInfo{Version:"v3.14.0", GitCommit:"3fc9f4b", GoVersion:"go1.21.7"}', "3.14.0"],
	["Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0", "1.32.4"],
	["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0", "7.0.15"],
	["Warning: could not connect to a running Ollama instance\nWarning: client version is 0.5.4", "0.5.4"],
	["2026-11-24T06:00:00.123Z starting\n12:00:01.456 ready\nthing 4.5.6", "4.5.6"],
	["dial tcp 127.0.0.1:2375: connection refused", undefined],
	["! Corepack is about to download https://registry.example/yarn/-/yarn-1.22.22.tgz\n3.6.4", "3.6.4"],
	["Get http://10.0.0.7/: no route", undefined],
	["error: toolchain '1.70.0-x86_64-unknown-linux-gnu' is not installed", undefined],
	["", undefined],
	["hello", undefined],
	["built on 24 November 2026", undefined],
];

describe("findVersion", () => {
	it("prefers the line of the tool itself", () => {
		const elixir = "Erlang/OTP 26 [erts-14.2.1] [source] [64-bit]\n\nElixir 1.16.0 (compiled with Erlang/OTP 26)";
		expect(findVersion(elixir, "elixir")?.text).toBe("1.16.0");
		expect(findVersion(elixir)?.text).toBe("14.2.1");
		expect(findVersion("v22.11.0", "node")?.text).toBe("22.11.0");
	});

	it.each(printed)("%j", (text, expected) => {
		expect(findVersion(text)?.text).toBe(expected);
	});

	it("reads numbers and pre-release", () => {
		expect(findVersion("rustc 1.96.0-beta.3 (0d9c1f6ad)")).toEqual({
			text: "1.96.0-beta.3",
			numbers: [1, 96, 0],
			prerelease: ["beta", 3],
		});
		expect(findVersion("jq-1.6")?.numbers).toEqual([1, 6, 0]);
		expect(findVersion("NVIDIA-SMI version  : 550.163.01")?.numbers).toEqual([550, 163, 1]);
	});

	it.each([
		["N-117768-g1234abcd-20241112", "built with gcc 14.2.0 (crosstool-NG 1.26.0.120_4d36f27)"],
		["git-2020-08-31-4a11a6f", "built with gcc 10.2.1 (GCC) 20200805"],
		["N-109542-g9df8ceb5ab-tessus", "built with Apple clang version 11.0.0 (clang-1100.0.33.17)"],
	])("takes no number of the compiler for that of a build which has none: %s", (build, below) => {
		const version = findVersion(`ffmpeg version ${build} Copyright (c) 2000-2024 the FFmpeg developers\n  ${below}`);
		expect(version).toMatchObject({ text: build, unnumbered: true });
		const range: VersionRange = { text: "<9", anyOf: [[{ operator: "<", numbers: [9, 0, 0], prerelease: [] }]] };
		expect(version && [satisfies(version, anyVersion), satisfies(version, range)]).toEqual([true, false]);
	});

	it("takes a bounded time for hostile text", async () => {
		const texts = [
			"1.".repeat(50_000),
			"a".repeat(100_000),
			`${"9".repeat(50_000)}.1`,
			"v_".repeat(50_000),
			"a (".repeat(30_000),
			`x version ${"a-".repeat(50_000)}`,
		];
		expect(await cpuTime(() => texts.map((text) => findVersion(text)))).toBeLessThan(1000);
	});
});

describe("compareVersions", () => {
	it("orders as Semantic Versioning does", () => {
		const ordered = ["1.0.0-alpha", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0"];
		const versions = ordered.map((text) => findVersion(text) ?? expect.fail(text));
		const shuffled = [...versions].reverse().sort(compareVersions);
		expect(shuffled.map((version) => version.text)).toEqual(ordered);
	});
});

describe("satisfies", () => {
	const atLeast: VersionRange = { text: ">=1.92", anyOf: [[{ operator: ">=", numbers: [1, 92, 0], prerelease: [] }]] };
	const version = (text: string) => findVersion(text) ?? expect.fail(text);

	it("takes a nightly of a later version for later", () => {
		expect(satisfies(version("1.97.0-nightly"), atLeast)).toBe(true);
		expect(satisfies(version("1.92.0-nightly"), atLeast)).toBe(false);
		expect(satisfies(version("1.91.9"), atLeast)).toBe(false);
	});

	it("takes each operator at its word", () => {
		const holds = (operator: "" | "<" | "<=" | ">" | ">=", text: string) =>
			satisfies(version(text), { text: "", anyOf: [[{ operator, numbers: [2, 1, 0], prerelease: [] }]] });
		const verdicts = (["", "<", "<=", ">", ">="] as const).map((operator) =>
			["2.0.9", "2.1.0", "2.1.1"].map((text) => holds(operator, text)),
		);
		expect(verdicts).toEqual([
			[false, true, false],
			[true, false, false],
			[true, true, false],
			[false, false, true],
			[false, true, true],
		]);
	});

	it("is content with anything where any version will do", () => {
		expect(satisfies(version("0.0.1-alpha.1"), anyVersion)).toBe(true);
	});
});
