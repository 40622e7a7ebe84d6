import { describe, expect, it } from "vitest";
import { checkRunner } from "../src/check-runner.ts";
import { checksFor } from "../src/checks/list.ts";
import { registryTargets } from "../src/checks/network/registry-targets.ts";
import { judgeFacts } from "../src/judge-report.ts";
import type { Policy } from "../src/policy/policy.ts";
import { annotationsOf } from "../src/render/annotations.ts";
import { reportFormats } from "../src/render/formats.ts";
import { renderLines } from "../src/render/lines.ts";
import { renderLog } from "../src/render/log.ts";
import type { Report } from "../src/report/report.ts";
import { createPolicy, createRequest, createTool } from "./support/builders.ts";
import { answered, createHost, executable, exited, type FakeMachine } from "./support/fake-host.ts";

const mark = "CANARY";
const canary = (place: string): string => `${mark}${place}5f2c`;
const basic = (login: string): string => Buffer.from(login).toString("base64");

function run(policy: Partial<Policy>, machine: FakeMachine = {}, token?: string): Promise<Report> {
	const request = createRequest({ policy: createPolicy(policy), ...(token !== undefined && { token }) });
	return checkRunner(createHost(machine), request, { decidedBy: "input", policyFile: undefined });
}

/** Whatever is made of a report. */
async function outputsOf(report: Report): Promise<string> {
	const log = renderLog(report, { width: 120, unicode: true, color: false, groups: true });
	const formats = Object.values(reportFormats).map(({ render }) => render(report));
	// The script and the style of the page are the same for every report.
	const texts = (await Promise.all<string>(formats)).map((text) => text.replace(/<(style|script)>.*?<\/\1>/gs, ""));
	return [log, ...texts].join("\n");
}

async function expectNoCanary(report: Report): Promise<void> {
	const outputs = await outputsOf(report);
	expect(outputs).not.toContain(mark);
	const words = outputs.match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? [];
	expect(words.map((word) => Buffer.from(word, "base64").toString("latin1")).join(" ")).not.toContain(mark);
}

const resultOf = (report: Report, id: string) => report.results.find((result) => result.id.startsWith(id));

describe("a run in which nothing passed", () => {
	const off = [
		["skip: '*'", { skip: ["*"] }],
		["severity: {'*': off}", { severity: { "*": "off" } }],
	] as const;

	it.each(off)(
		"by %s is not healthy, says how much is switched off, and no output says otherwise",
		async (_, policy) => {
			const report = await run(policy);
			expect(report).toMatchObject({ verdict: "unknown", counts: { pass: 0, warn: 0, fail: 0, error: 0 } });
			const { count, of } = report.switched_off;
			expect(count).toBe(of);
			expect(of).toBeGreaterThan(20);
			// What the profile does not ask for is switched off too, and not counted.
			expect(report.results.length).toBeGreaterThan(of);
			const outputs = await outputsOf(report);
			expect(outputs).not.toMatch(/Runner healthy|"healthy"|_healthy\{.*\} 1/);
			expect(outputs).toContain("Runner could not be verified");
			const share = `${of} of ${of} checks`;
			const { json, junit, prometheus, markdown } = reportFormats;
			const log = renderLog(report, { width: 200, unicode: true, color: false, groups: true });
			for (const text of [log, await markdown.render(report), junit.render(report), renderLines(report)])
				expect(text).toContain(share);
			expect(JSON.parse(json.render(report)).switched_off).toEqual({ count: of, of });
			expect(prometheus.render(report)).toMatch(new RegExp(`runner_check_switched_off\\{.*\\} ${of}\\n`));
			expect(prometheus.render(report)).toMatch(/runner_check_healthy\{.*\} 0\n/);
			expect(prometheus.render(report)).toMatch(/runner_check_unknown\{.*\} 1\n/);
			// Readers of JUnit take skipped tests for a success.
			expect(junit.render(report)).toMatch(/<testsuite [^>]*errors="1"/);
			expect(junit.render(report)).toMatch(
				/name="verdict" time="0.000"><error type="unknown" message="No check passed/,
			);
			expect(renderLines(report)).toMatch(/^unknown: No check passed \(\d+ of \d+ checks switched off\)/);
			for (const system of ["github", "gitea", "forgejo"] as const) {
				const [annotation, ...more] = annotationsOf({ ...report, runner: { ...report.runner, system } });
				expect(annotation).toMatchObject({
					level: "error",
					message: expect.stringContaining(share),
					// On Gitea and Forgejo, the text of a row begins with it.
					...(system === "github" && { properties: { title: "Runner could not be verified" } }),
				});
				expect(more).toEqual([]);
			}
		},
	);

	it("because everything is accepted is not healthy either", async () => {
		const accept = [{ check: "tool/rustc", reason: "ordered", until: "9999-12-31" }];
		const all = (await run({ tools: { rustc: createTool("rustc") } })).results.map(({ id }) => id);
		const skip = all.filter((id) => id !== "tool/rustc");
		const report = await run({ tools: { rustc: createTool("rustc") }, skip, accept });
		expect(report).toMatchObject({ verdict: "unknown", counts: { pass: 0, warn: 0, fail: 0 } });
		expect(report.switched_off.count).toBe(report.switched_off.of - 1);
	});
});

