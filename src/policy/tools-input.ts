import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { type Mistake, quoted } from "../mistake.ts";
import { own } from "../own.ts";
import { maxEntries } from "./limits.ts";
import { parseRange, rangesAllowed } from "./ranges.ts";
import type { ToolSource } from "./schema.ts";
import { maxMistakes } from "./validate-yaml.ts";

/** The `tools` input: YAML, read with every scalar as text, so that `1.90` stays `1.90`. Adds its problems to `mistakes`. */
export function readToolsInput(text: string, mistakes: Mistake[]): Readonly<Record<string, ToolSource>> {
	const allowed = 'a YAML mapping of tool to version range, such as `rustc: ">=1.92"`';
	const lines = new LineCounter();
	const document = parseDocument(text, {
		schema: "failsafe",
		lineCounter: lines,
		uniqueKeys: false,
		prettyErrors: false,
	});
	const placeOf = (offset: number): string => {
		const { line, col } = lines.linePos(offset);
		return `input \`tools\`, line ${line}, column ${col}`;
	};
	for (const error of document.errors.slice(0, maxMistakes)) {
		// `*` starts an alias in YAML and `>` starts folded text: the most common mistakes here.
		const hint = /alias|block scalar/i.test(error.message) ? "; a range that begins with `*` or `>` needs quotes" : "";
		mistakes.push({
			place: placeOf(error.pos[0]),
			found: error.message.split("\n")[0] ?? "",
			allowed: `${allowed}${hint}`,
		});
	}
	if (document.errors.length > 0) return {};
	const root = document.contents;
	if (!isMap(root)) {
		mistakes.push({ place: placeOf(root?.range?.[0] ?? 0), found: quoted(text), allowed });
		return {};
	}
	if (root.items.length > maxEntries) {
		mistakes.push({
			place: "input `tools`",
			found: `${root.items.length} entries`,
			allowed: `at most ${maxEntries} entries`,
		});
		return {};
	}
	const tools: Record<string, ToolSource> = {};
	for (const { key, value } of root.items) {
		const name = isScalar(key) ? String(key.value) : "";
		const start = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
		if (!/^[A-Za-z0-9][\w.+-]{0,63}$/.test(name)) {
			mistakes.push({ place: placeOf(start), found: quoted(name), allowed: "the name of a program, without a path" });
			continue;
		}
		if (own(tools, name) !== undefined) {
			mistakes.push({ place: placeOf(start), found: `\`${name}\` a second time`, allowed: "each tool once" });
			continue;
		}
		const range = isScalar(value) ? String(value.value) : undefined;
		if (range === undefined || parseRange(range) === undefined) {
			const at = isScalar(value) ? (value.range?.[0] ?? start) : start;
			mistakes.push({
				place: placeOf(at),
				found: quoted(range ?? "a value that is not text"),
				allowed: rangesAllowed,
			});
			continue;
		}
		tools[name] = range;
	}
	return tools;
}
