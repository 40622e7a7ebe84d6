/** A reference to an image, with everything that Docker adds if it is left out. */
export interface ImageReference {
	/** `docker.io/library/debian`, `ghcr.io/fortemi/fortemi/builder` */
	readonly repository: string;
	readonly tag?: string;
	/** `sha256:…` */
	readonly digest?: string;
}

/** `undefined` for text without a repository: an image's id, nothing, garbage. */
export function parseImage(text: string): ImageReference | undefined {
	if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return undefined;
	const match = /^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(\w+:[0-9a-f]{32,}))?$/.exec(text.trim());
	const path = match?.[1];
	if (!path) return undefined;
	const [, , tag, digest] = match;
	return {
		repository: withRegistry(path),
		...(tag !== undefined && { tag }),
		...(digest !== undefined && { digest }),
		...(tag === undefined && digest === undefined && { tag: "latest" }),
	};
}

/** The first part is the registry if it could be a host name. Otherwise the image is on Docker Hub. */
function withRegistry(path: string): string {
	const [first = "", ...rest] = path.split("/");
	const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
	const registry = isHost ? first.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io") : "docker.io";
	const repository = isHost ? rest : [first, ...rest];
	const official = registry === "docker.io" && repository.length === 1;
	return [registry, ...(official ? ["library"] : []), ...repository].join("/");
}

/**
 * Is the image that runs (`actual`) the one that was asked for (`wanted`)? A digest must be the same, and so must a tag, unless
 * the job names its image by digest alone: that is a stricter choice within the same repository, which needs no fix.
 */
export function isImage(actual: ImageReference, wanted: ImageReference): boolean {
	if (actual.repository !== wanted.repository) return false;
	if (wanted.digest !== undefined) return actual.digest === wanted.digest;
	return actual.tag === undefined || actual.tag === wanted.tag;
}

/** Images that runners fall back to if a job's label names none. */
const defaults = [
	/^docker\.gitea\.com\/runner-images$/,
	/^docker\.io\/(?:gitea\/runner-images|catthehacker\/ubuntu|nektos\/act-environments-ubuntu|library\/node)$/,
	/^ghcr\.io\/catthehacker\/ubuntu$/,
	/^(?:data|code)\.forgejo\.org\/oci\/node$/,
];

/** Is it an image that runners fall back to? */
export function isDefaultImage({ repository }: ImageReference): boolean {
	return defaults.some((pattern) => pattern.test(repository));
}
