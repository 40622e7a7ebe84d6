import type { FileOutcome, Host, ReadOutcome } from "../host/host.ts";
import { fieldOf } from "./fields.ts";
import { isHealthCheckEnv } from "./job.ts";
import type { Probe } from "./probe.ts";

/** Whether this is a container or the host, and with which capabilities. */
export interface ContainerFacts {
	readonly mode: "container" | "host" | "unknown";
	/** What showed it: `JOB_CONTAINER_NAME`, `/run/.containerenv`, … */
	readonly witness: string;
	/**
	 * In host mode: the sign of a container in which the runner itself runs. A job with a `host` label, or the runner's health
	 * check, has no container of its own, but it sees the runner's container and not the machine.
	 */
	readonly insideContainer?: string;
	/** Effective capabilities as in /proc/self/status, hexadecimal; `undefined`: could not find out. */
	readonly capabilities?: string;
	/** The most that a process can get, even a setuid program. It shows `--privileged` to an ordinary user too. */
	readonly boundingCapabilities?: string;
	/** Names or ids by which the daemon may know this container, most reliable first. Empty on the host. */
	readonly names: readonly string[];
}

/** A sign of a container, and the container's id if the sign contains it. */
interface Sign {
	readonly witness: string;
	readonly id?: string;
}

/** A machine with thousands of mounts has a long mountinfo. The relevant mounts are among the first. */
const maxMountinfo = 256 * 1024;

/**
 * Source: JOB_CONTAINER_NAME, /run/.containerenv, /proc/self/cgroup, /proc/self/mountinfo and GITHUB_EVENT_PATH, in this order;
 * any may be missing. Not /.dockerenv, which machines made from images have too. System containers (LXC, systemd-nspawn) count as machines,
 * because that is how their owners use them.
 */
export const containerProbe = {
	name: "container",
	async collect(host: Host): Promise<ContainerFacts> {
		const { env } = host;
		const [containerenv, cgroup, mountinfo, status] = await Promise.all([
			host.lstat("/run/.containerenv"),
			host.readText("/proc/self/cgroup"),
			host.readText("/proc/self/mountinfo", maxMountinfo),
			host.readText("/proc/self/status"),
		]);
		const byHostMode = runnersPlace(env);
		// A runner that was started in a job container passes that container's name on to its jobs in host mode.
		const containerName = byHostMode === undefined ? env.JOB_CONTAINER_NAME?.trim() : undefined;
		const byCgroup = cgroupSign(textOf(cgroup));
		const byMounts = mountSign(textOf(mountinfo));
		const sign =
			signIf(Boolean(containerName), "JOB_CONTAINER_NAME") ??
			signIf(isThere(containerenv), "/run/.containerenv") ??
			byCgroup ??
			byMounts ??
			signIf(env.GITHUB_EVENT_PATH?.startsWith("/var/run/act/") === true, "GITHUB_EVENT_PATH is below /var/run/act/");

		// A private cgroup namespace shows `/`, in a container too: only a real path proves anything.
		const isDescribed = mountinfo.kind === "ok" || /^\d+:[^:]*:\/./m.test(textOf(cgroup));
		const unread = [
			...(containerenv.kind === "unreadable" ? ["/run/.containerenv"] : []),
			...(isDescribed ? [] : ["/proc/self/cgroup and /proc/self/mountinfo"]),
		];
		const mode = modeOf(byHostMode, sign, host.platform, unread);
		const names = [containerName, byCgroup?.id, byMounts?.id, host.hostname];
		const capabilities = capability("CapEff", textOf(status));
		const boundingCapabilities = capability("CapBnd", textOf(status));
		return {
			...mode,
			...(mode.mode === "host" && sign && { insideContainer: sign.witness }),
			...(capabilities !== undefined && { capabilities }),
			...(boundingCapabilities !== undefined && { boundingCapabilities }),
			names: mode.mode === "host" ? [] : [...new Set(names.filter(isContainerName))],
		};
	},
} satisfies Probe<ContainerFacts>;

/**
 * The runner's own mode decides, then a sign of a container. `host` needs proof: the files could be read and showed no
 * container.
 */
function modeOf(
	byHostMode: string | undefined,
	sign: Sign | undefined,
	platform: string,
	unread: readonly string[],
): Pick<ContainerFacts, "mode" | "witness"> {
	if (byHostMode !== undefined) return { mode: "host", witness: byHostMode };
	if (sign) return { mode: "container", witness: sign.witness };
	if (platform !== "linux") return { mode: "host", witness: `platform ${platform}` };
	if (unread.length === 0)
		return { mode: "host", witness: "no sign of a container in /proc/self/cgroup and /proc/self/mountinfo" };
	return { mode: "unknown", witness: `${unread.join(", ")} cannot be read` };
}

