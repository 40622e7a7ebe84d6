/** A text on lines of at most `width` columns, each after `indent`. Words longer than a line stay whole. */
export function wrap(text: string, width: number, indent = ""): string {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(/\s+/)) {
		if (line !== "" && indent.length + line.length + 1 + word.length > width) {
			lines.push(indent + line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	if (line !== "") lines.push(indent + line);
	return lines.join("\n");
}

/** Markdown for a terminal: paragraphs and list items are wrapped; fenced lines, headings and tables stay as they are. */
export function wrapMarkdown(markdown: string, width: number): string {
	let fenced = false;
	const lines = markdown.split("\n").map((line) => {
		if (line.startsWith("```")) fenced = !fenced;
		if (fenced || /^(?:```|#|\|)/.test(line)) return line;
		const [marker = ""] = /^\s*(?:(?:[-*>]|\d+\.)\s+)?/.exec(line) ?? [];
		const wrapped = wrap(line.slice(marker.length), width, " ".repeat(marker.length));
		return marker + wrapped.slice(marker.length);
	});
	return lines.join("\n");
}
