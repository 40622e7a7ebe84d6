import { normalize } from "node:path/posix";
import type { PrintedFix } from "./all-fixes.ts";
import type { SimpleCommand } from "./shell.ts";

/** What no fix may tell anyone to run. */
interface Forbidden {
	readonly what: string;
	/** Of a whole line, or of one command with its words separated by blanks. */
	readonly line: RegExp;
}

export const forbidden: readonly Forbidden[] = [
	{ what: "runs a download in a shell", line: /\b(?:curl|wget)\b[^;&]*\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:ba|da|z)?sh\b/ },
	{ what: "runs an unread script of a download as root", line: /\bsudo\s+(?:ba|da)?sh\s+\S+/ },
	{ what: "opens a file or directory to everyone", line: /\bchmod\s+(?:-\S+\s+)*(?:0?[67]{3}|[au]?o?\+w)\b/ },
	{ what: "starts a privileged container", line: /\bdocker\s[^;&|]*--privileged\b/ },
	{
		what: "turns off TLS",
		line: /sslVerify[ =]false|GIT_SSL_NO_VERIFY|NODE_TLS_REJECT_UNAUTHORIZED|--insecure\b|\bcurl\s(?:[^|;&]*\s)?-\w*k/,
	},
	{ what: "trusts any SSH host", line: /StrictHostKeyChecking[ =]no/ },
	{ what: "turns off SELinux", line: /\bsetenforce\s+0/ },
	{
		what: "deletes data that may be in use",
		line: /\b(?:system|volume|network|container)\s+prune|system\s+reset|--volumes\b(?!-)|--vacuum|\brm\s+-\w*f\b/,
	},
	{ what: "ends processes", line: /\b(?:pkill|killall)\b|\bkill\b(?!\s+-USR1\b)/ },
	{ what: "unmounts a file system", line: /\bumount\b/ },
	{ what: "removes Docker's data", line: /\brm\b.*\/var\/lib\/docker/ },
];

/** What a fix has to say about a command: what it interrupts or removes, and how to see that nobody is affected. */
interface MustSay {
	readonly when: RegExp;
	/** In the text of the fix, or in the comment behind the command. */
	readonly says: RegExp;
}

const idle = /interrupts its jobs: first see in the forge that it is idle|no job (?:runs|is running)/;

const mustSay: readonly MustSay[] = [
	{
		when: /\bsystemctl (?:restart|stop|disable).*\bdocker\b/,
		says: /Restarting Docker stops every running container.*`docker ps` lists them/,
	},
	{ when: /\binstall\b.*\bdocker-ce\b(?!-)/, says: /Restarting Docker stops every running container/ },
	{ when: /\bsystemctl (?:restart|stop|disable)\b.*runner|svc\.sh (?:stop|uninstall)/, says: idle },
	{
		when: /\breboot\b|\bpoweroff\b/,
		says: /ends all jobs on this machine: first see in the forge that its runners are idle/,
	},
	{
		when: /\b(?:image|builder) prune\b/,
		says: /older than a week.*exists only here is lost: `(?:docker|podman) image ls` lists them/s,
	},
	{ when: /\b(?:volume|network) rm\b/, says: idle },
	{ when: /\brm -r\b/, says: idle },
	{ when: /\btoolchain uninstall\b/, says: idle },
	{ when: /\brmmod\b|--gpu-reset|-mig 0/, says: /top everything that uses.*`fuser` lists it/s },
	{ when: /\bkill -USR1\b/, says: /`SIGUSR1` makes the daemon write its stack/ },
	{ when: /\bmv\b/, says: /ove (?:the file|it) away/ },
	{ when: /\bwsl --shutdown/, says: /ends all jobs in WSL/ },
];

/** The rules that a command of a fix breaks. */
export function broken(fix: PrintedFix, line: string, commands: readonly SimpleCommand[]): readonly string[] {
	const plain = commands.map(({ argv }) => argv.join(" "));
	const told = `${fix.text} ${/ {3}# (.*)$/.exec(line)?.[1] ?? ""}`;
	return [
		...forbidden
			.filter((rule) => rule.line.test(line) || plain.some((one) => rule.line.test(one)))
			.map(({ what }) => what),
		...mustSay
			.filter(({ when, says }) => plain.some((one) => when.test(one)) && !says.test(told))
			.map(({ when }) => `does not say what ${when} does`),
		...commands.flatMap(({ argv }) => changesOfSystem(argv, line)),
	];
}

const changing = new Set([
	"chmod",
	"chown",
	"chgrp",
	"rm",
	"rmdir",
	"mv",
	"ln",
	"mount",
	"umount",
	"truncate",
	"dd",
	"tee",
]);

/** Directories of the system that a command changes, and others that may be one of them. @param line The whole line. */
export function changesOfSystem(argv: readonly string[], line = ""): readonly string[] {
	const words = argv.slice(argv.findIndex((word) => word !== "sudo" && !/^\w+=/.test(word)));
	const [program = "", ...rest] = words;
	if (!changing.has(program)) return [];
	const named = rest.filter((word) => !word.startsWith("-"));
	// The first word of these is a mode or an owner.
	const operands = /^ch/.test(program) ? named.slice(1) : named;
	const deep = rest.some((word) => /^-\w*[rR]|^--recursive$/.test(word));
	const isRemount = program === "mount" && rest.some((word) => /^remount,(?:(?:size|nr_inodes)=\w+|exec)$/.test(word));
	// A file system in memory keeps its data; a machine without /dev/shm has nothing there.
	if (isRemount || words.join(" ").endsWith(" tmpfs /dev/shm")) return [];
	const isInRunner = line.startsWith("test -f .runner && ");
	return operands
		.filter((path) => isSystemDirectory(path) || (deep && !isInRunner && isAnywhere(path)))
		.map((path) => `${program} changes ${path}`);
}

/** Directories that belong to the distribution, or hold the data of many. */
export function isSystemDirectory(path: string): boolean {
	if (!path.startsWith("/")) return false;
	const clean = normalize(path).replace(/(?<=.)\/$/, "");
	return (
		/^\/[^/]*$/.test(clean) ||
		/^\/(?:var|run|usr|etc|home|opt|mnt|media|srv\/?$)(?:\/(?:tmp|run|lib|log|cache|spool|local|bin|sbin|share|etc|lib64))?$/.test(
			clean,
		) ||
		/^\/usr\/local(?:\/(?:bin|lib|sbin|share|etc))?$/.test(clean) ||
		/^\/var\/lib\/(?:docker|containerd|containers)$/.test(clean) ||
		/^\/root$/.test(clean) ||
		/^\/(?:dev|proc|sys|boot)\/(?!shm$)/.test(clean) ||
		clean === "/dev/shm"
	);
}

/** A directory that depends on where the command is run. */
function isAnywhere(path: string): boolean {
	return path !== "" && !path.startsWith("/");
}
