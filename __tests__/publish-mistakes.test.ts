import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { resolveInputs } from "../src/inputs.ts";
import { ConfigurationError } from "../src/mistake.ts";
import { publishCrash, publishMistakes } from "../src/publish-mistakes.ts";
import { createHost, type FakeMachine } from "./support/fake-host.ts";

const canary = "CANARY-5f2c9e71";

let printed: string;
beforeEach(() => {
	printed = "";
	vi.stubEnv("DB_PASS", canary);
	vi.spyOn(process.stdout, "write").mockImplementation((text) => {
		printed += text;
		return true;
	});
});
afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

async function mistakesIn(inputs: Readonly<Record<string, string>>, files: FakeMachine["files"] = {}) {
	const options = {
		host: createHost({ files, workingDirectory: "/w" }),
		decideProfile: async () => ({ name: "generic", decidedBy: "environment" as const }),
		defaultReportDir: undefined,
	};
	const error: unknown = await resolveInputs(inputs, options).catch((thrown: unknown) => thrown);
	if (!(error instanceof ConfigurationError)) throw new Error("there is no mistake");
	return error.mistakes;
}

it.each<[string, string]>([
	["services", `[{name: x, url: "ftp://user:${canary}@host/x"}]`],
	["services", `[{name: x, url: "ftp://user:pw/other-CANARY@host/x"}]`],
	["registries", `{a: "joe:other-CANARY@host"}`],
	["tools", `rustc: "joe:other-CANARY@host"`],
	["tools", `rustc: ${canary}`],
	["skip", "joe:other-CANARY@host"],
	["profile", `https://u:other-CANARY@host/x`],
	["profile", `https://u:${"x".repeat(185)}CANARY${"x".repeat(200)}@host`],
	["policy", `https://u:other-CANARY@host/policy.yml`],
	["gpu", canary],
])("a mistake in `%s` shows no secret: %s", async (name, value) => {
	publishMistakes(await mistakesIn({ [name]: value }));
	expect(printed).toContain("::error title=runner-check inputs::");
	expect(printed).toContain("***");
	expect(printed).not.toContain("CANARY");
});

it("a mistake in a policy file shows no secret", async () => {
	const policy = `version: 1\nservices:\n  - { name: x, url: "ftp://user:other-CANARY@host/x" }\n  - ${canary}\n`;
	publishMistakes(await mistakesIn({}, { "/w/.gitea/runner-check.yml": policy }));
	expect(printed).toContain(".gitea/runner-check.yml");
	expect(printed).not.toContain("CANARY");
});

it("a crash shows no secret", () => {
	publishCrash(new Error(`no answer from https://u:other-CANARY@host with ${canary}`));
	expect(printed).toContain("which is a bug in it");
	expect(printed).not.toContain("CANARY");
});

it.each<[string, (text: string) => unknown]>([
	["an error", (text) => new Error(text)],
	["a text", (text) => text],
])("a crash with commands in it is one annotation and no second command: %s", (_, thrown) => {
	publishCrash(
		thrown("boom\n::error::forged\r::set-output name=verdict::healthy\n\u001b[31m::stop-commands::x\n##[error]y"),
	);
	expect(printed).toMatch(/^::error::runner-check crashed[^\r\n]*\n$/);
	// The runner turns the escapes back into line breaks, and what it logs then must be no command either.
	const told = printed.slice("::error::".length).replace(/%0[AD]/g, "\n");
	expect(told).toContain("forged");
	expect(told).not.toMatch(/^\s*::/m);
	expect(told).not.toContain("##[");
	expect(told).not.toContain("\u001b");
});
