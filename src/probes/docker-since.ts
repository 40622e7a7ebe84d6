import type { Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import type { Request } from "../request.ts";
import { type ContainerFacts, containerProbe } from "./container.ts";
import { within } from "./deadline.ts";
import { bounded, type DockerEndpoint, dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import { askEngine, type EngineAnswer, targetOf } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";

/** What the Docker daemon remembers of the time since a moment. */
export interface DockerSince {
	/** The address that was asked. */
	readonly address: string;
	readonly answer: EngineAnswer<string>;
	/** What happened. Left out if the daemon, or a proxy in front of it, does not tell. */
	readonly events?: EventsSince;
	/** When the network `bridge` was made, which is when the daemon was started, in milliseconds of Unix time. */
	readonly bridgeCreated?: number;
	/** Containers that were created since, and still exist. */
	readonly containers?: readonly ContainerSince[];
	/** This job's own container, by its id. */
	readonly self?: string;
	/** Something listens at the path of the socket, although it has no file any more: the file was removed, and the daemon lives. */
	readonly listensUnseen?: true;
}

interface EventsSince {
	/** All that it told. It remembers 256, of any time. */
	readonly count: number;
	/** Time of the oldest one, in milliseconds of Unix time. */
	readonly oldest?: number;
	/** Those that tell how something ended. */
	readonly told: readonly ToldEvent[];
}

export interface ToldEvent {
	readonly time: number;
	/** `create`, `oom`, `die`, `kill`, `reload`, `destroy`, `disconnect` */
	readonly action: string;
	readonly type: string;
	/** Of a container or a network. */
	readonly id: string;
	readonly name: string;
	readonly exitCode?: number;
	readonly signal?: number;
	/** Of `disconnect`: the container. */
	readonly container?: string;
}

export interface ContainerSince {
	readonly id: string;
	readonly name: string;
	readonly created: number;
	readonly oomKilled: boolean;
	readonly exitCode: number;
	readonly running: boolean;
	/** Limit of its memory; 0: none. */
	readonly memory: number;
}

const told = ["create", "oom", "die", "kill", "reload", "destroy", "disconnect"];
const maxTold = 100;
const maxContainers = 10;
/** A daemon that is well answers all requests within 5 ms. */
const budgetMs = 2000;

/**
 * Source: `GET /events?since=…&until=…`, `GET /networks/bridge`, `GET /containers/json?all=1`, and for each container that was created
 * since then `GET /containers/{id}/json`, all with one limit. If nothing answers: /proc/net/unix.
 * @param since Milliseconds of Unix time.
 */
export function dockerSinceProbe(since: number): Probe<DockerSince> {
	return {
		name: "docker-since",
		async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<DockerSince> {
			const [{ endpoint, address }, container] = await Promise.all([
				ask(dockerEndpointProbe),
				ask(containerProbe).catch((): undefined => undefined),
			]);
			return within(Math.min(budgetMs, request.timeoutMs), signal, async (limited) => {
				const answer = await ping(host, endpoint, limited);
				if (answer.kind === "ok")
					return { address, answer, ...(await asked(host, endpoint, container, since, limited)) };
				return { address, answer, ...(await unanswered(host, endpoint)) };
			});
		},
	};
}

/** `/_ping` answers with `OK`, which is not JSON. */
async function ping(host: Host, endpoint: DockerEndpoint, signal: AbortSignal): Promise<EngineAnswer<string>> {
	const to = targetOf(endpoint);
	if (!to) return { kind: "no-endpoint" };
	const outcome = await host.request({ to, path: "/_ping", signal, maxBody: 4096 });
	if (outcome.kind === "timed-out") return outcome;
	if (outcome.kind === "failed") return { kind: "failed", code: outcome.code, message: bounded(outcome.message, 300) };
	const { status, body } = outcome;
	return status === 200
		? { kind: "ok", value: bounded(body, 50) }
		: { kind: "http-error", status, body: bounded(body, 300) };
}

async function asked(
	host: Host,
	endpoint: DockerEndpoint,
	container: ContainerFacts | undefined,
	since: number,
	signal: AbortSignal,
): Promise<Partial<DockerSince>> {
	const get = (path: string): Promise<EngineAnswer<unknown>> => askEngine(host, endpoint, path, signal);
	const names = container?.mode === "container" ? container.names.slice(0, 2) : [];
	const [events, bridge, list, selves] = await Promise.all([
		readEvents(host, endpoint, since, signal),
		get("/networks/bridge"),
		get("/containers/json?all=1"),
		Promise.all(names.map((name) => get(`/containers/${encodeURIComponent(name)}/json`))),
	]);
	const created = bridge.kind === "ok" ? timeOf(objectOf(bridge.value)?.Created) : undefined;
	const self = selves.map((answer) => (answer.kind === "ok" ? textOf(objectOf(answer.value)?.Id) : "")).find(Boolean);
	const containers = list.kind === "ok" ? await newContainers(get, list.value, since) : undefined;
	return {
		...(events && { events }),
		...(created !== undefined && { bridgeCreated: created }),
		...(containers && { containers }),
		...(self && { self }),
	};
}

/** A line of JSON for each event. */
async function readEvents(
	host: Host,
	endpoint: DockerEndpoint,
	since: number,
	signal: AbortSignal,
): Promise<EventsSince | undefined> {
	const to = targetOf(endpoint);
	if (!to) return undefined;
	// Without `until`, the answer never ends.
	const path = `/events?since=${(since / 1000).toFixed(3)}&until=${(Date.now() / 1000).toFixed(3)}`;
	const outcome = await host.request({ to, path, signal, maxBody: 512 * 1024 });
	if (outcome.kind !== "answered" || outcome.status !== 200) return undefined;
	const lines = outcome.body.split("\n").filter((line) => line.trim() !== "");
	const all = lines.flatMap((line) => eventOf(line) ?? []);
	const oldest = all[0]?.time;
	return {
		count: all.length,
		...(oldest !== undefined && { oldest }),
		told: all.filter(({ action }) => told.includes(action)).slice(-maxTold),
	};
}

function eventOf(line: string): ToldEvent | undefined {
	const event = objectOf(jsonOf(line));
	const actor = objectOf(event?.Actor);
	const attributes = objectOf(actor?.Attributes);
	const nanoseconds = event?.timeNano;
	if (!event || typeof event.Action !== "string" || typeof nanoseconds !== "number") return undefined;
	const exitCode = numberOf(attributes?.exitCode);
	const signal = numberOf(attributes?.signal);
	const container = textOf(attributes?.container);
	return {
		time: Math.round(nanoseconds / 1e6),
		action: bounded(event.Action, 50),
		type: bounded(textOf(event.Type), 50),
		id: bounded(textOf(actor?.ID), 100),
		name: bounded(textOf(attributes?.name), 200),
		...(exitCode !== undefined && { exitCode }),
		...(signal !== undefined && { signal }),
		...(container !== "" && { container: bounded(container, 100) }),
	};
}

async function newContainers(
	get: (path: string) => Promise<EngineAnswer<unknown>>,
	list: unknown,
	since: number,
): Promise<readonly ContainerSince[]> {
	const ids = (Array.isArray(list) ? list : []).slice(0, 1000).flatMap((entry: unknown) => {
		const record = objectOf(entry);
		const created = typeof record?.Created === "number" ? (record.Created + 1) * 1000 : 0;
		const id = textOf(record?.Id);
		return created >= since && /^[\da-f]{12,64}$/.test(id) ? [id] : [];
	});
	const answers = await Promise.all(ids.slice(0, maxContainers).map((id) => get(`/containers/${id}/json`)));
	return answers.flatMap((answer): readonly ContainerSince[] => {
		const record = answer.kind === "ok" ? objectOf(answer.value) : undefined;
		const created = timeOf(record?.Created);
		const state = objectOf(record?.State);
		if (!record || !state || created === undefined || created < since) return [];
		const memory = objectOf(record.HostConfig)?.Memory;
		return [
			{
				id: bounded(textOf(record.Id), 100),
				name: bounded(textOf(record.Name).replace(/^\//, ""), 200),
				created,
				oomKilled: state.OOMKilled === true,
				exitCode: typeof state.ExitCode === "number" ? state.ExitCode : 0,
				running: state.Running === true,
				memory: typeof memory === "number" ? memory : 0,
			},
		];
	});
}

/** Was only the socket's file removed? A job container does not see the sockets of its host. */
async function unanswered(host: Host, endpoint: DockerEndpoint): Promise<Partial<DockerSince>> {
	if (endpoint.kind !== "unix" || host.platform !== "linux") return {};
	const [look, unix] = await Promise.all([
		host.lstat(endpoint.path).catch(() => undefined),
		host.readText("/proc/net/unix", 1024 * 1024),
	]);
	const listens = unix.kind === "ok" && isListening(unix.value, endpoint.path);
	return look?.kind === "absent" && listens ? { listensUnseen: true } : {};
}

/** `…: 00000002 00000000 00010000 0001 01 12345 /run/docker.sock`; the flag says that it listens. */
function isListening(text: string, path: string): boolean {
	const short = (name: string): string => name.replace(/^\/var\/run\//, "/run/");
	return text.split("\n").some((line) => {
		const [, , , flags, , , , name] = line.trim().split(/\s+/);
		return flags === "00010000" && name !== undefined && short(name) === short(path);
	});
}

function timeOf(value: unknown): number | undefined {
	const time = Date.parse(textOf(value));
	return Number.isFinite(time) ? time : undefined;
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number | undefined {
	return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
