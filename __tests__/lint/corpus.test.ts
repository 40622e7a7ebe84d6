import { describe, expect, test } from "vitest";
import { lintCase } from "../support/lint-cases.ts";
import { readCorpus } from "./support/corpus.ts";
import { lint } from "./support/lint.ts";

/** `cases.test.ts` compares what the lint says about each case. Here is what holds for all of them. */
const corpus = readCorpus();
const isHealthy = (name: string) => /\/pass--[^/]*$/.test(name);

describe("the cases of the lint", () => {
	test("are at least 80 broken and 30 healthy ones", () => {
		expect(corpus.filter(({ name }) => !isHealthy(name)).length).toBeGreaterThanOrEqual(80);
		expect(corpus.filter(({ name }) => isHealthy(name)).length).toBeGreaterThanOrEqual(30);
	});

	test("have no problem if they are healthy", async () => {
		for (const one of corpus.filter(({ name }) => isHealthy(name))) {
			expect((await lintCase(one)).results, one.name).toEqual([]);
		}
	});

	test("have a problem of the check that their folder is named after", async () => {
		for (const one of corpus.filter(({ name }) => !isHealthy(name))) {
			const folder = one.name.split("/")[1] ?? "";
			const ids = (await lintCase(one)).results.map(({ id }) => id);
			if (["forgejo", "guide"].includes(folder)) expect(ids, one.name).not.toEqual([]);
			else
				expect(
					ids.map((id) => id.split("/")[1]),
					one.name,
				).toContain(folder);
		}
	});

	test("have fixes whose lines the runner can read", async () => {
		for (const one of corpus) {
			for (const { id: ofRule, remedy, location } of (await lintCase(one)).results) {
				// Lines of a compose file are tried by `fixes-applied.test.ts`, and a workflow has other keys.
				if (/^(?:compose|workflow)\//.test(ofRule)) continue;
				for (const config of [remedy?.config, remedy?.otherwise?.config]) {
					if (config?.language !== "yaml" || (config.file !== location?.file && config.file !== "config.yaml"))
						continue;
					const ids = (await lint(config.text)).map(({ id, reason }) => `${id}:${reason}`);
					expect(
						ids.filter((id) => /^config\/(?:syntax|type|unknown-key)/.test(id)),
						`${one.name}\n${config.text}`,
					).toEqual([]);
				}
			}
		}
	});

	test("have results in the shape of a report", async () => {
		const keys = [
			"id",
			"status",
			"reason",
			"title",
			"message",
			"why",
			"expected",
			"observed",
			"evidence",
			"remedy",
			"docs",
			"location",
		];
		for (const one of corpus) {
			for (const result of (await lintCase(one)).results) {
				for (const key of keys) expect(result, `${one.name}: ${key}`).toHaveProperty(key);
				expect(["fail", "warn"]).toContain(result.status);
			}
		}
	});
});
