import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fleetInputNames } from "../../src/fleet/inputs.ts";
import { publishedReport } from "../../src/fleet/published.ts";
import { createReport } from "../render/builders.ts";
import { ForgeApi, repository, token } from "./support/forge-api.ts";
import { failing } from "./support/looks.ts";

interface Action {
	readonly inputs: Readonly<Record<string, { readonly default: string }>>;
	readonly outputs: object;
	readonly runs: { readonly using: string; readonly main: string };
}
const action = parse(readFileSync("fleet/action.yml", "utf8")) as Action;

let folder: string;
let forge: ForgeApi;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "fleet-action-"));
	mkdirSync(join(folder, "workspace"));
	for (const file of ["outputs", "summary"]) writeFileSync(join(folder, file), "");
	forge = await ForgeApi.start();
});
afterEach(async () => {
	rmSync(folder, { recursive: true });
	await forge[Symbol.asyncDispose]();
});

const file = (name: string): string => readFileSync(join(folder, name), "utf8");

/** Runs the built action as a runner does: inputs with their defaults, and files for summary and outputs. */
async function run(inputs: Readonly<Record<string, string>> = {}) {
	const defaults = Object.entries(action.inputs).map(([name, { default: value }]) => [name, value] as const);
	const given = { ...Object.fromEntries(defaults), token, ...inputs };
	const env = {
		PATH: process.env.PATH,
		...forge.env,
		GITHUB_WORKSPACE: join(folder, "workspace"),
		GITHUB_OUTPUT: join(folder, "outputs"),
		GITHUB_STEP_SUMMARY: join(folder, "summary"),
		RUNNER_TEMP: join(folder, "temp"),
		NO_COLOR: "1",
		...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
	};
	const child = spawn(process.execPath, [join("fleet", action.runs.main)], { env });
	let log = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk) => {
			log += chunk;
		});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	expect(log + file("outputs") + file("summary")).not.toContain(token);
	return { code, log };
}

const outputOf = (name: string) => new RegExp(`^${name}<<(\\S+)\\n(.*)\\n\\1$`, "m").exec(file("outputs"))?.[2];

function healthCheck(...reports: readonly Partial<Parameters<typeof createReport>[0]>[]): void {
	const at = new Date(Date.now() - 3_600_000).toISOString();
	const jobs = reports.map((overrides, index) => {
		const name = `runner-${index + 1}`;
		const runner = { ...createReport().runner, name };
		const report = createReport({ started: at, runner, job: { repository, run_id: "1" }, ...overrides });
		return {
			id: index + 1,
			name: `check (${name})`,
			labels: [name],
			runner: name,
			status: "success" as const,
			at,
			log: publishedReport(report).text,
		};
	});
	forge.runs = [{ id: 1, jobs }];
}

describe("the fleet action", () => {
	it("has the inputs that the program reads, in the same order", () => {
		expect(Object.keys(action.inputs)).toEqual(fleetInputNames);
		expect(action.runs).toEqual({ using: "node20", main: "../dist/fleet.js" });
	});

	it("tells log, summary, outputs, annotations, issues and files of a sick runner, and fails", async () => {
		healthCheck({}, { results: [failing] });
		const { code, log } = await run({ formats: "json, markdown, prometheus" });
		expect(code).toBe(1);
		expect(log).toMatch(/^::endgroup::\nFleet: misconfigured — 2 runners: 1 misconfigured, 1 healthy$/m);
		expect(log).toMatch(/^::error::Runner runner-2 \(matric-builder\): misconfigured: docker\/socket:missing$/m);
		expect(log).toMatch(/^Issues: opened #\d+ for runner-2/m);
		expect(forge.issues).toHaveLength(1);
		expect(file("summary")).toContain("Fleet misconfigured: 2 runners");
		expect(Object.keys(action.outputs).map((name) => [name, outputOf(name)])).toEqual([
			["verdict", "misconfigured"],
			["sick", '["runner-2"]'],
			["silent", "[]"],
			["changes", "0"],
			["fleet", join(folder, "temp/runner-check-fleet/fleet.json")],
		]);
		expect(JSON.parse(file("temp/runner-check-fleet/fleet.json")).runners).toHaveLength(2);
		expect(file("summary")).toContain(file("temp/runner-check-fleet/fleet.md"));
		expect(file("temp/runner-check-fleet/fleet.prom")).toMatch(/^# HELP /m);
	});

	it("succeeds on a healthy fleet, and quietly", async () => {
		healthCheck({}, {});
		const { code, log } = await run();
		expect(code).toBe(0);
		expect(log).not.toMatch(/^::(?:error|warning)/m);
		expect(log.split("\n").length).toBeLessThan(20);
		expect(forge.issues).toEqual([]);
	});

	it("also reads folders, and obeys fail-on", async () => {
		const at = new Date(Date.now() - 60_000).toISOString();
		mkdirSync(join(folder, "reports"));
		writeFileSync(join(folder, "reports/a.json"), JSON.stringify(createReport({ started: at, results: [failing] })));
		healthCheck({});
		const { code, log } = await run({ reports: join(folder, "reports"), "fail-on": "never" });
		expect(log).toContain("2 runners: 1 misconfigured, 1 healthy");
		expect(code).toBe(0);
		const missing = await run({ reports: join(folder, "nowhere") });
		expect(missing.log).toContain(`${join(folder, "nowhere")}: does not exist`);
	});

	it("fails if the forge cannot be read, whatever fail-on says, and names inputs that are wrong", async () => {
		forge.may.delete("actions");
		const { code, log } = await run({ "fail-on": "never" });
		expect(code).toBe(1);
		expect(log).toMatch(/^::error::The forge could not be read completely/m);
		const wrong = await run({ runs: "many" });
		expect(wrong.code).toBe(1);
		expect(wrong.log).toMatch(/^::error title=runner-check inputs::input `runs`: found `many`/m);
	});
});
