/** Metrics, rules and configuration of the examples in Debian's Prometheus, Pushgateway, node_exporter and Alertmanager. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { pushGroups } from "../../src/fleet/metrics.ts";
import { sendTo } from "../../src/fleet/tell.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import type { Report } from "../../src/report/report.ts";
import { createFleet, createFleetRunner } from "../fleet/support/fleets.ts";
import { createResult } from "../render/builders.ts";
import { type PrometheusStack, prometheusPrograms, startPrometheus } from "./support/prometheus-stack.ts";
import { run } from "./support/run.ts";

let folder: string;
let programs: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "runner-check-prometheus-"));
	programs = await prometheusPrograms();
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

describe("the examples", () => {
	test.each([
		["promtool", ["check", "config", "--syntax-only", "prometheus.yml"]],
		["promtool", ["check", "rules", "runner-check.rules.yml"]],
		["promtool", ["test", "rules", "runner-check.rules.test.yml"]],
		["amtool", ["check-config", "alertmanager.yml"]],
	])("%s %j", async (program, words) => {
		const { code, output } = await run(join(programs, program), words, { cwd: "examples/prometheus" });
		expect(code, output).toBe(0);
	});

	test("a rule that is wrong is noticed", async () => {
		const rules = await readFile("examples/prometheus/runner-check.rules.yml", "utf8");
		await writeFile(join(folder, "runner-check.rules.yml"), rules.replace(/26 \* 3600/g, "48 * 3600"));
		await writeFile(join(folder, "t.yml"), await readFile("examples/prometheus/runner-check.rules.test.yml"));
		const { code, output } = await run(join(programs, "promtool"), ["test", "rules", "t.yml"], { cwd: folder });
		expect(code).toBe(1);
		expect(output).toContain("RunnerSilent");
	});
});

describe("alerts", { timeout: 120_000 }, () => {
	let stack: PrometheusStack;
	beforeAll(async () => {
		stack = await startPrometheus(folder);
	}, 60_000);
	afterAll(() => stack?.[Symbol.asyncDispose]());

	/** Waits until the newest word about an alert of a runner is this. */
	const told = (alertname: string, runner: string, status: "firing" | "resolved") =>
		vi.waitFor(
			() => {
				const about = stack.alerts.filter(({ labels }) => labels.alertname === alertname && labels.runner === runner);
				const newest = about[about.length - 1];
				expect(newest?.status, JSON.stringify(stack.alerts.map(({ status, labels }) => [status, labels]))).toBe(status);
				return newest;
			},
			{ timeout: 50_000, interval: 100 },
		);

	/** What the timer of a host does, with a recorded machine. */
	async function hostReports(fixture: string, started: string): Promise<void> {
		const report: Report = JSON.parse(await readFile(`__tests__/fixtures/reports/${fixture}.json`, "utf8"));
		const file = join(folder, "report.json");
		await writeFile(file, JSON.stringify({ ...report, started }));
		const output = join(stack.textfiles, "titan.prom");
		const words = ["replay", file, "--format", "prometheus", "--output", output, "--fail-on", "never"];
		expect(await run("node", ["dist/cli.js", ...words])).toMatchObject({ code: 0, output: "" });
	}

	test("of a host: sick fires and names what failed, recovery resolves, and a report that ages is silence", async () => {
		await hostReports("broken-container", hoursAgo(0));
		const sick = await told("RunnerSick", "titan", "firing");
		expect(sick?.annotations.summary).toBe("Runner titan (matric-builder) is misconfigured");
		expect(sick?.annotations.description).toMatch(/^Failed:.* docker\/socket:missing.*\. `runner-check explain/);
		const place = '{runner="titan",place="workspace"}';
		expect(
			await stack.query(`runner_check_disk_free_bytes${place} / runner_check_disk_total_bytes${place}`),
		).toBeLessThan(1);
		await hostReports("healthy-container", hoursAgo(0));
		await told("RunnerSick", "titan", "resolved");

		await hostReports("healthy-container", hoursAgo(27));
		expect((await told("RunnerSilent", "titan", "firing"))?.labels).toMatchObject({
			profile: "matric-builder",
			severity: "critical",
		});
		await hostReports("healthy-container", hoursAgo(0));
		await told("RunnerSilent", "titan", "resolved");
	});

	test("of the fleet: all runners are pushed at once, silence fires, and a new report resolves it", async () => {
		const name = 'gpu/1 "ü';
		const host = createRealHost({});
		const push = async (last_report: string, isSilent: boolean) => {
			const failing = createResult("docker/socket", { status: "fail", reason: "missing" });
			const runners = [
				createFleetRunner({ name, profile: "gpu", last_report, status: isSilent ? "silent" : "reported" }),
				createFleetRunner({
					name: "builder-1",
					verdict: "misconfigured",
					last_report: hoursAgo(0),
					results: [failing],
				}),
				createFleetRunner({ name: "builder-2", profile: "", last_report: hoursAgo(0) }),
			];
			const unserved = [{ label: "arm64", file: "ci.yml", line: 3 }];
			for (const { path, text } of pushGroups(createFleet({ runners, unserved, generated: hoursAgo(0) }))) {
				const message = { method: "PUT", path, body: text, type: "text/plain; version=0.0.4" } as const;
				expect(await sendTo(host, stack.gateway, message, new AbortController().signal)).toBeUndefined();
			}
		};
		await push(hoursAgo(30), true);
		await told("RunnerSilent", name, "firing");
		await told("RunnerSick", "builder-1", "firing");
		expect(stack.alerts.filter(({ labels }) => labels.runner === "builder-2")).toEqual([]);
		expect(await stack.query('count(runner_check_status{job="runner_check",status="reported"})')).toBe(3);
		expect(await stack.query('ALERTS{alertname="RunnerLabelUnserved",label="arm64",alertstate="firing"}')).toBe(1);
		await push(hoursAgo(0), false);
		await told("RunnerSilent", name, "resolved");
	});
});
