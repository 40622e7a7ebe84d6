import type { Host, HttpRequest } from "./host.ts";

/**
 * The same host, which notes every login that it is asked to send: the answer may repeat it. So no probe has to think
 * of it, wherever it has the login from.
 * @param logins Gets each as a whole, its password alone, and as it is in the header.
 */
export function notingLogins(host: Host, logins: Set<string>): Host {
	const request: Host["request"] = (wanted) => {
		for (const login of loginsIn(wanted)) logins.add(login);
		return host.request(wanted);
	};
	// No copy: what a real host knows of users and CPUs it reads from files when somebody asks for it.
	return Object.create(host, { request: { value: request } });
}

function loginsIn({ headers = {}, proxy, body }: HttpRequest): readonly string[] {
	return [...partsOf(headers.authorization), ...partsOf(proxy?.authorization), ...refreshTokenIn(body)];
}

function partsOf(authorization: string | undefined): readonly string[] {
	const [, scheme, secret] = /^(\S+) +(\S+)$/.exec(authorization ?? "") ?? [];
	if (scheme === undefined || secret === undefined) return [];
	if (scheme.toLowerCase() !== "basic") return [secret];
	const login = Buffer.from(secret, "base64").toString();
	return [secret, login, login.slice(login.indexOf(":") + 1)];
}

function refreshTokenIn(body: string | undefined): readonly string[] {
	if (!body?.includes("refresh_token=")) return [];
	return new URLSearchParams(body).getAll("refresh_token");
}
