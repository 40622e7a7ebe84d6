import { describe, expect, test } from "vitest";
import { dockerSocket } from "../../../src/checks/docker/socket.ts";
import { runnerUser } from "../../../src/checks/runner/user.ts";
import { judgeAll } from "../../../src/engine.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createEndpoint, createSocket } from "../docker/facts.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

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

describe("who host jobs are", () => {
	test("a user of the runner's own", () => {
		expect(judgeUser()).toMatchObject({ kind: "pass", message: "gitea-runner (uid 990)" });
	});

	test("root", () => {
		const account = { uid: 0, gid: 0, groups: [0] };
		expect(judgeUser({ account })).toMatchObject({ kind: "finding", reason: "root", remedy: { kind: "host" } });
		expect(runnerUser.reasons.root?.level).toBe("warn");
	});

	test.each([
		["a person in a terminal", { job: createJob({ inJob: false, system: "none" }) }],
		["the runner's own container", { container: { ...onHost, insideContainer: "/.dockerenv" } }],
	])("root is no finding: %s", (_, facts) => {
		expect(judgeUser({ account: { uid: 0, gid: 0, groups: [0] }, ...facts }).kind).toBe("pass");
	});

	test("in a container the image chooses", () => {
		expect(judgeUser({ container: createContainer() })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	test("a platform without uids", () => {
		expect(judgeUser({ account: { groups: [] } })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});

describe("not-in-docker-group", () => {
	test("says group, user and the command", () => {
		expect(judgeUser({ socket: refused })).toMatchObject({
			kind: "finding",
			reason: "not-in-docker-group",
			message: "`gitea-runner` is not in the group `docker`, to which `/var/run/docker.sock` belongs.",
			remedy: { commands: ["sudo usermod -aG docker gitea-runner", "sudo systemctl restart gitea-runner"] },
		});
	});

	test("a group without a name gets one first", () => {
		const socket = { ...refused, owner: { mode: 0o660, uid: 0, gid: 4711 } };
		expect(judgeUser({ socket })).toMatchObject({
			remedy: {
				commands: [
					"sudo groupadd --gid 4711 docker-socket",
					"sudo usermod -aG docker-socket gitea-runner",
					expect.any(String),
				],
			},
		});
	});

	test.each([
		["a member all the same", { account: { ...runner, groups: [990, 998] } }],
		["by the group that the unit gives", { account: { ...runner, gid: 998 } }],
		["a socket whose group may not write either", { socket: { ...refused, owner: { mode: 0o600, uid: 0, gid: 998 } } }],
		["nobody asked for Docker", {}, createPolicy({ docker: { require: "optional", plugins: [] } })],
		["reached over tcp", { socket: { kind: "none" } }],
	])("not: %s", (_, facts, policy?: ReturnType<typeof createPolicy>) => {
		expect(judgeUser({ socket: refused, ...facts }, policy).kind).toBe("pass");
	});

	test("one cause, one failure: docker/socket says it, this one waits for it", () => {
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
