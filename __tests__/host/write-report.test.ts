import { spawnSync } from "node:child_process";
import {
	closeSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeOutput, writeReport } from "../../src/host/write-report.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "write-report-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (...names: readonly string[]): string => join(folder, ...names);

describe("a report is written", () => {
	test("into directories that are made for it, and nothing else stays there", () => {
		expect(writeReport(place("a", "b", "c"), "report.json", "{}\n")).toBe(place("a", "b", "c", "report.json"));
		expect(readFileSync(place("a", "b", "c", "report.json"), "utf8")).toBe("{}\n");
		expect(readdirSync(place("a", "b", "c"))).toEqual(["report.json"]);
	});

	test("for others to read as far as the umask lets them", () => {
		writeReport(folder, "report.json", "");
		writeFileSync(place("plain"), "");
		expect(statSync(place("report.json")).mode).toBe(statSync(place("plain")).mode);
	});

	test("over an older one", () => {
		writeReport(folder, "report.json", "old");
		writeReport(folder, "report.json", "new");
		expect(readFileSync(place("report.json"), "utf8")).toBe("new");
	});

	test("through a link to a directory", () => {
		mkdirSync(place("real"));
		symlinkSync(place("real"), place("link"));
		writeReport(place("link"), "report.json", "here");
		expect(readFileSync(place("real", "report.json"), "utf8")).toBe("here");
	});
});

describe("what has its name", () => {
	test("a link is replaced, and what it leads to stays as it is", () => {
		writeFileSync(place("canary"), "precious");
		symlinkSync(place("canary"), place("report.json"));
		writeReport(folder, "report.json", "{}");
		expect(readFileSync(place("canary"), "utf8")).toBe("precious");
		expect(lstatSync(place("report.json")).isFile()).toBe(true);
		expect(readFileSync(place("report.json"), "utf8")).toBe("{}");
	});

	test("a link that leads nowhere is replaced, and nothing is made where it leads", () => {
		symlinkSync(place("nowhere"), place("report.json"));
		writeReport(folder, "report.json", "{}");
		expect(readdirSync(folder)).toEqual(["report.json"]);
	});

	test("a FIFO that nobody reads is replaced", () => {
		expect(spawnSync("mkfifo", [place("report.json")]).status).toBe(0);
		writeReport(folder, "report.json", "{}");
		expect(readFileSync(place("report.json"), "utf8")).toBe("{}");
	});

	test("a directory is an error, and the draft is gone", () => {
		mkdirSync(place("report.json"));
		expect(() => writeReport(folder, "report.json", "{}")).toThrow(/directory.*report\.json/);
		expect(readdirSync(folder)).toEqual(["report.json"]);
	});
});

describe("a file that a person names", () => {
	test("is replaced, with its directory", () => {
		for (const text of ["old", "new"]) writeOutput(place("a", "b.prom"), text);
		expect(readFileSync(place("a", "b.prom"), "utf8")).toBe("new");
		expect(readdirSync(place("a"))).toEqual(["b.prom"]);
	});

	test("is never a pipe, a device, or the output of this process", () => {
		expect(spawnSync("mkfifo", [place("pipe")]).status).toBe(0);
		symlinkSync("/dev/null", place("null"));
		// As /dev/stdout: where it leads to may be a regular file, or closed.
		writeFileSync(place("file"), "");
		const output = openSync(place("file"), "r");
		symlinkSync(`/proc/self/fd/${output}`, place("stdout"));
		symlinkSync("/proc/self/fd/99999", place("closed"));
		for (const name of ["pipe", "null", "stdout", "closed"]) {
			expect(() => writeOutput(place(name), "{}"), name).toThrow("it is not a regular file");
			expect(lstatSync(place(name)).isFile(), name).toBe(false);
		}
		closeSync(output);
	});
});

describe("a directory that cannot be", () => {
	test.each(["/proc/x", "/proc/x/y/z", "/proc/sys/x"])("%s: the error names what could not be made", (directory) => {
		const first = directory.replace(/\/y.*/, "");
		expect(() => writeReport(directory, "report.json", "{}")).toThrow(new RegExp(`mkdir '${first}'`));
	});

	test("below a file, or at a link that leads nowhere", () => {
		writeFileSync(place("file"), "");
		symlinkSync(place("nowhere"), place("link"));
		for (const directory of ["file", "file/x", "link", "link/x"])
			expect(() => writeReport(place(directory), "report.json", "{}")).toThrow(/mkdir/);
		expect(readdirSync(folder).sort()).toEqual(["file", "link"]);
	});

	test("of a name with a NUL, or of one that is too long", () => {
		expect(() => writeReport(place("a\0b"), "report.json", "{}")).toThrow();
		expect(() => writeReport(place("a".repeat(300)), "report.json", "{}")).toThrow(/ENAMETOOLONG/);
		expect(() => writeReport(place("a/".repeat(3000)), "report.json", "{}")).toThrow(/ENAMETOOLONG/);
		expect(readdirSync(folder)).toEqual([]);
	});
});
