import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One run of a real program, as it was recorded. */
export interface Recording {
	readonly name: string;
	/** As a shell would read it, with its variables in front. */
	readonly command: string;
	/** Negative: the number of the signal that ended it. */
	readonly exit: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly note?: string;
}

/** A rule of `expected/<area>.yaml`; see the README there. */
interface Rule {
	readonly recordings: string | readonly string[];
	readonly state?: string;
	readonly expect?: string;
	readonly judges?: readonly string[];
	readonly second?: readonly string[];
	readonly also?: readonly string[];
	readonly "not-judged"?: string;
}

/** A machine that some recordings show, and what has to be said about it. */
export interface State {
	readonly area: string;
	/** `CLI 29.7.2, no socket` */
	readonly name: string;
	readonly recordings: readonly Recording[];
	/** `docker/socket:missing`, `pass`, `tool/true:error`. In `registry/*:denied` the star is any instance. */
	readonly expect: string;
	readonly judges: readonly string[];
	readonly second: readonly string[];
	readonly also: readonly string[];
}

/** The recordings of one file, all states that they show, and those of which nothing is expected, by the reason's key. */
export interface Area {
	readonly name: string;
	readonly recordings: readonly Recording[];
	readonly states: readonly State[];
	readonly notJudged: ReadonlyMap<string, readonly Recording[]>;
}

export const areas = ["rust", "node", "docker", "nvidia", "registry", "misc", "disk"] as const;

const here = import.meta.dirname;

/** Reads recordings and rules of an area. Throws where a recording does not belong to exactly one rule. */
export function readArea(name: (typeof areas)[number]): Area {
	const recordings = readRecordings(name);
	const rules = readYaml<readonly Rule[]>(`expected/${name}.yaml`);
	const states = new Map<string, State>();
	const notJudged = new Map<string, Recording[]>();
	for (const recording of recordings) {
		const { rule, groups } = ruleOf(recording.name, rules);
		const why = rule["not-judged"];
		if (why !== undefined) {
			notJudged.set(why, [...(notJudged.get(why) ?? []), recording]);
			continue;
		}
		const filled = (text = "") => text.replace(/\$(\d)/g, (_, number) => groups[Number(number)] ?? "");
		const state = filled(rule.state);
		const known = states.get(state);
		states.set(state, {
			area: name,
			name: state,
			recordings: [...(known?.recordings ?? []), recording],
			expect: filled(rule.expect),
			judges: rule.judges ?? [],
			second: (rule.second ?? []).map(filled),
			also: (rule.also ?? []).map(filled),
		});
	}
	return { name, recordings, states: [...states.values()], notJudged };
}

/** All recordings of a file of `__tests__/fixtures/recordings`. */
export function readRecordings(area: string): readonly Recording[] {
	const text = readFileSync(join(here, "../fixtures/recordings", `${area}.jsonl`), "utf8");
	return text
		.split("\n")
		.filter(Boolean)
		.map((line) => JSON.parse(line));
}

/** A YAML file of this folder. */
export function readYaml<T>(file: string): T {
	return parse(readFileSync(join(here, file), "utf8"));
}

function ruleOf(name: string, rules: readonly Rule[]): { rule: Rule; groups: readonly string[] } {
	const hits = rules.flatMap((rule) => {
		const match = [rule.recordings]
			.flat()
			.map((pattern) => new RegExp(`^(?:${pattern})$`).exec(name))
			.find((found) => found !== null);
		return match ? [{ rule, groups: [...match] }] : [];
	});
	const [hit] = hits;
	if (hits.length !== 1 || !hit) throw new Error(`${name} belongs to ${hits.length} rules`);
	return hit;
}
