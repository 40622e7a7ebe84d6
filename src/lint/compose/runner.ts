import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { type FoundImage, runnerImageOf, type VariableRole, variableFor } from "../../knowledge/runner-images.ts";
import { findVersion } from "../../versions.ts";
import { joined, nameOf } from "../paths.ts";
import { scalarAt, type Tree } from "../read/tree.ts";
import { parseYaml } from "../read/yaml-tree.ts";
import { otherKind } from "../recognize/look-alikes.ts";
import { maskTree } from "../secrets/mask.ts";
import type { ComposeProject, Mount, Service, Variable } from "./model.ts";
import type { ReadText } from "./project.ts";

/** A service that runs a runner's daemon, with what it is given. */
export interface RunnerService {
	readonly project: ComposeProject;
	readonly service: Service;
	readonly system: RunnerSystem;
	/** The image, if it is a known one that starts as it was made: without an entrypoint of the file's own. */
	readonly image?: FoundImage;
	/** Release of the runner, by the image's tag. */
	readonly version?: string;
	readonly config: RunnerConfig;
	/** The configuration that it reads when `compose/config` is content: what is mounted is used. */
	readonly intended: RunnerConfig;
	/** Nothing starts the daemon, so nothing else of the service matters yet. */
	readonly idle: boolean;
	/** Files among its mounts that are configurations of a runner: by their content, or by their name if nobody can look. */
	readonly configMounts: readonly ConfigMount[];
}

interface ConfigMount {
	readonly mount: Mount;
	/** Its path in the container. */
	readonly path: string;
	/** Its path here and what is in it; `undefined`: nobody can look. */
	readonly found?: { readonly file: string; readonly root: Tree | undefined };
}

/** The configuration that the daemon reads. */
type RunnerConfig =
	/** None: everything is as delivered. */
	| { readonly kind: "none" }
	/** `root`: what is in it; `undefined` for an empty file. `file`: its path here. */
	| { readonly kind: "read"; readonly path: string; readonly file: string; readonly root: Tree | undefined }
	/** It is told of one, and what is in it is unknown here. `mounted: false`: no mount has it. */
	| { readonly kind: "unread"; readonly path: string; readonly mounted: boolean };

