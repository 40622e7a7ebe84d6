import { describe, expect, test } from "vitest";
import { containerProbe } from "../../src/probes/container.ts";
import { collect } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const id = "4f1c0a9d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c3b2a10";
const other = `${"0".repeat(63)}1`;
const jobName = "GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder";

/** /proc of a plain machine: ext4 at `/`, a systemd service. */
const machine = {
	"/proc/self/cgroup": "0::/system.slice/gitea-runner.service\n",
	"/proc/self/mountinfo": [
		"22 27 0:21 / /proc rw,relatime - proc proc rw",
		"27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard",
		`90 27 0:50 / /var/lib/docker/overlay2/${id}/merged rw,relatime shared:2 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A`,
		`91 27 0:51 / /var/lib/docker/containers/${id}/mounts/shm rw shared:3 - tmpfs shm rw,size=65536k`,
	].join("\n"),
};
const status = (capEff: string, capBnd = capEff) =>
	`Name:\tnode\nCapInh:\t0000000000000000\nCapEff:\t${capEff}\nCapBnd:\t${capBnd}\nSeccomp:\t2\n`;
const mounts = (source: string, target = "/etc/hosts") =>
	`734 667 0:70 / / rw,relatime - btrfs /dev/sda2 rw\n760 734 259:2 ${source} ${target} rw,relatime - ext4 /dev/sda2 rw`;

const look = (files: Record<string, string | ReturnType<typeof file>>, rest: FakeMachine = {}) =>
	collect(containerProbe, createHost({ files, ...rest }));

describe("the runner's health check", () => {
	const env = { GITEA_ACTIONS: "true", GITEA_RUNNER_HEALTH_CHECK: "true" };

	test("on the host is on the host", async () => {
		const facts = await look(machine, { env });
		expect(facts).toMatchObject({ mode: "host", names: [] });
		expect(facts).not.toHaveProperty("insideContainer");
	});

	test("in a container is in the runner's own container, and in no job's", async () => {
		const facts = await look({ "/run/.containerenv": "" }, { env: { ...env, JOB_CONTAINER_NAME: jobName } });
		expect(facts).toMatchObject({ mode: "host", insideContainer: "/run/.containerenv", names: [] });
	});
});

