import { timedOut } from "../../src/checks/no-answer-words.ts";
import type { Report, Result } from "../../src/report/report.ts";
import { createReport, createResult, createTools } from "./builders.ts";

const tools = { rustc: "1.92.0", cargo: "1.92.0", docker: "29.1.2", node: "22.11.0", git: "2.39.5" };

const notInProfile: Partial<Result> = {
	status: "skip",
	reason: "not-in-profile",
	message: "The profile `matric-builder` does not ask for this.",
};

/** Every check of a builder that is as it should be. */
const healthyResults: readonly Result[] = [
	createResult("runner/mode", { message: "In a container, as the profile asks (`/.dockerenv`)" }),
	createResult("runner/version", { message: "Gitea runner v4.1.0" }),
	createResult("runner/summary", { message: "The forge shows the job summary" }),
	createResult("runner/privileged", { message: "Not privileged: 14 of 41 capabilities" }),
	createResult("tool/rustc", { message: "rustc 1.92.0 at `/usr/local/cargo/bin/rustc`" }),
	createResult("tool/cargo", { message: "cargo 1.92.0 at `/usr/local/cargo/bin/cargo`" }),
	createResult("tool/docker", { message: "docker 29.1.2 at `/usr/bin/docker`" }),
	createResult("tool/node", { message: "node 22.11.0 at `/usr/local/bin/node`" }),
	createResult("tool/git", { message: "git 2.39.5 at `/usr/bin/git`" }),
	createResult("rust/consistency", { message: "rustc and cargo are of the same release, 1.92.0" }),
	createResult("node/runtime", { message: "Node 22.11.0 runs this action" }),
	createResult("docker/cli", { message: "Docker CLI 29.1.2" }),
	createResult("docker/endpoint", { message: "`unix:///var/run/docker.sock`" }),
	createResult("docker/socket", { message: "`/var/run/docker.sock` answers" }),
	createResult("docker/daemon", { message: "Docker Engine 29.1.2" }),
	createResult("docker/api-version", { message: "CLI and daemon speak API 1.52" }),
	createResult("docker/plugins", { message: "buildx 0.30.1" }),
	createResult("docker/presence", notInProfile),
	createResult("gpu/driver", notInProfile),
	createResult("gpu/presence", { message: "No GPU is visible, as the profile asks" }),
	createResult("disk/free", { message: "412 GiB free for the workspace, 40 GiB wanted" }),
	createResult("disk/inodes", { message: "28,411,904 inodes free for the workspace, 1,000,000 wanted" }),
	createResult("fs/writable", { message: "Workspace, temporary and home directory can be written" }),
];

/** The healthy results with some of them replaced. */
function with_(...changed: readonly Result[]): readonly Result[] {
	return healthyResults.map((result) => changed.find(({ id }) => id === result.id) ?? result);
}

function waitsFor(root: string, ...ids: readonly string[]): readonly Result[] {
	return ids.map((id) =>
		createResult(id, {
			status: "skip",
			reason: `needs:${root}`,
			message: `Cannot be judged until \`${root}\` passes.`,
		}),
	);
}

export const healthy: Report = createReport({ results: healthyResults, ...createTools(tools) });

const oldCli: Result = createResult("docker/api-version", {
	status: "fail",
	reason: "client-too-old",
	title: "The Docker CLI is too old for the daemon",
	message: "Docker CLI 20.10.24 in this image speaks API 1.41. The daemon on the host (29.1.2) accepts 1.44 and newer.",
	why: "Every `docker` command of a job on this runner fails: builds, pushes and services alike.",
	expected: "client API >= 1.44",
	observed: "1.41",
	evidence: [
		{ source: "`docker version`, /usr/bin/docker 20.10.24", text: "client API 1.41" },
		{ source: "`GET /version` on unix:///var/run/docker.sock", text: "MinAPIVersion 1.44, ApiVersion 1.52" },
	],
	remedy: {
		kind: "image",
		text: "Install a current CLI (25.0 or newer) from Docker's own packages instead of the distribution's `docker.io`.",
		commands: ["apt-get update && apt-get install -y docker-ce-cli docker-buildx-plugin"],
		otherwise: {
			kind: "host",
			text: "Let the daemon accept old clients until the image is rebuilt, then restart it with `systemctl restart docker`.",
			config: { file: "/etc/docker/daemon.json", language: "json", text: '{ "min-api-version": "1.41" }' },
		},
	},
});

