import { describe, expect, test } from "vitest";
import { exited, file } from "../support/fake-host.ts";
import { brief, type ConfigMachine, createConfigHost, lint, load } from "./support/lint.ts";

const passwd = "root:x:0:0:root:/root:/bin/sh\nrunner:x:1001:1001::/home/runner:/bin/sh\n";
const unit = `[Unit]
After=docker.service
[Service]
ExecStart=/usr/local/bin/gitea-runner daemon --config /etc/gitea-runner/config.yaml
WorkingDirectory=/var/lib/gitea-runner
User=runner
Restart=always
RestartSec=5s
`;
const hostLabels = 'runner:\n  labels:\n    - "titan:host"\n';
const dockerLabels = 'runner:\n  labels:\n    - "builder:docker://ghcr.io/team/builder:1"\n';

function machineWith(group: string, more: ConfigMachine = {}): ConfigMachine {
	return { ...more, files: { "/etc/passwd": passwd, "/etc/group": group, ...more.files } };
}

describe("the service's user and Docker", () => {
	const files = { "config.yaml": dockerLabels, "gitea-runner.service": unit };
	test("is fine if this machine has the user in the group", async () => {
		expect(await lint(files, "3.3.0", machineWith("docker:x:999:runner\n"))).toEqual([]);
	});
	test("is fine if it is the user's own group", async () => {
		expect(await lint(files, "3.3.0", machineWith("docker:x:1001:\n"))).toEqual([]);
	});
	test("fails if this machine knows that the user is not in it", async () => {
		expect(await lint(files, "3.3.0", machineWith("docker:x:999:other\n"))).toMatchObject([
			{
				id: "config/service",
				reason: "not-in-docker-group",
				status: "fail",
				location: { file: "gitea-runner.service", line: 6 },
			},
		]);
	});
	test("is asked of the user alone, and not of the remark behind it", async () => {
		const remarked = unit.replace("User=runner", "User=runner # s3cr3t");
		const found = await lint({ ...files, "gitea-runner.service": remarked }, "3.3.0", machineWith("docker:x:999:\n"));
		expect(found.map(({ reason }) => reason)).toEqual(["fatal-value", "not-in-docker-group"]);
		expect(JSON.stringify(found[1]?.remedy)).not.toMatch(/#|\*\*/);
		expect(JSON.stringify(found)).not.toContain("s3cr3t");
	});
	test("is only a warning if this machine does not know the user", async () => {
		expect(await lint(files, "3.3.0", { files: { "/etc/passwd": "root:x:0:0::/root:/bin/sh\n" } })).toMatchObject([
			{ reason: "not-in-docker-group", status: "warn" },
		]);
	});
	test.for(["Group=docker", "SupplementaryGroups=video docker"])("is fine with %s", async (line) => {
		const grouped = unit.replace("Restart", `${line}\nRestart`);
		expect(await lint({ ...files, "gitea-runner.service": grouped })).toEqual([]);
	});
	test("does not matter to a runner that starts no containers", async () => {
		const path = unit.replace("Restart", "Environment=PATH=/usr/bin\nRestart");
		expect(await lint({ "config.yaml": hostLabels, "gitea-runner.service": path })).toEqual([]);
	});
	test("does not matter to a daemon that is not reached by the system's socket", async () => {
		const rootless = `${dockerLabels}container:\n  docker_host: unix:///run/user/1001/docker.sock\n`;
		expect(await lint({ "config.yaml": rootless, "gitea-runner.service": unit })).toEqual([]);
	});
});

describe("the service's PATH and the tools of the machine", () => {
	const files = { "config.yaml": hostLabels, "gitea-runner.service": unit };
	const cargo = { "/home/runner/.cargo/bin": file({ kind: "directory", mode: 0o755 }) };
	test("fails if the user has tools that are not on it", async () => {
		expect(await lint(files, undefined, machineWith("", { files: cargo }))).toMatchObject([
			{ reason: "toolchain-off-path", status: "fail", message: expect.stringContaining("/home/runner/.cargo/bin") },
		]);
	});
	test("is fine if the user has none", async () => {
		expect(await lint(files, undefined, machineWith(""))).toEqual([]);
	});
	test.for([
		"Environment=PATH=/home/runner/.cargo/bin:/usr/bin",
		'Environment="PATH=/home/runner/.cargo/bin:/usr/bin" LANG=C',
		"EnvironmentFile=/etc/gitea-runner/environment",
	])("is fine with %s", async (line) => {
		const withPath = unit.replace("Restart", `${line}\nRestart`);
		const results = await lint(
			{ ...files, "gitea-runner.service": withPath },
			undefined,
			machineWith("", { files: cargo }),
		);
		expect(results).toEqual([]);
	});
	test("is fine if the configuration sets it", async () => {
		const config = `${hostLabels}  envs:\n    PATH: /home/runner/.cargo/bin:/usr/bin\n`;
		expect(await lint({ ...files, "config.yaml": config }, undefined, machineWith("", { files: cargo }))).toEqual([]);
	});
	test("does not matter to jobs in containers", async () => {
		const results = await lint(
			{ ...files, "config.yaml": dockerLabels },
			undefined,
			machineWith("docker:x:9:runner\n", { files: cargo }),
		);
		expect(results).toEqual([]);
	});
});

describe("the registration", () => {
	const directory = { "/var/lib/gitea-runner": [] };
	test("is missing if the unit's working directory on this machine has none", async () => {
		const machine = machineWith("docker:x:9:runner\n", { directories: directory });
		const program = { "/usr/local/bin/gitea-runner": "the program" };
		// A directory alone proves nothing: every machine has `/srv`.
		expect(await lint({ "gitea-runner.service": unit }, undefined, machine)).toEqual([]);
		const here = { ...machine, files: { ...machine.files, ...program } };
		expect(await lint({ "gitea-runner.service": unit }, undefined, here)).toMatchObject([
			{ id: "config/registration", reason: "missing", location: { file: "gitea-runner.service", line: 5 } },
		]);
	});
	test("is missing if `runner.file` names a file that does not exist", async () => {
		const config = "runner:\n  file: /var/lib/gitea-runner/.runner\n";
		expect(brief(await lint(config, undefined, { directories: directory }))).toEqual([
			"config/registration:missing@2:9",
		]);
	});
	test("is missing if it was named", async () => {
		const { loadRunnerConfig } = await import("../../src/lint/read/load.ts");
		const { lintFiles } = await import("../../src/lint/lint.ts");
		const sources = { files: ["config.yaml", ".runner"], directory: "/etc/test" };
		const host = createConfigHost({ "config.yaml": hostLabels });
		const { facts } = await loadRunnerConfig(host, sources, new AbortController().signal);
		expect(brief(lintFiles(facts, {}))).toEqual(["config/registration:missing@undefined:undefined"]);
	});
	test("is not reported as missing on another machine", async () => {
		expect(await lint({ "config.yaml": "runner:\n  file: /var/lib/gitea-runner/.runner\n" })).toEqual([]);
		expect(await lint({ "gitea-runner.service": unit }, undefined, machineWith("docker:x:9:runner\n"))).toEqual([]);
	});
	test("is protected by a directory that is closed to others", async () => {
		const registration = '{"id": 1, "token": "x", "labels": ["titan:host"]}';
		const closed = { "/etc/test": file({ kind: "directory", mode: 0o750 }) };
		expect(await lint({ ".runner": registration }, undefined, { registrationMode: 0o644, files: closed })).toEqual([]);
	});
});

describe("drop-ins", () => {
	test("change the unit that they belong to", async () => {
		const files = {
			"gitea-runner.service": unit
				.replace(" --config /etc/gitea-runner/config.yaml", "")
				.replace("Restart=always\nRestartSec=5s\n", ""),
			"gitea-runner.service.d/10-config.conf":
				"[Service]\nExecStart=\nExecStart=/usr/local/bin/gitea-runner daemon -c /etc/gitea-runner/config.yaml\nRestart=on-failure\nRestartSec=5s\nGroup=docker\n",
		};
		expect(await lint(files)).toEqual([]);
	});
});

describe("a unit", () => {
	test("of a user's own manager cannot wait for a unit of the system, and has the user's groups", async () => {
		const ofUser = unit.replace("After=docker.service\n", "");
		expect(await lint({ "/root/.config/systemd/user/gitea-runner.service": ofUser })).toEqual([]);
	});
	test("loses a list that a drop-in clears", async () => {
		const files = {
			"gitea-runner.service": unit.replace("Restart", "Group=docker\nRestart"),
			"gitea-runner.service.d/x.conf": "[Unit]\nAfter=\n",
		};
		expect(brief(await lint(files))).toEqual(["config/service:not-after-docker@2:1"]);
	});
	test("that runs something else is not judged", async () => {
		expect(await lint({ "x.service": "[Service]\nExecStart=/usr/sbin/nginx\n" })).toEqual([]);
		expect(await lint({ "x.service": "[Service]\nExecStart=/usr/bin/docker run gitea/act_runner daemon\n" })).toEqual(
			[],
		);
	});
});

describe("the runner's version", () => {
	const files = { "config.yaml": dockerLabels };
	const signal = new AbortController().signal;
	const versionOn = async (machine: ConfigMachine): Promise<unknown> =>
		(await load(files, undefined, machine)).runnerVersion;
	test("is asked of the job's environment first", async () => {
		const machine = {
			env: { GITEA_ACTIONS_RUNNER_VERSION: "v3.2.0" },
			programs: { "gitea-runner --version": exited("gitea-runner version v1.0.0") },
		};
		expect(await versionOn(machine)).toEqual({ text: "v3.2.0", source: "GITEA_ACTIONS_RUNNER_VERSION" });
	});
	test("is asked of the program on the PATH, of either name", async () => {
		const machine = { programs: { "act_runner --version": exited("act_runner version v0.2.11\n") } };
		expect(await versionOn(machine)).toEqual({ text: "v0.2.11", source: "act_runner --version" });
	});
	test("is unknown if nothing tells it, or only Forgejo's runner does", async () => {
		expect(await versionOn({})).toBeUndefined();
		expect(
			await versionOn({ env: { GITEA_ACTIONS_RUNNER_VERSION: "v12.1.0", FORGEJO_ACTIONS: "true" } }),
		).toBeUndefined();
	});
	test("is never asked of a program that a linted file names", async () => {
		const asked: string[] = [];
		const host = createConfigHost({ ...files, "gitea-runner.service": unit.replace("/usr/local/bin", "/tmp/evil") });
		const { loadRunnerConfig } = await import("../../src/lint/read/load.ts");
		const run = async (command: readonly string[]) => {
			asked.push(command[0] ?? "");
			return exited("");
		};
		const spied = { ...host, run };
		await loadRunnerConfig(spied, { files: ["config.yaml", "gitea-runner.service"], directory: "/etc/test" }, signal);
		expect(asked).toEqual(["gitea-runner", "act_runner"]);
	});
});
