import { cpus, hostname, totalmem, userInfo } from "node:os";
import { access, list, lstat, placeFile, readLink, readText, realPath, stat, tryWrite } from "./files.ts";
import type { Host } from "./host.ts";
import { request } from "./http.ts";
import { runProgram } from "./run-program.ts";
import { space } from "./space.ts";

/** The machine that we run on. */
export function createRealHost(env: NodeJS.ProcessEnv): Host {
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
		run: (command, options) => runProgram(command, options, env),
		lstat,
		stat,
		access,
		readText,
		readLink,
		realPath,
		list,
		space: (path, signal) => space(path, signal, env),
		tryWrite,
		placeFile,
		request,
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

/** A uid without an entry in the user database has no home: `userInfo` throws then. */
function homeOfUser(): string | undefined {
	try {
		return userInfo().homedir;
	} catch {
		return undefined;
	}
}
