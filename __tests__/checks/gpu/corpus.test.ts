import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gpuDriver } from "../../../src/checks/gpu/driver.ts";
import { gpuInventory } from "../../../src/checks/gpu/inventory.ts";
import { gpuVisibility } from "../../../src/checks/gpu/visibility.ts";
import { collectFacts } from "../../../src/collect.ts";
import { judgeAll } from "../../../src/engine.ts";
import { createRealHost } from "../../../src/host/real-host.ts";
import { nvidiaProbe } from "../../../src/probes/nvidia.ts";
import type { Facts } from "../../../src/probes/probe.ts";
import { collect, createPolicy, createRequest } from "../../support/builders.ts";

/** A recorded run of a real nvidia-smi; runs that printed the same are one entry with many names. */
interface Recording {
	readonly names: readonly string[];
	readonly exit: number;
	readonly stdout: string;
	readonly stderr?: string;
}

const recordings: readonly Recording[] = readFileSync(
	join(import.meta.dirname, "../../fixtures/nvidia/recordings.jsonl"),
	"utf8",
)
	.split("\n")
	.filter(Boolean)
	.map((line) => JSON.parse(line));

/**
 * Name of a recording -> what it must be judged as; the first line that fits counts. `smi470-…`: branch of the driver;
 * `init…`: NVML refuses to start; `handle…`, `fields…`: it starts, and a GPU fails; `-query`, `-L`, `-plain`: what was asked.
 */
const table: readonly (readonly [RegExp, string])[] = [
	[/^sample_.*mig.*_(idle_query|load_query|table|-L)$/, "gpu/inventory:mig-unexpected"],
	[/^sample_/, "healthy"],
	[/^smi550-ok-version$/, "healthy"],
	[/^notfound-/, "gpu/driver:smi-missing"],
	[/-nodriver-/, "gpu/driver:driver-not-loaded"],
	[/-with-lib/, "gpu/driver:driver-not-loaded"],
	[/-nolib-/, "gpu/driver:library-missing"],
	[/-ok-id9$/, "gpu/driver:no-devices"],
	// Misuse, not a state of the driver: whatever is queried, the answer says nothing about the GPUs.
	[/-badfield$|-badopt$|-ok-compute_cap$/, "gpu/driver:broken"],
	[/^smi470-(count0|handle).*-query$/, "gpu/driver:broken"],

	[/-init4-/, "gpu/driver:insufficient-permissions"],
	[/-init8-/, "gpu/driver:insufficient-power"],
	[/-init9-/, "gpu/driver:driver-not-loaded"],
	[/-init10-/, "gpu/driver:timeout"],
	[/-init12-/, "gpu/driver:library-missing"],
	[/-init15-/, "gpu/driver:gpu-lost"],
	[/-init16-/, "gpu/driver:reset-required"],
	[/-init17-/, "gpu/driver:access-blocked"],
	[/-init18-/, "gpu/driver:library-mismatch"],
	[/^smi550-init28-/, "gpu/driver:no-devices"],
	// The library of 470 has no texts for the newer codes.
	[/^smi470-init(21|25|27|28|29)-/, "gpu/driver:nvml-unknown-error"],
	[/-init999-/, "gpu/driver:nvml-unknown-error"],
	[/-init\d+-/, "gpu/driver:broken"],

	[/-count0-/, "gpu/driver:no-devices"],
	[/-handle4-/, "gpu/driver:insufficient-permissions"],
	[/-handle8-/, "gpu/driver:insufficient-power"],
	[/-handle11-/, "gpu/driver:broken"],
	[/-handle14-|-handle999-/, "gpu/driver:nvml-unknown-error"],
	[/-handle15-|-2gpu-second-15-/, "gpu/driver:gpu-lost"],
	[/-handle16-|-2gpu-second-16-/, "gpu/driver:reset-required"],
	[/-2gpu-second-999-/, "gpu/driver:nvml-unknown-error"],

	// The plain table has one text for all of them.
	[/-fields\d+-.*-plain$/, "gpu/driver:broken"],
	[/-fields4-/, "gpu/driver:insufficient-permissions"],
	[/-fields9-/, "gpu/driver:driver-not-loaded"],
	[/-fields15-/, "gpu/driver:gpu-lost"],
	[/-fields16-/, "gpu/driver:reset-required"],
	[/-fields18-/, "gpu/driver:library-mismatch"],
	[/^smi470-fields21-|-fields999-/, "gpu/driver:nvml-unknown-error"],
	[/-fields\d+-/, "gpu/driver:broken"],
];

