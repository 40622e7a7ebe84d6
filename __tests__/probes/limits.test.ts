import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { limitsProbe } from "../../src/probes/limits.ts";
import { collect } from "../support/builders.ts";
import { createHost, type FakeMachine } from "../support/fake-host.ts";

const limits = (soft: string, hard: string) =>
	[
		"Limit                     Soft Limit           Hard Limit           Units     ",
		"Max processes             96233                96233                processes ",
		`Max open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     `,
		"Max locked memory         8388608              8388608              bytes     ",
	].join("\n");
const factsOf = (machine: FakeMachine) => collect(limitsProbe, createHost(machine));
const own = { kind: "read", source: "/proc/self/limits", soft: 524_288, hard: 524_288 };

describe("the limits of open files", () => {
	it("our own, which Node has raised, and those of the starter", async () => {
		const files = { "/proc/self/limits": limits("524288", "524288"), "/proc/77/limits": limits("1024", "524288") };
		expect(await factsOf({ files, ppid: 77 })).toEqual({
			own,
			starter: { kind: "read", source: "/proc/<ppid>/limits", soft: 1024, hard: 524_288 },
		});
	});

	it("in a container, whose starter is outside: those of process 1", async () => {
		const files = {
			"/proc/self/limits": limits("524288", "524288"),
			"/proc/1/limits": limits("unlimited", "unlimited"),
		};
		expect(await factsOf({ files, ppid: 0 })).toEqual({
			own,
			starter: { kind: "read", source: "/proc/1/limits", soft: "unlimited", hard: "unlimited" },
		});
	});

	it("reports what cannot be read", async () => {
		expect(await factsOf({ files: { "/proc/self/limits": "garbage" }, ppid: 77 })).toEqual({
			own: { kind: "unreadable", source: "/proc/self/limits", code: "ENODATA" },
			starter: { kind: "unreadable", source: "/proc/<ppid>/limits", code: "ENOENT" },
		});
	});

	it("reads nothing on other systems than Linux", async () => {
		expect(await factsOf({ platform: "darwin" })).toEqual({
			own: { kind: "not-linux" },
			starter: { kind: "not-linux" },
		});
	});
});

describe.runIf(process.platform === "linux")("a real Node under a shell with a low soft limit", () => {
	it("raises its own, and those of the shell can be read", async () => {
		const script =
			'const read = (p) => require("fs").readFileSync(p, "utf8"); console.log(JSON.stringify([process.ppid, read("/proc/self/limits"), read("/proc/" + process.ppid + "/limits")]))';
		// The second command keeps the shell from turning itself into Node.
		const { stdout } = spawnSync(
			"sh",
			["-c", `ulimit -Sn 256; ulimit -Hn 1024; "$0" -e '${script}'; true`, process.execPath],
			{
				encoding: "utf8",
			},
		);
		const [ppid, self, parent] = JSON.parse(stdout);
		const files = { "/proc/self/limits": self, [`/proc/${ppid}/limits`]: parent };
		const facts = await factsOf({ files, ppid });
		expect(facts.starter).toMatchObject({ soft: 256, hard: 1024 });
		expect(facts.own).toMatchObject({ soft: 1024, hard: 1024 });
	});
});
