import type { FleetRunner, Sighting } from "../fleet.ts";
import { svg } from "./dom.ts";

/** What a runner is, in one word: its verdict if it reported, else its status. */
export type State =
	| "misconfigured"
	| "unknown"
	| "set-up-failed"
	| "silent"
	| "offline"
	| "waiting"
	| "disabled"
	| "degraded"
	| "healthy";
export type Tone = "ok" | "warn" | "bad" | "gone" | "idle";

/** The most severe first. */
export const states: Readonly<Record<State, { readonly text: string; readonly tone: Tone }>> = {
	misconfigured: { text: "Misconfigured", tone: "bad" },
	unknown: { text: "Unknown", tone: "bad" },
	"set-up-failed": { text: "Set-up failed", tone: "bad" },
	silent: { text: "Silent", tone: "gone" },
	offline: { text: "Offline", tone: "gone" },
	waiting: { text: "Waiting", tone: "idle" },
	disabled: { text: "Disabled", tone: "idle" },
	degraded: { text: "Degraded", tone: "warn" },
	healthy: { text: "Healthy", tone: "ok" },
};
export const stateNames = Object.keys(states) as readonly State[];

export function stateOf({ status, verdict }: Pick<FleetRunner | Sighting, "status" | "verdict">): State {
	const state = status === "reported" ? (verdict ?? "unknown") : status;
	return stateNames.includes(state) ? state : "unknown";
}

/** Nobody has to look at it. */
export function isFine(state: State): boolean {
	return state === "healthy" || state === "degraded";
}

/** A shape for each tone, so that color does not matter. */
const shapes: Readonly<Record<Tone, string>> = {
	ok: "M6 2.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7z",
	warn: "M6 1 11.5 10.5H.5z",
	bad: "M2.5 1 6 4.5 9.5 1 11 2.5 7.5 6 11 9.5 9.5 11 6 7.5 2.5 11 1 9.5 4.5 6 1 2.5z",
	gone: "M6 1a5 5 0 1 0 0 10a5 5 0 0 0 0-10zm0 2a3 3 0 1 1 0 6a3 3 0 0 1 0-6z",
	idle: "M2 1.5h3v9H2zM7 1.5h3v9H7z",
};

/** The sign of a state. The word next to it says the same. */
export function mark(state: State): SVGElement {
	const { tone } = states[state];
	const shape = svg("path", { d: shapes[tone], "fill-rule": "evenodd" });
	return svg("svg", { class: `mark ${tone}`, viewBox: "0 0 12 12", "aria-hidden": "true" }, shape);
}

/** Looks that a strip shows. */
const maxLooks = 25;
/** The worse, the higher: the picture can be read without its colors. What was not there is an empty box. */
const heights: Readonly<Record<Tone, number>> = { ok: 5, warn: 10, bad: 16, gone: 15, idle: 15 };

/** The last looks as bars, the newest at the right. One path for each tone: a fleet has thousands of bars. */
export function strip(history: readonly Sighting[]): SVGElement {
	const looks = history.slice(-maxLooks).map((look) => states[stateOf(look)]);
	const paths = new Map<Tone, string>();
	const counts = new Map<string, number>();
	looks.forEach(({ tone, text }, index) => {
		const x = (maxLooks - looks.length + index) * 4;
		const height = heights[tone];
		const bar =
			tone === "gone" || tone === "idle" ? `M${x + 0.5} .5h2v${height}h-2z` : `M${x} ${16 - height}h3v${height}h-3z`;
		paths.set(tone, (paths.get(tone) ?? "") + bar);
		counts.set(text, (counts.get(text) ?? 0) + 1);
	});
	const told = [...counts].map(([text, count]) => `${count} ${text.toLowerCase()}`).join(", ");
	const label = `The last ${looks.length} looks: ${told}`;
	return svg(
		"svg",
		{ class: "strip", viewBox: "0 0 100 16", role: "img", "aria-label": label },
		...[...paths].map(([tone, d]) => svg("path", { class: tone, d })),
	);
}