const program = /(?:^|[/\s;&|('"])(?:gitea|act|forgejo)[-_]runner(?=$|[\s;&|)'"])/;
/** Commands of the runner's program that end by themselves. */
const task =
	/runner["']?\s+(?:-\S+\s+\S+\s+)*(?:register|create-runner-file|generate-config|config|cache-server|exec)\b/;

/** The services of a project that run a runner's daemon. */
export async function runnersOf(project: ComposeProject, read: ReadText): Promise<readonly RunnerService[]> {
	const runners = await Promise.all(project.services.map((service) => runnerOf(project, service, read)));
	return runners.filter((runner) => runner !== undefined);
}

/** Everything that a service starts, as one text. */
export function startText({ entrypoint, command }: Service): string {
	return [...(entrypoint?.words ?? []), ...(command?.words ?? [])].join(" ");
}

async function runnerOf(project: ComposeProject, service: Service, read: ReadText): Promise<RunnerService | undefined> {
	// A tag that is not known here leaves the name.
	const known = service.image && runnerImageOf(service.image.text);
	const start = startText(service);
	const isDaemon = /\b(?:daemon|one-job)\b/.test(start);
	if (mustEnd(project, service) && !isDaemon) return undefined;
	// The image that drops its command starts the daemon anyway.
	if (task.test(start) && !isDaemon && known?.image.command !== "ignored") return undefined;
	const hasVariables = service.environment.has("GITEA_INSTANCE_URL") && service.environment.size > 1;
	const isRunner =
		known !== undefined ||
		(program.test(start) && isDaemon) ||
		(hasVariables && (namesRunner(service) || registers(service))) ||
		ownImage.test(service.image?.text ?? "");
	if (!isRunner) return undefined;
	const image = known && (service.entrypoint === undefined || service.entrypoint.empty) ? known : undefined;
	const names = `${start} ${service.image?.text ?? ""}`;
	const system = known?.image.system ?? (/forgejo[-_]runner/.test(names) ? "forgejo" : "gitea");
	const tag = /:v?(\d+\.\d+\.\d+)/.exec(service.image?.text.split("@")[0] ?? "")?.[1];
	const version =
		tag !== undefined && findVersion(tag) && known?.image.names[0] !== "vegardit/gitea-act-runner" ? tag : undefined;
	const config = await configOf(project, service, configPath(service, image, start), system, read);
	const configMounts = await configMountsOf(service, system, read);
	return {
		project,
		service,
		system,
		...(image && { image }),
		...(version !== undefined && { version }),
		config,
		intended: config.kind === "none" ? intended(configMounts) : config,
		idle: image?.image.command === "required" && startsNothing(service),
		configMounts,
	};
}

/** Does another service wait until this one is done? A daemon never is, so this only prepares something in the runner's image. */
function mustEnd({ services }: ComposeProject, { name }: Service): boolean {
	return services.some(({ dependsOn }) =>
		dependsOn.some(({ service, condition }) => service === name && condition === "service_completed_successfully"),
	);
}

/** No command, only the program, or a command of the program without it. */
function startsNothing({ command, entrypoint }: Service): boolean {
	if (entrypoint && !entrypoint.empty) return false;
	const [first = "", ...more] = command?.words ?? [];
	if (/^(?:daemon|one-job|register|-.*|)$/.test(first)) return true;
	return more.length === 0 && /(?:^|\/)forgejo-runner$/.test(first);
}

function intended([mounted]: readonly ConfigMount[]): RunnerConfig {
	if (!mounted) return { kind: "none" };
	const { path, found } = mounted;
	return found ? { kind: "read", path, ...found } : { kind: "unread", path, mounted: true };
}

/** An image of one's own: is it a runner by the names of image and service? */
function namesRunner({ name, image }: Service): boolean {
	const word = /(?:act|gitea|forgejo)[-_]?runner/;
	return word.test(image?.text ?? "") || (word.test(name) && !/gitea\/gitea|forgejo\/forgejo/.test(image?.text ?? ""));
}

/** An image that somebody made of a runner and named after it; what it starts is unknown. */
const ownImage = /(?:^|\/)(?:gitea[-_]act|act|gitea|forgejo)[-_]runner(?:[:@]|$)/;

/** Is the service given what a runner registers with? The forge itself has the token only. */
function registers({ environment }: Service): boolean {
	return ["GITEA_RUNNER_REGISTRATION_TOKEN", "GITEA_RUNNER_REGISTRATION_TOKEN_FILE"].some((name) =>
		environment.has(name),
	);
}

/** The path in the container of the configuration that the daemon is told of; `open`: it has one that cannot be told. */
function configPath(service: Service, image: FoundImage | undefined, start: string): string | "open" | undefined {
	const name = image ? image.image.config.variable : "CONFIG_FILE";
	const variable = name === undefined ? undefined : service.environment.get(name);
	if (variable?.filled) return variable.unset.length > 0 ? "open" : absolute(variable.text);
	if (variable && (variable.passed || variable.unset.length > 0)) return "open";
	// The image of Gitea's runner drops its command.
	if (image?.image.command === "ignored") return service.openEnvironment ? "open" : undefined;
	// `sh -c` has a flag of the same name.
	const flags = [...start.matchAll(/(?:^|\s)(?:--config|-c)(?:\s+|=)["']?([^\s"';]+)/g)].map((match) => match[1] ?? "");
	const flag = flags.find((value) => /^[\w./-]+\.(?:ya?ml|conf)$|^\//.test(value));
	if (flag !== undefined) return absolute(flag);
	if (image?.image.config.flag === undefined && !image) return "open";
	return service.openEnvironment && name !== undefined ? "open" : undefined;
}

function absolute(path: string): string {
	return path.startsWith("/") ? path : joined("/data", path);
}

async function configOf(
	project: ComposeProject,
	service: Service,
	path: string | "open" | undefined,
	system: RunnerSystem,
	read: ReadText,
): Promise<RunnerConfig> {
	if (path === undefined) return { kind: "none" };
	if (path === "open") return { kind: "unread", path: "", mounted: true };
	const mount = mountAt(service, path);
	const placed = mount?.type === "file" ? project.files.get(mount.source) : undefined;
	const file = placed && "path" in placed ? placed.path : mount && fileOf(mount, path);
	if (placed && "text" in placed) return fromText(placed.text, path, project.path, system);
	if (file === undefined) return { kind: "unread", path, mounted: mount !== undefined };
	return fromText(await read(file), path, file, system);
}

function fromText(text: string | undefined, path: string, file: string, system: RunnerSystem): RunnerConfig {
	const parsed = text === undefined ? undefined : parseYaml(text);
	// A template becomes the configuration only in the container.
	if (parsed?.kind !== "ok" || /\$\{/.test(text ?? "")) return { kind: "unread", path, mounted: true };
	return { kind: "read", path, file, root: parsed.root && maskTree(parsed.root, system) };
}

/** The mount that a path of the container is in: the deepest one. */
export function mountAt({ mounts, placed }: Service, path: string): Mount | undefined {
	const above = [...mounts, ...placed].filter(({ target }) => isIn(path, target));
	return above.sort((a, b) => b.target.length - a.target.length)[0];
}

function isIn(path: string, folder: string): boolean {
	const bare = folder.replace(/\/+$/, "");
	return path === bare || path.startsWith(`${bare}/`);
}

/** The file of this machine behind a path of the container; `undefined`: it is in a volume, or nobody can tell. */
function fileOf({ type, source, target, unset }: Mount, path: string): string | undefined {
	if (type !== "bind" || unset.length > 0 || source.startsWith("~")) return undefined;
	const rest = path.slice(target.replace(/\/+$/, "").length);
	return rest === "" ? source : joined(source, rest.slice(1));
}

const configName =
	/^(?:.*[-_.])?(?:config|act[-_]?runner|gitea[-_]?runner|forgejo[-_]?runner|runner)(?:[-_.].*)?\.ya?ml$/i;

/** Mounted configurations: single files, and a `config.yaml` in a directory that can be read here. */
async function configMountsOf(service: Service, system: RunnerSystem, read: ReadText): Promise<readonly ConfigMount[]> {
	const found: ConfigMount[] = [];
	for (const mount of [...service.mounts, ...service.placed]) {
		const isFile = /\.ya?ml$/.test(mount.target);
		const paths = isFile ? [mount.target] : ["config.yaml", "config.yml"].map((name) => joined(mount.target, name));
		for (const path of paths) {
			const file = fileOf(mount, path);
			const text = file === undefined ? undefined : await read(file);
			if (file !== undefined && text !== undefined) {
				const root = configurationIn(text);
				if (root) found.push({ mount, path, found: { file, root: maskTree(root, system) } });
			} else if (isFile && configName.test(nameOf(path))) {
				found.push({ mount, path });
			}
		}
	}
	return found;
}

function configurationIn(text: string): Tree | undefined {
	const parsed = parseYaml(text);
	if (parsed.kind !== "ok" || parsed.root?.kind !== "map" || otherKind(parsed.root)) return undefined;
	const isOne = parsed.root.entries.some(({ key }) => key === "runner" || key === "container" || key === "cache");
	return isOne ? parsed.root : undefined;
}

/** The variable of the image that has a role: its name, and what the service gives it. */
export function variableOf(
	{ image, service }: RunnerService,
	role: VariableRole,
): { readonly name: string; readonly variable: Variable | undefined } | undefined {
	const fallback: Partial<Record<VariableRole, string>> = {
		instance: "GITEA_INSTANCE_URL",
		labels: "GITEA_RUNNER_LABELS",
		token: "GITEA_RUNNER_REGISTRATION_TOKEN",
	};
	const name = image ? variableFor(image.image, role) : fallback[role];
	return name === undefined ? undefined : { name, variable: service.environment.get(name) };
}

/** The value of a variable by its role; `undefined`: there is none, or it is not known here. */
export function knownValue(runner: RunnerService, role: VariableRole): Variable | undefined {
	const variable = variableOf(runner, role)?.variable;
	return variable?.filled && variable.unset.length === 0 ? variable : undefined;
}

/** A text of the configuration, or of the variable that the image writes there; `undefined`: nobody can tell. */
export function setting(runner: RunnerService, path: readonly string[], role?: VariableRole): string | undefined {
	const { intended: config } = runner;
	if (config.kind === "unread") return undefined;
	if (config.kind === "read") return scalarAt(config.root, ...path)?.text ?? "";
	const found = role && variableOf(runner, role);
	if (!found?.variable) return found && runner.service.openEnvironment ? undefined : "";
	return found.variable.unset.length > 0 || found.variable.passed ? undefined : found.variable.text;
}

/** The names by which Docker knows the networks of the service. */
export function networkNames({ project, service }: RunnerService): readonly string[] {
	return [...service.networks.keys()].flatMap((key) => {
		const defined = project.networks.get(key);
		if (defined?.name !== undefined) return [defined.name];
		if (defined?.external) return [key];
		return project.name === undefined ? [] : [`${project.name}_${key}`];
	});
}

const socket = /^(?:\/var)?\/run\/docker\.sock$/;

/** The mount of the Docker socket. */
export function socketMount({ service }: RunnerService): Mount | undefined {
	return service.mounts.find(({ target, source }) => socket.test(target) || socket.test(source));
}

/** Where the runner's jobs run. */
export type JobPlace =
	/** In containers of the machine's own Docker daemon, next to the runner's. */
	| { readonly kind: "machine" }
	/** In containers of a daemon that is a service of the project. */
	| { readonly kind: "service"; readonly service: Service; readonly host: string; readonly port: string }
	/** In containers of a daemon in the runner's container. */
	| { readonly kind: "own" }
	| { readonly kind: "unknown" };

/** The daemon that starts the job containers. */
export function jobPlace(runner: RunnerService): JobPlace {
	const { image, service, project } = runner;
	if (image && image.variant !== "basic") return { kind: "own" };
	const configured = setting(runner, ["container", "docker_host"], "docker-host");
	const variable = service.environment.get("DOCKER_HOST");
	if (configured === undefined || (variable && (variable.unset.length > 0 || (variable.passed && !variable.filled)))) {
		return { kind: "unknown" };
	}
	const address = /^(?:-|automount|)$/.test(configured) ? (variable?.text ?? "") : configured;
	const [, scheme, host = "", port = ""] = /^(\w+):\/\/([^/:]*)(?::(\d+))?/.exec(address) ?? [];
	if (scheme === "tcp") {
		const daemon = project.services.find((one) => answersTo(one, host));
		return daemon ? { kind: "service", service: daemon, host, port } : { kind: "unknown" };
	}
	return socketMount(runner) && (scheme === undefined || scheme === "unix") ? { kind: "machine" } : { kind: "unknown" };
}

/** Is this a name of the service in its networks? */
export function answersTo({ name, hostname, containerName, networks, links }: Service, host: string): boolean {
	const aliases = [...networks.values()].flat();
	return (
		[name, hostname?.text, containerName?.text, ...aliases].includes(host) ||
		links.some(({ text }) => text.endsWith(`:${host}`))
	);
}
