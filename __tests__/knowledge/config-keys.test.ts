import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { forgejoKeys, giteaKeys, giteaKeysUpTo, type KnownKey } from "../../src/knowledge/config-keys.ts";
import { findVersion } from "../../src/versions.ts";
import { brief, lint } from "../lint/support/lint.ts";

const readJson = (file: string) => JSON.parse(readFileSync(`src/knowledge/${file}`, "utf8"));

test("the file follows its schema", () => {
	const validate = new Ajv().compile(readJson("config-keys.schema.json"));
	validate(readJson("config-keys.json"));
	expect(validate.errors ?? []).toEqual([]);
});

/** A configuration with one key. JSON values are YAML values. */
function configWith(path: string, value: unknown): string {
	const parts = path.split(".").map((part) => (part === "*" ? "main" : part));
	const lines = parts.map((part, depth) => `${"  ".repeat(depth)}${part}:`);
	return `${lines.join("\n")} ${JSON.stringify(value)}\n`;
}

/** A value that does not fit the type. */
function wrongValue({ type }: KnownKey): unknown {
	return type === "text" || type === "environment" ? { a: { b: "c" } } : "later";
}

/** The findings about keys and values. */
async function aboutKeys(path: string, value: unknown, system: string, version?: string): Promise<readonly string[]> {
	const results = await lint({ [`/etc/${system}-runner/config.yaml`]: configWith(path, value) }, version);
	return brief(results)
		.map((finding) => finding.replace(/@.*/, ""))
		.filter((finding) => /^config\/(?:syntax|type|unknown-key)/.test(finding));
}

describe.each(Object.entries(giteaKeys))("%s of Gitea's runner", (path, key) => {
	const deprecated = key.insteadOf === undefined ? [] : ["config/unknown-key:deprecated-key"];

	test("accepts its example", async () => {
		expect(await aboutKeys(path, key.example, "gitea", giteaKeysUpTo)).toEqual(deprecated);
	});

	test("does not accept a value of another type", async () => {
		expect(await aboutKeys(path, wrongValue(key), "gitea", giteaKeysUpTo)).toContain("config/type:wrong-type");
	});

	if (key.oneOf)
		test("does not accept another word", async () => {
			expect(await aboutKeys(path, "loudly", "gitea", giteaKeysUpTo)).toEqual(["config/type:invalid-value"]);
		});

	if (key.since)
		test("is unknown to releases before its first one", async () => {
			const [major = 0, minor = 0, patch = 0] = findVersion(key.since ?? "")?.numbers ?? [];
			const before = patch > 0 ? [major, minor, patch - 1] : minor > 0 ? [major, minor - 1, 99] : [major - 1, 99, 99];
			expect(await aboutKeys(path, key.example, "gitea", before.join("."))).toEqual(["config/unknown-key:unknown-key"]);
			expect(await aboutKeys(path, key.example, "gitea", key.since)).toEqual(deprecated);
		});
});

describe.each(Object.entries(forgejoKeys))("%s of Forgejo's runner", (path, key) => {
	const deprecated = key.insteadOf === undefined ? [] : ["config/unknown-key:deprecated-key"];

	test("accepts its example", async () => {
		expect(await aboutKeys(path, key.example, "forgejo")).toEqual(deprecated);
	});

	test("does not accept a value of another type", async () => {
		expect(await aboutKeys(path, wrongValue(key), "forgejo")).toContain("config/type:wrong-type");
	});
});

test("a key that has a successor names one that exists", () => {
	for (const table of [giteaKeys, forgejoKeys]) {
		for (const { insteadOf } of Object.values(table)) if (insteadOf) expect(table).toHaveProperty([insteadOf]);
	}
});
