import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** What the runner does for one step, in milliseconds. */
export interface StepCost {
	/** Brings the action into the runner's cache; 0 for a `run:` step. */
	fetch: number;
	/** Copies it into the job container. */
	copy: number;
	/** From the step's start to that of the next one, the copy included. */
	step: number;
}

/** The runner's log with the time of each line. Its own timestamps are whole seconds, so a line has the time at which it arrives. */
export class RunnerLog {
	readonly #lines: { at: number; text: string }[] = [];
	#unfinished = "";

	readonly add = (text: string): void => {
		const at = performance.now();
		const lines = (this.#unfinished + text).split("\n");
		this.#unfinished = lines.pop() ?? "";
		// Only what the runner says itself: output of a step is behind a mark.
		for (const line of lines) {
			const said = /^\[[^\]]*\] (?! {2}\| )(.*)$/.exec(line)?.[1];
			if (said !== undefined) this.#lines.push({ at, text: said });
		}
	};

	/** What the step `uses` or `run` cost. */
	costOf(step: string): StepCost {
		const start = this.#find((text) => text === `Run Main ${step}`);
		const end = this.#find((text) => /^(?:Run Main|Cleaning up)/.test(text), start + 1);
		const [address = "", ref] = step.split("@");
		const clone = step.includes("://")
			? this.#find((text) => text === `git clone '${address}' # ref=${ref}`)
			: undefined;
		return {
			fetch: clone === undefined ? 0 : this.#between(clone, clone + 1),
			copy: clone === undefined ? 0 : this.#between(this.#copyOf(step), this.#copyOf(step) + 1),
			step: this.#between(start, end),
		};
	}

	/** The folder that the runner copied for an action. */
	copiedFrom(uses: string): string {
		return /src=(\S+)/.exec(this.#lines[this.#copyOf(uses)]?.text ?? "")?.[1] ?? "";
	}

	#copyOf(uses: string): number {
		return this.#find(
			(text) => text.startsWith("docker cp "),
			this.#find((text) => text === `Run Main ${uses}`),
		);
	}

	#find(is: (text: string) => boolean, from = 0): number {
		const index = this.#lines.findIndex(({ text }, line) => line >= from && is(text));
		if (index < 0) throw new Error(`not in the runner's log after line ${from}: ${is}`);
		return index;
	}

	#between(from: number, to: number): number {
		const [start, end] = [this.#lines[from], this.#lines[to]];
		if (start === undefined || end === undefined) throw new Error("the runner's log ends early");
		return end.at - start.at;
	}
}

/** Files in a folder and all below it, and their bytes. */
export async function contentOf(folder: string): Promise<{ files: number; bytes: number }> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
	return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
