import { code, cut, titleWith, yamlValue } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import { onlyIn } from "../rule.ts";
import { configLines } from "./fixes.ts";

interface SourceWithTarget {
	readonly file: string;
	readonly entry: string;
	readonly source: string;
	/** All entries, without targets. */
	readonly fixed: readonly string[];
}

interface WorkdirNotAllowed {
	readonly file: string;
	/** `/workspace` */
	readonly parent: string;
	readonly valid: readonly string[];
	/** The releases that this applies to, if this runner's is unknown. */
	readonly versions: string | undefined;
}

export const intro =
	"Reads `container.valid_volumes`, the list of sources that jobs may mount: paths, names of volumes, and patterns of them.";

export const words = {
	"source-with-target": reason<SourceWithTarget>({
		level: "fail",
		title: "An entry of `valid_volumes` has a target",
		headline: ({ source }) => titleWith("`valid_volumes` has a target after ", source),
		why: ({ source }) =>
			`The runner compares entries with the source of a mount alone, so this one never matches. The setup log says \`[${cut(source)}] is not a valid volume, will be ignored\`, and the job continues without the mount.`,
		expected: ({ source }) => code(cut(source)),
		tell: ({ file, entry, source, fixed }) => ({
			what: `The entry ${code(cut(entry))} is written like a mount, but ${code("container.valid_volumes")} takes sources only.`,
			fix: {
				text: `Write ${code(cut(source))}, without the target.`,
				config: validVolumes(file, fixed),
				kind: "runner",
			},
		}),
	}),

	"workdir-not-allowed": reason<WorkdirNotAllowed>({
		level: "fail",
		title: "`bind_workdir` has no effect",
		why: ({ parent, versions }) =>
			`The runner drops the mount of the workspace: the setup log says \`[${parent}/…] is not a valid volume, will be ignored\`. Jobs that start containers with \`-v $PWD\` see an empty directory.${onlyIn(versions)}`,
		expected: ({ parent }) => `${code(`${parent}/**`)} in \`container.valid_volumes\``,
		tell: ({ file, parent, valid }) => ({
			what: `\`container.bind_workdir\` is set, but \`container.valid_volumes\` does not allow ${code(parent)}.`,
			fix: {
				text: "Allow the workspace.",
				config: validVolumes(file, [...valid, `${parent}/**`]),
				kind: "runner",
				otherwise: { text: "Upgrade the runner to 3.3.1 or later, which allows it by itself.", kind: "host" },
			},
		}),
	}),
};

function validVolumes(file: string, entries: readonly string[]) {
	const lines = entries.slice(-20).map((entry) => `    - ${yamlValue(entry)}`);
	return configLines(file, ["container:", "  valid_volumes:", ...lines].join("\n"));
}
