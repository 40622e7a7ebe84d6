import type { Collector } from "../collect.ts";
import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/**
 * Starts probes, and comes when each has started its program or has ended without, but after `ms` at the latest. To look for a
 * program takes many short turns of this thread, and whatever else is begun meanwhile makes each of them long: so all else can
 * wait for that.
 */
export async function startPrograms(
	collector: Collector,
	probes: readonly Probe<unknown>[],
	ms: number,
): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, ms);
	});
	const begun = probes.map(
		(probe) => new Promise<void>((resolve) => collector.start([{ ...probe, collect: telling(probe, resolve) }])),
	);
	await Promise.race([Promise.all(begun), late]);
	clearTimeout(timer);
}

/** The probe's own `collect`, which calls `onBegun` once its program runs, or once it is over. */
function telling<T>(probe: Probe<T>, onBegun: () => void): Probe<T>["collect"] {
	return (host, request, signal, ask) => {
		const run: Host["run"] = (command, options) => {
			const outcome = host.run(command, options);
			onBegun();
			return outcome;
		};
		// Not a copy: some of what a host knows is only looked up when it is asked for.
		const facts = probe.collect(Object.create(host, { run: { value: run } }), request, signal, ask);
		facts.then(onBegun, onBegun);
		return facts;
	};
}
