import { callsReturn } from "./mount-guard.ts";

/** Time for calls to return that a slow mount still holds. */
const graceMs = 250;

/**
 * Ends this process, also if a call on a mount that died meanwhile does not return: `process.exit` would wait for it without end. A
 * signal frees a thread that waits for NFS, but the exit code is the signal's then. Nothing ends one that waits for a FUSE daemon
 * which has taken the request.
 */
export async function leave(code: number): Promise<void> {
	if (!(await callsReturn(graceMs))) process.kill(process.pid, "SIGKILL");
	process.exit(code);
}
