import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cache.ts";
import { must, which } from "./run.ts";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where this machine gets Debian's packages from, with whatever mirror it has been given. */
export async function mirror(): Promise<string> {
	const parts = await readdir("/etc/apt/sources.list.d").catch(() => []);
	const files = ["/etc/apt/sources.list", ...parts.map((part) => join("/etc/apt/sources.list.d", part))];
	for (const file of files.filter((name) => /\.(list|sources)$/.test(name))) {
		const text = await readFile(file, "utf8").catch(() => "");
		const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian)\/?(?:\s|$)/m.exec(text);
		if (found?.[1]) return found[1];
	}
	throw new Error("no Debian mirror in /etc/apt");
}

/** Packages of a Debian release, unpacked side by side into one folder: never installed, so any release goes with any machine. */
export function unpackedPackages(release: string, packages: readonly string[]): Promise<string> {
	return cached(`${release}-packages`, packages.join(" "), async (folder) => {
		const apt = join(folder, ".apt");
		await mkdir(join(apt, "lists/partial"), { recursive: true });
		await mkdir(join(apt, "cache/archives/partial"), { recursive: true });
		const sources = join(apt, "sources.list");
		await writeFile(sources, `deb [signed-by=${keyring}] ${await mirror()} ${release} main\n`);
		const ownState = [
			["Dir::Etc::sourcelist", sources],
			["Dir::Etc::sourceparts", "/dev/null"],
			["Dir::State::lists", join(apt, "lists")],
			["Dir::Cache", join(apt, "cache")],
			["APT::Sandbox::User", "root"], // the unprivileged one cannot write here
		].flatMap(([key, value]) => ["-o", `${key}=${value}`]);
		await must("apt-get", [...ownState, "-q", "update"]);
		await must("apt-get", [...ownState, "-q", "download", ...packages], { cwd: apt });
		for (const name of await readdir(apt)) {
			if (name.endsWith(".deb")) await must("dpkg", ["-x", join(apt, name), folder]);
		}
		await must("rm", ["-r", apt]);
	});
}

/** Makes a minimal Debian system in a folder. */
export async function debootstrap(release: string, include: readonly string[], folder: string): Promise<void> {
	if ((await which("debootstrap")) === undefined) {
		await must("apt-get", ["-q", "update"]);
		await must("apt-get", ["-q", "install", "--yes", "--no-install-recommends", "debootstrap"]);
	}
	await must("debootstrap", ["--variant=minbase", `--include=${include.join(",")}`, release, folder, await mirror()]);
}
