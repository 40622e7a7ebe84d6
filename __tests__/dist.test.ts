import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (file: string): string => readFileSync(`dist/${file}`, "utf8");

it("dist holds the bundles, their launchers, and what belongs to them", () => {
	expect(readdirSync("dist").sort()).toEqual([
		"cli.js",
		"docs.json.gz",
		"fleet.js",
		"licenses.txt",
		"main.js",
		"more.js",
		"package.json",
		"post.js",
		"run.js",
		"smoke.js",
	]);
	expect(JSON.parse(read("package.json"))).toEqual({ type: "commonjs" });
});

it("the license of every package in the bundles is there", () => {
	// `npm run build` fails if one of what it bundled has none. A new name here is a new package in every job.
	const packages = ["@actions/core", "@actions/exec", "@actions/io", "diff", "semver", "valibot", "yaml"];
	const licenses = read("licenses.txt").split(/^-{80}$/m);
	expect(licenses.map((text) => text.trim().split(" ")[0])).toEqual(packages);
	for (const text of licenses) expect(text).toMatch(/copyright/i);
});

it("only the launchers and `more.ts` load a bundle", () => {
	const loaded = (file: string) => new Set([...read(file).matchAll(/require\("(\.[^"]*)"\)/g)].map(([, path]) => path));
	expect(loaded("main.js")).toEqual(new Set(["./run.js"]));
	expect(loaded("post.js")).toEqual(new Set(["./run.js"]));
	expect(loaded("cli.js")).toEqual(new Set(["./run.js"]));
	expect(loaded("fleet.js")).toEqual(new Set(["./run.js"]));
	expect(loaded("run.js")).toEqual(new Set(["./more.js"]));
	expect(loaded("more.js")).toEqual(new Set());
	expect(loaded("smoke.js")).toEqual(new Set());
});

it("bundles are ASCII: V8 parses others slower", () => {
	for (const name of ["run.js", "more.js", "smoke.js"]) expect(read(name)).toMatch(/^[\0-\x7f]*$/);
});
