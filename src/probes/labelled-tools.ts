import type { Host } from "../host/host.ts";
import { own } from "../own.ts";
import type { Request } from "../request.ts";
import { bounded } from "./docker-endpoint.ts";
import type { Ask, Probe } from "./probe.ts";
import { selfContainerProbe } from "./self-container.ts";
import { type ToolFacts, toolProbe } from "./tools.ts";

/** Tools whose version is stated by both a label of the job's image and the tool itself. */
export interface LabelledToolsFacts {
	readonly tools: readonly LabelledTool[];
}

export interface LabelledTool {
	/** `matric.builder.rust-version` */
	readonly label: string;
	/** The version on the label. */
	readonly stated: string;
	readonly tool: string;
	/** What the tool printed. */
	readonly printed: string;
	/** The variable or file of the workspace that chooses another Rust toolchain than the image's. */
	readonly pinnedBy?: string;
}

/** Name on a label -> program, where they differ. */
const programOf: Readonly<Record<string, string>> = { rust: "rustc", nodejs: "node", "docker-cli": "docker" };

/**
 * Source: the image's labels `matric.builder.<tool>-version`, and the facts of the tools that the profile asks for: no program
 * is started only for a label.
 */
export const labelledToolsProbe: Probe<LabelledToolsFacts> = {
	name: "labelled-tools",
	async collect(host: Host, request: Request, _signal, ask: Ask): Promise<LabelledToolsFacts> {
		const { imageLabels = {} } = await ask(selfContainerProbe);
		const pinnedBy = await rustPin(host, request);
		const tools = Object.entries(imageLabels).map(async ([label, stated]): Promise<LabelledTool[]> => {
			const name = /^matric\.builder\.(.+)-version$/.exec(label)?.[1];
			if (name === undefined) return [];
			const tool = own(programOf, name) ?? name;
			const expected = own(request.policy.tools, tool);
			if (!expected) return [];
			// If its probe failed, the tool's own check reports that.
			const facts = await ask(toolProbe(tool, expected.command)).catch(() => undefined);
			const printed = facts && printedBy(facts);
			if (printed === undefined) return [];
			return [
				{ label, stated, tool, printed: bounded(printed, 300), ...(name === "rust" && pinnedBy && { pinnedBy }) },
			];
		});
		return { tools: (await Promise.all(tools)).flat() };
	},
};

/** `undefined`: the tool does not run, which its own check reports. */
function printedBy({ run }: ToolFacts): string | undefined {
	if (run.kind === "own-node") return run.version;
	if (run.kind !== "ran" || run.outcome.kind !== "exited" || run.outcome.code !== 0) return undefined;
	return run.outcome.stdout.trim() || run.outcome.stderr.trim();
}

async function rustPin(host: Host, { workspace, usesWorkspace }: Request): Promise<string | undefined> {
	if (host.env.RUSTUP_TOOLCHAIN) return "RUSTUP_TOOLCHAIN";
	if (!usesWorkspace) return undefined;
	const files = ["rust-toolchain.toml", "rust-toolchain"];
	const kinds = await Promise.all(files.map(async (file) => (await host.stat(`${workspace}/${file}`)).kind));
	return files.find((_, index) => kinds[index] === "file");
}
