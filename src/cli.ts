import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { namedChecks } from "./checks/run-checks.ts";
import { type Arguments, flagsOf, isUsageError, parseArguments, UsageError } from "./cli/arguments.ts";
import { checkHere, resolveFlags } from "./cli/check-command.ts";
import { oneOf } from "./cli/flags.ts";
import { initRunner, lintFiles } from "./cli/lint-commands.ts";
import { diffFiles, lookAtEnd, replayReport } from "./cli/report-commands.ts";
import { reportShower } from "./cli/show-report.ts";
import { fleetPolicy } from "./fleet-policy.ts";
import { isDeadMount } from "./host/dead-mount.ts";
import { onCrash } from "./host/on-crash.ts";
import { createRealHost } from "./host/real-host.ts";
import { complain, doWithoutStderr, OutputError, print, terminalWidth } from "./host/terminal.ts";
import { untilSignal } from "./host/until-signal.ts";
import { inputNames, mountPatienceMs } from "./inputs.ts";
import { isConfigurationError } from "./mistake.ts";
import { sharpen } from "./policy/requirements.ts";
import { decidedByText } from "./render/view.ts";
import { version } from "./version.ts";

/** Command -> its flags; the first is the default. The flags of `check` are the action's inputs. */
const checkFlags = inputNames.filter((name) => !["formats", "summary", "publish", "after"].includes(name));
const commands = {
	check: [...checkFlags, "workspace", "format", "output"],
	list: ["format"],
	explain: [],
	policy: ["profile", "policy"],
	init: [...checkFlags, "runner", "runner-version"],
	replay: ["policy", "profile", "format", "output", "fail-on"],
	diff: [],
	after: ["format", "timeout"],
	lint: ["runner-version", "format", "fail-on", "posture", "skip-others", "fix", "dry-run"],
	fleet: ["format", "policy", "max-age", "now", "out"],
};

const takesNoWords = ["check", "list", "policy", "init"];

/**
 * The terminal: the same engine, policy and check ids as the action.
 * @param argv Without node and script.
 * @returns the exit code: 0, 1 findings, 2 usage, 3 internal error, 128 + signal if one ended it.
 */
export async function runTerminal(argv: readonly string[]): Promise<number> {
	onCrash(tellCrash, 3);
	doWithoutStderr();
	try {
		if (argv.includes("--help") || argv.includes("-h") || argv[0] === "help") return await print(await helpAbout(argv));
		if (argv.includes("--version")) return await print(`${version}\n`);
		const given = parseArguments(argv, commands);
		return await untilSignal((signal) => run(given, signal));
	} catch (error) {
		if (isUsageError(error) || isConfigurationError(error) || isDeadMount(error)) {
			complain(error.message.replace(/input `/g, "`--"));
			return 2;
		}
		if (error instanceof OutputError) {
			// Like any program that SIGPIPE ends, which Node ignores.
			if (error.isUnwanted) return 128 + constants.signals.SIGPIPE;
			complain(error.message);
			return 3;
		}
		tellCrash(error);
		return 3;
	}
}

/** Its message may quote anything: a file, an address, an argument. */
function tellCrash(error: unknown): void {
	const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
	complain(`this is a bug in runner-check: ${text}`);
}

/** `--help`, `lint --help`, `help lint`. */
async function helpAbout(argv: readonly string[]): Promise<string> {
	const { help, helpFor } = await import("./more.ts");
	const name = argv[0] === "help" ? argv[1] : argv[0];
	if (name === undefined || name.startsWith("-")) return help(terminalWidth());
	return helpFor(name, flagsOf(name, commands), terminalWidth());
}

async function run({ command, words, flags }: Arguments, signal: AbortSignal): Promise<number> {
	const host = createRealHost(process.env, mountPatienceMs(flags.timeout));
	if (words[0] !== undefined && takesNoWords.includes(command))
		throw new UsageError(`\`${command}\` takes no \`${words[0]}\`, only flags`);
	switch (command) {
		case "list": {
			const { otherChecks, renderList } = await import("./more.ts");
			return print(renderList([...namedChecks, ...otherChecks], oneOf(flags.format ?? "text", ["text", "json"])));
		}
		case "explain": {
			const { otherChecks, explain } = await import("./more.ts");
			const wanted = only(
				words,
				"explain",
				"an area or a check id, such as `docker`, `docker/socket` or `docker/socket:missing`",
			);
			const { gunzipSync } = await import("node:zlib");
			const docs = JSON.parse(gunzipSync(await readFile(join(__dirname, "docs.json.gz"))).toString());
			return print(explain(wanted, [...namedChecks, ...otherChecks], docs, terminalWidth()));
		}
		case "policy": {
			const { renderPolicy } = await import("./more.ts");
			const { request, lostPolicy } = await resolveFlags(host, flags);
			if (lostPolicy) throw lostPolicy;
			const { policy, workspace, usesWorkspace } = request;
			return print(renderPolicy(usesWorkspace ? await sharpen(policy, host, workspace) : policy, host.env));
		}
		case "init": {
			if (flags.runner !== undefined) return initRunner(flags.runner, flags["runner-version"]);
			const { expectableOf, policyFor } = await import("./more.ts");
			const { report, unwritten } = await checkHere(host, flags, signal);
			await print(policyFor(report, await expectableOf(host)));
			if (unwritten) throw unwritten;
			return 0;
		}
		case "replay":
			return replayReport(host, only(words, "replay", "the path of a report"), flags);
		case "diff":
			return diffFiles(host, words);
		case "after":
			return lookAtEnd(host, only(words, "after", "the path of the report of the start"), flags, signal);
		case "fleet": {
			const { fleetOfFolders } = await import("./more.ts");
			return fleetOfFolders(host, words, flags, (...where) => fleetPolicy(host, ...where), signal);
		}
		case "lint":
			return lintFiles(host, words, flags, signal);
		default: {
			const { format: _, output: __, ...inputs } = flags;
			const show = reportShower(host, flags);
			const { report, unwritten } = await checkHere(host, inputs, signal);
			if (signal.aborted) return 1;
			const { name, decided_by } = report.profile;
			// The runner's hook for jobs; that for its health has one line for each finding.
			const isJobHook = flags.workspace === "ignore" && flags.format !== "lines";
			if (isJobHook && decided_by !== "input")
				complain(`profile ${name}, ${decidedByText(decided_by)}. RUNNER_CHECK_PROFILE can name another.`);
			const code = await show(report);
			// A job does not fail because its report cannot be kept for its end.
			if (isJobHook && unwritten) complain(unwritten.message);
			else if (unwritten) throw unwritten;
			return code;
		}
	}
}

function only(words: readonly string[], command: string, what: string): string {
	const [word, ...more] = words;
	if (word === undefined || more.length > 0) throw new UsageError(`\`${command}\` takes ${what}, and only one`);
	return word;
}
