import { constants, promises } from "node:fs";
import { type DeadMount, unlessDead } from "./dead-mount.ts";
import { readText } from "./files.ts";
import type { RunOptions, RunOutcome } from "./host.ts";
import type { MountGuard } from "./mount-guard.ts";
import { runProgram } from "./run-program.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A home directory that nobody can create. */
const noHome = "/dev/null";

/**
 * Runs a program, but never one that would have to be loaded from a dead mount: until the kernel has loaded it, this process waits. What
 * the environment has on a dead mount is taken out, so that a program that does not need it does its work.
 * @throws DeadMount if program, interpreter or `cwd` are on a dead mount, or if the program fails and something was taken out, or a
 * mount died meanwhile.
 */
export async function runGuarded(
	command: readonly string[],
	options: RunOptions,
	baseEnv: NodeJS.ProcessEnv,
	guard: MountGuard,
): Promise<RunOutcome> {
	if (!guard.mayHang) return runProgram(command, options, baseEnv);
	const [program = "", ...args] = command;
	const { cwd } = options;
	if (cwd !== undefined) await guard.reach(cwd);
	const env: Env = { ...baseEnv, ...options.env };
	const { changes, lost } = await withoutDead(env, guard);
	const search = program.includes("/") ? undefined : await findProgram(program, { ...env, ...changes }.PATH, guard);
	const file = search?.found ?? program;
	if (file.includes("/"))
		await reachProgram(cwd === undefined || file.startsWith("/") ? file : `${cwd}/${file}`, guard);
	// Not found where the search could look. The system would search again, and follow the dead link.
	else if (search?.lost) throw search.lost;
	const mounts = watchMounts(file, guard);
	const outcome = await runProgram([file, ...args], { ...options, env: { ...options.env, ...changes } }, baseEnv);
	const died = mounts.end();
	const dead = lost ?? search?.lost ?? died;
	if (dead && !(outcome.kind === "exited" && outcome.code === 0)) throw dead;
	return outcome;
}

/** Looks again and again, while a program runs, whether a mount died under it. `end` tells which, if any. */
function watchMounts(file: string, guard: MountGuard): { end(): DeadMount | undefined } {
	let died: DeadMount | undefined;
	const askAgain = (): void => {
		unlessDead(guard.askAllAgain(file), (dead) => {
			died ??= dead;
		});
	};
	const timer = setInterval(askAgain, guard.patienceMs);
	return {
		end() {
			clearInterval(timer);
			return died;
		},
	};
}

/** What the kernel opens to start this program: the file, and the interpreter that a script names. */
async function reachProgram(file: string, guard: MountGuard): Promise<void> {
	const head = await guard.through(file, () => readText(file, 256, "latin1"));
	const interpreter = head.kind === "ok" ? /^#![ \t]*(\/[^\s\0]+)/.exec(head.value)?.[1] : undefined;
	if (interpreter !== undefined) await guard.reach(interpreter);
}

/** The first program of that name on PATH that can be started, and the first that is on a dead mount. */
async function findProgram(
	name: string,
	path: string | undefined,
	guard: MountGuard,
): Promise<{ readonly found?: string; readonly lost?: DeadMount }> {
	let lost: DeadMount | undefined;
	for (const directory of (path ?? "").split(":").filter((entry) => entry.startsWith("/"))) {
		const file = `${directory}/${name}`;
		const isThere = guard.through(file, () => canStart(file));
		const seen = await unlessDead(isThere, (dead) => dead);
		if (seen === true) return { found: file, ...(lost && { lost }) };
		if (seen !== false) lost ??= seen;
	}
	return lost ? { lost } : {};
}

async function canStart(file: string): Promise<boolean> {
	try {
		await promises.access(file, constants.X_OK);
		return (await promises.stat(file)).isFile();
	} catch {
		return false;
	}
}

/** What to change in an environment so that nothing in it is on a dead mount, and the first such mount. */
async function withoutDead(env: Env, guard: MountGuard): Promise<{ readonly changes: Env; readonly lost?: DeadMount }> {
	const changes: Record<string, string | undefined> = {};
	let lost: DeadMount | undefined;
	const look = async (name: string, value: string): Promise<void> => {
		const parts = value.split(":");
		const dead = await Promise.all(
			parts.map((part) => (part.startsWith("/") ? unlessDead(guard.reach(part), (error) => error) : undefined)),
		);
		const first = dead.find((error) => error !== undefined);
		if (!first) return;
		lost ??= first;
		const rest = parts.filter((_, index) => dead[index] === undefined).join(":");
		changes[name] = name === "HOME" ? noHome : rest || undefined;
	};
	const named = Object.entries(env).filter((entry): entry is [string, string] => entry[1]?.includes("/") ?? false);
	await Promise.all(named.map(([name, value]) => look(name, value)));
	return { changes, ...(lost && { lost }) };
}
