import { editDistance } from "../../policy/nearest.ts";
import { isFloating, isImageReference, otherSchemas, parseLabel } from "../labels.ts";
import { type Context, defineRule, type Found, whereItHolds } from "../rule.ts";
import { type LabelText, labelTextsOf, type Setup } from "../setup.ts";
import { isNull } from "../tree.ts";

type R = "empty" | "bad-schema" | "no-image" | "duplicate" | "space" | "token-in-label" | "floating-tag";

/** Labels: which jobs come here, and where they run. A mistake in one never shows where it was made. */
export const label = defineRule<R>({
	id: "config/label",
	title: "Every label says what jobs it is for and where they run",
	reasons: {
		empty: { level: "fail", title: "an entry of the labels is empty" },
		"bad-schema": { level: "fail", title: "a label's schema is none: it is neither `docker` nor `host`" },
		"no-image": { level: "fail", title: "a `docker` label names no image, or one that cannot exist" },
		duplicate: { level: "warn", title: "two labels have the same name: the last one holds" },
		space: { level: "fail", title: "a label has blanks that make another name of it" },
		"token-in-label": { level: "fail", title: "a label holds what looks like a token or a password" },
		"floating-tag": { level: "warn", title: "a label's image is `latest` or has no tag, so it changes by itself" },
	},
	fine: "every label is well-formed",
	find(setup, context) {
		const places = labelTextsOf(setup);
		const seen = new Map<string, LabelText>();
		return places.flatMap((place): readonly Found<R>[] => {
			const found = judge(place, setup, context);
			if (found.length > 0 && found[0]?.reason !== "floating-tag") return found;
			const name = place.text.text.split(":")[0] ?? "";
			const first = seen.get(name);
			if (first) return [duplicate(place, first, name), ...found];
			seen.set(name, place);
			return found;
		});
	},
});

function judge(place: LabelText, setup: Setup, context: Context): readonly Found<R>[] {
	const { text } = place.text;
	if (/\*{12,}/.test(text)) return [token(place)];
	if (isNull(place.text) || text.trim() === "") return [empty(place)];
	const parsed = parseLabel(text, setup.system);
	if (parsed.kind === "empty") return [empty(place)];
	if (/,\s/.test(text) || (text.includes(",") && /,[\w.-]+:(?:host|docker)/.test(text))) return [comma(place)];
	if (hasOuterBlank(text)) return [space(place)];
	switch (parsed.kind) {
		case "opaque": {
			const { version } = context;
			const isIgnored =
				version !== undefined && whereItHolds("unknown-label-schema-ignored", setup, context) !== undefined;
			return setup.system === "forgejo" || isIgnored ? [colonInName(place, setup)] : [];
		}
		case "unknown-schema":
			// Where the release is not known, it may be one that has pods.
			if (parsed.schema === "kubernetes" && whereItHolds("kubernetes-labels", setup, context)) return [];
			return [badSchema(place, setup, context, parsed.schema, parsed.meant)];
		case "label": {
			const { kind, image } = parsed.label;
			if (setup.system === "forgejo" && kind === "host" && text.split(":").length > 2) {
				return [hostWithArgument(place)];
			}
			if (kind !== "docker") return [];
			if (image === "") return [noImage(place)];
			if (!isImageReference(image)) return [badImage(place, image)];
			return isFloating(image) ? [floating(place, image)] : [];
		}
	}
}

/** A blank around the whole, around the name, or around the image. */
function hasOuterBlank(text: string): boolean {
	return withoutBlanks(text) !== text;
}

function withoutBlanks(text: string): string {
	const parts = text.split(":").map((part) => part.trim());
	return parts.join(":").replace(/:\/\/\s+/, "://");
}

function base(place: LabelText): Pick<Found<R>, "file" | "line" | "column" | "found"> {
	return { file: place.file, line: place.text.line, column: place.text.column, found: `\`${shown(place.text.text)}\`` };
}

