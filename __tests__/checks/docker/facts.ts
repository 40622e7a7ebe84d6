import { readFileSync } from "node:fs";
import type { Verdict } from "../../../src/checks/check.ts";
import { dockerApiVersion } from "../../../src/checks/docker/api-version.ts";
import { dockerCli } from "../../../src/checks/docker/cli.ts";
import { dockerDaemon } from "../../../src/checks/docker/daemon.ts";
import { dockerEndpoint } from "../../../src/checks/docker/endpoint.ts";
import { dockerPlugins } from "../../../src/checks/docker/plugins.ts";
import { dockerPresence } from "../../../src/checks/docker/presence.ts";
import { dockerSocket } from "../../../src/checks/docker/socket.ts";
import { collectFacts } from "../../../src/collect.ts";
import { judgeAll, probesOf } from "../../../src/engine.ts";
import type { Host, HttpOutcome } from "../../../src/host/host.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { DockerCliFacts } from "../../../src/probes/docker-cli.ts";
import type { EndpointFacts } from "../../../src/probes/docker-endpoint.ts";
import type { EngineFacts, EngineInfo, EngineVersion } from "../../../src/probes/docker-engine.ts";
import type { SocketFacts } from "../../../src/probes/docker-socket.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { OsFacts } from "../../../src/probes/os.ts";
import type { ToolFacts } from "../../../src/probes/tools.ts";
import type { Result } from "../../../src/report/report.ts";
import { createPolicy, createRequest } from "../../support/builders.ts";
import { exited } from "../../support/fake-host.ts";

const socketPath = "/var/run/docker.sock";

export function createEndpoint(overrides: Partial<EndpointFacts> = {}): EndpointFacts {
	return {
		endpoint: { kind: "unix", path: socketPath },
		address: `unix://${socketPath}`,
		source: "default",
		config: { path: "/root/.docker/config.json", state: "absent" },
		elsewhere: [],
		...overrides,
	};
}

export function createVersion(overrides: Partial<EngineVersion> = {}): EngineVersion {
	return {
		version: "29.1.2",
		apiVersion: "1.52",
		minApiVersion: "1.44",
		components: [{ name: "Engine", version: "29.1.2" }],
		server: "Docker/29.1.2 (linux)",
		...overrides,
	};
}

export function createInfo(overrides: Partial<EngineInfo> = {}): EngineInfo {
	return {
		name: "titan",
		operatingSystem: "Debian GNU/Linux 12 (bookworm)",
		driver: "overlay2",
		dockerRootDir: "/var/lib/docker",
		warnings: [],
		runtimes: ["runc"],
		defaultRuntime: "runc",
		cdiDevices: [],
		securityOptions: ["name=seccomp,profile=builtin"],
		cgroupDriver: "systemd",
		...overrides,
	};
}

export function createEngine(overrides: Partial<EngineFacts> = {}): EngineFacts {
	return {
		endpoint: `unix://${socketPath}`,
		version: { kind: "ok", value: createVersion() },
		info: { kind: "ok", value: createInfo() },
		...overrides,
	};
}

type UnixSocket = Extract<SocketFacts, { kind: "unix" }>;

export function createSocket(overrides: Partial<UnixSocket> = {}): UnixSocket {
	return {
		kind: "unix",
		path: socketPath,
		found: "socket",
		owner: { mode: 0o660, uid: 0, gid: 998 },
		user: { uid: 0, name: "root", groups: [0] },
		connection: "accepted",
		...overrides,
	};
}

export function createContainer(overrides: Partial<ContainerFacts> = {}): ContainerFacts {
	return { mode: "container", witness: "overlay root in /proc/self/mountinfo", names: [], ...overrides };
}

export function createJob(overrides: Partial<JobFacts> = {}): JobFacts {
	return { inJob: true, system: "gitea", runnerVersion: "v4.1.0", capabilities: [], ...overrides };
}

export const debian: OsFacts = {
	name: "Debian GNU/Linux 12 (bookworm)",
	user: "root",
	hostname: "builder",
	arch: "x64",
};

export function createTool(overrides: Partial<ToolFacts> = {}): ToolFacts {
	return {
		name: "docker",
		command: ["docker", "--version"],
		arch: "x64",
		mode: "container",
		path: ["/usr/local/bin", "/usr/bin"],
		found: { path: "/usr/bin/docker" },
		unusable: [],
		elsewhere: [],
		run: { kind: "ran", outcome: exited("Docker version 29.1.2, build 890dcca\n") },
		...overrides,
	};
}

export function createCli(overrides: Partial<DockerCliFacts> = {}): DockerCliFacts {
	return { product: "docker", version: "29.1.2", api: { max: "1.52", min: "1.44" }, plugins: [], ...overrides };
}

/** The finding of a verdict. Anything else fails the test. */
export function findingOf(verdict: Verdict): Extract<Verdict, { kind: "finding" }> {
	if (verdict.kind !== "finding") throw new Error(`not a finding: ${JSON.stringify(verdict)}`);
	return verdict;
}

/** All that a person reads of the fix. */
export function fixOf(verdict: Verdict): string {
	return JSON.stringify(findingOf(verdict).remedy, undefined, 1).split("\\n").join("\n").split('\\"').join('"');
}

const checks = [dockerCli, dockerEndpoint, dockerSocket, dockerDaemon, dockerApiVersion, dockerPlugins, dockerPresence];

/** Runs all of these checks on a host as the action would, and returns the results by id. */
export async function examine(
	host: Host,
	policy: Policy = createPolicy(),
	timeoutMs = 10_000,
): Promise<Readonly<Record<string, Result>>> {
	const facts = await collectFacts(probesOf(checks), host, createRequest({ policy, timeoutMs }));
	// The checks must not need what JSON loses, since a report has to be enough.
	const kept = JSON.parse(JSON.stringify(facts));
	const results = judgeAll(checks, kept, policy, { started: "2026-11-24T06:00:00.000Z" });
	return Object.fromEntries(results.map((result) => [result.id, result]));
}

/** `id:reason` of each finding, with the level in front if it is not `fail`. */
export function findingsOf(results: Readonly<Record<string, Result>>): readonly string[] {
	return Object.values(results)
		.filter(({ status }) => status === "fail" || status === "warn" || status === "error")
		.map(({ id, status, reason }) => (status === "fail" ? `${id}:${reason}` : `${status} ${id}:${reason}`));
}

const fixtures = new URL("../../fixtures/docker/", import.meta.url);

/** One run of a real Docker CLI. */
export interface Recording {
	readonly name: string;
	readonly command: string;
	readonly uid?: number;
	readonly exit: number;
	readonly stdout: string;
	readonly stderr: string;
}

export const recordings: readonly Recording[] = readFileSync(new URL("cli.jsonl", fixtures), "utf8")
	.trim()
	.split("\n")
	.map((line) => JSON.parse(line));

export type EngineName = "20.10.24" | "26.1.5" | "28.5.2" | "29.7.2" | "podman 4.3.1";

interface RecordedAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

const engines: Readonly<Record<EngineName, Readonly<Record<string, RecordedAnswer>>>> = JSON.parse(
	readFileSync(new URL("engines.json", fixtures), "utf8"),
);

/** What a real engine answered to `/version` and `/info`, as a fake host's `api`. */
export function apiOf(engine: EngineName): Readonly<Record<string, HttpOutcome>> {
	return Object.fromEntries(
		Object.entries(engines[engine]).map(([path, answer]) => [
			`GET ${path}`,
			{ kind: "answered", ...answer, truncated: false } satisfies HttpOutcome,
		]),
	);
}
