import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { builderImage, builderTar, otherImage } from "./builder-image.ts";
import { holdCache, runFolder } from "./cache.ts";
import { Cleanup } from "./cleanup.ts";
import { dockerParts, engineWithImage } from "./engine.ts";
import { buildGiteaRunner, buildGiteaServer } from "./gitea-runner.ts";
import { node } from "./node-versions.ts";
import { must, which } from "./run.ts";

/** The real parts that all end-to-end tests share. */
export interface World {
	/** A folder for everything that the tests write, with room for every floor of the built-in profiles. */
	folder: string;
	/** The Gitea runner. */
	giteaRunner: string;
	/** A small Gitea that speaks the runner's protocol. */
	giteaServer: string;
	/** The Docker client that well set up jobs have. */
	client: string;
	/** The builder image as a tar file. */
	image: string;
	/** The socket of a running Docker Engine that holds the builder image. */
	socket: string;
	/** The Docker Engine's programs, as a PATH. */
	enginePath: string;
	/** A Docker client of the generation that speaks API 1.41. */
	oldClient: string;
	/** A Node that is still supported. */
	node: string;
	/** What a well set up host has on its PATH. */
	hostPath: string;
	/** A HOME of a well set up host: the Docker client's plugin is in it. */
	hostHome: string;
}

declare module "vitest" {
	export interface ProvidedContext {
		world: World;
	}
}

/** Vitest's global setup: the first run on a machine makes the parts, later runs find them in the cache. */
export default async function makeWorld(project: TestProject): Promise<() => Promise<void>> {
	const cleanup = new Cleanup();
	try {
		cleanup.use(await holdCache());
		project.provide("world", await startWorld(await makeParts(), cleanup));
	} catch (error) {
		await cleanup[Symbol.asyncDispose]();
		throw error;
	}
	return () => cleanup[Symbol.asyncDispose]();
}

interface Parts
	extends Pick<World, "giteaRunner" | "giteaServer" | "client" | "image" | "enginePath" | "oldClient" | "node"> {
	/** The Docker client's plugin for builds. */
	buildx: string;
}

/** Downloads and builds. The runner takes both cores for most of a minute, the image waits for disk and network. */
async function makeParts(): Promise<Parts> {
	const [gitea, image] = await Promise.all([makeGitea(), makeImage()]);
	return { ...gitea, ...image };
}

/** One after the other: the server needs packages that Go has compiled for the runner then. */
async function makeGitea(): Promise<Pick<Parts, "giteaRunner" | "giteaServer">> {
	return { giteaRunner: await buildGiteaRunner(), giteaServer: await buildGiteaServer() };
}

async function makeImage(): Promise<Omit<Parts, "giteaRunner" | "giteaServer">> {
	const [programs, supportedNode, installedClient] = await Promise.all([dockerParts(), node(24), which("docker")]);
	const { engine, oldClient, buildx } = programs;
	const client = installedClient ?? programs.client;
	const image = await builderTar({ node: supportedNode, docker: client, buildx });
	return { image, client, enginePath: engine, oldClient, buildx, node: supportedNode };
}

async function startWorld({ buildx, ...parts }: Parts, cleanup: Cleanup): Promise<World> {
	const folder = await runFolder("world");
	cleanup.add(() => rm(folder, { recursive: true, force: true }));
	// The profiles ask for 40 GiB; a tmpfs has whatever room it says it has, so the tests do not depend on the machine's disk.
	await must("mount", ["-t", "tmpfs", "-o", "size=100g,nr_inodes=8m,mode=755", "runner-check-e2e", folder]);
	cleanup.add(() => must("umount", ["--lazy", folder]));

	const { client: docker, enginePath: path, image } = parts;
	const engine = cleanup.use(await engineWithImage({ path, image, client: docker, volumes: `${folder}/volumes` }));
	const client = (...args: string[]) => must(docker, ["--host", `unix://${engine.socket}`, ...args]);
	await client("create", "--name=other", builderImage, "true");
	await client("commit", "other", otherImage);
	await client("rm", "other");

	const hostBin = join(folder, "host-bin");
	const hostHome = join(folder, "host-home");
	await mkdir(hostBin);
	await mkdir(`${hostHome}/.docker/cli-plugins`, { recursive: true });
	await symlink(parts.node, join(hostBin, "node"));
	await symlink(docker, join(hostBin, "docker"));
	await symlink(buildx, `${hostHome}/.docker/cli-plugins/docker-buildx`);
	// An ordinary user may not look into root's home, where the toolchain may be.
	const rust = join(folder, "rust");
	await mkdir(rust);
	await must("mount", ["--options", "bind,ro", (await must("rustc", ["--print", "sysroot"])).trim(), rust]);
	cleanup.add(() => must("umount", ["--lazy", rust]));
	const hostPath = [hostBin, join(rust, "bin"), "/usr/bin", "/bin"].join(":");
	return { ...parts, folder, socket: engine.socket, hostPath, hostHome };
}
