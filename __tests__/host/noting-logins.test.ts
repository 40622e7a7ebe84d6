import { expect, it } from "vitest";
import type { HttpRequest } from "../../src/host/host.ts";
import { notingLogins } from "../../src/host/noting-logins.ts";
import { answered, createHost } from "../support/fake-host.ts";

async function loginsOf(request: Partial<HttpRequest>): Promise<readonly string[]> {
	const logins = new Set<string>();
	const host = notingLogins(createHost({ api: { "GET /": answered("said") } }), logins);
	const to = { host: "registry.example", port: 443 };
	const outcome = await host.request({ to, path: "/", signal: AbortSignal.timeout(1000), ...request });
	expect(outcome).toMatchObject({ kind: "answered", body: "said" });
	return [...logins];
}

const basic = Buffer.from("joe:s3:cret").toString("base64");

it.each<[string, Partial<HttpRequest>, readonly string[]]>([
	["nothing", {}, []],
	["no login", { headers: { accept: "*/*" }, body: "{}" }, []],
	["user and password", { headers: { authorization: `Basic ${basic}` } }, [basic, "joe:s3:cret", "s3:cret"]],
	["a token", { headers: { authorization: "Bearer t0ken" } }, ["t0ken"]],
	[
		"a proxy's login",
		{ proxy: { host: "proxy", port: 3128, authorization: `Basic ${basic}` } },
		[basic, "joe:s3:cret", "s3:cret"],
	],
	["a token to get tokens with", { body: "grant_type=refresh_token&refresh_token=t0%2Fken" }, ["t0/ken"]],
])("notes %s", async (_, request, logins) => {
	expect(await loginsOf(request)).toEqual(logins);
});

it("is the same host otherwise, and asks it for nothing before somebody wants it", () => {
	let asked = 0;
	const real = {
		...createHost({ env: { A: "b" } }),
		get cpuCount() {
			return ++asked;
		},
	};
	const host = notingLogins(real, new Set());
	expect(asked).toBe(0);
	expect([host.cpuCount, host.env, host.cwd()]).toEqual([1, { A: "b" }, real.cwd()]);
});
