import { errnoText } from "../../errno-text.ts";
import type { FileOutcome, Host, InsideOutcome } from "../../host/host.ts";
import { readPerhapsInside } from "../../host/workspace.ts";
import { systemOf as systemOfJob } from "../../probes/job.ts";
import { isOpenToAll } from "../../probes/registration.ts";
import { type ComposeFile, readComposeFile } from "../compose/read.ts";
import type { ConfigFile, RegistrationFile, RunnerConfigFacts, SourceFile, UnitFile } from "../facts.ts";
import { directoryOf, nameOf } from "../paths.ts";
import {
	certainKind,
	composeFile,
	isConfiguration,
	otherKind,
	templateIn,
	templateInUnit,
	textKind,
} from "../recognize/look-alikes.ts";
import { type FileType, systemOf, typeOf } from "../recognize/recognize.ts";
import { maskText, maskTree } from "../secrets/mask.ts";
import { isRunner } from "../setup/subjects.ts";
import { registrationAt } from "./find-registration.ts";
import { entryOf, type Scalar, scalarAt, type Tree } from "./tree.ts";
import { parseUnit } from "./unit.ts";
import { lookAround } from "./unit-machine.ts";
import { placesOf } from "./usual-places.ts";
import { walk } from "./walk.ts";
import { maxYamlSize, parseYaml } from "./yaml-tree.ts";

/** What to read. */
export interface Sources {
	/** Paths as the user wrote them, relative to `directory`. Empty: search where runners keep their files. */
	readonly files: readonly string[];
	readonly directory: string;
	/** Named files count only if their content is a runner's. */
	readonly skipOthers?: boolean;
	/** The runner's version, if it is given. */
	readonly runnerVersion?: string;
}

export interface Loaded {
	readonly facts: RunnerConfigFacts;
	/** Paths of workflow files among the named ones: they are judged elsewhere. */
	readonly workflows: readonly string[];
	/** Compose files among the named ones that run a runner. */
	readonly composes: readonly ComposeFile[];
	/** Path -> text with its secrets, for single lines that `excerpt.ts` masks and shows. */
	readonly texts: ReadonlyMap<string, string>;
	/** What was not read, as sentences. */
	readonly notes: readonly string[];
}

/** Reads the files of a runner's configuration. Never throws: a file that cannot be read is a fact too. */
export async function loadRunnerConfig(host: Host, sources: Sources, signal: AbortSignal): Promise<Loaded> {
	const reader = new Reader(host, sources.directory);
	if (sources.files.length > 0) await reader.readNamed(sources.files, sources.skipOthers === true);
	else await reader.search();
	const version = reader.files.length > 0 ? await versionOf(host, sources, reader.files, signal) : undefined;
	return {
		facts: { files: reader.files, ...(version && { runnerVersion: version }) },
		workflows: reader.workflows,
		composes: reader.composes,
		texts: reader.texts,
		notes: reader.notes,
	};
}

type Which = "any" | "runner" | "readable-runner";

class Reader {
	readonly files: SourceFile[] = [];
	readonly workflows: string[] = [];
	readonly composes: ComposeFile[] = [];
	readonly notes: string[] = [];
	readonly texts = new Map<string, string>();
	private readonly seen = new Set<string>();
	private readonly host: Host;
	private readonly directory: string;

	constructor(host: Host, directory: string) {
		this.host = host;
		this.directory = directory;
	}

	/** Reads the named files, the `.runner` next to a configuration, the drop-ins of a unit, and all of these in a directory. */
	async readNamed(paths: readonly string[], onlyRunners: boolean): Promise<void> {
		const registrations: string[] = [];
		for (const named of paths) {
			const path = named.replace(/(?<=.)\/+$/, "");
			const status = await this.host.stat(this.full(path));
			if (status.kind === "directory") {
				await this.readFolder(path);
				continue;
			}
			const file = await this.read(path, true, onlyRunners ? "runner" : "any");
			if (file?.kind === "config") registrations.push(inDirectoryOf(path, ".runner"));
			if (file?.kind === "unit" && !file.dropIn) await this.readDropIns(path);
		}
		// Last, because the absence of one that is named as well must be reported.
		for (const path of registrations) await this.read(path, false);
	}

