import { expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { runnerSecrets } from "../../../src/checks/runner/secrets.ts";
import type { RunnerFile } from "../../../src/probes/registration.ts";
import { judge } from "../../support/builders.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const runnerFile = (overrides: Partial<RunnerFile> = {}): RunnerFile => ({
	path: "/var/lib/gitea-runner/.runner",
	role: "registration",
	mode: 0o600,
	uid: 990,
	readableByAll: false,
	...overrides,
});
const open = { mode: 0o644, readableByAll: true };
const judgeSecrets = (
	seen: { tokenVariables?: string[]; files?: RunnerFile[] },
	job = createJob(),
	container = onHost,
	uid = 990,
) =>
	judge(runnerSecrets, {
		registration: { tokenVariables: [], files: [], ...seen },
		job,
		container,
		account: { uid, groups: [] },
	});

test("in a terminal, the token belongs to the administrator", () => {
	const token = { tokenVariables: ["GITEA_RUNNER_REGISTRATION_TOKEN"] };
	expect(judgeSecrets(token, createJob({ inJob: false, system: "none" }))).toMatchObject({
		kind: "pass",
		message: "`GITEA_RUNNER_REGISTRATION_TOKEN` of this terminal, not of a job",
		evidence: [{ source: "environment", text: "GITEA_RUNNER_REGISTRATION_TOKEN (value not read)" }],
	});
});

test("several variables", () => {
	const names = ["FORGEJO_RUNNER_REGISTRATION_TOKEN", "GITEA_RUNNER_REGISTRATION_TOKEN"];
	const verdict = judgeSecrets({ tokenVariables: names }) as Finding<string>;
	expect(verdict.title).toBe("Jobs can read 2 runner registration tokens");
	expect(verdict.remedy.config?.text).toBe(
		"[Service]\nUnsetEnvironment=FORGEJO_RUNNER_REGISTRATION_TOKEN\nUnsetEnvironment=GITEA_RUNNER_REGISTRATION_TOKEN",
	);
});

test("a world-readable configuration is not a finding by itself", () => {
	const files = [runnerFile(), runnerFile({ path: "/etc/gitea-runner/config.yaml", role: "config", ...open })];
	expect(judgeSecrets({ files }).kind).toBe("pass");
});

test("a world-readable file in a closed directory", () => {
	expect(judgeSecrets({ files: [runnerFile({ mode: 0o644 })] }).kind).toBe("pass");
});

test("in a container, there are no files to look at", () => {
	expect(judgeSecrets({}, createJob(), createContainer()).kind).toBe("pass");
});

test.each([
	{ whose: "the runner's own", owner: 990, uid: 990, chown: false },
	{ whose: "root's, read by a runner without root", owner: 0, uid: 990, chown: true },
	{ whose: "root's, and the runner is root", owner: 0, uid: 0, chown: false },
	{ whose: "another runner's", owner: 991, uid: 990, chown: false },
])("a world-readable file: $whose", ({ owner, uid, chown }) => {
	const files = [runnerFile({ ...open, uid: owner })];
	const { remedy } = judgeSecrets({ files }, createJob(), onHost, uid) as Finding<string>;
	const close = "sudo chmod 600 /var/lib/gitea-runner/.runner";
	const give = "sudo chown 990 /var/lib/gitea-runner/.runner";
	expect(remedy.commands).toEqual(chown ? [give, close] : [close]);
});
