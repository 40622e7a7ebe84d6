import type { WarningKind } from "../../knowledge/docker-warnings.ts";
import type { Remedy } from "../check.ts";
import { code, listed, shellQuote } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { stopsContainers } from "./situation.ts";

export const intro =
	"Reads the daemon's warnings about its own setup in `/info`. Only warnings that matter to builds or to safety are reported. The harmless ones (no swap limit, no blkio weight, cgroup v1) are kept as evidence.";

interface DaemonWarnings {
	/** The most serious warning decides the explanation. */
	readonly kind: WarningKind;
	/** Its first line. */
	readonly text: string;
	/** The other serious ones. */
	readonly others: readonly string[];
	/** The directory of Docker's data. */
	readonly rootDir: string;
}

interface WarningWords {
	readonly headline: string;
	readonly why: string;
	readonly expected: string;
	fix(rootDir: string, text: string): Remedy;
}

export const words = {
	"daemon-warnings": reason<DaemonWarnings>({
		level: "warn",
		title: "The Docker daemon reports a serious warning",
		headline: ({ kind }) => warnings[kind].headline,
		why: ({ kind }) => warnings[kind].why,
		expected: ({ kind }) => warnings[kind].expected,
		tell: ({ kind, text, others, rootDir }) => ({
			what: `The Docker daemon warns: ${code(text)}.${others.length > 0 ? ` It also warns: ${listed(others.map(code))}.` : ""}`,
			fix: warnings[kind].fix(rootDir, text),
		}),
	}),
};

/** The memory controller of a system whose kernel leaves it out. */
const enableMemory: Remedy = {
	text: "Enable the memory controller at boot: add these options to the kernel's command line, next to those that are there, then restart the machine. A Raspberry Pi has no GRUB: there, add `cgroup_enable=memory cgroup_memory=1` to the one line of `/boot/firmware/cmdline.txt`.",
	config: {
		file: "/etc/default/grub",
		language: "ini",
		text: 'GRUB_CMDLINE_LINUX="cgroup_enable=memory swapaccount=1"',
	},
	commands: [
		"sudo update-grub",
		"sudo reboot   # ends all jobs on this machine: first see in the forge that its runners are idle",
	],
	kind: "host",
};

const delegate: Omit<Remedy, "otherwise"> = {
	text: "For rootless Docker, use cgroup v2 with systemd, and delegate the controllers to the daemon's user. It takes effect at that user's next login. The first command says `cgroup2fs` on a machine with cgroup v2.",
	config: {
		file: "/etc/systemd/system/user@.service.d/delegate.conf",
		language: "ini",
		text: "[Service]\nDelegate=cpu cpuset io memory pids",
	},
	commands: ["stat -fc %T /sys/fs/cgroup", "sudo systemctl daemon-reload"],
	kind: "host",
};

const warnings: Readonly<Record<WarningKind, WarningWords>> = {
	"open-api": {
		headline: "The Docker API is open on TCP without client certificates",
		why: "Anyone who can reach this port has root access to the host, without a password. On a loopback address that is every process of the machine, on any other address everyone in the network.",
		expected: "an API on a unix socket, or on tcp with `--tlsverify`",
		fix: () => ({
			text: `Remove the \`tcp://\` address: it is a \`-H\` option in the daemon's unit, or an entry of \`hosts\` in its \`daemon.json\`. Never use both, or the daemon does not start. If the daemon must be reachable over the network, make it require client certificates with \`--tlsverify\`. ${stopsContainers}`,
			commands: [
				"systemctl cat docker | grep -e ExecStart -e tcp://; grep -n tcp:// /etc/docker/daemon.json",
				"sudo systemctl edit --full docker   # or edit daemon.json, whichever has the address",
				"sudo dockerd --validate && sudo systemctl restart docker",
			],
			kind: "host",
		}),
	},
	"no-forwarding": {
		headline: "IPv4 forwarding is disabled on the Docker host",
		why: "Containers cannot reach the network: builds cannot download anything, and jobs cannot reach the forge.",
		expected: "net.ipv4.ip_forward = 1",
		fix: () => ({
			text: "Enable forwarding, now and at every boot.",
			commands: [
				"sudo sysctl -w net.ipv4.ip_forward=1",
				"echo net.ipv4.ip_forward=1 | sudo tee /etc/sysctl.d/99-docker.conf",
			],
			kind: "host",
		}),
	},
	"no-d-type": {
		headline: "The file system of Docker's data lacks d_type support",
		why: "overlayfs does not work correctly on this file system: files that a layer deletes come back, and builds fail in odd ways.",
		expected: "a backing file system with d_type",
		fix: (rootDir) => ({
			text: `Move Docker's data to another file system (\`data-root\` in \`/etc/docker/daemon.json\`). The current one is an XFS created with \`ftype=0\`, which cannot be changed. ${stopsContainers}`,
			commands: [`xfs_info ${shellQuote(rootDir || "/var/lib/docker")} | grep ftype`],
			kind: "host",
		}),
	},
	loopback: {
		headline: "Docker stores its data on loopback devices",
		why: "This storage is slow, loses data when the disk fills up, and belongs to a driver that Docker 25 and later do not have.",
		expected: "overlay2",
		fix: () => ({
			text: `Switch to \`overlay2\`. It does not see existing images and containers, so images have to be pulled again. ${stopsContainers}`,
			config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "storage-driver": "overlay2" }' },
			commands: ["sudo systemctl restart docker"],
			kind: "host",
		}),
	},
	"no-limits": {
		headline: "Docker cannot limit the memory of containers",
		why: "`--memory` and `--cpus` have no effect: a single job can take the whole machine from the other jobs and from the runner.",
		expected: "cgroups with the memory controller",
		fix: (_rootDir, text) => (/rootless/i.test(text) ? delegate : { ...enableMemory, otherwise: delegate }),
	},
	"no-bridge-filter": {
		headline: "Traffic between containers bypasses the firewall",
		why: "Published ports may not be reachable from other containers, and networks are not isolated from each other.",
		expected: "net.bridge.bridge-nf-call-iptables = 1",
		fix: () => ({
			text: "Load the module and enable the setting, now and at every boot. From then on, the host's firewall also filters the traffic between containers that run.",
			commands: [
				"sudo modprobe br_netfilter",
				"sudo sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1",
				"echo br_netfilter | sudo tee /etc/modules-load.d/br_netfilter.conf",
				"printf 'net.bridge.bridge-nf-call-iptables=1\\nnet.bridge.bridge-nf-call-ip6tables=1\\n' | sudo tee /etc/sysctl.d/99-docker-bridge.conf",
			],
			kind: "host",
		}),
	},
};

export const unknowns = {
	"no-info": unknown({
		title: "The Docker daemon's warnings could not be read",
		why: "The daemon warns of open ports, missing limits and lossy disks there, and nobody sees it.",
		expected: "an answer to `GET /info`",
		tell: () => ({
			what: "The Docker daemon answers, but not `GET /info`, which contains its warnings.",
			fix: {
				text: "Ask it by hand, and look into the daemon's log. It is slow if a registry mirror or a storage driver does not answer.",
				commands: ["time timeout 60 docker info", "sudo journalctl --unit docker --since -10min | tail -n 50"],
				kind: "host",
			},
		}),
	}),
};