const noBuildx: Result = createResult("docker/plugins", {
	status: "warn",
	reason: "buildx-missing",
	title: "The plugin buildx is missing",
	message: "`docker buildx` is not available: no `docker-buildx` plugin is installed.",
	why: "Steps that build with BuildKit features (`--cache-to`, `--platform`) fail; plain `docker build` falls back to the old builder.",
	expected: "the plugin buildx",
	observed: "no plugins",
	evidence: [{ source: "/usr/libexec/docker/cli-plugins", text: "absent" }],
	remedy: {
		kind: "image",
		text: "Install the plugin.",
		commands: ["apt-get update && apt-get install -y docker-buildx-plugin"],
	},
});

export const brokenApiVersion: Report = createReport({
	duration_ms: 112,
	results: with_(oldCli, noBuildx),
	...createTools({ ...tools, docker: "20.10.24" }),
});

/** No socket: one cause, one failure, and all that waits for it. */
export const brokenSocket: Report = createReport({
	duration_ms: 71,
	runner: { ...createReport().runner, version: "v2.0.1" },
	results: with_(
		createResult("docker/socket", {
			status: "fail",
			reason: "missing",
			title: "The Docker socket is missing",
			message: "`/var/run/docker.sock` does not exist in this container: the runner has not mounted it.",
			why: "No step of a job can build, run or push an image.",
			expected: "a socket at /var/run/docker.sock",
			observed: "no such file",
			evidence: [{ source: "lstat /var/run/docker.sock", text: "ENOENT" }],
			remedy: {
				kind: "runner",
				text: "Let the runner mount its own socket into every job container, and allow it. Restart the runner afterwards.",
				config: {
					file: "config.yaml",
					language: "yaml",
					text: 'container:\n  docker_host: ""\n  valid_volumes:\n    - /var/run/docker.sock',
				},
				commands: ["systemctl restart gitea-runner"],
			},
		}),
		...waitsFor("docker/socket", "docker/daemon", "docker/api-version"),
	),
	...createTools(tools),
});

