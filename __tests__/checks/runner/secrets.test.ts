import { describe, expect, test } from "vitest";
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
) => judge(runnerSecrets, { registration: { tokenVariables: [], files: [], ...seen }, job, container });
const token = { tokenVariables: ["GITEA_RUNNER_REGISTRATION_TOKEN"] };

describe("registration-token-visible", () => {
	test("in a host job: out of the runner's unit", () => {
		expect(judgeSecrets(token)).toMatchObject({
			kind: "finding",
			reason: "registration-token-visible",
			message: "`GITEA_RUNNER_REGISTRATION_TOKEN` is set in the environment of this job.",
			remedy: { config: { language: "ini", text: "[Service]\nUnsetEnvironment=GITEA_RUNNER_REGISTRATION_TOKEN" } },
		});
	});

	test("in a job container: out of the runner's configuration", () => {
		const verdict = judgeSecrets(token, createJob(), createContainer());
		expect(verdict).toMatchObject({
			reason: "registration-token-visible",
			remedy: { kind: "runner", text: expect.stringContaining("runner.envs") },
		});
	});

	test("in the runner's health check, whose environment host jobs get", () => {
		expect(judgeSecrets(token, createJob({ inJob: false }))).toMatchObject({ reason: "registration-token-visible" });
	});

	test("in a terminal it is the administrator's own", () => {
		expect(judgeSecrets(token, createJob({ inJob: false, system: "none" })).kind).toBe("pass");
	});
});

describe("world-readable-registration", () => {
	test("the registration", () => {
		expect(judgeSecrets({ files: [runnerFile(open)] })).toMatchObject({
			kind: "finding",
			reason: "world-readable-registration",
			message: "Every user of this machine can read `/var/lib/gitea-runner/.runner`.",
			evidence: [{ source: "/var/lib/gitea-runner/.runner", text: "mode 0644, uid 990, everybody can read it" }],
			remedy: { commands: ["sudo chmod 600 /var/lib/gitea-runner/.runner"] },
		});
	});

	test("the file with the registration token", () => {
		const files = [runnerFile({ path: "/run/my token", role: "token", ...open })];
		expect(judgeSecrets({ files })).toMatchObject({ remedy: { commands: ["sudo chmod 600 '/run/my token'"] } });
	});

	test("a configuration, as it comes from `config generate`, is no finding by itself", () => {
		const files = [runnerFile(), runnerFile({ path: "/etc/gitea-runner/config.yaml", role: "config", ...open })];
		expect(judgeSecrets({ files }).kind).toBe("pass");
	});

	test("but is named where the registration is open too", () => {
		const files = [runnerFile(open), runnerFile({ path: "/etc/gitea-runner/config.yaml", role: "config", ...open })];
		expect(JSON.stringify(judgeSecrets({ files }))).toContain("external_secret");
	});

	test("closed, or in a closed directory", () => {
		expect(judgeSecrets({ files: [runnerFile()] })).toMatchObject({
			kind: "pass",
			message: "no token in the environment; others cannot read `/var/lib/gitea-runner/.runner`",
		});
		expect(judgeSecrets({ files: [runnerFile({ mode: 0o644 })] }).kind).toBe("pass");
	});
});

test("nothing anywhere", () => {
	expect(judgeSecrets({}, createJob(), createContainer())).toMatchObject({ kind: "pass" });
});
