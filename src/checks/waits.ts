import { own } from "../own.ts";
import { code, shellQuote } from "./text.ts";

/** What a probe waits for, so that a timeout can say who did not answer. */
export interface Wait {
	/** What has to answer, as the end of a sentence: "the Docker daemon". */
	readonly for: string;
	/** What jobs see if it does not. */
	readonly why: string;
	/** What usually hangs there. */
	readonly cause: string;
	/** The same question by hand, for a shell on the runner. */
	readonly commands: readonly string[];
}

const daemonCause =
	"Usual causes are a daemon that is overloaded or deadlocked, a storage disk that does not answer, and a proxy in front of the socket.";
const daemonWhy = "Every `docker` command of a job hangs in the same way, and a runner cannot start job containers.";
const daemonLog = "sudo journalctl --unit docker --since -10min | tail -n 50";
const mountCause =
	"Usual causes are a network file system (NFS, SMB, FUSE) whose server is gone, and a disk with I/O errors.";
const mountLook = "findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs";

function files(what: string, why: string, ...paths: readonly string[]): Wait {
	return {
		for: what,
		why,
		cause: mountCause,
		commands: [...paths.map((path) => `timeout 5 ls -ld ${path}`), mountLook],
	};
}

function kernel(what: string, why: string, path: string): Wait {
	return {
		for: what,
		why,
		cause:
			"The kernel answers at once unless the machine is overloaded: look for a full CPU, swapping, or a stopped control group.",
		commands: [`timeout 5 head -n 5 ${path}`, "uptime", "free -m"],
	};
}

const toolCause =
	"Usual causes are a wrapper that asks the network for a release, a lock that another job holds, and a program on a file system that does not answer.";

