import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { now } from "../clock.ts";
import { guard } from "./guard.ts";

/** Whether a mount answered, and after how many milliseconds. `unasked`: nobody could be started to ask it. */
export interface MountAnswer {
	readonly state: "answers" | "not-answering" | "unasked";
	readonly ms: number;
}

/** Time for the process that asks to start: a busy machine must not look like a dead mount. */
const startMs = 5000;

/**
 * Says when it begins and when it is through. statfs and the listing go to the server, even if the kernel still knows the rest. An
 * error is an answer, too.
 */
const script = `
const fs = require("fs"), path = process.argv[1];
fs.writeSync(1, "b");
try {
	if (fs.statfsSync) fs.statfsSync(path);
	if (fs.statSync(path).isDirectory()) {
		const directory = fs.opendirSync(path);
		directory.readSync();
		directory.closeSync();
	}
} catch (error) {}
fs.writeSync(1, "e");`;

/**
 * Asks a mount in a process of its own, which can be abandoned. Nothing in this process could: not even its end waits for less than
 * the answer to a call that one of its threads has made.
 */
export function askMount(target: string, patienceMs: number): Promise<MountAnswer> {
	const child = startAsker(target);
	if (!child) return Promise.resolve({ state: "unasked", ms: 0 });
	const unguard = child.pid === undefined ? () => undefined : guard(child.pid);
	return new Promise((resolve) => {
		let began = now();
		let hasEnded = false;
		const end = (state: MountAnswer["state"]): void => {
			clearTimeout(timer);
			if (hasEnded) return;
			hasEnded = true;
			child.kill("SIGKILL");
			unguard();
			// Let go of everything that could keep this process alive: the child may be one that cannot die.
			child.stdout?.destroy();
			child.unref();
			resolve({ state, ms: Math.round(now() - began) });
		};
		let timer = setTimeout(() => end("unasked"), startMs);
		child.once("error", () => end("unasked"));
		child.stdout?.once("end", () => end("unasked"));
		child.stdout?.on("data", (said: Buffer) => {
			if (said.includes("e")) return end("answers");
			clearTimeout(timer);
			began = now();
			timer = setTimeout(() => end("not-answering"), patienceMs);
		});
	});
}

/** Of our environment only what Node may need to start: the rest holds secrets, and could make it load something from the mount. */
function startAsker(target: string): ChildProcess | undefined {
	const { LD_LIBRARY_PATH } = process.env;
	const env = LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH };
	const options: SpawnOptions = { cwd: "/", env, detached: true, stdio: ["ignore", "pipe", "ignore"] };
	try {
		return spawn(process.execPath, ["-e", script, target], options);
	} catch {
		return undefined; // no memory, no room for another process
	}
}
