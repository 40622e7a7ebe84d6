import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { builderImage, builderUser } from "./support/builder-image.ts";
import { runFolder } from "./support/cache.ts";
import { Cleanup } from "./support/cleanup.ts";
import { unpackedPackages } from "./support/debian.ts";
import { dockerGroup, engineWithImage, hostUser, importImage } from "./support/engine.ts";
import { runJob } from "./support/job.ts";
import { findings, type Outcome, oneLine } from "./support/outcome.ts";
import { startPodman } from "./support/podman.ts";
import { must } from "./support/run.ts";

const world = inject("world");
const record: string[] = [];
afterAll(() => console.log(record.join("\n")));

/** What the action says of the daemon: its version, in words. */
const said = ({ report }: Outcome, id: string) => report.results.find((result) => result.id === id)?.message ?? "";

function note(name: string, outcome: Outcome): void {
	record.push(`${oneLine(name, outcome)} (${said(outcome, "docker/daemon")}; ${said(outcome, "docker/api-version")})`);
}

/** The action on this machine, with an engine somewhere else than at the usual place. */
const onHost = (socket: string, inputs = {}) =>
	runAction(world, {
		uid: hostUser,
		groups: [dockerGroup],
		env: { DOCKER_HOST: `unix://${socket}` },
		with: { docker: "required", ...inputs },
	});

const asUser = `--user ${builderUser} --group-add ${dockerGroup}`;

/** Nothing to explain away. */
function expectHealthy({ report, exit, outputs, left }: Outcome): void {
	expect(findings(report, "fail", "error", "warn")).toEqual([]);
	expect({ exit, verdict: outputs.verdict }).toEqual({ exit: 0, verdict: "healthy" });
	expect(left).toEqual([]);
}

interface EngineCase {
	name: string;
	version: RegExp;
	/** Its folders of programs; without them it is the engine that all tests share. */
	programs?: () => Promise<string[]>;
	/** Whether jobs begin only in an image whose /var/run is no link to /run. */
	realVarRun?: boolean;
}

const engines: EngineCase[] = [
	{
		name: "Docker of bookworm",
		version: /\b20\.10\./,
		programs: async () => {
			const docker = await unpackedPackages("bookworm", ["docker.io", "runc"]);
			return [`${docker}/usr/sbin`, `${await unpackedPackages("bookworm", ["containerd"])}/usr/bin`];
		},
	},
	{ name: "Docker of trixie", version: /\b26\./ },
	{
		name: "Docker of sid",
		version: /\b(2[89]|[3-9]\d)\./, // sid moves on
		// Debian's 28.5.2+dfsg4-3 took over a security patch that does not copy files below a link such as /var/run, where the
		// runner puts its own: no job begins, as with Docker 29.5.0. It does in an image where that is a folder.
		realVarRun: true,
		programs: async () => {
			const docker = await unpackedPackages("sid", ["docker.io", "containerd"]);
			// sid's runc needs a newer libc than bookworm has; the older one runs everywhere.
			const runc = await unpackedPackages("bookworm", ["docker.io", "runc"]);
			return [`${docker}/usr/sbin`, `${docker}/usr/bin`, `${runc}/usr/sbin`];
		},
	},
];

describe.each(engines)("$name", ({ name, version, programs, realVarRun }) => {
	const cleanup = new Cleanup();
	let socket = world.socket;
	beforeAll(async () => {
		if (programs === undefined) return;
		const folder = await mkdtemp(join(world.folder, "engine-"));
		const parts = { ...world, path: (await programs()).join(":"), volumes: join(folder, "volumes") };
		socket = cleanup.use(await engineWithImage(parts)).socket;
		if (realVarRun) {
			await client("run", "--name=change", "--network=host", builderImage, "sh", "-c", "rm /var/run && mkdir /var/run");
			await client("commit", "change", builderImage);
			await client("rm", "change");
		}
	}, 300_000);
	afterAll(() => cleanup[Symbol.asyncDispose]());

	const client = (...args: string[]) => must(world.client, ["--host", `unix://${socket}`, ...args]);

	test("on the host", async () => {
		const outcome = await onHost(socket);
		note(`${name}, host`, outcome);
		expectHealthy(outcome);
		expect(said(outcome, "docker/daemon")).toMatch(version);
	});

	test.each([
		["root", ""],
		["a user of the docker group", asUser],
	])("in a job container, as %s", async (user, options) => {
		const outcome = await runJob({ ...world, socket }, { options });
		note(`${name}, container, ${user}`, outcome);
		expectHealthy(outcome);
		expect(said(outcome, "docker/daemon")).toMatch(version);
	});

	test("a client of Docker 20.10", async () => {
		const options = `--volume ${world.oldClient}:/usr/local/bin/docker`;
		const outcome = await runJob({ ...world, socket }, { options });
		note(`${name}, container, client 20.10`, outcome);
		expectHealthy(outcome);
	});

	describe("a container that is started to see the workspace", () => {
		const containers = () => client("ps", "--all", "--quiet");

		test("sees that of a host job", async () => {
			const before = await containers();
			const outcome = await onHost(socket, { smoke: "true" });
			note(`${name}, host, smoke`, outcome);
			expectHealthy(outcome);
			expect(said(outcome, "docker/workspace")).toContain("saw");
			expect(await containers()).toBe(before);
		});

		test("does not see that of a container job, which is in a volume", async () => {
			const before = await containers();
			const outcome = await runJob({ ...world, socket }, { with: { smoke: "true" } });
			note(`${name}, container, smoke`, outcome);
			expect(findings(outcome.report, "fail", "error", "warn")).toEqual(["docker/workspace:not-visible"]);
			expect(await containers()).toBe(before);
		});
	});
});

describe("Podman's service", () => {
	const cleanup = new Cleanup();
	afterAll(() => cleanup[Symbol.asyncDispose]());

	async function podman(driver: "vfs" | "overlay"): Promise<string> {
		const volumes = join(await mkdtemp(join(world.folder, "podman-")), "volumes");
		const folder = await runFolder("podman");
		return cleanup.use(await startPodman({ folder, driver, volumes })).socket;
	}

	/** It is named for what it is, and nothing else is said. */
	function expectNamed({ report, exit, outputs }: Outcome, ...more: string[]): void {
		expect(findings(report, "fail", "error")).toEqual([]);
		expect(findings(report, "warn")).toEqual(["docker/daemon:podman", ...more]);
		expect({ exit, verdict: outputs.verdict }).toEqual({ exit: 0, verdict: "degraded" });
	}

	test("on the host, with the storage of last resort", { timeout: 300_000 }, async () => {
		const outcome = await onHost(await podman("vfs"));
		note("Podman, vfs, host", outcome);
		expectNamed(outcome, "docker/storage:driver-vfs");
	});

	test("in a job container", { timeout: 300_000 }, async () => {
		const socket = await podman("overlay");
		await importImage(world, socket);
		for (const options of ["", asUser]) {
			const outcome = await runJob({ ...world, socket }, { options });
			note(`Podman, overlay, container ${options}`, outcome);
			expectNamed(outcome);
		}
	});
});
