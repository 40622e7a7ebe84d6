import { now } from "../clock.ts";
import type { Host, PlacedFile } from "../host/host.ts";
import type { Request } from "../request.ts";
import { afterAbort, within } from "./deadline.ts";
import { dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import type { Ask, Probe } from "./probe.ts";
import { Engine, type Reply, removeContainer } from "./smoke-engine.ts";
import { smokeImageProbe } from "./smoke-image.ts";

/** What a container saw that was started only to find out. */
export interface SmokeFacts {
	/** The workspace without links, as a job would name it in `docker run -v`. */
	readonly workspace: string;
	readonly outcome: SmokeOutcome;
	/** Name of the container, if it could not be removed. */
	readonly leftBehind?: string;
}

export type SmokeOutcome =
	/** The input `smoke` is not set: nothing was started. */
	| { readonly kind: "not-asked" }
	/** It started and saw the file. */
	| { readonly kind: "seen"; readonly image: string }
	/** It started, or would have, but the engine mounts another directory than the workspace, or finds none. */
	| { readonly kind: "not-seen"; readonly image: string; readonly message: string }
	/** The engine accepted the request, but could not start it. */
	| { readonly kind: "not-started"; readonly image: string; readonly message: string }
	/** No image exists locally, and none is pulled. */
	| { readonly kind: "no-image" }
	/** The file could not be put into the workspace. */
	| { readonly kind: "no-file"; readonly code: string }
	/** The engine, or a proxy in front of it, denies it. */
	| { readonly kind: "forbidden"; readonly message: string }
	| { readonly kind: "no-answer"; readonly message: string };

/** How long after its deadline a probe may still report. */
const lateMs = 300;
/** How long the engine may take to say that it has created a container, once nobody wants it any more. */
const createdMs = 2000;
/** Path of the workspace in the started container. */
const target = "/runner-check";

/**
 * Starts a container from a local image, the job's own or the smallest, with the workspace mounted as `docker run -v "$PWD:/src"`
 * would, and lets it read a file that was put there. Only if the input asks for it, and never with a pull. The container is always
 * removed, also after a signal: the last fifth of the probe's time is reserved for that, and a container that could not be removed is named.
 *
 * It uses a mount of type `bind`, not an entry of `Binds`: if the source does not exist, the engine refuses the former, but for the
 * latter creates an empty directory of root's on its host.
 */
export const smokeProbe: Probe<SmokeFacts> = {
	name: "smoke",
	async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<SmokeFacts> {
		const real = await host.realPath(request.workspace);
		const workspace = real.kind === "ok" ? real.value : request.workspace;
		if (!request.policy.smoke?.parts.includes("docker")) return { workspace, outcome: { kind: "not-asked" } };

		const { endpoint } = await ask(dockerEndpointProbe);
		const engine = new Engine(host, endpoint, now() + request.timeoutMs + lateMs);
		return within(request.timeoutMs * 0.8, signal, async (limited) => {
			const image = await ask(smokeImageProbe);
			if (image.kind !== "found") return { workspace, outcome: image };
			const file = await host.placeFile(workspace);
			if (file.kind !== "ok") {
				return { workspace, outcome: { kind: "no-file", code: file.kind === "absent" ? "ENOENT" : file.code } };
			}
			try {
				return { workspace, ...(await tryIt(engine, image.name, workspace, file.value, limited)) };
			} finally {
				await file.value.remove();
			}
		});
	},
};

async function tryIt(
	engine: Engine,
	image: string,
	workspace: string,
	file: PlacedFile,
	signal: AbortSignal,
): Promise<Pick<SmokeFacts, "outcome" | "leftBehind">> {
	if (signal.aborted) return { outcome: { kind: "no-answer", message: "no time was left" } };
	const name = `runner-check-smoke${file.name.replace(/^\.runner-check/, "")}`;
	const wanted = {
		Image: image,
		Entrypoint: ["cat"],
		Cmd: [`${target}/${file.name}`],
		// A directory of the workspace may be closed to all but its owner and root.
		User: "0:0",
		Labels: { "runner-check": "smoke" },
		HostConfig: {
			Mounts: [{ Type: "bind", Source: workspace, Target: target, ReadOnly: true }],
			NetworkMode: "none",
		},
	};
	// The engine carries out what it was asked for, even if nobody waits for the answer.
	const patience = () => Math.min(createdMs, engine.leftMs / 2);
	const created = await afterAbort(patience, signal, (patient) =>
		engine.order("POST", `/containers/create?name=${name}`, patient, wanted),
	);
	if (!created.ok && created.status !== undefined) return { outcome: notCreated(created, image, workspace) };
	// Without an answer, it may have been created all the same, or may still be. Its name finds and removes it.
	const outcome: SmokeOutcome = created.ok
		? await start(engine, image, workspace, name, file, signal)
		: { kind: "no-answer", message: created.message };
	// Side by side: an engine that does not answer must not keep the file there.
	const [isRemoved] = await Promise.all([removeContainer(engine, name, created.ok), file.remove()]);
	return isRemoved ? { outcome } : { outcome, leftBehind: name };
}

function notCreated(reply: Extract<Reply, { ok: false }>, image: string, workspace: string): SmokeOutcome {
	const { status, message } = reply;
	if (status === 401 || status === 403) return { kind: "forbidden", message };
	if (saysThatSourceIsMissing(message, workspace)) return { kind: "not-seen", image, message };
	return { kind: "not-started", image, message };
}

/** Docker names the path in `bind source path does not exist: …`; Podman in `statfs …: no such file or directory`. */
function saysThatSourceIsMissing(message: string, workspace: string): boolean {
	return (
		message.includes(workspace) && /does not exist|no such file or directory|not shared|mounts denied/i.test(message)
	);
}

async function start(
	engine: Engine,
	image: string,
	workspace: string,
	name: string,
	file: PlacedFile,
	signal: AbortSignal,
): Promise<SmokeOutcome> {
	const started = await engine.order("POST", `/containers/${name}/start`, signal);
	if (!started.ok) {
		const { message, status } = started;
		if (status === undefined) return { kind: "no-answer", message };
		if (status === 401 || status === 403) return { kind: "forbidden", message };
		if (saysThatSourceIsMissing(message, workspace)) return { kind: "not-seen", image, message };
		// The runtime looked for `cat`, which this image does not have, so it can start containers.
		if (
			!/executable file not found|no such file or directory.*\bcat\b|\bcat\b.*no such file or directory/i.test(message)
		) {
			return { kind: "not-started", image, message };
		}
		return look(engine, image, name, file, signal);
	}
	const waited = await engine.order("POST", `/containers/${name}/wait`, signal);
	if (!waited.ok) return { kind: "no-answer", message: waited.message };
	const code = objectOf(waited.body)?.StatusCode;
	if (code === 0) return { kind: "seen", image };
	// 126 and 127: `cat` itself could not be run.
	if (code === 126 || code === 127) return look(engine, image, name, file, signal);
	return { kind: "not-seen", image, message: `\`cat ${target}/…\` in the container ended with exit code ${code}` };
}

/** Asks the engine for the file at that path of the container, if the image has no program that could look. */
async function look(
	engine: Engine,
	image: string,
	name: string,
	file: PlacedFile,
	signal: AbortSignal,
): Promise<SmokeOutcome> {
	const path = encodeURIComponent(`${target}/${file.name}`);
	const found = await engine.order("HEAD", `/containers/${name}/archive?path=${path}`, signal);
	if (found.ok) return { kind: "seen", image };
	if (found.status === 404) return { kind: "not-seen", image, message: `the container has no ${target}/${file.name}` };
	return { kind: "no-answer", message: found.message };
}
