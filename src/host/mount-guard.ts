import { promises } from "node:fs";
import { dirname } from "node:path";
import type { MountAnswer } from "./ask-mount.ts";
import { DeadMount } from "./dead-mount.ts";
import { atOnce, type FileCalls, hasTurn, pooled } from "./file-calls.ts";
import type { AskedMount } from "./host.ts";
import { kernelFileSystems, localFileSystems } from "./local-file-systems.ts";
import { parseMountinfo } from "./mountinfo.ts";

/** A mount that may never answer. Mounts of one file system share a server. */
interface Suspect {
	readonly target: string;
	readonly fsType: string;
	readonly source: string;
	readonly server: Server;
}

interface Server {
	/** `undefined` until somebody needs to know. */
	answer?: Promise<MountAnswer>;
	/** Asked a second time, because a call takes long. */
	again?: Promise<MountAnswer> | undefined;
	/** What was asked, once it is known. */
	asked?: AskedMount;
	readonly wanted: Set<string>;
}

export interface GuardOptions {
	/** /proc/self/mountinfo; empty where there is none. */
	readonly mountinfo: string;
	/** Files that this program was loaded from: their mounts have just answered. */
	readonly loaded: readonly string[];
	readonly cwd: () => string;
	readonly ask: (target: string) => Promise<MountAnswer>;
	/** How long a call may take before its mount is asked again, in milliseconds. */
	readonly patienceMs: number;
}

/** Calls on mounts that may hang, which have not returned. Until they do, no exit of Node returns either. */
const pending = new Set<Promise<unknown>>();

/** Whether such calls all return within this time. */
export async function callsReturn(withinMs: number): Promise<boolean> {
	if (pending.size === 0) return true;
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise((resolve) => {
		timer = setTimeout(resolve, withinMs);
	});
	await Promise.race([Promise.allSettled(pending), late]);
	clearTimeout(timer);
	return pending.size === 0;
}

/** What /proc tells of another process may wait for that process's memory, and what a driver tells there for its device. */
const waitsForOthers = /^\/proc\/(?:\d+\/(?!limits$)|driver\/)/;

const maxLinks = 40;
const maxWanted = 8;

/**
 * Lets no call touch a mount before it has answered. A call on a dead one (NFS without its server, FUSE without its daemon) cannot be
 * ended: its thread, then this process, and what waits for it, hang. So a path is followed one name at a time, with links, and
 * every mount on it whose type may hang is asked first, once, in a process that can be abandoned (`ask-mount.ts`). On a machine
 * without such mounts there is nothing to do, and it costs nothing.
 */
export class MountGuard {
	readonly #suspects = new Map<string, Suspect>();
	/** Targets of all mounts. */
	readonly #targets = new Set<string>();
	/** Those that answer at once: the kernel's own, and those of the file systems that this program was loaded from. */
	readonly #prompt = new Set<string>();
	/** Path without links -> where it leads, if it is a link. */
	readonly #links = new Map<string, Promise<string | undefined>>();
	readonly #options: GuardOptions;

