import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { code, listed } from "../../checks/text.ts";
import { finding, undecided } from "../../checks/words.ts";
import { containerProbe } from "../../probes/container.ts";
import { dockerEndpointProbe } from "../../probes/docker-endpoint.ts";
import { dockerEngineProbe, isPodman } from "../../probes/docker-engine.ts";
import type { DockerSince } from "../../probes/docker-since.ts";
import { type MachineState, machineStateProbe } from "../../probes/machine-state.ts";
import { atStart } from "../facts.ts";
import { dockerSince } from "../handles.ts";
import { lostNetwork, sameBoot } from "../span.ts";
import { intro, unknowns, words } from "./docker-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

type Reason = keyof typeof words;

export const afterDocker: Check = defineCheck({
	id: "after/docker",
	title: "The Docker daemon and the job's network stayed",
	intro,
	reasons: words,
	needs: {
		before: atStart(machineStateProbe),
		now: machineStateProbe,
		engine: atStart(dockerEngineProbe),
		endpoint: atStart(dockerEndpointProbe),
		docker: dockerSince,
		container: containerProbe,
	},
	judge({ before, now, engine, endpoint, docker, container }): Verdict<Reason> {
		if (!before) return notSeenBefore("what the kernel counts");
		if (!sameBoot(before, now)) return afterReboot;
		const times = { before, now };
		const lost = lostNetwork(before, now);
		if (container.mode === "container" && lost.length > 0) {
			const evidence = [
				{
					source: "/proc/self/net/dev",
					text: `${listed([...(before.interfaces ?? [])])} at the start, ${listed([...(now.interfaces ?? [])]) || "lo alone"} now`,
				},
				...networkEvents(docker, before),
			];
			return finding(words, "network-removed", { ...times, lost }, { observed: `${listed(lost)} is gone`, evidence });
		}
		if (engine?.version.kind !== "ok")
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answered at the start." };
		const { address, answer } = docker;
		if (engine.endpoint !== address)
			return {
				kind: "skip",
				reason: "not-applicable",
				message: `The job changed where Docker is reached, from ${code(engine.endpoint)} to ${code(address)}.`,
			};
		const evidence = evidenceOf(docker, times);
		const isLocal = endpoint?.endpoint.kind === "unix";
		const seen = { ...times, address, docker };
		switch (answer.kind) {
			case "ok":
				break;
			case "failed":
				// Only the daemon's own machine shows why: what is behind tcp may be a container of the job.
				// A container does not see whether something still listens at a socket whose file is gone: the job may have removed it.
				if (!isLocal || answer.code === "EACCES" || (answer.code === "ENOENT" && container.mode !== "host"))
					return undecided(
						unknowns,
						"no-answer",
						{ ...seen, observed: answer.code },
						{ observed: answer.code, evidence },
					);
				return finding(words, "gone", seen, {
					observed: answer.code,
					evidence,
					...(docker.listensUnseen && { level: "warn", by: "job" }),
				});
			default: {
				const observed = answer.kind === "http-error" ? `HTTP ${answer.status}` : answer.kind.replace("-", " ");
				return undecided(unknowns, "no-answer", { ...seen, observed }, { observed, evidence });
			}
		}
		const signs = isLocal ? signsOfRestart(docker, times, isPodman(engine.version.value)) : [];
		if (signs.length > 0)
			return finding(words, "restarted", seen, {
				observed: "another daemon than at the start",
				evidence: [...signs, ...evidence],
			});
		if (!isProof(evidence))
			return { kind: "skip", reason: "not-applicable", message: "Nothing shows since when the daemon runs." };
		return { kind: "pass", message: passMessage(docker, before), evidence };
	},
});

export interface Times {
	readonly before: MachineState;
	readonly now: MachineState;
}

/** Clocks of a daemon on this machine do not differ; a rounded time does. */
const toleranceMs = 1000;

/**
 * Any of these proves it. The daemon's id stays the same. Podman makes its `bridge` whenever its service starts, which it does for
 * every few requests.
 */
function signsOfRestart(docker: DockerSince, { before, now }: Times, ofPodman: boolean): readonly Evidence[] {
	const { bridgeCreated } = docker;
	const isBetween = (time: number): boolean => time > before.time + toleranceMs && time < now.time + toleranceMs;
	const signs: Evidence[] = [];
	if (before.socket && now.socket && before.socket.path === now.socket.path && before.socket.inode !== now.socket.inode)
		signs.push({
			source: now.socket.path,
			text: `the socket is another file: inode ${before.socket.inode} at the start, ${now.socket.inode} now`,
		});
	if (!ofPodman && bridgeCreated !== undefined && isBetween(bridgeCreated))
		signs.push({
			source: "GET /networks/bridge",
			text: `created ${new Date(bridgeCreated).toISOString()}, which the daemon does when it starts`,
		});
	return signs;
}

function networkEvents({ events, self }: DockerSince, { time }: MachineState): readonly Evidence[] {
	return (events?.told ?? [])
		.filter((event) => event.type === "network" && event.time >= time)
		.filter(({ action, container }) => action === "destroy" || (action === "disconnect" && container === self))
		.slice(-4)
		.map((event) => ({
			source: "GET /events",
			text: `${new Date(event.time).toISOString()} network ${event.action} ${event.name}`,
		}));
}

/** Containers that somebody killed, without the kernel: their programs end with 137 too. */
function killedBySomeone({ events }: DockerSince, { time }: MachineState): readonly string[] {
	const told = (events?.told ?? []).filter((event) => event.type === "container" && event.time >= time);
	const ofOom = new Set(told.filter(({ action }) => action === "oom").map(({ id }) => id));
	const killed = told.filter(({ action, signal, id }) => action === "kill" && signal === 9 && !ofOom.has(id));
	return [...new Set(killed.map(({ name }) => name))].slice(0, 5);
}

function passMessage(docker: DockerSince, before: MachineState): string {
	const killed = killedBySomeone(docker, before);
	if (killed.length === 0) return "The Docker daemon answers, and nothing shows that it was started again";
	return `The Docker daemon answers. ${listed(killed.map(code))} ended by \`docker kill\`, not for lack of memory`;
}

function evidenceOf({ address, answer, events }: DockerSince, { before, now }: Times): readonly Evidence[] {
	const said = answer.kind === "ok" ? "answers" : answer.kind === "failed" ? answer.message : answer.kind;
	return [
		{ source: `GET /_ping of ${address}`, text: said },
		...(before.socket && now.socket && before.socket.inode === now.socket.inode
			? [{ source: now.socket.path, text: `the same socket as at the start, inode ${now.socket.inode}` }]
			: []),
		...(events
			? [
					{
						source: "GET /events",
						text: `${events.count} since the start${rememberedSince(events.count, events.oldest)}`,
					},
				]
			: []),
	];
}

/** The daemon remembers 256. */
function rememberedSince(count: number, oldest: number | undefined): string {
	return count >= 250 && oldest !== undefined
		? `; Docker remembers since ${new Date(oldest).toISOString().slice(11, 19)}`
		: "";
}
