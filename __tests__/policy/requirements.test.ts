import { describe, expect, it } from "vitest";
import { sharpen } from "../../src/policy/requirements.ts";
import { createPolicy, createTool } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const policy = createPolicy({
	tools: { rustc: createTool("rustc"), cargo: createTool("cargo"), node: createTool("node") },
});

async function wanted(files: Readonly<Record<string, string>>): Promise<string[]> {
	const host = createHost({
		files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`/w/${name}`, text])),
	});
	const { tools } = await sharpen(policy, host, "/w");
	return Object.entries(tools).flatMap(([name, tool]) =>
		(tool.alsoWanted ?? []).map(({ version, source }) => `${name} ${version.text}, ${source}`),
	);
}

describe("sharpen", () => {
	it.each([
		[
			"rust-toolchain.toml",
			'[toolchain]\nchannel = "1.92"\n',
			["rustc 1.92, rust-toolchain.toml line 2", "cargo 1.92, rust-toolchain.toml line 2"],
		],
		[
			"rust-toolchain.toml",
			"[toolchain]\r\n  channel='1.92.0' # pinned\r\n",
			["rustc 1.92.0, rust-toolchain.toml line 2", "cargo 1.92.0, rust-toolchain.toml line 2"],
		],
		["rust-toolchain", "1.91.1\n", ["rustc 1.91.1, rust-toolchain line 1", "cargo 1.91.1, rust-toolchain line 1"]],
		["rust-toolchain.toml", '[toolchain]\nchannel = "stable"\n', []],
		["rust-toolchain", "nightly-2026-01-01\n", []],
		["Cargo.toml", '[package]\nname = "x"\nrust-version = "1.85"\n', ["rustc >=1.85, Cargo.toml line 3"]],
		["Cargo.toml", '[workspace.package]\nrust-version = "1.85.1"\n', ["rustc >=1.85.1, Cargo.toml line 2"]],
		["Cargo.toml", '[package.metadata.x]\nrust-version = "1.85"\n', []],
		[".nvmrc", "# comment\nv22\n", ["node 22, .nvmrc line 2"]],
		[".nvmrc", "lts/*\n", []],
		[".node-version", "\uFEFF22.11.0", ["node 22.11.0, .node-version line 1"]],
		[
			"package.json",
			'{\n "name": "x",\n "engines": {\n  "node": ">=22",\n  "npm": ">=10"\n }\n}',
			["node >=22, package.json line 4"],
		],
		["package.json", "{", []],
		["package.json", '{"engines": "node"}', []],
		["package.json", "null", []],
	])("reads %s: %j", async (name, text, expected) => {
		expect(await wanted({ [name]: text })).toEqual(expected);
	});

	it("reads a long package.json whole", async () => {
		const text = JSON.stringify({ keywords: ["x".repeat(200_000)], engines: { node: ">=22" } });
		expect(await wanted({ "package.json": text })).toEqual(["node >=22, package.json line 1"]);
	});

	it("keeps what several files ask for", async () => {
		const files = { ".nvmrc": "22", "package.json": '{ "engines": { "node": ">=20" } }' };
		expect(await wanted(files)).toEqual(["node 22, .nvmrc line 1", "node >=20, package.json line 1"]);
	});

	it("notes what no version can be at the same time", async () => {
		const host = createHost({ files: { "/w/.nvmrc": "22", "/w/package.json": '{ "engines": { "node": "^24" } }' } });
		const node = createTool("node", { version: { text: ">=26", anyOf: [] } });
		const { tools } = await sharpen(createPolicy({ tools: { node } }), host, "/w");
		expect(tools.node?.alsoWanted).toMatchObject([
			{ source: ".nvmrc line 1", contradicts: "policy" },
			{ source: "package.json line 1", contradicts: "policy" },
		]);
		const free = await sharpen(policy, host, "/w");
		expect(free.tools.node?.alsoWanted?.map(({ contradicts }) => contradicts)).toEqual([undefined, ".nvmrc line 1"]);
	});

	it("changes nothing where there is nothing", async () => {
		expect(await sharpen(policy, createHost(), "/w")).toEqual(policy);
	});
});