let directory: string;
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "nvidia-corpus-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const policy = createPolicy({ gpu: { require: "required" } });
const checks = [gpuVisibility, gpuDriver, gpuInventory];

/** The machine that runs the tests may have a GPU. */
const bare = {
	list: async () => ({ kind: "ok", value: [] }) as const,
	readText: async () => ({ kind: "absent" }) as const,
};

/** Puts a fake nvidia-smi on PATH that answers every query with the recording, and judges the real facts. */
async function judgeRecording(recording: Recording, mode: "host" | "container"): Promise<readonly string[]> {
	const smi = join(directory, "nvidia-smi");
	writeFileSync(join(directory, "stdout"), recording.stdout);
	writeFileSync(join(directory, "stderr"), recording.stderr ?? "");
	const lines = ["#!/bin/sh", 'cd "$(dirname "$0")"', "cat stdout", "cat stderr >&2", `exit ${recording.exit}`, ""];
	writeFileSync(smi, lines.join("\n"));
	chmodSync(smi, 0o755);
	const host = { ...createRealHost({ PATH: `${directory}:/usr/bin:/bin` }), ...bare };
	return judgeFacts(await collect(nvidiaProbe, host), mode);
}

function judgeFacts(nvidia: unknown, mode: "host" | "container"): readonly string[] {
	const values = {
		nvidia,
		container: { mode, witness: "test", names: [] },
		job: { inJob: true, system: "gitea", runnerVersion: "v4.1.0", capabilities: [] },
		"gpu-request": { state: "none" },
	};
	const facts: Facts = Object.fromEntries(
		Object.entries(values).map(([name, value]) => [
			name,
			{ ok: true, value: JSON.parse(JSON.stringify(value)), ms: 1 },
		]),
	);
	const results = judgeAll(checks, facts, policy, { started: "2026-11-24T06:00:00.000Z" });
	expect(results.filter(({ status }) => status === "error")).toEqual([]);
	return results
		.filter(({ status }) => status === "fail" || status === "warn")
		.map(({ id, reason }) => `${id}:${reason}`);
}

it("an nvidia-smi that hangs and ignores SIGTERM costs no more than its deadline", async () => {
	const smi = join(directory, "nvidia-smi");
	writeFileSync(smi, "#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do sleep 1; done\n");
	chmodSync(smi, 0o755);
	const host = { ...createRealHost({ PATH: `${directory}:/usr/bin:/bin` }), ...bare };
	const facts = await collectFacts([nvidiaProbe], host, createRequest({ timeoutMs: 200 }));
	const answer = facts.nvidia;
	if (!answer?.ok) throw new Error(`no facts: ${answer?.message}`);
	expect(judgeFacts(answer.value, "host")).toEqual(["gpu/driver:timeout"]);
});

const named = recordings.flatMap((recording) => recording.names.map((name) => ({ name, recording })));

describe("every recorded nvidia-smi", () => {
	it("is in the table", () => {
		expect(named).toHaveLength(234);
		expect(named.filter(({ name }) => !table.some(([pattern]) => pattern.test(name)))).toEqual([]);
		const used = table.filter(([pattern]) => named.some(({ name }) => pattern.test(name)));
		expect(used).toHaveLength(table.length);
	});

	const expectedOf = (name: string) => table.find(([pattern]) => pattern.test(name))?.[1];
	const cases = recordings.map((recording) => ({ recording, expected: [...new Set(recording.names.map(expectedOf))] }));

	it.each(cases)("$expected: $recording.names", async ({ recording, expected }) => {
		expect(expected).toHaveLength(1);
		const wanted = expected[0] === "healthy" ? [] : expected;
		expect(await judgeRecording(recording, "host")).toEqual(wanted);
		// In a container about which Docker cannot be asked, only the answer of nvidia-smi counts.
		expect(await judgeRecording(recording, "container")).toEqual(wanted);
	});
});
