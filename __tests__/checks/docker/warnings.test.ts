import { describe, expect, test } from "vitest";
import { dockerWarnings } from "../../../src/checks/docker/warnings.ts";
import type { EngineFacts } from "../../../src/probes/docker-engine.ts";
import { judge } from "../../support/builders.ts";
import { createEngine, createInfo, fixOf } from "./facts.ts";

const judgeWarnings = (...warnings: string[]) =>
	judge(dockerWarnings, { engine: createEngine({ info: { kind: "ok", value: createInfo({ warnings }) } }) });
const judgeEngine = (engine: Partial<EngineFacts>) => judge(dockerWarnings, { engine: createEngine(engine) });

/** As engines of several generations put it. */
const open20 =
	"WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host. Refer\n         to the 'Docker daemon attack surface' section in the documentation for\n         more information: https://docs.docker.com/go/attack-surface/";
const open27 =
	"[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host.";
const open29 = "WARNING: API is accessible on http://127.0.0.1:2375 without encryption.";
const noVerify = "WARNING: API is accessible on https://0.0.0.0:2376 without TLS client verification.";

describe("what matters", () => {
	test.each([
		[open20, "hosts"],
		[open27, "hosts"],
		[open29, "hosts"],
		[noVerify, "hosts"],
		["WARNING: IPv4 forwarding is disabled", "net.ipv4.ip_forward=1"],
		[
			"WARNING: overlay2: the backing xfs filesystem is formatted without d_type support, which leads to incorrect behavior.",
			"ftype",
		],
		["WARNING: devicemapper: usage of loopback devices is strongly discouraged for production use.", "overlay2"],
		["WARNING: No memory limit support", "cgroup_enable=memory"],
		[
			"WARNING: Running in rootless-mode without cgroups. Systemd is required to enable cgroups in rootless-mode.",
			"Delegate=",
		],
		["WARNING: bridge-nf-call-iptables is disabled", "br_netfilter"],
		["WARNING: bridge-nf-call-ip6tables is disabled", "br_netfilter"],
	])("%s", (warning, way) => {
		const verdict = judgeWarnings(warning);
		expect(verdict).toMatchObject({ kind: "finding", reason: "daemon-warnings" });
		expect(fixOf(verdict)).toContain(way);
	});

	test("the gravest first, the others named", () => {
		expect(
			judgeWarnings("WARNING: bridge-nf-call-iptables is disabled", "WARNING: No swap limit support", open20),
		).toMatchObject({
			message:
				"The Docker daemon warns: `API is accessible on http://0.0.0.0:2375 without encryption`. And: `bridge-nf-call-iptables is disabled`.",
			evidence: [{}, { text: "No swap limit support" }, {}],
		});
	});
});

describe("what does not", () => {
	test.each([
		"WARNING: No swap limit support",
		"WARNING: No blkio throttle.read_bps_device support",
		"WARNING: No blkio weight support",
		"WARNING: No kernel memory TCP limit support",
		"WARNING: No oom kill disable support",
		"WARNING: No cpu cfs quota support",
		"WARNING: Support for cgroup v1 is deprecated and planned to be removed by no later than May 2029 (https://github.com/moby/moby/issues/51111)",
	])("%s is evidence only", (warning) => {
		expect(judgeWarnings(warning)).toMatchObject({ kind: "pass", evidence: [{ source: "GET /info, Warnings" }] });
	});

	test("none at all", () => {
		expect(judgeWarnings()).toMatchObject({ kind: "pass", message: "no warnings" });
	});
});

describe("nobody tells", () => {
	test("no daemon: nothing to judge", () => {
		expect(judgeEngine({ version: { kind: "no-endpoint" } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
	test("a proxy keeps it from us", () => {
		expect(judgeEngine({ info: { kind: "http-error", status: 403, body: "" } })).toMatchObject({ kind: "skip" });
	});
	test.each([{ kind: "timed-out" }, { kind: "http-error", status: 500, body: "" }] as const)(
		"$kind: not decided",
		(info) => {
			expect(judgeEngine({ info }).kind).toBe("undecided");
		},
	);
});
