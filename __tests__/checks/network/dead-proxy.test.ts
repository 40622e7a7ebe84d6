import { expect, test } from "vitest";
import { skipForProxy } from "../../../src/checks/network/dead-proxy.ts";
import type { AskedProxy } from "../../../src/probes/proxy-reach.ts";
import { createPolicy } from "../../support/builders.ts";

const proxy = "http://proxy.lan:3128";
const asked = (answer: AskedProxy["answer"]): AskedProxy => ({
	proxy,
	host: "proxy.lan",
	variables: ["https_proxy"],
	answer,
});
const dead = { proxies: [asked({ kind: "timed-out" })] };

test("a request waits for the proxy that it goes through, and for no other", () => {
	expect(skipForProxy(dead, proxy, createPolicy())).toMatchObject({ kind: "skip", reason: "needs:network/proxy" });
	expect(skipForProxy(dead, "http://other:1", createPolicy())).toBeUndefined();
	expect(skipForProxy(dead, undefined, createPolicy())).toBeUndefined();
	expect(skipForProxy({ proxies: [asked({ kind: "listens" })] }, proxy, createPolicy())).toBeUndefined();
});

test("nothing waits for a finding that the policy leaves out", () => {
	expect(skipForProxy(dead, proxy, createPolicy({ skip: ["network/*"] }))).toBeUndefined();
	expect(
		skipForProxy(dead, proxy, createPolicy({ severity: { "network/proxy:proxy-unreachable": "off" } })),
	).toBeUndefined();
});