const waits: Readonly<Record<string, Wait>> = {
	account: kernel("this process's user and groups", "Jobs run as this user.", "/proc/self/status"),
	"cache-server": {
		for: "the runner's cache server",
		why: "Every `actions/cache` step waits for it in the same way, then goes on without a cache.",
		cause:
			"Usual causes are a firewall that drops packets from job containers, and `cache.host` with an address that they cannot reach.",
		commands: ['curl --max-time 10 --verbose "$ACTIONS_CACHE_URL"'],
	},
	cgroups: kernel(
		"the control groups of this process",
		"Limits on memory and CPUs decide how much a job gets.",
		"/proc/self/cgroup",
	),
	container: kernel(
		"the kernel's description of this process",
		"It decides whether the job is isolated from the machine, and which fixes apply.",
		"/proc/self/mountinfo",
	),
	cpu: kernel("the kernel's list of CPUs", "Builds start as many processes as they find CPUs.", "/proc/self/status"),
	disks: files(
		"the disks of the profile",
		"Every step that uses such a disk hangs in the same way.",
		'"$PWD"',
		'"$HOME"',
		"/tmp",
	),
	"docker-cli": {
		for: "`docker version`",
		why: "Every `docker` command of a job hangs in the same way.",
		cause: "Usual causes are a daemon that does not answer, and a CLI plugin on a file system that does not answer.",
		commands: ["timeout 10 docker --version", "timeout 10 docker version"],
	},
	"docker-client": files(
		"the Docker CLI's configuration and the directories of PATH",
		"Every `docker` command of a job reads its configuration first.",
		'"${DOCKER_CONFIG:-$HOME/.docker}"',
	),
	"docker-endpoint": files(
		"the Docker CLI's configuration",
		"Every `docker` command of a job reads it first.",
		'"${DOCKER_CONFIG:-$HOME/.docker}"',
	),
	"docker-engine": {
		for: "the Docker daemon",
		why: daemonWhy,
		cause: daemonCause,
		commands: ["timeout 10 docker version", daemonLog],
	},
	"docker-other-sockets": {
		for: "the daemons behind the other Docker sockets",
		why: "A daemon that hangs exists all the same: a job that reaches it controls the machine.",
		cause: daemonCause,
		commands: [
			"ls -l /var/run/docker.sock /run/podman/podman.sock",
			"timeout 10 docker --host unix:///var/run/docker.sock version",
		],
	},
	"docker-socket": files(
		"the Docker socket's directory",
		"Every `docker` command of a job opens this socket first.",
		"/var/run/docker.sock",
	),
	"docker-storage": {
		for: "the Docker daemon's storage",
		why: "If its disk is full, pulls and builds of jobs fail with `no space left on device`.",
		cause: daemonCause,
		commands: ["timeout 60 docker system df", daemonLog],
	},
	forge: {
		for: "the forge",
		why: "Checkouts, artifacts and the job's own status go to this server.",
		cause:
			"Usual causes are a firewall that drops packets, DNS that does not answer, and a forge that is restarting or overloaded.",
		commands: ['curl --max-time 10 --verbose --output /dev/null "$GITHUB_SERVER_URL"'],
	},
	"git-workspace": files("the workspace and git", "git works in the workspace in most steps of a job.", '"$PWD"'),
	"gpu-request": {
		for: "the Docker daemon's answer about GPUs",
		why: "It says whether this job's container was given a GPU.",
		cause: daemonCause,
		commands: ["timeout 10 docker info", daemonLog],
	},
	job: files("the event file of this job", "It says whether this run comes from a fork.", '"$GITHUB_EVENT_PATH"'),
	"labelled-tools": {
		for: "the versions of the tools that the image names",
		why: "Steps that call such a tool hang in the same way.",
		cause: toolCause,
		commands: ["timeout 10 rustc --version", "timeout 10 node --version"],
	},
	"gpu-holders": {
		for: "the list of programs that use the GPU",
		why: "Programs that use the GPU hang in the same way.",
		cause: "Usual causes are a GPU that fell off the bus, and a driver that was updated without a reboot.",
		commands: ["timeout 60 nvidia-smi --query-compute-apps=pid,process_name --format=csv"],
	},
	limits: kernel(
		"the limits of this process",
		"A job with too few open files fails in the middle.",
		"/proc/self/limits",
	),
	memory: kernel("the kernel's count of memory", "A job with too little memory is killed.", "/proc/meminfo"),
	mounts: kernel(
		"the list of mounts",
		"A process that touches a mount that does not answer hangs.",
		"/proc/self/mountinfo",
	),
	"node-runtime": kernel("the Node that runs this", "Every JavaScript action runs on it.", "/proc/self/status"),
	nvidia: {
		for: "`nvidia-smi`",
		why: "Programs that use the GPU hang in the same way.",
		cause:
			"Usual causes are a GPU that fell off the bus, a driver that was updated without a reboot, and a machine with many GPUs without persistence mode.",
		commands: ["timeout 60 nvidia-smi", "sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"],
	},
	os: files("the name of this system", "It decides which fixes apply.", "/etc/os-release", "/etc/passwd"),
	"profile-choice": kernel("the choice of the profile", "The profile says what is checked.", "/proc/self/status"),
	links: kernel("the network interfaces", "Their MTU decides which packets get through.", "/proc/net/route"),
	"proxy-reach": {
		for: "the proxy",
		why: "Every request that goes through it waits in the same way.",
		cause: "Usual causes are a firewall that drops packets, DNS that does not answer, and a proxy that is overloaded.",
		commands: ['curl --max-time 10 --verbose --output /dev/null "$GITHUB_SERVER_URL"'],
	},
	proxy: kernel("the proxy variables", "Every request of a job may go through the proxy.", "/proc/self/status"),
	registration: files(
		"the runner's registration file",
		"Anyone who reads it can impersonate this runner and receive its jobs and their secrets.",
		'"$HOME"',
		"/data",
		"/var/lib/gitea-runner",
	),
	"runner-config": files(
		"the runner's configuration",
		"The runner reads it at every start.",
		"/etc/systemd/system",
		"/etc/gitea-runner",
	),
	rust: files(
		"the directories of cargo and rustup",
		"`cargo` and `rustc` hang in the same way.",
		'"${CARGO_HOME:-$HOME/.cargo}"',
		'"${RUSTUP_HOME:-$HOME/.rustup}"',
	),
	"rust-build": files(
		"cargo's configuration, and the directories of PATH",
		"`cargo` hangs in the same way.",
		'"$GITHUB_WORKSPACE/.cargo"',
		'"${CARGO_HOME:-$HOME/.cargo}"',
	),
	"self-container": {
		for: "the Docker daemon's description of this container",
		why: daemonWhy,
		cause: daemonCause,
		commands: ['timeout 10 docker inspect "$(hostname)"', daemonLog],
	},
	shm: files("the size of `/dev/shm`", "Browsers and databases in jobs use shared memory.", "/dev/shm"),
	"space-users": files(
		"the sizes of what fills the disk",
		"A full disk stops every build.",
		'"$PWD"',
		'"$HOME"',
		"/tmp",
	),
	smoke: {
		for: "the container that `smoke` starts",
		why: "Containers that a job starts hang in the same way.",
		cause: "Usual causes are a daemon under load and a slow disk: a start takes some seconds there.",
		commands: ["docker ps --all --last 5", daemonLog],
	},
	"smoke-image": {
		for: "the list of images",
		why: daemonWhy,
		cause: daemonCause,
		commands: ["timeout 10 docker image ls", daemonLog],
	},
	"smoke-steps": {
		for: "the work that `smoke` does",
		why: "The same work hangs in a job.",
		cause: "Usual causes are a machine under load, a file system that does not answer, and a daemon that does not.",
		commands: ["uptime", "docker ps --all --last 5"],
	},
	"socket-mount": kernel(
		"the mounts of this process",
		"They say how the Docker socket got into this job.",
		"/proc/self/mountinfo",
	),
	"tool-cache": files(
		"the tool cache",
		"Every `setup-*` action of a job hangs in the same way.",
		'"${RUNNER_TOOL_CACHE:-/opt/hostedtoolcache}"',
	),
	workflows: files("the workflow files", "They say which labels the jobs ask for.", ".gitea/workflows"),
	writable: files(
		"the directories that jobs write to",
		"Every step that writes there hangs in the same way.",
		'"$PWD"',
		'"$HOME"',
		"/tmp",
	),
};