	/** Reads the files of runners below a folder, at any depth. */
	private async readFolder(folder: string): Promise<void> {
		const { files, closed, isCut } = await walk(this.host, this.directory, folder);
		for (const { path, code } of closed) {
			if (path === folder) this.files.push({ kind: "unreadable", path, code });
			else this.notes.push(`Not checked: \`${path}\`, which cannot be listed: ${errnoText(code)} (${code}).`);
		}
		if (isCut) this.notes.push(`Not checked: a part of \`${folder}\`, which has more than 100,000 files.`);
		const found = (): number => this.files.length + this.workflows.length + this.composes.length;
		const before = found();
		const registrations: string[] = [];
		for (const path of files) {
			const name = path.slice(path.lastIndexOf("/") + 1);
			if (!readable.test(name)) continue;
			const isOwn = directoryOf(path) === folder && usual.test(name);
			const file = await this.read(path, true, isOwn ? "any" : "readable-runner");
			if (file?.kind === "config") registrations.push(inDirectoryOf(path, ".runner"));
			if (file?.kind === "unit") await this.readDropIns(path);
		}
		for (const registration of registrations) await this.read(registration, false);
		if (found() === before)
			this.files.push({ kind: "other", path: folder, what: "a directory without a configuration" });
	}

	private full(path: string): string {
		return path.startsWith("/") ? path : `${this.directory}/${path}`;
	}

	/** Reads what is where runners keep their files, and what the units there refer to. */
	async search(): Promise<void> {
		const places = placesOf(this.host);
		for (const path of places.units) {
			const unit = await this.read(path, false);
			if (unit?.kind !== "unit") continue;
			await this.readDropIns(path);
			const config = configPathOf(unit);
			if (config) await this.read(config, true);
			if (unit.machine?.registration?.found === "yes") await this.read(unit.machine.registration.path, false);
		}
		for (const path of [...places.configs, ...places.registrations]) {
			const file = await this.read(path, false);
			if (file?.kind === "config") await this.read(inDirectoryOf(path, ".runner"), false);
		}
	}

	/**
	 * @param wanted Its absence must be reported.
	 * @param which `runner`: it counts only if its content is a runner's. `readable-runner`: and only if it can be read, because nobody named it.
	 */
	private async read(path: string, wanted: boolean, which: Which = "any"): Promise<SourceFile | undefined> {
		const { host } = this;
		const full = this.full(path);
		const real = await host.realPath(full);
		const key = real.kind === "ok" ? real.value : full;
		if (this.seen.has(key)) return undefined;
		this.seen.add(key);
		const content = await this.contentOf(full);
		if (which === "readable-runner" && content.kind !== "ok") return undefined;
		if (content.kind === "refused") return this.keep({ kind: "unreadable", path, code: "EUNTRUSTED" }, true);
		if (content.kind === "absent") return this.keep({ kind: "absent", path }, wanted);
		if (content.kind === "unreadable") return this.keep({ kind: "unreadable", path, code: content.code }, true);
		const text = content.value.replace(/^\ufeff/, "");
		const status = await host.stat(full);
		// `lint <(command)` reads a FIFO, and that is fine if it gives something.
		if (text === "" && status.kind !== "file")
			return this.keep({ kind: "other", path, what: emptyThings[status.kind] ?? "empty" }, true);
		const type = typeOf(path, text);
		if (which !== "any" && !isOfRunner(path, type, text)) return undefined;
		this.texts.set(path, text);
		switch (type) {
			case "workflow":
				this.workflows.push(path);
				return undefined;
			case "registration":
				return this.keep(await readRegistration(host, path, key, text, status), true);
			case "unit": {
				if (text.length > maxYamlSize) return this.keep({ kind: "unreadable", path, code: "EFBIG" }, true);
				const template = templateInUnit(text);
				if (template) return this.keep({ kind: "template", path, ...template }, true);
				return this.keep(await readUnit(host, path, text), true);
			}
			case "config": {
				const file = await readConfig(host, path, text, status);
				if (file.kind !== "foreign" || file.what !== composeFile) return this.keep(file, true);
				return (await this.readCompose(path, text, which !== "any")) || which !== "any"
					? undefined
					: this.keep(file, true);
			}
		}
	}

	/** A compose file with what belongs to it. @returns false if it runs no runner. */
	private async readCompose(path: string, text: string, onlyRunner: boolean): Promise<boolean> {
		const read = async (other: string): Promise<string | undefined> => {
			const content = await this.contentOf(this.full(other));
			const found = content.kind === "ok" && content.value.length <= maxYamlSize ? content.value : undefined;
			if (found !== undefined && !this.texts.has(other)) this.texts.set(other, found);
			return found;
		};
		const file = await readComposeFile(path, text, read, this.directory);
		if (file === undefined || (file.problem && onlyRunner)) return false;
		this.composes.push(file);
		return true;
	}

