import { createCollector } from "../../src/collect.ts";
import type { Host } from "../../src/host/host.ts";
import type { Facts, Probe } from "../../src/probes/probe.ts";
import type { Request } from "../../src/request.ts";

/** What some probes find on a host, with the deadlines of a real run. */
export function collectFacts(probes: readonly Probe<unknown>[], host: Host, request: Request): Promise<Facts> {
	return createCollector(host, request).facts(probes);
}
