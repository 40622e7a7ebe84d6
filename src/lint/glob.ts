/** One step of a pattern: a character that passes, or any number of characters. */
type Step =
	| { readonly kind: "one"; passes(char: string): boolean }
	/** `crossing`: including slashes. */
	| { readonly kind: "many"; readonly crossing: boolean };

/** Longer than any path. The time grows with both lengths, and nothing can interrupt it. */
const maxLength = 4096;

/** Alternatives in braces multiply. No real pattern has more than this. */
const maxAlternatives = 64;

/**
 * Does the whole text match the pattern? Knows `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and a backslash before a literal
 * character. The time is proportional to the lengths of pattern and text, for any pattern.
 */
export function globMatches(pattern: string, text: string, stopAtSlash: boolean): boolean {
	return globMatcher(pattern, stopAtSlash)(text);
}

/** The same for many texts. */
function globMatcher(pattern: string, stopAtSlash: boolean): (text: string) => boolean {
	if (pattern.length > maxLength) return () => false;
	const forms = alternatives(pattern).map((one) => stepsOf(one, stopAtSlash));
	return (text) => text.length <= maxLength && forms.some((steps) => matches(steps, text));
}

/** A matcher for paths of files: two stars and a slash can also be nothing, as in shells. */
export function pathMatcher(pattern: string): (path: string) => boolean {
	return globMatcher(pattern.replace(/(^|\/)(?:\*\*\/)+/g, "$1{,**/}"), true);
}

function matches(steps: readonly Step[], text: string): boolean {
	let current = withSkipped(new Set([0]), steps);
	for (const char of text) {
		const next = new Set<number>();
		for (const index of current) {
			const step = steps[index];
			if (step?.kind === "one" && step.passes(char)) next.add(index + 1);
			if (step?.kind === "many" && (step.crossing || char !== "/")) next.add(index);
		}
		if (next.size === 0) return false;
		current = withSkipped(next, steps);
	}
	return current.has(steps.length);
}

/** "Any number" can be zero. */
function withSkipped(indices: Set<number>, steps: readonly Step[]): Set<number> {
	for (const index of indices) if (steps[index]?.kind === "many") indices.add(index + 1);
	return indices;
}

function stepsOf(pattern: string, stopAtSlash: boolean): readonly Step[] {
	const steps: Step[] = [];
	for (let at = 0; at < pattern.length; at++) {
		const char = pattern[at] ?? "";
		if (char === "*") {
			const isDouble = pattern[at + 1] === "*";
			while (pattern[at + 1] === "*") at++;
			steps.push({ kind: "many", crossing: isDouble || !stopAtSlash });
		} else if (char === "?") {
			steps.push({ kind: "one", passes: (other) => !stopAtSlash || other !== "/" });
		} else if (char === "[" && pattern.indexOf("]", at + 2) > 0) {
			const end = pattern.indexOf("]", at + 2);
			steps.push({ kind: "one", passes: classOf(pattern.slice(at + 1, end)) });
			at = end;
		} else {
			const literal = char === "\\" ? (pattern[++at] ?? "\\") : char;
			steps.push({ kind: "one", passes: (other) => other === literal });
		}
	}
	return steps;
}

/** `a-z0`, `!a-z`, `^a` */
function classOf(inside: string): (char: string) => boolean {
	const isNegated = /^[!^]/.test(inside);
	const members = isNegated ? inside.slice(1) : inside;
	return (char) => {
		for (let at = 0; at < members.length; at++) {
			const from = members[at] ?? "";
			const to = members[at + 1] === "-" ? members[at + 2] : undefined;
			if (to !== undefined) at += 2;
			if (char >= from && char <= (to ?? from)) return !isNegated;
		}
		return isNegated;
	};
}

/** `/a/{b,c}` -> `/a/b`, `/a/c` */
function alternatives(pattern: string): readonly string[] {
	const open = pattern.indexOf("{");
	const close = pattern.indexOf("}", open);
	if (open < 0 || close < 0) return [pattern];
	const before = pattern.slice(0, open);
	const after = alternatives(pattern.slice(close + 1));
	return pattern
		.slice(open + 1, close)
		.split(",")
		.flatMap((choice) => after.map((rest) => before + choice + rest))
		.slice(0, maxAlternatives);
}
