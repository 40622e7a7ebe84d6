import { describe, expect, test } from "vitest";
import { mountOf, readMounts } from "../../src/probes/mountinfo.ts";
import { socketMountProbe } from "../../src/probes/socket-mount.ts";
import { collect } from "../support/builders.ts";
import { createHost, file } from "../support/fake-host.ts";

/** Of a real job container. */
const mountinfo = [
	"74 49 0:39 / / rw,relatime master:2 - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w",
	"76 74 0:43 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755",
	"94 74 254:0 /var/lib/docker/volumes/ws/_data /workspace/o/r rw,relatime master:1 - ext4 /dev/vda rw,discard",
	"95 74 254:0 /run/docker.sock /run/docker.sock ro,relatime - ext4 /dev/vda rw,discard",
	"96 74 254:0 /srv/a\\040b /mnt/a\\040b rw - ext4 /dev/vda rw",
	"garbage",
].join("\n");
const host = (files: Record<string, string> = { "/proc/self/mountinfo": mountinfo }) => createHost({ files });

describe("mounts", () => {
	test.each([
		["/workspace/o/r/src", "/workspace/o/r", "ext4"],
		["/workspace/o/r", "/workspace/o/r", "ext4"],
		["/workspace/o/rest", "/", "overlay"],
		["/dev/shm", "/dev", "tmpfs"],
		["/mnt/a b/c", "/mnt/a b", "ext4"],
	])("%s lies on %s", async (path, target, fsType) => {
		expect(mountOf((await readMounts(host())) ?? [], path)).toMatchObject({ target, fsType });
	});

	test("a mount over another one hides it", async () => {
		const lines = `${mountinfo}\n99 74 0:50 / /workspace/o/r ro - tmpfs tmpfs rw`;
		const mounts = await readMounts(host({ "/proc/self/mountinfo": lines }));
		expect(mountOf(mounts ?? [], "/workspace/o/r")).toMatchObject({ fsType: "tmpfs", readOnly: true });
	});

	test("without mountinfo they are unknown", async () => {
		expect(await readMounts(host({}))).toBeUndefined();
	});
});

describe("the mount of the Docker socket", () => {
	const files = { "/proc/self/mountinfo": mountinfo, "/run/docker.sock": file({ kind: "socket" }) };

	test("is found through the link /var/run", async () => {
		const links = { "/var/run/docker.sock": "/run/docker.sock" };
		expect(await collect(socketMountProbe, createHost({ files, links }))).toEqual({
			mount: {
				target: "/run/docker.sock",
				root: "/run/docker.sock",
				fsType: "ext4",
				readOnly: true,
			},
		});
	});

	test("none on a host, and none for a daemon over tcp", async () => {
		const plain = { "/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw" };
		expect(await collect(socketMountProbe, createHost({ files: plain }))).toEqual({});
		expect(await collect(socketMountProbe, createHost({ files, env: { DOCKER_HOST: "tcp://d:2375" } }))).toEqual({});
	});
});
