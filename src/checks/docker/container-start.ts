import { type StartError, startErrorIn } from "../../knowledge/container-errors.ts";
import type { Remedy } from "../check.ts";
import { code, cut, operand } from "../text.ts";
import { pruningLoses, stopsContainers } from "./situation.ts";

/** What an engine's message says about a container that did not start. */
export interface StartTrouble {
	/** At most 60 characters. */
	readonly headline: string;
	/** The cause, as far as the message tells. */
	readonly cause: string;
	readonly fix: Remedy;
}

/**
 * Explains why no container starts. Only words that tell a cause name one: every message of the runtime begins with `OCI runtime create
 * failed`. No fix installs a newer engine or runtime, except for the one message that says that they do not go together.
 * @param image What was to be started.
 */
export function startTrouble(message: string, image: string): StartTrouble {
	const known = startErrorIn(message);
	if (known) return troubles[known.cause](known.subject);
	return {
		headline: "`docker run` fails",
		cause: "The message does not match a cause that runner-check knows.",
		fix: {
			text: "Try the same on the machine of the daemon, and read its log. If packages of Docker, containerd, runc, the kernel or the machine around them changed shortly before, that is the first suspect.",
			commands: [
				`docker run --rm ${operand(image)} true`,
				log,
				"grep -h -E ' (install|upgrade) ' /var/log/dpkg.log | tail -n 20",
			],
			kind: "host",
		},
	};
}

const log = "sudo journalctl -u docker -u containerd --since -10min --no-pager";
const restart = "sudo systemctl restart docker";
const outer = "Shut the outer container down and start it again afterwards. That ends all jobs in it.";

const withoutRaw: Remedy = {
	text: `If the kernel has no such module, tell the daemon to do without. Ports of containers are less protected then. ${stopsContainers}`,
	config: {
		file: "a drop-in of docker.service",
		language: "ini",
		text: "[Service]\nEnvironment=DOCKER_INSECURE_NO_IPTABLES_RAW=1",
	},
	kind: "host",
};

const legacyTables: Remedy = {
	text: `If the daemon runs in a container of the image \`docker:dind\`, start that one with \`DOCKER_IPTABLES_LEGACY=1\`: the kernel may still have the older tables. ${outer}`,
	kind: "host",
};