describe("container", () => {
	test.each<[string, FakeMachine, string]>([
		["by JOB_CONTAINER_NAME", { env: { JOB_CONTAINER_NAME: jobName } }, "JOB_CONTAINER_NAME"],
		["by /run/.containerenv", { files: { "/run/.containerenv": file() } }, "/run/.containerenv"],
		["by cgroup v1", { files: { "/proc/self/cgroup": `12:pids:/docker/${id}\n0::/` } }, "/proc/self/cgroup"],
		[
			"by cgroup v2 of the host's namespace",
			{ files: { "/proc/self/cgroup": `0::/system.slice/docker-${id}.scope` } },
			"/proc/self/cgroup",
		],
		[
			"by podman's cgroup",
			{ files: { "/proc/self/cgroup": `0::/user.slice/user-1000.slice/libpod-${id}.scope/container` } },
			"/proc/self/cgroup",
		],
		["by a pod's cgroup", { files: { "/proc/self/cgroup": "0::/kubepods/burstable/pod1/x" } }, "/proc/self/cgroup"],
		[
			"by Docker's mounts",
			{ files: { "/proc/self/mountinfo": mounts(`/var/lib/docker/containers/${id}/hosts`) } },
			"mount of /etc/hosts",
		],
		[
			"by podman's mounts",
			{
				files: {
					"/proc/self/mountinfo": mounts(`/containers/overlay-containers/${id}/userdata/hostname`, "/etc/hostname"),
				},
			},
			"mount of /etc/hostname",
		],
		[
			"by a pod's mounts",
			{ files: { "/proc/self/mountinfo": mounts("/var/lib/kubelet/pods/1c/etc-hosts") } },
			"mount of /etc/hosts",
		],
		[
			"by an overlay at /",
			{
				files: {
					"/proc/self/mountinfo": "734 667 0:70 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A:B",
				},
			},
			"overlay root in /proc/self/mountinfo",
		],
		[
			"by rootless podman's overlay at /",
			{ files: { "/proc/self/mountinfo": "734 667 0:70 / / rw - fuse.fuse-overlayfs fuse-overlayfs rw,user_id=0" } },
			"overlay root in /proc/self/mountinfo",
		],
		[
			"by a layer at /, with the vfs driver",
			{ files: { "/proc/self/mountinfo": `734 667 8:1 /var/lib/docker/vfs/dir/${id} / rw - ext4 /dev/sda1 rw` } },
			"root in /proc/self/mountinfo",
		],
		[
			"by the event's path",
			{ env: { GITHUB_EVENT_PATH: "/var/run/act/workflow/event.json" } },
			"GITHUB_EVENT_PATH is below /var/run/act/",
		],
		[
			"by an overlay at / that is write-protected",
			{ files: { "/proc/self/mountinfo": "734 667 0:70 / / ro - overlay overlay rw,lowerdir=/l/A:/l/B,upperdir=/u" } },
			"overlay root in /proc/self/mountinfo",
		],
		[
			"by an overlay at / whose layers are not told",
			{ files: { "/proc/self/mountinfo": "1 0 0:12 / / ro - overlay none ro" } },
			"overlay root in /proc/self/mountinfo",
		],
	])("%s", async (_name, fake, witness) => {
		const facts = await collect(containerProbe, createHost(fake));
		expect(facts).toMatchObject({ mode: "container", witness });
		expect(facts.insideContainer).toBeUndefined();
	});

	test("the first witness is named", async () => {
		const facts = await look({ ...machine, "/run/.containerenv": "" }, { env: { JOB_CONTAINER_NAME: jobName } });
		expect(facts.witness).toBe("JOB_CONTAINER_NAME");
	});
});

describe("host", () => {
	test("where we looked and saw no sign, whatever containers run beside us", async () => {
		expect(await look(machine)).toMatchObject({ mode: "host", names: [] });
	});

	test("a machine made from an image, which has /.dockerenv", async () => {
		expect(await look({ ...machine, "/.dockerenv": "" })).toMatchObject({ mode: "host", names: [] });
		const facts = await look(
			{ ...machine, "/.dockerenv": "" },
			{ env: { GITHUB_WORKSPACE: "/home/runner/.cache/act/0123456789abcdef/hostexecutor" } },
		);
		expect(facts.insideContainer).toBeUndefined();
	});

	test.each<[string, Record<string, string>]>([
		[
			"conmon, which watches a container from outside",
			{ "/proc/self/cgroup": `0::/machine.slice/libpod-conmon-${id}.scope` },
		],
		["the service of Docker", { "/proc/self/cgroup": "0::/system.slice/docker.service" }],
		[
			"a system container, which its owner takes for a machine",
			{ "/proc/self/cgroup": "1:name=systemd:/lxc/titan/init.scope" },
		],
		[
			"a live system",
			{
				"/proc/self/mountinfo": "27 1 0:30 / / rw - overlay /cow rw,lowerdir=/filesystem.squashfs,upperdir=/cow/upper",
			},
		],
		[
			"a write-protected root",
			{
				"/proc/self/mountinfo":
					"27 1 0:30 / / rw - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay",
			},
		],
		[
			"a composefs root",
			{
				"/proc/self/mountinfo":
					"41 1 0:34 / / ro - overlay composefs ro,seclabel,lowerdir+=/run/ostree/.private/cfsroot-lower,datadir+=/sysroot/ostree/repo/objects,metacopy=on",
			},
		],
		[
			"a composefs root of another name",
			{ "/proc/self/mountinfo": "41 1 0:34 / / ro,relatime - overlay overlay ro,lowerdir=/run/lower::/objects" },
		],
		[
			"a composefs root that takes writes until the next start",
			{
				"/proc/self/mountinfo":
					"41 1 0:34 / / rw - overlay composefs:0123abcd rw,lowerdir+=/run/cfs,upperdir=/run/ostree/transient/upper,workdir=/run/w",
			},
		],
		[
			"a resolv.conf of a network namespace",
			{
				"/proc/self/mountinfo": `${machine["/proc/self/mountinfo"]}\n95 27 254:0 /etc/netns/vpn/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda rw`,
			},
		],
	])("%s is no container", async (_name, files) => {
		expect((await look({ ...machine, ...files })).mode).toBe("host");
	});

	test("another platform than Linux", async () => {
		expect(await look({}, { platform: "darwin" })).toMatchObject({ mode: "host", witness: "platform darwin" });
	});

	const workspace = "/home/runner/.cache/act/0123456789abcdef/hostexecutor";
	test.each([
		["GITHUB_WORKSPACE", { GITHUB_WORKSPACE: workspace }],
		["GITHUB_EVENT_PATH", { GITHUB_EVENT_PATH: "/data/.cache/act/0123456789abcdef/act/workflow/event.json" }],
	])("by what the runner set: %s", async (name, env) => {
		expect(await look({}, { env })).toMatchObject({ mode: "host", witness: `${name} is a host-mode path` });
	});

	test("the runner itself runs in a container", async () => {
		const facts = await look({ "/run/.containerenv": "" }, { env: { GITHUB_WORKSPACE: workspace } });
		expect(facts).toMatchObject({ mode: "host", insideContainer: "/run/.containerenv", names: [] });
	});

	test("JOB_CONTAINER_NAME is inherited from a daemon that was started in a job", async () => {
		const env = { GITHUB_WORKSPACE: workspace, JOB_CONTAINER_NAME: jobName };
		const facts = await look(machine, { env });
		expect(facts.mode).toBe("host");
		expect(facts.insideContainer).toBeUndefined();
	});
});

