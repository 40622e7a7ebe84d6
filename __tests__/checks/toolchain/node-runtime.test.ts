import { describe, expect, it } from "vitest";
import { nodeRuntime } from "../../../src/checks/toolchain/node-runtime.ts";
import { nodeRuntimeProbe } from "../../../src/probes/node-runtime.ts";
import { collect, judge } from "../../support/builders.ts";
import { createHost } from "../../support/fake-host.ts";

function verdictOf(version: string, started = "2026-11-24T06:00:00.000Z") {
	return judge(nodeRuntime, { node: { version, path: "/usr/local/bin/node" } }, undefined, started);
}

describe("node/runtime", () => {
	it("knows the Node that runs us", async () => {
		const host = createHost({ nodeVersion: "22.11.0", execPath: "/opt/node/bin/node" });
		expect(await collect(nodeRuntimeProbe, host)).toEqual({ version: "22.11.0", path: "/opt/node/bin/node" });
	});

	it.each(["8.17.0", "12.22.12", "14.21.3", "15.14.0"])("fails on %s: too old to run the checks", (version) => {
		expect(verdictOf(version)).toMatchObject({ kind: "finding", reason: "too-old", observed: version });
	});

	it.each(["16.20.2", "17.9.1", "18.20.4", "19.9.0", "21.7.3", "23.11.1", "25.9.0"])("warns of %s", (version) => {
		expect(verdictOf(version)).toMatchObject({ kind: "finding", reason: "end-of-life", observed: version });
		expect(nodeRuntime.reasons["end-of-life"]?.level).toBe("warn");
	});

	it.each(["22.11.0", "24.11.1", "26.10.0", "27.0.0", "40.1.0"])("is content with %s", (version) => {
		expect(verdictOf(version)).toMatchObject({ kind: "pass", message: `Node ${version}` });
	});

	it("is content with 20, which actions declare, and says that its support ended", () => {
		const verdict = verdictOf("20.20.2");
		expect(verdict.kind).toBe("pass");
		expect(verdict.message).toContain("2026-04-30");
		expect(verdict.message).toContain("`using: node20`");
		expect(verdictOf("20.20.2", "2026-04-30T23:00:00.000Z").message).toBe("Node 20.20.2");
	});

	it("goes by the day of the run", () => {
		expect(verdictOf("25.9.0", "2026-06-01T12:00:00.000Z")).toMatchObject({ kind: "pass" });
		expect(verdictOf("25.9.0", "2026-06-02T00:00:00.000Z")).toMatchObject({ reason: "end-of-life" });
		expect(verdictOf("22.22.0", "2027-05-01T00:00:00.000Z")).toMatchObject({ reason: "end-of-life" });
	});
});
