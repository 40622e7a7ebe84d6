import type { RunOutcome } from "../../../src/host/host.ts";
import type { ToolFacts } from "../../../src/probes/tools.ts";
import { exited } from "../../support/fake-host.ts";

/** Facts of a tool that is at `/usr/bin` and ran as said. */
export function ran(name: string, outcome: RunOutcome, overrides: Partial<ToolFacts> = {}): ToolFacts {
	return {
		name,
		command: [name, "--version"],
		arch: "x64",
		uid: 1000,
		mode: "container",
		path: ["/usr/local/bin", "/usr/bin"],
		found: { path: `/usr/bin/${name}`, realPath: `/usr/bin/${name}` },
		unusable: [],
		elsewhere: [],
		run: { kind: "ran", outcome },
		...overrides,
	};
}

/** Facts of a tool that said `text` and ended well. */
export function said(name: string, text: string, overrides: Partial<ToolFacts> = {}): ToolFacts {
	return ran(name, exited(text), overrides);
}

/** Facts of a tool that complained on standard error and failed. */
export function failed(name: string, stderr: string, code = 1, overrides: Partial<ToolFacts> = {}): ToolFacts {
	return ran(name, exited("", code, stderr), overrides);
}

/** Facts of a tool that is not on PATH. */
export function notFound(name: string, overrides: Partial<ToolFacts> = {}): ToolFacts {
	const { found: _, ...facts } = said(name, "");
	return { ...facts, run: { kind: "not-found" }, ...overrides };
}
