import { own } from "../own.ts";
import type { RunnerSystem } from "./config-keys.ts";
import file from "./runner-images.json" with { type: "json" };

/** What a variable is for, if a check needs to know. */
export type VariableRole =
	| "config"
	| "instance"
	| "token"
	| "secret"
	| "labels"
	| "state"
	| "network"
	| "privileged"
	| "docker-host"
	| "cache-enabled"
	| "cache-host"
	| "cache-port"
	| "cache-external";

/** `runner-images.schema.json` describes the fields. */
interface KnownVariable {
	readonly role?: VariableRole;
	readonly since?: string;
	readonly before?: string;
	readonly instead?: string;
}

/** What is known of an image that holds a runner. */
export interface RunnerImage {
	readonly system: RunnerSystem;
	readonly names: readonly string[];
	readonly renamed?: { readonly from: string; readonly to: string; readonly since: string };
	readonly command: "ignored" | "replaces" | "required";
	readonly data: string;
	readonly user: string;
	readonly config: { readonly variable?: string; readonly flag?: string };
	readonly variables: Readonly<Record<string, KnownVariable>>;
	readonly numbered?: readonly string[];
	readonly network?: string;
	readonly variants: Readonly<Partial<Record<"dind" | "dind-rootless", string>>>;
	readonly source: string;
	readonly examples: Readonly<Record<string, ImageVariant>>;
}

/** Does the image bring a Docker daemon of its own? */
export type ImageVariant = "basic" | "dind" | "dind-rootless";

/** A test validates the file against its schema, which JSON's inferred type is too wide for. */
export const runnerImages = file.images as unknown as Readonly<Record<string, RunnerImage>>;

export interface FoundImage {
	readonly image: RunnerImage;
	readonly variant: ImageVariant;
	/** The part of the reference that is the image's name: `gitea/act_runner`. */
	readonly name: string;
	/** The part before it, with its slash: `docker.io/`. */
	readonly registry: string;
}

/** The runner image that a reference names; `undefined`: it names none that is known. */
export function runnerImageOf(reference: string): FoundImage | undefined {
	const { repository, tag } = splitReference(reference);
	for (const image of Object.values(runnerImages)) {
		const name = image.names.find((one) => repository === one || repository.endsWith(`/${one}`));
		if (name === undefined) continue;
		const variant = (["dind-rootless", "dind"] as const).find((one) => {
			const pattern = image.variants[one];
			return pattern !== undefined && new RegExp(pattern).test(tag);
		});
		return { image, variant: variant ?? "basic", name, registry: repository.slice(0, -name.length) };
	}
	return undefined;
}

/** `host:5000/name:tag@digest` in its parts; the tag is empty if there is none. */
function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
	const withoutDigest = reference.split("@")[0] ?? "";
	const colon = withoutDigest.lastIndexOf(":");
	return colon > withoutDigest.lastIndexOf("/")
		? { repository: withoutDigest.slice(0, colon), tag: withoutDigest.slice(colon + 1) }
		: { repository: withoutDigest, tag: "" };
}

/** The name of the variable of an image that has this role. */
export function variableFor(image: RunnerImage, role: VariableRole): string | undefined {
	return Object.entries(image.variables).find(([, variable]) => variable.role === role)?.[0];
}

/** Does the image read a variable of this name? */
export function readsVariable(image: RunnerImage, name: string): boolean {
	return (
		own(image.variables, name) !== undefined ||
		(image.numbered ?? []).some((start) => name.startsWith(start) && /^\d/.test(name.slice(start.length)))
	);
}
