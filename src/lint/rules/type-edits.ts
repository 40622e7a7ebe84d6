import type { Edit } from "../../checks/check.ts";
import { editDistance } from "../../policy/nearest.ts";
import { rewritten, rewrittenText } from "../fix/certain.ts";
import { wholeNumber } from "../read/go-values.ts";
import { isImageReference, parseLabel } from "../read/labels.ts";
import type { MapTree, Scalar, Tree } from "../read/tree.ts";
import { meantBoolean, meantDuration, type Wanted } from "./type-words.ts";

/** The value in the type of its key, if nothing else can be meant. The runner does not start with the value as it is. */
export function typeEdits(key: string, wanted: Wanted, value: Tree): readonly Edit[] | undefined {
	if (wanted === "entry" && value.kind === "map" && key.endsWith("labels")) return labelEdits(value);
	if (value.kind !== "scalar") return undefined;
	const meant = meantBy(wanted, value);
	if (meant !== undefined) return rewritten(value, meant);
	if (wanted !== "texts" || !/^[^\s,]+$/.test(value.text)) return undefined;
	return rewritten(value, `[${JSON.stringify(value.text)}]`);
}

function meantBy(wanted: Wanted, { text }: Scalar): string | undefined {
	switch (wanted) {
		case "flag":
			return meantBoolean(text);
		case "number":
			// With a leading zero, it is octal for the runner.
			return /^(?:0|[1-9]\d{0,8})$/.exec(text.trim())?.[0];
		case "port":
			return /^(?:0|[1-9]\d{0,4})$/.test(text.trim()) && Number(text) <= 65_535 ? text.trim() : undefined;
		case "duration":
			// A number could be seconds, minutes or hours, unless it is 0.
			return wholeNumber(text) === undefined || /^0+$/.test(text) ? meantDuration(text) : undefined;
		default:
			return undefined;
	}
}

/** `- gpu: docker://image` is a label with a space after its colon. */
function labelEdits({ line, column, entries }: MapTree): readonly Edit[] | undefined {
	const [entry, ...more] = entries;
	if (!entry || more.length > 0 || entry.value.kind !== "scalar" || !entry.value.plain) return undefined;
	const label = `${entry.key}:${entry.value.text}`;
	const parsed = parseLabel(label, "gitea");
	if (parsed.kind !== "label" || (parsed.label.kind === "docker" && !isImageReference(parsed.label.image)))
		return undefined;
	return [{ line, column, from: [`${entry.key}: ${entry.value.text}`], to: JSON.stringify(label) }];
}

/** The value of a choice in its right spelling. */
export function choiceEdits(scalar: Scalar, allowed: readonly string[]): readonly Edit[] | undefined {
	const close = allowed.filter((one) => editDistance(one, scalar.text.toLowerCase()) <= 1);
	const [only, ...more] = close;
	return only === undefined || more.length > 0 ? undefined : rewrittenText(scalar, only);
}
