import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/checks/check.ts";
import { toolFamily } from "../../src/checks/toolchain/tool.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { rustProbe } from "../../src/probes/rust.ts";
import { toolProbe } from "../../src/probes/tools.ts";
import { createJob } from "../checks/runner/facts.ts";
import { collect, createPolicy, createRequest, createTool, judge } from "../support/builders.ts";

const proxies = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin");
const real = process.env.RUSTUP_HOME ?? join(homedir(), ".rustup");
const asked = spawnSync(join(proxies, "rustup"), ["--version"], { encoding: "utf8" });
const policy = createPolicy({ tools: { rustc: createTool("rustc") } });

describe.skipIf(asked.status !== 0)("what a real rustup says decides the fix", () => {
	let root = "";
	const put = (path: string, text: string): void => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	};
	const settings = (path: string, name: string): void =>
		put(`${path}/settings.toml`, `version = "12"\ndefault_toolchain = "${name}"\n`);

	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), "rust-rustup-"));
		for (const folder of ["cargo/bin", "ws", "home"]) mkdirSync(join(root, folder), { recursive: true });
		for (const name of ["cargo", "rustc", "rustup"]) symlinkSync(join(proxies, name), join(root, "cargo/bin", name));
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	async function findingWith(env: Readonly<Record<string, string>>): Promise<Finding<string>> {
		const host = createRealHost({
			PATH: `${join(root, "cargo/bin")}:/usr/bin`,
			HOME: join(root, "home"),
			RUSTUP_HOME: real,
			...env,
		});
		const request = createRequest({ workspace: join(root, "ws"), policy });
		const tool = await collect(toolProbe("rustc", ["rustc", "--version"]), host, request);
		const [check] = toolFamily.expand(policy);
		const verdict = judge(check ?? expect.fail(), { tool, job: createJob() }, policy);
		return verdict.kind === "finding" ? verdict : expect.fail(`${verdict.kind}: ${verdict.message}`);
	}

	it("a misspelled channel is corrected in the workspace, in a variable, and in the settings", async () => {
		put("ws/rust-toolchain.toml", '# pinned\n[toolchain]\nchannel = "stabel"\n');
		const inFile = await findingWith({});
		rmSync(join(root, "ws/rust-toolchain.toml"));
		expect(inFile.message).toContain("`rust-toolchain.toml:3`");
		expect(inFile.remedy.text).toContain("`stable` exists");
		expect((await findingWith({ RUSTUP_TOOLCHAIN: "v1.92" })).remedy.text).toContain(
			"in `RUSTUP_TOOLCHAIN`: `1.92` exists",
		);
		settings("misspelled", "lastest");
		const byDefault = await findingWith({ RUSTUP_HOME: join(root, "misspelled") });
		expect(byDefault.remedy.commands).toEqual(["rustup default stable"]);
	});

	it("a toolchain without its parts is installed again", async () => {
		const name = "stable-x86_64-unknown-linux-gnu";
		settings("damaged", name);
		mkdirSync(join(root, "damaged/toolchains", name), { recursive: true });
		const damaged = await findingWith({ RUSTUP_HOME: join(root, "damaged") });
		expect(damaged.remedy.commands).toEqual([`rustup toolchain uninstall ${name} && rustup toolchain install ${name}`]);
	});

	it("the home next to cargo's is named, where the job's HOME is another", async () => {
		mkdirSync(join(root, "rustup/toolchains/stable-x86_64-unknown-linux-gnu"), { recursive: true });
		const other = await findingWith({ RUSTUP_HOME: "", HOME: join(root, "home") });
		expect(other.reason).toBe("no-default-toolchain");
		expect(JSON.stringify(other.remedy)).toContain(`RUSTUP_HOME=${join(root, "rustup")}`);
	});

	it.skipIf(process.getuid?.() !== 0)("a full disk with cargo's home is full, and one with room is not", async () => {
		const home = join(root, "small");
		mkdirSync(home);
		const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", home]);
		expect(String(mounted.stderr)).toBe("");
		try {
			const host = createRealHost({ PATH: "/usr/bin", HOME: join(root, "home"), CARGO_HOME: home });
			const look = async () =>
				(await collect(rustProbe, host, createRequest({ workspace: join(root, "ws") }))).cargoHome;
			expect(await look()).toEqual({ kind: "writable", path: home });
			spawnSync("dd", ["if=/dev/zero", `of=${join(home, "filler")}`, "bs=64k"]);
			expect(await look()).toMatchObject({ kind: "writable", full: { freeBytes: 0, target: home, shared: [] } });
		} finally {
			spawnSync("umount", [home]);
		}
	});
});
