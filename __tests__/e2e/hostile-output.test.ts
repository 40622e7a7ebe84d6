import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { type ActionOutcome, runAction, standIns } from "./support/action.ts";
import { runJob } from "./support/job.ts";
import { npmPackage } from "./support/node-versions.ts";
import { everyFile, findings } from "./support/outcome.ts";
import { listening } from "./support/sockets.ts";

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

/** Tools that print it, each in its own way. */
async function hostileTools(): Promise<ActionOutcome> {
	const bin = await standIns(world, {
		rustc: `${print}; { ${print}; } >&2; exit 101`, // broken, and loud about it
		git: print, // says it is well, with no version in it
		docker: `echo "Docker version 28.2.2, build \`::error::pwned|<script>pwned()</script>"; ${print}`,
	});
	const outcome = await runAction(world, {
		path: `${bin}:${world.hostPath}`,
		with: { formats: "json,markdown", docker: "required" },
	});
	expect(findings(outcome.report, "fail")).toEqual([
		"docker/cli:broken",
		"tool/git:unreadable-version",
		"tool/rustc:broken",
	]);
	return outcome;
}

/** An engine that has it wherever an engine has text, in ten megabytes of answer. */
async function hostileEngine(): Promise<ActionOutcome> {
	const answer = {
		...Object.fromEntries(
			["Version", "GitCommit", "Os", "OperatingSystem", "Name", "Driver", "ID"].map((key) => [key, payload]),
		),
		...{ ApiVersion: "1.45", MinAPIVersion: "1.24", DockerRootDir: `/${payload}` },
		...{ Warnings: [payload], Labels: [payload], SecurityOptions: [payload], Platform: { Name: payload } },
		Components: [{ Name: payload, Version: payload }],
	};
	const server = createServer((_, response) => {
		response.writeHead(200, { "Content-Type": "application/json", Server: "Docker/pwned (linux)" });
		response.end(JSON.stringify({ ...answer, Padding: "::error::pwned ".repeat(700_000) }));
	});
	await using socket = await listening(server, join(world.folder, "hostile.sock"));
	return await runAction(world, {
		env: { DOCKER_HOST: `unix://${socket.path}` },
		with: { formats: "json,markdown", docker: "required" },
	});
}

describe.each([
	["tools", hostileTools],
	["an engine", hostileEngine],
])("from %s", (_, provoke) => {
	let outcome: ActionOutcome;
	beforeAll(async () => {
		outcome = await provoke();
	});

	test("it does reach the report", () => {
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
});

test("the runner obeys none of it", async () => {
	const { log, outputs, left } = await runJob(world, {
		before: `cat > /usr/local/rust/bin/rustc <<'END'\n#!/bin/sh\n${print}\nEND`,
	});
	expect(log).not.toMatch(/^(::|##\[)(?!group|endgroup|error|warning|notice)/m);
	expect(outputs).not.toHaveProperty("pwned");
	expect(left).toEqual([]);
});
