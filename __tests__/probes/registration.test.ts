import { describe, expect, test } from "vitest";
import { registrationProbe } from "../../src/probes/registration.ts";
import { collect } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const hostFiles = {
	"/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw",
	"/proc/self/cgroup": "0::/system.slice/gitea-runner.service",
};
const open = file({ kind: "directory", mode: 0o755 });
const closed = file({ kind: "directory", mode: 0o700 });

/** A host job: the parent of this process is the runner, started in /var/lib/gitea-runner. */
const look = (machine: FakeMachine = {}) =>
	collect(
		registrationProbe,
		createHost({
			env: { GITEA_ACTIONS: "true", HOME: "/home/gitea-runner", ...machine.env },
			...machine,
			links: { "/proc/4241/cwd": "/var/lib/gitea-runner", ...machine.links },
			files: {
				...hostFiles,
				"/var": open,
				"/var/lib": open,
				"/var/lib/gitea-runner": open,
				"/var/lib/gitea-runner/.runner": file({ mode: 0o600, uid: 990 }),
				...machine.files,
			},
		}),
	);

describe("variables", () => {
	test("names of those that hold a registration token, and no value", async () => {
		const facts = await look({
			env: {
				GITEA_RUNNER_REGISTRATION_TOKEN: "canary",
				FORGEJO_RUNNER_REGISTRATION_TOKEN: "canary",
				ACTIONS_RUNNER_INPUT_TOKEN: "canary",
				RUNNER_REGISTRATION_TOKEN: "canary",
				GITHUB_TOKEN: "canary",
				ACTIONS_RUNTIME_TOKEN: "canary",
				GITEA_RUNNER_REGISTRATION_TOKEN_FILE: "/run/secrets/token",
			},
		});
		expect(facts.tokenVariables).toEqual([
			"GITEA_RUNNER_REGISTRATION_TOKEN",
			"FORGEJO_RUNNER_REGISTRATION_TOKEN",
			"ACTIONS_RUNNER_INPUT_TOKEN",
			"RUNNER_REGISTRATION_TOKEN",
		]);
		expect(JSON.stringify(facts)).not.toContain("canary");
	});

	test("an empty one is none", async () => {
		expect((await look({ env: { GITEA_RUNNER_REGISTRATION_TOKEN: "" } })).tokenVariables).toEqual([]);
	});

	test("in a container as well, where no file is looked for", async () => {
		const facts = await look({ env: { JOB_CONTAINER_NAME: "x", GITEA_RUNNER_REGISTRATION_TOKEN: "canary" } });
		expect(facts).toEqual({ tokenVariables: ["GITEA_RUNNER_REGISTRATION_TOKEN"], files: [] });
	});
});

describe("files", () => {
	const registration = "/var/lib/gitea-runner/.runner";

	test("closed by its mode", async () => {
		expect((await look()).files).toEqual([
			{ path: registration, role: "registration", mode: 0o600, uid: 990, readableByAll: false },
		]);
	});

	test("open, as the runner itself makes it with the usual umask", async () => {
		const { files } = await look({ files: { [registration]: file({ mode: 0o644, uid: 990 }) } });
		expect(files).toMatchObject([{ path: registration, readableByAll: true }]);
	});

	test("open, but in a directory that is closed to others", async () => {
		const { files } = await look({
			files: { [registration]: file({ mode: 0o644 }), "/var/lib/gitea-runner": closed },
		});
		expect(files).toMatchObject([{ path: registration, mode: 0o644, readableByAll: false }]);
	});

	test("what a link leads to counts", async () => {
		const { files } = await look({
			links: { "/home/gitea-runner/.runner": registration },
			files: { [registration]: file({ mode: 0o644 }) },
		});
		expect(files.map(({ path, readableByAll }) => [path, readableByAll])).toEqual([
			[registration, true],
			["/home/gitea-runner/.runner", true],
		]);
	});

	test("the configuration that the runner was started with", async () => {
		const { files } = await look({
			files: {
				"/proc/4241/cmdline": "/usr/local/bin/gitea-runner\0daemon\0--config\0/etc/gitea-runner/config.yaml\0",
				"/etc": open,
				"/etc/gitea-runner": open,
				"/etc/gitea-runner/config.yaml": file({ mode: 0o644 }),
			},
		});
		expect(files).toContainEqual({
			path: "/etc/gitea-runner/config.yaml",
			role: "config",
			mode: 0o644,
			uid: 0,
			readableByAll: true,
		});
	});

	test.each(["runner.yaml\0", "--config=runner.yaml\0"])(
		"a relative one lies where the runner was started: %s",
		async (last) => {
			const option = last.startsWith("--config") ? last : `-c\0${last}`;
			const { files } = await look({
				files: {
					"/proc/4241/cmdline": `act_runner\0daemon\0${option}`,
					"/var/lib/gitea-runner/runner.yaml": file({ mode: 0o640 }),
				},
			});
			expect(files.map(({ path }) => path)).toContain("/var/lib/gitea-runner/runner.yaml");
		},
	);

	test("a shell's -c is no configuration", async () => {
		const { files } = await look({
			files: { "/proc/4241/cmdline": "bash\0-c\0/etc/passwd\0", "/etc/passwd": file({ mode: 0o644 }) },
		});
		expect(files.map(({ role }) => role)).toEqual(["registration"]);
	});

	test("the file that holds the registration token", async () => {
		const { files } = await look({
			env: { GITEA_RUNNER_REGISTRATION_TOKEN_FILE: "/run/token" },
			files: { "/run": open, "/run/token": file({ mode: 0o644 }) },
		});
		expect(files).toContainEqual({ path: "/run/token", role: "token", mode: 0o644, uid: 0, readableByAll: true });
	});

	test("GitHub's .runner holds no secret", async () => {
		const env = { GITHUB_ACTIONS: "true" };
		const host = createHost({
			env,
			links: { "/proc/4241/cwd": "/actions" },
			files: { ...hostFiles, "/actions/.runner": file({ mode: 0o644 }) },
		});
		expect((await collect(registrationProbe, host)).files).toEqual([]);
	});

	test("content is never read", async () => {
		const read: string[] = [];
		const host = createHost({
			links: { "/proc/4241/cwd": "/r" },
			files: { ...hostFiles, "/r/.runner": '{"token":"canary"}', "/r/config.yaml": "secret: canary" },
		});
		const facts = await collect(registrationProbe, {
			...host,
			readText: (path, ...rest) => {
				read.push(path);
				return host.readText(path, ...rest);
			},
		});
		expect(facts.files).toHaveLength(2);
		expect(read.filter((path) => path.startsWith("/r/"))).toEqual([]);
	});
});