	/** In a terminal, somebody named the file with their own hands. In a job, it may be the workspace's. */
	private async contentOf(full: string): Promise<InsideOutcome> {
		const isMine = systemOfJob(this.host.env) === "none";
		const read = (encoding: "utf8" | "latin1"): Promise<InsideOutcome> =>
			isMine
				? this.host.readText(full, maxYamlSize + 1, encoding)
				: readPerhapsInside(this.host, this.directory, full, maxYamlSize + 1, encoding);
		const content = await read("utf8");
		// A byte order mark of UTF-16 is not UTF-8. The runner reads such files as well.
		if (content.kind !== "ok" || !content.value.startsWith("\ufffd\ufffd")) return content;
		const bytes = await read("latin1");
		return { kind: "ok", value: (bytes.kind === "ok" && fromUtf16(bytes.value)) || content.value };
	}

	private async readDropIns(path: string): Promise<void> {
		const names = await this.host.list(`${this.full(path)}.d`);
		if (names.kind === "unreadable") this.files.push({ kind: "unreadable", path: `${path}.d`, code: names.code });
		for (const name of names.kind === "ok" ? [...names.value].sort() : []) {
			if (name.endsWith(".conf")) await this.read(`${path}.d/${name}`, false);
		}
	}

	private keep(file: SourceFile, wanted: boolean): SourceFile {
		if (wanted) this.files.push(file);
		return file;
	}
}

/** Files of a directory that may be a runner's. */
const readable = /^\.runner$|\.service$|\.ya?ml$/i;
/** Their usual names. */
const usual = /^config\.ya?ml$|^\.runner$/;

/** A drop-in need not say what the service starts. */
const runnersDropIn = /(?:act|gitea|forgejo)[-_]runner[^/]*\.service\.d\//;

/** Is a file that nobody named a configuration or the service of a runner, by its content? */
function isOfRunner(path: string, type: FileType, text: string): boolean {
	switch (type) {
		case "unit":
			if (runnersDropIn.test(path)) return true;
			return parseUnit(text).settings.some(({ name, value }) => name === "ExecStart" && isRunner(value));
		case "config": {
			const parsed = parseYaml(text);
			if (parsed.kind === "ok") return isConfiguration(parsed.root) || otherKind(parsed.root) === composeFile;
			// Of what cannot be read, the sections tell.
			const sections = text.match(/^(?:log|runner|cache|container|host|metrics|health_check):\s*$/gm) ?? [];
			return new Set(sections).size > 1;
		}
		case "workflow":
			// Those in `.github` may be for GitHub's own runners.
			return /(?:^|\/)\.(?:gitea|forgejo)\/workflows\//.test(path);
		case "registration":
			return true;
	}
}

/** A text with one character for each byte, after the mark of UTF-16. */
function fromUtf16(bytes: string): string | undefined {
	const order = bytes.startsWith("\xff\xfe") ? "utf-16le" : bytes.startsWith("\xfe\xff") ? "utf-16be" : undefined;
	return order && new TextDecoder(order).decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}

/** What a file is that is not a regular one and gave nothing. */
const emptyThings: Readonly<Record<string, string>> = {
	other: "a FIFO that nothing was read from",
	device: "a device that nothing was read from",
};

function inDirectoryOf(path: string, name: string): string {
	const directory = directoryOf(path);
	return path.includes("/") ? `${directory === "/" ? "" : directory}/${name}` : name;
}

async function readConfig(host: Host, path: string, text: string, status: FileOutcome): Promise<SourceFile> {
	const mode = modeOf(status);
	const certain = certainKind(text);
	if (certain !== undefined) return { kind: "foreign", path, what: certain };
	const parsed = parseYaml(text);
	const other = parsed.kind === "ok" ? otherKind(parsed.root) : undefined;
	// Compose and Ansible fill in their own placeholders.
	if (other === composeFile || (other && parsed.kind === "ok" && parsed.root?.kind === "list")) {
		return { kind: "foreign", path, what: other };
	}
	if (parsed.kind === "broken" || parsed.root?.kind === "scalar") {
		const what = textKind(path, text);
		if (what !== undefined) return { kind: "foreign", path, what };
	}
	const template = templateIn(text);
	if (template) return { kind: "template", path, ...template };
	if (parsed.kind === "broken") {
		return { kind: "config", path, system: systemOf(path, undefined, text), problem: parsed.problem, mode };
	}
	if (other) return { kind: "foreign", path, what: other };
	const system = systemOf(path, parsed.root, text);
	const file: ConfigFile = { kind: "config", path, system, mode };
	if (!parsed.root) return file;
	const registration = await registrationOf(host, parsed.root);
	return { ...file, root: maskTree(parsed.root, system), ...(registration && { registration }) };
}

