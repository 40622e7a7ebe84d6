import { describe, expect, it } from "vitest";
import { toolFamily } from "../../../src/checks/toolchain/tool.ts";
import { parseRange } from "../../../src/policy/ranges.ts";
import type { ToolFacts } from "../../../src/probes/tools.ts";
import { toolProbe } from "../../../src/probes/tools.ts";
import { collect, createPolicy, createTool, judge } from "../../support/builders.ts";
import { createHost, executable, exited } from "../../support/fake-host.ts";

function range(text: string) {
	const parsed = parseRange(text);
	if (!parsed) throw new Error(`no range: ${text}`);
	return parsed;
}

async function rustc(version: string): Promise<ToolFacts> {
	const host = createHost({
		env: { PATH: "/usr/bin" },
		files: { "/usr/bin/rustc": executable() },
		programs: {
			"/usr/bin/rustc --version": exited(`rustc ${version} (abc 2026-01-01)\n`),
			"rustc --version": exited(`rustc ${version} (abc 2026-01-01)\n`),
		},
	});
	return collect(toolProbe("rustc", ["rustc", "--version"]), host);
}

async function verdict(version: string, wanted: { policy?: string; contradicts?: string }) {
	const alsoWanted = [
		{
			version: range("1.92"),
			source: "rust-toolchain.toml line 2",
			...(wanted.contradicts && { contradicts: wanted.contradicts }),
		},
	];
	const tool = createTool("rustc", { version: range(wanted.policy ?? "*"), alsoWanted });
	const policy = createPolicy({ tools: { rustc: tool }, sources: { "tools.rustc": "input `tools`" } });
	const [check] = toolFamily.expand(policy);
	if (!check) throw new Error("no check");
	const facts = await rustc(version);
	return judge(check, Object.fromEntries(Object.keys(check.needs).map((need) => [need, facts])), policy);
}

describe("what the repository asks of a tool", () => {
	it("passes where policy and repository are met", async () => {
		expect(await verdict("1.92.0", {})).toMatchObject({ kind: "pass" });
	});

	it("names the file and the line where it is not", async () => {
		expect(await verdict("1.91.0", {})).toMatchObject({
			reason: "out-of-range",
			message: expect.stringContaining("`rust-toolchain.toml line 2` asks for"),
			location: { file: "rust-toolchain.toml", line: 2 },
		});
	});

	it("says where nobody could please both", async () => {
		expect(await verdict("1.95.0", { policy: ">=1.95", contradicts: "policy" })).toMatchObject({
			reason: "out-of-range",
			message: expect.stringContaining("No version satisfies both this and the input `tools`"),
		});
	});
});
