import type { Edit, Finding } from "../../checks/check.ts";
import { cut } from "../../checks/text.ts";
import { type Details, finding } from "../../checks/words.ts";
import { editDistance } from "../../policy/nearest.ts";
import { rewrittenText } from "../fix/certain.ts";
import { isFloating, isImageReference, lacksNode, namesAnImage, otherSchemes, parseLabel } from "../read/labels.ts";
import { isNull } from "../read/tree.ts";
import { variableIn } from "../recognize/look-alikes.ts";
import { applies, at, type Context, defineRule, placeIn } from "../rule.ts";
import { type LabelText, labelTextsOf, type Setup } from "../setup/setup.ts";
import { labels } from "../setup/subjects.ts";
import { intro, labelName, type SchemeProblem, words } from "./label-words.ts";

type Reason = keyof typeof words;
type Problem = Finding<Reason>;

/** Labels: which jobs come here, and where they run. */
export const label = defineRule({
	id: "config/label",
	title: "Every label is valid",
	intro,
	reasons: words,
	subject: labels,
	fine: "every label is valid",
	find(setup, context) {
		const seen = new Map<string, LabelText>();
		return labelTextsOf(setup).flatMap((place): readonly Problem[] => {
			const found = judge(place, setup, context);
			if (found.some(({ reason }) => !onValidLabels.has(reason))) return found;
			// Each connection has labels of its own.
			const name = `${place.connection ?? ""}\n${labelName(place.text.text)}`;
			const first = seen.get(name);
			if (!first) {
				seen.set(name, place);
				return found;
			}
			const duplicate = { ...written(place), firstLine: first.text.line };
			return [finding(words, "duplicate", duplicate, details(place)), ...found];
		});
	},
});

/** What can be wrong with a label that the runner understands. */
const onValidLabels: ReadonlySet<Reason> = new Set(["floating-tag", "no-image-named", "image-without-node"]);

function judge(place: LabelText, setup: Setup, context: Context): readonly Problem[] {
	// `config/options` reports a variable that nobody expands.
	if (variableIn(place.text.text) !== undefined) return [];
	const invalid = invalidity(place, setup, context);
	if (invalid) return [invalid];
	const parsed = parseLabel(place.text.text, setup.system);
	if (parsed.kind !== "label") return [];
	const { kind, name, image } = parsed.label;
	if (kind === "host" && setup.system === "gitea" && !place.text.text.includes(":") && namesAnImage(name)) {
		return [finding(words, "no-image-named", written(place), details(place))];
	}
	return kind === "docker" && place.text.text.includes(":") ? judgeImage(place, image) : [];
}

function invalidity(place: LabelText, setup: Setup, context: Context): Problem | undefined {
	const { text, line } = place.text;
	if (/\*{12,}/.test(text)) return finding(words, "token-in-label", { line }, details(place));
	const parsed = parseLabel(text, setup.system);
	if (isNull(place.text) || text.trim() === "" || parsed.kind === "empty") {
		return finding(words, "empty", { ...written(place), line }, details(place, "nothing"));
	}
	const meant = withoutSpaces(text);
	if (meant.length > 1 || meant[0] !== text) {
		const [only = "", ...more] = meant;
		const edits = more.length === 0 ? labelEdits(place, only, setup) : undefined;
		const observed = details(place, `\`"${cut(text, 200)}"\``);
		return finding(words, "space", { ...written(place), meant }, { ...observed, edits });
	}
	switch (parsed.kind) {
		case "opaque": {
			const isIgnored =
				context.version !== undefined && applies("unknown-label-schema-ignored", setup, context) !== undefined;
			return setup.system === "forgejo" || isIgnored ? badScheme(place, setup, { kind: "colon-in-name" }) : undefined;
		}
		case "unknown-scheme": {
			// If the release is unknown, it may be one that has pods.
			if (parsed.scheme === "kubernetes" && applies("kubernetes-labels", setup, context)) return undefined;
			const fixed = meantLabel(text, parsed.scheme, parsed.meant);
			const treatedAs = treatmentOf(setup, context);
			const isCertain = fixed !== undefined && isSurelyMeant(text, parsed.scheme, fixed);
			const edits = isCertain ? labelEdits(place, fixed, setup) : undefined;
			return badScheme(place, setup, { kind: "unknown", scheme: parsed.scheme, meant: fixed, treatedAs }, edits);
		}
		case "label": {
			const { kind, image } = parsed.label;
			if (setup.system === "forgejo" && kind === "host" && text.split(":").length > 2) {
				const edits = labelEdits(place, `${labelName(text)}:host`, setup);
				return badScheme(place, setup, { kind: "host-with-argument" }, edits);
			}
			if (kind !== "docker" || isImageReference(image)) return undefined;
			const noImage = { ...written(place), image, fixed: withValidImage(place, image) };
			return finding(words, "no-image", noImage, details(place));
		}
	}
}

