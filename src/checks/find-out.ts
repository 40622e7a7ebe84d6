/** What to do if the machine does not let a check look: shared by all checks, since the errno decides, not the question. */
import { errnoText } from "../errno-text.ts";
import type { Remedy } from "./check.ts";
import { code, shellPath } from "./text.ts";

type Fix = Omit<Remedy, "otherwise">;

/** The machine is out of open files, processes or memory, which says nothing about what was looked at. */
const exhausting = ["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"];

/** Is this errno about the machine's resources? */
export function isExhausted(errno: string): boolean {
	return exhausting.includes(errno);
}

/** The errno in the text of an error, if it says that the machine is out of something. */
export function exhaustedBy(message: string): string | undefined {
	return exhausting.find((errno) => new RegExp(`\\b${errno}\\b`).test(message));
}

/** How to find room for one more file, process or page. */
export function makeRoom(errno: string): Fix {
	switch (errno) {
		case "EMFILE":
			return {
				text: "Raise the limit of open files for jobs: `LimitNOFILE=` in the unit of the runner's service, or `--ulimit nofile=65536:65536` for job containers. The first command shows the limit.",
				commands: ["ulimit -n", "ls /proc/self/fd | wc -l"],
				kind: "host",
			};
		case "ENFILE":
			return {
				text: "The whole machine is out of open files. Find the process that keeps most of them open, or raise `fs.file-max`.",
				commands: [
					"cat /proc/sys/fs/file-nr",
					"sudo lsof 2>/dev/null | awk '{print $1}' | sort | uniq -c | sort -rn | head",
				],
				kind: "host",
			};
		case "EAGAIN":
			return {
				text: "This user or its control group has no process left. Find what started so many, or raise `TasksMax=` of the runner's service or `--pids-limit` of job containers.",
				commands: ["ulimit -u", "ps -eo user= | sort | uniq -c | sort -rn | head", "cat /sys/fs/cgroup/pids.max"],
				kind: "host",
			};
		default:
			return {
				text: "The machine is out of memory. Find what uses it, or run fewer jobs at a time (`runner.capacity`).",
				commands: ["free -m", "ps -eo rss=,comm= --sort=-rss | head"],
				kind: "host",
			};
	}
}

/** How to find out why this file or directory cannot be read, and who has to change what. */
export function lookAt(path: string, errno: string): Fix {
	if (isExhausted(errno)) return makeRoom(errno);
	const there = shellPath(path);
	const kernels = /^\/(?:proc|sys)(?=\/|$)/.exec(path)?.[0];
	switch (errno) {
		case "EACCES":
		case "EPERM":
			return kernels !== undefined
				? {
						text: `Let jobs read ${code(path)}: something masks it. Usual causes are a sandbox around the runner${kernels === "/proc" ? ", `hidepid` on `/proc`," : ""} and an AppArmor, SELinux or seccomp profile of the container.`,
						commands: [`head -n 3 ${there}`, `findmnt --submounts ${kernels}`, "cat /proc/self/attr/current"],
						kind: "host",
					}
				: {
						text: `Let the job's user read ${code(path)}, and enter each directory above it. The commands show that user, and who may.`,
						commands: ["id", ...withParents(path).map((directory) => `ls -ld ${shellPath(directory)}`)],
						kind: "host",
					};
		case "ETIMEDOUT":
			return {
				text: `Find out which file system holds ${code(path)}, and why it does not answer. Usual causes are a network file system (NFS, SMB, FUSE) whose server is gone, and a disk with I/O errors.`,
				commands: [`timeout 5 stat ${there}`, "findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs"],
				kind: "host",
			};
		case "EIO":
		case "ESTALE":
		case "ENOTCONN":
			return {
				text: `Repair or remount the file system that holds ${code(path)}: its disk fails, or its server is gone.`,
				commands: [`findmnt --target ${there}`, "sudo dmesg --level=err,warn | tail -n 20"],
				kind: "host",
			};
		default:
			return {
				text: kernels
					? `Make ${code(path)} available: ${errnoText(errno)}. Mount \`/proc\` and \`/sys\` where the job runs.`
					: `Find out what is at ${code(path)}: ${errnoText(errno)}.`,
				commands: [`ls -ld ${there}`, `findmnt --target ${there}`],
				kind: "host",
			};
	}
}

/** `/a/b/c` -> `/a/b/c`, `/a/b`, `/a`: at most four, the nearest first. */
function withParents(path: string): readonly string[] {
	const parts = path.split("/").filter((part) => part !== "");
	const all = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`).reverse();
	return path.startsWith("/") ? all.slice(0, 4) : [path];
}

/** The longest `timeout` that can be set, in seconds. */
const longest = 600;

/** What to do if an answer is only slow. @param ms How long it was waited for. */
export function moreTime(ms = 10_000): Fix {
	const seconds = Math.min(longest, Math.max(30, Math.ceil((ms * 3) / 10_000) * 10));
	return {
		text: "If it answers, only late, give the run more time.",
		config: { file: "the workflow's step", language: "yaml", text: `with:\n  timeout: ${seconds}s` },
		kind: "workflow",
	};
}
