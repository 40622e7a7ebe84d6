import type { Host } from "../host/host.ts";
import { containerProbe } from "./container.ts";
import { bounded, dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import { askEngine, dockerEngineProbe, type EngineAnswer } from "./docker-engine.ts";
import { dockerStorageProbe } from "./docker-storage.ts";
import type { Ask } from "./probe.ts";
import type { SpaceUser } from "./space-users.ts";

type Json = Readonly<Record<string, unknown>>;

interface Users {
	readonly users: readonly SpaceUser[];
	readonly unseen: readonly string[];
}

/** What each question is about, and how the engine calls it in its answer: before API 1.52, and since. */
const questions = [
	{ type: "image", what: "images", old: "Images", now: "ImageUsage" },
	{ type: "container", what: "containers", old: "Containers", now: "ContainerUsage" },
	{ type: "volume", what: "volumes", old: "Volumes", now: "VolumeUsage" },
	{ type: "build-cache", what: "build cache", old: "BuildCache", now: "BuildCacheUsage" },
] as const;

/** From this version on, `type` spares the engine what is not asked for. */
const typedSince = "1.42";
/** Thousands of images and records of build cache take a few megabytes. */
const maxBody = 16 * 1024 * 1024;
/** Logs of more containers than an engine runs. */
const maxLogs = 500;

/**
 * Source: `GET /system/df` of the engine, once for each kind of thing, since the engine may need minutes for the sizes of volumes and
 * containers; and the sizes of the logs, which only root on the host can see.
 */
export async function dockerUsers(host: Host, budget: number, signal: AbortSignal, ask: Ask): Promise<Users> {
	const engine = await ask(dockerEngineProbe).catch(() => undefined);
	if (engine?.version.kind !== "ok") return { users: [], unseen: [] };
	const { endpoint } = await ask(dockerEndpointProbe);
	const { mode, insideContainer } = await ask(containerProbe);
	const { root } = (await ask(dockerStorageProbe).catch(() => undefined)) ?? {};
	const isTyped = compare(engine.version.value.apiVersion, typedSince) >= 0;
	const get = (query: string) => askEngine(host, endpoint, `/system/df${query}`, signal, { maxBody });
	const [answers, logs] = await Promise.all([
		isTyped
			? Promise.all(questions.map(({ type }) => get(`?type=${type}&verbose=1`)))
			: get("").then((answer) => questions.map(() => answer)),
		mode === "host" && insideContainer === undefined && root ? logsIn(host, root.path) : [],
	]);
	const lists = questions.map(({ old, now }, at) => itemsOf(answers[at], old, now));
	const [images = [], containers = [], volumes = [], cache = []] = lists;
	const names = new Map(containers.map((one) => [String(one.Id), containerName(one)]));
	const users = [
		...images.map(imageUser),
		...sharedLayers(answers[0], images),
		...containers.map(containerUser),
		...volumes.map(volumeUser),
		...cacheUser(cache),
		...logs.map(
			({ id, bytes }): SpaceUser => ({ kind: "container-log", name: names.get(id) ?? id.slice(0, 12), bytes }),
		),
	];
	const disk = root && { diskBytes: root.totalBytes };
	return {
		users: users.map((user) => ({ ...user, ...disk })),
		unseen: questions.flatMap(({ what }, at) => whyUnseen(what, answers[at], lists[at], budget)),
	};
}

function whyUnseen(
	what: string,
	answer: EngineAnswer<unknown> | undefined,
	items: readonly Json[] | undefined,
	budget: number,
): readonly string[] {
	if (items !== undefined) return [];
	switch (answer?.kind) {
		case "timed-out":
			return [`${what}: no answer within ${budget / 1000} s`];
		case "http-error":
			return [`${what}: ${answer.status}`];
		default:
			return [`${what}: no answer`];
	}
}

function itemsOf(answer: EngineAnswer<unknown> | undefined, old: string, now: string): readonly Json[] | undefined {
	if (answer?.kind !== "ok") return undefined;
	const json = objectOf(answer.value);
	const items = json?.[old] ?? objectOf(json?.[now])?.Items;
	// An engine with nothing of a kind omits the list, or sends `null`.
	if (items === undefined || items === null) return [];
	return Array.isArray(items) ? items.map(objectOf).filter((one): one is Json => one !== undefined) : undefined;
}

/** The layers that only this image has; if the engine does not say, all of them. */
function imageUser({
	RepoTags: tags,
	Id: id,
	Size: size,
	SharedSize: shared,
	Containers: containers,
}: Json): SpaceUser {
	const tag = Array.isArray(tags)
		? tags.find((one) => typeof one === "string" && !one.startsWith("<none>"))
		: undefined;
	const name =
		typeof tag === "string"
			? bounded(tag, 200)
			: String(id)
					.replace(/^sha256:/, "")
					.slice(0, 12);
	return {
		kind: "image",
		name,
		bytes: bytesIn(size) - bytesIn(shared),
		...(containers === 0 && { unused: true as const }),
	};
}

/** What no single image frees if it is removed. */
function sharedLayers(answer: EngineAnswer<unknown> | undefined, images: readonly Json[]): readonly SpaceUser[] {
	const json = answer?.kind === "ok" ? objectOf(answer.value) : undefined;
	const all = bytesIn(json?.LayersSize ?? objectOf(json?.ImageUsage)?.TotalSize);
	const own = images.reduce((sum, image) => sum + imageUser(image).bytes, 0);
	return [{ kind: "shared-layers", name: "", bytes: Math.max(0, all - own) }];
}

function containerUser(container: Json): SpaceUser {
	const { SizeRw: size, State: state } = container;
	const isStopped = state === "exited" || state === "created" || state === "dead";
	return {
		kind: "container",
		name: containerName(container),
		bytes: bytesIn(size),
		...(isStopped && { unused: true as const }),
	};
}

function containerName({ Names: names, Id: id }: Json): string {
	const first = Array.isArray(names) ? names[0] : undefined;
	return typeof first === "string" ? bounded(first.replace(/^\//, ""), 200) : String(id).slice(0, 12);
}

/** A builder of buildx keeps its cache in a volume that is named after its first node. */
function volumeUser({ Name: name, UsageData: usage }: Json): SpaceUser {
	const { Size: size, RefCount: references } = objectOf(usage) ?? {};
	const builder = /^buildx_buildkit_(.+?)\d*_state$/.exec(String(name))?.[1];
	return {
		kind: builder === undefined ? "volume" : "builder",
		name: bounded(builder ?? String(name), 200),
		bytes: bytesIn(size),
		...(references === 0 && { unused: true as const }),
	};
}

function cacheUser(records: readonly Json[]): readonly SpaceUser[] {
	const own = records.filter(({ Shared: shared }) => shared !== true);
	const bytes = own.reduce((sum, { Size: size }) => sum + bytesIn(size), 0);
	return [{ kind: "build-cache", name: "", bytes }];
}

/** Bytes; the engine reports -1 for what it did not find out. */
function bytesIn(value: unknown): number {
	return typeof value === "number" && value > 0 ? value : 0;
}

/** The logs that Docker writes by default, with those that it has put aside (`-json.log.1`). */
async function logsIn(host: Host, root: string): Promise<readonly { readonly id: string; readonly bytes: number }[]> {
	const ids = await host.list(`${root}/containers`);
	if (ids.kind !== "ok") return [];
	return Promise.all(
		ids.value.slice(0, maxLogs).map(async (id) => {
			const names = await host.list(`${root}/containers/${id}`);
			const logs = names.kind === "ok" ? names.value.filter((name) => /-json\.log(?:\.\d+)?$/.test(name)) : [];
			const looks = await Promise.all(logs.map((name) => host.lstat(`${root}/containers/${id}/${name}`)));
			return { id, bytes: looks.reduce((sum, look) => sum + (look.kind === "file" ? look.size : 0), 0) };
		}),
	);
}

/** Versions of the API are two numbers. */
function compare(a: string, b: string): number {
	const [majorA = 0, minorA = 0] = a.split(".").map(Number);
	const [majorB = 0, minorB = 0] = b.split(".").map(Number);
	return majorA - majorB || minorA - minorB;
}
