import { type ChildProcess, spawn } from "node:child_process";

/**
 * A runner cancels a job with SIGKILL, which no process can handle: its host jobs lose this process and keep the programs that
 * it started, which have groups of their own. So a shell holds the other end of a pipe, is told which groups run, and kills
 * those when the pipe ends. It ends itself then, too. If the pipe ends without the word `done`, it also undoes what `smoke` created.
 */
const script = `
trap '' HUP INT TERM
groups=$*
undo=
while read -r sign group; do
	case $sign in
	+) groups="$groups $group" ;;
	-) others=
		for other in $groups; do [ "$other" = "$group" ] || others="$others $other"; done
		groups=$others ;;
	undo) undo="$undo
$group" ;;
	'done') exit ;;
	esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
eval "$undo"`;

/** A healthy machine's programs have ended by then. Nobody cancels a job so early, and a process costs more than any check. */
const patienceMs = 300;

/** It lives as long as programs run: one that ended after this process would be a zombie in a container whose PID 1 reaps none. */
let shell: ChildProcess | undefined;
let timer: NodeJS.Timeout | undefined;
/** Programs that run, and commands of `ifKilled`. */
let reasons = 0;
const groups = new Set<number>();

/**
 * Watches over a program that has started, as the leader of this process group.
 * @returns to be called when it has ended.
 */
export function guard(group: number): () => void {
	reasons++;
	groups.add(group);
	if (shell) tell(`+ ${group}`);
	else timer ??= setTimeout(startShell, patienceMs).unref();
	return () => {
		groups.delete(group);
		tell(`- ${group}`);
		leave();
	};
}

/**
 * Has a command run if this process is killed, to remove what it created.
 * @param command For a shell, on one line. It must do no harm if there is nothing left to remove.
 * @returns takes that back.
 */
export function ifKilled(command: string): () => void {
	reasons++;
	startShell();
	tell(`undo ${command.replace(/\n/g, " ")}`);
	return leave;
}

function tell(line: string): void {
	shell?.stdin?.write(`${line}\n`);
}

function leave(): void {
	if (--reasons > 0) return;
	clearTimeout(timer);
	timer = undefined;
	shell?.stdin?.end("done\n");
	shell = undefined;
}

/** In a session of its own, without a place or an environment: what ends the job must not end it first, nor wait for it. */
function startShell(): void {
	if (shell || process.platform === "win32") return;
	try {
		const started = spawn("/bin/sh", ["-c", script, "runner-check-guard", ...[...groups].map(String)], {
			cwd: "/",
			env: {},
			detached: true,
			stdio: ["pipe", "ignore", "ignore"],
		});
		// Without a shell, or if somebody kills it, programs run unguarded.
		started.on("error", () => undefined);
		started.stdin?.on("error", () => undefined);
		shell = started;
	} catch {
		// No memory, no room for another process.
	}
}
