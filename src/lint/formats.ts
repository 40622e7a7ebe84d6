import { docsOf } from "../docs-of.ts";
import { attributes, escapeXml } from "../render/junit.ts";
import { docsUrl } from "../render/summary-marks.ts";
import type { Result } from "../report/report.ts";
import { version } from "../version.ts";
import type { Change, ShownResult } from "./fix/make-fixes.ts";
import { placeText } from "./rule.ts";

/** What was linted, and what was found. */
export interface Linted {
	/** Paths of all files that were read. */
	readonly files: readonly string[];
	readonly results: readonly ShownResult[];
}

const home = "https://github.com/fortemi/runner-check";

/** SARIF 2.1.0, for code scanning and editors. */
export function toSarif({ files, results }: Linted): string {
	const ids = [...new Set(results.map(ruleIdOf))].sort();
	const rules = ids.map((id) => {
		const found = results.find((result) => ruleIdOf(result) === id);
		return {
			id,
			shortDescription: { text: found?.title ?? id },
			helpUri: docsUrl(docsOf(found?.id ?? id)),
		};
	});
	const driver = { name: "runner-check", informationUri: home, semanticVersion: version, rules };
	const run = {
		tool: { driver },
		columnKind: "utf16CodeUnits",
		artifacts: files.map((path) => ({ location: { uri: uriOf(path) } })),
		results: results.map((result) => ({
			ruleId: ruleIdOf(result),
			ruleIndex: ids.indexOf(ruleIdOf(result)),
			level: result.status === "warn" ? "warning" : "error",
			message: { text: messageOf(result) },
			locations: result.location ? [{ physicalLocation: placeOf(result.location) }] : [],
			...(result.edits && { fixes: [fixOf(result, result.edits)] }),
		})),
	};
	return `${JSON.stringify(
		{ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] },
		null,
		"\t",
	)}\n`;
}

function ruleIdOf({ id, reason }: Result): string {
	return `${id}:${reason}`;
}

function messageOf({ title, message, why, remedy }: Result): string {
	return [`${title}.`, message, ...(why === undefined ? [] : [why]), ...(remedy ? [`Fix: ${remedy.text}`] : [])].join(
		" ",
	);
}

function placeOf({ file, line, column }: NonNullable<Result["location"]>) {
	const region =
		line === undefined ? undefined : { startLine: line, ...(column !== undefined && { startColumn: column }) };
	return { artifactLocation: { uri: uriOf(file) }, ...(region && { region }) };
}

function fixOf({ location, remedy }: ShownResult, edits: readonly Change[]) {
	const replacements = edits.map(({ line, column, end_column, text }) => ({
		deletedRegion: { startLine: line, startColumn: column, endLine: line, endColumn: end_column },
		insertedContent: { text },
	}));
	return {
		description: { text: remedy?.text ?? "" },
		artifactChanges: [{ artifactLocation: { uri: uriOf(location?.file ?? "") }, replacements }],
	};
}

/** A path as a URI: relative ones stay relative. */
function uriOf(path: string): string {
	const encoded = path.split("/").map(encodeURIComponent).join("/");
	return path.startsWith("/") ? `file://${encoded}` : encoded;
}

/** JUnit's XML: a test for each finding, and one for each file without any. JUnit has no warnings, so a warning passes. */
export function toJunit({ files, results }: Linted): string {
	const clean = files.filter((path) => results.every(({ location }) => location?.file !== path));
	const failures = results.filter(({ status }) => status === "fail").length;
	const suite = {
		name: "runner-check lint",
		tests: String(results.length + clean.length),
		failures: String(failures),
		errors: "0",
		skipped: "0",
		time: "0.000",
	};
	const warnings = results.filter(({ status }) => status === "warn");
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		"<testsuites>",
		`  <testsuite${attributes(suite)}>`,
		...results.map(testcase),
		...clean.map(
			(path) => `    <testcase${attributes({ classname: path, name: "no problems found", time: "0.000" })}/>`,
		),
		`    <system-out>${escapeXml(warnings.map((result) => `${nameOf(result)}: ${messageOf(result)}`).join("\n"))}</system-out>`,
		"  </testsuite>",
		"</testsuites>",
		"",
	].join("\n");
}

function nameOf(result: Result): string {
	return `${result.location ? `${placeText(result.location)} ` : ""}${ruleIdOf(result)}`;
}

function testcase(result: Result): string {
	const open = `    <testcase${attributes({ classname: result.location?.file ?? "", name: nameOf(result), time: "0.000" })}`;
	if (result.status !== "fail") return `${open}/>`;
	const head = attributes({ type: ruleIdOf(result), message: result.title });
	return `${open}><failure${head}>${escapeXml(messageOf(result))}</failure></testcase>`;
}
