import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { type ActionOutcome, runAction, standIns } from "./support/action.ts";
import { runJob } from "./support/job.ts";
import { npmPackage } from "./support/node-versions.ts";
import { everyFile, findings } from "./support/outcome.ts";

const world = inject("world");

/** Every line tries to be more than text: to a runner, to a Markdown renderer, to a terminal. */
const payload = [
	"::error::pwned",
	"::set-output name=pwned::yes",
	"::set-env name=PWNED::yes",
	"::add-path::/pwned",
	"::add-mask::e",
	"::stop-commands::pwned",
	"##[error]pwned",
	"##[group]pwned",
	"  ::warning file=pwned.js,line=1::pwned",
	"pwned=yes",
	"a | pwned | cell |",
	"`pwned` ``pwned`` ```pwned",
	"```",
	"<script>pwned()</script>",
	"<img src=x onerror=pwned()>",
	"</details></code></pre><script>pwned()</script>",
	"[pwned](javascript:pwned) ![pwned](https://pwned.example/x.png)",
	"# pwned",
	"@pwned #1",
	"\u001b[31mpwned\u001b[0m\u001b]8;;https://pwned.example\u0007pwned\u001b]8;;\u0007",
	"pwned\r::error::pwned\rpwned",
	"pwned%0A::error::pwned",
	"nul\u0000pwned",
	"\u202epwned\u200b\u2028::error::pwned",
].join("\n");

/** Prints the payload first and last, and ten megabytes between. */
const print = `payload() { printf '%b' '${[...Buffer.from(payload)].map((byte) => `\\0${byte.toString(8)}`).join("")}'; }
payload; yes '::error::pwned <script>pwned()</script> | \`' | head -c 10485760; payload`;

let outcome: ActionOutcome;
beforeAll(async () => {
	const bin = await standIns(world, {
		rustc: `${print}; { ${print}; } >&2; exit 101`, // broken, and loud about it
		git: print, // says it is well, with no version in it
		docker: `echo "Docker version 28.2.2, build \`::error::pwned|<script>pwned()</script>"; ${print}`,
	});
	outcome = await runAction(world, {
		path: `${bin}:${world.hostPath}`,
		with: { formats: "json,markdown", docker: "required", timeout: "10s" },
	});
});

test("the payload is what the tools print", () => {
	expect(findings(outcome.report, "fail")).toEqual([
		"docker/cli:broken",
		"tool/git:unreadable-version",
		"tool/rustc:broken",
	]);
	expect(JSON.stringify(outcome.report)).toContain("pwned");
});

test("the log holds no command but our own", () => {
	const lines = outcome.log.split(/\r\n|[\r\n\u2028\u2029\u0085]/);
	const commands = lines.filter((line) => /^\s*::/.test(line));
	for (const line of commands) {
		expect(line).toMatch(/^::(group|endgroup|error|warning|notice)(\s[^:]*)?::/);
		// our own title and text come first; a tool's words are never the start of a command's message
		expect(line).not.toMatch(/^::[^:]*::\s*(::|##\[|pwned)/);
		expect(/^::\S+( [^:]*)?::/.exec(line)?.[1] ?? "").not.toContain("pwned.js");
	}
	expect(lines.filter((line) => /^\s*##\[/.test(line))).toEqual([]);
	expect(outcome.outputs).not.toHaveProperty("pwned");
});

test("no output holds control characters", async () => {
	const texts = [outcome.stdout, outcome.stderr, outcome.summary, outcome.outputsFile];
	for (const { text } of await everyFile(outcome.folder)) texts.push(text);
	for (const text of texts) expect(text.match(/[\u0000-\u0008\u000b-\u001f\u007f\u009b\u2028\u202e]/g)).toBeNull();
});

test("every output stays small", async () => {
	expect(outcome.stdout.length).toBeLessThan(100_000);
	expect(outcome.summary.length).toBeLessThan(100_000);
	expect(outcome.outputsFile.length).toBeLessThan(10_000);
	for (const { text } of await everyFile(outcome.folder)) expect(text.length).toBeLessThan(500_000);
});

describe("the summary, rendered as a forge does", () => {
	let html: string;
	beforeAll(async () => {
		const folder = await npmPackage("markdown-it", "14");
		const MarkdownIt = createRequire(join(folder, "x.js"))("markdown-it") as new (
			options: object,
		) => {
			render(markdown: string): string;
		};
		html = new MarkdownIt({ html: true, linkify: true }).render(outcome.summary);
	}, 120_000);

	test("runs nothing, loads nothing and links nowhere of the tools' choice", () => {
		expect(html).not.toMatch(/<(script|img|iframe)/i);
		expect(html.match(/(?:href|src)="[^"]*pwned[^"]*"/g)).toBeNull();
	});

	test("keeps its shape", () => {
		expect(html.match(/<h\d[^>]*>[^<]*pwned[^<]*<\/h\d>/g)).toBeNull();
		for (const tag of ["details", "table", "pre"]) {
			expect(html.match(new RegExp(`<${tag}[ >]`, "g"))?.length ?? 0).toBe(
				html.match(new RegExp(`</${tag}>`, "g"))?.length ?? 0,
			);
		}
		const columns = [...html.matchAll(/<table>[\s\S]*?<\/table>/g)].map(
			([table]) =>
				[...new Set([...table.matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(([row]) => row.match(/<t[dh]/g)?.length))].length,
		);
		for (const widths of columns) expect(widths).toBe(1);
		expect(html).not.toMatch(/<td>\s*pwned\s*<\/td>/);
	});
});

test("the runner obeys none of it", async () => {
	const { log, outputs, left } = await runJob(world, {
		before: `cat > /usr/local/rust/bin/rustc <<'END'\n#!/bin/sh\n${print}\nEND`,
	});
	expect(log).not.toMatch(/^(::|##\[)(?!group|endgroup|error|warning|notice)/m);
	expect(outputs).not.toHaveProperty("pwned");
	expect(left).toEqual([]);
});
