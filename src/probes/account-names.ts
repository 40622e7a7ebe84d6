import type { Host } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";

/** Id -> name from /etc/group or /etc/passwd: both have the name first and the id third. */
export async function namesById(host: Host, path: string): Promise<ReadonlyMap<number, string>> {
	const text = await host.readText(path);
	if (text.kind !== "ok") return new Map();
	const entries = text.value.split("\n").flatMap((line): [number, string][] => {
		const [name, , id] = line.split(":");
		return name && id && /^\d+$/.test(id) ? [[Number(id), bounded(name, 100)]] : [];
	});
	return new Map(entries.reverse());
}
