import { type ChildProcess, spawn } from "node:child_process";

/**
 * A runner cancels a job with SIGKILL, which no process can handle: its host jobs lose this process and keep the programs that
 * it started, which have groups of their own. So a shell holds the other end of a pipe, is told which groups run, and kills
 * those when the pipe ends. It ends itself then, too.
 */
const script = `
trap '' HUP INT TERM
groups=
while read -r sign group; do
	case $sign in
	+) groups="$groups $group" ;;
	-) others=
		for other in $groups; do [ "$other" = "$group" ] || others="$others $other"; done
		groups=$others ;;
	esac
done
for group in $groups; do kill -s KILL -- "-$group"; done`;

let shell: ChildProcess | undefined;

/** Starts the shell, once. It must be called before the first program starts. */
export function startGuard(): void {
	if (shell !== undefined || process.platform === "win32") return;
	// Of its own session and without a place or an environment: whatever ends the job must not end it first, nor wait for it.
	shell = spawn("/bin/sh", ["-c", script, "runner-check-guard"], {
		cwd: "/",
		env: {},
		detached: true,
		stdio: ["pipe", "ignore", "ignore"],
	});
	// Without a shell, or after it was killed, programs run unguarded.
	shell.on("error", () => undefined);
	shell.stdin?.on("error", () => undefined);
	shell.unref();
	(shell.stdin as { unref?(): void } | null)?.unref?.();
}

/** Guards the process group of a program until the returned function is called. */
export function guard(group: number | undefined): () => void {
	if (group === undefined) return () => undefined;
	const tell = (sign: "+" | "-") => shell?.stdin?.write(`${sign} ${group}\n`);
	tell("+");
	return () => tell("-");
}
