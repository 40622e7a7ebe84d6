import type { Remedy } from "../../checks/check.ts";
import { placeOf } from "../../render/place-of.ts";
import { docsUrl } from "../../render/summary-marks.ts";
import type { Result } from "../../report/report.ts";
import type { Fleet, FleetRunner, Sighting } from "../fleet.ts";
import { type Child, fold, h, link, rich } from "./dom.ts";
import { mark, stateOf, states } from "./state.ts";
import { time, timeText } from "./time.ts";

/** Everything about one runner: why it is as it is, its findings with their fixes, what it is, and how it was. */
export function runnerBody(runner: FleetRunner, fleet: Fleet): HTMLElement {
	const having = (...statuses: readonly string[]) => runner.results.filter(({ status }) => statuses.includes(status));
	const [passed, skipped] = [having("pass"), having("skip")];
	return h(
		"div",
		"body",
		(runner.why ?? runner.since) !== undefined && whyLine(runner),
		...having("fail", "error", "warn").map(finding),
		factsOf(runner),
		versionsOf(runner, fleet),
		passed.length > 0 && resultList(`Passed: ${passed.length}`, passed),
		skipped.length > 0 && resultList(`Skipped: ${skipped.length}`, skipped),
		runner.history.length > 1 && looksOf(runner.history),
	);
}

function whyLine({ why = "", since }: FleetRunner): HTMLElement {
	return h("p", "why", rich(why), since !== undefined && ` Since ${timeText(since)}.`);
}

function finding(result: Result): HTMLElement {
	const {
		id,
		status,
		reason = "",
		title,
		message,
		why,
		expected,
		observed,
		evidence,
		remedy,
		acceptance_expired,
	} = result;
	const level = status === "warn" ? "warn" : "bad";
	const word = { warn: "Warning", error: "Undecided" }[status as string] ?? "Failed";
	const contrast = [expected && `Expected: ${expected}`, observed && `Found: ${observed}`].filter(Boolean).join(" · ");
	const docs = docsUrl(result.docs);
	return h(
		"article",
		`finding ${level}`,
		h("h3", "", h("span", level, word), h("span", "", rich(title)), h("code", "", `${id}:${reason}`)),
		h("p", "", rich([message, why].filter(Boolean).join(" "))),
		acceptance_expired !== undefined && h("p", "warn", `Accepted until ${acceptance_expired}, which has passed.`),
		...(remedy ? fix("Fix it", remedy) : []),
		...(remedy?.otherwise ? fix("Or", remedy.otherwise) : []),
		evidence.length > 0 &&
			fold("fold", ["Evidence", contrast !== "" && rich(` — ${contrast}`)], () =>
				h(
					"ul",
					"",
					...evidence.map(({ source, text }) => h("li", "", rich(text), h("span", "soft", " — ", rich(source)))),
				),
			),
		evidence.length === 0 && contrast !== "" && h("p", "soft", rich(contrast)),
		docs !== undefined && h("p", "", link(docs, `More about ${id}`)),
	);
}

function fix(opening: string, remedy: Omit<Remedy, "otherwise">): readonly Child[] {
	const { text, commands = [], config } = remedy;
	return [
		h("p", "", h("b", "", `${opening} ${placeOf(remedy) ?? ""}: `), rich(text)),
		config && h("p", "soft", "In ", h("code", "", config.file), ":"),
		config && block(config.text, `lines for ${config.file}`),
		commands.length > 0 && block(commands.join("\n"), "commands"),
	];
}

/** Text to be used as it is, with a button that copies it. */
function block(text: string, what: string): HTMLElement {
	const pre = h("pre", "", text);
	const button = h("button", "copy", "Copy");
	button.type = "button";
	button.setAttribute("aria-label", `Copy the ${what}`);
	const said = h("span", "quiet");
	said.setAttribute("role", "status");
	button.addEventListener("click", async () => {
		const done = await copy(text, pre);
		button.textContent = done ? "Copied" : "Selected";
		said.textContent = done ? "Copied" : "Selected: press Ctrl+C to copy";
		setTimeout(() => {
			button.textContent = "Copy";
			said.textContent = "";
		}, 2000);
	});
	return h("div", "block", pre, button, said);
}

/** Some browsers give a page from a file no clipboard: then the text is at least selected. */
async function copy(text: string, element: HTMLElement): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		getSelection()?.selectAllChildren(element);
		return false;
	}
}

function factsOf({ runner, labels, busy, url, last_report, after }: FleetRunner): HTMLElement {
	const jobs = after && Object.entries(after).map(([cause, count]) => `${count} ${causes[cause] ?? cause}`);
	const rows: readonly (readonly [string, Child])[] = [
		["Labels", labels.join(", ")],
		["Runner", runner && [runner.system === "none" ? "" : runner.system, runner.version].filter(Boolean).join(" ")],
		["Runs in", runner && runner.mode !== "unknown" && runner.mode],
		["System", runner && [runner.os, runner.arch].filter(Boolean).join(", ")],
		["Image", runner?.image],
		["User", runner?.user],
		["Now", busy !== undefined && (busy ? "running a job" : "idle")],
		["Last report", last_report !== undefined && time(last_report)],
		["Failed jobs", jobs?.join(", ")],
		["Job", url !== undefined && link(url, "open on the forge")],
	];
	const shown = rows.filter(([, value]) => value !== undefined && value !== false && value !== "");
	return h("dl", "facts", ...shown.map(([name, value]) => h("div", "", h("dt", "", name), h("dd", "", value))));
}

const causes: Readonly<Record<string, string>> = {
	runner: "by the runner",
	job: "by the job",
	unknown: "of unknown cause",
};

/** A version that others do not have is marked, with what most of them have. */
function versionsOf({ name, profile, versions }: FleetRunner, { drift }: Fleet): Child {
	const entries = Object.entries(versions);
	if (entries.length === 0) return undefined;
	const rows = entries.map(([what, version]) => {
		const differs = drift.find((entry) => entry.profile === profile && entry.what === what);
		const [most] = differs?.values ?? [];
		const isOther = most !== undefined && most.value !== version && !most.runners.includes(name);
		const note = isOther && h("span", "warn", `differs: ${most.runners.length} have ${most.value}`);
		return h("div", "", h("dt", "", what.replace(/^tool\//, "")), h("dd", "", version, note && " ", note));
	});
	return h("div", "", h("h3", "", "Versions"), h("dl", "facts", ...rows));
}

function resultList(head: string, results: readonly Result[]): HTMLElement {
	return fold("fold", [head], () =>
		h("ul", "", ...results.map(({ id, message }) => h("li", "", h("code", "", id), " ", rich(message)))),
	);
}

function looksOf(history: readonly Sighting[]): HTMLElement {
	return fold("fold", [`History: ${history.length} looks`], () =>
		h("ol", "looks", ...[...history].reverse().map(lookItem)),
	);
}

function lookItem(look: Sighting): HTMLElement {
	const state = stateOf(look);
	return h(
		"li",
		"",
		time(look.at),
		h("span", "state", mark(state), states[state].text),
		h("span", "soft", [...look.failures, ...look.warnings].join(", ")),
		look.url !== undefined && link(look.url, "job"),
	);
}
