import type { PageData } from "./data.ts";
import { h } from "./dom.ts";
import { rail } from "./rail.ts";
import { runnerList } from "./runner-list.ts";
import { isFine, mark, type State, stateNames, stateOf, states } from "./state.ts";
import { time } from "./time.ts";

const { kind, fleet } = JSON.parse(document.getElementById("data")?.textContent ?? "") as PageData;
const counts = new Map<State, number>();
for (const runner of fleet.runners) counts.set(stateOf(runner), (counts.get(stateOf(runner)) ?? 0) + 1);
const present = stateNames.filter((state) => counts.has(state));

const list = runnerList(fleet, kind === "report");
const aside = rail(fleet, list.find);
const title = kind === "report" ? `Runner ${fleet.runners[0]?.name ?? ""}` : "Runner fleet";
document.title = title;
document.body.append(head(), ...(fleet.runners.length > 1 ? [share()] : []), layout());
list.openFromAddress();

function head(): HTMLElement {
	const heading = h("div", "", h("h1", "", title), h("p", "soft", sentence()));
	return h("header", "head", heading, h("p", "soft", "Generated ", time(fleet.generated)));
}

/** The whole fleet in one sentence. */
function sentence(): string {
	const total = fleet.runners.length;
	if (kind === "report") return states[present[0] ?? "unknown"].text;
	if (total === 0) return "No runner is known: no report was found, and none is expected.";
	const runners = `${total} ${total === 1 ? "runner" : "runners"}`;
	const bad = present.filter((state) => !isFine(state)).reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
	const differ =
		fleet.drift.length > 0
			? ` Versions differ in ${fleet.drift.length === 1 ? "one place" : `${fleet.drift.length} places`}.`
			: "";
	if (bad === 0) return `${runners}, and ${total === 1 ? "it works" : "all of them work"}.${differ}`;
	return `${bad} of ${runners} ${bad === 1 ? "needs" : "need"} attention.${differ}`;
}

/** How the fleet is divided, as one bar. The buttons below say the same in numbers. */
function share(): HTMLElement {
	const parts = present.map((state) => {
		const part = h("i", states[state].tone);
		part.style.flexGrow = String(counts.get(state) ?? 0);
		return part;
	});
	const bar = h("div", "share", ...parts);
	bar.setAttribute("aria-hidden", "true");
	return bar;
}

function layout(): HTMLElement {
	const main = h("main", "", ...(fleet.runners.length > 1 ? [tools()] : []), list.element);
	return h("div", aside ? "layout" : "layout single", main, aside);
}

function tools(): HTMLElement {
	const search = h("input", "");
	search.type = "search";
	search.placeholder = "Filter: name, label, finding, version";
	search.setAttribute("aria-label", "Filter runners by text");
	search.addEventListener("input", () => list.filterText(search.value));
	list.search = search;
	const chips = present.map((state) => chip(state));
	const group = h("select", "", ...["label", "profile", "state"].map((name) => option(name)));
	group.setAttribute("aria-label", "Group runners");
	group.addEventListener("change", () => list.groupBy(group.value as "label" | "profile" | "state"));
	addEventListener("keydown", (event) => {
		if (event.key === "/" && document.activeElement !== search && !event.ctrlKey && !event.metaKey) {
			event.preventDefault();
			search.focus();
		}
		if (event.key === "Escape" && document.activeElement === search) list.find("");
	});
	return h("div", "tools", search, ...chips, list.shown, group);
}

function option(name: string): HTMLOptionElement {
	const element = h("option", "", `By ${name}`);
	element.value = name;
	return element;
}

function chip(state: State): HTMLElement {
	const button = h("button", "chip", mark(state), states[state].text, h("b", "", String(counts.get(state) ?? 0)));
	button.type = "button";
	button.setAttribute("aria-pressed", "false");
	button.addEventListener("click", () => {
		const pressed = button.getAttribute("aria-pressed") !== "true";
		button.setAttribute("aria-pressed", String(pressed));
		list.filterState(state, pressed);
	});
	return button;
}
