import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { bounded, dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import { askEngine } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";
import { selfContainerProbe } from "./self-container.ts";

/** The image that `smoke` starts a container from. */
export type SmokeImage =
	/** `name`: what the engine finds it by. */
	| { readonly kind: "found"; readonly name: string }
	/** No image exists locally, and none is pulled. */
	| { readonly kind: "no-image" }
	/** The engine, or a proxy in front of it, denies the question. */
	| { readonly kind: "forbidden"; readonly message: string }
	| { readonly kind: "no-answer"; readonly message: string };

/** The job's own image certainly works here. Otherwise, the smallest one with a name. Source: `GET /images/json`. */
export const smokeImageProbe: Probe<SmokeImage> = {
	name: "smoke-image",
	async collect(host: Host, _request: Request, signal: AbortSignal, ask: Ask): Promise<SmokeImage> {
		const { endpoint } = await ask(dockerEndpointProbe);
		const self = await ask(selfContainerProbe).catch(() => undefined);
		if (self?.imageId) return { kind: "found", name: self.imageId };
		const answer = await askEngine(host, endpoint, "/images/json", signal, { maxBody: 16 * 1024 * 1024 });
		if (answer.kind === "http-error" && [401, 403].includes(answer.status)) {
			return { kind: "forbidden", message: answer.body };
		}
		if (answer.kind !== "ok" || !Array.isArray(answer.value)) {
			const message = "message" in answer ? answer.message : "body" in answer ? answer.body : answer.kind;
			return { kind: "no-answer", message: bounded(message, 500) };
		}
		const images = answer.value.flatMap((entry): { name: string; size: number }[] => {
			const image = objectOf(entry);
			const tag = Array.isArray(image?.RepoTags) ? image.RepoTags[0] : undefined;
			if (typeof tag !== "string" || tag.startsWith("<none>")) return [];
			return [{ name: bounded(tag, 300), size: typeof image?.Size === "number" ? image.Size : 0 }];
		});
		const [smallest] = images.sort((a, b) => a.size - b.size);
		return smallest ? { kind: "found", name: smallest.name } : { kind: "no-image" };
	},
};
