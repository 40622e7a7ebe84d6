import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placeFile } from "../../src/host/files.ts";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "place-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a new file for others to read, and nothing of it afterwards", async () => {
	const [one, two] = await Promise.all([placeFile(folder), placeFile(folder)]);
	if (one.kind !== "ok" || two.kind !== "ok") throw new Error("not placed");
	expect(one.value.name).not.toBe(two.value.name);
	expect((await readdir(folder)).sort()).toEqual([one.value.name, two.value.name].sort());
	expect((await stat(join(folder, one.value.name))).mode & 0o400).toBe(0o400);
	await one.value.remove();
	await two.value.remove();
	await two.value.remove();
	expect(await readdir(folder)).toEqual([]);
});

test("a directory that is not there", async () => {
	expect(await placeFile(join(folder, "none"))).toEqual({ kind: "absent" });
});
