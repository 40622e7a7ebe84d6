import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

/** What the registry holds: repository -> how it answers. */
export interface FakeRegistry {
	/** `public`: to anyone with a token; `private`: to the login; or a status for everyone. */
	readonly images: Readonly<Record<string, "public" | "private" | number>>;
	/** `user:password` that it knows. */
	readonly login?: string;
	/** Token that it takes in place of a password. */
	readonly identityToken?: string;
	/** `none`: what is public needs not even a token; `basic`: nothing without user and password. */
	readonly challenge?: "bearer" | "basic" | "none";
	/** The address that it names for tokens, instead of its own. */
	readonly realm?: string;
	/** Every request that came, with its `authorization`. */
	readonly log: string[];
}

export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** A registry that gives out tokens, as far as a pull's first steps see it. */
export function fakeRegistry(registry: FakeRegistry): RequestListener {
	return async (request, response) => {
		const { authorization = "" } = request.headers;
		registry.log.push(`${request.method} ${request.url} ${authorization}`.trim());
		const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
		if (url.pathname === "/token") return giveToken(registry, request, response, url);
		const who = reader(registry, authorization);
		const asked = /^\/v2\/(.+)\/manifests\/.+$/.exec(url.pathname)?.[1];
		const image = asked === undefined ? "private" : registry.images[asked];
		if (who === undefined && !(registry.challenge === "none" && image === "public")) {
			const realm = registry.realm ?? `${url.origin}/token`;
			const challenge =
				registry.challenge === "basic" ? 'Basic realm="test"' : `Bearer realm="${realm}",service="test"`;
			return fail(response, 401, "UNAUTHORIZED", { "www-authenticate": challenge });
		}
		if (asked === undefined) return void response.writeHead(200, { "content-type": "application/json" }).end("{}");
		if (image === undefined || (image === "private" && who !== "login")) return fail(response, 404, "MANIFEST_UNKNOWN");
		if (typeof image === "number") return fail(response, image, "ERROR", { "retry-after": "60" });
		response.writeHead(200, {
			"content-type": "application/vnd.oci.image.index.v1+json",
			"docker-content-digest": digest,
		});
		response.end();
	};
}

function reader(registry: FakeRegistry, authorization: string): "login" | "anyone" | undefined {
	if (authorization === "Bearer for-login") return "login";
	if (authorization === "Bearer for-anyone") return "anyone";
	const basic = registry.challenge === "basic" && registry.login && authorization === basicOf(registry.login);
	return basic ? "login" : undefined;
}

export function basicOf(login: string): string {
	return `Basic ${Buffer.from(login).toString("base64")}`;
}

async function giveToken(registry: FakeRegistry, request: IncomingMessage, response: ServerResponse, url: URL) {
	let body = "";
	for await (const chunk of request) body += chunk;
	const { authorization } = request.headers;
	const shown = new URLSearchParams(body).get("refresh_token");
	const isKnown =
		(authorization !== undefined && registry.login !== undefined && authorization === basicOf(registry.login)) ||
		(shown !== null && shown === registry.identityToken);
	if (!isKnown && (authorization !== undefined || shown !== null)) return fail(response, 403, "DENIED");
	if (url.searchParams.get("service") === null && shown === null) return fail(response, 400, "UNSUPPORTED");
	response.setHeader("content-type", "application/json");
	response.end(JSON.stringify(isKnown ? { token: "for-login" } : { access_token: "for-anyone" }));
}

function fail(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
	response.writeHead(status, { "content-type": "application/json", ...headers });
	response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
}
