import { escaped } from "../render/json.ts";
import { plainText } from "../render/text.ts";
import type { Report } from "../report/report.ts";

/** Facts that differ from run to run on one and the same machine: times, free space, load, identities of a job. */
const volatile = [
	/\.ms$/,
	/\.(?:free|used)(?:Bytes|Inodes|MiB)?$/i,
	/(?:freeBytes|freeInodes|memoryFree|memoryUsed|temperature|utilization)/i,
	/^facts\.(?:job|process|machine-state)\./,
	/^facts\.self-container\.value\.(?:id|names)\b/,
	/^facts\.container\.value\.names\b/,
	/^facts\.os\.value\.hostname$/,
	/^facts\.memory\.value\..*\.(?:available|cache)Bytes$/,
	// A session or a container has a control group of its own, named after it.
	/^facts\.cgroups\./,
	/^facts\.(?:memory|cpu)\.value\.(?:groups|quotas)\.\d+\.source$/,
];

/** What differs between two reports, a line each; empty text where nothing does. */
export function diffReports(first: Report, second: Report): string {
	const a = flatten(first);
	const b = flatten(second);
	const paths = [...new Set([...a.keys(), ...b.keys()])].filter(
		(path) => !volatile.some((pattern) => pattern.test(path)),
	);
	const lines = paths
		.filter((path) => a.get(path) !== b.get(path))
		.map((path) => `${path}: ${a.get(path) ?? "(nothing)"} -> ${b.get(path) ?? "(nothing)"}`)
		// Escapes, and not nothing: two texts may differ in what cannot be seen.
		.map((line) => plainText(escaped(line)));
	return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Path -> value of what two runs can be compared by: runner, profile, verdict, each check's result, and the facts. */
function flatten(report: Report): Map<string, string> {
	const results = report.results.map(({ id, status, reason }) => [
		id,
		reason === undefined ? status : `${status} ${reason}`,
	]);
	const { runner, profile, verdict, facts } = report;
	const flat = new Map<string, string>();
	const walk = (path: string, value: unknown): void => {
		if (typeof value !== "object" || value === null) {
			flat.set(path, JSON.stringify(value) ?? "");
			return;
		}
		for (const [key, entry] of Object.entries(value)) {
			// As in JSON, without its quotes: a line feed in a name makes no new line.
			const name = JSON.stringify(key).slice(1, -1);
			walk(path === "" ? name : `${path}.${name}`, entry);
		}
	};
	walk("", { runner, profile, verdict, results: Object.fromEntries(results), facts });
	return flat;
}