describe("unknown", () => {
	test("nothing can be read", async () => {
		const facts = await look({ "/proc/self/mountinfo": { kind: "unreadable", code: "EACCES" } });
		expect(facts).toMatchObject({ mode: "unknown", names: ["builder"] });
	});
	test("/.dockerenv alone shows nothing", async () => {
		expect((await look({ "/.dockerenv": "" })).mode).toBe("unknown");
	});
	test("a private cgroup namespace alone shows nothing", async () => {
		expect((await look({ "/proc/self/cgroup": "0::/\n" })).mode).toBe("unknown");
	});
});

describe("names", () => {
	test("the job's name, then ids, then the hostname, each once", async () => {
		const facts = await look(
			{
				"/proc/self/cgroup": `12:pids:/docker/${id}`,
				"/proc/self/mountinfo": mounts(`/var/lib/docker/containers/${id}/hosts`),
			},
			{ env: { JOB_CONTAINER_NAME: jobName }, hostname: id.slice(0, 12) },
		);
		expect(facts.names).toEqual([jobName, id, id.slice(0, 12)]);
	});
	test("of nested containers, the innermost", async () => {
		expect((await look({ "/proc/self/cgroup": `3:cpu:/docker/${other}/docker/${id}` })).names[0]).toBe(id);
	});
	test("only what a daemon could know", async () => {
		const facts = await look({ "/run/.containerenv": "" }, { env: { JOB_CONTAINER_NAME: "../../etc?x" } });
		expect(facts.names).toEqual(["builder"]);
	});
});

test("reads the capabilities", async () => {
	const facts = await look({ ...machine, "/proc/self/status": status("0000000000000000", "000001ffffffffff") });
	expect(facts).toMatchObject({ capabilities: "0000000000000000", boundingCapabilities: "000001ffffffffff" });
});

test("says nothing of capabilities that it cannot read", async () => {
	const facts = await look({ ...machine, "/proc/self/status": "Name:\tnode\n" });
	expect(facts).not.toHaveProperty("capabilities");
	expect(facts).not.toHaveProperty("boundingCapabilities");
});
