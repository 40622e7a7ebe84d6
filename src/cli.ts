#!/usr/bin/env node
/** Entry of the terminal: the same engine, policy and check ids as the action. Exit codes: 0, 1 findings, 2 usage, 3 internal error. */
import { promises as fs } from "node:fs";
import { join } from "node:path";
import { checkRunner } from "./check-runner.ts";
import { allChecks, checkIds, knowsCheck } from "./checks/list.ts";
import { parseArguments, UsageError } from "./cli/arguments.ts";
import { type Docs, explain } from "./cli/explain.ts";
import { renderList } from "./cli/list.ts";
import { usage } from "./cli/usage.ts";
import { createRealHost } from "./host/real-host.ts";
import { type Inputs, inputNames, resolveInputs } from "./inputs.ts";
import { ConfigurationError } from "./mistake.ts";
import { decideProfile } from "./policy/auto-profile.ts";
import { renderJson } from "./render/json.ts";
import { renderLog } from "./render/log.ts";
import { renderSummary } from "./render/summary.ts";
import { plainText } from "./render/text.ts";
import type { Report } from "./report/report.ts";
import { exitCodeOf } from "./report/verdict.ts";
import { version } from "./version.ts";

/** Command -> its flags; the first is the default. The flags of `check` are the action's inputs. */
const commands = {
	check: [...inputNames.filter((name) => name !== "formats" && name !== "summary"), "format"],
	list: ["format"],
	explain: [],
};

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(
			`runner-check: this is a bug in runner-check: ${plainText(error instanceof Error ? (error.stack ?? "") : String(error))}\n`,
		);
		process.exit(3);
	},
);

async function main(argv: readonly string[]): Promise<number> {
	if (argv[0] === "--help" || argv[0] === "-h" || argv[0] === "help") return print(usage(commands));
	if (argv[0] === "--version") return print(`${version}\n`);
	try {
		const { command, words, flags } = parseArguments(argv, commands);
		if (command === "list") return print(renderList(allChecks, oneOf(flags.format ?? "text", ["text", "json"])));
		if (command === "explain") return print(explain(onlyWord(words), allChecks, await readDocs()));
		if (words[0] !== undefined) throw new UsageError(`\`check\` takes no \`${words[0]}\`, only flags`);
		return await check(flags);
	} catch (error) {
		if (!(error instanceof UsageError) && !(error instanceof ConfigurationError)) throw error;
		process.stderr.write(`runner-check: ${plainText(error.message).replace(/input `/g, "`--")}\n`);
		return 2;
	}
}

async function check(flags: Readonly<Record<string, string>>): Promise<number> {
	const { format: wanted = "text", ...inputs } = flags;
	const format = oneOf(wanted, ["text", "json", "markdown"]);
	const host = createRealHost(process.env);
	const { request, ...decided } = await resolveInputs(inputs as Inputs, {
		host,
		decideProfile: (token, timeoutMs, file) => decideProfile(host, token, timeoutMs, file),
		knowsCheck,
		checkIds,
		defaultReportDir: undefined,
	});
	const progress = startProgress();
	const report = await checkRunner(host, request, { ...decided, ...(progress && { onWaiting: progress.show }) });
	progress?.clear();
	if (request.reportDir !== undefined) {
		await fs.mkdir(request.reportDir, { recursive: true });
		await fs.writeFile(join(request.reportDir, "report.json"), renderJson(report));
	}
	print(render(report, format));
	return exitCodeOf(report.verdict, request.failOn);
}

function render(report: Report, format: "text" | "json" | "markdown"): string {
	if (format === "json") return renderJson(report);
	if (format === "markdown") return renderSummary(report);
	const { env, stdout } = process;
	return renderLog(report, {
		width: Math.max(40, Math.min(stdout.columns ?? 100, 120)),
		unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ""),
		colour: wantsColour(),
		groups: false,
	});
}

/** NO_COLOR and FORCE_COLOR as https://no-color.org and Node take them; else colour is for terminals. */
function wantsColour(): boolean {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	if (NO_COLOR) return false;
	if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
	return Boolean(process.stdout.isTTY) && TERM !== "dumb";
}

/** Says on a terminal what is being waited for: a silent program looks like a hung one. */
function startProgress(): { show: (names: readonly string[]) => void; clear: () => void } | undefined {
	const { stderr } = process;
	if (!stderr.isTTY) return undefined;
	return {
		show: (names) => stderr.write(`\r\u001b[Kwaiting for ${names.join(", ").slice(0, 60)} …`),
		clear: () => stderr.write("\r\u001b[K"),
	};
}

function print(text: string): 0 {
	process.stdout.write(text);
	return 0;
}

function oneOf<const T extends string>(text: string, allowed: readonly T[]): T {
	const found = allowed.find((value) => value === text);
	if (found === undefined)
		throw new UsageError(`the flag \`--format\`: found \`${text}\`; allowed: ${allowed.join(", ")}`);
	return found;
}

function onlyWord(words: readonly string[]): string {
	const [word, ...more] = words;
	if (word === undefined || more.length > 0)
		throw new UsageError("`explain` takes one check id, such as `docker/socket` or `docker/socket:missing`");
	return word;
}

async function readDocs(): Promise<Docs> {
	return JSON.parse(await fs.readFile(join(__dirname, "docs.json"), "utf8"));
}
