import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus, hostname, totalmem } from "node:os";
import { join } from "node:path";
import { askMount } from "./ask-mount.ts";
import type { Places } from "./empty-directory.ts";
import {
	access,
	list,
	lstat,
	makeDirectory,
	placeDirectory,
	placeFile,
	readLink,
	readText,
	realPath,
	stat,
	tryWrite,
} from "./files.ts";
import { ifKilled } from "./guard.ts";
import type { Host, HttpRequest } from "./host.ts";
import { request } from "./http.ts";
import { kernelLog } from "./kernel-log.ts";
import { findLeftovers } from "./leftovers.ts";
import { MountGuard } from "./mount-guard.ts";
import { programRunner } from "./program-runner.ts";
import { readInside } from "./read-inside.ts";
import { runGuarded } from "./run-guarded.ts";
import { space } from "./space.ts";
import { homeOfUser } from "./user-home.ts";

/**
 * The machine that we run on.
 * @param patienceMs How long a mount may take to answer.
 */
export function createRealHost(env: NodeJS.ProcessEnv, patienceMs = 2500): Host {
	const guard = new MountGuard({
		mountinfo: readMountinfo(),
		loaded: [process.execPath, __dirname],
		cwd: () => currentDirectory(env),
		ask: (target) => askMount(target, patienceMs),
		patienceMs,
	});
	const files: Places = {
		lstat: (path) => guard.through(path, (calls) => lstat(path, calls), false),
		realPath: (path) => guard.through(path, (calls) => realPath(path, calls)),
		makeDirectory: (parent, prefix) => guard.through(parent, () => makeDirectory(parent, prefix)),
	};
	const programs = programRunner({
		env,
		cwd: () => currentDirectory(env),
		files,
		run: (command, options, own) => runGuarded(command, options, own, guard),
	});
	return {
		env,
		platform: process.platform,
		arch: process.arch,
		nodeVersion: process.versions.node,
		execPath: process.execPath,
		uid: process.geteuid?.(),
		gid: process.getegid?.(),
		groups: process.getgroups?.() ?? [],
		pid: process.pid,
		ppid: process.ppid,
		// Asked only when somebody wants to know: both read files.
		get userHome() {
			return homeOfUser();
		},
		get cpuCount() {
			return cpus().length;
		},
		hostname: hostname(),
		totalMemory: totalmem(),
		cwd: () => currentDirectory(env),
		...programs,
		lstat: files.lstat,
		realPath: files.realPath,
		stat: (path) => guard.through(path, (calls) => stat(path, calls)),
		access: (path, mode) => guard.through(path, (calls) => access(path, mode, calls)),
		readText: (path, max, encoding) => guard.through(path, (calls) => readText(path, max, encoding, calls)),
		readInside: (root, path, max, encoding) =>
			guard.through(path, (calls) => readInside(root, path, max, encoding, calls)),
		readLink: (path) => guard.through(path, (calls) => readLink(path, calls), false),
		list: (path) => guard.through(path, () => list(path)),
		space: (path, signal) => guard.through(path, () => space(path, signal, programs.run)),
		tryWrite: (directory) => guard.through(directory, () => tryWrite(directory)),
		leftovers: (root) => guard.through(root, async () => findLeftovers(root, (path) => guard.isLocal(path))),
		placeDirectory: (directory) => guard.through(directory, () => placeDirectory(directory)),
		ifKilled,
		newId: randomUUID,
		kernelLog: async () => kernelLog(),
		smokeProgram: join(__dirname, "smoke.js"),
		placeFile: (directory) => guard.through(directory, () => placeFile(directory)),
		async request(wanted) {
			for (const path of filesOf(wanted, env)) await guard.reach(path);
			return request(wanted);
		},
		reach: (path) => guard.reach(path),
		mountCount: guard.count,
		askedMounts: () => guard.asked,
	};
}

/** A directory that was removed while we are in it has only the name that the shell remembers. */
function currentDirectory(env: NodeJS.ProcessEnv): string {
	try {
		return process.cwd();
	} catch {
		return env.PWD || "/";
	}
}

function readMountinfo(): string {
	try {
		return readFileSync("/proc/self/mountinfo", "utf8");
	} catch {
		// Not Linux, or a place without /proc.
		return "";
	}
}

/** What is opened for a request: connecting to a socket, and TLS as a whole, wait for the file system. */
function filesOf({ to, proxy }: HttpRequest, env: NodeJS.ProcessEnv): readonly string[] {
	if ("socket" in to) return [to.socket];
	if (!to.tls && !proxy?.tls) return [];
	const { ca, cert, key } = to.tls ?? {};
	return [ca, cert, key, env.NODE_EXTRA_CA_CERTS].filter((path): path is string => Boolean(path));
}
