import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { constants, promises } from "../../src/host/summary-fs.ts";

const options = { encoding: "utf8" } as const;

it("does what the promises of node:fs do for a job summary", async () => {
	const path = join(mkdtempSync(join(tmpdir(), "summary-")), "summary.md");
	await expect(promises.access(path, constants.R_OK | constants.W_OK)).rejects.toThrow("ENOENT");
	writeFileSync(path, "one\n");
	await promises.access(path, constants.R_OK | constants.W_OK);
	await promises.appendFile(path, "two\n", options);
	expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
	await promises.writeFile(path, "three\n", options);
	expect(readFileSync(path, "utf8")).toBe("three\n");
});
