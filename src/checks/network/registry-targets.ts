import type { RegistryImage, RegistryTarget } from "../../probes/registry.ts";
import { parseImage } from "../runner/image-reference.ts";

/** An entry of `registries` that names no registry and no image. */
export interface InvalidEntry {
	readonly entry: string;
	/** What the check is called. */
	readonly name: string;
}

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;

/**
 * The registries that a policy names, each once, with the images to ask it for. An entry is a host (`ghcr.io`,
 * `registry:5000`, also with `https://` before or `/` behind it) or a reference to an image, as `docker pull` takes it.
 */
export function registryTargets(entries: readonly string[]): {
	readonly targets: readonly RegistryTarget[];
	readonly invalid: readonly InvalidEntry[];
} {
	const images = new Map<string, RegistryImage[]>();
	const invalid: InvalidEntry[] = [];
	for (const entry of entries) {
		const found = parseEntry(entry);
		if (!found) {
			invalid.push({ entry, name: entry.replace(/^.*@(?!sha\d{3}:)/s, "").replace(/[^\w.:-]+/g, "-") || "none" });
			continue;
		}
		const known = images.get(found.host) ?? [];
		const isNew = found.image && !known.some(({ name }) => name === found.image?.name);
		images.set(found.host, found.image && isNew ? [...known, found.image] : known);
	}
	return { targets: [...images].map(([host, wanted]) => ({ host, images: wanted })), invalid };
}

/** Is it an entry of `registries` that can be asked for? */
export function isRegistryEntry(entry: string): boolean {
	return parseEntry(entry) !== undefined;
}

/** What `isImageName` takes. */
export const imagesAllowed = "an image such as `ghcr.io/owner/image:latest`, in lowercase and with the tag last";

/** Is it a reference to an image, or an image's id? */
export function isImageName(text: string): boolean {
	const trimmed = text.trim();
	if (/^(?:sha256:)?[0-9a-f]{12,64}$/.test(trimmed)) return true;
	const [first = "", ...path] = parseImage(trimmed)?.repository.split("/") ?? [];
	return hostPattern.test(first.toLowerCase()) && repositoryPattern.test(path.join("/"));
}

function parseEntry(entry: string): { readonly host: string; readonly image?: RegistryImage } | undefined {
	const text = entry.trim().replace(/^https:\/\//i, "");
	const bare = text.replace(/\/(?:v2\/?)?$/, "");
	if (bare !== text || isHost(bare)) {
		const host = canonical(bare);
		return hostPattern.test(host) ? { host } : undefined;
	}
	const image = parseImage(text);
	const [first = "", ...path] = image?.repository.split("/") ?? [];
	const host = canonical(first);
	const repository = path.join("/");
	const reference = image?.digest ?? image?.tag;
	if (reference === undefined || !hostPattern.test(host) || !repositoryPattern.test(repository)) return undefined;
	return { host, image: { name: text, repository, reference } };
}

/** `ghcr.io`, `localhost:5000`, `registry:5000`: a short number behind a plain word is a tag (`debian:12`). */
function isHost(text: string): boolean {
	if (text.includes("/") || text.includes("@")) return false;
	return /^(?:[^:]+\.[^:]+|localhost|\[[^\]]+\])(?::\d+)?$/i.test(text) || /^[^:]+:\d{4,5}$/.test(text);
}

/** One name for one registry: those of Docker Hub are many. */
function canonical(host: string): string {
	return host.toLowerCase().replace(/^(?:index|registry-1|registry|hub|www)\.docker\.(?:io|com)$/, "docker.io");
}
