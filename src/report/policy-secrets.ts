import type { Policy } from "../policy/policy.ts";
import { urlOf } from "../probes/proxy.ts";
import { isSecretName } from "./secret-names.ts";
import { secretsIn } from "./secret-shapes.ts";
import { decoded, passwordOf, replaceUserinfo, userinfoIn } from "./userinfo.ts";

/** A value of a query without a telling name is taken for a key from this length on. */
const minKey = 20;

/** The logins and keys that a policy holds. Probes and checks are made of them, so they may turn up anywhere. */
export function secretsInPolicy(policy: Policy): readonly string[] {
	const { registries, services, image = "" } = policy;
	const logins = [image, ...registries].flatMap(loginOf);
	const addresses = services.map(({ url }) => url);
	const userinfos = [...logins, ...addresses.flatMap(userinfoIn)];
	const passwords = userinfos.flatMap((userinfo) => {
		const password = passwordOf(userinfo);
		return [userinfo, password, decoded(password)];
	});
	const shapes = textsIn(policy).flatMap((text) => secretsIn(text).map(([from, to]) => text.slice(from, to)));
	return [...passwords, ...addresses.flatMap(keysIn), ...[image, ...registries].flatMap(queryIn), ...shapes];
}

/** The query of an image, a registry or a path. They have none, so it was mistyped, and may be a key. */
export function queryIn(text: string): readonly string[] {
	const query = /\?[^=]*=(.*)/s.exec(text)?.[1];
	return query === undefined ? [] : [query];
}

/** Every string, the words of a `command` together: `--password` and what follows it. */
function textsIn(value: unknown): readonly string[] {
	if (typeof value === "string") return [value];
	if (Array.isArray(value) && value.every((word) => typeof word === "string")) return [value.join(" ")];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The policy as it may be shown: an address needs neither its login nor its query to be recognized. */
export function withoutLogins(policy: Policy): Policy {
	const services = policy.services.map((service) => ({ ...service, url: shownAddress(service.url) }));
	return { ...policy, services };
}

function shownAddress(address: string): string {
	const place = replaceUserinfo(address, "").replace(/[?#].*$/s, "");
	// What is not an address may hold a login all the same: `http:///joe:pw/1@host`.
	return urlOf(place) ? place : place.replace(/\/\/.*@/s, "//");
}

/** All before the last @ of a registry or image, which has no place for a login: `joe:pw/1@registry/image`. */
function loginOf(entry: string): readonly string[] {
	const login = /^\s*(?:[a-z][\w+.-]*:\/\/)?(.*:(?!\d{1,5}\/).*)@(?!sha\d{3}:)/is.exec(entry)?.[1];
	return login === undefined ? [] : [login];
}

function keysIn(address: string): readonly string[] {
	const [, query = ""] = /\?([^#]*)/.exec(replaceUserinfo(address, "")) ?? [];
	const pairs = query.split("&").map((pair) => pair.split(/=(.*)/s));
	return pairs.flatMap(([name = "", value = ""]) => {
		if (isSecretName(name)) return [value, decoded(value)];
		return [name, value].filter((part) => part.length >= minKey).flatMap((part) => [part, decoded(part)]);
	});
}
