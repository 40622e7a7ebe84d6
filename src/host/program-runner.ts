import { childEnvironment } from "./child-environment.ts";
import { makeEmptyDirectory, type Places } from "./empty-directory.ts";
import type { Host, RunOptions, RunOutcome } from "./host.ts";
import { homeOfUser } from "./user-home.ts";
import { hasWorkspace, isWithin, workspaceOf } from "./workspace.ts";

export interface Start {
	readonly env: NodeJS.ProcessEnv;
	readonly cwd: () => string;
	readonly files: Places;
	/** Starts a program with this environment. */
	readonly run: (command: readonly string[], options: RunOptions, env: NodeJS.ProcessEnv) => Promise<RunOutcome>;
}

/**
 * Runs programs away from the workspace: in an empty directory, and with an environment that holds no token and does not lead there. A
 * program of the workspace itself is not started.
 */
export function programRunner({ env, cwd, files, run }: Start): Pick<Host, "run" | "emptyDirectory"> {
	/** Where a path really leads; the path itself if that cannot be found out. */
	const real = async (path: string): Promise<string> => {
		const found = await files.realPath(path).catch(() => undefined);
		return found?.kind === "ok" ? found.value : path;
	};
	/**
	 * The workspace as it is written and as it really is. None if it holds the user's home, as where someone runs this in a terminal: see
	 * `isOfWorkspace`.
	 */
	const findPlaces = async (): Promise<readonly string[]> => {
		if (!hasWorkspace(env)) return [];
		const written = workspaceOf(env, cwd());
		const [root, home] = await Promise.all([real(written), real(homeOfUser() ?? "/")]);
		return isWithin(home, root) ? [] : [...new Set([written, root])];
	};
	let places: Promise<readonly string[]> | undefined;
	const untrusted = (): Promise<readonly string[]> => {
		places ??= findPlaces();
		return places;
	};
	const isUntrusted = async (program: string): Promise<boolean> => {
		const paths = program.includes("/") ? [program, await real(program)] : [];
		const all = await untrusted();
		return paths.some((path) => all.some((place) => isWithin(path, place)));
	};
	let directory: Promise<string> | undefined;
	const emptyDirectory = (): Promise<string> => {
		directory ??= untrusted().then((all) => makeEmptyDirectory(env, all, files));
		return directory;
	};
	let usual: NodeJS.ProcessEnv | undefined;
	return {
		emptyDirectory,
		async run(command, { needs, isTrusted, ...options }) {
			const cwd = options.cwd ?? (await emptyDirectory());
			if (isTrusted) return run(command, { ...options, cwd }, childEnvironment(env, [], needs));
			if (await isUntrusted(command[0] ?? "")) {
				return { kind: "not-started", code: "EUNTRUSTED", stdout: "", stderr: "", ms: 0 };
			}
			if (!needs) usual ??= childEnvironment(env, await untrusted());
			const own = needs || !usual ? childEnvironment(env, await untrusted(), needs) : usual;
			return run(command, { ...options, cwd }, own);
		},
	};
}
