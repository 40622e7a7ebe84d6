import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { aborted, homeDirectory, nearestExisting, tempDirectory } from "../../src/probes/paths.ts";
import { createHost, file } from "../support/fake-host.ts";

test("follows links to what exists", async () => {
	const host = createHost({ links: { "/srv/ci": "/mnt/big" }, directories: { "/mnt/big": [] } });
	expect(await nearestExisting(host, "/srv/ci")).toEqual({ kind: "found", path: "/mnt/big", exists: true });
});

test("finds the nearest directory above that exists", async () => {
	const host = createHost({ directories: { "/": ["srv"], "/srv": [] } });
	expect(await nearestExisting(host, "/srv/a/b/")).toEqual({ kind: "found", path: "/srv", exists: false });
	expect(await nearestExisting(host, "/nowhere")).toEqual({ kind: "found", path: "/", exists: false });
});

test("stops at a directory that is closed to this user", async () => {
	const host = createHost({ realPath: async () => ({ kind: "unreadable", code: "EACCES" }) });
	expect(await nearestExisting(host, "/root/x")).toEqual({ kind: "unreadable", code: "EACCES" });
});

test("fails if not even / is found", async () => {
	expect(await nearestExisting(createHost(), "/a")).toEqual({ kind: "unreadable", code: "ENOENT" });
});

test.each([
	[{ RUNNER_TEMP: "/home/runner/tmp" }, "/home/runner/tmp"],
	[{}, "/tmp"],
	[{ RUNNER_TEMP: "" }, "/tmp"],
	[{ RUNNER_TEMP: "tmp" }, "/tmp"],
])("temporary directory of %j", (env, path) => {
	expect(tempDirectory(env)).toBe(path);
});

test("home comes from HOME, then from the user database", () => {
	const machine = { files: { "/etc/passwd": file() }, userHome: "/home/runner" };
	expect(homeDirectory(createHost({ ...machine, env: { HOME: "/root" } }))).toBe("/root");
	expect(homeDirectory(createHost(machine))).toBe("/home/runner");
	expect(homeDirectory(createHost({ userHome: undefined }))).toBeUndefined();
	expect(homeDirectory(createHost({ env: { HOME: "/" }, userHome: undefined }))).toBeUndefined();
});

test("resolves when the deadline is over", async () => {
	const controller = new AbortController();
	let isOver = false;
	const over = aborted(controller.signal).then(() => {
		isOver = true;
	});
	await setImmediate();
	expect(isOver).toBe(false);
	controller.abort();
	await over;
	await expect(aborted(controller.signal)).resolves.toBeUndefined();
});
