import { execFileSync } from "node:child_process";
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	type StatsFs,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atOnce, pooled } from "../../src/host/file-calls.ts";
import {
	access,
	list,
	lstat,
	makeDirectory,
	readLink,
	readText,
	realPath,
	stat,
	tryWrite,
} from "../../src/host/files.ts";
import type { Host } from "../../src/host/host.ts";
import { readInside } from "../../src/host/read-inside.ts";
import { runProgram } from "../../src/host/run-program.ts";
import { space } from "../../src/host/space.ts";

let directory: string;
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "runner-check-"));
	writeFileSync(join(directory, "file"), "hello", { mode: 0o640 });
	mkdirSync(join(directory, "directory"));
	symlinkSync("file", join(directory, "link"));
	symlinkSync("nowhere", join(directory, "dangling"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const at = (name: string) => join(directory, name);

describe("calls at once", () => {
	it.each([
		["file"],
		["directory"],
		["link"],
		["dangling"],
		["nothing"],
		["file/below"],
		["a\0b"],
		["x".repeat(300)],
		["/dev/null"],
		["/proc/self/status"],
		["/proc/self/mem"],
	])("tell the same of %j as those of the thread pool", async (name) => {
		const path = name.startsWith("/") ? name : at(name);
		// Times and inodes of /proc are new for each look.
		const comparable = (seen: object) => ({ ...seen, changed: 0, modified: 0, inode: 0 });
		for (const look of [lstat, stat])
			expect(comparable(await look(path, atOnce))).toEqual(comparable(await look(path, pooled)));
		for (const look of [readLink, realPath]) expect(await look(path, atOnce)).toEqual(await look(path, pooled));
		for (const mode of ["r", "w", "x"] as const)
			expect(await access(path, mode, atOnce)).toEqual(await access(path, mode, pooled));
		expect(await readText(path, 20, "utf8", atOnce)).toEqual(await readText(path, 20, "utf8", pooled));
		expect(await readInside(directory, path, 20, "utf8", atOnce)).toEqual(
			await readInside(directory, path, 20, "utf8", pooled),
		);
	});
});

it("makes a directory for this user alone", async () => {
	const made = await makeDirectory(directory, "new-");
	expect(made.kind === "ok" && (await stat(made.value))).toMatchObject({ kind: "directory", mode: 0o700 });
	expect(await makeDirectory(at("nothing"), "new-")).toEqual({ kind: "absent" });
});

describe("lstat and stat", () => {
	it("tell kinds, modes and owners", async () => {
		expect(await lstat(at("file"))).toMatchObject({ kind: "file", mode: 0o640, size: 5, uid: process.getuid?.() });
		expect(await lstat(at("directory"))).toMatchObject({ kind: "directory" });
		expect(await lstat(at("link"))).toMatchObject({ kind: "link" });
		expect(await stat(at("link"))).toMatchObject({ kind: "file" });
		expect(await lstat("/dev/null")).toMatchObject({ kind: "device", device: { major: 1, minor: 3 } });
	});

	it("tells when the content was changed, whatever else was", async () => {
		utimesSync(at("file"), 1000, 1000);
		chmodSync(at("file"), 0o640);
		expect(await stat(at("file"))).toMatchObject({ modified: 1_000_000 });
	});

	it("know a socket", async () => {
		const server = createServer().listen(at("socket"));
		await new Promise((resolve) => server.once("listening", resolve));
		expect(await lstat(at("socket"))).toMatchObject({ kind: "socket" });
		server.close();
	});

	it("keep absent and unreadable apart", async () => {
		expect(await lstat(at("nothing"))).toEqual({ kind: "absent" });
		expect(await lstat(at("file/below"))).toEqual({ kind: "absent" });
		expect(await stat(at("dangling"))).toEqual({ kind: "absent" });
		expect(await lstat("a\0b")).toMatchObject({ kind: "unreadable" });
		expect(await readText(at("directory"))).toEqual({ kind: "unreadable", code: "EISDIR" });
	});
});

describe("reading", () => {
	it("reads text, at most so much of it, and endless or sizeless files", async () => {
		expect(await readText(at("file"))).toEqual({ kind: "ok", value: "hello" });
		expect(await readText(at("file"), 2)).toEqual({ kind: "ok", value: "he" });
		expect(await readText("/dev/zero", 4)).toEqual({ kind: "ok", value: "\0\0\0\0" });
		expect(await readText("/proc/self/status")).toMatchObject({
			kind: "ok",
			value: expect.stringContaining("CapEff:"),
		});
		expect(await readText(at("nothing"))).toEqual({ kind: "absent" });
	});

	it("reads long files whole, up to the limit, with their bytes in order", async () => {
		const text = Array.from({ length: 20_000 }, (_, index) => `${index} ä\n`).join("");
		writeFileSync(at("long"), text);
		expect(await readText(at("long"), 1024 * 1024)).toEqual({ kind: "ok", value: text });
		const bytes = Buffer.from(text).toString("latin1").slice(0, 30_000);
		expect(await readText(at("long"), 30_000, "latin1")).toEqual({ kind: "ok", value: bytes });
		// The kernel hands out its own files piece by piece.
		const smaps = await readText("/proc/self/smaps", 4 * 1024 * 1024);
		expect(smaps.kind === "ok" && smaps.value.length).toBeGreaterThan(64 * 1024);
	});

	it("does not hang on a FIFO that nobody writes to", async () => {
		execFileSync("mkfifo", [at("fifo")]);
		expect(await readText(at("fifo"))).toMatchObject({ kind: "ok", value: "" });
	});

	it("lists, follows and resolves", async () => {
		expect(await list(at("directory"))).toEqual({ kind: "ok", value: [] });
		expect(await readLink(at("link"))).toEqual({ kind: "ok", value: "file" });
		expect(await realPath(at("link"))).toMatchObject({ kind: "ok", value: expect.stringMatching(/\/file$/) });
		expect(await realPath(at("dangling"))).toEqual({ kind: "absent" });
		expect(await access(at("file"), "r")).toEqual({ kind: "granted" });
		expect(await access(at("file"), "x")).toEqual({ kind: "denied" });
		expect(await access(at("gone"), "r")).toEqual({ kind: "denied" });
		// The kernel cannot tell about a name of this length, whatever is there.
		expect(await access(at("x".repeat(300)), "r")).toEqual({ kind: "unreadable", code: "ENAMETOOLONG" });
	});
});

describe("tryWrite", () => {
	it("writes without a trace", async () => {
		const before = statSync(at("directory")).mtimeMs;
		expect(await tryWrite(at("directory"))).toEqual({ kind: "ok", value: null });
		expect(readdirSync(at("directory"))).toEqual([]);
		expect(statSync(at("directory")).mtimeMs).toBe(before);
	});

	it("says why it cannot", async () => {
		expect(await tryWrite(at("nothing"))).toEqual({ kind: "absent" });
		expect((await tryWrite("/proc/self")).kind).toBe("unreadable");
	});
});

describe("space", () => {
	const signal = new AbortController().signal;
	const run: Host["run"] = (command, options) => runProgram(command, options, env);
	it("tells free bytes and inodes", async () => {
		const outcome = await space(directory, signal, run);
		expect(outcome).toMatchObject({ kind: "ok", value: { source: "statfs" } });
		if (outcome.kind === "ok") expect(outcome.value.freeBytes).toBeLessThanOrEqual(outcome.value.totalBytes);
	});

	const blocks = { type: 0, bsize: 4096, blocks: 200, bfree: 150, bavail: 100, files: 20, ffree: 10 };
	const statfs = (rest: object) => async (): Promise<StatsFs> => ({ ...blocks, ...rest });
	/** A `df` that tells other numbers than statfs: 7 and 3 KiB, 70 and 30 inodes. */
	const env: NodeJS.ProcessEnv = {};
	beforeAll(() => {
		env.PATH = `${directory}:${process.env.PATH}`;
		const script = '#!/bin/sh\nn=; case "$1" in -iP) n=0;; esac\necho "virtiofs 7$n 4$n 3$n 58% /mnt"\n';
		writeFileSync(at("df"), script, { mode: 0o755 });
	});

	it("counts in the size that blocks have, not in that of transfers", async () => {
		expect(await space(directory, signal, run, statfs({ bsize: 1048576, frsize: 4096 }))).toEqual({
			kind: "ok",
			value: { freeBytes: 409600, totalBytes: 819200, freeInodes: 10, totalInodes: 20, source: "statfs" },
		});
	});

	it("asks df where only the size of transfers is known", async () => {
		expect(await space(directory, signal, run, statfs({ bsize: 1048576 }))).toEqual({
			kind: "ok",
			value: { freeBytes: 3072, totalBytes: 7168, freeInodes: 30, totalInodes: 70, source: "df" },
		});
	});

	it.each([4096, 65536])("starts no program for blocks of %d bytes", async (bsize) => {
		expect(await space(directory, signal, run, statfs({ bsize }))).toMatchObject({
			value: { freeBytes: 100 * bsize, totalBytes: 200 * bsize, source: "statfs" },
		});
	});

	it("says absent where there is nothing", async () => {
		expect(await space(at("nothing"), signal, run)).toEqual({ kind: "absent" });
	});
});