function shown(text: string): string {
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function lines(place: LabelText, text: string): NonNullable<Found["remedy"]["config"]> {
	return { file: place.file, language: "yaml", text: `runner:\n  labels:\n    - ${JSON.stringify(text)}` };
}

function empty(place: LabelText): Found<R> {
	return {
		...base(place),
		reason: "empty",
		message: "an entry of the labels is empty",
		why: "The runner ignores it with `ignored invalid label`. If a label was meant here, its jobs wait for ever.",
		expected: "`name:host` or `name:docker://image`",
		found: "nothing",
		remedy: { text: "Take the entry out, or write the label.", kind: "runner", config: lines(place, "titan:host") },
	};
}

function token(place: LabelText): Found<R> {
	return {
		...base(place),
		reason: "token-in-label",
		message: "a label holds what looks like a token or a password",
		why: "Labels are public: the forge shows them to everybody who may see its runners, and every job's log prints them.",
		expected: "a name that may be known",
		remedy: {
			text: "Take it out, and revoke it on the forge: it has been shown. A registry's password belongs into `docker login` of the runner's user, the registration token into `register --token`.",
			kind: "runner",
		},
	};
}

function comma(place: LabelText): Found<R> {
	const names = place.text.text.split(",").map((part) => part.trim());
	return {
		...base(place),
		reason: "space",
		message: `\`${shown(place.text.text)}\` is one label to the runner, with commas and blanks in its name`,
		why: "No job asks for such a name, so the jobs of all of them wait with `No matching online runner with label`.",
		expected: "one label in each entry",
		remedy: {
			text: "Give each label a line of its own. `register --labels` takes commas, without blanks.",
			kind: "runner",
			config: {
				file: place.file,
				language: "yaml",
				text: ["runner:", "  labels:", ...names.map((name) => `    - ${JSON.stringify(name)}`)].join("\n"),
			},
		},
	};
}

function space(place: LabelText): Found<R> {
	const mended = withoutBlanks(place.text.text);
	return {
		...base(place),
		reason: "space",
		message: `the label \`"${shown(place.text.text)}"\` has a blank in it that belongs to its name`,
		why: 'The blank is part of the name, so `runs-on` never matches it. `register --labels "a, b"` makes such labels too.',
		expected: `\`${shown(mended)}\``,
		found: `\`"${shown(place.text.text)}"\``,
		remedy: { text: "Write the label without blanks.", kind: "runner", config: lines(place, mended) },
	};
}

function badSchema(
	place: LabelText,
	setup: Setup,
	context: Context,
	schema: string,
	meant: "docker" | "host" | undefined,
): Found<R> {
	const { text } = place.text;
	const name = text.slice(0, text.indexOf(":"));
	const rest = text.slice(name.length + 1);
	const mended = meant === "host" ? `${name}:host` : `${name}:docker://${meant ? imageIn(rest, schema) : "image:tag"}`;
	const word = /^[\w-]{1,20}$/.test(schema) ? `\`${schema}\` is no schema` : "what follows the name is no schema";
	return {
		...base(place),
		reason: "bad-schema",
		message: `\`${shown(text)}\`: ${word} that the runner knows${meant ? `; \`${meant}\` is meant?` : ""}`,
		why: whyOf(setup, context, text, name),
		expected: "`name:host` or `name:docker://image`",
		remedy: {
			text: "Write the schema in small letters, and `docker://` before the image.",
			kind: "runner",
			config: lines(place, mended),
		},
	};
}

/** The image that was meant: what follows `//`, or the whole where the "schema" is a part of it (`ghcr.io/a/b`, `node:22`). */
function imageIn(rest: string, schema: string): string {
	const slashes = rest.indexOf("//");
	if (slashes >= 0) return rest.slice(slashes + 2);
	const isMisspelt = editDistance(schema.toLowerCase(), "docker") <= 2 || otherSchemas.includes(schema.toLowerCase());
	return isMisspelt ? rest.slice(schema.length + 1) || "image:tag" : rest;
}

function whyOf(setup: Setup, context: Context, text: string, name: string): string {
	if (setup.system === "forgejo") return "The runner refuses the label with `unsupported schema`.";
	const becomesHost = `it becomes a label of the host named \`${shown(text)}\`; jobs for \`${name}\` wait with \`No matching online runner with label\``;
	const isIgnored = "the runner ignores it with `unsupported schema`";
	const opaque = whereItHolds("opaque-labels", setup, context);
	const ignored = whereItHolds("unknown-label-schema-ignored", setup, context);
	if (opaque && ignored) return `From 2.1.0 on ${becomesHost}; before, ${isIgnored}.`;
	return opaque
		? `The runner does not refuse it: ${becomesHost}.`
		: `With this release, ${isIgnored}, so its jobs wait for ever.`;
}

