import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { wantsDocker } from "./situation.ts";

/** A warning of the daemon about itself that is worth somebody's time. */
interface Known {
	readonly pattern: RegExp;
	readonly why: string;
	readonly expected: string;
	readonly remedy: Remedy;
}

/** The gravest first. What is not here (no swap limit, no blkio weight, cgroup v1) harms no build and nobody's safety. */
const known: readonly Known[] = [
	{
		pattern: /API is accessible on .*without (?:encryption|TLS)/i,
		why: "Whoever reaches that port is root on this host: no password is asked. On a loopback address that is every process of the machine, on any other everybody in the network.",
		expected: "an API on a unix socket, or on tcp with `--tlsverify`",
		remedy: {
			text: "Take the `tcp://` address away where it stands: as `-H` in the daemon's unit, or in `hosts` of its `daemon.json`. (Never in both: with `-H` in the unit, a `hosts` in `daemon.json` keeps the daemon from starting.) If it has to be reached over the network, let it demand certificates with `--tlsverify`.",
			commands: [
				"systemctl cat docker | grep -e ExecStart -e tcp://; grep -n tcp:// /etc/docker/daemon.json",
				"sudo systemctl edit --full docker   # or edit daemon.json, whichever of the two has it",
				"sudo dockerd --validate && sudo systemctl restart docker",
			],
			kind: "host",
		},
	},
	{
		pattern: /IPv4 forwarding is disabled/i,
		why: "Containers have no way out: no build can fetch anything, and no job reaches the forge.",
		expected: "net.ipv4.ip_forward = 1",
		remedy: {
			text: "Switch it on, and keep it so after a restart.",
			commands: [
				"sudo sysctl -w net.ipv4.ip_forward=1",
				"echo net.ipv4.ip_forward=1 | sudo tee /etc/sysctl.d/99-docker.conf",
			],
			kind: "host",
		},
	},
	{
		pattern: /without d_type support/i,
		why: "overlayfs does not work right on this file system: files that a layer deletes come back, and builds fail in odd ways.",
		expected: "a backing file system with d_type",
		remedy: {
			text: "The directory of Docker's data lies on an XFS that was made with `ftype=0`. It cannot be changed afterwards: make the file system anew, or move the data to another one (`data-root`).",
			commands: ["xfs_info /var/lib/docker | grep ftype"],
			kind: "host",
		},
	},
	{
		pattern: /usage of loopback devices/i,
		why: "The storage is slow, loses data when the disk fills, and belongs to a driver that newer releases no longer have.",
		expected: "overlay2",
		remedy: {
			text: "Change to `overlay2`. Images have to be pulled again afterwards.",
			config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "storage-driver": "overlay2" }' },
			commands: ["sudo systemctl restart docker"],
			kind: "host",
		},
	},
	{
		pattern: /No memory limit support|rootless[- ]mode without cgroup/i,
		why: "`--memory` and `--cpus` have no effect: one job can take the whole machine from the others, and from the runner.",
		expected: "cgroups with the memory controller",
		remedy: {
			text: "Switch the memory controller on at boot. A rootless daemon needs cgroup v2 with systemd, and the controllers delegated to its user.",
			config: {
				file: "/etc/default/grub",
				language: "ini",
				text: 'GRUB_CMDLINE_LINUX="cgroup_enable=memory swapaccount=1"',
			},
			commands: ["sudo update-grub", "sudo reboot"],
			kind: "host",
			otherwise: {
				text: "Rootless:",
				config: {
					file: "/etc/systemd/system/user@.service.d/delegate.conf",
					language: "ini",
					text: "[Service]\nDelegate=cpu cpuset io memory pids",
				},
				kind: "host",
			},
		},
	},
	{
		pattern: /bridge-nf-call-ip6?tables is disabled/i,
		why: "Traffic between containers of one bridge passes by the firewall: published ports may not be reachable from other containers, and isolation between networks does not hold.",
		expected: "net.bridge.bridge-nf-call-iptables = 1",
		remedy: {
			text: "Load the module, switch the setting on, and keep both after a restart.",
			commands: [
				"sudo modprobe br_netfilter",
				"sudo sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1",
				"echo br_netfilter | sudo tee /etc/modules-load.d/br_netfilter.conf",
				"printf 'net.bridge.bridge-nf-call-iptables=1\\nnet.bridge.bridge-nf-call-ip6tables=1\\n' | sudo tee /etc/sysctl.d/99-docker-bridge.conf",
			],
			kind: "host",
		},
	},
];

export const dockerWarnings = defineCheck({
	id: "docker/warnings",
	title: "The Docker daemon has nothing serious to warn of",
	reasons: {
		"daemon-warnings": { level: "warn", title: "The Docker daemon warns of its own set-up" },
	},
	needs: { engine: dockerEngineProbe },
	after: ["docker/daemon"],
	applies: wantsDocker,
	judge({ engine }): Verdict<"daemon-warnings"> {
		const { version, info } = engine;
		if (version.kind !== "ok") {
			return { kind: "skip", reason: "not-applicable", message: "No Docker daemon answers here." };
		}
		if (info.kind === "http-error" && [401, 403].includes(info.status)) {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "A proxy before the Docker daemon keeps `/info` from this job.",
			};
		}
		if (info.kind !== "ok") {
			return { kind: "undecided", message: "The Docker daemon did not tell its warnings: `GET /info` failed." };
		}
		const { warnings } = info.value;
		const evidence: Evidence[] = warnings.map((text) => ({ source: "GET /info, Warnings", text: firstLine(text) }));
		const serious = known.flatMap((entry) => {
			const said = warnings.find((text) => entry.pattern.test(text));
			return said === undefined ? [] : [{ ...entry, said: firstLine(said) }];
		});
		const first = serious[0];
		if (!first) {
			const message = warnings.length === 0 ? "no warnings" : `${warnings.length} warnings, none that matters to jobs`;
			return { kind: "pass", message, evidence };
		}
		const others = serious.slice(1).map(({ said }) => code(said));
		return {
			kind: "finding",
			reason: "daemon-warnings",
			message: `The Docker daemon warns: ${code(first.said)}.${others.length > 0 ? ` And: ${others.join(", ")}.` : ""}`,
			why: first.why,
			expected: first.expected,
			observed: first.said,
			evidence,
			remedy: first.remedy,
		};
	},
});

/** `WARNING: API is accessible on http://0.0.0.0:2375 without encryption.`, without the word and the full stop. */
function firstLine(text: string): string {
	const line = text.split("\n")[0] ?? "";
	return line.replace(/^(?:WARNING|\[DEPRECATION NOTICE\]|DEPRECATED):\s*/i, "").replace(/\.\s*$/, "");
}
