import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "./cache.ts";
import { debootstrap } from "./debian.ts";
import { must, which } from "./run.ts";

/** The name that the `matric-builder` profile asks for. Nothing is pulled: the engine has no other of that name. */
export const builderImage = "ghcr.io/fortemi/fortemi/builder:latest";
/** An image with the same in it that no profile asks for. */
export const otherImage = "ghcr.io/fortemi/fortemi/other:latest";
export const builderPath = "/usr/local/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** The image's ordinary user. */
export const builderUser = "builder";

export interface ImageParts {
	node: string;
	docker: string;
	buildx: string;
}

/**
 * A builder image as the guide wants it, as one tar file: a minimal Debian with the machine's own Rust, Node, git, the Docker
 * client with buildx, and rustup beside it in /opt, without a toolchain.
 */
export async function builderTar({ node, docker, buildx }: ImageParts): Promise<string> {
	const release = /^VERSION_CODENAME=(.*)$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1] ?? "stable";
	const rust = (await must("rustc", ["--print", "sysroot"])).trim();
	const rustup = await which("rustup");
	if (rustup === undefined)
		throw new Error("rustup is not on the PATH: the image's rust and rustup are the machine's own");
	const recipe = await readFile(fileURLToPath(import.meta.url), "utf8");
	const versions = await Promise.all(
		[join(rust, "bin/rustc"), rustup, node, docker].map((program) => must(program, ["--version"])),
	);
	const folder = await cached("builder-image", [release, ...versions, buildx, recipe].join("\n"), async (folder) => {
		const root = join(folder, "root");
		await debootstrap(release, ["git", "ca-certificates"], root);
		for (const part of ["bin", "lib", "libexec"]) {
			await cp(join(rust, part), join(root, "usr/local/rust", part), { recursive: true, verbatimSymlinks: true });
		}
		await install(node, join(root, "usr/local/bin/node"));
		await install(docker, join(root, "usr/local/bin/docker"));
		await install(buildx, join(root, "usr/local/lib/docker/cli-plugins/docker-buildx"));
		await install(rustup, join(root, "opt/rustup/rustup"));
		await must("chroot", [root, "useradd", "--create-home", "--uid", "1001", builderUser]);
		await writeFile(join(root, "etc/resolv.conf"), "");
		await must("tar", ["-C", root, "-cf", join(folder, "builder.tar"), "."]);
		await rm(root, { recursive: true });
	});
	return join(folder, "builder.tar");
}

async function install(program: string, target: string): Promise<void> {
	await mkdir(join(target, ".."), { recursive: true });
	await copyFile(program, target);
}
