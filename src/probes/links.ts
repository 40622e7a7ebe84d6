import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** How large the packets of Docker's networks are, and how large those may be that leave this machine. */
export interface LinksFacts {
	/** The interface of the default route. */
	readonly uplink?: Link;
	/** Docker's bridges that containers are connected to. The MTU is that of the containers' side. */
	readonly bridges: readonly Link[];
	/** Packets that the kernel dropped since it started because they were too large for the next interface. */
	readonly tooLarge?: number;
}

export interface Link {
	readonly name: string;
	readonly mtu: number;
}

/** A machine with thousands of containers has as many interfaces; a few tell enough. */
const maxInterfaces = 64;

/** Source: /sys/class/net, /proc/net/route and /proc/net/snmp. Without a bridge of Docker, nothing but the list of interfaces is read. */
export const linksProbe: Probe<LinksFacts> = {
	name: "links",
	async collect(host: Host): Promise<LinksFacts> {
		const listed = await host.list("/sys/class/net");
		const names = listed.kind === "ok" ? listed.value.filter((name) => /^[\w.@-]{1,15}$/.test(name)) : [];
		if (!names.some(isDockers)) return { bridges: [] };
		const [bridges, route, snmp] = await Promise.all([
			bridgesOf(host, names.filter((name) => name.startsWith("veth")).slice(0, maxInterfaces)),
			host.readText("/proc/self/net/route"),
			host.readText("/proc/self/net/snmp"),
		]);
		const name = route.kind === "ok" ? defaultInterface(route.value) : undefined;
		const mtu = name === undefined ? undefined : await mtuOf(host, name);
		const tooLarge = snmp.kind === "ok" ? fragFails(snmp.value) : undefined;
		return {
			...(name !== undefined && mtu !== undefined && { uplink: { name, mtu } }),
			bridges,
			...(tooLarge !== undefined && { tooLarge }),
		};
	},
};

/** `docker0`, and `br-` with the beginning of the network's id. */
function isDockers(name: string): boolean {
	return name === "docker0" || /^br-[0-9a-f]{12}$/.test(name);
}

/** A bridge without containers says nothing: it takes the MTU of what is connected to it. */
async function bridgesOf(host: Host, ports: readonly string[]): Promise<readonly Link[]> {
	const found = await Promise.all(
		ports.map(async (port): Promise<readonly Link[]> => {
			const [master, mtu] = await Promise.all([host.readLink(`/sys/class/net/${port}/master`), mtuOf(host, port)]);
			const name = master.kind === "ok" ? master.value.replace(/^.*\//, "") : "";
			return isDockers(name) && mtu !== undefined ? [{ name, mtu }] : [];
		}),
	);
	const largest = new Map<string, number>();
	for (const { name, mtu } of found.flat()) largest.set(name, Math.max(mtu, largest.get(name) ?? 0));
	return [...largest].sort().map(([name, mtu]) => ({ name, mtu }));
}

async function mtuOf(host: Host, name: string): Promise<number | undefined> {
	const text = await host.readText(`/sys/class/net/${name}/mtu`, 64);
	const mtu = text.kind === "ok" ? Number(text.value) : 0;
	return mtu > 0 ? mtu : undefined;
}

/** `Iface Destination Gateway Flags RefCnt Use Metric Mask …`, with addresses in hexadecimal. */
function defaultInterface(routes: string): string | undefined {
	const ways = routes.split("\n").flatMap((line) => {
		const [name = "", destination, , , , , metric, mask] = line.trim().split(/\s+/);
		return destination === "00000000" && mask === "00000000" ? [{ name, metric: Number(metric) }] : [];
	});
	return ways.sort((a, b) => a.metric - b.metric)[0]?.name;
}

/** A line of names, then one of values: `Ip: Forwarding … FragFails FragCreates`. */
function fragFails(snmp: string): number | undefined {
	const [names = [], values = []] = snmp
		.split("\n")
		.filter((line) => line.startsWith("Ip: "))
		.map((line) => line.split(" "));
	const value = Number(values[names.indexOf("FragFails")]);
	return Number.isSafeInteger(value) ? value : undefined;
}
