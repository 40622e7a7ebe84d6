import type { Host } from "../host/host.ts";
import { join } from "./program-search.ts";

/** File in a repository -> the variable by which its version manager chooses the same version anywhere. */
const variables: Readonly<Record<string, string>> = {
	".python-version": "PYENV_VERSION",
	".ruby-version": "RBENV_VERSION",
	".node-version": "NODENV_VERSION",
	".go-version": "GOENV_VERSION",
	".perl-version": "PLENV_VERSION",
	".java-version": "JENV_VERSION",
};

/** asdf's and mise's own file: a line for each tool. */
const toolVersions = ".tool-versions";
/** Never a path (`path:./bin`), which these would take as well. */
const plainVersion = /^[A-Za-z0-9][\w.+-]{0,63}$/;

/**
 * Versions that the workspace chooses for version managers, as variables: their programs do not run in the workspace, where they
 * would take any path. A variable that the job sets wins, as it does for them.
 */
export async function versionPins(host: Host, workspace: string): Promise<Readonly<Record<string, string>>> {
	const read = async (file: string): Promise<string> => {
		const text = await host.readInside(workspace, join(workspace, file), 16 * 1024);
		return text.kind === "ok" ? text.value : "";
	};
	const [list, ...single] = await Promise.all([toolVersions, ...Object.keys(variables)].map(read));
	const pins: Record<string, string> = {};
	const add = (variable: string, version: string | undefined): void => {
		if (version !== undefined && plainVersion.test(version) && !host.env[variable]) pins[variable] = version;
	};
	for (const [index, variable] of Object.values(variables).entries()) add(variable, firstWord(single[index] ?? ""));
	for (const line of (list ?? "").split("\n")) {
		const [tool = "", version] = line.replace(/#.*/, "").trim().split(/\s+/);
		if (!/^[a-z][\w-]{0,40}$/i.test(tool)) continue;
		const name = tool.toUpperCase().replace(/-/g, "_");
		add(`ASDF_${name}_VERSION`, version);
		add(`MISE_${name}_VERSION`, version);
	}
	return pins;
}

function firstWord(text: string): string | undefined {
	return /^\s*(\S+)/.exec(text)?.[1];
}
