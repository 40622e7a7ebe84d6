/** How the page of a Gitea 1.27 shows the log of a step. The rules were tried on a real server. */

/** A row of the page. */
export interface Row {
	readonly kind: "text" | "error" | "warning" | "group";
	/** Without commands and their prefixes; it may hold ANSI colors, which the page renders. */
	readonly text: string;
	/** Inside a group, which is folded: a person has to open it first. */
	readonly folded: boolean;
}

/** What the runner prints before a step's own output: a group that stays open for the whole step. */
export function asStep(title: string, log: string): string {
	return `::group::Run ${title}\n${log.trimEnd()}\n::endgroup::`;
}

/**
 * The rows of a log. Groups are flat: `::group::` opens one and ends the one before, `::endgroup::` closes what is open and is
 * otherwise ignored. Annotations become rows with a severity; nothing decodes `%0A`.
 */
export function giteaRows(log: string): readonly Row[] {
	const rows: Row[] = [];
	let folded = false;
	for (const line of log.split("\n")) {
		const [, command = "", text = ""] = /^::(\w+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
		switch (command) {
			case "group":
				rows.push({ kind: "group", text, folded: false });
				folded = true;
				break;
			case "endgroup":
				folded = false;
				break;
			case "error":
			case "warning":
				rows.push({ kind: command, text, folded });
				break;
			default:
				rows.push({ kind: "text", text: line, folded });
		}
	}
	return rows;
}

/** What a person sees who opens the step and no group. */
export function visibleText(log: string): string {
	return giteaRows(log)
		.filter(({ folded }) => !folded)
		.map(({ kind, text }) => (kind === "group" ? `▸ ${text}` : text))
		.join("\n")
		.replace(/\u001b\[[\d;]*m/g, "");
}

const colors: Readonly<Record<string, string>> = { 31: "#ff5555", 32: "#50c878", 33: "#e5b95c", 36: "#56b6c2" };

/** The page as HTML, for a picture: only what is visible without opening a group. */
export function giteaHtml(log: string): string {
	const rows = giteaRows(log).filter(({ folded }) => !folded);
	const lines = rows.map(({ kind, text }, index) => {
		const severity =
			kind === "error" ? "<b class=error>Error:</b> " : kind === "warning" ? "<b class=warning>Warning:</b> " : "";
		const mark = kind === "group" ? "<span class=fold>▸</span> " : "";
		return `<div class="row ${kind}"><span class=number>${index + 1}</span><span>${mark}${severity}${ansiToHtml(text)}</span></div>`;
	});
	return lines.join("\n");
}

/** Text with the colors of a terminal. */
export function ansiToHtml(text: string): string {
	const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
	return escaped.replace(/\u001b\[([\d;]*)m([^\u001b]*)/g, (_, code: string, part: string) => {
		if (code === "1") return `<b>${part}</b>`;
		if (code === "2") return `<span style="opacity:.65">${part}</span>`;
		return colors[code] === undefined ? part : `<span style="color:${colors[code]}">${part}</span>`;
	});
}
