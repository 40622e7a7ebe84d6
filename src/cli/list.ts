import type { KnownCheck } from "../checks/check.ts";
import { docsOf } from "../docs-of.ts";

/** Every check with its reasons, for people or programs. */
export function renderList(checks: readonly KnownCheck[], format: "text" | "json"): string {
	if (format === "json") return `${JSON.stringify({ version: 1, checks: checks.map(entryOf) }, null, 2)}\n`;
	const blocks = checks.map(entryOf).map(({ id, title, reasons }) => {
		const width = Math.max(0, ...reasons.map(({ reason }) => reason.length));
		const lines = reasons.map(({ reason, level, title }) => `  ${reason.padEnd(width)}  ${level.padEnd(4)}  ${title}`);
		return [`${id}  ${title}`, ...lines].join("\n");
	});
	return `${blocks.join("\n\n")}\n`;
}

function entryOf(check: KnownCheck) {
	const reasons = Object.entries(check.reasons).map(([reason, { level, title }]) => ({ reason, level, title }));
	return { id: check.id, title: check.title, docs: docsOf(check.id), reasons };
}
