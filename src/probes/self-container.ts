import type { Host } from "../host/host.ts";
import { type ContainerFacts, containerProbe } from "./container.ts";
import { within } from "./deadline.ts";
import { bounded, dockerEndpointProbe, type EndpointFacts, objectOf } from "./docker-endpoint.ts";
import { askEngine, type EngineAnswer } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";

/** This job's container as the daemon describes it: what the runner really did with its configuration. */
export interface SelfContainerFacts {
	/** `none`: on the host, or no engine to ask; `unknown`: the engine does not know this container. */
	readonly state: "found" | "none" | "unknown";
	/**
	 * Why it was not found. `other-engine`: the engine that answers does not run this container (Docker-in-Docker, a remote
	 * daemon); `forbidden`: a proxy in front of the engine denies it; `engine-error`: it failed to answer.
	 */
	readonly why?: "on-host" | "no-engine" | "other-engine" | "forbidden" | "engine-error";
	/** What it answered when it failed. */
	readonly detail?: string;
	readonly id?: string;
	/** Image as requested, and its id, digests and tags. */
	readonly image?: string;
	readonly imageId?: string;
	readonly imageDigests?: readonly string[];
	/** Every current name of the image. Absent, like digests and date, if the engine did not tell. */
	readonly imageTags?: readonly string[];
	/** ISO 8601. */
	readonly imageCreated?: string;
	readonly imageLabels?: Readonly<Record<string, string>>;
	readonly user?: string;
	readonly privileged?: boolean;
	readonly binds?: readonly string[];
	readonly mounts?: readonly SelfMount[];
	readonly groups?: readonly string[];
	readonly runtime?: string;
	/** Driver, count and capabilities of each device request (`--gpus all`). */
	readonly deviceRequests?: readonly {
		readonly driver: string;
		readonly count: number;
		readonly deviceIds: readonly string[];
		readonly capabilities: readonly string[];
	}[];
	/** The only variables that are kept: NVIDIA_VISIBLE_DEVICES and NVIDIA_DRIVER_CAPABILITIES, which control the GPU. */
	readonly nvidiaEnv?: Readonly<Record<string, string>>;
}

export interface SelfMount {
	/** `bind`, `volume`, `tmpfs`, … */
	readonly type: string;
	/** Path on the daemon's host. */
	readonly source: string;
	/** Path in this container. */
	readonly target: string;
	readonly writable: boolean;
	/** Name of the volume. */
	readonly name?: string;
}

/** Names of a container: from the runner, the cgroup, a mount, and the hostname. */
const maxNames = 4;
/** Docker needs a millisecond. Podman was seen to sum up the size of the whole image first, for seconds. */
const imageBudgetMs = 1500;

/**
 * Source: `GET /containers/{name}/json`, then `GET /images/{id}/json`. It waits only for the endpoint, so it costs one round trip
 * more than `/version`, which is asked at the same time. If the kernel tells the id (cgroup, mounts), only that is asked for.
 * Otherwise, every name that this container may have is asked for at once, since a wrong first one would cost another round trip.
 * Values of the environment are never kept, except for the two that control the GPU.
 */
export const selfContainerProbe: Probe<SelfContainerFacts> = {
	name: "self-container",
	async collect(host: Host, _request, signal: AbortSignal, ask: Ask): Promise<SelfContainerFacts> {
		const [container, { endpoint }] = await Promise.all([ask(containerProbe), ask(dockerEndpointProbe)]);
		return inspectSelf(host, container, endpoint, signal);
	},
};

