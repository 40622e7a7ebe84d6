import { describe, expect, test } from "vitest";
import type { Host, HttpRequest } from "../../src/host/host.ts";
import { jobLogProbe } from "../../src/probes/job-log.ts";
import { createRequest } from "../support/builders.ts";
import { answered, createHost } from "../support/fake-host.ts";

const runtimeToken = `a.${Buffer.from('{"JobID":117}').toString("base64url")}.signature`;
const env = {
	GITHUB_REPOSITORY: "o/r",
	GITHUB_SERVER_URL: "https://git.example.com",
	GITHUB_API_URL: "https://git.example.com/api/v1",
	ACTIONS_RUNTIME_TOKEN: runtimeToken,
};

async function read(body: string, more: Host["env"] = {}, status = 200) {
	const requests: HttpRequest[] = [];
	const host = createHost({
		env: { ...env, ...more },
		async request(request) {
			requests.push(request);
			return answered(body, status);
		},
	});
	const never = () => Promise.reject(new Error("asks for no other probe"));
	const log = await jobLogProbe.collect(host, createRequest(), new AbortController().signal, never);
	return { log, requests };
}

describe("what programs say of a full disk", () => {
	test.each([
		"cp: error writing '/tmp/x': No space left on device",
		"error: failed to write /srv/jobs/target/debug/x.rlib: No space left on device (os error 28)",
		"Error: ENOSPC: no space left on device, write",
		"OSError: [Errno 28] No space left on device: '/tmp/x'",
		"write /var/lib/docker/tmp/x: no space left on device",
		"/usr/bin/ld: final link failed: No space left on device",
		"tar: x: Cannot write: No space left on device",
		"fatal: cannot create directory at 'a': No space left on device",
		"dpkg: error processing archive x.deb (No space left on device)",
	])("is found: %s", async (text) => {
		const { log } = await read(`2026-11-24T14:05:00.2551234Z make\n2026-11-24T14:05:01.2551234Z ${text}\r\n`);
		expect(log).toEqual({ noSpace: [{ time: Date.parse("2026-11-24T14:05:01.255Z"), text }] });
	});

	test.each([
		"Run grep -q 'No space left on device' build.log",
		'if grep "no space left on device"; then exit 1; fi',
		"Writes fail with `No space left on device`, and compilers report a bus error.",
		"runner-check: could not write /tmp/runner-check/report.json: ENOSPC: no space left on device, write",
		"test no_space_left_on_device ... ok",
		"ok 12 - says: no space left on devices",
	])("is not what only names it: %s", async (text) => {
		expect((await read(`2026-11-24T14:05:01.2551234Z ${text}\n`)).log).toEqual({ noSpace: [] });
	});

	test("is the last of it, bounded", async () => {
		const lines = Array.from({ length: 2000 }, (_, at) => `cp: ${at}: No space left on device`);
		const { log } = await read(`${lines.join("\n")}\n${"x".repeat(20_000)}: No space left on device\n`);
		expect(log.noSpace?.map(({ text }) => text)).toEqual(lines.slice(-3));
	});
});

test("the log is asked for with the job's token, from its own forge, and only its end", async () => {
	const { requests } = await read("");
	expect(requests.map(({ to, path, headers }) => [to, path, headers?.authorization, headers?.range])).toEqual([
		[
			{ host: "git.example.com", port: 443, tls: { verify: true } },
			"/api/v1/repos/o/r/actions/jobs/117/logs",
			`Bearer ${runtimeToken}`,
			"bytes=-1048576",
		],
	]);
	for (const foreign of [
		{ GITHUB_API_URL: "https://evil.example/api/v1" },
		{ GITHUB_API_URL: "http://git.example.com/api/v1" },
		{ ACTIONS_RUNTIME_TOKEN: "opaque" },
	])
		expect(await read("x: No space left on device", foreign)).toEqual({ log: {}, requests: [] });
});

test.each([401, 403, 404, 302, 500])("a forge that answers %i gives no log, which says nothing", async (status) => {
	expect((await read("x: No space left on device", {}, status)).log).toEqual({});
});