	constructor(options: GuardOptions) {
		this.#options = options;
		const servers = new Map<string, Server>();
		const mounts = parseMountinfo(options.mountinfo);
		for (const { target, fsType, source, device } of mounts) {
			this.#targets.add(target);
			// What is mounted later is on top.
			this.#suspects.delete(target);
			if (localFileSystems.has(fsType)) continue;
			const server = servers.get(device) ?? { wanted: new Set() };
			servers.set(device, server);
			this.#suspects.set(target, { target, fsType, source, server });
		}
		const loadedFrom = new Set(options.loaded.map((file) => this.#targetOf(file)));
		const devices = new Set(mounts.filter(({ target }) => loadedFrom.has(target)).map(({ device }) => device));
		for (const { target, fsType, device } of mounts) {
			if (kernelFileSystems.has(fsType) || devices.has(device)) this.#prompt.add(target);
			else this.#prompt.delete(target);
		}
		for (const file of this.mayHang ? options.loaded : []) {
			const mount = this.#suspects.get(this.#targetOf(file));
			if (!mount) continue;
			mount.server.answer = Promise.resolve({ state: "answers", ms: 0 });
			mount.server.asked = told(mount, "in-use", 0);
		}
	}

	/** How many mounts there are; 0 if they are unknown. */
	get count(): number {
		return this.#targets.size;
	}

	/** Is there a mount of a type that may never answer? */
	get mayHang(): boolean {
		return this.#suspects.size > 0;
	}

	/** Does no server and no process stand between us and this path, which has no links? */
	isLocal(path: string): boolean {
		return !this.mayHang || !this.#suspects.has(this.#targetOf(path));
	}

	/** The mounts that had to be known. */
	get asked(): readonly AskedMount[] {
		const servers = new Set([...this.#suspects.values()].map(({ server }) => server));
		return [...servers].flatMap(({ asked, wanted }) => (asked ? [{ ...asked, wanted: [...wanted].sort() }] : []));
	}

	/**
	 * Makes a call that looks at `path`, unless nobody would answer it.
	 * @param follow False: the call does not follow the path if it is a link.
	 * @throws DeadMount
	 */
	through<T>(path: string, call: (calls: FileCalls) => Promise<T>, follow = true): Promise<T> {
		if (!this.mayHang) return call(this.#callsOn(path));
		return this.#reach(path, follow).then((mount) =>
			mount ? this.#watch(mount, path, () => call(pooled)) : call(this.#callsOn(path)),
		);
	}

	/** A disk that fails may take minutes for an answer: the deadline of a probe must be able to come first. */
	#callsOn(path: string): FileCalls {
		const isPrompt = path.startsWith("/") && this.#prompt.has(this.#targetOf(path)) && !waitsForOthers.test(path);
		return isPrompt && hasTurn() ? atOnce : pooled;
	}

	/** Resolves when it is known that calls on `path` are answered. @throws DeadMount */
	async reach(path: string): Promise<void> {
		if (this.mayHang) await this.#reach(path, true);
	}

	/** Asks the mounts again that have answered. @throws DeadMount if one does not any more. */
	async askAllAgain(path: string): Promise<void> {
		const answering = [...this.#suspects.values()].filter(({ server }) => server.asked?.state === "answers");
		await Promise.all(answering.map((mount) => this.#askAgain(mount, path)));
	}

	/** How long a mount may take to answer. */
	get patienceMs(): number {
		return this.#options.patienceMs;
	}

	/** @returns the mount that holds the path, if it may hang. */
	async #reach(path: string, follow: boolean): Promise<Suspect | undefined> {
		let at = "";
		await this.#enter("/", path);
		const names = namesIn(path.startsWith("/") ? path : `${this.#options.cwd()}/${path}`);
		for (let links = 0; names.length > 0; ) {
			const name = names.shift();
			if (name === "..") {
				at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
				continue;
			}
			const next = `${at}/${name}`;
			await this.#enter(next, path);
			const link = follow || names.length > 0 ? await this.#linkAt(next, path) : undefined;
			if (link === undefined) {
				at = next;
				continue;
			}
			// The call itself reports ELOOP.
			if (++links > maxLinks) return undefined;
			if (link.startsWith("/")) at = "";
			names.unshift(...namesIn(link));
		}
		return this.#suspects.get(this.#targetOf(at || "/"));
	}

	/** Asks the mount whose target this is, if there is one. */
	async #enter(target: string, path: string): Promise<void> {
		const mount = this.#suspects.get(target);
		if (mount) await this.#ask(mount, path);
	}

	async #ask(mount: Suspect, path: string): Promise<void> {
		const { server } = mount;
		server.answer ??= this.#options.ask(mount.target);
		const { state, ms } = await server.answer;
		server.asked ??= told(mount, state, ms);
		if (state !== "not-answering") return;
		if (server.wanted.size < maxWanted) server.wanted.add(path);
		const { target, fsType, source } = mount;
		throw new DeadMount(
			`the mount ${target} (${fsType}, ${source}) did not answer within ${(server.asked.ms / 1000).toFixed(1)} s`,
		);
	}

	/** Where the link at this path leads; `undefined` if there is no link. */
	#linkAt(path: string, wanted: string): Promise<string | undefined> {
		const known = this.#links.get(path);
		if (known) return known;
		const read = () => promises.readlink(path).catch(() => undefined);
		const mount = this.#suspects.get(this.#targetOf(path));
		const link = mount ? this.#watch(mount, wanted, read) : read();
		this.#links.set(path, link);
		return link;
	}

	/** The target of the mount that holds a path without links. */
	#targetOf(path: string): string {
		let target = path;
		while (target !== "/" && !this.#targets.has(target)) target = dirname(target);
		return target;
	}

	/** Gives up a call when its mount, which had answered before, does not any more. */
	async #watch<T>(mount: Suspect, path: string, call: () => Promise<T>): Promise<T> {
		let timer: NodeJS.Timeout | undefined;
		let isOver = false;
		const died = new Promise<never>((_, reject) => {
			const wait = (): void => {
				timer = setTimeout(() => this.#askAgain(mount, path).then(next, reject), this.#options.patienceMs);
			};
			const next = (): void => {
				if (!isOver) wait();
			};
			wait();
		});
		const work = call().finally(() => pending.delete(work));
		pending.add(work);
		try {
			return await Promise.race([work, died]);
		} finally {
			isOver = true;
			clearTimeout(timer);
		}
	}

	async #askAgain(mount: Suspect, path: string): Promise<void> {
		const { server } = mount;
		server.again ??= this.#options.ask(mount.target).finally(() => {
			server.again = undefined;
		});
		const answer = await server.again;
		if (answer.state !== "not-answering") return;
		server.answer = Promise.resolve(answer);
		server.asked = told(mount, answer.state, answer.ms);
		await this.#ask(mount, path);
	}
}

function told({ target, fsType, source }: Suspect, state: AskedMount["state"], ms: number): AskedMount {
	return { target, fsType, source: source.slice(0, 1000), state, ms, wanted: [] };
}

function namesIn(path: string): string[] {
	return path.split("/").filter((name) => name !== "" && name !== ".");
}
