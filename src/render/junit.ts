import type { Report, Result } from "../report/report.ts";
import { plainText } from "./text.ts";
import { unknownText } from "./view.ts";

/**
 * JUnit's XML, in the form that both the schema of Ant's task and Jenkins accept. JUnit has no warnings, so a warning
 * passes, and its text is in the suite's output.
 */
export function renderJunit(report: Report): string {
	const { counts, results } = report;
	const unknown = unknownText(report);
	const suite: Attributes = {
		id: "0",
		package: "runner-check",
		name: report.profile.name,
		timestamp: report.started.slice(0, 19),
		hostname: report.runner.name,
		tests: String(results.length + (unknown === undefined ? 0 : 1)),
		failures: String(counts.fail),
		errors: String(counts.error + (unknown === undefined ? 0 : 1)),
		skipped: String(counts.skip),
		time: seconds(report.duration_ms),
	};
	const warnings = results.filter(({ status }) => status === "warn").map((result) => `${result.id}: ${result.message}`);
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		"<testsuites>",
		`  <testsuite${attributes(suite)}>`,
		"    <properties>",
		...propertiesOf(report).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
		"    </properties>",
		...results.map(testcase),
		...(unknown === undefined ? [] : [unknownVerdict(unknown)]),
		`    <system-out>${escapeXml(warnings.join("\n"))}</system-out>`,
		"    <system-err></system-err>",
		"  </testsuite>",
		"</testsuites>",
		"",
	].join("\n");
}

export type Attributes = Readonly<Record<string, string>>;

/** The attributes of an element, each with a blank before it. */
export function attributes(values: Attributes): string {
	return Object.entries(values)
		.map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
		.join("");
}

function propertiesOf(report: Report): readonly (readonly [string, string])[] {
	return [
		["verdict", report.verdict],
		["profile", report.profile.name],
		["mode", report.runner.mode],
		["switched-off", `${report.switched_off.count} of ${report.switched_off.of} checks`],
		...(report.runner.version === undefined ? [] : [["runner-version", report.runner.version] as const]),
	];
}

/** Every test is skipped then, which readers of JUnit take for a success. */
function unknownVerdict(message: string): string {
	const open = `    <testcase${attributes({ classname: "runner-check", name: "verdict", time: "0.000" })}>`;
	return `${open}<error${attributes({ type: "unknown", message })}></error></testcase>`;
}

function testcase(result: Result): string {
	const area = result.id.split("/")[0] ?? "";
	const open = `    <testcase${attributes({ classname: `runner-check.${area}`, name: result.id, time: seconds(result.duration_ms) })}`;
	if (result.status === "pass" || result.status === "warn") return `${open}/>`;
	if (result.status === "skip")
		return `${open}><skipped${attributes({ message: `${result.reason}: ${result.message}` })}/></testcase>`;
	const element = result.status === "fail" ? "failure" : "error";
	const detail = [
		...(result.why === undefined ? [] : [result.why]),
		...(result.expected === undefined ? [] : [`expected: ${result.expected}`, `observed: ${result.observed}`]),
		...result.evidence.map(({ source, text }) => `${source}: ${text}`),
		...(result.remedy ? [result.remedy.text, ...(result.remedy.commands ?? [])] : []),
	].join("\n");
	const head = attributes({ type: result.reason ?? element, message: result.message });
	return `${open}><${element}${head}>${escapeXml(detail)}</${element}></testcase>`;
}

function seconds(ms: number): string {
	return (ms / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&apos;",
};

/** Text for XML: what XML 1.0 cannot hold is taken out, quotes and brackets are escaped. */
export function escapeXml(text: string): string {
	// Halves of surrogate pairs and the two last code points of the plane are no XML characters.
	const legal = plainText(text).replace(
		/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
		"",
	);
	return legal.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
