import type { Link } from "../../probes/links.ts";
import { stopsContainers } from "../docker/situation.ts";
import { code, shortTitle } from "../text.ts";
import { reason } from "../words.ts";

interface TooLarge {
	readonly bridge: Link;
	readonly uplink: Link;
	/** Packets that were dropped. */
	readonly dropped: number;
}

export const intro =
	"Compares the size of packets (MTU) of Docker's networks with that of the interface that leads out of the machine. A difference alone does no harm, so it is reported only if the kernel has already dropped packets that did not fit (`FragFails` in `/proc/net/snmp`). A job container sees the machine's interfaces only if it shares its network; otherwise, nothing is judged there.";

export const words = {
	"larger-than-uplink": reason<TooLarge>({
		level: "warn",
		title: "Packets of containers are too large for the uplink",
		headline: ({ bridge, uplink }) =>
			shortTitle(
				`${code(bridge.name)} has an MTU of ${bridge.mtu}, ${code(uplink.name)} of ${uplink.mtu}`,
				"Packets of containers are too large for the uplink",
			),
		why: "Where a firewall drops the message about it, large packets just disappear: TLS handshakes, pulls and downloads in containers hang until `TLS handshake timeout` or `i/o timeout`.",
		expected: ({ uplink }) => `an MTU of at most ${uplink.mtu}`,
		tell: ({ bridge, uplink, dropped }) => ({
			what: `Containers on ${code(bridge.name)} send packets of up to ${bridge.mtu} bytes, but ${code(uplink.name)} takes ${uplink.mtu}. The kernel has dropped ${dropped} packets that did not fit.`,
			fix: {
				text: `Set the MTU of Docker's networks to that of the uplink. Networks that exist keep theirs until they are created again. Before Docker 24, leave out \`default-network-opts\`: the daemon would not start. ${stopsContainers}`,
				config: {
					file: "/etc/docker/daemon.json",
					language: "json",
					text: JSON.stringify(
						{
							mtu: uplink.mtu,
							"default-network-opts": { bridge: { "com.docker.network.driver.mtu": `${uplink.mtu}` } },
						},
						null,
						2,
					),
				},
				commands: ["sudo systemctl restart docker"],
				kind: "host",
			},
		}),
	}),
};
