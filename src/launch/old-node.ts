/**
 * Reports `node/runtime:too-old`, in the words of that check, on a Node that cannot even parse the checks. The build lowers the
 * syntax for Node 6; this file and its imports must not call functions that Node 6 lacks (`Object.entries`, `padEnd`, …).
 */
import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import type { Remedy } from "../checks/check.ts";
import { words } from "../checks/toolchain/node-runtime-words.ts";
import { finding } from "../checks/words.ts";
import { docsOf } from "../docs-of.ts";
import { inputOf } from "../input-of.ts";
import { couldNotWrite } from "../message-of.ts";
import { majorOf, oldestNode } from "../probes/node-runtime.ts";
import { placeOf } from "../render/place-of.ts";
import { docsUrl } from "../render/summary-marks.ts";

type Env = NodeJS.ProcessEnv;

const version = process.versions.node;

/** Is this Node too old to run the checks? */
export const isTooOld = majorOf(version) < oldestNode;

const id = "node/runtime";
const { title, message, why, remedy } = finding(words, "too-old", { version }, { observed: version, evidence: [] });
const story = `${message} ${why}`;

/** Annotation, summary and outputs of the action. @returns the exit code of the step. */
export function reportToJob(env: Env): 0 | 1 {
	annotate("error", toldInText(), ` title=${title} (${id})`);
	const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs } = env;
	const wantsSummary = !/^false$/i.test(inputOf(env, "summary") || "");
	const written = summary && wantsSummary && append(summary, toldInMarkdown(), "the job summary") ? summary : "";
	if (outputs) append(outputs, outputLines(inputOf(env, "profile"), written), "its outputs");
	return inputOf(env, "fail-on") === "never" ? 0 : 1;
}

/** The finding, on stderr if stdout belongs to a format that a program reads. @returns the exit code. */
export function reportToTerminal(argv: readonly string[]): 0 | 1 {
	const flags = argv.join("=");
	const isForPrograms = /(?:^|=)--format=(?!text|lines)/.test(flags);
	(isForPrograms ? process.stderr : process.stdout).write(`fail ${id}:too-old: ${toldInText()}\n`);
	return flags.indexOf("--fail-on=never") >= 0 ? 0 : 1;
}

function toldInText(): string {
	return [story, ...fixes(remedy).map(fixInText), `More: ${docsUrl(docsOf(id))}`].join("\n");
}

function fixInText({ opening, text, config, commands }: Fix): string {
	const lines = [...(config ? [`in ${config.file}:`, ...config.text.split("\n")] : []), ...(commands || [])];
	return [`${opening}: ${text}`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function toldInMarkdown(): string {
	const blocks = [
		`## ❌ ${title} — \`${id}\``,
		story,
		...fixes(remedy).map(fixInMarkdown),
		`More: ${docsUrl(docsOf(id))}`,
	];
	return `${blocks.join("\n\n")}\n`;
}

function fixInMarkdown({ opening, text, config, commands }: Fix): string {
	const fence = (language: string, lines: string): string => `\`\`\`${language}\n${lines}\n\`\`\``;
	return [
		`**${opening}:** ${text}`,
		...(config ? [`In \`${config.file}\`:`, fence(config.language, config.text)] : []),
		...(commands ? [fence("sh", commands.join("\n"))] : []),
	].join("\n\n");
}

type Fix = Omit<Remedy, "otherwise"> & { readonly opening: string };

function fixes(remedy: Remedy): readonly Fix[] {
	const first = { opening: `Fix it ${placeOf(remedy)}`, ...remedy };
	const { otherwise } = remedy;
	return otherwise ? [first, { opening: `Or ${placeOf(otherwise)}`, ...otherwise }] : [first];
}

/** Every output of the action, in the format of the runner's file. Nothing else was judged, and no report is written. */
function outputLines(profile: string | undefined, summary: string): string {
	const outputs = [
		["verdict", "misconfigured"],
		["passed", "0"],
		["warned", "0"],
		["failed", "1"],
		["errored", "0"],
		["skipped", "0"],
		["failures", JSON.stringify([`${id}:too-old`])],
		["versions", JSON.stringify({ node: version })],
		["profile", profile && profile !== "auto" && /^[\w.-]{1,100}$/.test(profile) ? profile : ""],
		["report", ""],
		["summary", summary],
	];
	const end = `end_${randomBytes(16).toString("hex")}`;
	return outputs.map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`).join("");
}

/** @returns whether the file could be written. If not, a warning says so. */
function append(file: string, text: string, what: string): boolean {
	try {
		appendFileSync(file, text);
		return true;
	} catch (error) {
		annotate("warning", couldNotWrite(what, error));
		return false;
	}
}

/** A workflow command, which the forge shows as an annotation. */
function annotate(level: "error" | "warning", message: string, properties = ""): void {
	const escaped = message.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
	process.stdout.write(`::${level}${properties}::${escaped}\n`);
}