/** Asks the daemon at `endpoint` about the container that this process runs in. */
export async function inspectSelf(
	host: Host,
	{ mode, names }: ContainerFacts,
	endpoint: EndpointFacts["endpoint"],
	signal: AbortSignal,
): Promise<SelfContainerFacts> {
	if (mode === "host" || names.length === 0) return { state: "none", why: "on-host" };
	const inspect = (wanted: readonly string[]): Promise<EngineAnswer<unknown>[]> =>
		Promise.all(
			wanted
				.slice(0, maxNames)
				.map((name) => askEngine(host, endpoint, `/containers/${encodeURIComponent(name)}/json`, signal)),
		);
	const ids = names.filter((name) => /^[0-9a-f]{64}$/.test(name));
	const rest = names.filter((name) => !ids.includes(name));
	let answers = await inspect(ids.length > 0 ? ids : rest);
	let self = ourselves(answers, names, host.hostname);
	if (!self && ids.length > 0 && answers.every(isUnknownThere)) {
		answers = await inspect(rest);
		self = ourselves(answers, names, host.hostname);
	}
	if (!self) return notFound(answers);

	const imageId = textOf(self.Image);
	const image = /^[\w.:-]+$/.test(imageId)
		? await within(imageBudgetMs, signal, (limited) => askEngine(host, endpoint, `/images/${imageId}/json`, limited))
		: undefined;
	return { state: "found", ...ofContainer(self), ...ofImage(objectOf(image && jsonOf(image)), self) };
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The record of this very container. A name may be wrong (JOB_CONTAINER_NAME passed on to a nested container) or belong to a
 * container of another daemon. So the record has to match what is visible from inside: its hostname has to be ours, or if ours is
 * a container's id, its id. A hostname that is neither (`--uts host`, or changed later) proves nothing, and then an id from the
 * kernel is enough.
 */
function ourselves(
	answers: readonly EngineAnswer<unknown>[],
	names: readonly string[],
	hostname: string,
): Json | undefined {
	const records = answers.flatMap((answer): readonly Json[] => {
		const record = objectOf(jsonOf(answer));
		return record ? [record] : [];
	});
	const looksLikeId = /^[0-9a-f]{12}$/.test(hostname);
	const agrees = (record: Json): boolean => {
		const id = textOf(record.Id);
		if (hostname !== "" && textOf(objectOf(record.Config)?.Hostname) === hostname) return true;
		return looksLikeId ? id.startsWith(hostname) : names.includes(id);
	};
	return records.find((record) => objectOf(record.State)?.Running !== false && agrees(record));
}

function isUnknownThere(answer: EngineAnswer<unknown>): boolean {
	return answer.kind === "http-error" && answer.status === 404;
}

/** @throws Error if the engine did not answer in time: then nothing is known about this container. */
function notFound(answers: readonly EngineAnswer<unknown>[]): SelfContainerFacts {
	if (answers.some(({ kind }) => kind === "timed-out"))
		throw new Error("the engine did not answer in time what it knows about this container");
	const unknown = (why: SelfContainerFacts["why"], detail?: string): SelfContainerFacts => ({
		state: "unknown",
		...(why && { why }),
		...(detail !== undefined && { detail: bounded(detail, 500) }),
	});
	for (const answer of answers) {
		switch (answer.kind) {
			case "no-endpoint":
			case "failed":
				return { state: "none", why: "no-engine" };
			case "not-docker":
				return unknown("engine-error", answer.body);
			case "http-error":
				if (answer.status === 404) continue;
				if ([401, 403, 405].includes(answer.status)) return unknown("forbidden", `HTTP ${answer.status}`);
				return unknown("engine-error", `HTTP ${answer.status}: ${answer.body}`);
		}
	}
	return unknown("other-engine");
}

function ofContainer(self: Json): Partial<SelfContainerFacts> {
	const config = objectOf(self.Config);
	const hostConfig = objectOf(self.HostConfig);
	const runtime = textOf(hostConfig?.Runtime);
	return {
		id: textOf(self.Id),
		image: textOf(config?.Image),
		user: textOf(config?.User),
		privileged: hostConfig?.Privileged === true,
		binds: textsOf(hostConfig?.Binds),
		mounts: listOf(self.Mounts).flatMap(mountOf),
		groups: textsOf(hostConfig?.GroupAdd),
		...(runtime !== "" && { runtime }),
		deviceRequests: listOf(hostConfig?.DeviceRequests).flatMap((entry) => {
			const request = objectOf(entry);
			if (!request) return [];
			return {
				driver: textOf(request.Driver),
				count: typeof request.Count === "number" ? request.Count : 0,
				deviceIds: textsOf(request.DeviceIDs),
				// A list of alternatives, each a list: `[["gpu","utility"]]`.
				capabilities: listOf(request.Capabilities).flatMap((group) => textsOf(group)),
			};
		}),
		nvidiaEnv: nvidiaEnvOf(textsOf(config?.Env, 4096)),
	};
}

function mountOf(entry: unknown): SelfMount | [] {
	const mount = objectOf(entry);
	if (!mount) return [];
	const name = textOf(mount.Name);
	return {
		type: textOf(mount.Type),
		source: textOf(mount.Source),
		target: textOf(mount.Destination),
		writable: mount.RW !== false,
		...(name !== "" && { name }),
	};
}

function nvidiaEnvOf(env: readonly string[]): Readonly<Record<string, string>> {
	const entries = env.map((entry) => /^(NVIDIA_VISIBLE_DEVICES|NVIDIA_DRIVER_CAPABILITIES)=(.*)$/s.exec(entry));
	return Object.fromEntries(entries.flatMap((match) => (match?.[1] ? [[match[1], bounded(match[2] ?? "", 500)]] : [])));
}

/** Facts of the image. If the engine no longer has it, or is slow, the container still has the labels that it got from it. */
function ofImage(image: Json | undefined, self: Json): Partial<SelfContainerFacts> {
	const created = textOf(image?.Created);
	const labels = objectOf(objectOf(image?.Config)?.Labels) ?? objectOf(objectOf(self.Config)?.Labels);
	return {
		imageId: textOf(self.Image),
		...(image && { imageDigests: textsOf(image.RepoDigests), imageTags: textsOf(image.RepoTags) }),
		...(created !== "" && { imageCreated: created }),
		imageLabels: Object.fromEntries(
			Object.entries(labels ?? {})
				.filter(([name]) => isToldLabel(name))
				.slice(0, 50)
				.map(([name, value]) => [name, textOf(value)]),
		),
	};
}

/** Labels that describe the contents of the image. Others can contain anything. */
function isToldLabel(name: string): boolean {
	return /^matric\.builder\.[\w.-]{1,80}$|^org\.opencontainers\.image\.(?:version|revision|created|title)$/.test(name);
}

function jsonOf(answer: EngineAnswer<unknown>): unknown {
	return answer.kind === "ok" ? answer.value : undefined;
}

function textOf(value: unknown, length = 500): string {
	return typeof value === "string" ? bounded(value, length) : "";
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value.slice(0, 200) : [];
}

function textsOf(value: unknown, length?: number): readonly string[] {
	return listOf(value).flatMap((entry) => (typeof entry === "string" ? bounded(entry, length ?? 500) : []));
}