/** The runner's health check runs in the runner's own place, like a job in host mode. */
function runnersPlace(env: Host["env"]): string | undefined {
	return isHealthCheckEnv(env) ? "GITEA_RUNNER_HEALTH_CHECK: the runner's own process" : hostModeSign(env);
}

/** Paths that exist in host mode only: `<16 hex>/hostexecutor`, `<16 hex>/act/workflow/event.json`. */
function hostModeSign(env: Host["env"]): string | undefined {
	if (/\/[0-9a-f]{16}\/hostexecutor(?:\/|$)/.test(env.GITHUB_WORKSPACE ?? ""))
		return "GITHUB_WORKSPACE is a host-mode path";
	if (/\/[0-9a-f]{16}\/act\/workflow\/event\.json$/.test(env.GITHUB_EVENT_PATH ?? ""))
		return "GITHUB_EVENT_PATH is a host-mode path";
	return undefined;
}

/**
 * A container engine names the group after the container: `/docker/<id>`, `docker-<id>.scope`, `libpod-<id>.scope`,
 * `/kubepods/…/<id>`. In a nested container the innermost comes last. A private cgroup namespace shows `/` only.
 */
function cgroupSign(cgroup: string): Sign | undefined {
	for (const line of cgroup.split("\n")) {
		const path = line.split(":").slice(2).join(":");
		// conmon monitors a container from the outside.
		if (path.includes("conmon")) continue;
		// cgroup v1 has a line for each controller, and most are short.
		const ids = path.length < 64 ? [] : [...path.matchAll(/(?:^|[/-])([0-9a-f]{64})(?=[./]|$)/g)];
		const id = ids[ids.length - 1]?.[1];
		if (id !== undefined) return { witness: "/proc/self/cgroup", id };
		if (path.includes("/kubepods") || path.includes("/docker/")) return { witness: "/proc/self/cgroup" };
	}
	return undefined;
}

/** Files that an engine mounts over those of the image. */
const managedFiles = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];
/** Layers of a live system, or of a host with a read-only root: an overlay at `/` without a container. */
const hostLayers = /squashfs|root-ro|root-rw|rofs|\/cow\b|\/live\b|overlayroot/;

/** An overlay at `/`: the layers of a container, unless it is known to be a host's. `mount` is `type source super-options`. */
function isOverlayOfContainer(mount: string): boolean {
	return /^(?:fuse\.fuse-)?overlay(?:fs)?\b/.test(mount) && !hostLayers.test(mount) && !isComposefs(mount);
}

/**
 * Fedora CoreOS, OpenShift and bootc boot from a composefs, under its own name or as an overlay without an upper layer. A
 * container has an upper layer even if it is read-only, which is an option of its mount.
 */
function isComposefs(mount: string): boolean {
	const [, source = "", options = ""] = mount.split(" ");
	if (source.startsWith("composefs")) return true;
	// Without an upper layer, the kernel makes it `ro`. gVisor lists no layers at all, so that proves nothing.
	return /^ro,(?:.*,)?lowerdir\+?=/.test(options) && !options.includes("upperdir=");
}

/** Lines are `id parent major:minor root mount-point options … - type source super-options`. */
function mountSign(mountinfo: string): Sign | undefined {
	let root: Sign | undefined;
	for (const line of mountinfo.split("\n")) {
		const [before = "", after = ""] = line.split(" - ");
		const [, , , source = "", target = ""] = before.split(" ");
		if (managedFiles.includes(target)) {
			const id = /\/(?:overlay-)?containers\/([0-9a-f]{64})\//.exec(source)?.[1];
			if (id !== undefined) return { witness: `mount of ${target}`, id };
			if (/\/(?:kubelet\/pods|sandboxes)\//.test(source)) return { witness: `mount of ${target}` };
		}
		if (target !== "/") continue;
		const overlay = isOverlayOfContainer(after);
		const layer = /\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.test(source);
		if (overlay || layer)
			root = { witness: overlay ? "overlay root in /proc/self/mountinfo" : "root in /proc/self/mountinfo" };
	}
	return root;
}

/** `CapEff:	00000000a80425fb` -> `00000000a80425fb` */
function capability(name: "CapEff" | "CapBnd", status: string): string | undefined {
	const value = fieldOf(status, `${name}:`)?.toLowerCase() ?? "";
	return /^[0-9a-f]{1,16}$/.test(value) ? value : undefined;
}

/** Only what a daemon accepts in a path of its API. */
function isContainerName(name: string | undefined): name is string {
	return name !== undefined && name.length <= 200 && /^[a-z0-9][\w.-]*$/i.test(name);
}

function isThere(outcome: FileOutcome): boolean {
	return outcome.kind !== "absent" && outcome.kind !== "unreadable";
}

function signIf(condition: boolean, witness: string): Sign | undefined {
	return condition ? { witness } : undefined;
}

function textOf(outcome: ReadOutcome<string>): string {
	return outcome.kind === "ok" ? outcome.value : "";
}
