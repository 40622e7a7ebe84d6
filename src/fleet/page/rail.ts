import type { Change, Drift, Fleet } from "../fleet.ts";
import { type Child, fold, h, rich, svg } from "./dom.ts";
import { dateText } from "./time.ts";

/** Runners that are named one by one; of a larger group, only the number matters. */
const maxNamed = 8;
/** Entries of a card that are shown at once. */
const maxEntries = 12;

/** What concerns more than one runner. @param find Shows the runners of a name. */
export function rail(fleet: Fleet, find: (name: string) => void): HTMLElement | undefined {
	const cards = [
		card(
			"Changes",
			fleet.changes.map((change) => changeItem(change, find)),
		),
		card(
			"Drift",
			fleet.drift.map((drift) => driftItem(drift, find)),
		),
		card(
			"Labels without a runner",
			fleet.unserved.map(({ label, file, line }) =>
				h("li", "", h("code", "", label), h("span", "soft", ` in ${file}:${line}`)),
			),
		),
		card(
			"Not a report",
			fleet.rejected.map(({ file, reason }) => h("li", "", h("code", "", file), " ", rich(reason))),
		),
		card(
			"Not known",
			fleet.notes.map((note) => h("li", "", rich(note))),
		),
	].filter((entry) => entry !== undefined);
	if (cards.length === 0) return undefined;
	const aside = h("aside", "rail", ...cards);
	aside.setAttribute("aria-label", "About the fleet");
	return aside;
}

function card(title: string, items: readonly HTMLElement[]): HTMLElement | undefined {
	if (items.length === 0) return undefined;
	const rest = items.slice(maxEntries);
	return h(
		"section",
		"card",
		h("h2", "", title, h("small", "", String(items.length))),
		h("ul", "", ...items.slice(0, maxEntries)),
		rest.length > 0 && fold("fold", [`${rest.length} more`], () => h("ul", "", ...rest)),
	);
}

function nameLink(name: string, find: (name: string) => void): HTMLElement {
	const button = h("button", "name-link", name);
	button.type = "button";
	button.addEventListener("click", () => find(name));
	return button;
}

function changeItem({ name, profile, before, now, came, went }: Change, find: (name: string) => void): HTMLElement {
	const move = before === undefined ? `new: ${now}` : before === now ? `still ${now}` : `${before} → ${now}`;
	const of = (word: string, ids: readonly string[]): Child =>
		ids.length > 0 &&
		h("div", "soft", `${word} `, ...ids.flatMap((id, index) => [index > 0 ? ", " : "", h("code", "", id)]));
	return h(
		"li",
		"",
		nameLink(name, find),
		profile !== undefined && profile !== name && h("span", "soft", ` ${profile}`),
		h("span", "", ` ${move}`),
		of("New:", came),
		of("Gone:", went),
	);
}

function driftItem({ profile, what, values, since }: Drift, find: (name: string) => void): HTMLElement {
	const total = values.reduce((sum, { runners }) => sum + runners.length, 0);
	const title = h(
		"h3",
		"",
		h("code", "", what),
		` of ${profile}`,
		since !== undefined && h("span", "soft", ` since ${dateText(since)}`),
	);
	const rows = values.map(({ value, runners }, index) =>
		h(
			"li",
			"",
			h("code", "", value),
			bar(runners.length / total, index === 0 ? "ok" : "warn"),
			h("b", "", String(runners.length)),
			// Only the runners that differ from most are worth naming.
			index > 0 && h("span", "who", ...named(runners, find)),
		),
	);
	return h("li", "", title, h("ul", "values", ...rows));
}

function named(runners: readonly string[], find: (name: string) => void): readonly Child[] {
	const shown = runners.slice(0, maxNamed).flatMap((name, index) => [index > 0 ? ", " : "", nameLink(name, find)]);
	return runners.length > maxNamed ? [...shown, ` and ${runners.length - maxNamed} more`] : shown;
}

/** A share as a bar; the number next to it says the same. */
function bar(share: number, tone: string): SVGElement {
	const rect = svg("path", { class: tone, d: `M0 0h${Math.max(2, share * 60)}v8H0z` });
	return svg("svg", { class: "strip bar", viewBox: "0 0 60 8", "aria-hidden": "true" }, rect);
}
