import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report, Result } from "../../src/report/report.ts";
import { unpackedPackages } from "./support/debian.ts";

/** Workspaces on real file systems: how each of them counts space and inodes. */
const root = mkdtempSync(join(tmpdir(), "file-systems-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let parts: string;
beforeAll(async () => {
	parts = await unpackedPackages("bookworm", ["btrfs-progs", "xfsprogs", "libinih1", "liburcu8"]);
}, 300_000);

const makers = {
	btrfs: () => `${parts}/sbin/mkfs.btrfs --quiet`,
	xfs: () => `LD_LIBRARY_PATH=$(echo ${parts}/usr/lib/*-linux-gnu) ${parts}/sbin/mkfs.xfs -q`,
	// One inode for each 64 KiB.
	ext4: () => "mkfs.ext4 -q -i 65536",
};
type Name = keyof typeof makers;

/** The results of a run whose workspace is a new file system of 512 MiB, in a mount namespace of its own. */
function check(name: Name, prepare: string): (id: string) => Result | undefined {
	const image = join(root, `${name}.img`);
	writeFileSync(image, "");
	truncateSync(image, 512 * 2 ** 20);
	const place = mkdtempSync(join(root, "workspace-"));
	const script = `${makers[name]()} ${image} >&2 && mount -o loop ${image} ${place} && cd ${place} && ${prepare} && exec "$0" "$@"`;
	const flags = ["--min-free-disk", "200MiB", "--min-free-inodes", "5000", "--profile", "generic", "--format", "json"];
	const cli = join(process.cwd(), "dist/cli.js");
	const { stdout, stderr } = spawnSync("unshare", ["--mount", "sh", "-c", script, process.execPath, cli, ...flags], {
		env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: root, GITHUB_WORKSPACE: place, RUNNER_TEMP: root },
		encoding: "utf8",
		timeout: 60_000,
	});
	if (!stdout.startsWith("{")) throw new Error(stderr || stdout);
	const { results } = JSON.parse(stdout) as Report;
	return (id) => results.find((result) => result.id === id);
}

const write = (mebibytes: number) => `head -c ${mebibytes * 2 ** 20} /dev/zero > big && sync big`;
const files = (count: number) => `mkdir many && (cd many && seq ${count} | xargs touch)`;

describe.each(["btrfs", "xfs", "ext4"] as const)("%s", (name) => {
	test("has space, and inodes if it counts them", () => {
		const result = check(name, "true");
		expect(result("disk/free")).toMatchObject({ status: "pass" });
		expect(result("disk/inodes")).toMatchObject({ status: "pass" });
		expect(result("fs/writable")).toMatchObject({ status: "pass" });
	});

	test("is short of space if somebody wrote", () => {
		const result = check(name, write(300));
		expect(result("disk/free")).toMatchObject({ status: "fail", reason: "low" });
		expect(result("disk/free")?.message).toContain("200 MiB");
	});

	test("is short of inodes only if it has a fixed number of them", () => {
		const inodes = check(name, files(4000))("disk/inodes");
		// 512 MiB hold 8192 inodes of ext4. The others make new ones while there is space.
		if (name === "ext4") expect(inodes).toMatchObject({ status: "fail", reason: "low" });
		else expect(inodes).toMatchObject({ status: "pass" });
	});
});
