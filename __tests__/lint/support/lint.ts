import type { Host } from "../../../src/host/host.ts";
import type { RunnerConfigFacts } from "../../../src/lint/facts.ts";
import { type LintResult, lintFiles } from "../../../src/lint/lint.ts";
import { loadRunnerConfig } from "../../../src/lint/read/load.ts";
import type { Result } from "../../../src/report/report.ts";
import { createHost, type FakeMachine } from "../../support/fake-host.ts";

export interface ConfigMachine extends FakeMachine {
	/** Permission bits of every `.runner`. */
	readonly registrationMode?: number;
}

/** A machine with these files in its working directory. */
export function createConfigHost(files: Readonly<Record<string, string>>, machine: ConfigMachine = {}): Host {
	const directories: Record<string, string[]> = {};
	const placed = Object.entries(files).map(([path, text]) => {
		const full = path.startsWith("/") ? path : `/etc/test/${path}`;
		const slash = full.lastIndexOf("/");
		const names = directories[full.slice(0, slash)] ?? [];
		names.push(full.slice(slash + 1));
		directories[full.slice(0, slash)] = names;
		return [full, text] as const;
	});
	const host = createHost({
		workingDirectory: "/etc/test",
		directories: { ...directories, ...machine.directories },
		...machine,
		files: { ...Object.fromEntries(placed), ...machine.files },
	});
	// A registration is closed to other users, unless a test says otherwise.
	return {
		...host,
		stat: async (path) => {
			const outcome = await host.stat(path);
			return "mode" in outcome && path.endsWith(".runner")
				? { ...outcome, mode: machine.registrationMode ?? 0o600 }
				: outcome;
		},
	};
}

export async function load(
	files: Readonly<Record<string, string>>,
	runnerVersion?: string,
	machine: ConfigMachine = {},
): Promise<RunnerConfigFacts> {
	const host = createConfigHost(files, machine);
	// Drop-ins are found next to their unit; everything else is named.
	const names = Object.keys(files).filter((name) => !name.includes(".d/") && !name.endsWith("/.runner"));
	const sources = { files: names, directory: "/etc/test", ...(runnerVersion && { runnerVersion }) };
	return (await loadRunnerConfig(host, sources, new AbortController().signal)).facts;
}

/** Lints files given by name and content. */
export async function lint(
	files: string | Readonly<Record<string, string>>,
	runnerVersion?: string,
	machine: ConfigMachine = {},
): Promise<readonly LintResult[]> {
	const facts = await load(typeof files === "string" ? { "config.yaml": files } : files, runnerVersion, machine);
	return lintFiles(facts, runnerVersion === undefined ? {} : { version: runnerVersion });
}

/** The shortest form: `config/label:empty@3:7`. */
export function brief(results: readonly Result[]): readonly string[] {
	return results.map(({ id, reason, location }) => `${id}:${reason}@${location?.line}:${location?.column}`);
}
