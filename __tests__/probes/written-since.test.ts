import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { writtenSinceProbe } from "../../src/probes/written-since.ts";
import { collect, createRequest } from "../support/builders.ts";

let workspace: string;
beforeAll(() => {
	workspace = mkdtempSync(join(tmpdir(), "written-since-"));
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

test("what has many files is told, although others have more bytes", async () => {
	mkdirSync(join(workspace, "many"));
	for (let count = 0; count < 50; count++) writeFileSync(join(workspace, "many", String(count)), "");
	for (const name of ["a", "b", "c", "d", "e", "f"]) writeFileSync(join(workspace, name), "text");
	const { written } = await collect(
		writtenSinceProbe(Date.now() - 60_000),
		createRealHost({ RUNNER_TEMP: join(workspace, "many") }),
		createRequest({ workspace }),
	);
	expect(written.find(({ shown }) => shown === "many/")).toMatchObject({ bytes: 0, files: 50 });
});
