import type { Report } from "../../src/report/report.ts";
import { brokenInManyWays } from "./reports.ts";

/** Texts that would do something in a log, in Markdown, in HTML or on a terminal. */
export const hostileTexts: Readonly<Record<string, string>> = {
	"workflow command": "::error::canary",
	"workflow command after a line feed": "harmless\n::set-output name=x::y\n  ::add-mask::canary",
	"workflow command after other line breaks":
		"a\r::error::b\u2028::error::c\u2029::error::d\u0085::error::e\v::error::f",
	"workflow command behind what is invisible":
		"\u200b::error::a\n\u0000::error::b\n:\u200b:error::c\n\u001b[31m::error::d",
	"old workflow command": "harmless ##[error]canary #\u200b#[error]canary\n##[set-output name=x]y",
	"old workflow command around code": "a ##`[error]canary` b",
	"many colons": ":::::error::::canary",
	"workflow command at the start of a word": `${"word ".repeat(25)}::error::canary ${"x ".repeat(60)}::error::canary`,
	"workflow command in code": "`::error::canary` and\n`::error::canary`",
	"bars of a table": "a | b || c \\| d \\\\| e\n| --- | --- |\n| x | y |",
	"code with bars": "`a | b` `c \\| d` `\\`|`\\|`",
	...Object.fromEntries(
		[...Array(10).keys()].map((index) => [`${index + 1} backquotes`, `a ${"`".repeat(index + 1)} b <b>c</b> | d`]),
	),
	"backquotes side by side": "`a``b`` `c```d <b>e</b>````f`",
	"backquotes and backslashes": "\\`<b>a</b>\\` `\\` <i>b</i> `c\\`",
	fences: "```\n<script>canary()</script>\n```\n~~~\n# heading\n~~~",
	"script element": "<script>canary()</script>",
	"image with a handler": '<img src=x onerror="canary()">',
	"end of our own elements": "</code></summary></details></td></table><h1>canary</h1>",
	comment: "<!-- canary",
	"cdata and processing": "<![CDATA[canary]]><?php canary ?><!DOCTYPE html>",
	entities: "&lt;script&gt; &#60;b&#62; &amp;lt;b&amp;gt; &NewLine;",
	"script link": "[x](javascript:canary) ![x](javascript:canary) <javascript:canary>",
	"reference link": "[x]: javascript:canary\n\n[x] [x][x] [^1]\n\n[^1]: note",
	"links without markup":
		"https://canary.example/ http://canary.example www.canary.example mailto:a@canary.example a@canary.example ahttp://canary.example `a`https://canary.example http://b`c <https://canary.example> http://a.example|b",
	mentions: "@everyone @org/team #123 owner/repo#123 GH-123 !123 :tada: :+1:",
	emphasis: "*a* **b** _c_ __d__ ~e~ ~~f~~ ***g***",
	headings: "# a\n## b\n\nc\n===\n\nd\n---",
	"start of a list": "- a",
	"start of a numbered list": "1. a",
	"start of a bracketed list": "12) a",
	"start of a task": "- [ ] a\n- [x] b",
	"start of a quote": "> [!WARNING]\n> canary",
	"start of a rule": "---",
	"start of an indented block": "    canary\n\tcanary",
	"definition list": ": a",
	mathematics: "$a$ $$b$$ $`c`$",
	"heading attributes": "a {#canary onclick=canary}",
	colors: "\u001b[31mred\u001b[0m \u001b[2J\u001b[1A\u009b31mred",
	"terminal title and link": "\u001b]0;canary\u0007 \u001b]8;;https://canary.example\u001b\\text\u001b]8;;\u001b\\",
	"unfinished terminal sequences": "\u001b \u001b[ \u001b] \u001b[31",
	controls: `nul \u0000 bell \u0007 backspace \b delete \u007f escape \u001b c1 \u0080\u009f carriage\rreturn`,
	"right to left": "\u202ecanary\u202c \u2066canary\u2069 \u200f",
	"zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u180e\ufff9\u3164h\u{e0041}i\ufe0fj",
	"a pair of surrogates at every limit": `x${"\u{1f600}".repeat(3000)}`,
	"half surrogates": "a\ud800b\udc00c\udfff",
	"a long word": "x".repeat(5000),
	"10 MB of text": "<b>`|::error::\n".repeat(750_000),
	"10 MB of backquotes": "`".repeat(10_000_000),
	"10 MB of sequences without an end": "\u001b]".repeat(5_000_000),
	"a million line feeds": "\n".repeat(1_000_000),
	empty: "",
	"names of Object.prototype": "__proto__",
	constructor: "constructor",
};

/** Keys whose values are words of our own format, which no tool can set. */
const ours: ReadonlySet<string> = new Set([
	"status",
	"verdict",
	"kind",
	"language",
	"system",
	"mode",
	"operator",
	"ok",
]);

/** The report with `text` in every field and every key that could hold a text from outside. */
export function poison(text: string, report: Report = brokenInManyWays): Report {
	// Ids have to stay apart, and what is skipped for a root cause has to stay so.
	const change = (value: unknown, key: string): unknown => {
		if (typeof value === "string")
			return ours.has(key) ? value : key === "reason" && value.startsWith("needs:") ? `needs:${text}` : text;
		if (Array.isArray(value)) return value.map((entry) => change(entry, key));
		if (value === null || typeof value !== "object") return value;
		return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, name)]));
	};
	const poisoned = change(report, "") as Report;
	const [tool] = Object.values(poisoned.expectations.tools);
	const [facts] = Object.entries(poisoned.facts).filter(([name]) => name.startsWith("tool:"));
	if (!tool || !facts) throw new Error("the report to be poisoned needs a tool");
	return {
		...poisoned,
		expectations: { ...poisoned.expectations, tools: { ...poisoned.expectations.tools, [text]: tool } },
		facts: { ...poisoned.facts, [`tool:${text}`]: facts[1] },
	};
}
