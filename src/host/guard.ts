import { type ChildProcess, spawn } from "node:child_process";

/**
 * A runner cancels a job with SIGKILL, which no process can handle: its host jobs lose this process and keep the programs that
 * it started, which have groups of their own. So a shell holds the other end of a pipe, is told which groups run, and kills
 * those when the pipe ends. It ends itself then, too. If the pipe ends without the word `done`, it also undoes what `smoke` created.
 */
const script = `
trap '' HUP INT TERM
groups=
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

/** It lives as long as programs run: one that ended after this process would be a zombie in a container whose PID 1 reaps none. */
let shell: ChildProcess | undefined;
let programs = 0;

/** Watches over one program. */
export interface Guard {
	/** The program has started, as the leader of this process group. */
	watch(group: number | undefined): void;
	/** The program has ended, or did not start. */
	leave(): void;
}

/** To be called before a program starts, which is then guarded from its first moment. */
export function guard(): Guard {
	programs++;
	shell ??= startShell();
	let watched: number | undefined;
	const tell = (sign: "+" | "-") => {
		if (watched !== undefined) shell?.stdin?.write(`${sign} ${watched}\n`);
	};
	return {
		watch(group) {
			watched = group;
			tell("+");
		},
		leave() {
			tell("-");
			end();
		},
	};
}

/**
 * Has a command run if this process is killed, to remove what it created.
 * @param command For a shell, on one line. It must do no harm if there is nothing left to remove.
 * @returns takes that back.
 */
export function ifKilled(command: string): () => void {
	programs++;
	shell ??= startShell();
	shell?.stdin?.write(`undo ${command.replace(/\n/g, " ")}\n`);
	return end;
}

function end(): void {
	if (--programs > 0) return;
	shell?.stdin?.end("done\n");
	shell = undefined;
}

/** In a session of its own, without a place or an environment: what ends the job must not end it first, nor wait for it. */
function startShell(): ChildProcess | undefined {
	if (process.platform === "win32") return undefined;
	try {
		const started = spawn("/bin/sh", ["-c", script, "runner-check-guard"], {
			cwd: "/",
			env: {},
			detached: true,
			stdio: ["pipe", "ignore", "ignore"],
		});
		// Without a shell, or if somebody kills it, programs run unguarded.
		started.on("error", () => undefined);
		started.stdin?.on("error", () => undefined);
		return started;
	} catch {
		return undefined; // no memory, no room for another process
	}
}