describe("a run with a few checks switched off", () => {
	it("says which share of the profile's checks in every output", async () => {
		const report = await run({ skip: ["fs/writable", "docker/*"], docker: { require: "forbidden", plugins: [] } });
		expect(report.counts.pass).toBeGreaterThan(0);
		const { count, of } = report.switched_off;
		// Of the checks of Docker, a profile without Docker asks only whether it is away.
		expect(count).toBe(2);
		const share = `2 of ${of} checks`;
		const { junit, markdown, prometheus } = reportFormats;
		const log = renderLog(report, { width: 200, unicode: true, color: false, groups: true });
		for (const text of [log, await markdown.render(report), junit.render(report), renderLines(report)])
			expect(text).toContain(share);
		expect(prometheus.render(report)).toMatch(/runner_check_switched_off\{.*\} 2\n/);
	});

	it("and one with none says nothing of it to people", async () => {
		const report = await run({});
		expect(report.switched_off.count).toBe(0);
		const log = renderLog(report, { width: 200, unicode: true, color: false, groups: true });
		for (const text of [log, await reportFormats.markdown.render(report), renderLines(report)])
			expect(text).not.toContain("switched off");
	});
});

/** A machine whose Docker CLI has this login, and whose registry answers a `GET /v2/` with it by this. */
const withLogin = (entry: object, body: (authorization: string) => unknown): FakeMachine => ({
	env: { HOME: "/root" },
	files: { "/root/.docker/config.json": JSON.stringify({ auths: { "registry.example": entry } }) },
	api: {
		"GET /v2/": ({ headers }) =>
			headers?.authorization === undefined
				? answered("{}", 401, { "www-authenticate": 'Basic realm="x"' })
				: answered(body(headers.authorization), 403),
	},
});