/** `runner.file`, if it is an absolute path in a directory of this machine. */
async function registrationOf(host: Host, root: Tree): Promise<ConfigFile["registration"]> {
	const path = scalarAt(root, "runner", "file")?.text;
	if (!path?.startsWith("/")) return undefined;
	return registrationAt(host, path);
}

async function readRegistration(
	host: Host,
	path: string,
	realPath: string,
	text: string,
	status: FileOutcome,
): Promise<SourceFile> {
	const readableByAll = await isReadableByAll(host, realPath, status);
	const mode = modeOf(status);
	const file: RegistrationFile = { kind: "registration", path, labels: [], readableByAll, mode };
	const parsed = parseYaml(text);
	if (parsed.kind === "broken") return { ...file, problem: parsed.problem };
	if (!isJson(text) || parsed.root?.kind !== "map") {
		return { ...file, problem: { line: 1, column: 1, message: "it is not the JSON that the runner writes" } };
	}
	if (entryOf(parsed.root, "agentId")) return { kind: "foreign", path, what: "a registration of GitHub's runner" };
	const labels = entryOf(parsed.root, "labels")?.value;
	const items = labels?.kind === "list" ? labels.items : [];
	const texts = items.filter((item): item is Scalar => item.kind === "scalar");
	return { ...file, labels: texts.map((label) => ({ ...label, text: maskText(label.text).slice(0, 4096) })) };
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

async function readUnit(host: Host, path: string, text: string): Promise<UnitFile> {
	const folder = directoryOf(path);
	const dropIn = folder.endsWith(".d");
	const unit = dropIn ? nameOf(folder).slice(0, -2) : nameOf(path);
	const parsed = parseUnit(text);
	const machine = await lookAround(host, parsed.settings);
	return {
		kind: "unit",
		path,
		unit,
		dropIn,
		ofUser: /\/systemd\/user\//.test(path) || isForUser(parsed.settings),
		settings: parsed.settings,
		ignored: parsed.ignored,
		...(parsed.brokenHeader && { brokenHeader: parsed.brokenHeader }),
		...(machine && { machine }),
	};
}

/** Is the unit made for the manager of a user, wherever it lies now? Only that one has nothing but `default.target` at a start. */
function isForUser(settings: UnitFile["settings"]): boolean {
	const values = (name: string): readonly string[] =>
		settings.filter((setting) => setting.name === name).map(({ value }) => value);
	return values("WantedBy").join() === "default.target" && values("User").length === 0;
}

function modeOf(status: FileOutcome): number {
	return "mode" in status ? status.mode & 0o7777 : 0;
}

async function isReadableByAll(host: Host, realPath: string, status: FileOutcome): Promise<boolean> {
	if (!("mode" in status) || (status.mode & 0o004) === 0) return false;
	return isOpenToAll(host, realPath);
}

/** The path after `--config` or `-c` of the unit's command. */
function configPathOf(unit: Pick<UnitFile, "settings">): string | undefined {
	for (const setting of unit.settings) {
		if (setting.name !== "ExecStart") continue;
		const match = /(?:^|\s)(?:--config|-c)(?:\s+|=)("?)([^"\s]+)\1/.exec(setting.value);
		if (match) return match[2];
	}
	return undefined;
}

/** The version of the runner that reads these files: from the caller, the job's environment, or the runner on the PATH. */
async function versionOf(
	host: Host,
	{ runnerVersion }: Sources,
	files: readonly SourceFile[],
	signal: AbortSignal,
): Promise<RunnerConfigFacts["runnerVersion"]> {
	if (runnerVersion) return { text: runnerVersion, source: "--runner-version" };
	if (files.every((file) => file.kind !== "config" || file.system === "forgejo")) return undefined;
	const { env } = host;
	const ofJob = env.GITEA_ACTIONS_RUNNER_VERSION;
	if (ofJob && !env.FORGEJO_ACTIONS && !env.FORGEJO_ACTIONS_RUNNER_VERSION) {
		return { text: ofJob.slice(0, 100), source: "GITEA_ACTIONS_RUNNER_VERSION" };
	}
	// Never run the program that a linted unit names: the file may be untrusted.
	const outcomes = await Promise.all(
		["gitea-runner", "act_runner"].map(async (program) => ({
			program,
			outcome: await host.run([program, "--version"], { signal }),
		})),
	);
	for (const { program, outcome } of outcomes) {
		const version = /\bversion\s+(v?\d+\.\d+\.\d+\S*)/.exec(outcome.stdout)?.[1];
		if (outcome.kind === "exited" && version) return { text: version.slice(0, 100), source: `${program} --version` };
	}
	return undefined;
}
