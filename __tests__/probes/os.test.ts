import { expect, test } from "vitest";
import { osProbe } from "../../src/probes/os.ts";
import { collect } from "../support/builders.ts";
import { createHost, type FakeMachine } from "../support/fake-host.ts";

const osOf = (machine: FakeMachine) => collect(osProbe, createHost(machine));
const passwd = "root:x:0:0:root:/root:/bin/bash\nrunner:x:1001:1001:,,,:/home/runner:/bin/bash\n";

test.each([
	['NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "Debian GNU/Linux 12 (bookworm)"],
	["PRETTY_NAME='Alpine Linux v3.22'\n", "Alpine Linux v3.22"],
	["PRETTY_NAME=Fedora\n", "Fedora"],
	['PRETTY_NAME=""\n', "linux"],
	["ID=scratch\n", "linux"],
])("names the system: %j", async (release, name) => {
	expect((await osOf({ files: { "/etc/os-release": release } })).name).toBe(name);
});

test("reads /usr/lib if /etc has no file", async () => {
	expect((await osOf({ files: { "/usr/lib/os-release": "PRETTY_NAME=NixOS" } })).name).toBe("NixOS");
});

test("falls back to the platform", async () => {
	expect((await osOf({ platform: "darwin" })).name).toBe("darwin");
});

test("names the user", async () => {
	expect((await osOf({ uid: 1001, files: { "/etc/passwd": passwd } })).user).toBe("runner");
});

test("reports the uid if the user database has no entry", async () => {
	expect((await osOf({ uid: 4242, files: { "/etc/passwd": passwd } })).user).toBe("uid 4242");
	expect((await osOf({ uid: 4242 })).user).toBe("uid 4242");
});

test("has no user if the platform has none", async () => {
	expect((await osOf({ uid: undefined, platform: "win32" })).user).toBe("unknown");
});
