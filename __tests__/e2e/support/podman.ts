import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpackedPackages } from "./debian.ts";
import { answers, dockerGroup, dockerParts } from "./engine.ts";
import { must } from "./run.ts";

/** What the service needs of Debian, in one folder. */
async function podmanParts(): Promise<string> {
	const helpers = ["conmon", "golang-github-containers-common"];
	const libraries = ["libsubid4", "libgpgme11", "libassuan0"];
	return unpackedPackages("bookworm", ["podman", ...helpers, ...libraries]);
}

export interface PodmanOptions {
	/** A folder of its own, not on a tmpfs where it is to hold the builder image. */
	folder: string;
	/** How it keeps images and containers. */
	driver: "vfs" | "overlay";
	/** Where it keeps volumes. */
	volumes: string;
}

export interface PodmanService extends AsyncDisposable {
	/** Where it answers to clients of Docker. */
	socket: string;
}

/**
 * A real Podman as a service, of Debian 12. It knows paths that no option moves (`/run/libpod`, `/etc/cni`, `/dev/shm`), and lets
 * a guard of each command in a container outlive it by minutes. So it gets namespaces of its own: nothing of it stays on the machine.
 */
export async function startPodman({ folder, driver, volumes }: PodmanOptions): Promise<PodmanService> {
	const parts = await podmanParts();
	const { engine } = await dockerParts();
	for (const name of ["etc", "work", "root"]) await mkdir(join(folder, name), { recursive: true });
	const socket = join(folder, "podman.sock");
	// Otherwise it gives containers more than a confined root may.
	const limits = '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n';
	const config = join(folder, "containers.conf");
	await writeFile(config, `${limits}[engine]\nvolume_path = "${volumes}"\n`);
	const mounts = [
		"mount -t tmpfs podman /run",
		"mount -t tmpfs podman /dev/shm",
		`mount -t overlay -o lowerdir=${parts}/etc:/etc,upperdir=${folder}/etc,workdir=${folder}/work podman /etc`,
	];
	const state = [`--root=${folder}/root`, `--runroot=${folder}/run`, `--tmpdir=${folder}/tmp`];
	const manner = [`--storage-driver=${driver}`, "--runtime=runc", "--cgroup-manager=cgroupfs", "--events-backend=file"];
	const service = ["podman", ...state, ...manner, "system", "service", "--time=0", `unix://${socket}`];
	const log = join(folder, "podman.log");
	const libraries = (await must("sh", ["-c", 'echo "$1"/usr/lib/*-linux-gnu', "sh", parts])).trim();
	const own = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
	const inside = ["sh", "-c", [...mounts, 'exec "$@"'].join(" && "), "sh", ...service];
	// It also ends when the tests are killed.
	const daemon = spawn("setpriv", ["--pdeathsig=KILL", ...own, ...inside], {
		env: {
			HOME: folder,
			TMPDIR: folder,
			PATH: `${parts}/usr/bin:${engine}:${process.env.PATH}`,
			LD_LIBRARY_PATH: libraries,
			CONTAINERS_CONF: config,
		},
		stdio: ["ignore", openSync(log, "a"), openSync(log, "a")],
	});
	const stop = async () => {
		if (daemon.exitCode === null && daemon.signalCode === null) {
			const ended = once(daemon, "exit");
			daemon.kill("SIGKILL"); // to another signal unshare is deaf
			await ended;
		}
		await rm(folder, { recursive: true, force: true, maxRetries: 20 }); // the rest is dying
	};
	if (await answers(socket, daemon)) {
		await chown(socket, 0, dockerGroup);
		await chmod(socket, 0o660); // as its owner set it up for Docker's group
		await chmod(folder, 0o755);
		return { socket, [Symbol.asyncDispose]: stop };
	}
	const said = (await readFile(log, "utf8")).slice(-4000);
	await stop();
	throw new Error(`podman did not start:\n${said}`);
}