const troubles: Readonly<Record<StartError, (subject: string | undefined) => StartTrouble>> = {
	"old-runc": () => ({
		headline: "Docker's runtime is older than its daemon needs",
		cause: "The daemon asks runc for a feature that this runc does not have.",
		fix: {
			text: `Install engine, containerd and runc from one source. With Docker's own packages, runc is part of containerd.io. ${stopsContainers}`,
			commands: [
				"docker version   # Engine, containerd and runc",
				"sudo apt-get install --only-upgrade docker-ce containerd.io",
				restart,
			],
			kind: "host",
		},
	}),
	"kernel-namespaces": () => ({
		headline: "The kernel lacks a namespace that containers need",
		cause: "The running kernel was built without this kind of namespace, or the machine's provider switched it off.",
		fix: {
			text: "Run Docker on a kernel with all namespaces: the distribution's own, or another machine. The list shows what this one has.",
			commands: ["uname -r", "ls /proc/self/ns"],
			kind: "host",
		},
	}),
	"lxc-apparmor": () => ({
		headline: "AppArmor around the LXC container stops runc",
		cause:
			"The daemon runs in an LXC container. Since its security fix of November 2025 (1.3.3, 1.2.8), runc opens sysctls in a way that the AppArmor profile of an older LXC host denies. A newer Docker does not change that, and an older one brings the hole back.",
		fix: {
			text: `Update the outer host, not Docker: on Proxmox \`lxc-pve\` to 6.0.5-2 or newer, with Incus to 6.19 or newer. ${outer}`,
			commands: ["dpkg -s lxc-pve | grep Version   # on the Proxmox host", "incus version   # on the Incus host"],
			kind: "host",
			otherwise: {
				text: `Until then, let the outer container run without AppArmor. This weakens the wall between it and its host. On Incus, the same is \`raw.lxc: lxc.apparmor.profile=unconfined\`. ${outer}`,
				config: {
					file: "/etc/pve/lxc/<id>.conf on the Proxmox host",
					language: "yaml",
					text: "lxc.apparmor.profile: unconfined",
				},
				kind: "host",
			},
		},
	}),
	"sysctl-read-only": () => ({
		headline: "Kernel settings are read-only around Docker",
		cause:
			"The daemon runs in a container whose `/proc/sys` is read-only, so the runtime cannot set what a new container needs.",
		fix: {
			text: `Start the daemon's own container with \`privileged: true\`, as Docker-in-Docker needs, or allow nesting if it is LXC. ${outer}`,
			commands: ["findmnt /proc/sys   # where the daemon runs", "systemd-detect-virt --container"],
			kind: "host",
		},
	}),
	openat2: () => ({
		headline: "runc may not use the system call `openat2`",
		cause:
			"Since its security fix of November 2025, runc needs `openat2`. The kernel is older than Linux 5.6, or the seccomp filter of a container around the daemon does not know the call.",
		fix: {
			text: "Find out which of the two it is. A newer kernel, or newer packages of the outer host, end it. An older runc brings the hole back.",
			commands: ["uname -r", "grep Seccomp /proc/1/status   # where the daemon runs; 2: a filter is on"],
			kind: "host",
		},
	}),
	"lxc-nesting": () => ({
		headline: "The outer container does not allow nesting",
		cause: "The daemon runs in an LXC container that may not load AppArmor profiles of its own.",
		fix: {
			text: `Switch nesting on for the outer container. On Proxmox: Options, Features, Nesting. With Incus or LXD, it is \`security.nesting\`. ${outer}`,
			config: {
				file: "/etc/pve/lxc/<id>.conf on the Proxmox host",
				language: "yaml",
				text: "features: nesting=1,keyctl=1",
			},
			kind: "host",
		},
	}),
	apparmor: () => ({
		headline: "Docker cannot load its AppArmor profile",
		cause: "The kernel has AppArmor, but the daemon could not load or apply the profile for containers.",
		fix: {
			text: `Install AppArmor's tools, and see that its service is well. ${stopsContainers}`,
			commands: ["sudo apt-get install apparmor", "systemctl status apparmor --no-pager", restart],
			kind: "host",
		},
	}),
	"nested-mount": () => ({
		headline: "The container around Docker allows no mounts",
		cause: "The daemon runs in a container itself, and may not mount what each container needs.",
		fix: {
			text: `Give the outer container the right to nest: LXC with \`nesting=1\`, Docker-in-Docker with \`privileged: true\` for the daemon's own container. ${outer}`,
			kind: "host",
		},
	}),
	"cgroup-devices": () => ({
		headline: "Docker may not set device rules of control groups",
		cause:
			"The kernel denies the BPF program or the device rules by which the runtime limits devices: the daemon has not enough rights, as in an unprivileged outer container, or the kernel is too old for cgroup v2.",
		fix: {
			text: "If the daemon runs in a container, allow nesting there. If the machine just moved to cgroup v2, it needs Linux 5.2 or newer. The commands show both.",
			commands: ["uname -r", "stat -fc %T /sys/fs/cgroup", "systemd-detect-virt --container"],
			kind: "host",
		},
	}),
	"cgroup-systemd": () => ({
		headline: "systemd does not make a control group for Docker",
		cause: "The daemon asks systemd for the container's control group, and systemd denies it or does not answer.",
		fix: {
			text: `Find out what systemd answers. If no systemd runs there, as in a container, have Docker make the groups itself. ${stopsContainers}`,
			config: {
				file: "/etc/docker/daemon.json",
				language: "json",
				text: '{ "exec-opts": ["native.cgroupdriver=cgroupfs"] }',
			},
			commands: ["systemctl is-system-running", log, restart],
			kind: "host",
		},
	}),
	"cgroup-missing": () => ({
		headline: "Docker finds no control groups",
		cause: "A control group file system that the runtime needs is not mounted where the daemon runs.",
		fix: {
			text: "Mount control groups where the daemon runs: cgroup v2 at `/sys/fs/cgroup`, or start the outer container with `--cgroupns=host` and `/sys/fs/cgroup`.",
			commands: ["findmnt -t cgroup,cgroup2", "cat /proc/filesystems | grep cgroup"],
			kind: "host",
		},
	}),
	"cgroup-limit": () => ({
		headline: "The kernel has no room for another control group",
		cause: "Control groups of containers that ended are kept, up to the kernel's limit.",
		fix: {
			text: "See how many there are. Containers of ended jobs, and a reboot, free them. A reboot ends all jobs on this machine: first see in the forge that its runners are idle.",
			commands: ["cat /proc/cgroups", "docker ps --all --quiet | wc -l"],
			kind: "host",
		},
	}),
	cgroup: () => ({
		headline: "Docker may not make a control group",
		cause: "The control groups where the daemon runs are read-only, not delegated to it, or hold its own processes.",
		fix: {
			text: "If the daemon runs in a container, start that one with a control group namespace of its own (`--cgroupns=private`) and the right to write there. In LXC, allow nesting. For a rootless daemon, delegate the controllers to its user (`Delegate=yes`).",
			commands: ["cat /proc/self/cgroup", "findmnt -t cgroup,cgroup2", "cat /sys/fs/cgroup/cgroup.controllers"],
			kind: "host",
		},
	}),
	keys: () => ({
		headline: "The kernel's quota of keys is used up",
		cause: "Each container takes a session key, and this user has as many as the kernel allows, or may have none.",
		fix: {
			text: "Raise the quota. In an unprivileged LXC container, set it on the outer host, and `keyctl=1` among the container's features.",
			commands: ["cat /proc/key-users", "sudo sysctl -w kernel.keys.maxkeys=2000 kernel.keys.maxbytes=200000"],
			kind: "host",
		},
	}),
	rlimits: () => ({
		headline: "A limit for containers is above the daemon's own",
		cause: "The daemon may not give a container a higher limit than it has itself.",
		fix: {
			text: "Lower `default-ulimits` in `/etc/docker/daemon.json`, or raise the limit of the daemon's service or of the container around it.",
			commands: ["cat /etc/docker/daemon.json", 'cat /proc/"$(pidof dockerd)"/limits'],
			kind: "host",
		},
	}),
	"no-pivot": () => ({
		headline: "Docker's data is on the initial RAM disk",
		cause:
			"The root file system is the initial RAM disk, from which the runtime cannot change the root of a container.",
		fix: {
			text: `Keep Docker's data on another file system (\`data-root\`), or set \`DOCKER_RAMDISK=true\` for the daemon. ${stopsContainers}`,
			commands: ["findmnt --target /var/lib/docker"],
			kind: "host",
		},
	}),
	"user-namespaces": () => ({
		headline: "The kernel denies Docker a new namespace",
		cause: "The daemon may not make the namespaces of a container: user namespaces are restricted, or used up.",
		fix: {
			text: "See which limit it is. A rootless daemon needs user namespaces, and subordinate ids for its user. In a container, the outer one has to allow them.",
			commands: [
				"sysctl user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns",
				"cat /etc/subuid /etc/subgid",
			],
			kind: "host",
		},
	}),
	selinux: () => ({
		headline: "SELinux stops Docker from starting a container",
		cause: "The runtime may not set the SELinux label of the container.",
		fix: {
			text: "Install the policy for containers, and see what was denied.",
			commands: ["sudo dnf install container-selinux", "sudo ausearch -m avc -ts recent"],
			kind: "host",
		},
	}),
	libseccomp: () => ({
		headline: "libseccomp is older than runc needs",
		cause: "runc calls a function that the library libseccomp on the daemon's machine does not have yet.",
		fix: {
			text: "Install a newer libseccomp from the distribution: 2.5 or newer, as current packages of runc need it. Running containers go on.",
			commands: [
				"sudo apt-get install --only-upgrade libseccomp2   # Debian, Ubuntu",
				"sudo dnf upgrade libseccomp   # Fedora, Red Hat",
			],
			kind: "host",
		},
	}),
	seccomp: () => ({
		headline: "The kernel does not take Docker's seccomp filter",
		cause: "The runtime could not load the filter of system calls.",
		fix: {
			text: "See whether kernel and outer container allow seccomp filters, and which profile the daemon uses.",
			commands: ["grep Seccomp /proc/self/status", "docker info --format '{{.SecurityOptions}}'", log],
			kind: "host",
		},
	}),
	"runtime-missing": (subject) => ({
		headline: "A program that starts containers is missing",
		cause: `The daemon is set up for a runtime that is not installed${subject === undefined ? "" : `: ${code(cut(subject))}`}.`,
		fix: {
			text: `Install the runtime, or take it out of \`runtimes\` and \`default-runtime\` in \`/etc/docker/daemon.json\`. ${stopsContainers}`,
			commands: [
				"docker info --format '{{.DefaultRuntime}} {{.Runtimes}}'",
				"command -v runc containerd-shim-runc-v2",
				"cat /etc/docker/daemon.json",
				restart,
			],
			kind: "host",
		},
	}),
	"nvidia-runtime": () => ({
		headline: "NVIDIA's runtime fails for every container",
		cause: "The daemon's default runtime is NVIDIA's, and it does not find a working driver.",
		fix: {
			text: `Repair the driver on the daemon's machine. If it has no GPU, make \`runc\` the default runtime again in \`/etc/docker/daemon.json\`. ${stopsContainers}`,
			commands: ["nvidia-smi", "docker info --format '{{.DefaultRuntime}}'", "nvidia-container-cli --load-kmods info"],
			kind: "host",
		},
	}),
	"log-driver": (subject) => ({
		headline: "Docker's log driver does not work",
		cause: `The daemon gives every container a log driver that it cannot start${subject === undefined ? "" : `: ${code(cut(subject))}`}.`,
		fix: {
			text: `Install and start what the log driver needs, such as journald or a plugin, or change \`log-driver\` in \`/etc/docker/daemon.json\` to \`local\`. ${stopsContainers}`,
			commands: [
				"docker info --format '{{.LoggingDriver}}'",
				"docker plugin ls",
				"grep -n log- /etc/docker/daemon.json",
				restart,
			],
			kind: "host",
		},
	}),
	containerd: () => ({
		headline: "containerd does not answer Docker",
		cause:
			"The daemon answers, but containerd, which starts containers for it, is not running or was replaced while it ran.",
		fix: {
			text: `See what became of containerd, and start it and the daemon again. ${stopsContainers}`,
			commands: ["systemctl status containerd --no-pager", log, "sudo systemctl restart containerd docker"],
			kind: "host",
		},
	}),
	"bridge-full": () => ({
		headline: "The network's bridge holds no more containers",
		cause:
			"A bridge of the kernel has room for 1,023 containers, and this network has as many, running or left behind.",
		fix: {
			text: "See which containers are left over, and remove those that no job uses. If all of them are needed, spread them over several networks.",
			commands: ["docker ps --all --size=false", "ls /sys/class/net | grep -c ^veth", "docker network ls"],
			kind: "host",
		},
	}),
	"network-kernel": () => ({
		headline: "The kernel cannot connect containers to a network",
		cause:
			"A kernel module for networks of containers (`veth`, `bridge`) cannot be loaded. Usually the kernel's package was updated, and the modules of the running kernel are gone.",
		fix: {
			text: "If the directory of the running kernel's modules is missing, reboot. A reboot ends all jobs on this machine: first see in the forge that its runners are idle.",
			commands: ['ls -d /lib/modules/"$(uname -r)"', "sudo modprobe veth", "sudo reboot"],
			kind: "host",
		},
	}),
	iptables: () => ({
		headline: "Docker's firewall rules are gone",
		cause:
			"The daemon cannot add the rules of a container: something flushed its chains, such as a firewall that was reloaded, or iptables is missing.",
		fix: {
			text: `Restart the daemon, which makes its chains again, and have the firewall start before it. ${stopsContainers}`,
			commands: ["sudo iptables -t nat -L DOCKER -n", restart],
			kind: "host",
		},
	}),
	"iptables-kernel": (subject) => {
		const [, six = "", table] = /^ip(6?)tables table .(\w+)$/.exec(subject ?? "") ?? [];
		const isRaw = table === "raw";
		const modules = table === undefined ? "nf_tables nft_compat nft_chain_nat xt_addrtype" : `ip${six}table_${table}`;
		return {
			headline: "The kernel lacks modules of iptables that Docker needs",
			cause: `The daemon adds a firewall rule${table === undefined ? "" : ` to the table ${code(table)}`} that this kernel has no module for.${isRaw ? " Docker 28 and newer need this table." : ""}`,
			fix: {
				text: "Load the modules, on the outer host if the daemon runs in a container. If the directory of the running kernel's modules is missing, a reboot brings them back. It ends all jobs on this machine: first see in the forge that its runners are idle.",
				commands: ['ls -d /lib/modules/"$(uname -r)"', `sudo modprobe -a ${modules}`],
				kind: "host",
				...(isRaw && { otherwise: withoutRaw }),
				...(table === undefined && { otherwise: legacyTables }),
			},
		};
	},
	architecture: () => ({
		headline: "The image is for another processor",
		cause: "The kernel cannot start the programs of this image: they were built for another architecture.",
		fix: {
			text: "Compare the two, and pull the image for this machine. To run foreign images, register QEMU's interpreters (binfmt).",
			commands: [
				"uname -m",
				"docker image ls --quiet | xargs docker image inspect --format '{{.Architecture}} {{.RepoTags}}'",
			],
			kind: "host",
		},
	}),
	noexec: () => ({
		headline: "Programs in containers may not be started",
		cause:
			"The image has the program, but the kernel denies its start. Docker's data directory is mounted with `noexec`, or SELinux or AppArmor forbids it.",
		fix: {
			text: "See how the directory is mounted, and take `noexec` away in `/etc/fstab` and from the mount. If it is not there, look for denials in the kernel's log.",
			commands: [
				'findmnt --target "$(docker info --format "{{.DockerRootDir}}")"',
				"sudo dmesg | grep -iE 'apparmor|avc' | tail -n 20",
			],
			kind: "host",
		},
	}),
	"address-pool": () => ({
		headline: "Docker's network has no address left",
		cause:
			"Each container of this network takes an address, and none is free. Containers and networks of old jobs keep theirs.",
		fix: {
			text: "See what is left over. The runner's networks are named after its jobs.",
			commands: ["docker ps --all --size=false", "docker network ls"],
			kind: "host",
		},
	}),
	overlay: () => ({
		headline: "Docker cannot mount a container's file system",
		cause:
			"The kernel denies the overlay mount: the data directory is on a file system that does not support it, or the daemon runs in a container without the rights.",
		fix: {
			text: "Keep Docker's data on ext4 or on XFS with `ftype=1`: for Docker-in-Docker, in a volume. In an unprivileged container, `fuse-overlayfs` is the storage driver that works.",
			commands: [
				"docker info --format '{{.Driver}} {{.DriverStatus}}'",
				'findmnt --target "$(docker info --format "{{.DockerRootDir}}")"',
			],
			kind: "host",
		},
	}),
	"no-space": () => ({
		headline: "A disk that Docker writes to is full",
		cause: "The daemon could not write what a new container needs.",
		fix: {
			text: `See which disk is full. Then remove images that are unused and older than a week. ${pruningLoses("docker")}`,
			commands: [
				"df -h /var/lib/docker /run /tmp; df -i /var/lib/docker",
				"docker system df",
				"docker image prune --all --filter until=168h",
			],
			kind: "host",
		},
	}),
	"read-only": () => ({
		headline: "A file system that Docker writes to is read-only",
		cause: "The daemon cannot write to its directories. A disk with errors is made read-only by the kernel.",
		fix: {
			text: "See how it is mounted, and what the kernel said about the disk.",
			commands: ["findmnt --target /var/lib/docker", "sudo dmesg --level=err,warn | tail -n 20"],
			kind: "host",
		},
	}),
	"no-process": () => ({
		headline: "The daemon's machine is out of processes or memory",
		cause: "The kernel denies the daemon another process or more memory.",
		fix: {
			text: "See what uses them. `TasksMax=` of the Docker service and `kernel.pid_max` limit processes.",
			commands: [
				"free -m",
				"ps -eo user= | sort | uniq -c | sort -rn | head",
				"systemctl show docker --property TasksCurrent,TasksMax",
			],
			kind: "host",
		},
	}),
};
