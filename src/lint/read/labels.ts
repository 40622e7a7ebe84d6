import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { editDistance } from "../../policy/nearest.ts";

/** A label as the runner parses it: `name[:scheme[:argument]]`. */
export interface Label {
	readonly name: string;
	readonly kind: "docker" | "host" | "lxc" | "kubernetes";
	/** For `docker`: the image without `//`; empty if there is none. */
	readonly image: string;
}

/** A parsed label, or why the runner cannot parse it. */
export type ParsedLabel =
	| { readonly kind: "label"; readonly label: Label }
	/** The runner does not know `scheme`; `meant` is the one that was probably meant. */
	| { readonly kind: "unknown-scheme"; readonly scheme: string; readonly meant: "docker" | "host" | undefined }
	/** A colon in a name: `pool:3f2a`. From 2.1.0 on, Gitea's runner takes it as the name of a host label. */
	| { readonly kind: "opaque"; readonly scheme: string }
	| { readonly kind: "empty" };

/** Words that people write instead of a scheme. */
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
		// Without a scheme, Gitea's runner runs the job on the host, and Forgejo's in its default image.
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

/** The default image of Forgejo's runner. */
const forgejoImage = "node:22-bookworm";

function splitInThree(text: string): readonly string[] {
	const first = text.indexOf(":");
	if (first < 0) return [text];
	const second = text.indexOf(":", first + 1);
	if (second < 0) return [text.slice(0, first), text.slice(first + 1)];
	return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

/** The scheme that was meant; `undefined`: unclear which; `null`: none, the colon is a part of the name. */
function meantScheme(scheme: string, argument: string | undefined): "docker" | "host" | undefined | null {
	const word = scheme.trim();
	if (word.startsWith("docker/") || word.startsWith("//")) return "docker";
	for (const known of ["docker", "host"] as const) {
		if (word !== "" && editDistance(word.toLowerCase(), known) <= (known === "host" ? 1 : 2)) return known;
	}
	if (otherSchemes.includes(word.toLowerCase())) return argument === undefined ? undefined : "docker";
	// `gpu:ghcr.io/team/builder`, `gpu:node:22`: an image without `docker://`.
	if (/^[\w.-]+\.[a-z]{2,}\//.test(word) || argument?.startsWith("//") || /^[\w.-]+$/.test(argument ?? "")) {
		return "docker";
	}
	return argument === undefined ? null : undefined;
}

/** A valid image reference: `host:port/path:tag@digest`, in lowercase except for the tag. */
const imageReference =
	/^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;

export function isImageReference(image: string): boolean {
	return image.length <= 512 && imageReference.test(image);
}

/** The tag of an image reference; `undefined`: it has none. */
function tagOf(image: string): string | undefined {
	const withoutDigest = image.split("@")[0] ?? "";
	const last = withoutDigest.slice(withoutDigest.lastIndexOf("/") + 1);
	const colon = last.indexOf(":");
	return colon < 0 ? undefined : last.slice(colon + 1);
}

/** Can the image behind the reference change? */
export function isFloating(image: string): boolean {
	if (image.includes("@")) return false;
	const tag = tagOf(image);
	return tag === undefined || tag === "latest";
}

/**
 * The places of secrets in a label: a registration token instead of a name, or a password in the image's address. Digests and
 * commit ids (lowercase hexadecimal) are not secrets.
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

/** Names that stand for an image everywhere: `ubuntu-latest`, `debian-12`, `node20`, `docker`. */
export function namesAnImage(name: string): boolean {
	return /^(?:(?:ubuntu|debian|alpine|fedora|centos|rocky(?:linux)?|alma(?:linux)?|archlinux)(?:[-_.]?(?:latest|slim|\d[\w.]*))?|node(?:js)?(?:[-_.]?(?:latest|lts|\d[\w.]*))?|docker)$/i.test(
		name,
	);
}

/** Plain images of systems and languages, which bring no node. */
const imagesWithoutNode = new Set(
	(
		"almalinux alpine amazonlinux archlinux bash buildpack-deps busybox centos clojure composer dart debian docker " +
		"eclipse-temurin elixir erlang fedora gcc golang gradle haskell julia maven openjdk oraclelinux perl php python " +
		"r-base rockylinux ruby rust sapmachine scratch swift ubuntu"
	).split(" "),
);

/** Is this surely an image of Docker's library without node? `team/ubuntu` and `registry.example/ubuntu` may have it. */
export function lacksNode(image: string): boolean {
	const name = image.replace(/^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:library\/)?/, "");
	const [repository = ""] = name.split(/[:@]/);
	return imagesWithoutNode.has(repository) && !/node/i.test(tagOf(name) ?? "");
}
