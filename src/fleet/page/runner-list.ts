import type { Fleet, FleetRunner } from "../fleet.ts";
import { runnerBody } from "./body.ts";
import { fold, h } from "./dom.ts";
import { isFine, mark, type State, stateNames, stateOf, states, strip } from "./state.ts";
import { ageText, time } from "./time.ts";

type Grouping = "label" | "profile" | "state";

interface Row {
	readonly runner: FleetRunner;
	readonly state: State;
	readonly element: HTMLElement;
	readonly details: HTMLDetailsElement;
	/** All that the text filter looks at, in lower case. */
	readonly words: string;
}

interface Group {
	readonly element: HTMLElement;
	readonly rows: readonly Row[];
}

/** The runners, and what the filters do with them. */
export interface RunnerList {
	readonly element: HTMLElement;
	/** Says how many are shown. */
	readonly shown: HTMLElement;
	search?: HTMLInputElement;
	filterText(text: string): void;
	filterState(state: State, wanted: boolean): void;
	groupBy(grouping: Grouping): void;
	/** Filters by this text, as if it had been typed. */
	find(text: string): void;
	/** Opens the runner that the address names: `fleet.html#titan`. */
	openFromAddress(): void;
}

/** @param isAlone One report: its runner is open. */
export function runnerList(fleet: Fleet, isAlone: boolean): RunnerList {
	const element = h("div", "");
	const shown = h("p", "shown soft");
	shown.setAttribute("role", "status");
	const wantedStates = new Set<State>();
	let wantedText = "";
	let groups: readonly Group[] = [];

	const list: RunnerList = {
		element,
		shown,
		filterText(text) {
			wantedText = text.trim().toLowerCase();
			filter();
		},
		filterState(state, wanted) {
			if (wanted) wantedStates.add(state);
			else wantedStates.delete(state);
			filter();
		},
		groupBy(grouping) {
			groups = grouped(fleet, grouping);
			element.replaceChildren(...groups.map((group) => group.element));
			filter();
		},
		find(text) {
			if (list.search) list.search.value = text;
			list.filterText(text);
			list.search?.focus();
		},
		openFromAddress() {
			const name = decoded(location.hash.slice(1));
			const row = groups.flatMap(({ rows }) => rows).find(({ runner }) => isAlone || runner.name === name);
			if (!row) return;
			row.details.open = true;
			if (!isAlone) row.details.scrollIntoView({ block: "center" });
		},
	};

	function filter(): void {
		const seen = new Set<FleetRunner>();
		for (const { element: section, rows } of groups) {
			let some = false;
			for (const row of rows) {
				const isWanted = (wantedStates.size === 0 || wantedStates.has(row.state)) && row.words.includes(wantedText);
				row.element.hidden = !isWanted;
				if (!isWanted) continue;
				some = true;
				seen.add(row.runner);
			}
			section.hidden = !some;
		}
		const total = fleet.runners.length;
		shown.textContent = seen.size === total ? `All ${total} runners` : `${seen.size} of ${total} runners`;
	}

	element.addEventListener("keydown", (event) => moveFocus(event, element));
	list.groupBy(isAlone ? "profile" : "label");
	return list;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Arrow keys go from runner to runner, Home and End to the first and the last. */
function moveFocus(event: KeyboardEvent, element: HTMLElement): void {
	const current = document.activeElement;
	if (!current?.matches(".row > summary") || event.altKey || event.ctrlKey || event.metaKey) return;
	const all = [...element.querySelectorAll<HTMLElement>(".group:not([hidden]) li:not([hidden]) > .row > summary")];
	const at = all.indexOf(current as HTMLElement);
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
	const next = to === undefined ? undefined : all[to];
	if (!next) return;
	event.preventDefault();
	next.focus();
}

/** Groups by name, those with something to look at first; in a group, the most severe first. */
function grouped(fleet: Fleet, grouping: Grouping): readonly Group[] {
	const members = new Map<string, FleetRunner[]>();
	for (const runner of fleet.runners)
		for (const name of groupsOf(runner, grouping)) {
			const group = members.get(name);
			if (group) group.push(runner);
			else members.set(name, [runner]);
		}
	const severity = (runner: FleetRunner): number => stateNames.indexOf(stateOf(runner));
	const sorted = [...members].map(([name, runners]) => ({
		name,
		runners: runners.sort((a, b) => severity(a) - severity(b) || compare(a.name, b.name)),
	}));
	const hasSick = ({ runners }: { readonly runners: readonly FleetRunner[] }): number =>
		runners.some((runner) => !isFine(stateOf(runner))) ? 0 : 1;
	return sorted
		.sort((a, b) => hasSick(a) - hasSick(b) || compare(a.name, b.name))
		.map(({ name, runners }) => groupOf(grouping === "state" ? states[name as State].text : name, runners, fleet));
}

const collator = new Intl.Collator("en", { numeric: true });
function compare(a: string, b: string): number {
	return collator.compare(a, b);
}

/** A runner is in the group of each of its labels: a label is healthy or not, whatever else its runners do. */
function groupsOf(runner: FleetRunner, grouping: Grouping): readonly string[] {
	if (grouping === "state") return [stateOf(runner)];
	if (grouping === "profile") return [runner.profile ?? "No profile"];
	return runner.labels.length > 0 ? [...new Set(runner.labels)] : ["No label"];
}

function groupOf(name: string, runners: readonly FleetRunner[], fleet: Fleet): Group {
	const rows = runners.map((runner) => rowOf(runner, fleet, name));
	const bad = rows.filter(({ state }) => !isFine(state)).length;
	const about = `${rows.length} ${rows.length === 1 ? "runner" : "runners"}${bad > 0 ? `, ${bad} to look at` : ""}`;
	const heading = h("h2", "", name, h("small", "", about));
	const section = h("section", "group", heading, h("ul", "rows", ...rows.map(({ element }) => element)));
	return { element: section, rows };
}

function rowOf(runner: FleetRunner, fleet: Fleet, group: string): Row {
	const state = stateOf(runner);
	const { name, profile, history, last_report } = runner;
	const head = [
		h("span", "state", mark(state), h("span", states[state].tone, states[state].text)),
		h(
			"span",
			"name",
			name,
			profile !== undefined && profile !== name && profile !== group && h("small", "", ` ${profile}`),
		),
		saysOf(runner),
		history.length > 1 ? strip(history) : h("span", "nothing"),
		h("span", "age", last_report !== undefined && time(last_report, ageText(last_report, fleet.generated))),
	];
	const details = fold("row", head, () => runnerBody(runner, fleet));
	return { runner, state, details, element: h("li", "", details), words: wordsOf(runner, state) };
}

/** What is wrong, in a few words. */
function saysOf({ why, failures, warnings }: FleetRunner): HTMLElement {
	const ids = [...failures, ...warnings];
	if (why !== undefined || ids.length === 0) return h("span", "says", why);
	const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
	return h("span", "says", ...ids.slice(0, 3).flatMap((id, index) => [index > 0 ? ", " : "", h("code", "", id)]), more);
}

function wordsOf(
	{ name, profile, labels, failures, warnings, versions, why, runner }: FleetRunner,
	state: State,
): string {
	const known = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
	const about = [runner?.os, runner?.arch, runner?.image, runner?.version];
	return [name, profile, ...labels, states[state].text, ...failures, ...warnings, ...known, ...about, why]
		.join("\n")
		.toLowerCase();
}