describe("a secret of the policy reaches no output", () => {
	it.each([
		`https://user:${canary("url")}@registry.example/x`,
		`joe:${canary("bare")}@registry.example/img:1`,
		`joe:${canary("host")}@registry`,
		`joe:pw/${canary("slash")}@registry.example/img:1`,
		`joe:pw@registry.example/img:1`,
	])("of its registries: %s", async (entry) => {
		const report = await run({ registries: [entry] });
		expect(resultOf(report, "registry/registry")).toMatchObject({ status: "error" });
		await expectNoCanary(report);
		expect(await outputsOf(report)).not.toMatch(/joe|pw@|pw\//);
	});

	it("and its check is called the same when the report is judged again", async () => {
		const report = await run({ registries: [`joe:${canary("bare")}@registry.example/img:1`] });
		const { facts, expectations, started, duration_ms } = report;
		const checks = checksFor(expectations);
		const again = judgeFacts(checks, facts, expectations, {
			started,
			duration_ms,
			decidedBy: "input",
			policyFile: undefined,
		});
		expect(again.results).toEqual(report.results);
	});

	it("of the address of a service, which keeps neither login nor query", async () => {
		const url = `http://joe:${canary("password")}@localhost:5998/x?key=${canary("key")}#${canary("hash")}`;
		const report = await run(
			{ services: [{ name: "x", url, models: [] }] },
			{
				api: {
					[`GET /x?key=${canary("key")}`]: ({ headers }) =>
						answered(`no ${headers?.authorization} joe:${canary("password")} ${canary("key")}`, 200),
				},
			},
		);
		expect(report.expectations.services).toEqual([{ name: "x", url: "http://localhost:5998/x", models: [] }]);
		expect(resultOf(report, "service/x")).toMatchObject({ status: "pass", evidence: [{ text: /^status 200, no/ }] });
		await expectNoCanary(report);
	});
});

describe("a login that a probe sends reaches no output, though who answers says it back", () => {
	it.each<[string, object]>([
		["auth", { auth: basic(`joe:${canary("auth")}`) }],
		["password", { username: "joe", password: canary("password") }],
	])("%s of the Docker CLI's configuration", async (_, entry) => {
		const report = await run(
			{ registries: ["registry.example"] },
			withLogin(entry, (authorization) => {
				const login = Buffer.from(authorization.slice(6), "base64").toString();
				return { errors: [{ code: "DENIED", message: `${authorization} is ${login}, ${login.slice(4)}` }] };
			}),
		);
		expect(resultOf(report, "registry/registry.example")).toMatchObject({ status: "fail", reason: "denied" });
		expect(await outputsOf(report)).toContain("DENIED");
		await expectNoCanary(report);
	});

	it.each([
		["on its output", exited(`no luck with joe ${canary("helper")}`, 1)],
		["as what it should print", exited(`{"Username":"joe","Secret":"${canary("helper")}"}`, 1)],
		["as an error", exited("", 1, `bad password ${canary("helper")}`)],
	])("of a program that keeps it, which fails and prints it %s", async (_, outcome) => {
		const report = await run(
			{ registries: ["registry.example"] },
			{
				env: { HOME: "/root", PATH: "/usr/bin" },
				files: {
					"/root/.docker/config.json": JSON.stringify({ credsStore: "test" }),
					"/usr/bin/docker-credential-test": executable(),
				},
				programs: { "/usr/bin/docker-credential-test get": outcome },
				api: { "GET /v2/": answered("{}", 401, { "www-authenticate": 'Basic realm="x"' }) },
			},
		);
		expect(resultOf(report, "registry/registry.example")).toMatchObject({ status: "fail", reason: "unauthorized" });
		await expectNoCanary(report);
	});
});

it("the token of the terminal's flag, which is in no environment, reaches no output", async () => {
	const programs = { "/usr/bin/git --version": exited(canary("flag"), 1) };
	const tools = { git: createTool("git") };
	const machine = { env: { PATH: "/usr/bin" }, files: { "/usr/bin/git": executable() }, programs };
	expect(await outputsOf(await run({ tools }, machine))).toContain(mark);
	await expectNoCanary(await run({ tools }, machine, canary("flag")));
});

it("the name of a check holds no login of an entry that is no registry", () => {
	const { invalid } = registryTargets(["joe:pw@registry", "https://joe:pw@registry.example/x", "a b@sha256:1"]);
	expect(invalid.map(({ name }) => name)).toEqual(["registry", "registry.example-x", "a-b-sha256:1"]);
});

describe("a full disk", () => {
	const space = (freeBytes: number) =>
		({
			kind: "ok",
			value: { freeBytes, totalBytes: 500 * 2 ** 30, freeInodes: 9_000_000, totalInodes: 9_999_999, source: "statfs" },
		}) as const;
	const overlay = "lowerdir=/l,upperdir=/var/lib/docker/overlay2/abc/diff,workdir=/w";
	const machine = (free: number): FakeMachine => ({
		env: { JOB_CONTAINER_NAME: "job", HOME: "/root" },
		files: {
			"/proc/self/mountinfo": `27 1 0:50 / / rw - overlay overlay rw,${overlay}\n40 27 8:1 / /workspace rw - ext4 /dev/sda rw`,
			"/workspace/fortemi/fortemi/core": "x".repeat(1000),
		},
		directories: { "/": [], "/workspace/fortemi/fortemi": ["core"], "/tmp": [], "/root": [] },
		spaces: {
			"/": space(free),
			"/workspace/fortemi/fortemi": space(400 * 2 ** 30),
			"/tmp": space(free),
			"/root": space(free),
		},
	});
	const floors = [
		{ path: "workspace", free: 40 * 2 ** 30 },
		{ path: "docker-root", free: 40 * 2 ** 30 },
	];

	it("of Docker is not out of sight in a job container", async () => {
		const full = await run({ disk: floors }, machine(2 ** 30));
		expect(resultOf(full, "disk/free")).toMatchObject({ status: "fail", reason: "low", observed: "1 GiB" });
		const enough = await run({ disk: floors }, machine(50 * 2 ** 30));
		expect(resultOf(enough, "disk/free")?.status).toBe("pass");
	});

	it("is looked into, an empty one is not, and a report is judged again as it was", async () => {
		const enough = await run({ disk: floors }, machine(50 * 2 ** 30));
		expect(enough.facts["space-users"]).toBeUndefined();
		const full = await run({ disk: floors }, machine(2 ** 30));
		expect(full.facts["space-users"]).toMatchObject({ ok: true });
		expect(resultOf(full, "disk/free")?.message).toContain("this job's workspace `/workspace/fortemi/fortemi`");
		const { facts, expectations, started, duration_ms } = full;
		const moment = { started, duration_ms, decidedBy: "input", policyFile: undefined };
		expect(judgeFacts(checksFor(expectations), facts, expectations, moment).results).toEqual(full.results);
	});
});