/** Many things at once, one of them accepted, one whose acceptance ran out, one that could not be found out. */
export const brokenInManyWays: Report = createReport({
	duration_ms: 10_412,
	runner: {
		name: "gpu-runner",
		system: "gitea",
		version: "v3.2.0",
		mode: "host",
		os: "Ubuntu 24.04",
		arch: "x64",
		user: "runner",
	},
	profile: { name: "gpu", decided_by: "environment" },
	results: [
		createResult("runner/mode", { message: "On the host, as the profile asks" }),
		createResult("runner/version", {
			status: "skip",
			reason: "known-bad",
			title: "This version of the runner has a known fault",
			message: "Gitea runner v3.2.0 drops `--gpus` from `container.options` unless the container is privileged.",
			accepted: { reason: "the update waits for the maintenance window", until: "2026-12-31" },
		}),
		createResult("tool/rustc", { message: "rustc 1.92.0 at `/home/runner/.cargo/bin/rustc`" }),
		createResult("tool/cargo", {
			status: "fail",
			reason: "off-path",
			title: "The tool is installed, but not on PATH",
			message: "`cargo` is in `/home/runner/.cargo/bin`, which is not on this job's PATH.",
			why: "Every step that calls `cargo` ends with `command not found`: a service reads no `~/.cargo/env`.",
			expected: "cargo on PATH",
			observed: "/home/runner/.cargo/bin/cargo",
			evidence: [
				{ source: "PATH", text: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
				{ source: "/home/runner/.cargo/bin/cargo", text: "an executable file" },
			],
			remedy: {
				kind: "host",
				text: "Give the runner's service the directory, then restart it.",
				commands: ["systemctl edit gitea-runner", "systemctl restart gitea-runner"],
				config: {
					file: "/etc/systemd/system/gitea-runner.service.d/override.conf",
					language: "ini",
					text: "[Service]\nEnvironment=PATH=/home/runner/.cargo/bin:/usr/local/bin:/usr/bin:/bin",
				},
				otherwise: {
					kind: "workflow",
					text: "Add it in the job, before the first step that needs it.",
					config: {
						file: ".gitea/workflows/ci.yml",
						language: "yaml",
						text: '- run: echo "/home/runner/.cargo/bin" >> "$GITHUB_PATH"',
					},
				},
			},
		}),
		// As releases wrote it whose undecided checks had neither a title of their own nor a fix.
		createResult("docker/daemon", {
			status: "error",
			reason: "timeout",
			title: "The Docker daemon answers and is Docker",
			message: "Could not decide: the probe `docker-engine` did not end in time: no answer within 10 s",
		}),
		...waitsFor("docker/daemon", "docker/api-version", "docker/plugins"),
		createResult("gpu/driver", {
			status: "fail",
			reason: "library-mismatch",
			title: "The NVIDIA driver's module and libraries are of different versions",
			message: "The kernel runs module 570.86.10, the libraries are 580.126.09: an upgrade without a reboot.",
			why: "Nothing can use a GPU on this host until both are the same.",
			expected: "one version",
			observed: "module 570.86.10, libraries 580.126.09",
			evidence: [
				{ source: "`nvidia-smi`, exit code 18", text: "Failed to initialize NVML: Driver/library version mismatch" },
				{ source: "/proc/driver/nvidia/version", text: "NVRM version: NVIDIA UNIX x86_64 Kernel Module 570.86.10" },
			],
			remedy: {
				kind: "host",
				text: "Reboot the host; the new module is loaded then.",
				commands: ["systemctl reboot"],
				otherwise: {
					kind: "host",
					text: "Reload the module, once nothing uses a GPU any more.",
					commands: ["rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia", "modprobe nvidia"],
				},
			},
		}),
		createResult("disk/free", {
			status: "fail",
			reason: "low",
			title: "Free disk space is below the floor",
			message: "The workspace `/srv/runner/work` has 12 GiB free, the profile asks for 40 GiB.",
			why: "Builds die half-way with `No space left on device`.",
			expected: "40 GiB free for the workspace",
			observed: "12 GiB",
			evidence: [{ source: "statfs /srv/runner/work", text: "12 GiB of 1.8 TiB free for users" }],
			acceptance_expired: "2026-10-31",
			remedy: {
				kind: "host",
				text: "Remove what Docker no longer needs, then look for what else has grown.",
				commands: ["docker system df", "docker builder prune --keep-storage 50GB"],
			},
		}),
		createResult("disk/inodes", { message: "91,422,318 inodes free for the workspace, 1,000,000 wanted" }),
		createResult("config/label", {
			status: "warn",
			reason: "floating-tag",
			title: "A label names an image without a fixed version",
			message: "The label `matric-builder` takes `ghcr.io/fortemi/fortemi/builder:latest`.",
			why: "Two jobs of one commit can run in different images.",
			expected: "a version or a digest",
			observed: "latest",
			location: { file: "/etc/gitea-runner/config.yaml", line: 12, column: 7 },
			remedy: { kind: "runner", text: "Name a version." },
		}),
	],
	...createTools({ rustc: "1.92.0", cargo: undefined, node: "22.11.0" }),
});

const { kind: _, ...late } = timedOut(
	{ id: "docker/daemon", title: "The Docker daemon answers and is Docker" },
	"docker-engine",
	{ ms: 10_000, message: "no answer within 10 s" },
);

/** Nothing known to be wrong, and yet no success. */
export const undecided: Report = createReport({
	duration_ms: 10_020,
	results: with_(
		createResult("docker/daemon", { ...late, status: "error", reason: "timeout" }),
		...waitsFor("docker/daemon", "docker/api-version", "docker/plugins"),
	),
	...createTools(tools),
});

export const degraded: Report = createReport({
	results: with_(noBuildx),
	...createTools(tools),
	expectations: {
		...createTools(tools).expectations,
		tools: {
			...createTools(tools).expectations.tools,
			rustc: {
				version: { text: ">=1.92", anyOf: [[{ operator: ">=", numbers: [1, 92, 0], prerelease: [] }]] },
				command: ["rustc", "--version"],
				optional: false,
			},
		},
		sources: { "tools.rustc": "`rust-toolchain.toml:2`" },
	},
});
