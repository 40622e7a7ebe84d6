import type { Scalar, Tree } from "../read/tree.ts";

/** A text with stars for its secrets, and its place in the line. */
interface SecretWord {
	readonly column: number;
	/** `undefined`: it is written with escapes, so the rest of the line may belong to the value. */
	readonly text: string | undefined;
}

/** The places of hidden parts in the file of a configuration. */
export interface SecretPlaces {
	onLine(line: number): readonly SecretWord[];
	/**
	 * The offset in a line up to which a secret of an earlier line may continue: the next key or value. 0 if no secret
	 * continues.
	 */
	hiddenUpTo(line: number): number;
}

const known = new WeakMap<Tree, SecretPlaces>();

/** There may be thousands of lines to show, so the tree is walked once. */
export function secretsOf(root: Tree): SecretPlaces {
	const places = known.get(root) ?? new Places(root);
	known.set(root, places);
	return places;
}

class Places implements SecretPlaces {
	private readonly words = new Map<number, SecretWord[]>();
	/** Line -> column of the first key or value that begins in it. */
	private readonly starts = new Map<number, number>();
	/** Lines in which a secret begins that may continue in the next ones. */
	private readonly unfinished = new Set<number>();

	constructor(root: Tree) {
		this.look(root);
	}

	onLine(line: number): readonly SecretWord[] {
		return this.words.get(line) ?? [];
	}

	hiddenUpTo(line: number): number {
		if (this.unfinished.size === 0) return 0;
		let before = line - 1;
		while (before > 0 && !this.starts.has(before)) before--;
		if (!this.unfinished.has(before)) return 0;
		return (this.starts.get(line) ?? Number.POSITIVE_INFINITY) - 1;
	}

	private look(tree: Tree): void {
		this.begin(tree.line, tree.column);
		switch (tree.kind) {
			case "map":
				for (const { key, line, column, value } of tree.entries) {
					this.begin(line, column);
					if (key.includes("*")) this.add(line, { column, text: undefined });
					this.look(value);
				}
				return;
			case "list":
				for (const item of tree.items) this.look(item);
				return;
			case "scalar":
				if (tree.text.includes("*")) this.addScalar(tree);
		}
	}

	private begin(line: number, column: number): void {
		this.starts.set(line, Math.min(column, this.starts.get(line) ?? column));
	}

	private add(line: number, word: SecretWord): void {
		const words = this.words.get(line);
		if (words) words.push(word);
		else this.words.set(line, [word]);
	}

	private addScalar({ text, words, plain, line, column }: Scalar): void {
		// Were all of its words found in the file? A word with escapes is not.
		if (words && words.length === text.match(/\S+/g)?.length) {
			for (const [offset, wordLine, wordColumn] of words) {
				const word = /^\S*/.exec(text.slice(offset))?.[0] ?? "";
				if (word.includes("*")) this.add(wordLine, { column: wordColumn, text: word });
			}
			return;
		}
		this.unfinished.add(line);
		this.add(line, words ? { column, text: undefined } : { column: column + (plain ? 0 : 1), text });
	}
}
