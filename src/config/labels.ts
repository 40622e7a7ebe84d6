import type { RunnerSystem } from "../knowledge/config-keys.ts";
import { editDistance } from "../policy/nearest.ts";

/** A label, taken apart as the runner does it: `name[:scheme[:argument]]`. */
export interface Label {
	readonly name: string;
	readonly kind: "docker" | "host" | "lxc" | "kubernetes";
	/** For `docker`: the image without `//`; empty where none is named. */
	readonly image: string;
}

/** What Gitea's and Forgejo's runners make of a label with another word in the place of the scheme. */
export type ParsedLabel =
	| { readonly kind: "label"; readonly label: Label }
	/** `scheme` is no scheme that this runner knows; `meant` is the one that was probably meant. */
	| { readonly kind: "unknown-scheme"; readonly scheme: string; readonly meant: "docker" | "host" | undefined }
	/** A colon in a name: `pool:3f2a`. Gitea's runner takes the whole as the name of a host label since 2.1.0. */
	| { readonly kind: "opaque"; readonly scheme: string }
	| { readonly kind: "empty" };

/** Words that stand in the place of a scheme by mistake. */
export const otherSchemes = [
	"http",
	"https",
	"vm",
	"podman",
	"oci",
	"image",
	"container",
	"shell",
	"lxc",
	"kubernetes",
	"k8s",
];

export function parseLabel(text: string, system: RunnerSystem): ParsedLabel {
	const [name = "", scheme, argument] = splitInThree(text);
	if (name.trim() === "") return { kind: "empty" };
	if (scheme === undefined) {
		// A bare word is a host label for Gitea's runner, and an image of its own choice for Forgejo's.
		const kind = system === "gitea" ? "host" : "docker";
		return { kind: "label", label: { name, kind, image: kind === "docker" ? forgejoImage : "" } };
	}
	const image = (argument ?? "").replace(/^\/\//, "");
	if (scheme === "host") return { kind: "label", label: { name, kind: "host", image: "" } };
	if (scheme === "docker") {
		const fallback = system === "forgejo" ? forgejoImage : "";
		return { kind: "label", label: { name, kind: "docker", image: image === "" ? fallback : image } };
	}
	if (scheme === "lxc" && system === "forgejo") return { kind: "label", label: { name, kind: "lxc", image } };
	const meant = meantScheme(scheme, argument);
	return meant === null ? { kind: "opaque", scheme } : { kind: "unknown-scheme", scheme, meant };
}

/** The image of a Forgejo label that names none. */
const forgejoImage = "node:22-bookworm";

function splitInThree(text: string): readonly string[] {
	const first = text.indexOf(":");
	if (first < 0) return [text];
	const second = text.indexOf(":", first + 1);
	if (second < 0) return [text.slice(0, first), text.slice(first + 1)];
	return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

/** The scheme that was meant; `undefined`: some scheme, nobody knows which; `null`: none, the colon belongs to the name. */
function meantScheme(scheme: string, argument: string | undefined): "docker" | "host" | undefined | null {
	const word = scheme.trim();
	if (word.startsWith("docker/") || word.startsWith("//")) return "docker";
	for (const known of ["docker", "host"] as const) {
		if (word !== "" && editDistance(word.toLowerCase(), known) <= (known === "host" ? 1 : 2)) return known;
	}
	if (otherSchemes.includes(word.toLowerCase())) return argument === undefined ? undefined : "docker";
	// `gpu:ghcr.io/team/builder`, `gpu:node:22`: an image that lacks its `docker://`.
	if (/^[\w.-]+\.[a-z]{2,}\//.test(word) || argument?.startsWith("//") || /^[\w.-]+$/.test(argument ?? "")) {
		return "docker";
	}
	return argument === undefined ? null : undefined;
}

/** An image reference that a registry could know: `host:port/path:tag@digest`, lower case but for the tag. */
const imageReference =
	/^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;

export function isImageReference(image: string): boolean {
	return image.length <= 512 && imageReference.test(image);
}

/** The tag of an image reference; `undefined` where it has none. */
export function tagOf(image: string): string | undefined {
	const withoutDigest = image.split("@")[0] ?? "";
	const last = withoutDigest.slice(withoutDigest.lastIndexOf("/") + 1);
	const colon = last.indexOf(":");
	return colon < 0 ? undefined : last.slice(colon + 1);
}

/** Does the reference name one image for ever, or whatever is newest? */
export function isFloating(image: string): boolean {
	if (image.includes("@")) return false;
	const tag = tagOf(image);
	return tag === undefined || tag === "latest";
}

/**
 * A secret that got into a label: somebody put the registration token where a name belongs, or a password into the
 * image's address. Digests and commit ids (lower-case hexadecimal) are none. Gives the places, to be masked.
 */
export function secretsInLabel(text: string): readonly { readonly from: number; readonly to: number }[] {
	const found: { from: number; to: number }[] = [];
	for (const match of text.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{40}(?![A-Za-z0-9])/g)) {
		const isHexadecimal = /^[0-9a-f]+$/.test(match[0]);
		const isName = !text.slice(0, match.index).includes(":");
		if (/\d/.test(match[0]) && /[A-Za-z]/.test(match[0]) && (!isHexadecimal || isName)) {
			found.push({ from: match.index, to: match.index + 40 });
		}
	}
	for (const match of text.matchAll(/\b(?:gh[pousr]|github_pat|glpat)[_-][A-Za-z0-9_-]{16,}/g)) {
		found.push({ from: match.index, to: match.index + match[0].length });
	}
	for (const match of text.matchAll(/\/\/([^/@\s]*:[^/@\s]*)@(?!sha256:)/g)) {
		const from = match.index + 2;
		found.push({ from, to: from + (match[1]?.length ?? 0) });
	}
	return found;
}
