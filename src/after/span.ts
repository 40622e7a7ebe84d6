import type { MachineState } from "../probes/machine-state.ts";

/** The time in which something happened, as far as it is known: `between 14:03 and 14:07 UTC`. */
export function span(before: Pick<MachineState, "time">, now: Pick<MachineState, "time">): string {
	const [from, to] = [clock(before.time), clock(now.time)];
	return from === to ? `at ${to} UTC` : `between ${from} and ${to} UTC`;
}

/** `14:03` */
export function clock(time: number): string {
	return new Date(time).toISOString().slice(11, 16);
}

/** The same machine since the start? Counters begin again when it is started. */
export function sameBoot(before: MachineState, now: MachineState): boolean {
	return before.bootId === undefined || before.bootId === now.bootId;
}

/** How far a counter went on; `undefined` if it cannot be read at both times. */
export function grown(before: number | undefined, now: number | undefined): number | undefined {
	return before === undefined || now === undefined ? undefined : now - before;
}

/** Another machine: it has another boot than that of the start, and was already running then. */
export function isOtherMachine(before: MachineState, now: MachineState): boolean {
	return !sameBoot(before, now) && now.uptime !== undefined && now.uptime > now.time - before.time + 1000;
}

/** Interfaces of this kind exist in every network namespace once their kernel module is loaded. They lead nowhere. */
const fallback = /^(?:tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre)0$/;

/**
 * Interfaces that are gone, if none is left that leads anywhere. On the host's network, those of other containers come and go.
 */
export function lostNetwork(before: MachineState, now: MachineState): readonly string[] {
	const [was, is] = [before, now].map(({ interfaces }) => interfaces?.filter((name) => !fallback.test(name)));
	return was && is?.length === 0 ? was : [];
}
