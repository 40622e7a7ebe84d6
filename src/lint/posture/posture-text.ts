import { code, listed } from "../../checks/text.ts";
import type { Posture, PostureRow } from "./posture.ts";
import type { Power } from "./powers.ts";

const powerNames: Readonly<Record<Power, string>> = {
	socket: "Docker socket",
	"nested-socket": "socket of a nested Docker",
	privileged: "privileged containers",
	host: "the machine",
	"runner-container": "the runner's container",
};

/** What a row gives, in words. */
function gives({ powers, code: whose, secrets, token }: PostureRow): string {
	const parts = [
		whose === "theirs" ? "runs their code" : "runs the base branch",
		...(powers === undefined ? ["unknown label"] : powers.map((power) => powerNames[power])),
		...(secrets.length === 0
			? []
			: [
					secrets.includes("inherit")
						? "all secrets"
						: `secrets ${secrets.slice(0, 3).join(", ")}${secrets.length > 3 ? ", …" : ""}`,
				]),
		...(token === "read" ? [] : [token === "write" ? "write token" : "write token by default"]),
	];
	return parts.join(", ");
}

export const postureHead = ["event", "job", "label", "opened by", "gives"] as const;

/** A row as cells below `postureHead`. */
export function postureCells(row: PostureRow): readonly string[] {
	return [row.event, row.job, row.label ?? "(known to a run)", `${row.file}:${row.line}`, gives(row)];
}

/** The posture as lines of a table, with what has to be known to read it. */
export function postureLines({ rows, closed }: Posture): readonly string[] {
	if (rows.length === 0) {
		return ["Strangers reach no job of these workflows.", ...closedLine(closed)];
	}
	const table = rows.map(postureCells);
	const widths = postureHead.map((title, column) =>
		table.reduce((width, cells) => Math.max(width, (cells[column] ?? "").length), title.length),
	);
	const line = (cells: readonly string[]): string =>
		cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
	return [
		"What strangers reach (anyone without write access):",
		line(postureHead),
		...table.map(line),
		...closedLine(closed),
	];
}

/** Jobs that the table does not have. */
export function closedLine(closed: readonly string[]): readonly string[] {
	if (closed.length === 0) return [];
	return [`Kept out by their conditions: ${listed(closed.slice(0, 10))}${closed.length > 10 ? ", and others" : ""}.`];
}

/** What the table cannot show. */
export function postureNotes({ rows, isCut }: Posture): readonly string[] {
	const environments = [
		...new Set(rows.flatMap(({ environment }) => (environment === undefined ? [] : [environment]))),
	];
	const hasForks = rows.some(({ event }) => event === "pull_request");
	const hasBase = rows.some(({ code: whose }) => whose === "base");
	return [
		...(isCut ? [`The table is not complete: the search stopped after ${rows.length} ways.`] : []),
		...(hasForks
			? [
					"A pull request from a fork gets no secrets, and a token that can only read. Gitea asks for an approval before the first run of an author.",
				]
			: []),
		...(hasBase
			? [
					"Events that run the base branch have secrets and need no approval. A step that checks the pull request out, or puts its title or a comment into a command, runs the stranger's code with them.",
				]
			: []),
		...(environments.length > 0
			? [
					`Whether the ${environments.length === 1 ? "environment" : "environments"} ${listed(environments.map(code))} ask for a review, only the forge knows; Gitea ignores environments.`,
				]
			: []),
	];
}

/** A row as JSON has it. */
export function rowForPrograms({
	event,
	file,
	line,
	column,
	job,
	label,
	powers,
	code: whose,
	secrets,
	token,
	environment,
}: PostureRow) {
	return {
		event,
		file,
		line,
		column,
		job,
		// Absent: only a run knows the label, or no linted file has it.
		...(label !== undefined && { label }),
		...(powers && { gives: powers }),
		code: whose,
		secrets,
		token,
		...(environment !== undefined && { environment }),
	};
}
