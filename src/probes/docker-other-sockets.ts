import type { Host, HttpOutcome } from "../host/host.ts";
import { within } from "./deadline.ts";
import { bounded, defaultSocket, dockerEndpointProbe, usualSockets } from "./docker-endpoint.ts";
import type { Probe } from "./probe.ts";

/** A socket at a usual place other than the one that the Docker CLI of this job would use. */
export interface OtherSocket {
	readonly path: string;
	/** What `GET /version` came to: a status, or the errno of the connection (`EACCES`); `timed-out`. */
	readonly answer: string;
	/** Did something accept the connection, whatever it said? */
	readonly open: boolean;
}

/** A local socket answers at once, or hangs. */
const patienceMs = 2000;

/** Asks every other daemon that a job could turn to, by nothing more than unsetting a variable. For profiles that forbid Docker. */
export const dockerOtherSocketsProbe: Probe<readonly OtherSocket[]> = {
	name: "docker-other-sockets",
	async collect(host, request, signal, ask) {
		const { endpoint } = await ask(dockerEndpointProbe);
		const used = endpoint.kind === "unix" ? await realPath(host, endpoint.path) : undefined;
		const sockets = new Map<string, string>();
		for (const path of [defaultSocket, ...(await usualSockets(host))]) {
			const real = await realPath(host, path);
			if (real !== used && !sockets.has(real) && (await host.stat(path)).kind === "socket") sockets.set(real, path);
		}
		return within(Math.min(request.timeoutMs, patienceMs), signal, (limited) =>
			Promise.all([...sockets.values()].map((path) => look(host, path, limited))),
		);
	},
};

async function realPath(host: Host, path: string): Promise<string> {
	const real = await host.realPath(path);
	return real.kind === "ok" ? real.value : path;
}

async function look(host: Host, path: string, signal: AbortSignal): Promise<OtherSocket> {
	const outcome = await host.request({ to: { socket: path }, path: "/version", signal, maxBody: 4096 });
	return { path, ...told(outcome) };
}

function told(outcome: HttpOutcome): Omit<OtherSocket, "path"> {
	if (outcome.kind === "timed-out") return { answer: "timed-out", open: true };
	if (outcome.kind === "answered") return { answer: `status ${outcome.status}`, open: true };
	// Who hangs up, or says what is no HTTP, is no Docker daemon.
	return { answer: bounded(outcome.code, 100), open: false };
}
