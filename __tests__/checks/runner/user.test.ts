import { describe, expect, test } from "vitest";
import { dockerSocket } from "../../../src/checks/docker/socket.ts";
import { runnerUser } from "../../../src/checks/runner/user.ts";
import { judgeAll } from "../../../src/engine.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createEndpoint, createSocket, findingOf } from "../docker/facts.ts";
import { createJob, onHost } from "./facts.ts";

const runner = { uid: 990, gid: 990, groups: [990] };
const judgeUser = (facts: Record<string, unknown> = {}, policy = createPolicy()) =>
	judge(
		runnerUser,
		{
			account: runner,
			os: { name: "Debian", user: "gitea-runner" },
			container: onHost,
			job: createJob(),
			socket: createSocket({ user: { uid: 990, groups: [990, 998] } }),
			...facts,
		},
		policy,
	);
const refused = createSocket({
	connection: "EACCES",
	owner: { mode: 0o660, uid: 0, gid: 998, group: "docker" },
	user: { uid: 990, groups: [990] },
});

describe("root", () => {
	test.each([
		["a person in a terminal", { job: createJob({ inJob: false, system: "none" }) }],
		[
			"the runner's own container",
			{ container: { ...onHost, insideContainer: "overlay root in /proc/self/mountinfo" } },
		],
	])("not reported: %s", (_, facts) => {
		expect(judgeUser({ account: { uid: 0, gid: 0, groups: [0] }, ...facts }).kind).toBe("pass");
	});

	test.each([
		["container", "pass"],
		["host", "finding"],
		["any", "finding"],
	] as const)("in the health check, a runner of root's whose jobs run in: %s", (runsIn, kind) => {
		const facts = { account: { uid: 0, gid: 0, groups: [0] }, job: createJob({ inJob: false }) };
		expect(judgeUser(facts, createPolicy({ runsIn })).kind).toBe(kind);
	});
});

test("the user gets a working directory with the registration", () => {
	const { remedy } = findingOf(judgeUser({ account: { uid: 0, gid: 0, groups: [0] } }));
	expect(remedy.config?.text).toContain("WorkingDirectory=/var/lib/gitea-runner");
	expect(remedy.text).toContain("move `.runner` there before you change the owner");
});

test("a platform without uids", () => {
	expect(judgeUser({ account: { groups: [] } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

describe("not-in-docker-group", () => {
	test.each([
		["a member, refused for another reason", { account: { ...runner, groups: [990, 998] } }],
		["by the group that the unit gives", { account: { ...runner, gid: 998 } }],
		["a socket whose group may not write either", { socket: { ...refused, owner: { mode: 0o600, uid: 0, gid: 998 } } }],
		["Docker is optional", {}, createPolicy({ docker: { require: "optional", plugins: [] } })],
		["reached over tcp", { socket: { kind: "none" } }],
	])("not reported: %s", (_, facts, policy?: ReturnType<typeof createPolicy>) => {
		expect(judgeUser({ socket: refused, ...facts }, policy).kind).toBe("pass");
	});

	test("never puts the user into root's group", () => {
		const ofRoot = { ...refused, owner: { mode: 0o660, uid: 0, gid: 0, group: "root" } };
		expect(judgeUser({ socket: ofRoot })).toMatchObject({
			reason: "not-in-docker-group",
			remedy: { commands: expect.arrayContaining(["sudo usermod -aG docker gitea-runner"]) },
		});
	});

	test("nor a service whose uid has no account", () => {
		const ofRoot = { ...refused, owner: { mode: 0o660, uid: 0, gid: 0, group: "root" } };
		const verdict = findingOf(judgeUser({ socket: ofRoot, os: { name: "Debian", user: "uid 990" } }));
		expect(verdict.remedy.config?.text).toBe("[Service]\nSupplementaryGroups=docker");
	});

	test("in the runner's own container, an option of that container gives the group", () => {
		const container = { ...onHost, insideContainer: "overlay root in /proc/self/mountinfo" };
		const verdict = findingOf(judgeUser({ socket: refused, container }));
		expect(verdict.remedy.text).toContain("--group-add 998");
		expect(verdict.remedy.commands).toBeUndefined();
	});

	test("one cause, one failure: docker/socket reports it, and this check waits for it", () => {
		const ok = (value: unknown) => ({ ok: true, value, ms: 1 }) as const;
		const facts = {
			account: ok(runner),
			os: ok({ name: "Debian", user: "gitea-runner" }),
			container: ok(onHost),
			job: ok(createJob()),
			"docker-socket": ok(refused),
			"docker-endpoint": ok(createEndpoint()),
		};
		const results = judgeAll([dockerSocket, runnerUser], facts, createPolicy(), {
			started: "2026-11-24T06:00:00.000Z",
		});
		expect(results.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
			"fail permission-denied",
			"skip needs:docker/socket",
		]);
		const without = createPolicy({ skip: ["docker/socket"] });
		const [, user] = judgeAll([dockerSocket, runnerUser], facts, without, { started: "2026-11-24T06:00:00.000Z" });
		expect(user).toMatchObject({ status: "fail", reason: "not-in-docker-group" });
	});
});
