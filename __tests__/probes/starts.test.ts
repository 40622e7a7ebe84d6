import { describe, expect, it } from "vitest";
import { loadChecks } from "../../src/checks/list.ts";
import { createCollector } from "../../src/collect.ts";
import { askedChecks, probesOf } from "../../src/engine.ts";
import { builtInProfiles, toPolicy } from "../../src/policy/profile.ts";
import { earlyProbes } from "../../src/probes/early.ts";
import type { Probe } from "../../src/probes/probe.ts";
import { startPrograms } from "../../src/probes/starts.ts";
import { createRequest } from "../support/builders.ts";
import { createHost, exited } from "../support/fake-host.ts";

function probe(name: string, collect: Probe<unknown>["collect"]): Probe<unknown> {
	return { name, collect };
}

const never = () => new Promise<never>(() => {});
const slow = probe("slow", async (host, _request, signal) => host.run(["slow"], { signal }));
const host = createHost({ programs: { slow: never } });

describe("starting programs", () => {
	it("waits until each runs, or its probe is over or has failed, and for the end of none", async () => {
		const collector = createCollector(host, createRequest());
		const begun: string[] = [];
		await startPrograms(
			collector,
			[
				slow,
				probe("missing", async () => {
					await new Promise((resolve) => setTimeout(resolve, 20));
					begun.push("missing");
				}),
				probe("broken", () => Promise.reject(new Error("no"))),
			],
			5000,
		);
		expect(begun).toEqual(["missing"]);
	});

	it("waits no longer than it is told to", async () => {
		const started = Date.now();
		await startPrograms(createCollector(host, createRequest()), [probe("stuck", never)], 20);
		expect(Date.now() - started).toBeLessThan(1000);
	});

	it("runs a probe as it is, and once", async () => {
		const machine = createHost({ programs: { "tool -v": exited("tool 1") } });
		const seen: unknown[] = [];
		const tool = probe("tool", async (given, _request, signal) => {
			seen.push(given.userHome, given.cpuCount);
			const outcome = await given.run(["tool", "-v"], { signal });
			return outcome.stdout;
		});
		const collector = createCollector(machine, createRequest());
		await startPrograms(collector, [tool], 5000);
		expect(await collector.facts([tool])).toMatchObject({ tool: { ok: true, value: "tool 1" } });
		expect(seen).toEqual(["/root", 16]);
	});
});

describe("what is begun early", () => {
	it.each(Object.keys(builtInProfiles))("is wanted by a check of %s", async (name) => {
		const policy = await toPolicy(name);
		const wanted = probesOf(askedChecks(await loadChecks(policy, false), policy)).map((entry) => entry.name);
		expect(
			earlyProbes(policy)
				.map((entry) => entry.name)
				.filter((entry) => !wanted.includes(entry)),
		).toEqual([]);
	});
});
