import type { Report, Result } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";
import { code, folded, markdown, table } from "./markdown-text.ts";
import { marks } from "./summary-marks.ts";
import { areaOf, headlineOf, skipGroups, skipText, type View } from "./view.ts";

const maxRows = 200;
const maxIds = 60;

/** Findings that the policy accepts until a date. They stay visible, but fail nothing. */
export function acceptedBlock({ accepted }: View): string {
	if (accepted.length === 0) return "";
	const rows = accepted
		.slice(0, maxRows)
		.map((result) => [
			`${markdown(headlineOf(result), 160)} — ${code(result.id, 120)}`,
			markdown(result.message, 400),
			markdown(result.accepted?.reason ?? "", 400),
			markdown(result.accepted?.until ?? "", 40),
		]);
	return `### Accepted for now\n\n${table(["finding", "details", "why it is accepted", "until"], rows)}`;
}

/** Other checks whose findings concern a tool. */
const alsoAbout: ReadonlyMap<string, readonly string[]> = new Map([
	["docker", ["docker/cli", "docker/api-version"]],
	["rustc", ["rust/consistency"]],
	["cargo", ["rust/consistency"]],
	["node", ["node/runtime"]],
]);

/** Each tool of the profile: the version found, the version wanted, and who wants it. */
export function toolchainBlock(report: Report): string {
	const tools = Object.entries(report.expectations.tools).slice(0, maxRows);
	if (tools.length === 0) return "";
	const versions = versionsOf(report);
	const byId = new Map(report.results.map((result) => [result.id, result]));
	const rows = tools.map(([name, { version, optional }]) => {
		const result = byId.get(`tool/${name}`);
		const found = versions.get(name);
		const related = (alsoAbout.get(name) ?? []).map((id) => byId.get(id));
		return [
			code(name, 80),
			found === undefined ? "—" : code(found, 80),
			wanted(report, name, version.text, optional),
			stateOf(result, related),
		];
	});
	return `### Toolchain\n\n${table(["tool", "version", "wanted", ""], rows)}`;
}

function wanted(report: Report, name: string, range: string, optional: boolean): string {
	const { sources } = report.expectations;
	const source = sources[`tools.${name}`] ?? sources[`tools.${name}.version`];
	const what = range === "*" ? "any" : code(range, 120);
	return [what, optional ? "optional" : "", source === undefined ? "" : `(${markdown(source, 160)})`]
		.filter((part) => part !== "")
		.join(" ");
}

function stateOf(own: Result | undefined, related: readonly (Result | undefined)[]): string {
	const trouble = [own, ...related].find((result) => result && ["fail", "error", "warn"].includes(result.status));
	if (trouble) return `${marks[trouble.status]} see above`;
	if (!own) return "";
	if (own.status === "pass") return marks.pass;
	return `${marks.skip} ${own.accepted ? "accepted" : markdown(skipText(own), 120)}`;
}

export function passedBlock({ passed }: View): string {
	if (passed.length === 0) return "";
	let area = "";
	const rows = passed.slice(0, maxRows).map((result) => {
		const isNew = areaOf(result.id) !== area;
		area = areaOf(result.id);
		const name = result.id.slice(area.length + 1) || result.id;
		return [isNew ? bold(area) : "", code(name, 120), markdown(result.message, 300)];
	});
	const rest = passed.length - rows.length;
	if (rest > 0) rows.push(["", "", `… and ${rest} more`]);
	return folded(`${marks.pass} ${checks(passed.length)} passed`, table(["area", "check", "found"], rows));
}

function checks(count: number): string {
	return `${count} check${count === 1 ? "" : "s"}`;
}

function bold(text: string): string {
	const inner = markdown(text, 60);
	return inner === "" ? "" : `**${inner}**`;
}

export function skippedBlock({ skipped }: View): string {
	if (skipped.length === 0) return "";
	const rows = skipGroups(skipped)
		.slice(0, maxRows)
		.map(({ why, ids }) => {
			const shown = ids.slice(0, maxIds).map((id) => code(id, 120));
			const rest = ids.length - shown.length;
			return [markdown(why, 300), `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`];
		});
	return folded(`${marks.skip} ${checks(skipped.length)} skipped`, table(["why", "checks"], rows));
}
