import { own } from "../../own.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { VersionRange } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { shellQuote } from "../text.ts";
import { choose, lowestOf } from "./install.ts";

/** A version manager, whose shims run the version that is selected. */
interface Manager {
	readonly name: string;
	/** How it says that there is none, or where its shims are. */
	readonly says: RegExp;
	readonly at: RegExp;
	/** Installs and selects a version: `22`, or any if there is none. */
	readonly commands: (program: string, version: string | undefined) => readonly string[];
}

/** What brings a program, in the words of most managers. */
const bringers: Readonly<Record<string, string>> = {
	npm: "node",
	npx: "node",
	corepack: "node",
	python3: "python",
	pip: "python",
	pip3: "python",
	gem: "ruby",
	bundle: "ruby",
	javac: "java",
};
/** asdf has names of its own. */
const plugins: Readonly<Record<string, string>> = { node: "nodejs", go: "golang" };

function bringerOf(program: string): string {
	return own(bringers, program) ?? program;
}

function pluginOf(program: string): string {
	const bringer = bringerOf(program);
	return shellQuote(own(plugins, bringer) ?? bringer);
}

/** One of the family of rbenv: each manages one language. */
function ofFamily(name: string, newest: string): Manager {
	return {
		name,
		says: new RegExp(`^${name}: `, "m"),
		at: new RegExp(`/\\.?${name}/shims/`),
		commands: (_, version = newest) => [`${name} install --skip-existing ${version}`, `${name} global ${version}`],
	};
}

const managers: readonly Manager[] = [
	{
		name: "mise",
		says: /^(?:mise|rtx) (?:ERROR|WARN)/m,
		at: /\/(?:mise|rtx)\/(?:shims|bin)\//,
		commands: (program, version = "latest") => [`mise use --global ${shellQuote(`${bringerOf(program)}@${version}`)}`],
	},
	{
		name: "Volta",
		says: /^Volta error/im,
		at: /\/\.?volta\/bin\//,
		commands: (program, version) => [
			`volta install ${shellQuote(version === undefined ? bringerOf(program) : `${bringerOf(program)}@${version}`)}`,
		],
	},
	ofFamily("pyenv", "3"),
	ofFamily("rbenv", "3.4.1"),
	ofFamily("nodenv", "22.11.0"),
	ofFamily("goenv", "latest"),
	ofFamily("plenv", "5.40.0"),
	{
		name: "asdf",
		says: /\basdf (?:install|plugin)|\.tool-versions|^No (?:preset )?version (?:is set|installed) for command|Perhaps you have to reshim/m,
		at: /\/\.?asdf\/shims\//,
		commands: (program, version) => {
			const wanted = version === undefined ? "latest" : `latest:${version}`;
			return [
				`asdf install ${pluginOf(program)} ${wanted}`,
				`asdf set --home ${pluginOf(program)} ${wanted}   # before asdf 0.16: asdf global ${pluginOf(program)} ${wanted}`,
			];
		},
	},
];

/** The manager that a shim belongs to, by what it said or where it is. */
export function managerOf(facts: ToolFacts): string | undefined {
	return find(facts)?.name;
}

function find(facts: ToolFacts): Manager | undefined {
	const said = outputOf(facts);
	const paths = [facts.found?.path ?? "", facts.found?.realPath ?? ""];
	return managers.find(({ says }) => says.test(said)) ?? managers.find(({ at }) => paths.some((path) => at.test(path)));
}

/** A version is installed, or selected, by the manager itself: a second installation would be hidden by its shims. */
export function fixByManager(program: string, facts: ToolFacts, range: VersionRange): Remedy | undefined {
	const manager = find(facts);
	if (!manager) return undefined;
	const { name } = manager;
	const commands = told(name, outputOf(facts)) ?? manager.commands(program, lowestOf(range));
	const select = `Let ${name} install and select a version for every directory`;
	return choose(
		facts.mode,
		{
			text: `${select}, in the job's image. Another installation would be hidden by the shim.`,
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: commands.map((command) => `RUN ${command.replace(/ +#.*/, "")}`).join("\n"),
			},
			kind: "image",
		},
		{
			text: `${select}, as the runner's user. Another installation would be hidden by the shim.`,
			commands: ["# as the runner's user", ...commands],
			kind: "host",
		},
	);
}

/** What the manager itself names: a version that is installed and only has to be selected, or one that is asked for. */
function told(manager: string, said: string): readonly string[] | undefined {
	if (/^\w+env$/.test(manager)) {
		const installed = /exists in these \w+ versions:\s*\n\s+([\w.-]+)/.exec(said)?.[1];
		if (installed !== undefined) return [`${manager} global ${installed}`];
		const asked = /version [`']([\w.-]+)' is not installed/.exec(said)?.[1];
		return asked === undefined ? undefined : [`${manager} install --skip-existing ${asked}`];
	}
	if (manager === "asdf") {
		const [, plugin, version] = /^asdf install ([\w-]+) (\d[\w.-]*)$/m.exec(said) ?? [];
		if (plugin !== undefined) return [`asdf install ${plugin} ${version}`];
		const [, name, installed] = /config file[^\n]*\n([\w-]+) (\d[\w.-]*)$/m.exec(said) ?? [];
		return name === undefined
			? undefined
			: [`asdf set --home ${name} ${installed}   # before asdf 0.16: asdf global ${name} ${installed}`];
	}
	if (manager !== "mise") return undefined;
	const lacks = /^(?:mise ERROR )?Missing tool version: (\w[\w.@/:-]*@\d[\w.-]*)$/m.exec(said)?.[1];
	if (lacks !== undefined) return [`mise install ${lacks}`];
	const named = /^mise use -g (\w[\w.@/:-]*@\d[\w.-]*)$/m.exec(said)?.[1];
	return named === undefined ? undefined : [`mise use --global ${named}`];
}

function outputOf({ run }: ToolFacts): string {
	return run.kind === "ran" ? `${run.outcome.stderr}\n${run.outcome.stdout}` : "";
}
