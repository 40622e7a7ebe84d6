import { expect, test } from "vitest";
import { linksProbe } from "../../src/probes/links.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const net = "/sys/class/net";
const route = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask
wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF
`;
const snmp = `Ip: Forwarding DefaultTTL FragOKs FragFails FragCreates
Ip: 1 64 0 17 0
Icmp: InMsgs FragFails
Icmp: 1 2
`;
const files = {
	"/proc/self/net/route": route,
	"/proc/self/net/snmp": snmp,
	[`${net}/eth0/mtu`]: "1400\n",
	[`${net}/docker0/mtu`]: "1500\n",
	[`${net}/veth1/mtu`]: "1450\n",
	[`${net}/veth2/mtu`]: "1500\n",
	[`${net}/veth3/mtu`]: "9000\n",
};
const links = {
	[`${net}/veth1/master`]: "../../../virtual/net/docker0",
	[`${net}/veth2/master`]: "../br-0123456789ab",
	[`${net}/veth3/master`]: "../lxdbr0",
};
const interfaces = (...names: string[]) => ({ [net]: ["lo", "eth0", ...names] });

test("tells the MTU of the way out and of each of Docker's networks with containers", async () => {
	const directories = interfaces("docker0", "br-0123456789ab", "lxdbr0", "veth1", "veth2", "veth3");
	expect(await collect(linksProbe, createHost({ files, links, directories }))).toEqual({
		uplink: { name: "eth0", mtu: 1400 },
		bridges: [
			{ name: "br-0123456789ab", mtu: 1500 },
			{ name: "docker0", mtu: 1450 },
		],
		tooLarge: 17,
	});
});

test("reads nothing but the list without Docker, and takes no bridge without containers for a network", async () => {
	const readText = async () => {
		throw new Error("nothing may be read");
	};
	expect(await collect(linksProbe, createHost({ directories: interfaces(), readText }))).toEqual({ bridges: [] });
	expect(await collect(linksProbe, createHost({}))).toEqual({ bridges: [] });
	const { bridges } = await collect(linksProbe, createHost({ files, links, directories: interfaces("docker0") }));
	expect(bridges).toEqual([]);
});
