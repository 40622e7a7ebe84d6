import { type Document, isCollection, isScalar, type ParsedNode, visit } from "yaml";

/** A line that begins with a tab, perhaps after spaces and dashes. The package reads it if a comment or nothing follows. */
const tabbed = /^( *)((?:- *)*)\t/gm;

/**
 * The first tab that Go's parser refuses and the package does not: on an otherwise empty line, before a comment, or behind a dash.
 * (go-yaml, `scannerc.go`: "found character that cannot start any token", "found a tab character that violates indentation".)
 * In quotes, in brackets and in the text of a block it is allowed, and in doubt it is not reported.
 * @param from Where the document begins, with what precedes its first value.
 */
export function refusedTab(text: string, { contents, range }: Document.Parsed, from: number): number | undefined {
	if (!text.includes("\t")) return undefined;
	let kept: readonly Kept[] | undefined;
	let next = 0;
	let readTo = from;
	for (const match of text.matchAll(tabbed)) {
		const offset = match.index + match[0].length - 1;
		if (offset < readTo) continue;
		if (offset >= range[2]) return undefined;
		kept ??= keptIn(text, contents);
		while ((kept[next]?.to ?? offset + 1) <= offset) next++;
		const spaces = match[1]?.length ?? 0;
		const last = kept[next];
		const inside = last && last.from <= offset ? last : undefined;
		if (inside ? spaces < inside.indent : match[2] !== "") return offset;
		if (inside || spaces > 0) continue;
		const comment = nextComment(text, match.index);
		if (comment === undefined) return offset;
		readTo = comment;
	}
	return undefined;
}

/** Where the next of several comments begins: Go reads those that follow a comment at once, with all blanks between them. */
function nextComment(text: string, offset: number): number | undefined {
	const before = text.slice(0, offset).trimEnd();
	if (!before.slice(before.lastIndexOf("\n") + 1).includes("#")) return undefined;
	const next = offset + text.slice(offset).search(/\S/);
	return text[next] === "#" ? next : undefined;
}

/** A part of the text in which a tab is content from a column on. */
interface Kept {
	readonly from: number;
	readonly to: number;
	readonly indent: number;
}

function keptIn(text: string, contents: ParsedNode | null): readonly Kept[] {
	const found: Kept[] = [];
	if (!contents) return found;
	visit(contents, (_, node) => {
		if (!(isScalar(node) || isCollection(node)) || !node.range) return undefined;
		const [from, valueEnd, to] = node.range;
		if (isCollection(node)) {
			if (!node.flow) return undefined;
			found.push({ from, to: valueEnd, indent: 0 });
			return visit.SKIP;
		}
		if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED") {
			found.push({ from, to, indent: blockIndent(text.slice(from, to)) });
		} else {
			// A plain text on several lines may have a tab from the second column on.
			found.push({ from, to: valueEnd, indent: node.type === "PLAIN" ? 1 : 0 });
		}
		return undefined;
	});
	return found;
}

/** The column in which the text of a block begins. */
function blockIndent(source: string): number {
	return /\n( *)[^\s]/.exec(source)?.[1]?.length ?? 0;
}
