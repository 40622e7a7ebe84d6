import { describe, expect, test } from "vitest";
import { placeOf } from "../../src/config/check.ts";
import type { Mistake } from "../../src/config/lint.ts";
import { readCorpus } from "./support/corpus.ts";
import { lint } from "./support/lint.ts";

/** What the `.out` file beside a case holds. `vitest -u` writes it; read what it wrote. */
function render(mistakes: readonly Mistake[]): string {
	if (mistakes.length === 0) return "nothing wrong\n";
	return mistakes.map(renderOne).join("\n");
}

function renderOne(mistake: Mistake): string {
	const { id, reason, level, message, found, remedy, versions } = mistake;
	const lines = [
		`${placeOf(mistake)}: ${level} ${id}:${reason}`,
		`  ${message}`,
		`  found ${found}`,
		...(versions === undefined ? [] : [`  holds for runners ${versions}`]),
		...(remedy.config?.text.split("\n").map((line) => `  | ${line}`) ?? []),
	];
	return `${lines.join("\n")}\n`;
}

const corpus = readCorpus();

describe("corpus", () => {
	test.for(corpus.map((entry) => [entry.name, entry] as const))("%s", async ([, entry]) => {
		const { files, runnerVersion, registrationMode } = entry;
		const mistakes = await lint(files, runnerVersion, { registrationMode });
		await expect(render(mistakes)).toMatchFileSnapshot(entry.expected);
	});

	test("holds at least 80 configurations that are broken in one way each", () => {
		const broken = corpus.filter(({ name }) => !/^(?:healthy|guide)\//.test(name));
		expect(broken.length).toBeGreaterThanOrEqual(80);
	});

	test("every case outside healthy/ and guide/ has a mistake of the check that its folder is named after", async () => {
		for (const { name, files, runnerVersion, registrationMode } of corpus) {
			const folder = name.split("/")[0] ?? "";
			if (["healthy", "guide"].includes(folder)) continue;
			const ids = (await lint(files, runnerVersion, { registrationMode })).map(({ id }) => id);
			if (folder === "forgejo") expect(ids, name).not.toEqual([]);
			else expect(ids, name).toContain(`config/${folder}`);
		}
	});

	test("every line that a remedy says to write can be read by the runner", async () => {
		for (const { name, files, runnerVersion, registrationMode } of corpus) {
			for (const { remedy } of await lint(files, runnerVersion, { registrationMode })) {
				for (const config of [remedy.config, remedy.otherwise?.config]) {
					// Where the value is not known here, an ellipsis stands for it.
					if (config?.language !== "yaml" || config.text.includes("…")) continue;
					const ids = (await lint(config.text)).map(({ id, reason }) => `${id}:${reason}`);
					expect(
						ids.filter((id) => /^config\/(?:syntax|type|unknown-key)/.test(id)),
						`${name}\n${config.text}`,
					).toEqual([]);
				}
			}
		}
	});

	test("every healthy case is healthy", async () => {
		for (const { name, files, runnerVersion } of corpus.filter((entry) => entry.name.startsWith("healthy/"))) {
			expect(await lint(files, runnerVersion), name).toEqual([]);
		}
	});
});