/** `pool:3f2a`: a name with a colon, which only Gitea's runner takes, from 2.1.0 on. */
function colonInName(place: LabelText, setup: Setup): Found<R> {
	const name = place.text.text.split(":").join("-");
	const isForgejo = setup.system === "forgejo";
	return {
		...base(place),
		reason: "bad-schema",
		message: `\`${shown(place.text.text)}\`: ${isForgejo ? "Forgejo's runner" : "this release"} takes what follows the colon for a schema, and knows none of that name`,
		why: "The runner ignores the label with `unsupported schema`, so its jobs wait for ever.",
		expected: "a name without a colon",
		remedy: {
			text: isForgejo
				? "Take the colon out of the name."
				: "Take the colon out of the name, or upgrade the runner to 2.1.0 or newer.",
			kind: "runner",
			config: lines(place, `${name}:host`),
		},
	};
}

function hostWithArgument(place: LabelText): Found<R> {
	const name = place.text.text.split(":")[0] ?? "";
	return {
		...base(place),
		reason: "bad-schema",
		message: `\`${shown(place.text.text)}\`: \`host\` takes nothing after it`,
		why: "Forgejo's runner refuses the label with `schema: host does not have arguments`.",
		expected: `\`${name}:host\``,
		remedy: { text: "End the label after `host`.", kind: "runner", config: lines(place, `${name}:host`) },
	};
}

function noImage(place: LabelText): Found<R> {
	const name = place.text.text.split(":")[0] ?? "";
	return {
		...base(place),
		reason: "no-image",
		message: `\`${shown(place.text.text)}\` asks for a container and names no image`,
		why: "Its jobs run in the runner's default image (`docker.gitea.com/runner-images:ubuntu-latest`), which has none of your tools, and nothing says so.",
		expected: `\`${name}:docker://image:tag\``,
		remedy: {
			text: "Name the image after `docker://`.",
			kind: "runner",
			config: lines(place, `${name}:docker://ghcr.io/team/builder:1.0`),
		},
	};
}

function badImage(place: LabelText, image: string): Found<R> {
	const hasScheme = /^[a-z]+:\/\//.test(image);
	const hasCapitals = image.toLowerCase() !== image && isImageReference(image.toLowerCase());
	const clean = image.replace(/^[a-z]+:\/\//, "").replace(/^\/+/, "");
	const mended = hasCapitals ? image.toLowerCase() : clean;
	const cause = hasScheme
		? "an image's name has no `https://`"
		: hasCapitals
			? "an image's name has no capitals"
			: "an image is written `host/path:tag`";
	return {
		...base(place),
		reason: "no-image",
		message: `\`${shown(image)}\` is no image reference: ${cause}`,
		why: "Every job of this label dies in its set-up with `invalid reference format`.",
		expected: "an image reference such as `ghcr.io/team/builder:1.0`",
		remedy: {
			text: "Write the reference as `docker pull` takes it.",
			kind: "runner",
			...(isImageReference(mended) && { config: lines(place, `${place.text.text.split(":")[0]}:docker://${mended}`) }),
		},
	};
}

function duplicate(place: LabelText, first: LabelText, name: string): Found<R> {
	return {
		...base(place),
		reason: "duplicate",
		message: `the label \`${name}\` is here for the second time; the first is in line ${first.text.line}`,
		why: "The runner keeps both and uses the last one; who reads the first believes something else.",
		expected: "each name once",
		remedy: { text: "Take one of them out.", kind: "runner" },
	};
}

function floating(place: LabelText, image: string): Found<R> {
	const name = place.text.text.split(":")[0] ?? "";
	const untagged = image.replace(/:latest$/, "");
	return {
		...base(place),
		reason: "floating-tag",
		message: `the label \`${name}\` runs in \`${shown(image)}\`, which changes by itself`,
		why: "The same commit builds today and fails tomorrow, and runners that pulled on different days differ. A runner does not even notice a new image unless `container.force_pull` is set.",
		expected: "a tag that stays, or a digest",
		remedy: {
			text: "Name a release, or pin the digest that is right today.",
			kind: "runner",
			commands: [`docker buildx imagetools inspect ${image} --format '{{.Manifest.Digest}}'`],
			config: lines(place, `${name}:docker://${untagged}@sha256:…`),
		},
	};
}
