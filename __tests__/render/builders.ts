import type { ToolFacts } from "../../src/probes/tools.ts";
import type { Report, Result, Status } from "../../src/report/report.ts";
import { createPolicy, createTool } from "../support/builders.ts";

/** A result that passed, until `overrides` say otherwise. */
export function createResult(id: string, overrides: Partial<Result> = {}): Result {
	const [area, name] = id.split("/");
	return {
		id,
		status: "pass",
		title: `${id} is as it should be`,
		message: "All is well",
		evidence: [],
		docs: ["tool", "registry", "service"].includes(area ?? "")
			? `docs/checks/${area}.md`
			: `docs/checks/${area}.md#${name}`,
		duration_ms: 3,
		...overrides,
	};
}

/** A report of a healthy runner without results; counts and verdict follow from the results given. */
export function createReport(overrides: Partial<Report> = {}): Report {
	const results = overrides.results ?? [];
	const counts: Record<Status, number> = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 };
	for (const result of results) counts[result.status]++;
	return {
		version: 1,
		generator: { name: "runner-check", version: "1.0.0" },
		started: "2026-11-24T06:00:00.000Z",
		duration_ms: 84,
		runner: {
			name: "titan-host-runner",
			system: "gitea",
			version: "v4.1.0",
			mode: "container",
			os: "Debian GNU/Linux 12",
			arch: "x64",
			image: "ghcr.io/fortemi/fortemi/builder:latest",
			user: "root",
		},
		job: { repository: "fortemi/fortemi", workflow: "health", job: "builder", run_id: "12", event: "schedule" },
		profile: { name: "matric-builder", decided_by: "runs-on" },
		verdict: counts.fail + counts.error > 0 ? "misconfigured" : counts.warn > 0 ? "degraded" : "healthy",
		counts,
		switched_off: { count: 0, of: results.length },
		results,
		expectations: createPolicy({ profile: "matric-builder", tools: {} }),
		facts: {},
		...overrides,
	};
}

/** Expectations of any version of these tools, and the facts of their probes. `undefined`: not found. */
export function createTools(
	versions: Readonly<Record<string, string | undefined>>,
): Pick<Report, "expectations" | "facts"> {
	const entries = Object.entries(versions);
	return {
		expectations: createPolicy({
			profile: "matric-builder",
			tools: Object.fromEntries(entries.map(([name]) => [name, createTool(name)])),
		}),
		facts: Object.fromEntries(
			entries.map(([name, version]) => [`tool:${name}`, { ok: true, value: createToolFacts(name, version), ms: 4 }]),
		),
	};
}

function createToolFacts(name: string, version: string | undefined): ToolFacts {
	const outcome = { kind: "exited", code: 0, stdout: `${name} ${version}\n`, stderr: "", ms: 4 } as const;
	return {
		name,
		command: [name, "--version"],
		arch: "x64",
		mode: "container",
		path: ["/usr/bin"],
		...(version !== undefined && { found: { path: `/usr/bin/${name}` } }),
		unusable: [],
		elsewhere: [],
		run: version === undefined ? { kind: "not-found" } : { kind: "ran", outcome },
	};
}