/** What the probe of that name waits for. Probes of a family have their tool, registry or service in the name. */
export function waitOf(probe: string): Wait {
	const known = own(waits, probe);
	if (known) return known;
	const colon = probe.indexOf(":");
	const family = probe.slice(0, Math.max(0, colon));
	const name = probe.slice(colon + 1);
	switch (family) {
		case "tool":
			return {
				for: code(name),
				why: `Every step that calls ${code(name)} hangs in the same way.`,
				cause: toolCause,
				commands: [`command -v ${shellQuote(name)}`, `time timeout 60 ${shellQuote(name)} --version`],
			};
		case "registry":
			return {
				for: `the registry ${code(name)}`,
				why: "Pulls from it hang in the same way, and jobs fail in their setup.",
				cause: "Usual causes are a firewall that drops packets, DNS that does not answer, and a wrong proxy.",
				commands: [`curl --max-time 10 --verbose --output /dev/null ${shellQuote(`https://${name}/v2/`)}`],
			};
		case "service":
			return {
				for: `the service ${code(name)}`,
				why: "Steps that use it hang in the same way.",
				cause:
					"Usual causes are a service under load, a firewall that drops packets, and DNS that does not answer. Ask the address that the policy has for it with `curl --max-time 10`.",
				commands: [],
			};
		case "expect":
			return {
				for: `what the policy expects as ${code(name)}`,
				why: "Jobs that rely on it hang in the same way.",
				cause:
					"Usual causes are a command that waits for the network or a lock, and a file system that does not answer.",
				commands: [mountLook],
			};
		default:
			return kernel(`the probe ${code(probe)}`, "What it looks at is unknown.", "/proc/self/status");
	}
}

/** Does the probe of that name have words of its own? */
export function hasWait(probe: string): boolean {
	return own(waits, probe) !== undefined || /^(?:tool|registry|service|expect):/.test(probe);
}
