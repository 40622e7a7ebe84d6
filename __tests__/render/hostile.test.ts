import { describe, expect, test } from "vitest";
import { annotationsOf } from "../../src/render/annotations.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderJunit } from "../../src/render/junit.ts";
import { renderLines } from "../../src/render/lines.ts";
import { renderLog } from "../../src/render/log.ts";
import { outputsOf } from "../../src/render/outputs.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { renderSummary } from "../../src/render/summary.ts";
import { createReport, createResult } from "./builders.ts";
import { hostileTexts, poison } from "./hostile.ts";
import { tagsOf, textOf, toHtml } from "./html.ts";

/** The tags of the same report with a text of letters: what we make ourselves. */
const ownTags = tagsOf(toHtml(renderSummary(poison("canary"))));
const allowedTag =
	/^<\/?(?:h[23]|p|ul|li|strong|code(?: class="language-(?:sh|yaml|json|ini|toml)")?|pre|table|thead|tbody|tr|t[hd]|details|summary|sub)>$/;
/** What a runner obeys. */
const command = /^\s*::|##\[/m;
const unwanted =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u3164]|\p{Cs}/u;

describe.each(Object.entries(hostileTexts))("%s", (_name, text) => {
	const report = poison(text);

	test("the summary has no element but ours", () => {
		const markdown = renderSummary(report);
		expect(Buffer.byteLength(markdown)).toBeLessThan(900_200);
		expect(markdown.match(unwanted)?.[0]).toBeUndefined();
		expect(markdown).not.toMatch(command);
		const tags = tagsOf(toHtml(markdown));
		expect(tags.filter((tag) => !allowedTag.test(tag))).toEqual([]);
		// Code comes and goes with the backquotes of a text, and so does what is empty or too long. All else stays.
		const frame = (all: readonly string[]) => all.filter((tag) => !/^<\/?(?:code|strong)>$/.test(tag));
		if (text !== "" && text.length < 10_000) expect(frame(tags)).toEqual(frame(ownTags));
	});

	test("the summary holds nothing that a forge makes a link, a mention or a picture of", () => {
		const html = toHtml(renderSummary(report)).replace(/<(code|pre)\b.*?<\/\1>/gs, " ");
		const triggers = /.?(?:@\w|#\d|\bGH-\d|!\d|:\/\/|\bwww\.|mailto:|:[\w+-]+:).*/g;
		expect(textOf(html).match(triggers)).toBeNull();
	});

	test.each([
		{ width: 40, unicode: true, color: false, groups: true },
		{ width: 120, unicode: true, color: true, groups: true },
		{ width: 80, unicode: false, color: false, groups: false },
	])("the log holds no command but ours, $width columns, color $color", (options) => {
		const log = renderLog(report, options);
		const plain = log.replace(/\u001b\[\d{1,2}m/g, "");
		expect(plain.match(unwanted)?.[0]).toBeUndefined();
		expect(plain).not.toContain("##[");
		const commands = plain.split("\n").filter((line) => /^\s*::/.test(line));
		expect(commands).toEqual(options.groups ? ["::endgroup::", "::group::All checks", "::endgroup::"] : []);
		expect(log.length).toBeLessThan(200_000);
		if (!options.unicode) expect(log).toMatch(/^[\t\n -~]*$/);
	});

	test.each([
		["lines", renderLines],
		["JUnit", renderJunit],
		["Prometheus", renderPrometheus],
	])("%s is plain in a log", (_format, render) => {
		const output = render(report);
		expect(output.match(unwanted)?.[0]).toBeUndefined();
		expect(output).not.toMatch(command);
	});

	test.each(["gitea", "github"] as const)("annotations on %s are plain and bounded", (system) => {
		const annotations = annotationsOf({ ...report, runner: { ...report.runner, system } });
		expect(annotations).toHaveLength(5);
		for (const { message, properties } of annotations) {
			if (system === "github") expect(properties.title).toMatch(/^[^:\n]+$/);
			expect(`${properties.title ?? ""}${properties.file ?? ""}`).not.toMatch(unwanted);
			expect(message).not.toMatch(unwanted);
			expect(message).not.toMatch(command);
			expect(message.length).toBeLessThan(16_000);
		}
	});

	test("outputs are one line each and bounded", () => {
		const outputs = outputsOf(report, { report: "", summary: "" });
		for (const value of Object.values(outputs)) {
			expect(value).not.toMatch(/[\r\n]/);
			expect(value.length).toBeLessThan(10_000);
		}
		expect(JSON.parse(outputs.failures ?? "")).toHaveLength(4);
		expect(JSON.parse(outputs.versions ?? "")).toBeTypeOf("object");
	});

	test.skipIf(text.length > 100_000)("the JSON is the report again, and plain in a log", () => {
		const json = renderJson(report);
		expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(report)));
		expect(json).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e]/);
		expect(json).not.toMatch(command);
	});
});

describe("a hostile text can still be read", () => {
	const seen = (text: string) => {
		const report = createReport({
			results: [
				createResult("fs/writable", {
					status: "warn",
					reason: "x",
					title: text,
					message: text,
					evidence: [{ source: "first", text }],
				}),
			],
		});
		const html = toHtml(renderSummary(report));
		return { html, text: textOf(html).split("\u200b").join("") };
	};
	const times = (text: string, part: string) => text.split(part).length - 1;

	test.each([
		["a *b* <c> | d & @f #1", "a *b* <c> | d & @f #1"],
		["`a | b` c", "a | b c"],
		["`a \\| b` \\| c", "a \\| b \\| c"],
		["one ` only | here", "one ` only | here"],
		["&lt;b&gt; &#60;", "&lt;b&gt; &#60;"],
		["a~b~ $c$ x_y_", "a~b~ $c$ x_y_"],
		["\u001b[31mred\u001b[0m and plain", "red and plain"],
		["two\nlines", "two lines"],
	])("%j, in a paragraph and in a table", (text, expected) => {
		// The message, the heading made of it, and the evidence.
		expect(times(seen(text).text.toLowerCase(), expected.toLowerCase())).toBe(3);
	});

	test("an address becomes code that can be copied whole", () => {
		const { html } = seen("see https://docs.example/a_b?c=1&d, or `e`.");
		expect(html).toContain("see <code>https://docs.example/a_b?c=1&amp;d</code>, or <code>e</code>.");
	});

	test("code that touches code stays two pieces of code", () => {
		expect(seen("`aa``bb` cc").html).toContain("<code>aa</code><code>bb</code>");
	});
});

test("a report with thousands of findings stays below the limit and says what is left out", () => {
	const text = "<|*`@a`".repeat(1000);
	const results = [...Array(3000).keys()].map((index) =>
		createResult(`area/${index}`, {
			status: "fail",
			reason: "x",
			message: text,
			evidence: [{ source: text, text }],
			remedy: { kind: "host", text, commands: [text] },
		}),
	);
	const markdown = renderSummary(createReport({ results }));
	expect(Buffer.byteLength(markdown)).toBeLessThan(1_000_000);
	expect(markdown).toMatch(/\d+ parts of this summary are left out/);
	// Whole blocks are left out, never half of one.
	expect(markdown.split("<details>").length).toBe(markdown.split("</details>").length);
	expect((markdown.match(/^```/gm) ?? []).length % 2).toBe(0);
});