function judgeImage(place: LabelText, image: string): readonly Problem[] {
	const seen = { ...written(place), image };
	return [
		...(lacksNode(image) ? [finding(words, "image-without-node", seen, details(place))] : []),
		...(isFloating(image) ? [finding(words, "floating-tag", seen, details(place))] : []),
	];
}

function badScheme(place: LabelText, setup: Setup, problem: SchemeProblem, edits?: readonly Edit[]): Problem {
	const seen = { ...written(place), problem, system: setup.system };
	return finding(words, "bad-schema", seen, { ...details(place), edits });
}

/** Writes another label, if it is valid and in a configuration: the runner itself writes `.runner`. */
function labelEdits({ file, text }: LabelText, label: string, setup: Setup): readonly Edit[] | undefined {
	const parsed = parseLabel(label, setup.system);
	if (file !== setup.config?.path || parsed.kind !== "label" || label.includes("*")) return undefined;
	if (parsed.label.kind === "docker" && !isImageReference(parsed.label.image)) return undefined;
	return rewrittenText(text, label);
}

/** A misspelled `docker://` or `host`, or an image with its registry: nothing else can be meant. */
function isSurelyMeant(text: string, scheme: string, meant: string): boolean {
	const rest = text.slice(labelName(text).length + 1);
	const isClose = (word: string): boolean => editDistance(scheme.toLowerCase(), word) <= 2;
	if (meant.endsWith(":host")) return isClose("host") && rest === scheme;
	return (isClose("docker") && rest.startsWith(`${scheme}://`)) || /^[\w.-]+\.[a-z]{2,}\//.test(scheme);
}

function written({ file, text }: LabelText): { readonly file: string; readonly text: string } {
	return { file, text: text.text };
}

function details({ file, text }: LabelText, observed = `\`${cut(text.text, 200)}\``): Details {
	return at(placeIn(file, text), observed);
}

/** The labels that were meant: without spaces around the parts of one, and several if commas separate them. */
function withoutSpaces(text: string): readonly string[] {
	const isList = /,\s/.test(text) || /,[\w.-]+:(?:host|docker)/.test(text);
	if (isList) return text.split(",").map((part) => part.trim());
	const parts = text.split(":").map((part) => part.trim());
	return [parts.join(":").replace(/:\/\/\s+/, "://")];
}

/** What the runner does with a label whose scheme it does not know. */
function treatmentOf(setup: Setup, context: Context): "refused" | "host-label" | "ignored" | "depends-on-release" {
	if (setup.system === "forgejo") return "refused";
	const becomesHost = applies("opaque-labels", setup, context);
	const isIgnored = applies("unknown-label-schema-ignored", setup, context);
	if (becomesHost && isIgnored) return "depends-on-release";
	return becomesHost ? "host-label" : "ignored";
}

/** The label with the scheme that was probably meant; `undefined`: nothing tells. */
function meantLabel(text: string, scheme: string, meant: "docker" | "host" | undefined): string | undefined {
	const name = labelName(text);
	if (meant === "host") return `${name}:host`;
	// `gitea:3000/team/builder:1.0` is all of it an image: a registry with its port.
	if (/^\d+\/[^:]/.test(text.slice(name.length + 1))) {
		const own = /([^/:@]+)(?:[:@][^/]*)?$/.exec(text)?.[1];
		return own && isImageReference(text) ? `${own}:docker://${text}` : undefined;
	}
	const image = meant && imageIn(text.slice(name.length + 1), scheme);
	return image ? `${name}:docker://${image}` : undefined;
}

/** The image that was meant: what follows `//`, or everything if the "scheme" is a part of it (`ghcr.io/a/b`, `node:22`). */
function imageIn(rest: string, scheme: string): string {
	const slashes = rest.indexOf("//");
	if (slashes >= 0) return rest.slice(slashes + 2);
	const isMisspelled = editDistance(scheme.toLowerCase(), "docker") <= 2 || otherSchemes.includes(scheme.toLowerCase());
	return isMisspelled ? rest.slice(scheme.length + 1) : rest;
}

/** The label with the image reference that was probably meant. */
function withValidImage(place: LabelText, image: string): string | undefined {
	const lower = image.toLowerCase();
	const fixed =
		lower !== image && isImageReference(lower) ? lower : image.replace(/^[a-z]+:\/\//, "").replace(/^\/+/, "");
	return isImageReference(fixed) ? `${labelName(place.text.text)}:docker://${fixed}` : undefined;
}
