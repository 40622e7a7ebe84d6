import { containerProbe } from "../../probes/container.ts";
import { type LinksFacts, linksProbe } from "../../probes/links.ts";
import { defineCheck, type Proof, type Skip, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { intro, words } from "./mtu-words.ts";

export const networkMtu = defineCheck({
	id: "network/mtu",
	title: "Packets of containers fit the uplink",
	intro,
	reasons: words,
	needs: { links: linksProbe, container: containerProbe },
	judge({ links, container }): Verdict<keyof typeof words> {
		const { uplink, bridges, tooLarge: dropped } = links;
		// A container that shares the network of its host, or of its daemon, sees the bridges.
		const [bridge] = [...bridges].sort((a, b) => b.mtu - a.mtu);
		if (!bridge) {
			return skip(
				container.mode === "container"
					? "A job container does not see the machine's interfaces."
					: "No Docker network with running containers is visible here.",
			);
		}
		if (!uplink) return skip("This machine has no default route.");
		if (dropped === undefined) return skip("The kernel does not tell which packets it dropped.");
		const evidence = evidenceOf(links);
		if (bridge.mtu > uplink.mtu && dropped > 0) {
			const details = { observed: `${bridge.mtu}`, evidence };
			return finding(words, "larger-than-uplink", { bridge, uplink, dropped }, details);
		}
		const message =
			bridge.mtu > uplink.mtu
				? `No packet was too large for ${code(uplink.name)}`
				: `Packets of ${code(bridge.name)} fit ${code(uplink.name)}`;
		return { kind: "pass", message, evidence };
	},
});

function skip(message: string): Skip<never> {
	return { kind: "skip", reason: "not-applicable", message };
}

function evidenceOf({ uplink, bridges, tooLarge }: LinksFacts): Proof {
	return [
		{ source: "/proc/net/snmp, FragFails", text: `${tooLarge}` },
		...[...(uplink ? [uplink] : []), ...bridges].map(({ name, mtu }) => ({
			source: `/sys/class/net/${name}`,
			text: `MTU ${mtu}`,
		})),
	];
}
