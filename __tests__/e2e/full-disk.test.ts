/** What a real engine says about the things that fill its disk, and what a job in a container is told about that disk. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { spaceUsersProbe } from "../../src/probes/space-users.ts";
import { collect, createRequest } from "../support/builders.ts";
import { builderImage } from "./support/builder-image.ts";
import { runJob } from "./support/job.ts";
import { findings } from "./support/outcome.ts";
import { must } from "./support/run.ts";

const world = inject("world");
const docker = (...args: string[]) => must(world.client, ["--host", `unix://${world.socket}`, ...args]);
const mebibyte = 2 ** 20;

beforeAll(async () => {
	const write = `head -c ${20 * mebibyte} /dev/zero > /big && head -c ${30 * mebibyte} /dev/zero > /data/big`;
	await docker("volume", "create", "leftover");
	await docker("run", "--name=writer", "--network=host", "--volume=leftover:/data", builderImage, "sh", "-c", write);
}, 120_000);
afterAll(async () => {
	await docker("rm", "--force", "writer");
	await docker("volume", "rm", "leftover");
}, 60_000);

test("images, what containers wrote, and volumes are named with their sizes", async () => {
	const folder = await mkdtemp(join(world.folder, "workspace-"));
	await writeFile(join(folder, "artifact"), "x".repeat(mebibyte));
	const host = createRealHost({ DOCKER_HOST: `unix://${world.socket}`, PATH: "/usr/bin:/bin", HOME: folder });
	const { users, unseen } = await collect(spaceUsersProbe, host, createRequest({ workspace: folder }));
	expect(unseen).toEqual([]);
	const of = (kind: string, name: string) => users.find((user) => user.kind === kind && user.name === name);
	// The images of this world share their layers.
	const images = users.filter(({ kind }) => kind === "image" || kind === "shared-layers");
	expect(images.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(100 * mebibyte);
	expect(of("container", "writer")).toMatchObject({ unused: true });
	expect(of("container", "writer")?.bytes).toBeGreaterThan(19 * mebibyte);
	expect(of("volume", "leftover")?.bytes).toBeGreaterThan(29 * mebibyte);
	expect(of("workspace", folder)?.bytes).toBe(mebibyte);
});

test("a job in a container sees the disk of Docker, and who fills it", { timeout: 120_000 }, async () => {
	const policy = "version: 1\nprofiles:\n  matric-builder:\n    disk: [{ path: docker-root, free: 900TiB }]\n";
	const outcome = await runJob(world, {
		before: `cat > policy.yml <<'EOF'\n${policy}EOF`,
		with: { policy: "policy.yml" },
	});
	expect(findings(outcome.report, "fail", "error")).toEqual(["disk/free:low"]);
	const low = outcome.report.results.find(({ id }) => id === "disk/free");
	expect(low?.message).toContain("Docker's data directory");
	expect(low?.message).toMatch(/volume `leftover` \(30 MiB\).*what container `writer` wrote \(20 MiB, stopped\)/);
});
